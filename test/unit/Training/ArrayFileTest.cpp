//===- ArrayFileTest.cpp - Tests of IDX and .npy files -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/ArrayFile.h"

#include "TestFiles.h"

#include "llvm/Support/Process.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::test;

namespace {
class ArrayFile : public TestFiles {
protected:
  FailureOr<Array> read(StringRef path) {
    return readArrayFile(path, [this] { return emitError(); });
  }
  template <typename T>
  void expectArray(StringRef path, ArrayRef<int64_t> shape,
                   std::vector<T> elements) {
    FailureOr<Array> array = read(path);
    ASSERT_TRUE(succeeded(array)) << (errors.empty() ? "" : errors[0]);
    EXPECT_EQ(ArrayRef<int64_t>(array->shape), shape);
    ASSERT_TRUE(std::holds_alternative<std::vector<T>>(array->elements));
    EXPECT_EQ(std::get<std::vector<T>>(array->elements), elements);
  }
  void expectRefusal(StringRef path, StringRef text) {
    EXPECT_TRUE(failed(read(path)));
    expectError(path, text);
  }
};
} // namespace

// IDX of each element type; what is wider than a byte is big endian.
TEST_F(ArrayFile, Idx) {
  expectArray<uint8_t>(write("a", makeIdx(0x08, {2, 2}, "\1\2\3\xff")), {2, 2},
                       {1, 2, 3, 255});
  expectArray<int32_t>(write("b", makeIdx(0x0C, {1}, StringRef("\0\0\1\2", 4))),
                       {1}, {258});
  expectArray<float>(
      write("c", makeIdx(0x0D, {1}, StringRef("\x3f\xc0\0\0", 4))), {1},
      {1.5f});
  expectArray<double>(
      write("d", makeIdx(0x0E, {1}, StringRef("\x3f\xf8\0\0\0\0\0\0", 8))), {1},
      {1.5});
}

// gzip is known by its first bytes, whatever the name; several members are one
// file after the other.
TEST_F(ArrayFile, Gzip) {
  std::string content = makeIdx(0x08, {3}, "abc");
  expectArray<uint8_t>(writeGzip("a.idx", content), {3}, {'a', 'b', 'c'});
  writeGzip("b", StringRef(content).take_front(5));
  expectArray<uint8_t>(writeGzip("b", StringRef(content).drop_front(5), "ab"),
                       {3}, {'a', 'b', 'c'});
}

// .npy of each version and element type; keys in any order and spacing.
TEST_F(ArrayFile, Npy) {
  for (uint8_t version : {1, 2, 3})
    expectArray<uint8_t>(
        write("a", makeNpy(npyHeader("|u1", "(2, 1)"), "xy", version)), {2, 1},
        {'x', 'y'});
  expectArray<int32_t>(
      write("b", makeNpy(npyHeader("<i4", "(2,)"), bytesOf<int32_t>({7, -7}))),
      {2}, {7, -7});
  expectArray<int64_t>(
      write("c", makeNpy(npyHeader("<i8", "(1,)"), bytesOf<int64_t>({-1}))),
      {1}, {-1});
  expectArray<float>(
      write("d", makeNpy(npyHeader("<f4", "(1,)"), bytesOf<float>({0.5f}))),
      {1}, {0.5f});
  expectArray<double>(
      write("e", makeNpy("{\"shape\":(1,1),\"fortran_order\":False,\"descr\":"
                         "\"<f8\"}",
                         bytesOf<double>({0.25}))),
      {1, 1}, {0.25});
}

// What writeNpy writes is read back, and its data starts at a multiple of 64.
TEST_F(ArrayFile, NpyRoundTrip) {
  std::string content;
  llvm::raw_string_ostream os(content);
  writeNpy(os, {3, -1, 258});
  EXPECT_EQ((content.size() - 3 * sizeof(int32_t)) % 64, 0u);
  expectArray<int32_t>(write("a.npy", content), {3}, {3, -1, 258});
}

// Files that are not there, not arrays, or of elements that are not taken.
TEST_F(ArrayFile, Refusals) {
  expectRefusal(pathOf("missing"), "cannot read");
  expectRefusal(write("text", "hello, world"), "expects an IDX or .npy file");
  expectRefusal(write("empty", ""), "expects an IDX or .npy file");
  expectRefusal(write("i16", makeIdx(0x0B, {1}, "ab")),
                "expects IDX element type 0x08 (u8), 0x0C (i32), 0x0D (f32) or "
                "0x0E (f64), but got 0x0B");
  expectRefusal(write("rank", makeIdx(0x08, {1, 1}, "").substr(0, 9)),
                "expects an IDX header of 12 bytes, but the file has 9");
  expectRefusal(write("v9", makeNpy(npyHeader("|u1", "(1,)"), "x", 9)),
                "expects .npy version 1, 2 or 3, but got 9");
  expectRefusal(write("big", makeNpy(npyHeader(">f4", "(1,)"), "abcd")),
                "(little endian), but got >f4");
  expectRefusal(write("object", makeNpy(npyHeader("|O", "(1,)"), "abcd")),
                "but got |O");
  expectRefusal(
      write("record", makeNpy("{'descr': [('a', '<f4')], 'fortran_order': "
                              "False, 'shape': (1,), }",
                              "abcd")),
      "but got [('a', '<f4')");
  expectRefusal(
      write("fortran", makeNpy(npyHeader("|u1", "(1, 1)", "True"), "x")),
      "expects C order");
  expectRefusal(write("keys", makeNpy("{'shape': (1,)}", "x")),
                "it is malformed");
  expectRefusal(write("open", makeNpy("{'descr': '<f4", "x")),
                "it is malformed");
  expectRefusal(write("negative", makeNpy(npyHeader("|u1", "(-1,)"), "x")),
                "it is malformed");
  expectRefusal(write("short", StringRef("\x93NUMPY\1", 7)), "it is malformed");
}

// A byte too few or too many, in plain files and in gzip.
TEST_F(ArrayFile, Sizes) {
  expectRefusal(write("a", makeIdx(0x08, {2, 2}, "abc")),
                "expects 4 bytes of data (shape 2, 2 of u8), but got 3 bytes: "
                "the file is truncated");
  expectRefusal(write("b", makeIdx(0x08, {2, 2}, "abcde")),
                "but got 5 bytes: the file is followed by other bytes");
  expectRefusal(
      write("c", makeNpy(npyHeader("<f4", "(9000000000000000000, 9)"), "x")),
      "expects a shape that fits in memory");

  std::string path = writeGzip("d", makeIdx(0x08, {2}, "ab"));
  int descriptor;
  ASSERT_FALSE(llvm::sys::fs::openFileForReadWrite(
      path, descriptor, llvm::sys::fs::CD_OpenExisting,
      llvm::sys::fs::OF_None));
  ASSERT_FALSE(llvm::sys::fs::resize_file(descriptor, 20));
  llvm::sys::Process::SafelyCloseFileDescriptor(descriptor);
  expectRefusal(path, "the stream is truncated");
  path = writeGzip("e", makeIdx(0x08, {2}, "ab"));
  std::error_code code;
  llvm::raw_fd_ostream(path, code, llvm::sys::fs::OF_Append) << "tail";
  expectRefusal(path, "the stream is corrupt or bytes trail it");
}
