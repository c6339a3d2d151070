//===- AtomicFileTest.cpp - Tests of writeFileAtomically -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Support/AtomicFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace mlir::cgmq;

namespace {
class AtomicFile : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("cgmq", directory));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(directory); }

  std::string pathOf(StringRef name) {
    SmallString<128> path(directory);
    llvm::sys::path::append(path, name);
    return path.str().str();
  }
  int countFiles() {
    std::error_code code;
    int count = 0;
    for (llvm::sys::fs::directory_iterator it(directory, code), end;
         it != end && !code; it.increment(code))
      ++count;
    return count;
  }

  SmallString<128> directory;
  std::string error;
};
} // namespace

// The file holds what was written, an older file is replaced, and nothing else
// stays in the directory.
TEST_F(AtomicFile, Writes) {
  std::string path = pathOf("report.json");
  for (StringRef text : {"first", "second"}) {
    ASSERT_TRUE(succeeded(writeFileAtomically(
        path, [&](raw_ostream &os) { os << text; }, error)));
    EXPECT_EQ((*llvm::MemoryBuffer::getFile(path))->getBuffer(), text);
  }
  EXPECT_EQ(countFiles(), 1);
}

// A directory that is not there is an error that names the path.
TEST_F(AtomicFile, MissingDirectory) {
  std::string path = pathOf("missing/report.json");
  EXPECT_TRUE(failed(writeFileAtomically(
      path, [](raw_ostream &os) { os << "x"; }, error)));
  EXPECT_NE(error.find(path), std::string::npos);
  EXPECT_EQ(countFiles(), 0);
}

// A write that fails is an error, not the end of the program.
TEST_F(AtomicFile, FullDevice) {
  if (!llvm::sys::fs::exists("/dev/full"))
    GTEST_SKIP();
  EXPECT_TRUE(failed(writeFileAtomically(
      "/dev/full", [](raw_ostream &os) { os << "x"; }, error)));
  EXPECT_NE(error.find("/dev/full"), std::string::npos);
}

// A directory is not replaced by a file.
TEST_F(AtomicFile, Directory) {
  std::string path = pathOf("folder");
  ASSERT_FALSE(llvm::sys::fs::create_directory(path));
  EXPECT_TRUE(failed(writeFileAtomically(
      path, [](raw_ostream &os) { os << "x"; }, error)));
  EXPECT_TRUE(llvm::sys::fs::is_directory(path));
  EXPECT_EQ(countFiles(), 1);
}
