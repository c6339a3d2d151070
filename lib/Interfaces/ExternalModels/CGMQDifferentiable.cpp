//===- CGMQDifferentiable.cpp - Gradient rules of cgmq -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The straight-through rules that CGMQOps.td states, operation by operation.
//
//===----------------------------------------------------------------------===//

#include "AdjointUtils.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Interfaces/ExternalModels/Differentiable.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {

struct QuantizeRule : GradientRule<QuantizeRule, QuantizeOp> {
  static LogicalResult build(QuantizeOp op, ImplicitLocOpBuilder &b,
                             Value cotangent, Active active,
                             MutableArrayRef<Value> operandCotangents) {
    bool isSigned = op.getGatedType().isSigned();
    bool prunes = canPrune(op.getGatedType().getWidths());
    Value input = op.getInput(), range = op.getRange(), gate = op.getGate();
    auto getAlpha = [&](Scalar beta) {
      return isSigned ? -beta : beta.constant(0.0);
    };
    // Nothing reaches what is pruned, nor comes from it.
    auto keep = [&](Scalar gate, Scalar x) {
      return prunes ? (gate > gate.constant(kPruningBound)).gate(x) : x;
    };
    if (active[0])
      operandCotangents[0] =
          mapReduce(b, {input, range, cotangent, gate}, input,
                    [&](ArrayRef<Scalar> args) {
                      Scalar x = args[0], beta = args[1], dq = args[2];
                      return ((x >= getAlpha(beta)) & (x <= beta))
                          .gate(keep(args[3], dq));
                    });
    if (!active[1])
      return success();

    Value quantized = DequantizeOp::create(b, input.getType(), op.getResult());
    operandCotangents[1] =
        mapReduce(b, {input, quantized, range, cotangent, gate}, range,
                  [&](ArrayRef<Scalar> args) {
                    Scalar x = args[0], xq = args[1], beta = args[2],
                           dq = keep(args[4], args[3]);
                    Scalar zero = dq.constant(0.0), alpha = getAlpha(beta);
                    // Outside through the clip, inside through the step, which
                    // is proportional to beta; a beta that is not positive has
                    // no inside.
                    Scalar below = isSigned ? (x < alpha).gate(-dq) : zero;
                    Scalar outside = select(x > beta, dq, below);
                    // The factor is one number for the whole tensor.
                    Scalar inside = dq * ((xq - x) * (1.0 / beta));
                    return select((x >= alpha) & (x <= beta) & (beta > zero),
                                  inside, outside);
                  });
    return success();
  }
};

/// The cotangent goes on to the first operand as it is.
template <typename OpTy>
struct StraightThroughRule : GradientRule<StraightThroughRule<OpTy>, OpTy> {
  static LogicalResult build(OpTy op, ImplicitLocOpBuilder &b, Value cotangent,
                             const llvm::SmallBitVector &active,
                             MutableArrayRef<Value> operandCotangents) {
    operandCotangents[0] = cotangent;
    return success();
  }
};

} // namespace

void cgmq::registerCGMQDifferentiableModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, CGMQDialect *) {
    QuantizeOp::attachInterface<QuantizeRule>(*context);
    DequantizeOp::attachInterface<StraightThroughRule<DequantizeOp>>(*context);
    AlignOp::attachInterface<StraightThroughRule<AlignOp>>(*context);
  });
}
