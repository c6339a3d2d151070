//===- CNames.h - Names and types of C -------------------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_TARGET_CNAMES_H
#define CGMQ_LIB_TARGET_CNAMES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>

namespace mlir::cgmq {

/// The one public function of a module that has a body. Fails, with an error,
/// where there is none or several, or its name is none of C.
FailureOr<func::FuncOp> getEntryPoint(ModuleOp module);

/// `name` with what C does not take in a name replaced.
std::string getCName(StringRef name);

/// The type of <stdint.h>, or float, for a type; nothing where C has none.
std::optional<std::string> getCType(Type type, bool isUnsigned = false);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TARGET_CNAMES_H
