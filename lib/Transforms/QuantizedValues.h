//===- QuantizedValues.h - What of a float network is quantized -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_TRANSFORMS_QUANTIZEDVALUES_H
#define CGMQ_LIB_TRANSFORMS_QUANTIZEDVALUES_H

#include "mlir/IR/Operation.h"

namespace mlir::cgmq {

/// The value that `value` is but for the order and shape of its elements. A
/// quantizer stands there: rounding commutes with moving data, and what other
/// users see then is the same codes. (Max-pooling and clamping commute as well,
/// but a quantizer before them has more to do and wastes codes on the sign.)
Value getSource(Value value);

/// True where no element can be below zero.
bool isNonnegative(Value value);

/// True where no argument of the function has a part in `value`.
bool isIndependentOfArguments(Value value);

bool isLoad(Value value);

/// The width that a source is pinned to: by its function, its operation, or its
/// global. Zero where a gate decides.
int64_t getPinnedWidth(Value source);

/// The operand by which a bias joins the result of a contraction that has been
/// reshaped at most; null where there is none.
OpOperand *getAddedBias(Value result);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TRANSFORMS_QUANTIZEDVALUES_H
