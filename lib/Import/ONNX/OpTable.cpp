//===- OpTable.cpp - From operations of ONNX to TOSA -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpTable.h"

using namespace mlir;
using namespace mlir::cgmq;

const OpTable &cgmq::getOpTable() {
  static const OpTable table = [] {
    OpTable result;
    for (auto add :
         {addActivations, addConvolutions, addElementwise, addIndexing,
          addMatrixProducts, addMovement, addNormalizations, addPadding,
          addPooling, addReductions, addResizing})
      add(result);
    return result;
  }();
  return table;
}
