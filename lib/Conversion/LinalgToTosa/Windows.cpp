//===- Windows.cpp - Convolutions and poolings -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Raiser.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"

#include <limits>
#include <tuple>

using namespace mlir;
using namespace mlir::cgmq;

namespace {
/// A dimension of the input that windows slide along: its index is
/// `output * stride + kernel * dilation`, a sum of two loops. Where there is
/// but one, TOSA has a second, of one element, which no loop goes along.
struct Slide {
  int64_t position = -1, output = -1, kernel = -1;
  int64_t stride = 1, dilation = 1;
  int64_t extent = 1, before = 0, after = 0;

  SmallVector<int64_t> getPosition() const {
    return position == -1 ? SmallVector<int64_t>{}
                          : SmallVector<int64_t>{position};
  }
};

/// A convolution or a pooling: what each of its loops does.
class Windows {
public:
  Windows(Raiser &raiser, linalg::LinalgOp op)
      : raiser(raiser), b(raiser.b), op(op) {}

  LogicalResult raise();

private:
  LogicalResult readSlides();
  LogicalResult readLoops();
  LogicalResult readExtents();

  /// Takes what pads the input by numbers that say nothing.
  void takePadding(function_ref<bool(double)> isNeutral);
  /// The input as TOSA has it, its last dimension the loops `last`. Windows end
  /// where the padded input does.
  Value buildImage(ArrayRef<int64_t> last);
  /// The result, whose last dimension is the loops `last`, in the order that
  /// the operation gives it.
  Value finish(Value result, ArrayRef<int64_t> last);

  LogicalResult raiseConvolution();
  LogicalResult raisePooling();
  /// The accumulator, null if it is not one number for each channel.
  Value getBias(int64_t channels);
  Value convolve(Value image, Value filter, Value bias);
  Value convolveGroups(Value image, Value filter, Value bias);

  SmallVector<int64_t> atInput(ArrayRef<int64_t> loops) const {
    return llvm::map_to_vector(loops,
                               [&](int64_t i) { return inputPositions[i]; });
  }
  SmallVector<int64_t> atFilter(ArrayRef<int64_t> loops) const {
    return llvm::map_to_vector(loops,
                               [&](int64_t i) { return filterPositions[i]; });
  }
  SmallVector<int64_t> atFilter(const Slide &slide) const {
    return slide.kernel == -1 ? SmallVector<int64_t>{}
                              : atFilter(ArrayRef(slide.kernel));
  }
  DenseI64ArrayAttr get(int64_t Slide::*member) {
    return b.getDenseI64ArrayAttr(llvm::map_to_vector(
        slides, [&](const Slide &slide) { return slide.*member; }));
  }
  DenseI64ArrayAttr getPad() {
    SmallVector<int64_t> pad;
    for (const Slide &slide : slides)
      pad.append({slide.before, slide.after});
    return b.getDenseI64ArrayAttr(pad);
  }

  Raiser &raiser;
  TosaBuilder &b;
  linalg::LinalgOp op;
  Value input;
  /// One or two as they are read, two when they are built.
  SmallVector<Slide> slides;
  /// Loops by the operands that depend on them: those of samples (of a pooling,
  /// those of channels as well), of channels with a filter each, of the
  /// output's and of the input's channels.
  SmallVector<int64_t> samples, groups, outputs, inputs;
  SmallVector<int64_t> inputPositions, filterPositions, outPositions;
};
} // namespace

/// A loop and what it is multiplied by.
static std::optional<std::pair<int64_t, int64_t>> getTerm(AffineExpr expr) {
  int64_t factor = 1;
  if (auto product = dyn_cast<AffineBinaryOpExpr>(expr)) {
    auto constant = dyn_cast<AffineConstantExpr>(product.getRHS());
    if (product.getKind() != AffineExprKind::Mul || !constant)
      return std::nullopt;
    factor = constant.getValue();
    expr = product.getLHS();
  }
  auto dim = dyn_cast<AffineDimExpr>(expr);
  if (!dim || factor < 1)
    return std::nullopt;
  return std::pair(static_cast<int64_t>(dim.getPosition()), factor);
}

LogicalResult Windows::readSlides() {
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  AffineMap map = op.getIndexingMapsArray().front();
  inputPositions.assign(op.getNumLoops(), -1);
  for (auto [i, expr] : llvm::enumerate(map.getResults())) {
    auto position = static_cast<int64_t>(i);
    if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
      inputPositions[dim.getPosition()] = position;
      continue;
    }
    auto sum = dyn_cast<AffineBinaryOpExpr>(expr);
    if (!sum || sum.getKind() != AffineExprKind::Add)
      return failure();
    auto first = getTerm(sum.getLHS()), second = getTerm(sum.getRHS());
    if (!first || !second)
      return failure();
    if (linalg::isReductionIterator(iterators[first->first]))
      std::swap(first, second);
    if (!linalg::isParallelIterator(iterators[first->first]) ||
        !linalg::isReductionIterator(iterators[second->first]))
      return failure();
    Slide slide;
    slide.position = position;
    std::tie(slide.output, slide.stride) = *first;
    std::tie(slide.kernel, slide.dilation) = *second;
    slides.push_back(slide);
  }
  return success();
}

LogicalResult Windows::readLoops() {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  FailureOr<SmallVector<int64_t>> filter = getPositions(maps[1]),
                                  out = getPositions(maps[2]);
  if (failed(filter) || failed(out) || !maps[1].isProjectedPermutation() ||
      !maps[2].isProjectedPermutation())
    return failure();
  filterPositions = *filter;
  outPositions = *out;
  for (int64_t loop : llvm::seq<int64_t>(op.getNumLoops())) {
    if (llvm::any_of(slides, [&](const Slide &slide) {
          return slide.output == loop || slide.kernel == loop;
        }))
      continue;
    bool inInput = inputPositions[loop] != -1;
    bool inFilter = filterPositions[loop] != -1;
    bool inOutput = outPositions[loop] != -1;
    if (inInput && inOutput)
      (inFilter ? groups : samples).push_back(loop);
    else if (inFilter && inInput != inOutput)
      (inInput ? inputs : outputs).push_back(loop);
    else
      return failure();
  }
  for (const Slide &slide : slides)
    if (filterPositions[slide.kernel] == -1 ||
        outPositions[slide.output] == -1 || filterPositions[slide.output] != -1)
      return failure();
  return success();
}

LogicalResult Windows::readExtents() {
  ArrayRef<int64_t> shape = TosaBuilder::getShape(op->getOperand(1));
  for (Slide &slide : slides)
    slide.extent = shape[filterPositions[slide.kernel]];
  if (ShapedType::isDynamicShape(shape) ||
      llvm::any_of(slides, [&](const Slide &slide) {
        return ShapedType::isDynamic(
            TosaBuilder::getShape(input)[slide.position]);
      }))
    return raiser.refuse(op,
                         "expects height, width and kernel to be known at "
                         "compile time",
                         "export the network with static extents beside the "
                         "batch");
  return success();
}

//===----------------------------------------------------------------------===//
// Input and output
//===----------------------------------------------------------------------===//

void Windows::takePadding(function_ref<bool(double)> isNeutral) {
  auto pad = input.getDefiningOp<tosa::PadOp>();
  std::optional<double> number =
      pad ? getUniform(pad.getPadConst()) : std::nullopt;
  SmallVector<int64_t> padding;
  if (!number || !isNeutral(*number) ||
      !tosa::getConstShapeValues(pad.getPadding().getDefiningOp(), padding))
    return;
  SmallVector<int64_t> rest(padding);
  for (const Slide &slide : slides)
    if (slide.position != -1)
      rest[2 * slide.position] = rest[2 * slide.position + 1] = 0;
  if (llvm::any_of(rest, [](int64_t extent) { return extent != 0; }))
    return;
  for (Slide &slide : slides) {
    if (slide.position == -1)
      continue;
    slide.before = padding[2 * slide.position];
    slide.after = padding[2 * slide.position + 1];
  }
  input = pad.getInput1();
}

Value Windows::buildImage(ArrayRef<int64_t> last) {
  SmallVector<int64_t> first;
  for (int64_t loop : samples)
    if (!llvm::is_contained(last, loop))
      first.push_back(loop);
  Value image = raiser.group(input, {atInput(first), slides[0].getPosition(),
                                     slides[1].getPosition(), atInput(last)});
  // The result may have fewer windows than fit the input.
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  for (auto [i, slide] : llvm::enumerate(slides)) {
    if (slide.position == -1)
      continue;
    int64_t axis = static_cast<int64_t>(i) + 1;
    int64_t extent = TosaBuilder::getShape(image)[axis];
    int64_t covered = (slide.extent - 1) * slide.dilation + 1;
    int64_t rest = extent + slide.before + slide.after - covered;
    if (rest < 0)
      continue; // No shape follows, which is told where it is missed.
    int64_t steps = rest / slide.stride;
    if (!ShapedType::isDynamic(extents[slide.output]))
      steps = std::min(steps, extents[slide.output] - 1);
    slide.after -= rest - steps * slide.stride;
    if (slide.after < 0) {
      image = b.slice(image, axis, 0, extent + slide.after);
      slide.after = 0;
    }
  }
  return image;
}

Value Windows::finish(Value result, ArrayRef<int64_t> last) {
  SmallVector<int64_t> order, shape;
  auto append = [&](int64_t loop) {
    order.push_back(loop);
    shape.push_back(
        inputPositions[loop] != -1
            ? TosaBuilder::getShape(input)[inputPositions[loop]]
            : TosaBuilder::getShape(op->getOperand(1))[filterPositions[loop]]);
  };
  for (int64_t loop : samples)
    if (!llvm::is_contained(last, loop))
      append(loop);
  for (auto [i, slide] : llvm::enumerate(slides)) {
    if (slide.position == -1)
      continue;
    order.push_back(slide.output);
    shape.push_back(TosaBuilder::getShape(result)[i + 1]);
  }
  llvm::for_each(last, append);
  SmallVector<int64_t> perms(order.size());
  for (auto [i, loop] : llvm::enumerate(order))
    perms[outPositions[loop]] = static_cast<int64_t>(i);
  return b.transpose(b.reshape(result, shape), perms);
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

Value Windows::getBias(int64_t channels) {
  Value start = raiser.get(op.getDpsInitOperand(0)->get());
  RankedTensorType type = TosaBuilder::getType(start);
  auto bias = RankedTensorType::get({channels}, type.getElementType());
  if (getUniform(start) == 0.0)
    return b.getConstant(DenseElementsAttr::get(
        bias, Attribute(FloatAttr::get(type.getElementType(), 0.0))));
  SmallVector<int64_t> positions;
  for (ArrayRef<int64_t> loops : {ArrayRef(groups), ArrayRef(outputs)})
    for (int64_t loop : loops)
      positions.push_back(outPositions[loop]);
  for (auto [i, extent] : llvm::enumerate(type.getShape()))
    if (extent != 1 && !llvm::is_contained(positions, static_cast<int64_t>(i)))
      return nullptr;
  if (!llvm::is_sorted(positions) || !type.hasStaticShape() ||
      type.getNumElements() != channels)
    return nullptr;
  auto view = start.getDefiningOp<tosa::ReshapeOp>();
  if (view && view.getInput1().getType() == bias)
    return view.getInput1();
  return b.reshape(start, {channels});
}

Value Windows::convolve(Value image, Value filter, Value bias) {
  Type element = TosaBuilder::getElement(image);
  auto sums = TypeAttr::get(b.getF32Type());
  if (inputs.empty())
    return b.infer<tosa::DepthwiseConv2DOp>(element, image, filter, bias,
                                            getPad(), get(&Slide::stride),
                                            get(&Slide::dilation), sums);
  return b.infer<tosa::Conv2DOp>(element, image, filter, bias, getPad(),
                                 get(&Slide::stride), get(&Slide::dilation),
                                 sums);
}

/// A convolution for each group, side by side.
Value Windows::convolveGroups(Value image, Value filter, Value bias) {
  SmallVector<int64_t> shape(TosaBuilder::getShape(filter));
  SmallVector<Value> results;
  for (int64_t i : llvm::seq(shape[0])) {
    Value part = b.slice(image, 3, i * shape[4], shape[4]);
    Value weight =
        b.reshape(b.slice(filter, 0, i, 1), ArrayRef(shape).drop_front());
    results.push_back(
        convolve(part, weight, b.slice(bias, 0, i * shape[1], shape[1])));
    if (!isa<RankedTensorType>(results.back().getType()))
      return results.back();
  }
  return b.concat(results, 3);
}

LogicalResult Windows::raiseConvolution() {
  Type element = TosaBuilder::getElement(op->getResult(0));
  for (Value operand : op->getOperands())
    if (getElementTypeOrSelf(operand) != element || !isa<FloatType>(element))
      return raiser.refuse(op, "expects factors and sums of one type of floats",
                           "take the network as it is before quantization");
  FailureOr<Value> filter = raiser.getWhole(op, op->getOperand(1));
  if (failed(filter))
    return failure();
  takePadding([](double number) { return number == 0; });

  SmallVector<int64_t> channels(groups), depths(groups);
  llvm::append_range(channels, outputs);
  llvm::append_range(depths, inputs);
  Value image = buildImage(depths);
  SmallVector<int64_t> group = atFilter(groups), output = atFilter(outputs),
                       height = atFilter(slides[0]),
                       width = atFilter(slides[1]);
  bool isGrouped = !groups.empty() && !inputs.empty();
  Value weight =
      isGrouped ? raiser.group(*filter,
                               {group, output, height, width, atFilter(inputs)})
      : inputs.empty()
          ? raiser.group(*filter, {height, width, group, output})
          : raiser.group(*filter, {output, height, width, atFilter(inputs)});
  int64_t numChannels = 1;
  for (int64_t position : atFilter(channels))
    numChannels *= TosaBuilder::getShape(*filter)[position];

  Value bias = getBias(numChannels);
  Value start = raiser.get(op.getDpsInitOperand(0)->get());
  Value operand = bias ? bias
                       : b.getConstant(DenseElementsAttr::get(
                             RankedTensorType::get({numChannels}, element),
                             Attribute(FloatAttr::get(element, 0.0))));
  Value result = isGrouped ? convolveGroups(image, weight, operand)
                           : convolve(image, weight, operand);
  if (!isa<RankedTensorType>(result.getType()))
    return raiser.refuse(op, "expects windows that fit the input");
  result = finish(result, channels);
  raiser.set(op->getResult(0), bias ? result : b.add(result, start));
  return success();
}

//===----------------------------------------------------------------------===//
// Poolings
//===----------------------------------------------------------------------===//

LogicalResult Windows::raisePooling() {
  Operation *last =
      op.getBlock()->getTerminator()->getOperand(0).getDefiningOp();
  bool isMax = isa_and_present<arith::MaximumFOp, arith::MaxNumFOp>(last);
  bool isSum = isa_and_present<arith::AddFOp>(last);
  auto takes = [&](OpOperand *operand) {
    return llvm::is_contained(last->getOperands(),
                              op.getMatchingBlockArgument(operand));
  };
  if ((!isMax && !isSum) || !takes(op.getDpsInputOperand(0)) ||
      !takes(op.getDpsInitOperand(0)) || !groups.empty() || !inputs.empty() ||
      !outputs.empty())
    return raiser.refuse(op, "expects a convolution, or the maximum or sum of "
                             "floats in a window");
  if (llvm::any_of(slides, [](const Slide &s) { return s.dilation != 1; }))
    return raiser.refuse(op, "expects no dilations, which TOSA does not have "
                             "in poolings");
  auto isNeutral = [&](double number) {
    return isMax ? number <= -double(std::numeric_limits<float>::max())
                 : number == 0;
  };
  std::optional<double> start =
      getUniform(raiser.get(op.getDpsInitOperand(0)->get()));
  if (!start || !isNeutral(*start))
    return raiser.refuse(op,
                         isMax ? "expects to start from minus infinity"
                               : "expects to start from zero",
                         "combine the result with another start after it");
  // Averages would leave padding out of their count.
  if (isMax)
    takePadding(isNeutral);
  SmallVector<int64_t> channels;
  if (samples.size() > 1)
    channels.assign(samples.begin() + 1, samples.end());
  Value image = buildImage(channels);
  Type element = TosaBuilder::getElement(image);
  auto kernel = get(&Slide::extent), stride = get(&Slide::stride);
  double count = slides[0].extent * slides[1].extent;
  Value result;
  if (isMax)
    result =
        b.infer<tosa::MaxPool2dOp>(element, image, kernel, stride, getPad());
  else if (count == 1 && stride == kernel)
    result = image;
  else
    result =
        b.infer<tosa::AvgPool2dOp>(element, image, kernel, stride, getPad(),
                                   TypeAttr::get(b.getF32Type()));
  if (!isa<RankedTensorType>(result.getType()))
    return raiser.refuse(op, "expects windows that fit the input");
  result = finish(result, channels);
  raiser.set(op->getResult(0),
             isSum && count != 1 ? b.mul(result, count) : result);
  return success();
}

LogicalResult Windows::raise() {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
      failed(readSlides()) || failed(readLoops()))
    return raiser.refuse(op, "expects a convolution or a pooling, whose input "
                             "is indexed by loops, or by the sum of a loop of "
                             "the result and one of the kernel");
  if (slides.size() > 2)
    return raiser.refuse(op, "expects one or two spatial dimensions");
  FailureOr<Value> whole = raiser.getWhole(op, op->getOperand(0));
  if (failed(whole))
    return failure();
  input = *whole;
  if (failed(readExtents()))
    return failure();
  if (slides.size() == 1)
    slides.insert(slides.begin(), Slide());
  return sumsProducts(op) ? raiseConvolution() : raisePooling();
}

LogicalResult cgmq::raiseConvolution(Raiser &raiser, linalg::LinalgOp op) {
  return Windows(raiser, op).raise();
}
