//===- CostAnalysis.h - Bit-operations of a function -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_ANALYSIS_COSTANALYSIS_H
#define CGMQ_ANALYSIS_COSTANALYSIS_H

#include "cgmq/Analysis/GateUnits.h"
#include "cgmq/Analysis/UnitWidths.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::cgmq {

/// The gate of a quantizer as the IR holds it at present.
struct GateValue {
  /// The global that holds the gate; null for a constant, whose widths are
  /// pinned.
  ml_program::GlobalOp global;
  /// T(g) over the widths of the gated type.
  Widths widths;
};

/// Reads the gate of `quantize`. Fails, with an error at it, where the gate is
/// neither a constant nor loaded from a global with a value.
FailureOr<GateValue> readGate(QuantizeOp quantize,
                              SymbolTableCollection &symbolTables);

/// Reads the one number of a scalar that is a constant or loaded from a global
/// with a value. `what` names it in the error at `user`.
FailureOr<float> readScalar(Operation *user, Value scalar, StringRef what,
                            SymbolTableCollection &symbolTables,
                            ml_program::GlobalOp *global = nullptr);

/// One of the two factors of a contraction.
struct Factor {
  /// The quantizer whose gate decides the width; null where the width is fixed
  /// (by a storage type, an integer contraction, or as float).
  QuantizeOp quantize;
  /// The global that holds the gate; null where the width is pinned or fixed.
  ml_program::GlobalOp gate;
  /// The widths at present; one where the tensor has one.
  Widths widths = {32};
  /// Where the units are, and which elements share one.
  UnitLayout layout;
  std::optional<Location> unitsLoc;
  /// The parameter that the codes are of; null for an activation.
  ml_program::GlobalOp parameter;
  /// The operations that take the codes from the quantizer to the contraction.
  SmallVector<Operation *> movements;
  /// The units whose widths are summed in each slot of the contraction.
  std::vector<UnitUse> uses = {{0, 0}};

  bool hasUnits() const { return widths.size() > 1; }
  /// The mean over the units; the width where there is one.
  double getMeanWidth() const;
  /// The width as people read it: `4`, or the mean of several, `3.27`.
  std::string describeWidth() const;
  /// The widths with each gate that is not pinned at its least.
  Widths getMinWidths() const;
  /// The sums of the given widths in each slot.
  std::vector<double> getSlotSums(const Widths &widths, int64_t numSlots) const;
};

/// An operation that multiplies, with the cost of one sample.
struct ContractionCost {
  Operation *op;
  /// Multiply-accumulates for one sample.
  int64_t macs;
  Factor lhs, rhs;
  /// The cost is `scale` times the sum over the slots of the products of the
  /// sums of widths; see GateUnits.h.
  int64_t numSlots = 1;
  double scale = 1.0;

  double getBop() const { return getBop(lhs.widths, rhs.widths); }
  /// The cost with widths of the caller's choice.
  double getBop(const Widths &lhsWidths, const Widths &rhsWidths) const;
  /// What a person knows the contraction by: its parameter, else its operation.
  StringRef getName() const;
};

/// A share in percent as people read it, `1.5625%`, and a whole number.
std::string formatPercent(double percent);
std::string formatCount(double count);

/// The functions of a module that carry a budget.
SmallVector<func::FuncOp> getBoundedFunctions(ModuleOp module);

/// The cost in bit-operations of a function, at any stage: the sum over its
/// contractions, and those of the functions it calls, of multiply-accumulates
/// times the widths of the two factors. A factor's width is looked up where its
/// codes were made, through operations that preserve codes. The cost is that of
/// one sample: a static leading extent of the first argument divides it.
///
/// Widths that gates decide are the ones of the gates' values at the time of
/// `create`.
class CostAnalysis {
public:
  /// Fails, with an error, at an operation whose cost is unknown, and where the
  /// function has no contraction.
  static FailureOr<CostAnalysis> create(func::FuncOp function);

  ArrayRef<ContractionCost> getContractions() const { return contractions; }

  /// The cost at present, with every width 32, and with each gate that is not
  /// pinned at its least width.
  double getBop() const;
  double getFullBop() const;
  double getMinBop() const;
  /// The cost relative to the one at 32 bits, as a fraction and in percent.
  double getRbop() const { return getBop() / getFullBop(); }
  double getRbopPercent() const { return 100.0 * getRbop(); }

private:
  CostAnalysis() = default;
  std::vector<ContractionCost> contractions;
};

} // namespace mlir::cgmq

#endif // CGMQ_ANALYSIS_COSTANALYSIS_H
