//===- UnitQuantizer.cpp - Codes of widths that differ -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "UnitQuantizer.h"

#include "cgmq/Dialect/CGMQ/IR/EmittedArithmetic.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Support/Elementwise.h"

using namespace mlir;
using namespace mlir::cgmq;

Value cgmq::buildUnitCodes(OpBuilder &builder, Location loc, Value input,
                           Value widths, float range,
                           quant::UniformQuantizedType type, Type elementType) {
  int64_t finest = type.getStorageTypeIntegralWidth();
  NestedGrids nested(range, finest, type.isSigned());
  return buildElementwise(
      builder, loc, {input, widths}, elementType,
      [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
        EmittedArithmetic arith(b, loc, b.getF32Type());
        SmallVector<NestedGrid<EmittedArithmetic>> grids;
        for (auto [width, host] : llvm::zip(kGateWidths, nested.grids)) {
          if (width > finest)
            break;
          grids.push_back({{/*step=*/{}, arith.constant(host.grid.inverseStep),
                            arith.constant(host.grid.minCode),
                            arith.constant(host.grid.maxCode),
                            /*isFloat=*/{}},
                           arith.constant(host.ratio)});
        }
        Value width = arith::UIToFPOp::create(b, loc, b.getF32Type(), args[1]);
        Value code = getNestedCodeOfWidth<EmittedArithmetic>(arith, args[0],
                                                             width, grids);
        if (elementType.isF32())
          return code;
        if (type.isSigned())
          return arith::FPToSIOp::create(b, loc, elementType, code);
        return arith::FPToUIOp::create(b, loc, elementType, code);
      });
}
