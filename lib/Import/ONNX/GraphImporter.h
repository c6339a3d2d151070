//===- GraphImporter.h - From a graph to a function -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_IMPORT_ONNX_GRAPHIMPORTER_H
#define CGMQ_LIB_IMPORT_ONNX_GRAPHIMPORTER_H

#include "GlobalTable.h"
#include "Node.h"

#include "cgmq/Import/ONNX.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

namespace onnx {
class FunctionProto;
class ModelProto;
class NodeProto;
class ValueInfoProto;
} // namespace onnx

namespace mlir::cgmq {

/// Walks the nodes of a model that libonnx has checked, in order, and builds a
/// function of them.
class GraphImporter {
public:
  GraphImporter(onnx::ModelProto &model, const OnnxImportOptions &options,
                ModuleOp module);

  LogicalResult run();

private:
  /// The values that nodes can name, and the operator sets that say what nodes
  /// mean: those of the graph, or of a function that is being inlined.
  struct Scope {
    llvm::StringMap<GraphValue> values;
    llvm::StringMap<int64_t> opsets;
    /// What values of the graph are said to be; null in functions.
    const llvm::StringMap<const onnx::ValueInfoProto *> *types = nullptr;
  };

  LogicalResult importInitializers(Scope &scope);
  LogicalResult importInputs(Scope &scope);
  LogicalResult importResults(Scope &scope);
  LogicalResult importNode(const onnx::NodeProto &node, Scope &scope);
  /// Imports the nodes of what defines `node` instead.
  LogicalResult inlineFunction(const onnx::NodeProto &node,
                               const onnx::FunctionProto &function,
                               Scope &scope);
  /// The function of the model, or of ONNX, that defines `node`, which gets the
  /// attributes that it leaves out.
  std::optional<onnx::FunctionProto> findFunction(onnx::NodeProto &node,
                                                  const Scope &scope);
  /// Compares what became of a value with what libonnx found it to be.
  LogicalResult verifyType(Node &node, StringRef name, const GraphValue &value,
                           const Scope &scope);

  FailureOr<RankedTensorType> getTensorType(const onnx::ValueInfoProto &value);
  bool isImage(RankedTensorType type) const;
  Location getNodeLoc(const onnx::NodeProto &node);

  onnx::ModelProto &model;
  const OnnxImportOptions &options;
  ModuleOp module;
  GlobalTable globals;
  TosaBuilder builder;
  func::FuncOp function;
  unsigned depth = 0;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_IMPORT_ONNX_GRAPHIMPORTER_H
