//===- UnitWidths.h - Widths that differ within a tensor -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Once gates stand, their widths are constants: a global of i8 with the shape
// that the gate had. The operations that quantize and contract refer to it, so
// that the cost of a frozen function and of an integer program is that of the
// gated one.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_ANALYSIS_UNITWIDTHS_H
#define CGMQ_ANALYSIS_UNITWIDTHS_H

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/SymbolTable.h"

#include <vector>

namespace mlir::cgmq {

/// Widths in bits, one for each unit in row-major order.
using Widths = std::vector<uint8_t>;

/// Widths that differ within a tensor, as the IR holds them.
struct UnitWidths {
  /// The constant that holds them.
  ml_program::GlobalOp global;
  /// The extents of the units: those of the tensor, or one where its elements
  /// share a unit.
  SmallVector<int64_t> shape;
  Widths widths;
};

/// The widths that an attribute of `user` names, of units of a tensor of the
/// type `tensor` whose codes need `finest` bits. Fails, with an error at
/// `user`, where there is no constant global of such widths.
FailureOr<UnitWidths> readUnitWidths(Operation *user, FlatSymbolRefAttr name,
                                     RankedTensorType tensor, int64_t finest,
                                     SymbolTableCollection &symbolTables);

/// The widths that the operand of `op` loads.
FailureOr<UnitWidths> readUnitWidths(QuantizeUnitsOp op,
                                     SymbolTableCollection &symbolTables);

/// The widths that `op` says its codes have, if they are more than one. Fails,
/// with an error at `op`, also where a code is no code of its unit's width.
FailureOr<std::optional<UnitWidths>>
readUnitWidths(quant::StorageCastOp op, SymbolTableCollection &symbolTables);

} // namespace mlir::cgmq

#endif // CGMQ_ANALYSIS_UNITWIDTHS_H
