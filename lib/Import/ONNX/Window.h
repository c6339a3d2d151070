//===- Window.h - What windows slide over -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_IMPORT_ONNX_WINDOW_H
#define CGMQ_LIB_IMPORT_ONNX_WINDOW_H

#include "Node.h"

namespace mlir::cgmq {

/// The windows of a convolution or a pooling, in each spatial dimension.
struct Window {
  SmallVector<int64_t> kernel, strides, dilations, before, after;

  /// What a window covers of dimension i.
  int64_t getExtent(int64_t i) const {
    return (kernel[i] - 1) * dilations[i] + 1;
  }
  int64_t getRank() const { return static_cast<int64_t>(kernel.size()); }

  /// Reads the attributes of `node`, without looking at any extents. Padding is
  /// the explicit one.
  static FailureOr<Window> read(Node &node, ArrayRef<int64_t> kernel);

  /// Works out `auto_pad`. Fails where an extent of `spatial` is not known.
  LogicalResult resolvePadding(Node &node, ArrayRef<int64_t> spatial);

  /// Makes the windows end where the padded input does, as TOSA wants it:
  /// takes from the padding at the end, or adds to it where `ceil` asks for a
  /// last window that is not full. What is negative then is to be cropped.
  void fit(ArrayRef<int64_t> spatial, bool ceil);

  /// Takes from the ends of `value`, channels last, what padding is negative.
  Value crop(TosaBuilder &b, Value value);

  /// The padding in the order of TOSA.
  SmallVector<int64_t> getPad() const;

  /// Adds a dimension of one element in front.
  void addDimension();
};

/// The extents behind batch and channels; refuses open ones.
FailureOr<SmallVector<int64_t>> getSpatialShape(Node &node);

/// `value` of N, C and one spatial dimension with one more before it.
Value addDimension(TosaBuilder &b, Value value);
/// The inverse.
Value removeDimension(TosaBuilder &b, Value value);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_IMPORT_ONNX_WINDOW_H
