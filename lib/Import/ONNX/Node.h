//===- Node.h - A node of a graph, as its importer sees it -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_IMPORT_ONNX_NODE_H
#define CGMQ_LIB_IMPORT_ONNX_NODE_H

#include "Constant.h"
#include "cgmq/Support/TosaBuilder.h"

#include <optional>

namespace onnx {
class AttributeProto;
class NodeProto;
} // namespace onnx

namespace mlir::cgmq {

/// What stands for a value of a graph: its numbers, where they are known, or
/// what computes it.
struct GraphValue {
  std::optional<Constant> constant;
  Value value;
};

/// How a weight takes part in training.
enum class ParameterKind {
  /// Learned: a mutable global.
  Trained,
  /// Kept, as the statistics of a batch norm are.
  Fixed
};

/// Makes constants parameters: globals and their loads.
class ParameterTable {
public:
  virtual ~ParameterTable() = default;
  virtual Value load(TosaBuilder &builder, const Constant &constant,
                     ParameterKind kind) = 0;
};

/// One node: attributes, operands, and what becomes of its results. Optional
/// operands that are left out have no value.
class Node {
public:
  Node(const onnx::NodeProto &proto, int64_t opset,
       ArrayRef<const GraphValue *> operands, ParameterTable &parameters,
       TosaBuilder &builder);

  StringRef getOp() const;
  /// The version of the operator set that says what the node means.
  int64_t getOpset() const { return opset; }
  /// At the node, beginning with its operation.
  InFlightDiagnostic emitError() const;

  bool hasAttribute(StringRef name) const { return findAttribute(name); }
  int64_t getInt(StringRef name, int64_t otherwise) const;
  double getFloat(StringRef name, double otherwise) const;
  StringRef getString(StringRef name, StringRef otherwise) const;
  SmallVector<int64_t> getInts(StringRef name,
                               ArrayRef<int64_t> otherwise = {}) const;
  SmallVector<double> getFloats(StringRef name) const;
  /// The numbers of an attribute that is a tensor.
  FailureOr<Constant> getTensor(StringRef name) const;

  unsigned getNumOperands() const { return operands.size(); }
  bool hasOperand(unsigned i) const;
  RankedTensorType getType(unsigned i) const;
  ArrayRef<int64_t> getShape(unsigned i) const { return getType(i).getShape(); }
  int64_t getRank(unsigned i) const { return getType(i).getRank(); }
  /// The operand's numbers, null where they are not known.
  const Constant *getConstant(unsigned i) const;
  /// The operand as a value; the weights of a model become parameters, other
  /// constants become constants.
  Value getOperand(unsigned i);
  /// Constants become parameters; `prepare`, if there is one, changes them
  /// first.
  Value getParameter(unsigned i,
                     function_ref<Constant(const Constant &)> prepare = nullptr,
                     ParameterKind kind = ParameterKind::Trained);
  Value getParameter(const Constant &constant) {
    return parameters.load(b, constant, ParameterKind::Trained);
  }

  /// Integers that have to be known, from an operand or, in older operator
  /// sets, an attribute; `otherwise` where neither is there. Refuses operands
  /// that the program computes.
  FailureOr<SmallVector<int64_t>>
  getIntegers(unsigned i, StringRef attribute,
              ArrayRef<int64_t> otherwise = {}) const;
  /// The same for one number.
  FailureOr<double> getNumber(unsigned i, StringRef attribute,
                              double otherwise) const;

  /// An axis counted from the front; refuses one that is not there.
  FailureOr<int64_t> getAxis(int64_t axis, int64_t rank) const;
  FailureOr<SmallVector<int64_t>> getAxes(ArrayRef<int64_t> axes,
                                          int64_t rank) const;

  unsigned getNumResults() const { return results.size(); }
  /// Whether the graph has a use for result `i`.
  bool hasResult(unsigned i) const;
  LogicalResult setResult(Value value) { return setResult(0, value); }
  LogicalResult setResult(unsigned i, Value value);
  LogicalResult setResult(Constant constant);
  ArrayRef<GraphValue> getResults() const { return results; }
  /// Refuses results beyond the first `count`.
  LogicalResult expectResults(unsigned count) const;

  TosaBuilder &b;

private:
  const onnx::AttributeProto *findAttribute(StringRef name) const;

  const onnx::NodeProto &proto;
  int64_t opset;
  SmallVector<const GraphValue *> operands;
  SmallVector<GraphValue> results;
  ParameterTable &parameters;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_IMPORT_ONNX_NODE_H
