//===- FloatBorder.h - Floats around an integer function -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_QUANTTOINTEGER_FLOATBORDER_H
#define CGMQ_LIB_CONVERSION_QUANTTOINTEGER_FLOATBORDER_H

#include "IntegerFunction.h"

namespace mlir::cgmq {

/// Makes `function` the float border of `integer`: it quantizes its arguments,
/// calls, and scales the results.
void buildFloatBorder(func::FuncOp function, IntegerFunction &integer);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_QUANTTOINTEGER_FLOATBORDER_H
