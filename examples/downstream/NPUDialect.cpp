//===- NPUDialect.cpp - Energy as a cost model -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NPU.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace npu;

#include "NPUDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "NPUAttributes.cpp.inc"

void NPUDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "NPUAttributes.cpp.inc"
      >();
}

StringRef EnergyAttr::getModelName() const { return "energy"; }
// What is neither bop nor bit counts as cost.
StringRef EnergyAttr::getUnitName() const {
  return cgmq::stringifyBudgetUnit(cgmq::BudgetUnit::Cost);
}
std::string EnergyAttr::describe() const { return "femtojoules"; }

double EnergyAttr::getMacCost(cgmq::ContractionKind, int64_t lhsWidth,
                              int64_t rhsWidth) const {
  return static_cast<double>(getMultiply() * lhsWidth * rhsWidth);
}
double EnergyAttr::getBitCost() const { return static_cast<double>(getRead()); }
