//===- TosaWindowRules.h - Rules of contractions and pooling -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_INTERFACES_EXTERNALMODELS_TOSAWINDOWRULES_H
#define CGMQ_LIB_INTERFACES_EXTERNALMODELS_TOSAWINDOWRULES_H

namespace mlir {
class MLIRContext;
namespace cgmq {

/// Attaches the gradient rules of TOSA's contractions and of its operations on
/// sliding windows; part of `registerTosaDifferentiableModels`.
void attachTosaWindowRules(MLIRContext *context);

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_LIB_INTERFACES_EXTERNALMODELS_TOSAWINDOWRULES_H
