//===- TosaMovementRules.h - Rules of what moves elements -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_INTERFACES_EXTERNALMODELS_TOSAMOVEMENTRULES_H
#define CGMQ_LIB_INTERFACES_EXTERNALMODELS_TOSAMOVEMENTRULES_H

namespace mlir {
class MLIRContext;
namespace cgmq {

/// Attaches the gradient rules of TOSA's operations that put elements
/// elsewhere; part of `registerTosaDifferentiableModels`.
void attachTosaMovementRules(MLIRContext *context);

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_LIB_INTERFACES_EXTERNALMODELS_TOSAMOVEMENTRULES_H
