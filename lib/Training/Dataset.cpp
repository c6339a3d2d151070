//===- Dataset.cpp - Samples and labels -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Dataset.h"

#include "cgmq/Support/ByteSample.h"
#include "cgmq/Support/Random.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/xxhash.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;
using EmitError = function_ref<InFlightDiagnostic()>;

/// Takes float samples as f32; fails at a value that is none.
template <typename T>
static FailureOr<std::vector<float>>
takeFinite(std::vector<T> values, StringRef path, int64_t sampleSize,
           EmitError emitError) {
  std::vector<float> result(values.begin(), values.end());
  for (auto [position, value] : llvm::enumerate(result))
    if (!std::isfinite(value))
      return emitError() << "'" << path
                         << "' expects finite f32 values, but got "
                         << std::to_string(value) << " in sample "
                         << static_cast<int64_t>(position) / sampleSize;
  return result;
}

static FailureOr<std::vector<int32_t>>
takeLabels(const Array &array, StringRef path, EmitError emitError) {
  if (auto *bytes = std::get_if<std::vector<uint8_t>>(&array.elements))
    return std::vector<int32_t>(bytes->begin(), bytes->end());
  if (auto *ints = std::get_if<std::vector<int32_t>>(&array.elements))
    return *ints;
  auto *longs = std::get_if<std::vector<int64_t>>(&array.elements);
  if (!longs)
    return emitError() << "'" << path
                       << "' expects labels of u8, i32, i64, f32 or f64, but "
                          "got "
                       << array.getElementName();
  std::vector<int32_t> result;
  result.reserve(longs->size());
  for (auto [position, value] : llvm::enumerate(*longs)) {
    if (value < std::numeric_limits<int32_t>::min() ||
        value > std::numeric_limits<int32_t>::max())
      return emitError() << "'" << path << "' expects labels of 32 bits, but "
                         << "got " << value << " at sample " << position;
    result.push_back(static_cast<int32_t>(value));
  }
  return result;
}

FailureOr<Dataset> Dataset::create(Source images, std::optional<Source> labels,
                                   EmitError emitError) {
  Array &array = images.array;
  if (array.shape.size() < 2 || array.getNumElements() == 0)
    return emitError() << "'" << images.name
                       << "' expects samples of rank 1 or more along a leading "
                          "dimension, none empty, but got shape ["
                       << ArrayRef<int64_t>(array.shape) << "]";
  Dataset result;
  result.imagesName = images.name;
  result.numSamples = array.shape.front();
  result.sampleShape.assign(array.shape.begin() + 1, array.shape.end());

  auto takeFloats = [&](auto &values) -> LogicalResult {
    FailureOr<std::vector<float>> floats = takeFinite(
        std::move(values), images.name, result.getSampleSize(), emitError);
    if (failed(floats))
      return failure();
    result.samples = std::make_shared<Samples>(std::move(*floats));
    return success();
  };
  if (auto *bytes = std::get_if<std::vector<uint8_t>>(&array.elements)) {
    result.samples = std::make_shared<Samples>(std::move(*bytes));
  } else if (auto *f32 = std::get_if<std::vector<float>>(&array.elements)) {
    if (failed(takeFloats(*f32)))
      return failure();
  } else if (auto *f64 = std::get_if<std::vector<double>>(&array.elements)) {
    if (failed(takeFloats(*f64)))
      return failure();
  } else {
    return emitError() << "'" << images.name
                       << "' expects samples of u8, f32 or f64, but got "
                       << array.getElementName();
  }

  if (!labels)
    return result;
  result.labelsName = labels->name;
  ArrayRef<int64_t> shape = labels->array.shape;
  if (shape.empty() || shape.front() != result.numSamples)
    return emitError() << "'" << labels->name << "' expects "
                       << result.numSamples << " labels, one for each sample "
                       << "of '" << images.name << "', but got "
                       << (shape.empty() ? 0 : shape.front());
  auto takeTargets = [&](auto &values) -> FailureOr<Dataset> {
    shape = shape.drop_front();
    FailureOr<std::vector<float>> floats =
        takeFinite(std::move(values), labels->name,
                   ShapedType::getNumElements(shape), emitError);
    if (failed(floats))
      return failure();
    result.setTargets(std::move(*floats), shape);
    return std::move(result);
  };
  auto &elements = labels->array.elements;
  if (auto *f32 = std::get_if<std::vector<float>>(&elements))
    return takeTargets(*f32);
  if (auto *f64 = std::get_if<std::vector<double>>(&elements))
    return takeTargets(*f64);
  if (shape.size() != 1)
    return emitError() << "'" << labels->name
                       << "' expects labels of rank 1, but got rank "
                       << shape.size();
  FailureOr<std::vector<int32_t>> values =
      takeLabels(labels->array, labels->name, emitError);
  if (failed(values))
    return failure();
  result.labels = std::move(*values);
  return result;
}

FailureOr<Dataset> Dataset::load(StringRef imagesPath, StringRef labelsPath,
                                 EmitError emitError) {
  FailureOr<Array> images = readArrayFile(imagesPath, emitError);
  if (failed(images))
    return failure();
  std::optional<Source> labels;
  if (!labelsPath.empty()) {
    FailureOr<Array> array = readArrayFile(labelsPath, emitError);
    if (failed(array))
      return failure();
    labels = {labelsPath.str(), std::move(*array)};
  }
  return create({imagesPath.str(), std::move(*images)}, std::move(labels),
                emitError);
}

int64_t Dataset::getSampleSize() const {
  return std::accumulate(sampleShape.begin(), sampleShape.end(), int64_t(1),
                         std::multiplies<int64_t>());
}

uint64_t Dataset::getHash() const {
  auto hash = [](const auto &values) -> uint64_t {
    using T = typename std::decay_t<decltype(values)>::value_type;
    return llvm::xxh3_64bits(
        ArrayRef(reinterpret_cast<const uint8_t *>(values.data()),
                 values.size() * sizeof(T)));
  };
  uint64_t parts[] = {static_cast<uint64_t>(numSamples),
                      std::visit(hash, *samples), hash(labels), hash(targets)};
  return hash(SmallVector<uint64_t>(ArrayRef(parts)));
}

LogicalResult Dataset::verifySamples(RankedTensorType argument,
                                     EmitError emitError) const {
  if (!argument.getElementType().isF32() || argument.getRank() < 2)
    return emitError() << "expects an argument that takes a batch of f32 "
                          "samples, but got "
                       << argument;
  ArrayRef<int64_t> expected = argument.getShape().drop_front();
  ArrayRef<int64_t> shape = sampleShape;
  bool addsChannel = expected.size() == shape.size() + 1 &&
                     expected.back() == 1 && expected.drop_back() == shape;
  if (expected != shape && !addsChannel)
    return emitError() << "expects samples of shape [" << expected
                       << "] for argument " << argument << ", but '"
                       << imagesName << "' has samples of shape [" << shape
                       << "]";
  return success();
}

LogicalResult Dataset::verifyFor(RankedTensorType argument, int64_t numClasses,
                                 EmitError emitError) const {
  if (failed(verifySamples(argument, emitError)))
    return failure();
  for (auto [position, label] : llvm::enumerate(labels))
    if (label < 0 || label >= numClasses)
      return emitError() << "expects labels in [0, " << numClasses << "), but '"
                         << labelsName << "' has " << label << " at sample "
                         << position;
  return success();
}

void Dataset::gather(ArrayRef<int64_t> indices, float *images,
                     int32_t *labels) const {
  static const std::array<float, 256> scaled = [] {
    std::array<float, 256> table;
    for (int value = 0; value < 256; ++value)
      table[value] = scaleByte(static_cast<uint8_t>(value));
    return table;
  }();
  int64_t sampleSize = getSampleSize();
  for (int64_t index : indices) {
    if (auto *bytes = std::get_if<std::vector<uint8_t>>(samples.get())) {
      const uint8_t *first = bytes->data() + index * sampleSize;
      images = std::transform(first, first + sampleSize, images,
                              [](uint8_t value) { return scaled[value]; });
    } else {
      const float *first =
          std::get<std::vector<float>>(*samples).data() + index * sampleSize;
      images = std::copy(first, first + sampleSize, images);
    }
    if (labels)
      *labels++ = this->labels[index];
  }
}

void Dataset::setTargets(std::vector<float> values, ArrayRef<int64_t> shape) {
  targets = std::move(values);
  targetShape.assign(shape.begin(), shape.end());
}

void Dataset::gatherTargets(ArrayRef<int64_t> indices, float *buffer) const {
  int64_t size = ShapedType::getNumElements(targetShape);
  for (int64_t index : indices)
    buffer = std::copy_n(targets.data() + index * size, size, buffer);
}

std::vector<int64_t> cgmq::shuffle(std::vector<int64_t> indices,
                                   uint64_t seed) {
  for (uint64_t last = indices.size(); last > 1; --last)
    std::swap(indices[last - 1], indices[splitmix64(seed, last) % last]);
  return indices;
}

Split cgmq::splitValidation(int64_t size, int64_t validationSize,
                            uint64_t seed) {
  std::vector<int64_t> all(size);
  std::iota(all.begin(), all.end(), 0);
  all = shuffle(std::move(all), seed);
  auto border = all.begin() + std::clamp<int64_t>(validationSize, 0, size);
  Split split;
  split.validation.assign(all.begin(), border);
  split.training.assign(border, all.end());
  llvm::sort(split.validation);
  llvm::sort(split.training);
  return split;
}
