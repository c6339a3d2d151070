//===- NPU.h - Cost model, pass and direction of another project -*- C++
//-*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NPU_H
#define NPU_H

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/Pass/Pass.h"

#include "NPUDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "NPUAttributes.h.inc"

namespace npu {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "NPUPasses.h.inc"

/// Registers the direction `even`.
void registerEvenDirection();

} // namespace npu

#endif // NPU_H
