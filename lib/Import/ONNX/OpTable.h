//===- OpTable.h - From operations of ONNX to TOSA -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_IMPORT_ONNX_OPTABLE_H
#define CGMQ_LIB_IMPORT_ONNX_OPTABLE_H

#include "Node.h"

#include "llvm/ADT/StringMap.h"

namespace mlir::cgmq {

/// Builds what a node stands for and sets its results; an error says what it
/// refuses.
using ImportOp = LogicalResult (*)(Node &node);

/// Operations by their names; those that are not ONNX's own have their domain
/// before: "com.microsoft::Gelu".
using OpTable = llvm::StringMap<ImportOp>;

void addActivations(OpTable &table);
void addConvolutions(OpTable &table);
void addElementwise(OpTable &table);
void addIndexing(OpTable &table);
void addMatrixProducts(OpTable &table);
void addMovement(OpTable &table);
void addNormalizations(OpTable &table);
void addPadding(OpTable &table);
void addPooling(OpTable &table);
void addReductions(OpTable &table);
void addResizing(OpTable &table);

/// All of them.
const OpTable &getOpTable();

/// Computes the results of a node whose operands are constants, or that asks
/// for shapes alone. False where that is not known to be possible.
FailureOr<bool> foldNode(Node &node);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_IMPORT_ONNX_OPTABLE_H
