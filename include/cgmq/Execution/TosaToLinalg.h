//===- TosaToLinalg.h - The first step of any lowering ---------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_TOSATOLINALG_H
#define CGMQ_EXECUTION_TOSATOLINALG_H

namespace mlir {
class OpPassManager;

namespace cgmq {

/// tosa and elementwise operations on tensors -> linalg, tensor, arith.
void addTosaToLinalg(OpPassManager &manager);

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_EXECUTION_TOSATOLINALG_H
