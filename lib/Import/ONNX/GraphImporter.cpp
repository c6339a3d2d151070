//===- GraphImporter.cpp - From the nodes of a graph to a function ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"

#include "Model.h"
#include "OpTable.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "onnx/onnx_pb.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Functions call each other to no greater depth.
static constexpr unsigned kMaxDepth = 64;

GraphImporter::GraphImporter(onnx::ModelProto &model,
                             const OnnxImportOptions &options, ModuleOp module)
    : model(model), options(options), module(module), globals(module),
      builder(module.getLoc(), module.getContext()) {}

Location GraphImporter::getNodeLoc(const onnx::NodeProto &node) {
  std::string name = node.name();
  if (name.empty() && node.output_size() > 0)
    name = node.output(0);
  return NameLoc::get(StringAttr::get(module.getContext(), name),
                      module.getLoc());
}

//===----------------------------------------------------------------------===//
// The border
//===----------------------------------------------------------------------===//

FailureOr<RankedTensorType>
GraphImporter::getTensorType(const onnx::ValueInfoProto &value) {
  auto fail = [&] {
    return emitError(module.getLoc()) << "value '" << value.name() << "': ";
  };
  if (!value.type().has_tensor_type())
    return fail() << "expects a tensor, but got a sequence, a map or an "
                     "optional value";
  const onnx::TypeProto::Tensor &tensor = value.type().tensor_type();
  Type element = getElementType(tensor.elem_type(), module.getContext());
  if (!element)
    return fail() << "expects elements of a type that TOSA has, but got "
                  << getElementTypeName(tensor.elem_type());
  if (!tensor.has_shape())
    return fail() << "expects a shape, but got none";
  SmallVector<int64_t> shape;
  for (const onnx::TensorShapeProto::Dimension &dim : tensor.shape().dim())
    shape.push_back(dim.has_dim_value() ? dim.dim_value()
                                        : ShapedType::kDynamic);
  auto type = RankedTensorType::get(shape, element);
  if (llvm::is_contained(shape, 0))
    return fail() << "expects at least one element, but got " << type;
  if (type.getNumDynamicDims() > 1) {
    InFlightDiagnostic diag = fail() << "expects at most one open dimension, "
                                        "the batch, but got "
                                     << type;
    for (const onnx::TensorShapeProto::Dimension &dim : tensor.shape().dim())
      if (dim.has_dim_param() && !dim.dim_param().empty())
        diag.attachNote() << "--onnx-dim=" << dim.dim_param()
                          << "=EXTENT gives this one an extent";
    return diag;
  }
  return type;
}

bool GraphImporter::isImage(RankedTensorType type) const {
  return options.layout == ImageLayout::NHWC && type.getRank() == 4;
}

LogicalResult GraphImporter::importInitializers(Scope &scope) {
  for (onnx::TensorProto &tensor :
       *model.mutable_graph()->mutable_initializer()) {
    auto fail = [&] {
      return emitError(module.getLoc())
             << "initializer '" << tensor.name() << "': ";
    };
    FailureOr<Constant> constant =
        Constant::decode(tensor, module.getContext(), fail);
    if (failed(constant))
      return failure();
    if (llvm::is_contained(constant->getShape(), 0) && constant->getRank() > 1)
      return fail() << "expects at least one element, but got "
                    << constant->getType();
    constant->setName(tensor.name());
    scope.values[tensor.name()].constant = std::move(*constant);
  }
  if (model.graph().sparse_initializer_size() > 0)
    return emitError(module.getLoc())
           << "expects dense initializers, but got a sparse one: '"
           << model.graph().sparse_initializer(0).values().name() << "'";
  return success();
}

LogicalResult GraphImporter::importInputs(Scope &scope) {
  Block *block = function.addEntryBlock();
  builder.setInsertionPointToStart(block);
  SmallVector<Type> types;
  // Types are changed where the layout is; a block has no arguments yet.
  for (const onnx::ValueInfoProto &input : model.graph().input()) {
    // Older files list initializers among the inputs.
    if (scope.values.count(input.name()))
      continue;
    FailureOr<RankedTensorType> type = getTensorType(input);
    if (failed(type))
      return failure();
    Location loc = NameLoc::get(builder.getStringAttr(input.name()));
    if (isImage(*type)) {
      ArrayRef<int64_t> shape = type->getShape();
      type = type->clone({shape[0], shape[2], shape[3], shape[1]});
    }
    Value value = block->addArgument(*type, loc);
    types.push_back(*type);
    if (isImage(*type)) {
      builder.setLoc(loc);
      value = builder.toChannelsFirst(value);
    }
    scope.values[input.name()].value = value;
  }
  function.setType(builder.getFunctionType(types, {}));
  if (options.nonnegative)
    for (auto [i, type] : llvm::enumerate(types))
      if (isa<FloatType>(cast<RankedTensorType>(type).getElementType()))
        function.setArgAttr(i, CGMQDialect::kNonnegativeAttrName,
                            builder.getUnitAttr());
  return success();
}

LogicalResult GraphImporter::importResults(Scope &scope) {
  SmallVector<Value> results;
  for (const onnx::ValueInfoProto &output : model.graph().output()) {
    auto found = scope.values.find(output.name());
    if (found == scope.values.end())
      return emitError(module.getLoc()) << "expects a node that makes result '"
                                        << output.name() << "', but got none";
    GraphValue &value = found->second;
    builder.setLoc(NameLoc::get(builder.getStringAttr(output.name())));
    if (value.constant) {
      if (value.constant->hasDynamic())
        return emitError(builder.getLoc())
               << "expects a result that is computed, but got the extent of an "
                  "open dimension";
      value.value = builder.getConstant(value.constant->getAttr());
    }
    Value result = value.value;
    if (isImage(TosaBuilder::getType(result)))
      result = builder.toChannelsLast(result);
    results.push_back(result);
  }
  func::ReturnOp::create(builder, results);
  function.setType(builder.getFunctionType(function.getArgumentTypes(),
                                           ValueRange(results).getTypes()));
  return success();
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

static std::string getQualifiedName(const onnx::NodeProto &node) {
  if (node.domain().empty() || node.domain() == "ai.onnx")
    return node.op_type();
  return node.domain() + "::" + node.op_type();
}

/// A type for libonnx, as far as it is known.
static onnx::TypeProto getTypeProto(RankedTensorType type) {
  onnx::TypeProto result;
  onnx::TypeProto::Tensor *tensor = result.mutable_tensor_type();
  for (int code = 1; onnx::TensorProto::DataType_IsValid(code); ++code)
    if (getElementType(code, type.getContext()) == type.getElementType())
      tensor->set_elem_type(code);
  onnx::TensorShapeProto *shape = tensor->mutable_shape();
  for (int64_t extent : type.getShape()) {
    onnx::TensorShapeProto::Dimension *dim = shape->add_dim();
    if (!ShapedType::isDynamic(extent))
      dim->set_dim_value(extent);
  }
  return result;
}

std::optional<onnx::FunctionProto>
GraphImporter::findFunction(onnx::NodeProto &node, const Scope &scope) {
  for (const onnx::FunctionProto &function : model.functions())
    if (function.name() == node.op_type() && function.domain() == node.domain())
      return function;
  SmallVector<onnx::TypeProto> types;
  for (const std::string &name : node.input()) {
    auto found = scope.values.find(name);
    if (found == scope.values.end()) {
      types.emplace_back();
      continue;
    }
    const GraphValue &value = found->second;
    types.push_back(getTypeProto(value.constant
                                     ? value.constant->getType()
                                     : TosaBuilder::getType(value.value)));
  }
  return getFunctionBody(node, scope.opsets.lookup(node.domain()), types);
}

LogicalResult GraphImporter::importNode(const onnx::NodeProto &proto,
                                        Scope &scope) {
  builder.setLoc(getNodeLoc(proto));
  for (const onnx::AttributeProto &attribute : proto.attribute())
    if (attribute.has_g() || attribute.graphs_size() > 0)
      return emitError(builder.getLoc())
             << "'" << proto.op_type()
             << "' expects nodes without graphs inside, as networks that are "
                "trained and quantized have, but got attribute '"
             << attribute.name() << "'";
  SmallVector<const GraphValue *> operands;
  for (const std::string &name : proto.input()) {
    auto found = scope.values.find(name);
    if (!name.empty() && found == scope.values.end())
      return emitError(builder.getLoc())
             << "'" << proto.op_type() << "' expects operand '" << name
             << "' to be made by a node before, but got none";
    operands.push_back(name.empty() ? nullptr : &found->second);
  }
  int64_t opset = scope.opsets.lookup(
      proto.domain() == "ai.onnx" ? "" : StringRef(proto.domain()));
  Node node(proto, opset, operands, globals, builder);
  FailureOr<bool> folded = foldNode(node);
  if (failed(folded))
    return failure();
  if (!*folded) {
    // Only what computes with shapes knows what to do with open ones.
    for (const GraphValue *operand : operands)
      if (operand && operand->constant && operand->constant->hasDynamic() &&
          proto.op_type() != "Reshape" && proto.op_type() != "Expand") {
        InFlightDiagnostic diag =
            node.emitError() << "expects numbers that are known at compile "
                                "time, but got the extent of an open dimension";
        diag.attachNote() << "--onnx-dim=NAME=EXTENT gives it one";
        return diag;
      }
    auto import = getOpTable().find(getQualifiedName(proto));
    if (import == getOpTable().end()) {
      onnx::NodeProto whole = proto;
      if (std::optional<onnx::FunctionProto> body = findFunction(whole, scope))
        return inlineFunction(whole, *body, scope);
      InFlightDiagnostic diag =
          emitError(builder.getLoc())
          << "expects an operation that has an importer, but got '"
          << getQualifiedName(proto) << "'";
      diag.attachNote()
          << "exporters and simplifiers can write many operations "
             "in terms of simpler ones";
      return diag;
    }
    if (failed(import->second(node)))
      return failure();
  }
  for (auto [name, result] :
       llvm::zip_equal(proto.output(), node.getResults())) {
    if (name.empty())
      continue;
    if (!result.constant && !result.value)
      return node.emitError() << "expects no use of result '" << name << "'";
    if (failed(verifyType(node, name, result, scope)))
      return failure();
    scope.values[name] = result;
  }
  return success();
}

LogicalResult GraphImporter::verifyType(Node &node, StringRef name,
                                        const GraphValue &value,
                                        const Scope &scope) {
  RankedTensorType type = value.constant ? value.constant->getType()
                                         : TosaBuilder::getType(value.value);
  if (type.getNumDynamicDims() > 1) {
    InFlightDiagnostic diag = node.emitError()
                              << "expects at most one open dimension, the "
                                 "batch, but its result is "
                              << type;
    diag.attachNote() << "--onnx-dim=NAME=EXTENT gives open dimensions extents";
    return diag;
  }
  const onnx::ValueInfoProto *info =
      scope.types ? scope.types->lookup(name) : nullptr;
  if (!info || !info->type().has_tensor_type())
    return success();
  const onnx::TypeProto::Tensor &tensor = info->type().tensor_type();
  Type element = getElementType(tensor.elem_type(), type.getContext());
  bool isSame = type.getElementType() == element;
  if (tensor.has_shape()) {
    isSame &= tensor.shape().dim_size() == type.getRank();
    for (auto [dim, extent] : llvm::zip(tensor.shape().dim(), type.getShape()))
      isSame &= !dim.has_dim_value() || ShapedType::isDynamic(extent) ||
                dim.dim_value() == extent;
  }
  if (!isSame)
    return node.emitError()
           << "expects the result that the file declares, "
           << tensor.ShortDebugString() << ", but got " << type;
  return success();
}

LogicalResult GraphImporter::inlineFunction(const onnx::NodeProto &node,
                                            const onnx::FunctionProto &function,
                                            Scope &scope) {
  if (++depth > kMaxDepth)
    return emitError(builder.getLoc())
           << "expects functions that do not call themselves, but got '"
           << getQualifiedName(node) << "'";
  Scope inner;
  for (const onnx::OperatorSetIdProto &opset : function.opset_import())
    inner.opsets[opset.domain()] = opset.version();
  for (int i = 0; i < std::min(function.input_size(), node.input_size()); ++i)
    if (!node.input(i).empty())
      inner.values[function.input(i)] = scope.values.lookup(node.input(i));
  for (onnx::NodeProto body : function.node()) {
    // What is left out is so for the nodes inside, too.
    for (std::string &name : *body.mutable_input())
      if (llvm::is_contained(function.input(), name) &&
          !inner.values.count(name))
        name.clear();
    auto *attributes = body.mutable_attribute();
    for (int i = attributes->size() - 1; i >= 0; --i) {
      onnx::AttributeProto &attribute = (*attributes)[i];
      if (attribute.ref_attr_name().empty())
        continue;
      auto given = llvm::find_if(node.attribute(), [&](const auto &candidate) {
        return candidate.name() == attribute.ref_attr_name();
      });
      std::string name = attribute.name();
      if (given == node.attribute().end()) {
        attributes->DeleteSubrange(i, 1);
        continue;
      }
      attribute = *given;
      attribute.set_name(name);
    }
    body.set_name(node.name().empty() && node.output_size() ? node.output(0)
                                                            : node.name());
    if (failed(importNode(body, inner)))
      return failure();
  }
  for (int i = 0; i < std::min(function.output_size(), node.output_size());
       ++i) {
    auto found = inner.values.find(function.output(i));
    if (!node.output(i).empty() && found != inner.values.end())
      scope.values[node.output(i)] = found->second;
  }
  --depth;
  return success();
}

//===----------------------------------------------------------------------===//
// The graph
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::run() {
  const onnx::GraphProto &graph = model.graph();
  llvm::StringMap<const onnx::ValueInfoProto *> types;
  for (const auto *infos : {&graph.value_info(), &graph.output()})
    for (const onnx::ValueInfoProto &info : *infos)
      types[info.name()] = &info;
  Scope scope;
  scope.types = &types;
  for (const onnx::OperatorSetIdProto &opset : model.opset_import())
    scope.opsets[opset.domain() == "ai.onnx" ? "" : opset.domain()] =
        opset.version();

  OpBuilder detached(module.getContext());
  function = func::FuncOp::create(detached, module.getLoc(),
                                  getIdentifier(graph.name(), "main"),
                                  detached.getFunctionType({}, {}));
  module.push_back(function);
  if (failed(importInitializers(scope)) || failed(importInputs(scope)))
    return failure();
  llvm::StringMap<int64_t> uses;
  for (const onnx::NodeProto &node : graph.node())
    for (const std::string &name : node.input())
      ++uses[name];
  for (const onnx::ValueInfoProto &output : graph.output())
    ++uses[output.name()];
  for (const onnx::NodeProto &node : graph.node()) {
    if (failed(importNode(node, scope)))
      return failure();
    // Weights that are laid out in another way are in memory once.
    for (const std::string &name : node.input())
      if (--uses[name] == 0)
        scope.values.erase(name);
  }
  return importResults(scope);
}
