//===- ContractIntegers.h - Contractions of codes as bytes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_CGMQTOLINALG_CONTRACTINTEGERS_H
#define CGMQ_LIB_CONVERSION_CGMQTOLINALG_CONTRACTINTEGERS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::cgmq {

/// Marks an op that computes codes on a grid whose least and greatest code and
/// kind are its inputs `kMinCode` and so on: they tell whether the codes fit
/// into a byte. The mark is for contractIntegers(), which takes it off.
void markCodes(Operation *codes, bool isSigned);

/// Inputs of ops that compute codes.
enum CodesInput : unsigned {
  kInput,
  kInverseStep,
  kMinCode,
  kMaxCode,
  kIsFloat
};

/// Gives contractions of marked codes, unsigned by signed ones, two forms, of
/// which one is selected at run time: on bytes where the codes of both factors
/// fit, else on floats. Each gives what the other does as long as sums of codes
/// are exact in floats. Those with few products in a sum keep the one form.
/// Without `enabled` it only takes the marks off.
void contractIntegers(Operation *root, bool enabled);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_CGMQTOLINALG_CONTRACTINTEGERS_H
