//===- Resizing.cpp - Resize and Upsample -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;

namespace {
/// Element x of the result stands at (x * step + offset) / unit of the input.
struct Sampling {
  int64_t input, output;
  int64_t step = 1, unit = 1, offset = 0;

  void scale(int64_t factor) {
    step *= factor;
    unit *= factor;
    offset *= factor;
  }
  /// What TOSA calls the border follows from the extents.
  int64_t getBorder() const {
    return (output - 1) * step - (input - 1) * unit + offset;
  }
};
} // namespace

/// A fraction of small integers that is `scale` to within floats' precision.
static std::optional<std::pair<int64_t, int64_t>> getFraction(double scale) {
  for (int64_t denominator = 1; denominator <= 1024; ++denominator) {
    double numerator = std::round(scale * static_cast<double>(denominator));
    double error =
        std::abs(numerator / static_cast<double>(denominator) - scale);
    if (numerator >= 1 && error <= 1e-6 * scale)
      return std::make_pair(static_cast<int64_t>(numerator), denominator);
  }
  return std::nullopt;
}

static FailureOr<Sampling> getSampling(Node &node, int64_t input,
                                       int64_t output, double scale,
                                       StringRef transform) {
  Sampling result{input, output};
  std::optional<std::pair<int64_t, int64_t>> fraction = getFraction(scale);
  if (!fraction)
    return node.emitError() << "expects a scale that is a fraction of small "
                               "integers, but got "
                            << scale;
  auto [numerator, denominator] = *fraction;
  if (transform == "asymmetric") {
    result.unit = numerator;
    result.step = denominator;
  } else if (transform == "align_corners") {
    // One element is the first.
    result.unit = output > 1 ? output - 1 : 1;
    result.step = output > 1 ? input - 1 : 1;
  } else if (transform == "half_pixel" ||
             (transform == "pytorch_half_pixel" && output > 1)) {
    result.unit = 2 * numerator;
    result.step = 2 * denominator;
    result.offset = denominator - numerator;
  } else if (transform == "tf_half_pixel_for_nn") {
    result.unit = 2 * numerator;
    result.step = 2 * denominator;
    result.offset = denominator;
  } else if (transform != "pytorch_half_pixel") {
    return node.emitError()
           << "expects attribute 'coordinate_transformation_mode' to be "
              "half_pixel, pytorch_half_pixel, align_corners, asymmetric or "
              "tf_half_pixel_for_nn, but got '"
           << transform << "'";
  }
  return result;
}

/// TOSA takes the nearest element, and of two the one behind.
static LogicalResult setRounding(Node &node, Sampling &sampling,
                                 StringRef rounding) {
  if (rounding == "round_prefer_ceil")
    return success();
  if (rounding == "round_prefer_floor") {
    sampling.scale(2);
    sampling.offset -= 1;
  } else if (rounding == "floor") {
    sampling.offset -= sampling.unit / 2;
  } else if (rounding == "ceil") {
    sampling.offset += sampling.unit - 1 - sampling.unit / 2;
  } else {
    return node.emitError() << "expects attribute 'nearest_mode' to be a "
                               "rounding, but got '"
                            << rounding << "'";
  }
  return success();
}

/// The extents of the result and the scales between them and the input's.
static LogicalResult getExtents(Node &node, SmallVectorImpl<int64_t> &extents,
                                SmallVectorImpl<double> &scales) {
  ArrayRef<int64_t> shape = node.getShape(0);
  unsigned scalesAt = node.getOp() == "Resize" && node.getOpset() >= 11 ? 2 : 1;
  const Constant *given = node.getConstant(scalesAt);
  if (given && given->getNumElements() == 0)
    given = nullptr;
  if (given) {
    scales.assign(given->getNumbers());
  } else if (node.hasAttribute("scales")) {
    scales.assign(node.getFloats("scales"));
  } else {
    if (!node.hasOperand(scalesAt + 1))
      return node.emitError()
             << "expects scales that are known at compile time, or sizes";
    FailureOr<SmallVector<int64_t>> sizes =
        node.getIntegers(scalesAt + 1, "sizes");
    if (failed(sizes))
      return failure();
    extents.assign(*sizes);
    for (auto [size, extent] : llvm::zip(extents, shape))
      scales.push_back(size == extent ? 1.0
                                      : static_cast<double>(size) /
                                            static_cast<double>(extent));
  }
  if (scales.size() != shape.size() ||
      llvm::any_of(scales, [](double scale) { return !(scale > 0); }))
    return node.emitError() << "expects a positive scale or size for each "
                               "dimension of "
                            << node.getType(0);
  if (extents.empty())
    for (auto [scale, extent] : llvm::zip_equal(scales, shape))
      extents.push_back(scale == 1 ? extent
                                   : static_cast<int64_t>(std::floor(
                                         static_cast<double>(extent) * scale)));
  return success();
}

static LogicalResult importResize(Node &node) {
  TosaBuilder &b = node.b;
  SmallVector<int64_t> extents;
  SmallVector<double> scales;
  if (failed(getExtents(node, extents, scales)))
    return failure();
  ArrayRef<int64_t> shape = node.getShape(0);
  if (shape.size() != 4 || scales[0] != 1 || scales[1] != 1 ||
      ShapedType::isDynamicShape(shape.drop_front(2)))
    return node.emitError() << "expects to resize height and width, which are "
                               "known, of four dimensions, but got "
                            << node.getType(0);
  StringRef mode = node.getString("mode", "nearest");
  if (mode != "nearest" && mode != "linear")
    return node.emitError() << "expects attribute 'mode' to be nearest or "
                               "linear, which TOSA has, but got '"
                            << mode << "'";
  // What came before coordinates could be chosen.
  bool isOld = node.getOp() != "Resize" || node.getOpset() < 11;
  StringRef transform =
      isOld ? "asymmetric"
            : node.getString("coordinate_transformation_mode", "half_pixel");
  StringRef rounding =
      isOld ? "floor" : node.getString("nearest_mode", "round_prefer_floor");
  SmallVector<int64_t> scale, offset, border;
  for (int64_t i : {2, 3}) {
    FailureOr<Sampling> sampling =
        getSampling(node, shape[i], extents[i], scales[i], transform);
    if (failed(sampling) ||
        (mode == "nearest" && failed(setRounding(node, *sampling, rounding))))
      return failure();
    scale.append({sampling->unit, sampling->step});
    offset.push_back(sampling->offset);
    border.push_back(sampling->getBorder());
  }
  Value input = b.toChannelsLast(node.getOperand(0));
  auto resizeMode = mode == "nearest" ? tosa::ResizeMode::NEAREST_NEIGHBOR
                                      : tosa::ResizeMode::BILINEAR;
  Value result = b.infer<tosa::ResizeOp>(
      TosaBuilder::getElement(input), input, b.getShapeValue(scale),
      b.getShapeValue(offset), b.getShapeValue(border),
      tosa::ResizeModeAttr::get(b.getContext(), resizeMode));
  if (!isa<RankedTensorType>(result.getType()))
    return node.setResult(result);
  return node.setResult(b.toChannelsFirst(result));
}

void cgmq::addResizing(OpTable &table) {
  table["Resize"] = importResize;
  table["Upsample"] = importResize;
}
