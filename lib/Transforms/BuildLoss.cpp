//===- BuildLoss.cpp - cgmq-build-loss -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Differentiate.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_BUILDLOSSPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {
/// Builds TOSA operations on float matrices and what they need of constants.
class LossBuilder : public ImplicitLocOpBuilder {
public:
  using ImplicitLocOpBuilder::ImplicitLocOpBuilder;

  Value reshape(Value value, ArrayRef<int64_t> shape) {
    SmallVector<int64_t> extents(shape);
    llvm::replace(extents, ShapedType::kDynamic, int64_t(-1));
    Value extentsValue = tosa::ConstShapeOp::create(
        *this, tosa::shapeType::get(getContext(), shape.size()),
        getIndexTensorAttr(extents));
    return tosa::ReshapeOp::create(*this, getType(value).clone(shape), value,
                                   extentsValue);
  }

  /// `value` with its dimension `axis` reduced to one element.
  template <typename OpTy> Value reduce(Value value, int32_t axis) {
    SmallVector<int64_t> shape(getType(value).getShape());
    shape[axis] = 1;
    return OpTy::create(*this, getType(value).clone(shape), value,
                        getI32IntegerAttr(axis));
  }
  Value reduceToScalar(Value value) {
    for (int64_t axis = getType(value).getRank(); axis-- > 0;)
      value = reduce<tosa::ReduceSumOp>(value, axis);
    return reshape(value, {});
  }

  template <typename OpTy> Value map(Value value) {
    return OpTy::create(*this, value.getType(), value);
  }
  /// The shape is that of `lhs`.
  Value sub(Value lhs, Value rhs) {
    return tosa::SubOp::create(*this, lhs.getType(), lhs, rhs);
  }
  Value mul(Value lhs, Value rhs) {
    Value shift = tosa::ConstOp::create(
        *this, RankedTensorType::get({1}, getI8Type()),
        DenseElementsAttr::get(RankedTensorType::get({1}, getI8Type()),
                               getI8IntegerAttr(0)));
    return tosa::MulOp::create(*this, lhs.getType(), lhs, rhs, shift);
  }

  /// factor / the number of elements in the leading `numDims` dimensions.
  Value divideByExtents(double factor, Value value, int64_t numDims) {
    RankedTensorType type = getType(value);
    auto scalarType = RankedTensorType::get({}, type.getElementType());
    auto getConstant = [&](double number) -> Value {
      auto numberAttr = getFloatAttr(type.getElementType(), number);
      return arith::ConstantOp::create(
          *this, DenseElementsAttr::get(scalarType, numberAttr));
    };
    double count = 1.0;
    Value dynamicCount;
    for (int64_t dim = 0; dim < numDims; ++dim) {
      if (!type.isDynamicDim(dim)) {
        count *= type.getDimSize(dim);
        continue;
      }
      Value extent = tensor::DimOp::create(*this, value, dim);
      dynamicCount = dynamicCount
                         ? arith::MulIOp::create(*this, dynamicCount, extent)
                         : extent;
    }
    Value quotient = getConstant(factor / count);
    if (!dynamicCount)
      return quotient;
    Value integer =
        arith::IndexCastOp::create(*this, getI64Type(), dynamicCount);
    Value number =
        arith::SIToFPOp::create(*this, type.getElementType(), integer);
    Value divisor = tensor::FromElementsOp::create(*this, scalarType, number);
    return arith::DivFOp::create(*this, quotient, divisor);
  }

  static RankedTensorType getType(Value value) {
    return cast<RankedTensorType>(value.getType());
  }
};
} // namespace

/// The logarithm of the softmax of each row.
static Value buildLogSoftmax(LossBuilder &b, Value logits) {
  Value max = b.reduce<tosa::ReduceMaxOp>(logits, 1);
  Value shifted = b.sub(logits, max);
  Value sum = b.reduce<tosa::ReduceSumOp>(b.map<tosa::ExpOp>(shifted), 1);
  return b.sub(shifted, b.map<tosa::LogOp>(sum));
}

/// The mean over the rows of log(sum(exp(logits))) - logits[label].
static Value buildCrossEntropy(LossBuilder &b, Value logits, Value labels) {
  RankedTensorType type = LossBuilder::getType(logits);
  int64_t rows = type.getDimSize(0), classes = type.getDimSize(1);
  Value row = b.reshape(labels, {rows, 1});
  auto iotaType = RankedTensorType::get({1, classes}, b.getI32Type());
  auto iota = llvm::to_vector(llvm::seq<int32_t>(classes));
  Value columns = tosa::ConstOp::create(
      b, iotaType, DenseElementsAttr::get(iotaType, ArrayRef<int32_t>(iota)));
  Value isLabel =
      tosa::EqualOp::create(b, type.clone(b.getI1Type()), row, columns);
  Value oneHot = tosa::CastOp::create(b, type, isLabel);

  Value total = b.reduceToScalar(b.mul(buildLogSoftmax(b, logits), oneHot));
  return b.mul(total, b.divideByExtents(-1.0, logits, 1));
}

/// The mean over the rows of sum(p * (log(p) - log(q))), where p is the softmax
/// of the teacher's logits and q that of the student's.
static Value buildDistillation(LossBuilder &b, Value student, Value teacher) {
  Value logTeacher = buildLogSoftmax(b, teacher);
  Value difference = b.sub(logTeacher, buildLogSoftmax(b, student));
  Value probabilities = b.map<tosa::ExpOp>(logTeacher);
  Value total = b.reduceToScalar(b.mul(probabilities, difference));
  return b.mul(total, b.divideByExtents(1.0, student, 1));
}

/// The mean over all elements of the squared difference.
static Value buildMeanSquaredError(LossBuilder &b, Value result, Value target) {
  Value difference = b.sub(result, target);
  Value total = b.reduceToScalar(b.mul(difference, difference));
  return b.mul(total, b.divideByExtents(
                          1.0, result, LossBuilder::getType(result).getRank()));
}

/// The type of what the result of `function` is compared with.
static FailureOr<RankedTensorType> getTargetType(func::FuncOp function,
                                                 Loss loss) {
  if (function.getNumResults() != 1)
    return function.emitOpError() << "expects one result to have a loss, but "
                                     "got "
                                  << function.getNumResults();
  Type resultType = function.getResultTypes().front();
  auto type = dyn_cast<RankedTensorType>(resultType);
  if (!type || !isa<FloatType>(type.getElementType()) || type.getRank() == 0)
    return function.emitOpError()
           << "expects a float tensor with a batch dimension as result to have "
              "a loss, but got "
           << resultType;
  if (loss == Loss::MeanSquaredError)
    return type;
  if (type.getRank() != 2 || type.isDynamicDim(1))
    return function.emitOpError()
           << "expects a matrix of logits with a static number of columns as "
              "result to have a "
           << (loss == Loss::CrossEntropy ? "cross-entropy" : "distillation")
           << ", but got " << type;
  if (loss == Loss::Distillation)
    return type;
  return RankedTensorType::get({type.getDimSize(0)},
                               IntegerType::get(function.getContext(), 32));
}

FailureOr<func::FuncOp> cgmq::buildLoss(func::FuncOp function, Loss loss) {
  FailureOr<RankedTensorType> targetType = getTargetType(function, loss);
  if (failed(targetType))
    return failure();
  FailureOr<func::FuncOp> clone = cloneFunction(function, "_loss");
  if (failed(clone))
    return failure();
  func::FuncOp lossFunction = *clone;

  Operation *terminator = lossFunction.getBody().front().getTerminator();
  Location loc = terminator->getLoc();
  unsigned targetIndex = lossFunction.getNumArguments();
  if (failed(lossFunction.insertArgument(targetIndex, *targetType, {}, loc)))
    return failure();
  Value target = lossFunction.getArgument(targetIndex);
  Value result = terminator->getOperand(0);
  OpBuilder builder(terminator);
  LossBuilder b(loc, builder);
  auto build = [&]() -> Value {
    switch (loss) {
    case Loss::CrossEntropy:
      return buildCrossEntropy(b, result, target);
    case Loss::MeanSquaredError:
      return buildMeanSquaredError(b, result, target);
    case Loss::Distillation:
      return buildDistillation(b, result, target);
    }
    llvm_unreachable("unknown loss");
  };
  Value value = build();
  terminator->setOperand(0, value);
  lossFunction.setFunctionType(builder.getFunctionType(
      lossFunction.getArgumentTypes(), value.getType()));
  return lossFunction;
}

namespace {
struct BuildLossPass : cgmq::impl::BuildLossPassBase<BuildLossPass> {
  using BuildLossPassBase::BuildLossPassBase;
  void runOnOperation() override {
    FailureOr<func::FuncOp> selected =
        getModelFunction(getOperation(), function);
    if (failed(selected) || failed(buildLoss(*selected, loss)))
      signalPassFailure();
  }
};
} // namespace
