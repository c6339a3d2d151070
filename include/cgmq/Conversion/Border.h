//===- Border.h - What a compiled function takes and gives -----*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_CONVERSION_BORDER_H
#define CGMQ_CONVERSION_BORDER_H

namespace mlir::cgmq {

/// What the arguments of an integer program are to its callers. Its results are
/// integers, except with floats.
enum class Border { Bytes, Codes, Floats };

} // namespace mlir::cgmq

#endif // CGMQ_CONVERSION_BORDER_H
