//===- RescaleInFloats.cpp - Rescaling by products of floats ---*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mlir::cgmq {
#define GEN_PASS_DEF_RESCALEINFLOATSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Added to a float of at most 2^22 in size, it leaves the nearest integer,
/// ties to even, in the low bits of the sum.
static constexpr float kRounder = 12582912.0f;

/// Up to this, floats are all integers.
static constexpr int64_t kMostExact = int64_t(1) << 24;

namespace {

/// A code as a function of a sum of 32 bits that never falls: a product with a
/// positive number, and whatever is added, shifted out, clamped and corrected.
class CodeRule {
public:
  /// The rule of the value that a code is cut out of.
  static FailureOr<CodeRule> match(Value value);

  int64_t getCode(int64_t sum) const;

  Value getSum() const { return sum; }

  /// The least sum of each code but the first: they are consecutive.
  SmallVector<int64_t, 0> getThresholds() const;

private:
  struct Step {
    enum Kind { Multiply, Add, Shift, AtLeast, AtMost, Correct } kind;
    /// Its constant, or the sum that is corrected, and by how much.
    int64_t number, delta = 0;
  };

  LogicalResult matchStep(Value &value);
  /// Matches the addition of a number where the sum has a certain value.
  bool matchCorrection(Value value);
  bool isMonotone() const;

  Value sum, extendedSum;
  SmallVector<Step> steps;
  SmallVector<Value> correctedSums;
};

/// A code as a product of floats, of a sum that is clamped to [least, most].
struct FloatRule {
  int64_t least, most;
  /// The product of the sum and one factor is rounded to the nearest integer,
  /// ties to even. Or, as in simulation, the product of the sum and two
  /// factors, with each step rounded to a float, is rounded to an integer, ties
  /// up.
  SmallVector<float, 2> factors;

  int64_t getCode(int64_t sum) const;
};

} // namespace

static std::optional<int64_t> getConstant(Value value) {
  APInt constant;
  if (!matchPattern(value, m_ConstantInt(&constant)))
    return std::nullopt;
  return constant.getSExtValue();
}

FailureOr<CodeRule> CodeRule::match(Value value) {
  CodeRule rule;
  if (!value.getType().isInteger(64))
    return failure();
  while (!rule.sum)
    if (failed(rule.matchStep(value)))
      return failure();
  std::reverse(rule.steps.begin(), rule.steps.end());
  if (!llvm::all_of(rule.correctedSums,
                    [&](Value sum) { return sum == rule.extendedSum; }) ||
      !rule.isMonotone())
    return failure();
  return rule;
}

LogicalResult CodeRule::matchStep(Value &value) {
  // What is not clamped yet stays far from the bounds of 64 bits.
  constexpr int64_t kMost = int64_t(1) << 61;
  Operation *op = value.getDefiningOp();
  if (auto extension = dyn_cast_if_present<arith::ExtSIOp>(op)) {
    sum = extension.getIn();
    extendedSum = extension;
    return success(sum.getType().isInteger(32));
  }
  if (!isa_and_present<arith::AddIOp, arith::MulIOp, arith::ShRSIOp,
                       arith::MaxSIOp, arith::MinSIOp>(op))
    return failure();
  value = op->getOperand(0);
  std::optional<int64_t> number = getConstant(op->getOperand(1));
  if (!number)
    return success(isa<arith::AddIOp>(op) &&
                   matchCorrection(op->getOperand(1)));
  auto kind =
      llvm::TypeSwitch<Operation *, Step::Kind>(op)
          .Case<arith::AddIOp>([](Operation *) { return Step::Add; })
          .Case<arith::MulIOp>([](Operation *) { return Step::Multiply; })
          .Case<arith::ShRSIOp>([](Operation *) { return Step::Shift; })
          .Case<arith::MaxSIOp>([](Operation *) { return Step::AtLeast; })
          .Default([](Operation *) { return Step::AtMost; });
  steps.push_back({kind, *number});
  switch (kind) {
  case Step::Multiply:
    // Of a sum alone: a product of 62 bits.
    return success(*number > 0 && *number < (int64_t(1) << 31) &&
                   isa_and_present<arith::ExtSIOp>(value.getDefiningOp()));
  case Step::Shift:
    return success(*number >= 0 && *number < 64);
  default:
    return success(std::abs(*number) <= kMost);
  }
}

bool CodeRule::matchCorrection(Value value) {
  int64_t delta;
  Value condition;
  if (auto extension = value.getDefiningOp<arith::ExtUIOp>()) {
    delta = 1;
    condition = extension.getIn();
  } else if (auto extension = value.getDefiningOp<arith::ExtSIOp>()) {
    delta = -1;
    condition = extension.getIn();
  } else if (auto select = value.getDefiningOp<arith::SelectOp>()) {
    std::optional<int64_t> here = getConstant(select.getTrueValue());
    if (!here || getConstant(select.getFalseValue()) != 0 ||
        std::abs(*here) > 1)
      return false;
    delta = *here;
    condition = select.getCondition();
  } else {
    return false;
  }
  auto comparison = condition.getDefiningOp<arith::CmpIOp>();
  if (!comparison || comparison.getPredicate() != arith::CmpIPredicate::eq)
    return false;
  std::optional<int64_t> number = getConstant(comparison.getRhs());
  if (!number || std::abs(*number) >= (int64_t(1) << 31))
    return false;
  correctedSums.push_back(comparison.getLhs());
  steps.push_back({Step::Correct, *number, delta});
  return true;
}

bool CodeRule::isMonotone() const {
  return llvm::all_of(steps, [&](const Step &step) {
    return step.kind != Step::Correct ||
           (getCode(step.number - 1) <= getCode(step.number) &&
            getCode(step.number) <= getCode(step.number + 1));
  });
}

int64_t CodeRule::getCode(int64_t sum) const {
  int64_t value = sum;
  for (const Step &step : steps)
    switch (step.kind) {
    case Step::Multiply:
      value *= step.number;
      break;
    case Step::Add:
      value += step.number;
      break;
    case Step::Shift:
      value >>= step.number;
      break;
    case Step::AtLeast:
      value = std::max(value, step.number);
      break;
    case Step::AtMost:
      value = std::min(value, step.number);
      break;
    case Step::Correct:
      value += sum == step.number ? step.delta : 0;
      break;
    }
  return value;
}

SmallVector<int64_t, 0> CodeRule::getThresholds() const {
  constexpr int64_t kLeast = std::numeric_limits<int32_t>::min();
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
  SmallVector<int64_t, 0> thresholds;
  int64_t from = kLeast;
  for (int64_t code = getCode(kLeast) + 1, last = getCode(kMost); code <= last;
       ++code) {
    int64_t to = kMost;
    while (from < to) {
      int64_t middle = from + (to - from) / 2;
      if (getCode(middle) >= code)
        to = middle;
      else
        from = middle + 1;
    }
    thresholds.push_back(from);
  }
  return thresholds;
}

/// The middle of the multipliers that put all thresholds in their places, if
/// there are any: a sum of at least `thresholds[i]` is to be
/// rounded to `firstCode` + i or more.
static double getMultiplier(ArrayRef<int64_t> thresholds, int64_t firstCode) {
  double least = 0, most = std::numeric_limits<double>::infinity();
  for (auto [index, threshold] : llvm::enumerate(thresholds)) {
    double bound =
        static_cast<double>(firstCode) + static_cast<double>(index) - 0.5;
    for (int64_t sum : {threshold, threshold - 1}) {
      if (sum == 0)
        continue;
      // A sum below zero turns the comparison.
      double multiplier = bound / static_cast<double>(sum);
      if ((sum == threshold) == (sum > 0))
        least = std::max(least, multiplier);
      else
        most = std::min(most, multiplier);
    }
  }
  return (least + most) / 2;
}

int64_t FloatRule::getCode(int64_t sum) const {
  auto x = static_cast<float>(sum);
  // A product of two floats is exact in 53 bits.
  if (factors.size() == 1)
    return static_cast<int64_t>(std::nearbyint(
        static_cast<double>(x) * static_cast<double>(factors[0])));
  for (float factor : factors)
    x *= factor;
  x += 0.5f;
  return static_cast<int64_t>(std::floor(x));
}

/// Floats that give the codes of `rule` for all sums; `hint` may be the
/// factors that simulation has. Both rules never fall, so they are equal where
/// they agree on both sides of each threshold.
static std::optional<FloatRule> findFloats(const CodeRule &rule,
                                           ArrayRef<float> hint) {
  constexpr int64_t kMostCodes = 256;
  int64_t firstCode = rule.getCode(std::numeric_limits<int32_t>::min()) + 1;
  int64_t lastCode = rule.getCode(std::numeric_limits<int32_t>::max());
  if (lastCode < firstCode || lastCode - firstCode >= kMostCodes - 1)
    return std::nullopt;
  SmallVector<int64_t, 0> thresholds = rule.getThresholds();
  int64_t least = thresholds.front() - 1, most = thresholds.back();
  if (least < -kMostExact || most > kMostExact)
    return std::nullopt;
  double multiplier = getMultiplier(thresholds, firstCode);
  if (!std::isfinite(multiplier) || multiplier <= 0)
    return std::nullopt;
  auto fits = [&](const FloatRule &floats) {
    for (auto [index, threshold] : llvm::enumerate(thresholds)) {
      int64_t code = firstCode + static_cast<int64_t>(index);
      if (floats.getCode(threshold) < code ||
          floats.getCode(threshold - 1) >= code)
        return false;
    }
    return floats.getCode(least) == firstCode - 1 &&
           floats.getCode(most) == lastCode;
  };
  // One product, by the float nearest to the multiplier or a neighbour of it.
  for (float bound : {0.0f, std::numeric_limits<float>::infinity()}) {
    FloatRule floats{least, most, {static_cast<float>(multiplier)}};
    for (int attempt = 0; attempt < 3; ++attempt) {
      if (fits(floats))
        return floats;
      floats.factors[0] = std::nextafterf(floats.factors[0], bound);
    }
  }
  FloatRule simulated{least, most, llvm::to_vector<2>(hint)};
  if (hint.size() == 2 && fits(simulated))
    return simulated;
  return std::nullopt;
}

namespace {

struct RescaleInFloats : OpRewritePattern<arith::TruncIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncIOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isInteger(8))
      return failure();
    FailureOr<CodeRule> rule = CodeRule::match(op.getIn());
    if (failed(rule))
      return failure();
    auto hint =
        op->getAttrOfType<DenseF32ArrayAttr>(CGMQDialect::kFactorsAttrName);
    std::optional<FloatRule> floats =
        findFloats(*rule, hint ? hint.asArrayRef() : ArrayRef<float>());
    if (!floats)
      return failure();
    rewriter.replaceOpWithNewOp<arith::TruncIOp>(
        op, op.getType(),
        build(*floats, rule->getSum(), op.getLoc(), rewriter));
    return success();
  }

private:
  /// An i32 with the code in its low bits.
  static Value build(const FloatRule &floats, Value sum, Location loc,
                     OpBuilder &builder) {
    Type i32 = builder.getI32Type(), f32 = builder.getF32Type();
    auto integer = [&](int64_t value) {
      return arith::ConstantIntOp::create(builder, loc, i32, value);
    };
    auto real = [&](float value) {
      return arith::ConstantOp::create(builder, loc,
                                       builder.getF32FloatAttr(value));
    };
    sum = arith::MaxSIOp::create(builder, loc, sum, integer(floats.least));
    sum = arith::MinSIOp::create(builder, loc, sum, integer(floats.most));
    Value x = arith::SIToFPOp::create(builder, loc, f32, sum);
    if (floats.factors.size() == 1) {
      x = math::FmaOp::create(builder, loc, x, real(floats.factors[0]),
                              real(kRounder));
      return arith::BitcastOp::create(builder, loc, i32, x);
    }
    for (float factor : floats.factors)
      x = arith::MulFOp::create(builder, loc, x, real(factor));
    x = arith::AddFOp::create(builder, loc, x, real(0.5f));
    x = math::FloorOp::create(builder, loc, x);
    return arith::FPToSIOp::create(builder, loc, i32, x);
  }
};

struct RescaleInFloatsPass
    : public cgmq::impl::RescaleInFloatsPassBase<RescaleInFloatsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<RescaleInFloats>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
