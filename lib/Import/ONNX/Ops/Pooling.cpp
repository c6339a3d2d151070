//===- Pooling.cpp - The most and the mean of windows -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../OpTable.h"
#include "../Window.h"

#include <limits>

using namespace mlir;
using namespace mlir::cgmq;

/// Builds the pooling of `input`, channels last, over `window`.
using BuildPool = function_ref<Value(Value input, const Window &window)>;

static Value buildMaxPool(TosaBuilder &b, Value input, const Window &window) {
  return b.infer<tosa::MaxPool2dOp>(TosaBuilder::getElement(input), input,
                                    b.getDenseI64ArrayAttr(window.kernel),
                                    b.getDenseI64ArrayAttr(window.strides),
                                    b.getDenseI64ArrayAttr(window.getPad()));
}

static Value buildAveragePool(TosaBuilder &b, Value input,
                              const Window &window) {
  return b.infer<tosa::AvgPool2dOp>(TosaBuilder::getElement(input), input,
                                    b.getDenseI64ArrayAttr(window.kernel),
                                    b.getDenseI64ArrayAttr(window.strides),
                                    b.getDenseI64ArrayAttr(window.getPad()),
                                    TypeAttr::get(b.getF32Type()));
}

/// `includePadding`: what is explicitly padded counts as zeros.
static LogicalResult importPool(Node &node, bool includePadding,
                                BuildPool build) {
  TosaBuilder &b = node.b;
  FailureOr<SmallVector<int64_t>> spatial = getSpatialShape(node);
  if (failed(spatial))
    return failure();
  if (spatial->size() > 2)
    return node.emitError() << "expects one or two spatial dimensions, over "
                               "which TOSA pools, but got "
                            << node.getType(0);
  FailureOr<Window> window = Window::read(node, node.getInts("kernel_shape"));
  if (failed(window))
    return failure();
  if (window->kernel.size() != spatial->size())
    return node.emitError() << "expects a kernel of " << spatial->size()
                            << " spatial dimensions";
  if (llvm::any_of(window->dilations, [](int64_t d) { return d != 1; }))
    return node.emitError() << "expects no dilations, which TOSA does not have "
                               "in poolings, but got "
                            << window->dilations;
  if (failed(window->resolvePadding(node, *spatial)) ||
      failed(node.expectResults(1)))
    return failure();

  bool isLine = spatial->size() == 1;
  Value input = node.getOperand(0);
  if (isLine) {
    input = addDimension(b, input);
    spatial->insert(spatial->begin(), 1);
    window->addDimension();
  }
  input = b.toChannelsLast(input);
  if (includePadding) {
    SmallVector<int64_t> before{0}, after{0};
    llvm::append_range(before, window->before);
    llvm::append_range(after, window->after);
    before.push_back(0);
    after.push_back(0);
    input = b.pad(input, before, after, 0);
    for (int64_t i : llvm::seq(window->getRank())) {
      (*spatial)[i] += window->before[i] + window->after[i];
      window->before[i] = window->after[i] = 0;
    }
  }
  window->fit(*spatial, node.getInt("ceil_mode", 0) != 0);
  input = window->crop(b, input);
  Value result = build(input, *window);
  if (!isa<RankedTensorType>(result.getType()))
    return node.setResult(result);
  result = b.toChannelsFirst(result);
  return node.setResult(isLine ? removeDimension(b, result) : result);
}

static LogicalResult importMaxPool(Node &node) {
  return importPool(node, /*includePadding=*/false,
                    [&](Value input, const Window &window) {
                      return buildMaxPool(node.b, input, window);
                    });
}

static LogicalResult importAveragePool(Node &node) {
  return importPool(node, node.getInt("count_include_pad", 0) != 0,
                    [&](Value input, const Window &window) {
                      return buildAveragePool(node.b, input, window);
                    });
}

/// Over all of height and width, or whatever dimensions there are.
static LogicalResult
importGlobalPool(Node &node, BuildPool build,
                 function_ref<Value(Value, ArrayRef<int64_t>)> reduce) {
  FailureOr<SmallVector<int64_t>> spatial = getSpatialShape(node);
  if (failed(spatial))
    return failure();
  TosaBuilder &b = node.b;
  Value input = node.getOperand(0);
  if (spatial->size() != 2)
    return node.setResult(
        reduce(input, llvm::to_vector(llvm::seq<int64_t>(2, node.getRank(0)))));
  Window window{*spatial, {1, 1}, {1, 1}, {0, 0}, {0, 0}};
  return node.setResult(
      b.toChannelsFirst(build(b.toChannelsLast(input), window)));
}

static LogicalResult importGlobalAveragePool(Node &node) {
  return importGlobalPool(
      node,
      [&](Value input, const Window &window) {
        return buildAveragePool(node.b, input, window);
      },
      [&](Value input, ArrayRef<int64_t> axes) {
        return node.b.mean(input, axes);
      });
}

static LogicalResult importGlobalMaxPool(Node &node) {
  return importGlobalPool(
      node,
      [&](Value input, const Window &window) {
        return buildMaxPool(node.b, input, window);
      },
      [&](Value input, ArrayRef<int64_t> axes) {
        for (int64_t axis : axes)
          input = node.b.reduce<tosa::ReduceMaxOp>(input, axis);
        return input;
      });
}

void cgmq::addPooling(OpTable &table) {
  table["MaxPool"] = importMaxPool;
  table["AveragePool"] = importAveragePool;
  table["GlobalAveragePool"] = importGlobalAveragePool;
  table["GlobalMaxPool"] = importGlobalMaxPool;
}
