//===- ShiftSignedFactors.cpp - Signed bytes to unsigned ones --*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_SHIFTSIGNEDFACTORSPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// What is added to a signed byte.
static constexpr int64_t kShift = 128;

namespace {

/// A contraction of signed bytes of which one factor is known.
struct SignedContraction {
  Contraction contraction;
  unsigned shifted, known;
  DenseIntElementsAttr values;
};

} // namespace

/// True if the op extends a factor as signed bytes.
static bool isSignedByte(const Contraction &contraction, unsigned operand) {
  Block &body = contraction.op->getRegion(0).front();
  return contraction.bits[operand] == 8 &&
         isa<arith::ExtSIOp>(*body.getArgument(operand).getUsers().begin());
}

/// Matches an op where each byte of a factor meets several known ones.
static std::optional<SignedContraction> match(linalg::LinalgOp op) {
  FailureOr<Contraction> contraction = Contraction::match(op);
  if (failed(contraction) || !op.hasPureTensorSemantics() ||
      !getElementTypeOrSelf(op->getOperand(Contraction::Out)).isInteger(32) ||
      !contraction->windows.empty() ||
      !contraction->maps[Contraction::Out].isProjectedPermutation() ||
      !isSignedByte(*contraction, Contraction::Lhs) ||
      !isSignedByte(*contraction, Contraction::Rhs))
    return std::nullopt;
  for (unsigned known : {Contraction::Lhs, Contraction::Rhs}) {
    unsigned shifted = 1 - known;
    DenseIntElementsAttr values;
    if (!contraction->maps[known].isProjectedPermutation() ||
        !matchPattern(op->getOperand(known), m_Constant(&values)) ||
        llvm::all_of(llvm::seq(contraction->getNumDims()), [&](unsigned dim) {
          return !contraction->uses(Contraction::Out, dim) ||
                 contraction->uses(shifted, dim);
        }))
      continue;
    return SignedContraction{*contraction, shifted, known, values};
  }
  return std::nullopt;
}

namespace {

class Rewrite {
public:
  Rewrite(IRRewriter &rewriter, const SignedContraction &matched)
      : rewriter(rewriter), matched(matched), op(matched.contraction.op),
        loc(op.getLoc()) {}

  /// `shifted` has the factors that other ops already want shifted.
  void run(DenseMap<Value, Value> &shifted) {
    rewriter.setInsertionPoint(op);
    Value &factor = shifted[op->getOperand(matched.shifted)];
    if (!factor)
      factor = shift(op->getOperand(matched.shifted));
    Value start = subtractExcess(op->getOperand(Contraction::Out));
    Operation *extension = *op->getRegion(0)
                                .front()
                                .getArgument(matched.shifted)
                                .getUsers()
                                .begin();
    rewriter.setInsertionPoint(extension);
    rewriter.replaceOpWithNewOp<arith::ExtUIOp>(
        extension, extension->getResult(0).getType(), extension->getOperand(0));
    rewriter.modifyOpInPlace(op, [&] {
      op->setOperand(matched.shifted, factor);
      op->setOperand(Contraction::Out, start);
    });
  }

private:
  /// The signed bytes plus kShift, as unsigned ones. Zeros around a tensor are
  /// put around the shifted one.
  Value shift(Value value) {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointAfterValue(value);
    auto type = cast<RankedTensorType>(value.getType());
    auto pad = value.getDefiningOp<tensor::PadOp>();
    if (pad && pad.getConstantPaddingValue() &&
        matchPattern(pad.getConstantPaddingValue(), m_Zero())) {
      Value zero = createByte(kShift);
      return tensor::PadOp::create(rewriter, loc, type, shift(pad.getSource()),
                                   pad.getMixedLowPad(), pad.getMixedHighPad(),
                                   zero);
    }
    return createElementwise({value},
                             {rewriter.getMultiDimIdentityMap(type.getRank())},
                             type, [&](ValueRange args) -> Value {
                               return arith::AddIOp::create(
                                   rewriter, loc, args[0], createByte(kShift));
                             });
  }

  /// What the sums are to start with, so that the shift does not show: less
  /// kShift times the sum of the known factors.
  Value subtractExcess(Value start) {
    const Contraction &contraction = matched.contraction;
    // Elements of a result, and dims of the excess, by index of known factors.
    SmallVector<int64_t> shape, sizes(matched.values.getType().getShape());
    SmallVector<AffineExpr> exprs;
    SmallVector<int64_t> strides(sizes.size(), 0);
    int64_t times = kShift;
    for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
      if (!contraction.uses(Contraction::Out, dim) &&
          !contraction.uses(matched.known, dim))
        times *= contraction.extents[dim];
    int64_t stride = 1;
    for (unsigned index = sizes.size(); index-- > 0;) {
      unsigned dim = contraction.maps[matched.known].getDimPosition(index);
      if (!contraction.uses(Contraction::Out, dim))
        continue;
      strides[index] = stride;
      stride *= sizes[index];
      shape.insert(shape.begin(), sizes[index]);
      exprs.insert(exprs.begin(),
                   rewriter.getAffineDimExpr(
                       *contraction.getIndexAlong(Contraction::Out, dim)));
    }
    // Modulo 2^32, as sums are.
    SmallVector<uint32_t> excess(stride, 0);
    SmallVector<int64_t> indices(sizes.size(), 0);
    for (const APInt &value : matched.values) {
      int64_t at = 0;
      for (auto [index, factor] : llvm::zip_equal(indices, strides))
        at += index * factor;
      excess[at] -= static_cast<uint32_t>(times * value.getSExtValue());
      for (unsigned index = sizes.size(); index-- > 0;) {
        if (++indices[index] < sizes[index])
          break;
        indices[index] = 0;
      }
    }
    auto result = cast<RankedTensorType>(start.getType());
    AffineMap map =
        AffineMap::get(result.getRank(), 0, exprs, rewriter.getContext());
    auto type = RankedTensorType::get(shape, rewriter.getI32Type());
    SmallVector<Value> inputs;
    if (DenseIntElementsAttr bias = getBroadcast(start, map)) {
      for (auto [value, added] :
           llvm::zip_equal(excess, bias.getValues<uint32_t>()))
        value += added;
    } else {
      inputs.push_back(start);
    }
    inputs.push_back(arith::ConstantOp::create(
        rewriter, loc,
        DenseElementsAttr::get(type, ArrayRef<uint32_t>(excess))));
    SmallVector<AffineMap> maps(
        inputs.size(), rewriter.getMultiDimIdentityMap(result.getRank()));
    maps.back() = map;
    return createElementwise(inputs, maps, result, [&](ValueRange args) {
      return inputs.size() == 1
                 ? args[0]
                 : arith::AddIOp::create(rewriter, loc, args[0], args[1]);
    });
  }

  /// The constant that `value` is a broadcast of by `map`, or null.
  static DenseIntElementsAttr getBroadcast(Value value, AffineMap map) {
    auto generic = value.getDefiningOp<linalg::GenericOp>();
    DenseIntElementsAttr constant;
    if (!generic || generic.getNumDpsInputs() != 1 ||
        generic.getNumReductionLoops() != 0 ||
        generic.getBody()->getTerminator()->getOperand(0) !=
            generic.getBody()->getArgument(0) ||
        generic.getMatchingIndexingMap(generic.getDpsInputOperand(0)) != map ||
        !generic.getMatchingIndexingMap(generic.getDpsInitOperand(0))
             .isIdentity() ||
        !matchPattern(generic.getInputs()[0], m_Constant(&constant)))
      return {};
    return constant;
  }

  Value createByte(int64_t value) {
    return arith::ConstantOp::create(
        rewriter, loc,
        rewriter.getIntegerAttr(rewriter.getI8Type(),
                                static_cast<int8_t>(value)));
  }

  Value createElementwise(ValueRange inputs, SmallVector<AffineMap> maps,
                          RankedTensorType type,
                          function_ref<Value(ValueRange)> createBody) {
    Value empty = tensor::EmptyOp::create(rewriter, loc, type.getShape(),
                                          type.getElementType());
    maps.push_back(rewriter.getMultiDimIdentityMap(type.getRank()));
    return linalg::GenericOp::create(
               rewriter, loc, type, inputs, empty, maps,
               SmallVector<utils::IteratorType>(type.getRank(),
                                                utils::IteratorType::parallel),
               [&](OpBuilder &builder, Location, ValueRange args) {
                 OpBuilder::InsertionGuard guard(rewriter);
                 rewriter.setInsertionPointToEnd(builder.getInsertionBlock());
                 linalg::YieldOp::create(rewriter, loc, createBody(args));
               })
        .getResult(0);
  }

  IRRewriter &rewriter;
  const SignedContraction &matched;
  linalg::LinalgOp op;
  Location loc;
};

struct ShiftSignedFactors
    : public cgmq::impl::ShiftSignedFactorsPassBase<ShiftSignedFactors> {
  void runOnOperation() override {
    SmallVector<SignedContraction, 0> contractions;
    getOperation().walk([&](linalg::LinalgOp op) {
      if (std::optional<SignedContraction> matched = match(op))
        contractions.push_back(*matched);
    });
    IRRewriter rewriter(&getContext());
    DenseMap<Value, Value> shifted;
    for (SignedContraction &matched : contractions) {
      linalg::LinalgOp &op = matched.contraction.op;
      // The name of an op says how it extends its factors.
      if (!isa<linalg::GenericOp>(op)) {
        rewriter.setInsertionPoint(op);
        FailureOr<linalg::GenericOp> generic =
            linalg::generalizeNamedOp(rewriter, op);
        if (failed(generic))
          continue;
        op = *generic;
      }
      Rewrite(rewriter, matched).run(shifted);
    }
  }
};

} // namespace
