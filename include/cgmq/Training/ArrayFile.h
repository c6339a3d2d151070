//===- ArrayFile.h - Arrays in IDX and .npy files -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_ARRAYFILE_H
#define CGMQ_TRAINING_ARRAYFILE_H

#include "mlir/IR/Diagnostics.h"

#include <variant>
#include <vector>

namespace mlir::cgmq {

/// An array read from a file: dense, row-major, in the order of this machine.
struct Array {
  SmallVector<int64_t> shape;
  std::variant<std::vector<uint8_t>, std::vector<int32_t>, std::vector<int64_t>,
               std::vector<float>, std::vector<double>>
      elements;

  /// u8, i32, i64, f32 or f64.
  StringRef getElementName() const;
  int64_t getNumElements() const;
};

/// Reads IDX (element types u8, i32, f32 and f64) or .npy (versions 1 to 3;
/// u8, i32, i64, f32 and f64, little endian, C order), plain or gzip; which of
/// these a file is, its first bytes say. Anything else, a file that is too
/// short or too long among it, is one error that names the file.
FailureOr<Array> readArrayFile(StringRef path,
                               function_ref<InFlightDiagnostic()> emitError);

/// Writes a vector of i32 as a .npy file.
void writeNpy(raw_ostream &os, ArrayRef<int32_t> values);

/// Writes rows of i32 or f32 as a .npy file.
void writeNpy(raw_ostream &os, ArrayRef<int32_t> values, int64_t columns);
void writeNpy(raw_ostream &os, ArrayRef<float> values, int64_t columns);

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_ARRAYFILE_H
