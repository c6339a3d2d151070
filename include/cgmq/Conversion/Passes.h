//===- Passes.h - Conversion passes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_CONVERSION_PASSES_H
#define CGMQ_CONVERSION_PASSES_H

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/Pass/Pass.h"

namespace mlir::cgmq {

#define GEN_PASS_DECL
#include "cgmq/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "cgmq/Conversion/Passes.h.inc"

} // namespace mlir::cgmq

#endif // CGMQ_CONVERSION_PASSES_H
