//===- BuildRequantization.cpp - Codes of accumulators as operations ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerOps.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// Emits a rule whose numbers are selected by the width of the element.
class RequantizationBuilder {
public:
  RequantizationBuilder(OpBuilder &builder, Location loc, Value width,
                        ArrayRef<UnitRequantization> rules)
      : b(builder), loc(loc), wide(builder.getI64Type()), rules(rules) {
    for (const UnitRequantization &unit : rules.drop_front())
      isOfRule.push_back(isEqual(width, unit.width));
  }

  Value build(Value accumulator);

private:
  using Unit = const UnitRequantization &;

  Value constant(int64_t value) { return buildInteger(b, loc, wide, value); }
  Value isEqual(Value value, int64_t number) {
    Value constant = buildInteger(b, loc, value.getType(), number);
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, value,
                                 constant);
  }
  /// The number of the element's rule, without a choice where all agree.
  Value select(function_ref<int64_t(const UnitRequantization &)> getNumber);
  /// What the corrections of the element's rule add for an accumulator.
  Value addCorrections(Value code, Value accumulator);
  /// The accumulator on the grid of codes, before it is clamped.
  Value rescale(Value accumulator);

  OpBuilder &b;
  Location loc;
  Type wide;
  ArrayRef<UnitRequantization> rules;
  /// Whether the element has the width of each rule but the first.
  SmallVector<Value> isOfRule;
};

} // namespace

Value RequantizationBuilder::select(
    function_ref<int64_t(const UnitRequantization &)> getNumber) {
  auto numbers = llvm::map_to_vector(rules, getNumber);
  Value result = constant(numbers.front());
  if (llvm::all_equal(numbers))
    return result;
  for (auto [isHere, number] :
       llvm::zip_equal(isOfRule, ArrayRef(numbers).drop_front()))
    result = arith::SelectOp::create(b, loc, isHere, constant(number), result);
  return result;
}

Value RequantizationBuilder::addCorrections(Value code, Value accumulator) {
  for (auto [index, unit] : llvm::enumerate(rules))
    for (const Requantization::Correction &correction : unit.rule.corrections) {
      Value isHere = isEqual(accumulator, correction.accumulator);
      Value delta = arith::SelectOp::create(
          b, loc, isHere, constant(correction.delta), constant(0));
      // The first rule is that of the elements that none of the others has.
      if (index > 0)
        delta = arith::SelectOp::create(b, loc, isOfRule[index - 1], delta,
                                        constant(0));
      else
        for (Value isOther : isOfRule)
          delta = arith::SelectOp::create(b, loc, isOther, constant(0), delta);
      code = arith::AddIOp::create(b, loc, code, delta);
    }
  return code;
}

Value RequantizationBuilder::rescale(Value accumulator) {
  if (llvm::all_of(rules, [](Unit unit) { return unit.rule.isIdentity(); }))
    return accumulator;
  Value multiplier = select([](Unit unit) { return unit.rule.multiplier; });
  Value product = arith::MulIOp::create(b, loc, accumulator, multiplier);
  Value half =
      select([](Unit unit) { return int64_t(1) << (unit.rule.shift - 1); });
  Value sum = arith::AddIOp::create(b, loc, product, half);
  Value shift = select([](Unit unit) { return unit.rule.shift; });
  Value code = arith::ShRSIOp::create(b, loc, sum, shift);
  return addCorrections(code, accumulator);
}

Value RequantizationBuilder::build(Value accumulator) {
  Value code = rescale(accumulator);
  Value minCode = select([](Unit unit) { return unit.rule.minCode; });
  code = arith::MaxSIOp::create(b, loc, code, minCode);
  Value maxCode = select([](Unit unit) { return unit.rule.maxCode; });
  code = arith::MinSIOp::create(b, loc, code, maxCode);
  if (llvm::all_of(rules, [](Unit unit) { return unit.ratio == 1; }))
    return code;
  Value ratio = select([](Unit unit) { return unit.ratio; });
  return arith::MulIOp::create(b, loc, code, ratio);
}

Value cgmq::buildRequantization(OpBuilder &builder, Location loc,
                                Value accumulators, Value widths,
                                ArrayRef<UnitRequantization> rules,
                                bool isSigned, IntegerType storageType) {
  SmallVector<Value> inputs = {accumulators};
  if (widths)
    inputs.push_back(widths);
  return buildElementwise(
      builder, loc, inputs, storageType,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        Value accumulator =
            buildExtension(nested, loc, args[0], nested.getI64Type(), isSigned);
        RequantizationBuilder rule(nested, loc, args.back(), rules);
        auto code = arith::TruncIOp::create(nested, loc, storageType,
                                            rule.build(accumulator));
        if (rules.size() == 1 && !rules.front().rule.isIdentity())
          code->setDiscardableAttr(
              CGMQDialect::kFactorsAttrName,
              nested.getDenseF32ArrayAttr(rules.front().rule.factors));
        return code;
      });
}

Value cgmq::buildClamp(OpBuilder &builder, Location loc, Value input,
                       std::optional<int64_t> min, std::optional<int64_t> max,
                       bool isSigned) {
  Type type = getElementTypeOrSelf(input.getType());
  return buildElementwise(
      builder, loc, input, type,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        Value result = args[0];
        if (min) {
          Value bound = buildInteger(nested, loc, type, *min);
          result =
              isSigned
                  ? Value(arith::MaxSIOp::create(nested, loc, result, bound))
                  : Value(arith::MaxUIOp::create(nested, loc, result, bound));
        }
        if (max) {
          Value bound = buildInteger(nested, loc, type, *max);
          result =
              isSigned
                  ? Value(arith::MinSIOp::create(nested, loc, result, bound))
                  : Value(arith::MinUIOp::create(nested, loc, result, bound));
        }
        return result;
      });
}
