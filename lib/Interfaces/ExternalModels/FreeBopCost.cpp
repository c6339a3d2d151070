//===- FreeBopCost.cpp - Operations that cost nothing -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BopCostModels.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Interfaces/ExternalModels/BopCost.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace mlir::cgmq;

void cgmq::registerFreeBopCostModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, CGMQDialect *) {
    attachBopCostModel<FreeModel, QuantizeOp, QuantizeUnitsOp, DequantizeOp,
                       AlignOp, BitWidthOp>(context);
  });
  registry.addExtension(+[](MLIRContext *context, quant::QuantDialect *) {
    attachBopCostModel<FreeModel, quant::QuantizeCastOp,
                       quant::DequantizeCastOp, quant::StorageCastOp>(context);
  });
  registry.addExtension(
      +[](MLIRContext *context, ml_program::MLProgramDialect *) {
        attachBopCostModel<FreeModel, ml_program::GlobalLoadOp,
                           ml_program::GlobalLoadConstOp>(context);
      });
  // Only constants and the arithmetic of extents: a product of tensors that
  // arith computes is not known to be free.
  registry.addExtension(+[](MLIRContext *context, arith::ArithDialect *) {
    attachBopCostModel<FreeModel, arith::ConstantOp, arith::IndexCastOp,
                       arith::SIToFPOp>(context);
  });
  registry.addExtension(+[](MLIRContext *context, func::FuncDialect *) {
    attachBopCostModel<FreeModel, func::ReturnOp>(context);
  });
}
