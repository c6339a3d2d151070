//===- CGMQ.h - The cgmq dialect -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_DIALECT_CGMQ_IR_CGMQ_H
#define CGMQ_DIALECT_CGMQ_IR_CGMQ_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQDialect.h.inc"
#include "cgmq/Dialect/CGMQ/IR/CGMQEnums.h.inc"

#include "cgmq/Dialect/CGMQ/IR/CGMQAttrInterfaces.h.inc"

#define GET_ATTRDEF_CLASSES
#include "cgmq/Dialect/CGMQ/IR/CGMQAttributes.h.inc"

#define GET_TYPEDEF_CLASSES
#include "cgmq/Dialect/CGMQ/IR/CGMQTypes.h.inc"

#define GET_OP_CLASSES
#include "cgmq/Dialect/CGMQ/IR/CGMQOps.h.inc"

namespace mlir::cgmq {

/// The budgets that an operation carries; none where it has no valid one.
SmallVector<BudgetAttr> getBudgets(Operation *op);
/// One budget as it is, several as an array.
Attribute getBudgetsAttr(ArrayRef<BudgetAttr> budgets);

} // namespace mlir::cgmq

#endif // CGMQ_DIALECT_CGMQ_IR_CGMQ_H
