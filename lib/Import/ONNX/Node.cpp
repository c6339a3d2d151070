//===- Node.cpp - A node of a graph, as its importer sees it -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Node.h"

#include "onnx/onnx_pb.h"

using namespace mlir;
using namespace mlir::cgmq;

Node::Node(const onnx::NodeProto &proto, int64_t opset,
           ArrayRef<const GraphValue *> operands, ParameterTable &parameters,
           TosaBuilder &builder)
    : b(builder), proto(proto), opset(opset), operands(operands),
      results(proto.output_size()), parameters(parameters) {}

StringRef Node::getOp() const { return proto.op_type(); }

InFlightDiagnostic Node::emitError() const {
  return mlir::emitError(b.getLoc()) << "'" << getOp() << "' ";
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const onnx::AttributeProto *Node::findAttribute(StringRef name) const {
  for (const onnx::AttributeProto &attribute : proto.attribute())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

int64_t Node::getInt(StringRef name, int64_t otherwise) const {
  const onnx::AttributeProto *attribute = findAttribute(name);
  return attribute ? attribute->i() : otherwise;
}

double Node::getFloat(StringRef name, double otherwise) const {
  const onnx::AttributeProto *attribute = findAttribute(name);
  return attribute ? attribute->f() : otherwise;
}

StringRef Node::getString(StringRef name, StringRef otherwise) const {
  const onnx::AttributeProto *attribute = findAttribute(name);
  return attribute ? StringRef(attribute->s()) : otherwise;
}

SmallVector<int64_t> Node::getInts(StringRef name,
                                   ArrayRef<int64_t> otherwise) const {
  const onnx::AttributeProto *attribute = findAttribute(name);
  if (!attribute)
    return SmallVector<int64_t>(otherwise);
  return {attribute->ints().begin(), attribute->ints().end()};
}

SmallVector<double> Node::getFloats(StringRef name) const {
  const onnx::AttributeProto *attribute = findAttribute(name);
  if (!attribute)
    return {};
  return {attribute->floats().begin(), attribute->floats().end()};
}

FailureOr<Constant> Node::getTensor(StringRef name) const {
  onnx::TensorProto tensor = findAttribute(name)->t();
  return Constant::decode(tensor, b.getContext(), [&] { return emitError(); });
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

bool Node::hasOperand(unsigned i) const {
  return i < operands.size() && operands[i];
}

const Constant *Node::getConstant(unsigned i) const {
  return hasOperand(i) && operands[i]->constant ? &*operands[i]->constant
                                                : nullptr;
}

RankedTensorType Node::getType(unsigned i) const {
  if (const Constant *constant = getConstant(i))
    return constant->getType();
  return TosaBuilder::getType(operands[i]->value);
}

Value Node::getOperand(unsigned i) {
  const Constant *constant = getConstant(i);
  if (!constant)
    return operands[i]->value;
  // One number is a constant of the formula, whatever the file calls it.
  if (constant->isFloat() && constant->getNumElements() > 1 &&
      !constant->getName().empty())
    return parameters.load(b, *constant, ParameterKind::Trained);
  return b.getConstant(constant->getAttr());
}

Value Node::getParameter(unsigned i,
                         function_ref<Constant(const Constant &)> prepare,
                         ParameterKind kind) {
  const Constant *constant = getConstant(i);
  if (!constant)
    return operands[i]->value;
  return parameters.load(b, prepare ? prepare(*constant) : *constant, kind);
}

FailureOr<SmallVector<int64_t>>
Node::getIntegers(unsigned i, StringRef attribute,
                  ArrayRef<int64_t> otherwise) const {
  if (!hasOperand(i))
    return getInts(attribute, otherwise);
  if (const Constant *constant = getConstant(i))
    return constant->getIntegers();
  InFlightDiagnostic diag = emitError()
                            << "expects operand " << i << " ('" << attribute
                            << "') to be known at compile time, but got one "
                               "that the graph computes from its inputs";
  diag.attachNote() << "an initializer, or extents that are given by "
                       "--onnx-dim=NAME=EXTENT, make it known";
  return diag;
}

FailureOr<double> Node::getNumber(unsigned i, StringRef attribute,
                                  double otherwise) const {
  if (!hasOperand(i))
    return getFloat(attribute, otherwise);
  const Constant *constant = getConstant(i);
  if (constant && constant->getNumElements() == 1)
    return constant->getNumbers().front();
  return emitError() << "expects operand " << i << " ('" << attribute
                     << "') to be one number that is known at compile time";
}

FailureOr<int64_t> Node::getAxis(int64_t axis, int64_t rank) const {
  int64_t result = axis < 0 ? axis + rank : axis;
  if (result < 0 || result >= std::max<int64_t>(rank, 1))
    return emitError() << "expects an axis of a tensor of rank " << rank
                       << ", but got " << axis;
  return result;
}

FailureOr<SmallVector<int64_t>> Node::getAxes(ArrayRef<int64_t> axes,
                                              int64_t rank) const {
  SmallVector<int64_t> result;
  for (int64_t axis : axes) {
    FailureOr<int64_t> found = getAxis(axis, rank);
    if (failed(found))
      return failure();
    if (llvm::is_contained(result, *found))
      return emitError() << "expects each axis once, but got " << axis
                         << " again";
    result.push_back(*found);
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

bool Node::hasResult(unsigned i) const {
  return i < results.size() && !proto.output(static_cast<int>(i)).empty();
}

LogicalResult Node::setResult(unsigned i, Value value) {
  if (i >= results.size())
    return success();
  // Where upstream finds the shapes not to fit, it says so or leaves no rank.
  if (!isa<RankedTensorType>(value.getType()))
    return emitError() << "expects operands of shapes that fit, but got such "
                          "that no shape follows from";
  results[i].value = value;
  return success();
}

LogicalResult Node::setResult(Constant constant) {
  results.front().constant = std::move(constant);
  return success();
}

LogicalResult Node::expectResults(unsigned count) const {
  for (unsigned i = count; i < results.size(); ++i)
    if (hasResult(i))
      return emitError() << "expects at most " << count
                         << " results that are used, but got result " << i;
  return success();
}
