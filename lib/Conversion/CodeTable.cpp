//===- CodeTable.cpp - Codes that are looked up ----------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeTable.h"

#include "CodeConstants.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cgmq;

ml_program::GlobalOp cgmq::getWidthsGlobal(linalg::GenericOp quantizer) {
  Value value = quantizer.getInputs()[1];
  if (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>())
    value = slice.getSource();
  auto load = value.getDefiningOp<ml_program::GlobalLoadConstOp>();
  SymbolTableCollection symbolTables;
  return load ? load.getGlobalOp(symbolTables) : ml_program::GlobalOp();
}

std::optional<SmallVector<int64_t>>
cgmq::getKnownWidths(linalg::GenericOp quantizer) {
  ml_program::GlobalOp global = getWidthsGlobal(quantizer);
  if (!global)
    return std::nullopt;
  auto codes = getCodes(global.getValueAttr(), /*isSigned=*/false);
  if (!codes)
    return std::nullopt;
  llvm::sort(*codes);
  codes->erase(llvm::unique(*codes), codes->end());
  return codes;
}

Value cgmq::buildLookup(linalg::GenericOp op, SymbolTable &symbols,
                        StringRef name, ArrayRef<int64_t> entries,
                        ArrayRef<int64_t> widths, ValueRange inputs) {
  Location loc = op.getLoc();
  OpBuilder builder(op);
  auto result = cast<RankedTensorType>(op.getResult(0).getType());
  int64_t numRows = std::max<int64_t>(widths.size(), 1);
  SmallVector<int64_t> shape = {static_cast<int64_t>(entries.size()) / numRows};
  if (!widths.empty())
    shape.insert(shape.begin(), numRows);
  auto type = RankedTensorType::get(shape, result.getElementType());
  // Before all that may call the function: C wants it so.
  auto module = op->getParentOfType<ModuleOp>();
  OpBuilder before(*module.getOps<func::FuncOp>().begin());
  auto global = ml_program::GlobalOp::create(
      before, loc, name, type, /*is_mutable=*/false,
      getCodesAttr(type, entries), builder.getStringAttr("private"));
  symbols.insert(global);
  Value table = ml_program::GlobalLoadConstOp::create(
      builder, loc, type, FlatSymbolRefAttr::get(global));
  // The extents of what the original wrote to may be those of floats.
  Value empty = tensor::EmptyOp::create(
      builder, loc, tensor::getMixedSizes(builder, loc, inputs.front()),
      result.getElementType());
  auto lookup = linalg::GenericOp::create(
      builder, loc, result, inputs, empty, op.getIndexingMapsArray(),
      op.getIteratorTypesArray(),
      [&](OpBuilder &nested, Location loc, ValueRange args) {
        SmallVector<Value> indices = {arith::IndexCastUIOp::create(
            nested, loc, nested.getIndexType(), args[0])};
        if (!widths.empty()) {
          Value row = arith::ConstantIndexOp::create(nested, loc, 0);
          for (auto [index, width] :
               llvm::drop_begin(llvm::enumerate(widths))) {
            Value known = arith::ConstantOp::create(
                nested, loc, nested.getIntegerAttr(args[1].getType(), width));
            Value isWidth = arith::CmpIOp::create(
                nested, loc, arith::CmpIPredicate::eq, args[1], known);
            Value other = arith::ConstantIndexOp::create(nested, loc, index);
            row = arith::SelectOp::create(nested, loc, isWidth, other, row);
          }
          indices.insert(indices.begin(), row);
        }
        Value code = tensor::ExtractOp::create(nested, loc, table, indices);
        linalg::YieldOp::create(nested, loc, code);
      });
  return lookup.getResult(0);
}
