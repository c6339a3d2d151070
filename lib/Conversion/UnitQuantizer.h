//===- UnitQuantizer.h - Codes of widths that differ -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_UNITQUANTIZER_H
#define CGMQ_LIB_CONVERSION_UNITQUANTIZER_H

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"

namespace mlir::cgmq {

/// Builds what `cgmq.quantize_units` computes: the codes of `input` on the grid
/// of `type`, each rounded to its own of the `widths`; as f32, or as integers
/// where `elementType` is an integer.
Value buildUnitCodes(OpBuilder &builder, Location loc, Value input,
                     Value widths, float range,
                     quant::UniformQuantizedType type, Type elementType);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_UNITQUANTIZER_H
