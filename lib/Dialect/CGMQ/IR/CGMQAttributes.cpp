//===- CGMQAttributes.cpp - Attributes of the cgmq dialect -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::cgmq;

#define GET_ATTRDEF_CLASSES
#include "cgmq/Dialect/CGMQ/IR/CGMQAttributes.cpp.inc"

void CGMQDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "cgmq/Dialect/CGMQ/IR/CGMQAttributes.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// HeUniformAttr
//===----------------------------------------------------------------------===//

LogicalResult
HeUniformAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                      int64_t fanIn, uint64_t seed) {
  if (fanIn <= 0)
    return emitError() << "expects fan_in greater than zero, but got " << fanIn;
  return success();
}
