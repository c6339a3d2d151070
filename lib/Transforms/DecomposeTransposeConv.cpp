//===- DecomposeTransposeConv.cpp - Transposed convolutions as others ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "ConstantEvaluator.h"
#include "ParameterEditor.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Support/TosaBuilder.h"
#include "cgmq/Transforms/ModelFunction.h"

#include "llvm/Support/MathExtras.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_DECOMPOSETRANSPOSECONVPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {
/// One spatial dimension. Without `out_pad`, input i and tap k of the kernel
/// meet in element i * stride + k of the result; that is position i + k /
/// stride of phase k % stride, so that each phase is a convolution by k /
/// stride.
struct Axis {
  Axis(tosa::TransposeConv2DOp op, unsigned dim)
      : stride(op.getStride()[dim]),
        kernel(TosaBuilder::getShape(op.getWeight())[1 + dim]),
        taps(llvm::divideCeilSigned(kernel, stride)),
        size(TosaBuilder::getShape(op.getOutput())[1 + dim]) {
    int64_t before = op.getOutPad()[2 * dim];
    int64_t after = op.getOutPad()[2 * dim + 1];
    // The verifier has it that either is above -kernel, so no padding is below
    // zero.
    int64_t first = llvm::divideFloorSigned(-before, stride);
    padBefore = taps - 1 - first;
    padAfter = llvm::divideFloorSigned(after + kernel - 1, stride);
    positions = TosaBuilder::getShape(op.getInput())[1 + dim] + padBefore +
                padAfter - taps + 1;
    start = -before - first * stride;
  }

  int64_t stride, kernel;
  /// The kernel of a phase.
  int64_t taps;
  int64_t padBefore, padAfter;
  /// The result of a phase, and where in all of them the result starts.
  int64_t positions, start, size;
};
} // namespace

/// The kernels of all phases, those of one after those of the other.
static SmallVector<float> getPhases(ArrayRef<double> weights,
                                    ArrayRef<int64_t> shape, Axis h, Axis w) {
  int64_t outputs = shape[0], inputs = shape[3];
  SmallVector<float> phases;
  for (int64_t row : llvm::seq(h.stride))
    for (int64_t column : llvm::seq(w.stride))
      for (int64_t output : llvm::seq(outputs))
        for (int64_t i : llvm::reverse(llvm::seq(h.taps)))
          for (int64_t j : llvm::reverse(llvm::seq(w.taps))) {
            int64_t p = i * h.stride + row, q = j * w.stride + column;
            if (p >= h.kernel || q >= w.kernel) {
              phases.append(inputs, 0.0f);
              continue;
            }
            int64_t tap = (output * h.kernel + p) * w.kernel + q;
            for (double weight : weights.slice(tap * inputs, inputs))
              phases.push_back(static_cast<float>(weight));
          }
  return phases;
}

static LogicalResult verify(tosa::TransposeConv2DOp op) {
  for (Value value : {op.getInput(), op.getWeight(), op.getBias()}) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    bool isInput = value == op.getInput();
    if (!type || !type.getElementType().isF32() ||
        ShapedType::isDynamicShape(type.getShape().drop_front(isInput)))
      return op.emitOpError() << "expects tensors of f32 with extents that are "
                                 "static but for the batch, but got "
                              << value.getType();
  }
  if (auto type = dyn_cast<RankedTensorType>(op.getType());
      !type || ShapedType::isDynamicShape(type.getShape().drop_front()))
    return op.emitOpError() << "expects a result whose extents are static but "
                               "for the batch, but got "
                            << op.getType();
  for (Value parameter : {op.getWeight(), op.getBias()})
    if (!isConstantExpression(parameter)) {
      InFlightDiagnostic diag =
          op.emitOpError() << "expects a weight and a bias that are constants "
                              "or parameters, but got "
                           << parameter.getType();
      diag.attachNote(parameter.getLoc()) << "this is computed";
      return diag;
    }
  return success();
}

/// What interleaves the phases of `value`, [N, H, W, phases * OC], and takes
/// the part that is the result.
static Value interleave(TosaBuilder &b, Value value, int64_t channels, Axis h,
                        Axis w) {
  int64_t batch = TosaBuilder::getShape(value)[0];
  if (h.stride != 1 || w.stride != 1) {
    value = b.reshape(
        value, {batch, h.positions, w.positions, h.stride, w.stride, channels});
    value = b.transpose(value, {0, 1, 3, 2, 4, 5});
    value = b.reshape(value, {batch, h.positions * h.stride,
                              w.positions * w.stride, channels});
  }
  value = b.slice(value, 1, h.start, h.size);
  return b.slice(value, 2, w.start, w.size);
}

static LogicalResult decompose(tosa::TransposeConv2DOp op,
                               ParameterEditor &parameters) {
  if (failed(verify(op)))
    return failure();
  ConstantEvaluator evaluator;
  FailureOr<SmallVector<double>> weights = evaluator.evaluate(op.getWeight());
  FailureOr<SmallVector<double>> biases = evaluator.evaluate(op.getBias());
  if (failed(weights) || failed(biases))
    return failure();
  Axis h(op, 0), w(op, 1);
  RankedTensorType type = TosaBuilder::getType(op.getWeight());
  ArrayRef<int64_t> shape = type.getShape();
  int64_t channels = h.stride * w.stride * shape[0];
  auto name = op->getParentOfType<func::FuncOp>().getSymName();

  SmallVector<float> newBiases;
  for (int64_t channel : llvm::seq(channels)) {
    // One number is one for all channels.
    int64_t i = channel % shape[0] % static_cast<int64_t>(biases->size());
    newBiases.push_back(static_cast<float>((*biases)[i]));
  }
  parameters.replace(op.getWeightMutable(),
                     type.clone({channels, h.taps, w.taps, shape[3]}),
                     getPhases(*weights, shape, h, w), name + ".weight");
  parameters.replace(op.getBiasMutable(), type.clone({channels}), newBiases,
                     name + ".bias");

  TosaBuilder b(op.getLoc(), op);
  int64_t batch = TosaBuilder::getShape(op.getOutput())[0];
  Value result = tosa::Conv2DOp::create(
      b, type.clone({batch, h.positions, w.positions, channels}), op.getInput(),
      op.getWeight(), op.getBias(), op.getInputZp(), op.getWeightZp(),
      b.getDenseI64ArrayAttr(
          {h.padBefore, h.padAfter, w.padBefore, w.padAfter}),
      b.getDenseI64ArrayAttr({1, 1}), b.getDenseI64ArrayAttr({1, 1}),
      op.getAccTypeAttr());
  result = interleave(b, result, shape[0], h, w);
  if (Attribute width = op->getAttr(CGMQDialect::kWidthAttrName))
    result.getDefiningOp()->setAttr(CGMQDialect::kWidthAttrName, width);
  op.getOutput().replaceAllUsesWith(result);
  op.erase();
  // At once, so that the last user of a parameter is known to be the last.
  parameters.eraseReleased();
  return success();
}

namespace {
struct DecomposeTransposeConv
    : public cgmq::impl::DecomposeTransposeConvPassBase<
          DecomposeTransposeConv> {
  using DecomposeTransposeConvPassBase::DecomposeTransposeConvPassBase;

  void runOnOperation() override {
    FailureOr<func::FuncOp> model = getModelFunction(getOperation(), function);
    if (failed(model))
      return signalPassFailure();
    ParameterEditor parameters(*model);
    for (auto op : llvm::make_early_inc_range(
             model->getBody().front().getOps<tosa::TransposeConv2DOp>()))
      if (failed(decompose(op, parameters)))
        return signalPassFailure();
  }
};
} // namespace
