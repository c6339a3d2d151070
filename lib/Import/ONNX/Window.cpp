//===- Window.cpp - What windows slide over -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Window.h"

using namespace mlir;
using namespace mlir::cgmq;

FailureOr<SmallVector<int64_t>> cgmq::getSpatialShape(Node &node) {
  ArrayRef<int64_t> shape = node.getShape(0);
  if (shape.size() < 3 || shape.size() > 5)
    return node.emitError() << "expects an input of one to three spatial "
                               "dimensions, but got "
                            << node.getType(0);
  SmallVector<int64_t> spatial(shape.drop_front(2));
  if (!ShapedType::isDynamicShape(spatial))
    return spatial;
  InFlightDiagnostic diag = node.emitError()
                            << "expects height and width to be known at "
                               "compile time, but got "
                            << node.getType(0);
  diag.attachNote() << "--onnx-dim=NAME=EXTENT gives open dimensions extents";
  return diag;
}

FailureOr<Window> Window::read(Node &node, ArrayRef<int64_t> kernel) {
  size_t rank = kernel.size();
  SmallVector<int64_t> ones(rank, 1), zeros(2 * rank, 0);
  Window result;
  result.kernel.assign(kernel.begin(), kernel.end());
  result.strides = node.getInts("strides", ones);
  result.dilations = node.getInts("dilations", ones);
  SmallVector<int64_t> pads = node.getInts("pads", zeros);
  if (node.getInts("kernel_shape", kernel) != result.kernel ||
      result.strides.size() != rank || result.dilations.size() != rank ||
      pads.size() != 2 * rank)
    return node.emitError() << "expects kernel, strides, dilations and pads of "
                            << rank << " spatial dimensions";
  for (ArrayRef<int64_t> extents :
       {ArrayRef(result.kernel), ArrayRef(result.strides),
        ArrayRef(result.dilations)})
    if (llvm::any_of(extents, [](int64_t extent) { return extent < 1; }))
      return node.emitError()
             << "expects a kernel, strides and dilations of at least one";
  result.before.assign(pads.begin(), pads.begin() + rank);
  result.after.assign(pads.begin() + rank, pads.end());
  return result;
}

LogicalResult Window::resolvePadding(Node &node, ArrayRef<int64_t> spatial) {
  StringRef mode = node.getString("auto_pad", "NOTSET");
  if (mode == "NOTSET")
    return success();
  if (mode != "VALID" && mode != "SAME_UPPER" && mode != "SAME_LOWER")
    return node.emitError() << "expects attribute 'auto_pad' to be NOTSET, "
                               "VALID, SAME_UPPER or SAME_LOWER, but got '"
                            << mode << "'";
  for (int64_t i : llvm::seq(getRank())) {
    before[i] = after[i] = 0;
    if (mode == "VALID")
      continue;
    int64_t results = llvm::divideCeil(spatial[i], strides[i]);
    int64_t total = std::max<int64_t>(
        (results - 1) * strides[i] + getExtent(i) - spatial[i], 0);
    before[i] = mode == "SAME_UPPER" ? total / 2 : total - total / 2;
    after[i] = total - before[i];
  }
  return success();
}

void Window::fit(ArrayRef<int64_t> spatial, bool ceil) {
  for (int64_t i : llvm::seq(getRank())) {
    int64_t rest = spatial[i] + before[i] + after[i] - getExtent(i);
    if (rest < 0)
      continue; // TOSA's verifier says so.
    int64_t steps = rest / strides[i];
    // The last window begins in the input, or in the padding before it.
    if (ceil && rest % strides[i] &&
        (steps + 1) * strides[i] < spatial[i] + before[i])
      ++steps;
    after[i] += steps * strides[i] - rest;
  }
}

Value Window::crop(TosaBuilder &b, Value value) {
  for (int64_t i : llvm::seq(getRank())) {
    for (int64_t *pad : {&before[i], &after[i]}) {
      if (*pad >= 0)
        continue;
      int64_t extent = TosaBuilder::getShape(value)[i + 1];
      value =
          b.slice(value, i + 1, pad == &before[i] ? -*pad : 0, extent + *pad);
      *pad = 0;
    }
  }
  return value;
}

SmallVector<int64_t> Window::getPad() const {
  SmallVector<int64_t> result;
  for (auto [first, last] : llvm::zip_equal(before, after))
    result.append({first, last});
  return result;
}

void Window::addDimension() {
  for (auto *extents : {&kernel, &strides, &dilations})
    extents->insert(extents->begin(), 1);
  before.insert(before.begin(), 0);
  after.insert(after.begin(), 0);
}

Value cgmq::addDimension(TosaBuilder &b, Value value) {
  SmallVector<int64_t> shape(TosaBuilder::getShape(value));
  shape.insert(shape.begin() + 2, 1);
  return b.reshape(value, shape);
}

Value cgmq::removeDimension(TosaBuilder &b, Value value) {
  SmallVector<int64_t> shape(TosaBuilder::getShape(value));
  shape.erase(shape.begin() + 2);
  return b.reshape(value, shape);
}
