//===- OpTable.cpp - From operations to nodes of ONNX -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpTable.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::to_onnx;

const OpTable &to_onnx::getOpTable() {
  static const OpTable table = [] {
    OpTable result;
    for (auto add : {addContractions, addElementwise, addMovement, addPooling,
                     addQuantizers})
      add(result);
    return result;
  }();
  return table;
}
