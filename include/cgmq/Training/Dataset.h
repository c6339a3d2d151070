//===- Dataset.h - Samples and labels -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_DATASET_H
#define CGMQ_TRAINING_DATASET_H

#include "cgmq/Training/ArrayFile.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mlir::cgmq {

/// Samples (of f32, or of bytes that stand for value / 255) and, where there
/// are any, one label for each. Bytes stay bytes until they are gathered.
/// Copies share the samples.
class Dataset {
public:
  /// An array, and what errors call it.
  struct Source {
    std::string name;
    Array array;
  };

  /// Samples are the slices of `images` along its leading dimension: u8, f32 or
  /// f64, finite. Labels are a vector of u8, i32 or i64 (classes) or an array
  /// of f32 or f64, finite, with a slice for each sample (targets). All errors
  /// are emitted, one for each failure.
  static FailureOr<Dataset>
  create(Source images, std::optional<Source> labels,
         function_ref<InFlightDiagnostic()> emitError);

  /// Reads them from IDX or .npy files, plain or gzip; `labelsPath` may be
  /// empty.
  static FailureOr<Dataset> load(StringRef imagesPath, StringRef labelsPath,
                                 function_ref<InFlightDiagnostic()> emitError);

  int64_t size() const { return numSamples; }
  /// What errors call the labels.
  StringRef getLabelsName() const { return labelsName; }
  /// A number that tells data sets apart.
  uint64_t getHash() const;
  ArrayRef<int64_t> getSampleShape() const { return sampleShape; }
  int64_t getSampleSize() const;
  /// Whether there is a class for each sample.
  bool hasLabels() const { return !labels.empty(); }
  ArrayRef<int32_t> getLabels() const { return labels; }

  /// Whether there are numbers for each sample that it should give.
  bool hasTargets() const { return !targets.empty(); }
  ArrayRef<int64_t> getTargetShape() const { return targetShape; }
  /// `values` has a slice of `shape` for each sample.
  void setTargets(std::vector<float> values, ArrayRef<int64_t> shape);

  /// Fails unless samples are what `argument` takes (its leading extent is the
  /// batch; a unit channel may follow the sample's shape).
  LogicalResult
  verifySamples(RankedTensorType argument,
                function_ref<InFlightDiagnostic()> emitError) const;

  /// The same, and fails unless labels lie in [0, numClasses).
  LogicalResult verifyFor(RankedTensorType argument, int64_t numClasses,
                          function_ref<InFlightDiagnostic()> emitError) const;

  /// Copies samples, bytes as value / 255.0f, and labels to dense buffers.
  /// `labels` may be null.
  void gather(ArrayRef<int64_t> indices, float *images, int32_t *labels) const;
  /// Copies the targets of samples to a dense buffer.
  void gatherTargets(ArrayRef<int64_t> indices, float *buffer) const;

private:
  using Samples = std::variant<std::vector<uint8_t>, std::vector<float>>;

  std::string imagesName, labelsName = "labels";
  int64_t numSamples = 0;
  SmallVector<int64_t> sampleShape;
  std::shared_ptr<const Samples> samples;
  std::vector<int32_t> labels;
  SmallVector<int64_t> targetShape;
  std::vector<float> targets;
};

/// Permutes `indices` (Fisher-Yates); the same order for the same seed on
/// every platform.
std::vector<int64_t> shuffle(std::vector<int64_t> indices, uint64_t seed);

struct Split {
  std::vector<int64_t> training, validation;
};

/// Parts [0, size) at random into `validationSize` (at most `size`) indices for
/// validation and the rest for training, each in ascending order.
Split splitValidation(int64_t size, int64_t validationSize, uint64_t seed);

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_DATASET_H
