//===- GateSites.h - What gets gated quantizers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_TRANSFORMS_GATESITES_H
#define CGMQ_LIB_TRANSFORMS_GATESITES_H

#include "Joins.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Transforms/FloatParts.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace mlir::cgmq {

/// The operands of a contraction that get quantizers.
struct GatedOperands {
  OpOperand *lhs, *rhs;
  SmallVector<OpOperand *> biases;
};

/// Where a float function wants quantizers: at its contractions, its joins and
/// its tables.
class GateSites {
public:
  GateSites(func::FuncOp function, Granularity granularity,
            ElementFunctionForm functions)
      : function(function), granularity(granularity),
        floats(function, /*isFrozen=*/false,
               functions == ElementFunctionForm::Tables) {}

  /// Finds the contractions and the joins; changes nothing. Fails, with an
  /// error, where something cannot be gated.
  LogicalResult analyze();

  ArrayRef<GatedOperands> getContractions() const { return contractions; }
  ArrayRef<Join> getJoins() const { return joins; }
  bool isJoined(Operation *op) const { return joinOps.contains(op); }
  const FloatParts &getFloats() const { return floats; }
  /// The shape of the gate of a source.
  SmallVector<int64_t> getGateShape(Value source) const;

private:
  LogicalResult analyzeContraction(Operation *op);
  LogicalResult analyzeJoins();
  /// Checks what multiplies activations by more than one number.
  LogicalResult verifyProducts();
  LogicalResult verifyFactor(Operation *op, Value factor);
  /// Checks that what is pinned is quantized.
  LogicalResult verifyPins();
  /// The dimensions of a parameter that run over output channels, for a factor
  /// of `op` that the parameter reaches by transposes and by reshapes that add
  /// or drop extents of one. Fails, with an error at `op`, for other paths.
  FailureOr<SmallVector<bool>> findChannels(Operation *op, OpOperand *factor);

  func::FuncOp function;
  Granularity granularity;
  FloatParts floats;
  SmallVector<GatedOperands> contractions;
  SmallVector<Join> joins;
  llvm::SmallPtrSet<Operation *, 8> joinOps;
  /// Of the parameters that are factors, which dimensions are channels.
  DenseMap<Operation *, SmallVector<bool>> channelsOfParameter;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TRANSFORMS_GATESITES_H
