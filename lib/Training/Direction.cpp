//===- Direction.cpp - How gates move -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Direction.h"

#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringExtras.h"

#include <map>

using namespace mlir;
using namespace mlir::cgmq;

/// Statistics below this count as this, which bounds the reciprocals.
static constexpr double kLeastStatistic = 1e-20;

std::string cgmq::getSensitivityName(StringRef gate, size_t quantizer) {
  std::string name = (gate + ".sensitivity").str();
  return quantizer == 0 ? name : name + "." + std::to_string(quantizer);
}

static Value buildConstant(OpBuilder &builder, Location loc, double value) {
  return arith::ConstantOp::create(builder, loc,
                                   builder.getF32FloatAttr(value));
}

Value NormalizedDirection::buildReciprocal(OpBuilder &builder, Location loc,
                                           Value value) {
  return arith::DivFOp::create(builder, loc, buildConstant(builder, loc, 1.0),
                               value);
}

SmallVector<Value> NormalizedDirection::build(OpBuilder &builder, Location loc,
                                              ArrayRef<GateGroup> groups,
                                              Value violated) const {
  auto buildMagnitude = [&](OpBuilder &b, Location loc, Value meanAbsGradient,
                            Value meanAbsValue, Value violated) -> Value {
    Value least = buildConstant(b, loc, kLeastStatistic);
    Value gradient = arith::MaximumFOp::create(b, loc, meanAbsGradient, least);
    Value value = arith::MaximumFOp::create(b, loc, meanAbsValue, least);
    Value unsat = buildUnsat(b, loc, {gradient, value});
    Value sat = buildSat(b, loc, {gradient, value});
    return arith::SelectOp::create(b, loc, violated, unsat, sat);
  };

  // The greatest of the tensors becomes one.
  Value greatest = buildConstant(builder, loc, kLeastStatistic);
  for (const GateGroup &group : groups) {
    Value magnitude = buildMagnitude(builder, loc, group.tensor.meanAbsGradient,
                                     group.tensor.meanAbsValue, violated);
    greatest = arith::MaximumFOp::create(builder, loc, greatest, magnitude);
  }

  SmallVector<Value> directions;
  for (const GateGroup &group : groups)
    directions.push_back(buildElementwise(
        builder, loc,
        {group.units.meanAbsGradient, group.units.meanAbsValue, greatest,
         violated},
        builder.getF32Type(),
        [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
          Value magnitude = buildMagnitude(b, loc, args[0], args[1], args[3]);
          Value relative = arith::DivFOp::create(b, loc, magnitude, args[2]);
          relative = arith::MinimumFOp::create(b, loc, relative,
                                               buildConstant(b, loc, 1.0));
          Value down = arith::MaximumFOp::create(
              b, loc, relative, buildConstant(b, loc, kLeastDirection));
          Value up = arith::NegFOp::create(b, loc, relative);
          return arith::SelectOp::create(b, loc, args[3], down, up);
        }));
  return directions;
}

/// The directions by their names.
static std::map<std::string, DirectionFactory> &getRegistry() {
  static std::map<std::string, DirectionFactory> registry{
      {"cost", createCostDirection},
      {"gradient", createGradientDirection},
      {"magnitude", createMagnitudeDirection},
      {"product", createProductDirection}};
  return registry;
}

void cgmq::registerDirection(StringRef name, DirectionFactory create) {
  getRegistry()[name.str()] = std::move(create);
}

std::vector<std::string> cgmq::getDirectionNames() {
  auto names = llvm::make_first_range(getRegistry());
  return {names.begin(), names.end()};
}

std::unique_ptr<DirectionRule> cgmq::createDirectionRule(StringRef name,
                                                         MLIRContext *context) {
  auto found = getRegistry().find(name.str());
  if (found != getRegistry().end())
    return found->second();
  emitError(UnknownLoc::get(context))
      << "expects direction " << llvm::join(getDirectionNames(), ", ")
      << ", but got '" << name << "'";
  return nullptr;
}
