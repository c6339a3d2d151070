//===- DatasetTest.cpp - Tests of Dataset -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Dataset.h"

#include "TestFiles.h"

#include "mlir/IR/Builders.h"

#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::test;

namespace {
class DatasetTest : public TestFiles {
protected:
  FailureOr<Dataset> load(StringRef images, StringRef labels = "") {
    return Dataset::load(images, labels, [this] { return emitError(); });
  }
  LogicalResult verify(const Dataset &data, ArrayRef<int64_t> shape,
                       int64_t numClasses) {
    return data.verifyFor(
        RankedTensorType::get(shape, Builder(&context).getF32Type()),
        numClasses, [this] { return emitError(); });
  }
  std::string twoImages() {
    return write("images",
                 makeIdx(0x08, {2, 1, 2}, StringRef("\x00\xff\x33\x01", 4)));
  }
  std::string labels(StringRef values) {
    return write("labels",
                 makeIdx(0x08, {static_cast<uint8_t>(values.size())}, values));
  }
};
} // namespace

// Bytes are gathered as value / 255.0f, in the order of the indices.
TEST_F(DatasetTest, GathersBytes) {
  FailureOr<Dataset> data = load(twoImages(), labels("\7\3"));
  ASSERT_TRUE(succeeded(data));
  EXPECT_EQ(data->size(), 2);
  EXPECT_EQ(data->getSampleShape(), ArrayRef<int64_t>({1, 2}));
  float images[6];
  int32_t classes[3];
  data->gather({1, 0, 1}, images, classes);
  float expected[6] = {51 / 255.0f, 1 / 255.0f,  0.0f,
                       1.0f,        51 / 255.0f, 1 / 255.0f};
  EXPECT_EQ(ArrayRef<float>(images), ArrayRef<float>(expected));
  EXPECT_EQ(ArrayRef<int32_t>(classes), ArrayRef<int32_t>({3, 7, 3}));
}

// Floats are taken as they are; labels are not needed.
TEST_F(DatasetTest, GathersFloats) {
  FailureOr<Dataset> data = load(write(
      "x.npy", makeNpy(npyHeader("<f8", "(1, 2)"), bytesOf<double>({-2, 3}))));
  ASSERT_TRUE(succeeded(data));
  EXPECT_FALSE(data->hasLabels());
  float images[2];
  data->gather({0}, images, nullptr);
  EXPECT_EQ(ArrayRef<float>(images), ArrayRef<float>({-2.0f, 3.0f}));
}

// Samples and labels that do not belong together, or are no samples or labels.
TEST_F(DatasetTest, Refusals) {
  auto refuse = [&](std::string images, std::string labels, StringRef text) {
    EXPECT_TRUE(failed(load(images, labels)));
    expectError(labels.empty() ? images : labels, text);
  };
  refuse(twoImages(), labels("\7"), "expects 2 labels, one for each sample");
  refuse(twoImages(), write("l", makeIdx(0x08, {2, 1}, "ab")),
         "expects labels of rank 1, but got rank 2");
  refuse(
      twoImages(),
      write("l", makeNpy(npyHeader("<f4", "(3,)"), bytesOf<float>({0, 1, 2}))),
      "expects 2 labels, one for each sample");
  refuse(twoImages(),
         write("l", makeNpy(npyHeader("<i8", "(2,)"),
                            bytesOf<int64_t>({0, int64_t(1) << 40}))),
         "expects labels of 32 bits, but got 1099511627776 at sample 1");
  refuse(twoImages(), pathOf("none"), "cannot read");
  refuse(write("i", makeIdx(0x08, {2}, "ab")), "", "expects samples of rank 1");
  refuse(write("i", makeIdx(0x08, {0, 2}, "")), "", "but got shape [0, 2]");
  refuse(write("i", makeIdx(0x0C, {1, 1}, "abcd")), "",
         "expects samples of u8, f32 or f64, but got i32");
  for (double value : {std::nan(""), HUGE_VAL, 1e300})
    refuse(write("i", makeNpy(npyHeader("<f8", "(2, 2)"),
                              bytesOf<double>({0, 0, 0, value}))),
           "", "in sample 1");
}

// The function's argument takes the samples, with or without a unit channel.
TEST_F(DatasetTest, VerifiesArgument) {
  std::string path = twoImages();
  FailureOr<Dataset> data = load(path, labels("\1\2"));
  ASSERT_TRUE(succeeded(data));
  EXPECT_TRUE(succeeded(verify(*data, {ShapedType::kDynamic, 1, 2}, 3)));
  EXPECT_TRUE(succeeded(verify(*data, {128, 1, 2, 1}, 3)));
  EXPECT_TRUE(failed(verify(*data, {128, 2, 1}, 3)));
  expectError(path, "expects samples of shape [2, 1]");
  EXPECT_TRUE(failed(verify(*data, {128, 1, 2}, 2)));
  expectError(pathOf("labels"), "expects labels in [0, 2)");
}

// The same seed gives the same permutation, another seed another one; these
// values may never change, or published results could not be repeated.
TEST(Shuffle, IsDeterministic) {
  std::vector<int64_t> all(8);
  std::iota(all.begin(), all.end(), 0);
  std::vector<int64_t> once = shuffle(all, 1);
  EXPECT_EQ(once, shuffle(all, 1));
  EXPECT_NE(once, shuffle(all, 2));
  EXPECT_TRUE(std::is_permutation(all.begin(), all.end(), once.begin()));
}

// The two parts of a split are ascending, disjoint and complete.
TEST(Split, Parts) {
  Split split = splitValidation(100, 30, 5);
  EXPECT_EQ(split.validation.size(), 30u);
  EXPECT_TRUE(std::is_sorted(split.training.begin(), split.training.end()));
  std::vector<int64_t> both = split.training;
  both.insert(both.end(), split.validation.begin(), split.validation.end());
  std::sort(both.begin(), both.end());
  for (int64_t index = 0; index < 100; ++index)
    EXPECT_EQ(both[index], index);
  EXPECT_TRUE(splitValidation(4, 9, 1).training.empty());
}
