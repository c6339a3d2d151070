//===- QuantizerCodes.h - Codes of one width -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_QUANTIZERCODES_H
#define CGMQ_LIB_CONVERSION_QUANTIZERCODES_H

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"

namespace mlir::cgmq {

/// Builds the codes of `input`, floats, on the grid of `type`, as integers of
/// `storage`.
Value buildQuantizerCodes(OpBuilder &builder, Location loc, Value input,
                          quant::UniformQuantizedType type,
                          IntegerType storage);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTIZERCODES_H
