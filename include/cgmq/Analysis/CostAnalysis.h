//===- CostAnalysis.h - What a function costs -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_ANALYSIS_COSTANALYSIS_H
#define CGMQ_ANALYSIS_COSTANALYSIS_H

#include "cgmq/Analysis/GateUnits.h"
#include "cgmq/Analysis/MacCounts.h"
#include "cgmq/Analysis/ParameterBits.h"
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
  /// The widths with each gate that is not pinned at its least, which is not
  /// zero for what leads through the first channels: see `getFirstChannels`.
  Widths minWidths = {32};
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
  /// How many multiplicands of each slot have each of the widths of `counts`,
  /// at [slot * number of widths + position of the width].
  std::vector<int32_t> countInSlots(const Widths &widths,
                                    const MacCounts &counts,
                                    int64_t numSlots) const;
};

/// An operation that multiplies, with the cost of one sample.
struct ContractionCost {
  Operation *op;
  /// Multiply-accumulates for one sample.
  int64_t macs;
  ContractionKind kind;
  Factor lhs, rhs;
  /// The multiply-accumulates are `scale` times the sum over the slots of the
  /// products of the numbers of multiplicands; see GateUnits.h.
  int64_t numSlots = 1;
  double scale = 1.0;

  /// Counts the multiply-accumulates by the widths that the factors would have,
  /// which `counts` has to have.
  void count(const Widths &lhsWidths, const Widths &rhsWidths,
             MacCounts &counts) const;
  /// Whether the lhs is the weight, and not the rhs.
  bool isLhsWeight() const { return lhs.parameter && !rhs.parameter; }
  /// What one costs at each pair of the widths of `counts`, in its order. Where
  /// the lhs is the weight, it is the lhs that is priced as one. A pruned
  /// factor costs nothing, whatever the model.
  SmallVector<double, 36> getMacCosts(CostModelAttr model,
                                      const MacCounts &counts) const;

  /// The cost at present, with widths of the caller's choice, and with every
  /// width 32.
  double getCost(CostModelAttr model) const {
    return getCost(model, lhs.widths, rhs.widths);
  }
  double getCost(CostModelAttr model, const Widths &lhsWidths,
                 const Widths &rhsWidths) const;
  double getFullCost(CostModelAttr model) const;
  double getBop() const;
  /// What a person knows the contraction by: its parameter, else its operation.
  StringRef getName() const;
};

/// A share in percent as people read it, `1.5625%`, a whole number, and a cost
/// in any unit.
std::string formatPercent(double percent);
std::string formatCount(double count);
std::string formatCost(double cost);

/// The functions of a module that carry a budget.
SmallVector<func::FuncOp> getBoundedFunctions(ModuleOp module);

/// What a function costs, at any stage: the contractions and the parameters in
/// it and in the functions it calls, with their widths, which a cost model
/// prices. A factor's width is looked up where its codes were made, through
/// operations that preserve codes. The multiply-accumulates are those of one
/// sample: a static leading extent of the first argument divides them.
///
/// Widths that gates decide are the ones of the gates' values at the time of
/// `create`.
class CostAnalysis {
public:
  /// Fails, with an error, at an operation whose cost is unknown, and where the
  /// function has no contraction.
  static FailureOr<CostAnalysis> create(func::FuncOp function);

  ArrayRef<ContractionCost> getContractions() const { return contractions; }
  ArrayRef<ParameterBits> getParameters() const { return parameters; }
  /// The least widths that the units of a gate may come to, where it is one of
  /// a factor that may be pruned; else none.
  ArrayRef<uint8_t> getMinWidths(ml_program::GlobalOp gate) const {
    auto found = minWidths.find(gate);
    if (found == minWidths.end())
      return {};
    return found->second;
  }

  /// The cost at present, with every width 32, and with each gate that is not
  /// pinned at its least width.
  double getCost(CostModelAttr model) const;
  double getFullCost(CostModelAttr model) const;
  double getMinCost(CostModelAttr model) const;
  /// Checks that the model applies. Fails, with an error, where it prices
  /// parameters and there is none, or one of unknown size.
  LogicalResult verifyModel(CostModelAttr model) const;

  /// The same in bit-operations.
  double getBop() const { return getCost(bop); }
  double getFullBop() const { return getFullCost(bop); }
  /// The cost relative to the one at 32 bits, as a fraction and in percent.
  double getRbop() const { return getBop() / getFullBop(); }
  double getRbopPercent() const { return 100.0 * getRbop(); }

private:
  explicit CostAnalysis(func::FuncOp function)
      : function(function), bop(BopCostAttr::get(function.getContext())) {}
  /// Brings together what the uses of a gate ask of its least widths.
  void shareMinWidths();

  func::FuncOp function;
  BopCostAttr bop;
  std::vector<ContractionCost> contractions;
  std::vector<ParameterBits> parameters;
  DenseMap<Operation *, Widths> minWidths;
};

} // namespace mlir::cgmq

#endif // CGMQ_ANALYSIS_COSTANALYSIS_H
