//===- Passes.h - Transforms passes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_PASSES_H
#define CGMQ_TRANSFORMS_PASSES_H

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Transforms/Differentiate.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::cgmq {

/// What one gate decides the width of.
enum class Granularity { Layer, Channel, Element };

/// How the model's input is quantized.
enum class InputWidth { Gated, Fixed8 };

/// What functions of elements (sigmoid, GELU) between contractions become.
enum class ElementFunctionForm { Tables, Floats };

#define GEN_PASS_DECL
#include "cgmq/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "cgmq/Transforms/Passes.h.inc"

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_PASSES_H
