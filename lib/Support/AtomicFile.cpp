//===- AtomicFile.cpp - Files that are written whole or not at all ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Support/AtomicFile.h"

#include "llvm/Support/FileSystem.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

/// Runs `write` and flushes; the stream's error, if any, is taken from it, as
/// a stream that dies with an unseen error ends the program.
static std::error_code writeAndFlush(llvm::raw_fd_ostream &os,
                                     function_ref<void(raw_ostream &)> write) {
  write(os);
  os.flush();
  std::error_code result = os.error();
  os.clear_error();
  return result;
}

LogicalResult cgmq::writeFileAtomically(StringRef path,
                                        function_ref<void(raw_ostream &)> write,
                                        std::string &error) {
  auto fail = [&](const Twine &why) {
    error = ("cannot write '" + path + "': " + why).str();
    return failure();
  };
  if (path == "-") {
    if (std::error_code code = writeAndFlush(llvm::outs(), write))
      return fail(code.message());
    return success();
  }

  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(path, status) &&
      !llvm::sys::fs::is_regular_file(status)) {
    std::error_code code;
    llvm::raw_fd_ostream os(path, code);
    if (!code)
      code = writeAndFlush(os, write);
    if (code)
      return fail(code.message());
    return success();
  }

  auto file = llvm::sys::fs::TempFile::create(
      path + ".tmp-%%%%%%", llvm::sys::fs::all_read | llvm::sys::fs::all_write);
  if (!file)
    return fail(llvm::toString(file.takeError()));
  std::error_code code;
  {
    llvm::raw_fd_ostream os(file->FD, /*shouldClose=*/false);
    code = writeAndFlush(os, write);
  }
  if (code) {
    llvm::consumeError(file->discard());
    return fail(code.message());
  }
  if (llvm::Error keepError = file->keep(path))
    return fail(llvm::toString(std::move(keepError)));
  return success();
}
