//===- Direction.h - How gates move -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The directions of the method, each an implementation of `DirectionRule` in a
// file of its own, known by a name. To add one: a file in
// lib/Training/Directions and a line in `getRegistry`, or `registerDirection`
// from another program or a plugin.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_DIRECTION_H
#define CGMQ_TRAINING_DIRECTION_H

#include "mlir/IR/Builders.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mlir::cgmq {

/// The least direction while the budget is violated, relative to the greatest:
/// it bounds the number of steps that any gate needs to reach any width.
inline constexpr double kLeastDirection = 0.1;

/// What the step keeps beside a gate under a direction that weighs costs, as
/// globals of the gate's shape, named after it. The running mean of the sum of
/// (dL/dx)^2 over what each unit governs, one for each quantizer that has the
/// gate, in the order of the body:
std::string getSensitivityName(StringRef gate, size_t quantizer);
inline constexpr double kSensitivityDecay = 0.99;
/// The value of the gate that the price of the bound asks for, which the step
/// reads.
inline constexpr llvm::StringLiteral kTargetSuffix = ".target";

/// The means of |dL/dx| and |x| over some elements.
struct GateStatistics {
  Value meanAbsGradient;
  Value meanAbsValue;
};

/// What a direction sees of the gates of one tensor.
struct GateGroup {
  /// Tensor of the gates.
  Value gate;
  /// Tensors of the gates' shape: over what each of them governs.
  GateStatistics units;
  /// Scalars: over the whole tensor.
  GateStatistics tensor;
  /// Of the gates' shape: where the price of the bound puts each gate.
  Value target;
};

/// How gates move under one direction; see `cgmq-build-training-step`.
class DirectionRule {
public:
  virtual ~DirectionRule() = default;

  /// Whether the rule reads the targets of the groups, else their statistics.
  virtual bool usesTargets() const = 0;

  /// Emits the directions of the gates of several tensors, of the shapes of the
  /// gates: within [0.1, 1] where `violated` (i1) is true and within [-1, 0]
  /// where it is false.
  virtual SmallVector<Value> build(OpBuilder &builder, Location loc,
                                   ArrayRef<GateGroup> groups,
                                   Value violated) const = 0;
};

/// A rule that makes a positive number of the statistics of a unit. A magnitude
/// of one stands for the greatest that a whole tensor has; single units that
/// would exceed it are held there, so that a few of them, which matter to
/// nothing, do not slow down all others.
class NormalizedDirection : public DirectionRule {
public:
  bool usesTargets() const final { return false; }
  SmallVector<Value> build(OpBuilder &builder, Location loc,
                           ArrayRef<GateGroup> groups,
                           Value violated) const final;

protected:
  /// How much a unit of the given statistics (scalars, at least 1e-20) should
  /// lose bits while the budget is violated, and gain them while it is kept.
  virtual Value buildUnsat(OpBuilder &builder, Location loc,
                           GateStatistics statistics) const = 0;
  virtual Value buildSat(OpBuilder &builder, Location loc,
                         GateStatistics statistics) const = 0;

  static Value buildReciprocal(OpBuilder &builder, Location loc, Value value);
};

using DirectionFactory = std::function<std::unique_ptr<DirectionRule>()>;

/// Gives the option `direction` of all passes one more name. A name that is
/// there already stands for the new rule from then on. To be called before
/// passes run, as upstream's registration of passes.
void registerDirection(StringRef name, DirectionFactory create);

/// The names that there are, in alphabetical order.
std::vector<std::string> getDirectionNames();

/// The rule of that name; null after an error that tells the names.
std::unique_ptr<DirectionRule> createDirectionRule(StringRef name,
                                                   MLIRContext *context);

std::unique_ptr<DirectionRule> createGradientDirection();
std::unique_ptr<DirectionRule> createMagnitudeDirection();
std::unique_ptr<DirectionRule> createProductDirection();
std::unique_ptr<DirectionRule> createCostDirection();

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_DIRECTION_H
