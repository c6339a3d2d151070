//===- FloatParts.cpp - What of a network has no integer form --*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/FloatParts.h"

#include "ElementFunctions.h"
#include "QuantizedValues.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"
#include "cgmq/Support/Scaling.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {
/// How an operation takes part in integers.
enum class Role {
  /// Constants, parameters, quantizers, the end of the function.
  Border,
  /// Multiplies codes.
  Contraction,
  /// Integers where its operand is integers.
  Unary,
  /// Integers where its operands are integers of one step.
  Join,
  /// Has no integer form.
  Float,
};
} // namespace

static Role getRole(Operation *op) {
  return llvm::TypeSwitch<Operation *, Role>(op)
      .Case<tosa::AddOp, tosa::SubOp, tosa::ConcatOp>(
          [](auto) { return Role::Join; })
      .Case<tosa::AvgPool2dOp, tosa::ReduceSumOp, tosa::ClampOp, tosa::PadOp>(
          [](auto) { return Role::Unary; })
      .Case([](tosa::MulOp mul) {
        return succeeded(getScaling(mul)) ? Role::Unary : Role::Float;
      })
      .Case<quant::QuantizeCastOp, quant::DequantizeCastOp,
            quant::StorageCastOp, QuantizeUnitsOp, ml_program::GlobalLoadOp,
            ml_program::GlobalLoadConstOp, tosa::ConstShapeOp, func::ReturnOp>(
          [](auto) { return Role::Border; })
      .Default([](Operation *op) {
        if (op->hasTrait<OpTrait::ConstantLike>())
          return Role::Border;
        auto cost = dyn_cast<BopCostOpInterface>(op);
        if (cost && cost.getFactors().first)
          return Role::Contraction;
        return cost && cost.preservesCodes() ? Role::Unary : Role::Float;
      });
}

/// Whether `value` is codes that were moved at most, or have zeros around them.
static bool isCodes(Value value) {
  while (auto mover = value.getDefiningOp<BopCostOpInterface>()) {
    if (!mover.preservesCodes() && !isa<tosa::PadOp>(mover))
      break;
    value = mover->getOperand(0);
  }
  return value.getDefiningOp<quant::DequantizeCastOp>() != nullptr;
}

/// Whether a sum adds a parameter to the result of a contraction.
static bool addsBias(Operation *op) {
  if (!isa<tosa::AddOp>(op))
    return false;
  auto isProduct = [](Value value) {
    Operation *source = getSource(value).getDefiningOp();
    return source && getRole(source) == Role::Contraction;
  };
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  return (isProduct(lhs) && isIndependentOfArguments(rhs)) ||
         (isProduct(rhs) && isIndependentOfArguments(lhs));
}

FloatParts::FloatParts(func::FuncOp function, bool isFrozen, bool tables)
    : isFrozen(isFrozen) {
  if (!function.getBody().hasOneBlock())
    return;
  SmallVector<ElementFunction> functions;
  if (tables)
    functions = findElementFunctions(function);
  DenseMap<Value, unsigned> functionOf;
  for (auto [index, candidate] : llvm::enumerate(functions))
    functionOf[candidate.result] = index;
  // The functions that are tables if their sources are no floats.
  DenseMap<Operation *, SmallVector<unsigned>> tablesOf;
  for (Operation &op : llvm::reverse(function.getBody().front())) {
    if (op.getNumResults() == 1)
      if (auto found = functionOf.find(op.getResult(0));
          found != functionOf.end() && isTable(functions[found->second]))
        for (Operation *part : functions[found->second].ops) {
          tablesOf[part].push_back(found->second);
          tableOps.insert(part);
        }
    if (Role role = getRole(&op);
        (role == Role::Unary || role == Role::Join) && !op.use_empty() &&
        llvm::all_of(op.getUsers(),
                     [&](Operation *user) { return leadsToFloats(user); }))
      leadingToFloats.insert(&op);
  }
  for (Operation &op : function.getBody().front()) {
    for (unsigned index : tablesOf.lookup(&op)) {
      if (isFloat(functions[index].source))
        continue;
      ops.insert(&op);
      if (functions[index].result.getDefiningOp() != &op)
        continue;
      tabulated.insert(&op);
      this->tables.push_back(functions[index]);
    }
    if (isFloat(&op))
      ops.insert(&op);
  }
}

bool FloatParts::leadsToFloats(Operation *op) const {
  return !tableOps.contains(op) &&
         (getRole(op) == Role::Float || leadingToFloats.contains(op));
}

bool FloatParts::isTable(const ElementFunction &function) const {
  auto isQuantized = [&](Operation *user) {
    return !leadsToFloats(user) && !user->hasTrait<OpTrait::IsTerminator>();
  };
  return llvm::any_of(
             function.ops,
             [](Operation *op) { return getRole(op) == Role::Float; }) &&
         llvm::any_of(function.result.getUsers(), isQuantized);
}

bool FloatParts::isFloat(Value value) const {
  Operation *definition = value.getDefiningOp();
  return definition && ops.contains(definition) &&
         !tabulated.contains(definition);
}

bool FloatParts::isFloat(Operation *op) const {
  auto readsFloats = [&] {
    return llvm::any_of(op->getOperands(),
                        [&](Value operand) { return isFloat(operand); });
  };
  switch (getRole(op)) {
  case Role::Border:
    return false;
  case Role::Contraction: {
    auto [lhs, rhs] = cast<BopCostOpInterface>(op).getFactors();
    return isFrozen && !(isCodes(lhs->get()) && isCodes(rhs->get()));
  }
  case Role::Unary:
    return readsFloats();
  case Role::Join:
    return readsFloats() || (!addsBias(op) && leadingToFloats.contains(op));
  case Role::Float:
    return true;
  }
  llvm_unreachable("unknown role");
}
