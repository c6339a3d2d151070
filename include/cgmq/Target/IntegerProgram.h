//===- IntegerProgram.h - Integer programs as files of C -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TARGET_INTEGERPROGRAM_H
#define CGMQ_TARGET_INTEGERPROGRAM_H

#include "cgmq/Conversion/Border.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace mlir::cgmq {

/// The machine that object code is for, as clang's options name it.
struct TargetOptions {
  /// Empty for that of the host.
  std::string triple;
  /// Empty for one that all machines of the triple have; "native" for the host
  /// with its features.
  std::string cpu;
  /// "+avx2,-fma" and the like.
  std::string features;
};

/// How an integer program leaves.
struct IntegerProgramOptions {
  /// May be empty where there is only one that no other calls.
  std::string function;
  /// Samples that a call takes.
  int64_t batch = 1;
  Border border = Border::Bytes;
  /// Of object code.
  TargetOptions target;
};

/// Writes the integer program of a module as C11, as object code, and the
/// header that declares it. The module is lowered on the way, and is of no use
/// afterwards. Errors are emitted at operations.
LogicalResult translateToC(ModuleOp module,
                           const IntegerProgramOptions &options,
                           raw_ostream &os);
LogicalResult translateToObject(ModuleOp module,
                                const IntegerProgramOptions &options,
                                raw_ostream &os);
LogicalResult translateToHeader(ModuleOp module,
                                const IntegerProgramOptions &options,
                                raw_ostream &os);

/// Writes what the object code takes, as JSON: bytes of code, of constants as
/// the file has them and once unpacked, of activations, and of the file.
LogicalResult translateToSizes(ModuleOp module,
                               const IntegerProgramOptions &options,
                               raw_ostream &os);

} // namespace mlir::cgmq

#endif // CGMQ_TARGET_INTEGERPROGRAM_H
