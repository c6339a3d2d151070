//===- LinalgBopCost.cpp - Costs of linalg and tensor operations ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BopCostModels.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Interfaces/ExternalModels/BopCost.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// A generic with a reduction that multiplies is a contraction of its first
/// two inputs; all others (elementwise, pooling) cost nothing.
struct GenericModel
    : BopCostOpInterface::ExternalModel<GenericModel, linalg::GenericOp> {
  static bool isContraction(linalg::GenericOp generic) {
    return generic->hasAttr(CGMQDialect::kWidthsAttrName) ||
           (generic.getNumReductionLoops() > 0 &&
            generic.getNumDpsInputs() >= 2 &&
            llvm::any_of(*generic.getBody(), [](Operation &op) {
              return isa<arith::MulIOp, arith::MulFOp>(op);
            }));
  }
  FailureOr<int64_t> getMacs(Operation *op) const {
    auto generic = cast<linalg::GenericOp>(op);
    if (!isContraction(generic))
      return 0;
    if (generic.getNumDpsInputs() < 2)
      return op->emitOpError() << "expects two inputs for a contraction, but "
                                  "got "
                               << generic.getNumDpsInputs();
    return countElements(generic.getStaticLoopRanges());
  }
  std::pair<OpOperand *, OpOperand *> getFactors(Operation *op) const {
    auto generic = cast<linalg::GenericOp>(op);
    if (!isContraction(generic))
      return {nullptr, nullptr};
    return {generic.getDpsInputOperand(0), generic.getDpsInputOperand(1)};
  }
  ContractionSpace getSpace(Operation *op) const {
    auto generic = cast<linalg::GenericOp>(op);
    if (!isContraction(generic))
      return {};
    return {countDynamicAsOne(generic.getStaticLoopRanges()),
            generic.getMatchingIndexingMap(generic.getDpsInputOperand(0)),
            generic.getMatchingIndexingMap(generic.getDpsInputOperand(1)),
            generic.getMatchingIndexingMap(generic.getDpsInitOperand(0))};
  }
};

} // namespace

void cgmq::registerLinalgBopCostModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, linalg::LinalgDialect *) {
    linalg::GenericOp::attachInterface<GenericModel>(*context);
    attachBopCostModel<CodePreservingModel, linalg::TransposeOp,
                       linalg::BroadcastOp>(context);
    attachBopCostModel<FreeModel, linalg::FillOp, linalg::IndexOp,
                       linalg::PoolingNhwcMaxOp,
                       linalg::PoolingNhwcMaxUnsignedOp, linalg::YieldOp>(
        context);
  });
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    attachBopCostModel<CodePreservingModel, tensor::CastOp,
                       tensor::CollapseShapeOp, tensor::ExpandShapeOp,
                       tensor::ExtractSliceOp, tensor::ReshapeOp>(context);
    attachBopCostModel<FreeModel, tensor::DimOp, tensor::EmptyOp, tensor::PadOp,
                       tensor::SplatOp>(context);
  });
}
