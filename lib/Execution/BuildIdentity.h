//===- BuildIdentity.h - Which compiler this is -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXECUTION_BUILDIDENTITY_H
#define CGMQ_LIB_EXECUTION_BUILDIDENTITY_H

#include "llvm/ADT/StringRef.h"

namespace mlir::cgmq {

/// Tells this build of the compiler from any other: what the program consists
/// of, with the shared libraries of MLIR and LLVM.
llvm::StringRef getBuildIdentity();

} // namespace mlir::cgmq

#endif // CGMQ_LIB_EXECUTION_BUILDIDENTITY_H
