//===- ToolMain.h - What the drivers share -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TOOLS_TOOLMAIN_H
#define CGMQ_TOOLS_TOOLMAIN_H

#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/WithColor.h"

namespace mlir::cgmq {

/// Runs a driver with output to a file beside `output` that takes its name when
/// it is whole: whatever happens, `output` is the old file or the new one.
inline LogicalResult
runInto(StringRef output, function_ref<LogicalResult(StringRef output)> run) {
  llvm::sys::fs::file_status status;
  bool isSpecial = // The standard output, a device, a pipe.
      output == "-" || (!llvm::sys::fs::status(output, status) &&
                        !llvm::sys::fs::is_regular_file(status));
  if (isSpecial)
    return run(output);
  SmallString<128> temporary;
  llvm::sys::fs::createUniquePath(output + ".%%%%%%%%", temporary,
                                  /*MakeAbsolute=*/false);
  if (failed(run(temporary)))
    return failure();
  if (std::error_code error = llvm::sys::fs::rename(temporary, output)) {
    llvm::sys::fs::remove(temporary);
    llvm::WithColor::error()
        << "cannot write '" << output << "': " << error.message() << "\n";
    return failure();
  }
  return success();
}

/// Errors about a function would print all of it; the place in the file says
/// as much. `--mlir-print-op-on-diagnostic` brings the operation back.
inline void shortenDiagnostics() {
  registerMLIRContextCLOptions();
  auto &options = llvm::cl::getRegisteredOptions();
  auto option = options.find("mlir-print-op-on-diagnostic");
  if (option != options.end())
    static_cast<llvm::cl::opt<bool> *>(option->second)->setInitialValue(false);
}

} // namespace mlir::cgmq

#endif // CGMQ_TOOLS_TOOLMAIN_H
