//===- Convolutions.cpp - Conv and ConvTranspose -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"
#include "../Window.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {
/// What Conv and ConvTranspose have in common: input and weight in any number
/// of spatial dimensions, which become two or three.
struct Convolution {
  Value input;
  /// Input or output channels, the others of a group, kernel.
  GraphValue weight;
  GraphValue bias;
  SmallVector<int64_t> spatial;
  Window window;
  int64_t groups = 1;
  bool isLine = false;
};
} // namespace

static ArrayRef<int64_t> getShape(const GraphValue &value) {
  return value.constant ? value.constant->getShape()
                        : TosaBuilder::getShape(value.value);
}

static GraphValue reshape(TosaBuilder &b, const GraphValue &value,
                          ArrayRef<int64_t> shape) {
  if (value.constant)
    return {value.constant->reshape(shape), Value()};
  return {std::nullopt, b.reshape(value.value, shape)};
}

static GraphValue transpose(TosaBuilder &b, const GraphValue &value,
                            ArrayRef<int64_t> perms) {
  if (value.constant)
    return {value.constant->transpose(perms), Value()};
  return {std::nullopt, b.transpose(value.value, perms)};
}

/// `size` elements of the first dimension.
static GraphValue slice(TosaBuilder &b, const GraphValue &value, int64_t start,
                        int64_t size) {
  SmallVector<int64_t> shape(getShape(value));
  if (shape.front() == size)
    return value;
  if (!value.constant)
    return {std::nullopt, b.slice(value.value, 0, start, size)};
  shape.front() = size;
  SmallVector<int64_t> strides = computeStrides(shape);
  return {value.constant->view(shape, start * strides.front(), strides),
          Value()};
}

static Value load(Node &node, const GraphValue &value) {
  return value.constant ? node.getParameter(*value.constant) : value.value;
}

static FailureOr<Convolution> readConvolution(Node &node) {
  Convolution result;
  FailureOr<SmallVector<int64_t>> spatial = getSpatialShape(node);
  if (failed(spatial))
    return failure();
  if (node.getRank(1) != node.getRank(0))
    return node.emitError() << "expects a weight of rank " << node.getRank(0)
                            << ", but got " << node.getType(1);
  result.spatial = *spatial;
  result.groups = node.getInt("group", 1);
  FailureOr<Window> window = Window::read(node, node.getShape(1).drop_front(2));
  if (failed(window))
    return failure();
  result.window = *window;
  for (unsigned i : {1, 2}) {
    GraphValue &value = i == 1 ? result.weight : result.bias;
    if (const Constant *constant = node.getConstant(i))
      value.constant = *constant;
    else if (node.hasOperand(i))
      value.value = node.getOperand(i);
  }
  result.input = node.getOperand(0);
  result.isLine = spatial->size() == 1;
  return result;
}

/// Makes one spatial dimension two.
static void addDimension(TosaBuilder &b, Convolution &conv) {
  conv.input = addDimension(b, conv.input);
  SmallVector<int64_t> shape(getShape(conv.weight));
  shape.insert(shape.begin() + 2, 1);
  conv.weight = reshape(b, conv.weight, shape);
  conv.spatial.insert(conv.spatial.begin(), 1);
  conv.window.addDimension();
}

/// The bias, or zeros.
static Value getBias(Node &node, const GraphValue &bias, int64_t channels) {
  if (bias.constant || bias.value)
    return load(node, bias);
  Type element = node.getType(0).getElementType();
  auto type = RankedTensorType::get({channels}, element);
  return node.b.getConstant(
      DenseElementsAttr::get(type, Attribute(FloatAttr::get(element, 0.0))));
}

/// Builds each group, of channels that are last, and concatenates them.
static Value buildGroups(
    Node &node, Value input, const Convolution &conv, int64_t channels,
    function_ref<Value(Value input, const GraphValue &weight, Value bias)>
        build) {
  TosaBuilder &b = node.b;
  int64_t last = TosaBuilder::getRank(input) - 1;
  int64_t inputs = TosaBuilder::getShape(input)[last] / conv.groups;
  int64_t outputs = channels / conv.groups;
  int64_t weights = getShape(conv.weight).front() / conv.groups;
  SmallVector<Value> results;
  for (int64_t group : llvm::seq(conv.groups)) {
    Value part = b.slice(input, last, group * inputs, inputs);
    GraphValue weight = slice(b, conv.weight, group * weights, weights);
    GraphValue bias = conv.bias;
    if (bias.constant || bias.value)
      bias = slice(b, bias, group * outputs, outputs);
    results.push_back(build(part, weight, getBias(node, bias, outputs)));
  }
  return b.concat(results, last);
}

/// The permutation from channels, others, kernel to channels, kernel, others.
static SmallVector<int64_t> getWeightPerms(const Convolution &conv,
                                           bool isTransposed) {
  SmallVector<int64_t> perms{isTransposed ? 1 : 0};
  llvm::append_range(perms, llvm::seq<int64_t>(2, conv.window.getRank() + 2));
  perms.push_back(isTransposed ? 0 : 1);
  return perms;
}

//===----------------------------------------------------------------------===//
// Conv
//===----------------------------------------------------------------------===//

/// Each channel on its own: the weight is kernel, channels, multiplier.
static Value buildDepthwise(Node &node, Value input, const Convolution &conv) {
  TosaBuilder &b = node.b;
  ArrayRef<int64_t> shape = getShape(conv.weight);
  GraphValue weight =
      reshape(b, conv.weight,
              {conv.groups, shape[0] / conv.groups, shape[2], shape[3]});
  weight = transpose(b, weight, {2, 3, 0, 1});
  Value bias = getBias(node, conv.bias, shape[0]);
  const Window &window = conv.window;
  return b.infer<tosa::DepthwiseConv2DOp>(
      TosaBuilder::getElement(input), input, load(node, weight), bias,
      b.getDenseI64ArrayAttr(window.getPad()),
      b.getDenseI64ArrayAttr(window.strides),
      b.getDenseI64ArrayAttr(window.dilations), TypeAttr::get(b.getF32Type()));
}

template <typename Op>
static Value buildConv(Node &node, Value input, const Convolution &conv,
                       const GraphValue &weight, Value bias) {
  TosaBuilder &b = node.b;
  const Window &window = conv.window;
  GraphValue moved =
      transpose(b, weight, getWeightPerms(conv, /*isTransposed=*/false));
  return b.infer<Op>(TosaBuilder::getElement(input), input, load(node, moved),
                     bias, b.getDenseI64ArrayAttr(window.getPad()),
                     b.getDenseI64ArrayAttr(window.strides),
                     b.getDenseI64ArrayAttr(window.dilations),
                     TypeAttr::get(b.getF32Type()));
}

static LogicalResult importConv(Node &node) {
  TosaBuilder &b = node.b;
  FailureOr<Convolution> conv = readConvolution(node);
  if (failed(conv) || failed(conv->window.resolvePadding(node, conv->spatial)))
    return failure();
  if (conv->isLine)
    addDimension(b, *conv);
  conv->window.fit(conv->spatial, /*ceil=*/false);
  Value input = conv->window.crop(b, b.toChannelsLast(conv->input));

  ArrayRef<int64_t> weight = getShape(conv->weight);
  int64_t channels = weight[0], rank = conv->window.getRank();
  int64_t inputs = TosaBuilder::getShape(input).back();
  if (conv->groups < 1 || inputs != weight[1] * conv->groups ||
      channels % conv->groups)
    return node.emitError()
           << "expects a weight for " << inputs << " channels in "
           << conv->groups << " groups, but got " << node.getType(1);
  Value result;
  if (rank == 2 && conv->groups > 1 && conv->groups == inputs)
    result = buildDepthwise(node, input, *conv);
  else
    result =
        buildGroups(node, input, *conv, channels,
                    [&](Value input, const GraphValue &weight, Value bias) {
                      return rank == 2
                                 ? buildConv<tosa::Conv2DOp>(node, input, *conv,
                                                             weight, bias)
                                 : buildConv<tosa::Conv3DOp>(node, input, *conv,
                                                             weight, bias);
                    });
  if (!isa<RankedTensorType>(result.getType()))
    return node.setResult(result);
  result = b.toChannelsFirst(result);
  return node.setResult(conv->isLine ? removeDimension(b, result) : result);
}

//===----------------------------------------------------------------------===//
// ConvTranspose
//===----------------------------------------------------------------------===//

/// A kernel with zeros between its taps, for TOSA has no dilation here.
static LogicalResult dilate(Node &node, Convolution &conv) {
  Window &window = conv.window;
  if (llvm::all_of(window.dilations, [](int64_t d) { return d == 1; }))
    return success();
  if (!conv.weight.constant)
    return node.emitError() << "expects a weight that is known at compile time "
                               "where there are dilations";
  const Constant &weight = *conv.weight.constant;
  SmallVector<int64_t> shape(weight.getShape());
  for (int64_t i : llvm::seq(window.getRank()))
    shape[i + 2] = window.getExtent(i);
  auto type = weight.getType().clone(shape);
  SmallVector<double> numbers = weight.getNumbers();
  SmallVector<double> dilated(type.getNumElements(), 0.0);
  SmallVector<int64_t> from = computeStrides(weight.getShape());
  SmallVector<int64_t> to = computeStrides(shape);
  for (auto [i, number] : llvm::enumerate(numbers)) {
    SmallVector<int64_t> index = delinearize(static_cast<int64_t>(i), from);
    for (int64_t dim : llvm::seq(window.getRank()))
      index[dim + 2] *= window.dilations[dim];
    dilated[linearize(index, to)] = number;
  }
  Constant result = Constant::fromNumbers(type, dilated);
  result.setName(weight.getName());
  conv.weight.constant = result;
  for (int64_t i : llvm::seq(window.getRank())) {
    window.kernel[i] = window.getExtent(i);
    window.dilations[i] = 1;
  }
  return success();
}

/// Padding from the shape that the result is to have.
static LogicalResult resolveOutputShape(Node &node, Convolution &conv,
                                        ArrayRef<int64_t> outputPadding) {
  Window &window = conv.window;
  StringRef mode = node.getString("auto_pad", "NOTSET");
  bool isSame = mode == "SAME_UPPER" || mode == "SAME_LOWER";
  SmallVector<int64_t> shape = node.getInts("output_shape");
  if (shape.empty() && isSame)
    for (auto [extent, stride] : llvm::zip_equal(conv.spatial, window.strides))
      shape.push_back(extent * stride);
  if (shape.empty()) {
    if (mode == "VALID")
      llvm::fill(window.before, 0), llvm::fill(window.after, 0);
    return success();
  }
  // Some files name batch and channels, too.
  if (static_cast<int64_t>(shape.size()) == window.getRank() + 2)
    shape.erase(shape.begin(), shape.begin() + 2);
  if (static_cast<int64_t>(shape.size()) != window.getRank())
    return node.emitError() << "expects attribute 'output_shape' to have an "
                               "extent for each spatial dimension";
  for (int64_t i : llvm::seq(window.getRank())) {
    int64_t total = window.strides[i] * (conv.spatial[i] - 1) +
                    outputPadding[i] + window.getExtent(i) - shape[i];
    // Less than nothing where the result has more, at the end.
    int64_t half = llvm::divideFloorSigned(total, 2);
    window.before[i] = mode == "SAME_UPPER" ? half : total - half;
    window.after[i] = total - window.before[i];
  }
  return success();
}

static LogicalResult importConvTranspose(Node &node) {
  TosaBuilder &b = node.b;
  FailureOr<Convolution> conv = readConvolution(node);
  if (failed(conv))
    return failure();
  Window &window = conv->window;
  if (window.getRank() > 2)
    return node.emitError()
           << "expects one or two spatial dimensions, for "
              "which TOSA has transposed convolutions, but got "
           << node.getType(0);
  SmallVector<int64_t> zeros(window.getRank(), 0);
  SmallVector<int64_t> outputPadding = node.getInts("output_padding", zeros);
  if (outputPadding.size() != zeros.size())
    return node.emitError() << "expects attribute 'output_padding' to have an "
                               "extent for each spatial dimension";
  if (failed(resolveOutputShape(node, *conv, outputPadding)))
    return failure();
  if (conv->isLine) {
    addDimension(b, *conv);
    outputPadding.insert(outputPadding.begin(), 0);
  }
  if (failed(dilate(node, *conv)))
    return failure();
  Value input = b.toChannelsLast(conv->input);
  ArrayRef<int64_t> weight = getShape(conv->weight);
  int64_t channels = weight[1] * conv->groups;
  if (conv->groups < 1 || TosaBuilder::getShape(input).back() != weight[0] ||
      weight[0] % conv->groups)
    return node.emitError()
           << "expects a weight for " << TosaBuilder::getShape(input).back()
           << " channels in " << conv->groups << " groups, but got "
           << node.getType(1);
  SmallVector<int64_t> pad;
  for (int64_t i : llvm::seq(window.getRank()))
    pad.append({-window.before[i], outputPadding[i] - window.after[i]});
  Value result = buildGroups(
      node, input, *conv, channels,
      [&](Value input, const GraphValue &weight, Value bias) {
        GraphValue moved =
            transpose(b, weight, getWeightPerms(*conv, /*isTransposed=*/true));
        return b.infer<tosa::TransposeConv2DOp>(
            TosaBuilder::getElement(input), input, load(node, moved), bias,
            b.getDenseI64ArrayAttr(pad), b.getDenseI64ArrayAttr(window.strides),
            TypeAttr::get(b.getF32Type()));
      });
  if (!isa<RankedTensorType>(result.getType()))
    return node.setResult(result);
  result = b.toChannelsFirst(result);
  return node.setResult(conv->isLine ? removeDimension(b, result) : result);
}

void cgmq::addConvolutions(OpTable &table) {
  table["Conv"] = importConv;
  table["ConvTranspose"] = importConvTranspose;
}
