//===- TosaBopCost.cpp - Costs of tosa operations -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BopCostModels.h"
#include "cgmq/Interfaces/ExternalModels/BopCost.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// The extents of a type, or an error at `op` where it has none that count:
/// `staticDims` have to be static.
FailureOr<ArrayRef<int64_t>> getExtents(Operation *op, Type type,
                                        ArrayRef<int64_t> staticDims) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || llvm::any_of(staticDims, [&](int64_t dim) {
        return tensor.isDynamicDim(dim);
      })) {
    op->emitOpError() << "expects static extents, except for the batch, for "
                         "its cost to be known, but got "
                      << type;
    return failure();
  }
  return tensor.getShape();
}

/// The position in the input of position `output` of a window and `kernel` in
/// it, along spatial dimension `dim` of a convolution.
template <typename ConvOp>
AffineExpr getWindowPosition(ConvOp conv, unsigned dim, AffineExpr output,
                             AffineExpr kernel) {
  return output * conv.getStride()[dim] + kernel * conv.getDilation()[dim] -
         conv.getPad()[2 * dim];
}

/// Every element of the result sums kernel height x width x channels products.
struct Conv2DModel
    : BopCostOpInterface::ExternalModel<Conv2DModel, tosa::Conv2DOp> {
  FailureOr<int64_t> getMacs(Operation *op) const {
    auto conv = cast<tosa::Conv2DOp>(op);
    auto weight = getExtents(op, conv.getWeight().getType(), {0, 1, 2, 3});
    if (failed(weight))
      return failure();
    auto output = getExtents(op, conv.getType(), {1, 2, 3});
    if (failed(output))
      return failure();
    return countElements(*output) * countElements(weight->drop_front());
  }
  std::pair<OpOperand *, OpOperand *> getFactors(Operation *op) const {
    auto conv = cast<tosa::Conv2DOp>(op);
    return {&conv.getInputMutable(), &conv.getWeightMutable()};
  }
  ContractionSpace getSpace(Operation *op) const {
    auto conv = cast<tosa::Conv2DOp>(op);
    SmallVector<int64_t> output =
        countDynamicAsOne(cast<ShapedType>(conv.getType()).getShape());
    ArrayRef<int64_t> weight =
        cast<ShapedType>(conv.getWeight().getType()).getShape();
    AffineExpr n, h, w, f, p, q, c;
    bindDims(op->getContext(), n, h, w, f, p, q, c);
    auto getMap = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(7, 0, exprs, op->getContext());
    };
    return {{output[0], output[1], output[2], output[3], weight[1], weight[2],
             weight[3]},
            getMap({n, getWindowPosition(conv, 0, h, p),
                    getWindowPosition(conv, 1, w, q), c}),
            getMap({f, p, q, c}),
            getMap({n, h, w, f})};
  }
};

/// Every element of the result sums kernel height x width products.
struct DepthwiseConv2DModel
    : BopCostOpInterface::ExternalModel<DepthwiseConv2DModel,
                                        tosa::DepthwiseConv2DOp> {
  FailureOr<int64_t> getMacs(Operation *op) const {
    auto conv = cast<tosa::DepthwiseConv2DOp>(op);
    auto weight = getExtents(op, conv.getWeight().getType(), {0, 1, 2, 3});
    if (failed(weight))
      return failure();
    auto output = getExtents(op, conv.getType(), {1, 2, 3});
    if (failed(output))
      return failure();
    return countElements(*output) * countElements(weight->take_front(2));
  }
  std::pair<OpOperand *, OpOperand *> getFactors(Operation *op) const {
    auto conv = cast<tosa::DepthwiseConv2DOp>(op);
    return {&conv.getInputMutable(), &conv.getWeightMutable()};
  }
  ContractionSpace getSpace(Operation *op) const {
    auto conv = cast<tosa::DepthwiseConv2DOp>(op);
    SmallVector<int64_t> output =
        countDynamicAsOne(cast<ShapedType>(conv.getType()).getShape());
    ArrayRef<int64_t> weight =
        cast<ShapedType>(conv.getWeight().getType()).getShape();
    // c counts the input's channels, m those of the result for each of them.
    AffineExpr n, h, w, c, m, p, q;
    bindDims(op->getContext(), n, h, w, c, m, p, q);
    auto getMap = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(7, 0, exprs, op->getContext());
    };
    int64_t multiplier = weight[3];
    return {{output[0], output[1], output[2], output[3] / multiplier,
             multiplier, weight[0], weight[1]},
            getMap({n, getWindowPosition(conv, 0, h, p),
                    getWindowPosition(conv, 1, w, q), c}),
            getMap({p, q, c, m}),
            getMap({n, h, w, c * multiplier + m})};
  }
};

/// Every element of the result sums one product for each column of the lhs.
struct MatMulModel
    : BopCostOpInterface::ExternalModel<MatMulModel, tosa::MatMulOp> {
  FailureOr<int64_t> getMacs(Operation *op) const {
    auto matmul = cast<tosa::MatMulOp>(op);
    auto lhs = getExtents(op, matmul.getA().getType(), {2});
    if (failed(lhs))
      return failure();
    auto output = getExtents(op, matmul.getType(), {2});
    if (failed(output))
      return failure();
    return countElements(*output) * lhs->back();
  }
  std::pair<OpOperand *, OpOperand *> getFactors(Operation *op) const {
    auto matmul = cast<tosa::MatMulOp>(op);
    return {&matmul.getAMutable(), &matmul.getBMutable()};
  }
  ContractionSpace getSpace(Operation *op) const {
    auto matmul = cast<tosa::MatMulOp>(op);
    SmallVector<int64_t> output =
        countDynamicAsOne(cast<ShapedType>(matmul.getType()).getShape());
    AffineExpr n, i, j, k;
    bindDims(op->getContext(), n, i, j, k);
    auto getMap = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(4, 0, exprs, op->getContext());
    };
    return {{output[0], output[1], output[2],
             cast<ShapedType>(matmul.getA().getType()).getShape().back()},
            getMap({n, i, k}),
            getMap({n, k, j}),
            getMap({n, i, j})};
  }
};

/// A clamp whose only effect is to replace the negative by zero keeps codes.
struct ClampModel
    : BopCostOpInterface::ExternalModel<ClampModel, tosa::ClampOp> {
  FailureOr<int64_t> getMacs(Operation *) const { return 0; }
  std::pair<OpOperand *, OpOperand *> getFactors(Operation *) const {
    return {nullptr, nullptr};
  }
  bool preservesCodes(Operation *op) const {
    auto clamp = cast<tosa::ClampOp>(op);
    auto min = dyn_cast<FloatAttr>(clamp.getMinValAttr());
    auto max = dyn_cast<FloatAttr>(clamp.getMaxValAttr());
    return min && max && min.getValue().isZero() &&
           (max.getValue().isInfinity() || max.getValue().isLargest());
  }
};

} // namespace

void cgmq::registerTosaBopCostModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tosa::TosaDialect *) {
    tosa::Conv2DOp::attachInterface<Conv2DModel>(*context);
    tosa::DepthwiseConv2DOp::attachInterface<DepthwiseConv2DModel>(*context);
    tosa::MatMulOp::attachInterface<MatMulModel>(*context);
    tosa::ClampOp::attachInterface<ClampModel>(*context);
    attachBopCostModel<CodePreservingModel, tosa::ReshapeOp, tosa::TransposeOp,
                       tosa::MaxPool2dOp, tosa::IdentityOp, tosa::SliceOp,
                       tosa::ReverseOp, tosa::TileOp>(context);
    attachBopCostModel<FreeModel, tosa::ConstOp, tosa::ConstShapeOp,
                       tosa::AddOp, tosa::SubOp, tosa::AvgPool2dOp,
                       tosa::ConcatOp, tosa::PadOp, tosa::MaximumOp,
                       tosa::MinimumOp, tosa::ReduceSumOp, tosa::ReduceMaxOp,
                       tosa::ReduceMinOp, tosa::CastOp, tosa::ArgMaxOp>(
        context);
    // What works on elements multiplies none by a weight.
    attachBopCostModel<FreeModel, tosa::AbsOp, tosa::CeilOp, tosa::CosOp,
                       tosa::EqualOp, tosa::ErfOp, tosa::ExpOp, tosa::FloorOp,
                       tosa::GatherOp, tosa::GreaterEqualOp, tosa::GreaterOp,
                       tosa::LogOp, tosa::LogicalAndOp, tosa::LogicalNotOp,
                       tosa::LogicalOrOp, tosa::LogicalXorOp, tosa::MulOp,
                       tosa::NegateOp, tosa::PowOp, tosa::ReciprocalOp,
                       tosa::ReduceProductOp, tosa::RsqrtOp, tosa::SelectOp,
                       tosa::SigmoidOp, tosa::SinOp, tosa::TanhOp>(context);
  });
}
