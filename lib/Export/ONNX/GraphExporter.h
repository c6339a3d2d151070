//===- GraphExporter.h - From a function to a graph -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXPORT_ONNX_GRAPHEXPORTER_H
#define CGMQ_LIB_EXPORT_ONNX_GRAPHEXPORTER_H

#include "cgmq/Export/ONNX.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/SymbolTable.h"

#include "onnx/onnx_pb.h"

#include <array>

namespace mlir::cgmq::to_onnx {

/// Attributes of nodes.
onnx::AttributeProto makeAttribute(StringRef name, int64_t value);
onnx::AttributeProto makeAttribute(StringRef name, ArrayRef<int64_t> values);

/// The grid of a quantized type, as its initializers.
struct GridTensors {
  /// Element type of the codes, one of onnx::TensorProto's.
  int32_t codeType;
  std::string scale;
  /// Empty where there is none (codes of 32 bits).
  std::string zeroPoint;
  /// The dimension along which scales differ, if they do.
  std::optional<int64_t> axis;
};

/// Walks the operations of a function in order and makes nodes of them.
///
/// Images are channels last in TOSA and channels first in ONNX. A value may be
/// in the graph in both orders; what does not ask for one takes what is there,
/// so that transposes stay where an order ends.
class GraphExporter {
public:
  GraphExporter(onnx::GraphProto &graph, func::FuncOp function,
                OnnxQuantizers quantizers)
      : graph(graph), function(function), quantizers(quantizers) {}

  LogicalResult run();

  /// The name of a value, its dimensions in TOSA's order.
  std::string get(Value value);
  /// The same of a 4-D value, its channels before height and width.
  std::string getChannelsFirst(Value value);
  /// The same with dimension i that which was `permutation[i]`, and then of
  /// `shape`, where one is given; of a constant, that is done here.
  std::string getPermuted(Value value, ArrayRef<int64_t> permutation,
                          ArrayRef<int64_t> shape = {});
  /// The names of values that are broadcast to each other, in one order, and
  /// whether that is channels first.
  std::pair<SmallVector<std::string>, bool> getAlike(ValueRange values);

  /// Makes `name` that of a value.
  void set(Value value, const std::string &name, bool isChannelsFirst = false);

  /// Adds a node with one result, and gives its name.
  std::string add(StringRef type, ArrayRef<std::string> operands,
                  ArrayRef<onnx::AttributeProto> attributes = {});
  std::string addInts(ArrayRef<int64_t> values);
  std::string addFloat(float value);
  /// A scalar of codes.
  std::string addCode(int64_t value, int32_t codeType);

  /// The initializers of a grid; an error at `op` for one that ONNX does not
  /// have.
  FailureOr<GridTensors> getGrid(Operation *op, quant::QuantizedType type);

  OnnxQuantizers getQuantizers() const { return quantizers; }

  /// Whether it is known now, and what gives it no node of its own.
  bool isConstant(Value value) { return bool(getConstant(value)); }

private:
  /// Numbers, and the type that they stand for as codes, if they are.
  struct Constant {
    DenseElementsAttr values;
    quant::QuantizedType type;
    std::string name;
  };
  std::optional<Constant> getConstant(Value value);
  std::string addConstant(const Constant &constant,
                          ArrayRef<int64_t> permutation,
                          ArrayRef<int64_t> shape);
  onnx::TensorProto *addInitializer(StringRef name, int32_t type,
                                    ArrayRef<int64_t> shape);

  LogicalResult exportBorder(ArrayRef<Type> types, StringRef kind);
  void exportResults(Operation *terminator);
  std::string getUniqueName(StringRef name);

  onnx::GraphProto &graph;
  func::FuncOp function;
  OnnxQuantizers quantizers;
  SymbolTableCollection symbolTables;
  /// As TOSA orders them, and channels first; empty where it is not there.
  DenseMap<Value, std::array<std::string, 2>> names;
  DenseMap<Type, GridTensors> grids;
  DenseMap<Operation *, DenseElementsAttr> globals;
  llvm::StringMap<unsigned> taken;
};

} // namespace mlir::cgmq::to_onnx

#endif // CGMQ_LIB_EXPORT_ONNX_GRAPHEXPORTER_H
