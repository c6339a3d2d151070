//===- VectorUnit.cpp - The machine's vectors -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/VectorUnit.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::cgmq;

FailureOr<VectorUnit> VectorUnit::get(Operation *op, int64_t bits) {
  if (bits < 128 || !llvm::isPowerOf2_64(bits))
    return op->emitError()
           << "expects a power of two from 128 as vector-bits, but got "
           << bits;
  return VectorUnit(bits);
}
