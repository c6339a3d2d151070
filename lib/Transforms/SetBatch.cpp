//===- SetBatch.cpp - From any batch to one -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/SetBatch.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Transforms/ModelFunction.h"
#include "cgmq/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_SETBATCHPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

using Shape = SmallVector<int64_t>;

/// The one dynamic extent of `shape`, from the number of elements of `source`.
static FailureOr<Shape> resolveExtent(ArrayRef<int64_t> shape,
                                      RankedTensorType source) {
  if (!source.hasStaticShape() ||
      llvm::count_if(shape, ShapedType::isDynamic) != 1)
    return failure();
  Shape result(shape);
  int64_t rest = 1, *dynamic = nullptr;
  for (int64_t &extent : result) {
    if (ShapedType::isDynamic(extent))
      dynamic = &extent;
    else
      rest *= extent;
  }
  if (rest == 0 || source.getNumElements() % rest != 0)
    return failure();
  *dynamic = source.getNumElements() / rest;
  return result;
}

/// The shapes of the results of `op`, as its operands now are.
static FailureOr<SmallVector<Shape>> inferShapes(Operation *op) {
  auto shapeOf = [](Value value) -> FailureOr<Shape> {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type)
      return failure();
    return Shape(type.getShape());
  };
  auto one = [](FailureOr<Shape> shape) -> FailureOr<SmallVector<Shape>> {
    if (failed(shape))
      return failure();
    return SmallVector<Shape>{*shape};
  };

  if (auto destination = dyn_cast<DestinationStyleOpInterface>(op)) {
    SmallVector<Shape> shapes;
    for (OpResult result : op->getResults()) {
      FailureOr<Shape> shape =
          shapeOf(destination.getTiedOpOperand(result)->get());
      if (failed(shape))
        return failure();
      shapes.push_back(*shape);
    }
    return shapes;
  }
  if (auto inference = dyn_cast<InferShapedTypeOpInterface>(op)) {
    SmallVector<ShapedTypeComponents> components;
    if (failed(inference.inferReturnTypeComponents(
            op->getContext(), op->getLoc(), op->getOperands(),
            op->getDiscardableAttrDictionary(), op->getPropertiesStorage(),
            op->getRegions(), components)))
      return failure();
    SmallVector<Shape> shapes;
    for (ShapedTypeComponents &component : components) {
      if (!component.hasRank())
        return failure();
      shapes.emplace_back(component.getDims());
    }
    return shapes;
  }
  auto getConstant = [](ArrayRef<OpFoldResult> sizes) -> FailureOr<Shape> {
    std::optional<Shape> shape = getConstantIntValues(sizes);
    if (!shape)
      return failure();
    return *shape;
  };
  if (auto empty = dyn_cast<tensor::EmptyOp>(op))
    return one(getConstant(empty.getMixedSizes()));
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    llvm::SmallBitVector dropped = slice.getDroppedDims();
    SmallVector<OpFoldResult> sizes;
    for (auto [dim, size] : llvm::enumerate(slice.getMixedSizes())) {
      if (!getConstantIntValue(size))
        return failure();
      if (!dropped.test(dim))
        sizes.push_back(size);
    }
    return one(getConstant(sizes));
  }
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    return one(Shape(tensor::PadOp::inferResultType(pad.getSourceType(),
                                                    pad.getStaticLow(),
                                                    pad.getStaticHigh())
                         .getShape()));
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op))
    return one(resolveExtent(collapse.getResultType().getShape(),
                             collapse.getSrcType()));
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op))
    return one(
        resolveExtent(expand.getResultType().getShape(), expand.getSrcType()));
  // The result has the shape of the first operand.
  if (op->getNumOperands() > 0 && op->getNumResults() == 1 &&
      (op->hasTrait<OpTrait::Elementwise>() ||
       isa<QuantizeOp, QuantizeUnitsOp, DequantizeOp, AlignOp,
           quant::QuantizeCastOp, quant::DequantizeCastOp,
           quant::StorageCastOp>(op)))
    return one(shapeOf(op->getOperand(0)));
  return failure();
}

namespace {
class BatchSetter {
public:
  /// Gives the arguments of `function` their types, and all else in it the
  /// types that follow.
  LogicalResult visit(func::FuncOp function, ArrayRef<Type> argumentTypes);

  /// Fails where a function that was changed is called from elsewhere.
  LogicalResult verifyCallers();

private:
  LogicalResult visit(Operation *op);
  LogicalResult visit(func::CallOp call);

  SmallVector<func::FuncOp> functions;
  llvm::SmallPtrSet<Operation *, 4> calls, inProgress;
};
} // namespace

LogicalResult BatchSetter::visit(func::CallOp call) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      call, call.getCalleeAttr());
  auto types = llvm::to_vector(call.getOperandTypes());
  if (inProgress.contains(callee))
    return call.emitOpError() << "expects functions that do not call "
                                 "themselves, but got a call of '"
                              << callee.getSymName() << "'";
  if (!llvm::is_contained(functions, callee)) {
    if (failed(visit(callee, types)))
      return failure();
  } else if (callee.getArgumentTypes() != ArrayRef<Type>(types)) {
    return call.emitOpError()
           << "expects operands of types " << callee.getArgumentTypes()
           << " as in another call of '" << callee.getSymName() << "', but got "
           << types;
  }
  calls.insert(call);
  for (auto [result, type] :
       llvm::zip_equal(call.getResults(), callee.getResultTypes()))
    result.setType(type);
  return success();
}

LogicalResult BatchSetter::visit(Operation *op) {
  if (auto call = dyn_cast<func::CallOp>(op))
    return visit(call);
  OpBuilder builder(op);
  if (auto dim = dyn_cast<tensor::DimOp>(op)) {
    auto type = dyn_cast<RankedTensorType>(dim.getSource().getType());
    std::optional<int64_t> index = dim.getConstantIndex();
    if (type && index && *index < type.getRank() &&
        !type.isDynamicDim(*index)) {
      dim.replaceAllUsesWith(Value(arith::ConstantIndexOp::create(
          builder, dim.getLoc(), type.getDimSize(*index))));
      dim.erase();
    }
    return success();
  }
  auto isDynamic = [](Value value) {
    auto type = dyn_cast<ShapedType>(value.getType());
    return type && !type.hasStaticShape();
  };
  if (llvm::none_of(op->getResults(), isDynamic))
    return success();
  if (auto cast = dyn_cast<tensor::CastOp>(op)) {
    if (!isDynamic(cast.getSource())) {
      cast.replaceAllUsesWith(cast.getSource());
      cast.erase();
      return success();
    }
  }

  FailureOr<SmallVector<Shape>> shapes = inferShapes(op);
  for (OpResult result : op->getResults()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (failed(shapes) || !type ||
        llvm::any_of((*shapes)[result.getResultNumber()],
                     ShapedType::isDynamic))
      return op->emitOpError()
             << "expects results whose shapes follow from the batch, but got "
             << result.getType();
    ArrayRef<int64_t> shape = (*shapes)[result.getResultNumber()];
    if (failed(verifyCompatibleShape(type.getShape(), shape)))
      return op->emitOpError() << "expects a result of shape [" << shape
                               << "] where the batch is set, but got " << type;
    result.setType(type.clone(shape));
  }

  // Some operations hold their extents as operands too.
  if (auto empty = dyn_cast<tensor::EmptyOp>(op)) {
    empty.getDynamicSizesMutable().clear();
  } else if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    expand.getOutputShapeMutable().clear();
    expand.setStaticOutputShape(expand.getResultType().getShape());
  } else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    std::optional<Shape> sizes = getConstantIntValues(slice.getMixedSizes());
    slice.getSizesMutable().clear();
    slice.setStaticSizes(*sizes);
  }
  return success();
}

LogicalResult BatchSetter::visit(func::FuncOp function,
                                 ArrayRef<Type> argumentTypes) {
  functions.push_back(function);
  if (function.isDeclaration() || !function.getBody().hasOneBlock())
    return function.emitOpError()
           << "expects a body of one block, but got "
           << function.getBody().getBlocks().size() << " blocks";
  inProgress.insert(function);
  Block &body = function.getBody().front();
  for (auto [argument, type] :
       llvm::zip_equal(body.getArguments(), argumentTypes))
    argument.setType(type);
  for (Operation &op : llvm::make_early_inc_range(body.without_terminator()))
    if (failed(visit(&op)))
      return failure();
  function.setType(FunctionType::get(function.getContext(), argumentTypes,
                                     body.getTerminator()->getOperandTypes()));
  inProgress.erase(function);
  return success();
}

LogicalResult BatchSetter::verifyCallers() {
  for (func::FuncOp function : functions) {
    auto uses = SymbolTable::getSymbolUses(function, function->getParentOp());
    if (!uses)
      continue;
    for (SymbolTable::SymbolUse use : *uses)
      if (!calls.contains(use.getUser()))
        return use.getUser()
                   ->emitOpError()
                   .append("expects a function of any batch, but '",
                           function.getSymName(), "' got a fixed one")
                   .attachNote(functions.front().getLoc())
               << "the batch of this function is set";
  }
  return success();
}

LogicalResult cgmq::setBatch(func::FuncOp function, int64_t batch) {
  if (batch < 1)
    return function.emitOpError()
           << "expects option 'batch' to be at least 1, but got " << batch;
  SmallVector<Type> types;
  bool hasBatch = false;
  for (Type type : function.getArgumentTypes()) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (tensor && tensor.getRank() > 0) {
      Shape shape(tensor.getShape());
      hasBatch |= ShapedType::isDynamic(shape[0]) || shape[0] == batch;
      if (ShapedType::isDynamic(shape[0]))
        shape[0] = batch;
      if (llvm::any_of(shape, ShapedType::isDynamic))
        return function.emitOpError() << "expects arguments whose leading "
                                         "extent alone is dynamic, but got "
                                      << type;
      type = tensor.clone(shape);
    }
    types.push_back(type);
  }
  if (!hasBatch)
    return function.emitOpError()
           << "expects an argument with a dynamic leading extent, or one of "
           << batch << ", but got " << function.getFunctionType();
  BatchSetter setter;
  if (failed(setter.visit(function, types)))
    return failure();
  return setter.verifyCallers();
}

namespace {
struct SetBatchPass : cgmq::impl::SetBatchPassBase<SetBatchPass> {
  using SetBatchPassBase::SetBatchPassBase;

  void runOnOperation() override {
    FailureOr<func::FuncOp> function =
        getModelFunction(getOperation(), this->function);
    if (failed(function) || failed(setBatch(*function, batch)))
      signalPassFailure();
  }
};
} // namespace
