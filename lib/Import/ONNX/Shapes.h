//===- Shapes.h - Shapes that nodes ask for -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_IMPORT_ONNX_SHAPES_H
#define CGMQ_LIB_IMPORT_ONNX_SHAPES_H

#include "Node.h"

namespace mlir::cgmq {

/// The shape of the result of a Reshape, with at most one open extent.
FailureOr<SmallVector<int64_t>> getReshaped(Node &node);

/// The shape of the result of a Squeeze or an Unsqueeze.
FailureOr<SmallVector<int64_t>> getSqueezed(Node &node);
FailureOr<SmallVector<int64_t>> getUnsqueezed(Node &node);

/// What a Slice takes of one dimension; `size` elements, all `step` apart.
struct SliceRange {
  int64_t axis, start, step, size;
};
FailureOr<SmallVector<SliceRange>> getSlices(Node &node);

/// The axis and the extents of the parts of a Split.
FailureOr<std::pair<int64_t, SmallVector<int64_t>>> getSplit(Node &node);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_IMPORT_ONNX_SHAPES_H
