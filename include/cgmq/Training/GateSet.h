//===- GateSet.h - The gates that a session trains -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_GATESET_H
#define CGMQ_TRAINING_GATESET_H

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Training/TrainingSession.h"
#include "cgmq/Training/WidthAllocation.h"

#include "llvm/Support/JSON.h"

namespace mlir::cgmq {

/// The gates of a function that can move: their widths, as a session holds them
/// at present, and the ranges that have to follow the widths.
class GateSet {
public:
  /// Fails, with an error, at a quantizer whose gate cannot be read.
  static FailureOr<GateSet> create(func::FuncOp function,
                                   TrainingSession &session,
                                   const CostAnalysis &cost);

  /// Takes note of the widths of the gates in the session, in `allocation` too,
  /// whose ranges follow them already.
  void read(WidthAllocation &allocation);
  /// Takes note of the widths that the gates have come to in the session, in
  /// `allocation` too, with those held up that may not be pruned, and scales
  /// the ranges of those that changed as calibration found best.
  void follow(WidthAllocation &allocation);
  /// Puts the gates at the middle of what selects the widths of `allocation`.
  void moveTo(const WidthAllocation &allocation);
  /// Tells the step where the gates should go, see `kTargetSuffix`.
  void setTargets(const WidthAllocation &allocation);

  /// The present widths with their costs.
  WidthAllocation allocate(const CostAnalysis &cost,
                           ArrayRef<CostModelAttr> models) const;
  /// The same with what each width would lose by the sensitivities that the
  /// step has gathered: the running mean of (dL/dx)^2 times the mean squared
  /// error of the width.
  WidthAllocation allocateWithLosses(const CostAnalysis &cost,
                                     ArrayRef<CostModelAttr> models) const;

  /// Abandons the units of weights and biases that make pruned channels alone:
  /// nothing reads what they give. False where there are none.
  bool abandonUnread(WidthAllocation &allocation) const;

  bool empty() const { return gates.empty(); }
  std::vector<Widths> getWidths() const;
  /// The least value that a gate can take.
  float getLowestGate() const;
  /// The symbols of the gates with their widths or, where units differ, with
  /// the number of units of each width.
  llvm::json::Object describe() const;

private:
  /// A quantizer whose widths a gate decides.
  struct Quantizer {
    /// The global that holds the range; empty where it is a constant, or that
    /// of another quantizer of the gate.
    std::string range;
    bool isParameter = false;
    /// Of each allowed width: the best range, of which only the ratios count
    /// (may be empty), and the mean squared error.
    SmallVector<float> ranges, errors;
  };
  struct Gate {
    ml_program::GlobalOp global;
    std::string symbol;
    SmallVector<int64_t> allowed;
    Widths widths;
    /// The least widths of its units, where some may not be pruned.
    Widths minWidths;
    SmallVector<Quantizer, 1> quantizers;
    /// The gates whose unit u makes what unit u of this one decides about.
    SmallVector<std::string, 2> sources;
  };

  void update(WidthAllocation &allocation, bool scalesRanges);

  explicit GateSet(TrainingSession &session) : session(&session) {}

  TrainingSession *session;
  std::vector<Gate> gates;
};

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_GATESET_H
