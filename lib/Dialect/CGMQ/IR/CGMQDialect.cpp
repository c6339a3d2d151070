//===- CGMQDialect.cpp - The cgmq dialect -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/SmallSet.h"

using namespace mlir;
using namespace mlir::cgmq;

#include "cgmq/Dialect/CGMQ/IR/CGMQDialect.cpp.inc"
#include "cgmq/Dialect/CGMQ/IR/CGMQEnums.cpp.inc"

void CGMQDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "cgmq/Dialect/CGMQ/IR/CGMQOps.cpp.inc"
      >();
  registerTypes();
  registerAttributes();
}

Operation *CGMQDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                            Type type, Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

static LogicalResult verifyWidth(Operation *op, Attribute value) {
  auto width = dyn_cast<IntegerAttr>(value);
  if (width && width.getType().isInteger(64) &&
      llvm::is_contained(GatedType::getDefaultWidths(), width.getInt()))
    return success();
  InFlightDiagnostic diag = op->emitOpError()
                            << "expects '" << CGMQDialect::kWidthAttrName
                            << "' to be 2, 4, 8, 16 or 32 of type i64, but got "
                            << value;
  if (width && width.getInt() == kPrunedWidth)
    diag.attachNote() << "without all of a value, nothing would depend on what "
                         "it is made of";
  return diag;
}

/// One budget, or several of different cost models.
static LogicalResult verifyBudget(Operation *op, NamedAttribute attr) {
  StringRef name = attr.getName().getValue();
  if (!isa<FunctionOpInterface>(op))
    return op->emitOpError() << "expects '" << name << "' on functions only";
  SmallVector<BudgetAttr> budgets = getBudgets(op);
  if (budgets.empty())
    return op->emitOpError() << "expects '" << name
                             << "' to be a #cgmq.budget or an array of them, "
                                "but got "
                             << attr.getValue();
  llvm::SmallSet<StringRef, 4> models;
  for (BudgetAttr budget : budgets)
    if (StringRef model = budget.getModel().getModelName();
        !models.insert(model).second)
      return op->emitOpError() << "expects one budget for each cost model, but "
                                  "got several for '"
                               << model << "'";
  return success();
}

/// What the record of a parameter's bits may say.
static LogicalResult verifyBits(Operation *op, NamedAttribute attr) {
  auto bits = dyn_cast<IntegerAttr>(attr.getValue());
  if (isa<ml_program::GlobalOp>(op) && bits &&
      bits.getType().isSignlessInteger(64) && bits.getInt() >= 0)
    return success();
  return op->emitOpError()
         << "expects '" << attr.getName().getValue()
         << "' to be an i64 of an ml_program.global, zero or more";
}

LogicalResult CGMQDialect::verifyOperationAttribute(Operation *op,
                                                    NamedAttribute attr) {
  StringRef name = attr.getName().getValue();
  if (name == kBudgetAttrName)
    return verifyBudget(op, attr);
  if (name == kBitsAttrName)
    return verifyBits(op, attr);
  if (name == kRangesAttrName || name == kErrorsAttrName) {
    auto quantize = dyn_cast<QuantizeOp>(op);
    auto numbers = dyn_cast<DenseF32ArrayAttr>(attr.getValue());
    if (!quantize || !numbers ||
        numbers.size() !=
            static_cast<int64_t>(quantize.getGatedType().getWidths().size()))
      return op->emitOpError()
             << "expects '" << name
             << "' to be an array<f32> with one number for each width of a "
                "cgmq.quantize";
    return success();
  }
  if (name == kWidthAttrName)
    return verifyWidth(op, attr.getValue());
  if (name == kCheckpointAttrName) {
    if (!isa<ModuleOp>(op) || !isa<DictionaryAttr>(attr.getValue()))
      return op->emitOpError()
             << "expects '" << name << "' to be a dictionary of a module";
    return success();
  }
  if (name == kWidthsAttrName) {
    auto widths = dyn_cast<DenseI64ArrayAttr>(attr.getValue());
    if (!widths || widths.size() != 2)
      return op->emitOpError()
             << "expects '" << name << "' to be an array<i64> of two widths";
    return success();
  }
  if (name == kFactorsAttrName) {
    auto factors = dyn_cast<DenseF32ArrayAttr>(attr.getValue());
    if (!factors || factors.size() != 2)
      return op->emitOpError()
             << "expects '" << name << "' to be an array<f32> of two factors";
    return success();
  }
  if (name == kUnitWidthsAttrName || name == kLhsWidthsAttrName ||
      name == kRhsWidthsAttrName) {
    if (!isa<FlatSymbolRefAttr>(attr.getValue()))
      return op->emitOpError()
             << "expects '" << name
             << "' to be the symbol of a global of widths, but got "
             << attr.getValue();
    return success();
  }
  return op->emitOpError() << "has unknown attribute '" << name
                           << "' of the cgmq dialect";
}

static LogicalResult verifyGradientOf(Operation *op, NamedAttribute attr) {
  if (isa<FlatSymbolRefAttr>(attr.getValue()))
    return success();
  return op->emitOpError() << "expects '" << attr.getName().getValue()
                           << "' to be the symbol of a global, but got "
                           << attr.getValue();
}

static LogicalResult verifyStep(Operation *op, NamedAttribute attr) {
  auto step = dyn_cast<FloatAttr>(attr.getValue());
  if (step && step.getType().isF32())
    return success();
  return op->emitOpError() << "expects '" << attr.getName().getValue()
                           << "' to be an f32, but got " << attr.getValue();
}

LogicalResult CGMQDialect::verifyRegionArgAttribute(Operation *op,
                                                    unsigned regionIndex,
                                                    unsigned argIndex,
                                                    NamedAttribute attr) {
  // Bufferization turns results into arguments.
  if (attr.getName() == kGradientOfAttrName)
    return verifyGradientOf(op, attr);
  if (attr.getName() == kStepAttrName)
    return verifyStep(op, attr);
  if (attr.getName() == kWidthAttrName)
    return verifyWidth(op, attr.getValue());
  if (attr.getName() == kGlobalAttrName) {
    if (!isa<StringAttr>(attr.getValue()))
      return op->emitOpError() << "expects argument attribute '"
                               << kGlobalAttrName << "' to be a string";
    return success();
  }
  if (attr.getName() != kNonnegativeAttrName &&
      attr.getName() != kArenaAttrName && attr.getName() != kUnsignedAttrName)
    return op->emitOpError()
           << "has unknown argument attribute '" << attr.getName().getValue()
           << "' of the cgmq dialect";
  if (!isa<UnitAttr>(attr.getValue()))
    return op->emitOpError() << "expects argument attribute '"
                             << attr.getName().getValue() << "' to be a unit";
  return success();
}

LogicalResult CGMQDialect::verifyRegionResultAttribute(Operation *op,
                                                       unsigned regionIndex,
                                                       unsigned resultIndex,
                                                       NamedAttribute attr) {
  if (attr.getName() == kGradientOfAttrName)
    return verifyGradientOf(op, attr);
  if (attr.getName() == kStepAttrName)
    return verifyStep(op, attr);
  return op->emitOpError() << "has unknown result attribute '"
                           << attr.getName().getValue()
                           << "' of the cgmq dialect";
}
