//===- GraphExporter.cpp - From a function to a graph -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphExporter.h"

#include "OpTable.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::to_onnx;

static constexpr int64_t kToChannelsFirst[] = {0, 3, 1, 2};
static constexpr int64_t kToChannelsLast[] = {0, 2, 3, 1};

onnx::AttributeProto to_onnx::makeAttribute(StringRef name, int64_t value) {
  onnx::AttributeProto attribute;
  attribute.set_name(name.str());
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
  return attribute;
}

onnx::AttributeProto to_onnx::makeAttribute(StringRef name,
                                            ArrayRef<int64_t> values) {
  onnx::AttributeProto attribute;
  attribute.set_name(name.str());
  attribute.set_type(onnx::AttributeProto::INTS);
  for (int64_t value : values)
    attribute.add_ints(value);
  return attribute;
}

/// The element type of codes: 8 bits, or 32 where they take more.
static int32_t getCodeType(quant::QuantizedType type) {
  unsigned width = type.getStorageTypeIntegralWidth();
  if (width > 8)
    return onnx::TensorProto::INT32;
  return type.isSigned() ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

std::string GraphExporter::getUniqueName(StringRef name) {
  unsigned &count = taken[name];
  std::string result = name.str();
  while (count++ > 0) {
    result = (name + "_" + Twine(count - 1)).str();
    if (taken.try_emplace(result, 1).second)
      break;
  }
  return result;
}

void GraphExporter::set(Value value, const std::string &name,
                        bool isChannelsFirst) {
  names[value][isChannelsFirst] = name;
}

std::string GraphExporter::get(Value value) {
  std::string name = names.lookup(value)[0];
  if (!name.empty())
    return name;
  if (std::string other = names.lookup(value)[1]; !other.empty())
    name = add("Transpose", other, makeAttribute("perm", kToChannelsLast));
  else
    name = addConstant(*getConstant(value), {}, {});
  set(value, name);
  return name;
}

std::string GraphExporter::getChannelsFirst(Value value) {
  std::string name = names.lookup(value)[1];
  if (name.empty()) {
    name = getPermuted(value, kToChannelsFirst);
    set(value, name, /*isChannelsFirst=*/true);
  }
  return name;
}

std::string GraphExporter::getPermuted(Value value,
                                       ArrayRef<int64_t> permutation,
                                       ArrayRef<int64_t> shape) {
  if (std::optional<Constant> constant = getConstant(value))
    return addConstant(*constant, permutation, shape);
  std::string name =
      add("Transpose", get(value), makeAttribute("perm", permutation));
  return shape.empty() ? name : add("Reshape", {name, addInts(shape)});
}

std::pair<SmallVector<std::string>, bool>
GraphExporter::getAlike(ValueRange values) {
  bool isChannelsFirst = llvm::any_of(
      values, [&](Value value) { return !names.lookup(value)[1].empty(); });
  SmallVector<std::string> result;
  for (Value value : values)
    result.push_back(isChannelsFirst ? getChannelsFirst(value) : get(value));
  return {result, isChannelsFirst};
}

//===----------------------------------------------------------------------===//
// Nodes and initializers
//===----------------------------------------------------------------------===//

std::string GraphExporter::add(StringRef type, ArrayRef<std::string> operands,
                               ArrayRef<onnx::AttributeProto> attributes) {
  onnx::NodeProto *node = graph.add_node();
  std::string name = getUniqueName(type);
  node->set_op_type(type.str());
  node->set_name(name);
  // Operands that are left out at the end are not there.
  while (!operands.empty() && operands.back().empty())
    operands = operands.drop_back();
  for (const std::string &operand : operands)
    node->add_input(operand);
  for (const onnx::AttributeProto &attribute : attributes)
    *node->add_attribute() = attribute;
  node->add_output(name);
  return name;
}

onnx::TensorProto *GraphExporter::addInitializer(StringRef name, int32_t type,
                                                 ArrayRef<int64_t> shape) {
  onnx::TensorProto *tensor = graph.add_initializer();
  tensor->set_name(getUniqueName(name));
  tensor->set_data_type(type);
  for (int64_t extent : shape)
    tensor->add_dims(extent);
  return tensor;
}

std::string GraphExporter::addInts(ArrayRef<int64_t> values) {
  onnx::TensorProto *tensor = addInitializer(
      "shape", onnx::TensorProto::INT64, static_cast<int64_t>(values.size()));
  for (int64_t value : values)
    tensor->add_int64_data(value);
  return tensor->name();
}

std::string GraphExporter::addFloat(float value) {
  onnx::TensorProto *tensor =
      addInitializer("number", onnx::TensorProto::FLOAT, {});
  tensor->add_float_data(value);
  return tensor->name();
}

std::string GraphExporter::addCode(int64_t value, int32_t codeType) {
  onnx::TensorProto *tensor = addInitializer("code", codeType, {});
  tensor->add_int32_data(static_cast<int32_t>(value));
  return tensor->name();
}

//===----------------------------------------------------------------------===//
// Codes
//===----------------------------------------------------------------------===//

FailureOr<GridTensors> GraphExporter::getGrid(Operation *op,
                                              quant::QuantizedType type) {
  if (auto known = grids.find(type); known != grids.end())
    return known->second;
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  GridTensors grid{getCodeType(type), {}, {}, std::nullopt};
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type)) {
    scales = {uniform.getScale()};
    zeroPoints = {uniform.getZeroPoint()};
  } else if (auto perAxis =
                 dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    llvm::append_range(scales, perAxis.getScales());
    llvm::append_range(zeroPoints, perAxis.getZeroPoints());
    grid.axis = perAxis.getQuantizedDimension();
  } else {
    return op->emitOpError() << "expects one scale, or one for each index of a "
                                "dimension, but got "
                             << type;
  }
  bool hasZeroPoint =
      llvm::any_of(zeroPoints, [](int64_t z) { return z != 0; });
  if (type.getStorageTypeIntegralWidth() > 32 ||
      (grid.codeType == onnx::TensorProto::INT32 && hasZeroPoint))
    return op->emitOpError() << "expects codes that DequantizeLinear of ONNX "
                                "takes: of at most 8 bits, or of at most 32 "
                                "without a zero point, but got "
                             << type;

  int64_t count = static_cast<int64_t>(scales.size());
  ArrayRef<int64_t> shape = grid.axis ? ArrayRef(count) : ArrayRef<int64_t>();
  onnx::TensorProto *scale =
      addInitializer("scale", onnx::TensorProto::FLOAT, shape);
  for (double number : scales)
    scale->add_float_data(static_cast<float>(number));
  grid.scale = scale->name();
  if (grid.codeType != onnx::TensorProto::INT32) {
    onnx::TensorProto *zeroPoint =
        addInitializer("zero_point", grid.codeType, shape);
    for (int64_t number : zeroPoints)
      zeroPoint->add_int32_data(static_cast<int32_t>(number));
    grid.zeroPoint = zeroPoint->name();
  }
  grids[type] = grid;
  return grid;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// The numbers of a global; nothing where they are not there.
static DenseElementsAttr getValues(ml_program::GlobalOp global) {
  Attribute value = global.getValueAttr();
  if (auto dense = dyn_cast_if_present<DenseElementsAttr>(value))
    return dense;
  auto elements = dyn_cast_if_present<ElementsAttr>(value);
  if (!elements)
    return {};
  std::optional<SmallVector<float>> floats = getFloatValues(elements);
  if (!floats)
    return {};
  return DenseElementsAttr::get(cast<RankedTensorType>(global.getType()),
                                ArrayRef<float>(*floats));
}

std::optional<GraphExporter::Constant> GraphExporter::getConstant(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (auto dequantize = dyn_cast<quant::DequantizeCastOp>(op)) {
    std::optional<Constant> codes = getConstant(dequantize.getInput());
    if (!codes || !codes->type)
      return std::nullopt;
    return codes;
  }
  if (auto cast = dyn_cast<quant::StorageCastOp>(op)) {
    std::optional<Constant> codes = getConstant(cast.getInput());
    if (codes)
      codes->type =
          dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(cast.getType()));
    return codes;
  }
  FlatSymbolRefAttr symbol;
  if (auto load = dyn_cast<ml_program::GlobalLoadConstOp>(op))
    symbol = FlatSymbolRefAttr::get(load.getGlobal().getRootReference());
  else if (auto load = dyn_cast<ml_program::GlobalLoadOp>(op))
    symbol = FlatSymbolRefAttr::get(load.getGlobal().getRootReference());
  if (symbol) {
    auto global =
        symbolTables.lookupNearestSymbolFrom<ml_program::GlobalOp>(op, symbol);
    if (!global)
      return std::nullopt;
    DenseElementsAttr &values = globals[global];
    if (!values)
      values = getValues(global);
    if (!values)
      return std::nullopt;
    return Constant{values, {}, global.getSymName().str()};
  }
  DenseElementsAttr values;
  if (op->hasTrait<OpTrait::ConstantLike>() &&
      matchPattern(op, m_Constant(&values)))
    return Constant{values, {}, "constant"};
  return std::nullopt;
}

/// Where in row-major order the elements of a permuted tensor were.
static SmallVector<int64_t> getPositions(ArrayRef<int64_t> shape,
                                         ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;)
    strides[i - 1] = strides[i] * shape[i];
  SmallVector<int64_t> positions{0};
  for (int64_t dim : permutation) {
    SmallVector<int64_t> next;
    next.reserve(positions.size() * shape[dim]);
    for (int64_t position : positions)
      for (int64_t i = 0; i < shape[dim]; ++i)
        next.push_back(position + i * strides[dim]);
    positions = std::move(next);
  }
  return positions;
}

/// Writes elements as an initializer has them: little-endian, whole bytes each.
template <typename T, typename Range, typename Get>
static std::string getBytes(const Range &values, ArrayRef<int64_t> positions,
                            Get get) {
  std::vector<T> numbers;
  numbers.reserve(positions.size());
  for (const auto &value : values)
    numbers.push_back(static_cast<T>(get(value)));
  std::vector<T> ordered;
  ordered.reserve(positions.size());
  for (int64_t position : positions)
    ordered.push_back(numbers[position]);
  return {reinterpret_cast<const char *>(ordered.data()),
          ordered.size() * sizeof(T)};
}

std::string GraphExporter::addConstant(const Constant &constant,
                                       ArrayRef<int64_t> permutation,
                                       ArrayRef<int64_t> shape) {
  ShapedType type = constant.values.getType();
  SmallVector<int64_t> identity =
      llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  if (permutation.empty())
    permutation = identity;
  SmallVector<int64_t> permuted;
  for (int64_t dim : permutation)
    permuted.push_back(type.getDimSize(dim));
  SmallVector<int64_t> positions = getPositions(type.getShape(), permutation);

  bool isFloat = isa<FloatType>(type.getElementType());
  int32_t elements = constant.type ? getCodeType(constant.type)
                     : isFloat     ? int32_t(onnx::TensorProto::FLOAT)
                     : type.getElementTypeBitWidth() == 1
                         ? int32_t(onnx::TensorProto::BOOL)
                         : int32_t(onnx::TensorProto::INT32);
  onnx::TensorProto *tensor = addInitializer(
      constant.name, elements, shape.empty() ? ArrayRef(permuted) : shape);
  bool isSigned = !constant.type || constant.type.isSigned();
  auto getInteger = [&](const APInt &value) {
    return isSigned && elements != onnx::TensorProto::BOOL
               ? value.getSExtValue()
               : static_cast<int64_t>(value.getZExtValue());
  };
  if (isFloat)
    tensor->set_raw_data(getBytes<float>(
        constant.values.getValues<APFloat>(), positions,
        [](const APFloat &value) { return value.convertToFloat(); }));
  else if (elements == onnx::TensorProto::INT32)
    tensor->set_raw_data(getBytes<int32_t>(constant.values.getValues<APInt>(),
                                           positions, getInteger));
  else
    tensor->set_raw_data(getBytes<int8_t>(constant.values.getValues<APInt>(),
                                          positions, getInteger));
  std::string name = tensor->name();
  if (!constant.type)
    return name;

  // The grid was made with the operation that dequantizes it.
  const GridTensors &grid = grids.find(constant.type)->second;
  SmallVector<onnx::AttributeProto> attributes;
  if (grid.axis) {
    const auto *axis = llvm::find(permutation, *grid.axis);
    attributes.push_back(
        makeAttribute("axis", std::distance(permutation.begin(), axis)));
  }
  return add("DequantizeLinear", {name, grid.scale, grid.zeroPoint},
             attributes);
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

LogicalResult GraphExporter::exportBorder(ArrayRef<Type> types,
                                          StringRef kind) {
  for (auto [i, type] : llvm::enumerate(types)) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.getElementType().isF32())
      return function.emitOpError()
             << "expects " << kind
             << "s that are ranked tensors of f32, but got " << type;
    onnx::ValueInfoProto *value =
        kind == "input" ? graph.add_input() : graph.add_output();
    std::string name = kind.str();
    if (types.size() > 1)
      name += std::to_string(i);
    value->set_name(getUniqueName(name));
    onnx::TypeProto::Tensor *info =
        value->mutable_type()->mutable_tensor_type();
    info->set_elem_type(onnx::TensorProto::FLOAT);
    info->mutable_shape();
    for (int64_t extent : tensor.getShape()) {
      auto *dim = info->mutable_shape()->add_dim();
      if (ShapedType::isDynamic(extent))
        dim->set_dim_param("batch");
      else
        dim->set_dim_value(extent);
    }
  }
  return success();
}

/// Results have names of their own. The last operation takes that of the one
/// that it gives, others are named again.
void GraphExporter::exportResults(Operation *terminator) {
  for (auto [result, output] :
       llvm::zip_equal(terminator->getOperands(), graph.output())) {
    std::string name = get(result);
    int last = graph.node_size() - 1;
    bool isGiven = llvm::any_of(graph.output(), [&](const auto &given) {
      return given.name() == name;
    });
    if (last >= 0 && graph.node(last).output(0) == name && !isGiven) {
      graph.mutable_node(last)->set_output(0, output.name());
      set(result, output.name());
      continue;
    }
    onnx::NodeProto *node = graph.add_node();
    node->set_op_type("Identity");
    node->set_name(getUniqueName("Identity"));
    node->add_input(name);
    node->add_output(output.name());
  }
}

static LogicalResult emitUnknown(Operation &op) {
  if (isa<QuantizeUnitsOp>(op)) {
    InFlightDiagnostic diag =
        op.emitOpError()
        << "cannot be said by QuantizeLinear of ONNX, which has "
           "one width for all elements";
    diag.attachNote() << "'granularity=layer' of cgmq-insert-gates avoids it "
                         "for activations";
    return diag;
  }
  InFlightDiagnostic diag = op.emitOpError() << "has no form in ONNX here";
  diag.attachNote()
      << "what the caller can do may be left out of the function; "
         "'cgmq-lower-to-tosa' and 'cgmq-lower-to-qdq' leave in "
         "dialects of MLIR";
  return diag;
}

LogicalResult GraphExporter::run() {
  if (failed(exportBorder(function.getArgumentTypes(), "input")) ||
      failed(exportBorder(function.getResultTypes(), "output")))
    return failure();
  for (auto [argument, input] :
       llvm::zip_equal(function.getArguments(), graph.input()))
    set(argument, input.name());
  Block &body = function.getBody().front();
  for (Operation &op : body.without_terminator()) {
    const OpTable::ExportOp *exportOp = getOpTable().find(&op);
    if (!exportOp)
      return emitUnknown(op);
    if (failed((*exportOp)(*this, &op)))
      return failure();
  }
  exportResults(body.getTerminator());
  return success();
}
