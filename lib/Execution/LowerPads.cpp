//===- LowerPads.cpp - Padded tensors, written in place -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERPADSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// Builds the tensor that a padded one is to be written to, borders filled.
class PadLowering {
public:
  PadLowering(IRRewriter &rewriter, tensor::PadOp pad)
      : rewriter(rewriter), pad(pad), loc(pad.getLoc()),
        source(pad.getSourceType().getShape()),
        result(pad.getResultType().getShape()),
        low(*getConstantIntValues(pad.getMixedLowPad())) {}

  void run() {
    Value value = pad.getConstantPaddingValue();
    // Ahead of what computes the source, so that it can write there; but a
    // value that is no constant may not be there yet.
    Operation *start = getFirstWriter(pad.getSource());
    Operation *definition = value.getDefiningOp();
    bool isConstant = matchPattern(value, m_Constant());
    if (!start || (definition && !isConstant))
      start = pad;
    rewriter.setInsertionPoint(start);
    if (isConstant)
      value = rewriter.clone(*definition)->getResult(0);
    Value padded = tensor::EmptyOp::create(
        rewriter, loc, result, pad.getResultType().getElementType());
    for (unsigned dim = 0; dim < result.size(); ++dim) {
      padded = fillBorder(padded, value, dim, 0, low[dim]);
      int64_t end = low[dim] + source[dim];
      padded = fillBorder(padded, value, dim, end, result[dim] - end);
    }
    rewriter.setInsertionPoint(pad);
    SmallVector<OpFoldResult> offsets = getAttrs(low);
    SmallVector<OpFoldResult> strides(result.size(), rewriter.getIndexAttr(1));
    rewriter.replaceOpWithNewOp<tensor::InsertSliceOp>(
        pad, pad.getSource(), padded, offsets, getAttrs(source), strides);
  }

private:
  /// The op that makes the tensor which `value` is written to.
  static Operation *getFirstWriter(Value value) {
    Operation *op = value.getDefiningOp();
    while (auto writer = dyn_cast_if_present<DestinationStyleOpInterface>(op)) {
      if (writer.getNumDpsInits() != 1)
        break;
      Operation *init = writer.getDpsInits()[0].getDefiningOp();
      if (!init || init->getBlock() != op->getBlock())
        break;
      op = init;
    }
    return op;
  }

  SmallVector<OpFoldResult> getAttrs(ArrayRef<int64_t> values) {
    return getAsIndexOpFoldResult(rewriter.getContext(), values);
  }

  /// Fills `size` elements along `dim`, between the borders of the dims before.
  Value fillBorder(Value padded, Value value, unsigned dim, int64_t offset,
                   int64_t size) {
    if (size == 0)
      return padded;
    SmallVector<int64_t> offsets(result.size(), 0), sizes(result);
    for (unsigned before = 0; before < dim; ++before) {
      offsets[before] = low[before];
      sizes[before] = source[before];
    }
    offsets[dim] = offset;
    sizes[dim] = size;
    SmallVector<OpFoldResult> strides(result.size(), rewriter.getIndexAttr(1));
    Value border = tensor::ExtractSliceOp::create(
        rewriter, loc, padded, getAttrs(offsets), getAttrs(sizes), strides);
    Value filled =
        linalg::FillOp::create(rewriter, loc, value, border).getResult(0);
    return tensor::InsertSliceOp::create(rewriter, loc, filled, padded,
                                         getAttrs(offsets), getAttrs(sizes),
                                         strides);
  }

  IRRewriter &rewriter;
  tensor::PadOp pad;
  Location loc;
  ArrayRef<int64_t> source, result;
  SmallVector<int64_t> low;
};

struct LowerPads : public cgmq::impl::LowerPadsPassBase<LowerPads> {
  using LowerPadsPassBase::LowerPadsPassBase;

  void runOnOperation() override {
    FailureOr<Machine> machine =
        Machine::get(getOperation(), vectorBits, /*threads=*/1, vnni);
    if (failed(machine))
      return signalPassFailure();
    IRRewriter rewriter(&getContext());
    SmallVector<tensor::PadOp> pads;
    getOperation().walk([&](tensor::PadOp pad) {
      // Anything else is left to the bufferization of tensor.pad.
      if (pad.getSourceType().hasStaticShape() &&
          pad.getResultType().hasStaticShape() &&
          pad.getConstantPaddingValue() &&
          getConstantIntValues(pad.getMixedLowPad()))
        pads.push_back(pad);
    });
    for (tensor::PadOp pad : pads) {
      for (OpOperand &use : llvm::make_early_inc_range(pad->getUses()))
        if (readsInside(use, *machine))
          separate(pad, use, rewriter);
      if (pad->use_empty())
        rewriter.eraseOp(pad);
      else
        PadLowering(rewriter, pad).run();
    }
  }

private:
  /// True if a use is by a contraction that does better without the padding.
  static bool readsInside(OpOperand &use, const Machine &machine) {
    auto op = dyn_cast<linalg::LinalgOp>(use.getOwner());
    if (!op)
      return false;
    FailureOr<TiledContraction> form = chooseForm(op, machine);
    return succeeded(form) &&
           form->contraction.operands[use.getOperandNumber()] != use.get();
  }

  /// Gives a use a padded tensor of its own, right before it.
  static void separate(tensor::PadOp pad, OpOperand &use,
                       IRRewriter &rewriter) {
    rewriter.setInsertionPoint(use.getOwner());
    Operation *copy = rewriter.clone(*pad);
    rewriter.modifyOpInPlace(use.getOwner(),
                             [&] { use.set(copy->getResult(0)); });
  }
};

} // namespace
