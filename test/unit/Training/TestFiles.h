//===- TestFiles.h - Data files that tests make -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TEST_UNIT_TRAINING_TESTFILES_H
#define CGMQ_TEST_UNIT_TRAINING_TESTFILES_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace mlir::cgmq::test {

/// A directory for the files of one test, and the errors that came of them.
class TestFiles : public testing::Test {
protected:
  TestFiles()
      : handler(&context, [this](Diagnostic &diagnostic) {
          errors.push_back(diagnostic.str());
        }) {}

  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("cgmq", directory));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(directory); }

  std::string pathOf(StringRef name) {
    SmallString<128> path(directory);
    llvm::sys::path::append(path, name);
    return path.str().str();
  }
  std::string write(StringRef name, StringRef content) {
    std::string path = pathOf(name);
    std::error_code code;
    llvm::raw_fd_ostream(path, code) << content;
    EXPECT_FALSE(code);
    return path;
  }
  std::string writeGzip(StringRef name, StringRef content,
                        const char *mode = "wb") {
    std::string path = pathOf(name);
    gzFile file = gzopen(path.c_str(), mode);
    gzwrite(file, content.data(), content.size());
    gzclose(file);
    return path;
  }

  InFlightDiagnostic emitError() {
    return mlir::emitError(UnknownLoc::get(&context));
  }
  /// Exactly one error was emitted, it holds `text`, and it names `path`.
  void expectError(StringRef path, StringRef text) {
    ASSERT_EQ(errors.size(), 1u) << "expects one error, with: " << text.str();
    EXPECT_NE(errors[0].find(text.str()), std::string::npos) << errors[0];
    EXPECT_NE(errors[0].find(path.str()), std::string::npos) << errors[0];
    errors.clear();
  }

  MLIRContext context;
  std::vector<std::string> errors;
  ScopedDiagnosticHandler handler;
  SmallString<128> directory;
};

/// An IDX file: element type, extents, elements (big endian, as given).
inline std::string makeIdx(uint8_t type, std::vector<uint8_t> extents,
                           StringRef elements) {
  std::string content = {0, 0, static_cast<char>(type),
                         static_cast<char>(extents.size())};
  for (uint8_t extent : extents)
    content += std::string(3, '\0') + static_cast<char>(extent);
  return content + elements.str();
}

/// A .npy file of the given version.
inline std::string makeNpy(StringRef dictionary, StringRef elements,
                           uint8_t version = 1) {
  std::string content = "\x93NUMPY";
  content += static_cast<char>(version);
  content += '\0';
  content += static_cast<char>(dictionary.size() + 1);
  content += std::string(version == 1 ? 1 : 3, '\0');
  return content + dictionary.str() + "\n" + elements.str();
}

inline std::string npyHeader(StringRef descr, StringRef shape,
                             StringRef order = "False") {
  return ("{'descr': '" + descr + "', 'fortran_order': " + order +
          ", 'shape': " + shape + ", }")
      .str();
}

/// The bytes of values in the order of this machine.
template <typename T> std::string bytesOf(std::vector<T> values) {
  return std::string(reinterpret_cast<const char *>(values.data()),
                     values.size() * sizeof(T));
}

} // namespace mlir::cgmq::test

#endif // CGMQ_TEST_UNIT_TRAINING_TESTFILES_H
