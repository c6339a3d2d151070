//===- Machine.cpp - What the lowering knows of the machine ----*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Machine.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::cgmq;

FailureOr<Machine> Machine::get(Operation *op, int64_t vectorBits,
                                int64_t threads, bool vnni) {
  if (vectorBits < 128 || !llvm::isPowerOf2_64(vectorBits))
    return op->emitError()
           << "expects a power of two from 128 as vector-bits, but got "
           << vectorBits;
  if (vnni && vectorBits > 512)
    return op->emitError() << "expects at most 512 as vector-bits with vnni, "
                              "but got "
                           << vectorBits;
  if (threads < 1 || threads > kMostThreads)
    return op->emitError() << "expects 1 to " << kMostThreads
                           << " threads, but got " << threads;
  return Machine(vectorBits, threads, vnni);
}
