//===- UnitWidths.cpp - Widths that differ within a tensor -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Analysis/UnitWidths.h"

#include "cgmq/Analysis/GateUnits.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The integers of a constant global; null where it is none.
static DenseIntElementsAttr getConstant(ml_program::GlobalOp global) {
  if (!global || global.getIsMutable())
    return {};
  return dyn_cast_if_present<DenseIntElementsAttr>(global.getValueAttr());
}

static LogicalResult verifyShape(Operation *user, RankedTensorType widths,
                                 RankedTensorType tensor) {
  auto isShared = [](auto pair) {
    auto [unitExtent, extent] = pair;
    return unitExtent == 1 || unitExtent == extent;
  };
  if (widths.getRank() == tensor.getRank() &&
      llvm::all_of(llvm::zip_equal(widths.getShape(), getSampleShape(tensor)),
                   isShared))
    return success();
  return user->emitOpError()
         << "expects widths of the rank of the tensor and extents 1 or equal "
            "to its, but got "
         << widths << " for " << tensor;
}

FailureOr<UnitWidths>
cgmq::readUnitWidths(Operation *user, FlatSymbolRefAttr name,
                     RankedTensorType tensor, int64_t finest,
                     SymbolTableCollection &symbolTables) {
  auto global =
      symbolTables.lookupNearestSymbolFrom<ml_program::GlobalOp>(user, name);
  DenseIntElementsAttr constant = getConstant(global);
  if (!constant || !constant.getElementType().isInteger(8)) {
    InFlightDiagnostic diag = user->emitOpError()
                              << "expects widths from a constant global of i8 "
                                 "with a value, but got "
                              << name;
    if (global)
      diag.attachNote(global.getLoc()) << "the global is here";
    return diag;
  }
  auto type = cast<RankedTensorType>(constant.getType());
  if (failed(verifyShape(user, type, tensor)))
    return failure();
  UnitWidths units{global, llvm::to_vector(type.getShape()), {}};
  units.widths.reserve(constant.size());
  for (int8_t width : constant.getValues<int8_t>()) {
    bool isWidth =
        width == kPrunedWidth || llvm::is_contained(kGateWidths, width);
    if (!isWidth || width > finest) {
      InFlightDiagnostic diag =
          user->emitOpError()
          << "expects widths out of 0, 2, 4, 8 and 16 and of at most " << finest
          << " bits, which the codes have, but got "
          << static_cast<int64_t>(width);
      diag.attachNote(global.getLoc()) << "the widths are here";
      return diag;
    }
    units.widths.push_back(static_cast<uint8_t>(width));
  }
  return units;
}

FailureOr<UnitWidths>
cgmq::readUnitWidths(QuantizeUnitsOp op, SymbolTableCollection &symbolTables) {
  auto load = op.getWidths().getDefiningOp<ml_program::GlobalLoadConstOp>();
  auto name = load ? dyn_cast<FlatSymbolRefAttr>(load.getGlobal()) : nullptr;
  if (!name) {
    InFlightDiagnostic diag = op.emitOpError()
                              << "expects widths from a constant global";
    diag.attachNote(op.getWidths().getLoc()) << "the widths are defined here";
    return diag;
  }
  return readUnitWidths(op, name, op.getInput().getType(),
                        op.getUniformType().getStorageTypeIntegralWidth(),
                        symbolTables);
}

/// Checks that each code is one of the width of its unit, seen from the finest
/// grid: what a cost counts is what the program holds.
static LogicalResult verifyCodes(quant::StorageCastOp op, UnitWidths &units,
                                 quant::UniformQuantizedType type,
                                 SymbolTableCollection &symbolTables) {
  auto load = op.getInput().getDefiningOp<ml_program::GlobalLoadConstOp>();
  DenseIntElementsAttr codes =
      load ? getConstant(load.getGlobalOp(symbolTables)) : nullptr;
  if (!codes)
    return op.emitOpError() << "expects codes from a constant global";
  auto shape = cast<RankedTensorType>(op.getType());
  std::vector<int32_t> unitOf =
      getUnits({llvm::to_vector(shape.getShape()), units.shape}, {});
  int64_t finest = type.getStorageTypeIntegralWidth();
  for (auto [code, unit] : llvm::zip(codes.getValues<APInt>(), unitOf)) {
    int64_t width = units.widths[unit];
    int64_t ratio = getNestedRatio(width, finest);
    int64_t number =
        type.isSigned() ? code.getSExtValue() : int64_t(code.getZExtValue());
    if (number % ratio == 0 &&
        number >= ratio * getMinCode(width, type.isSigned()) &&
        number <= ratio * getMaxCode(width, type.isSigned()))
      continue;
    InFlightDiagnostic diag = op.emitOpError()
                              << "expects codes of the widths of their units, "
                                 "but got "
                              << number << " for " << width << " of " << finest
                              << " bits";
    diag.attachNote(units.global.getLoc()) << "the widths are here";
    return diag;
  }
  return success();
}

FailureOr<std::optional<UnitWidths>>
cgmq::readUnitWidths(quant::StorageCastOp op,
                     SymbolTableCollection &symbolTables) {
  auto name =
      op->getAttrOfType<FlatSymbolRefAttr>(CGMQDialect::kUnitWidthsAttrName);
  if (!name)
    return std::optional<UnitWidths>();
  auto tensor = dyn_cast<RankedTensorType>(op.getType());
  auto type =
      tensor ? dyn_cast<quant::UniformQuantizedType>(tensor.getElementType())
             : nullptr;
  if (!type || !tensor.hasStaticShape())
    return op.emitOpError()
           << "expects a static !quant.uniform tensor for '"
           << CGMQDialect::kUnitWidthsAttrName << "', but got " << op.getType();
  FailureOr<UnitWidths> units = readUnitWidths(
      op, name, tensor, type.getStorageTypeIntegralWidth(), symbolTables);
  if (failed(units) || failed(verifyCodes(op, *units, type, symbolTables)))
    return failure();
  return std::optional<UnitWidths>(std::move(*units));
}
