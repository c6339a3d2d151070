//===- OpTable.h - From operations to nodes of ONNX -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXPORT_ONNX_OPTABLE_H
#define CGMQ_LIB_EXPORT_ONNX_OPTABLE_H

#include "GraphExporter.h"

#include "llvm/ADT/StringMap.h"

#include <functional>

/// Apart from the importer's names, which is loaded beside it.
namespace mlir::cgmq::to_onnx {

/// What adds the nodes that an operation becomes, by the operation's name.
class OpTable {
public:
  using ExportOp = std::function<LogicalResult(GraphExporter &, Operation *)>;

  template <typename OpTy>
  void add(LogicalResult (*exportOp)(GraphExporter &, OpTy)) {
    exporters[OpTy::getOperationName()] = [exportOp](GraphExporter &exporter,
                                                     Operation *op) {
      return exportOp(exporter, cast<OpTy>(op));
    };
  }

  /// Null where there is none.
  const ExportOp *find(Operation *op) const {
    auto found = exporters.find(op->getName().getStringRef());
    return found == exporters.end() ? nullptr : &found->second;
  }

private:
  llvm::StringMap<ExportOp> exporters;
};

void addContractions(OpTable &table);
void addElementwise(OpTable &table);
void addMovement(OpTable &table);
void addPooling(OpTable &table);
void addQuantizers(OpTable &table);

/// All of them.
const OpTable &getOpTable();

} // namespace mlir::cgmq::to_onnx

#endif // CGMQ_LIB_EXPORT_ONNX_OPTABLE_H
