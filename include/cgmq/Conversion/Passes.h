//===- Passes.h - Conversion passes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_CONVERSION_PASSES_H
#define CGMQ_CONVERSION_PASSES_H

#include "cgmq/Conversion/Border.h"
#include "cgmq/Conversion/QDQQuantizers.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Support/ImageLayout.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::cgmq {

#define GEN_PASS_DECL
#include "cgmq/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "cgmq/Conversion/Passes.h.inc"

} // namespace mlir::cgmq

#endif // CGMQ_CONVERSION_PASSES_H
