//===- Raiser.cpp - A block of linalg becomes one of TOSA -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Raiser.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::cgmq;

static constexpr llvm::StringLiteral kLeaveOut =
    "leave what it computes to the caller, or write it by operations that "
    "docs/limits.md lists";

LogicalResult Raiser::refuse(Operation *op, const Twine &reason,
                             const Twine &remedy) {
  // Bodies of named operations are written nowhere.
  Operation *place = op;
  while (isa<UnknownLoc>(place->getLoc()) && place->getParentOp())
    place = place->getParentOp();
  InFlightDiagnostic diag = place->emitError()
                            << "'" << op->getName() << "' op " << reason;
  diag.attachNote() << (remedy.isTriviallyEmpty() ? Twine(kLeaveOut) : remedy);
  return diag;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

Value Raiser::get(Value tensor) {
  auto known = tensors.find(tensor);
  if (known != tensors.end())
    return known->second;
  auto constant = tensor.getDefiningOp<arith::ConstantOp>();
  if (!constant)
    return tensor;
  // Equal constants are one in the IR, though their parameters are several: a
  // constant of one number is so for each use.
  auto values = cast<ElementsAttr>(constant.getValue());
  auto op = tosa::ConstOp::create(b, values.getShapedType(), values);
  constants.push_back(op);
  if (!isa<SplatElementsAttr>(values))
    set(tensor, op);
  return op;
}

FailureOr<Value> Raiser::repeat(Operation *user, Value value,
                                ArrayRef<int64_t> shape) {
  SmallVector<int64_t> multiples(shape.size(), 1);
  for (auto [multiple, extent, wanted] :
       llvm::zip_equal(multiples, TosaBuilder::getShape(value), shape)) {
    if (extent != 1 || wanted == 1)
      continue;
    if (ShapedType::isDynamic(wanted))
      return refuse(user,
                    "expects a tensor that has the batch, but got one that is "
                    "repeated for each of its samples",
                    "give the batch an extent before linalg is made");
    multiple = wanted;
  }
  return b.tile(value, multiples);
}

FailureOr<Value> Raiser::getWhole(Operation *user, Value tensor) {
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  if (!type)
    return tensor;
  return repeat(user, get(tensor), type.getShape());
}

Value Raiser::group(Value value, ArrayRef<SmallVector<int64_t>> groups) {
  SmallVector<int64_t> perms, shape;
  for (ArrayRef<int64_t> positions : groups) {
    llvm::append_range(perms, positions);
    shape.push_back(
        TosaBuilder::multiply(llvm::map_to_vector(positions, [&](int64_t i) {
          return TosaBuilder::getShape(value)[i];
        })));
  }
  return b.reshape(b.transpose(value, perms), shape);
}

std::optional<double> cgmq::getUniform(Value tensor) {
  auto constant = tensor.getDefiningOp<tosa::ConstOp>();
  auto values = constant ? dyn_cast<SplatElementsAttr>(constant.getValues())
                         : SplatElementsAttr();
  if (!values)
    return std::nullopt;
  if (isa<FloatType>(values.getElementType()))
    return values.getSplatValue<APFloat>().convertToDouble();
  if (values.getElementType().isInteger(1))
    return values.getSplatValue<APInt>().getZExtValue();
  return values.getSplatValue<APInt>().getSExtValue();
}

FailureOr<SmallVector<int64_t>> cgmq::getPositions(AffineMap map) {
  SmallVector<int64_t> positions(map.getNumDims(), -1);
  for (auto [i, expr] : llvm::enumerate(map.getResults())) {
    if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
      int64_t &position = positions[dim.getPosition()];
      if (position != -1)
        return failure();
      position = static_cast<int64_t>(i);
      continue;
    }
    auto constant = dyn_cast<AffineConstantExpr>(expr);
    if (!constant || constant.getValue() != 0)
      return failure();
  }
  return positions;
}

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

void Raiser::fold(Operation *op) {
  SmallVector<Attribute> operands =
      llvm::map_to_vector(op->getOperands(), [&](Value operand) -> Attribute {
        return getNumber(operand);
      });
  // What upstream folds in place, it changes for the better.
  SmallVector<OpFoldResult> results;
  if (failed(op->fold(operands, results)))
    return;
  for (auto [result, folded] : llvm::zip(op->getResults(), results)) {
    auto number = dyn_cast_if_present<Attribute>(folded);
    numbers[result] =
        number ? dyn_cast<TypedAttr>(number) : getNumber(cast<Value>(folded));
  }
}

Value Raiser::getConstant(TypedAttr number, int64_t rank) {
  SmallVector<int64_t> ones(rank, 1);
  auto type = RankedTensorType::get(ones, number.getType());
  return b.getConstant(DenseElementsAttr::get(type, Attribute(number)));
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

LogicalResult Raiser::raiseStructured(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics())
    return refuse(op, "expects tensors, but got buffers",
                  "take the module as it is before bufferization");
  if (op.getNumReductionLoops() == 0)
    return raiseElementwise(*this, op);
  if (op.getNumParallelLoops() + op.getNumReductionLoops() != op.getNumLoops())
    return refuse(op, "expects parallel and reduction loops");
  bool hasWindows = llvm::any_of(op.getIndexingMapsArray(), [](AffineMap map) {
    return llvm::any_of(map.getResults(), [](AffineExpr expr) {
      return isa<AffineBinaryOpExpr>(expr);
    });
  });
  if (hasWindows)
    return raiseConvolution(*this, op);
  return sumsProducts(op) ? raiseContraction(*this, op)
                          : raiseReduction(*this, op);
}

/// Operations on scalars, which are none of the network's.
static bool isScalar(Operation *op) {
  return isMemoryEffectFree(op) && op->getNumRegions() == 0 &&
         op->getNumResults() > 0 &&
         llvm::all_of(op->getResultTypes(),
                      [](Type type) { return type.isIntOrIndexOrFloat(); });
}

LogicalResult Raiser::raise(Operation *op) {
  if (isScalar(op)) {
    fold(op);
    return success();
  }
  StringRef dialect = op->getName().getDialectNamespace();
  bool isArithmetic =
      (dialect == arith::ArithDialect::getDialectNamespace() ||
       dialect == math::MathDialect::getDialectNamespace()) &&
      llvm::all_of(op->getResultTypes(), llvm::IsaPred<TensorType>);
  if (isa<arith::ConstantOp>(op)) {
    // Raised where it is used.
    raised.insert(op);
    return success();
  }
  if (isArithmetic) {
    SmallVector<Value> operands = llvm::map_to_vector(
        op->getOperands(), [&](Value operand) { return get(operand); });
    if (!llvm::all_of(operands, llvm::IsaPred<TypedValue<RankedTensorType>>))
      return refuse(op, "expects tensors whose rank is known");
    FailureOr<Value> result = raiseScalar(*this, op, operands);
    if (failed(result))
      return failure();
    set(op->getResult(0), *result);
  } else if (auto structured = dyn_cast<linalg::LinalgOp>(op)) {
    if (failed(raiseStructured(structured)))
      return failure();
  } else if (dialect == linalg::LinalgDialect::getDialectNamespace() ||
             dialect == tensor::TensorDialect::getDialectNamespace()) {
    if (failed(raiseMovement(*this, op)))
      return failure();
  } else if (auto assertion = dyn_cast<cf::AssertOp>(op)) {
    auto holds =
        dyn_cast_if_present<IntegerAttr>(getNumber(assertion.getArg()));
    if (!holds || holds.getValue().isZero())
      return refuse(op, "expects a condition that is known to hold",
                    "--canonicalize, or static extents, make it known");
  } else {
    return replaceOperands(op);
  }
  raised.insert(op);
  for (Value result : op->getResults()) {
    auto type = dyn_cast_if_present<TensorType>(
        result.use_empty() ? Type() : get(result).getType());
    if (!type || get(result) == result)
      continue;
    if (!type.hasRank())
      return refuse(op, "expects operands of which TOSA infers a shape");
    if (type.getNumDynamicDims() > 1)
      return refuse(op,
                    "expects at most one extent that is not known, the batch",
                    "export the network with static extents beside the batch");
    for (auto [extent, wanted] : llvm::zip_equal(
             type.getShape(), cast<TensorType>(result.getType()).getShape()))
      if (extent != wanted && extent != 1 && !ShapedType::isDynamic(extent) &&
          !ShapedType::isDynamic(wanted))
        return refuse(op, "expects extents that TOSA infers as well");
  }
  return success();
}

/// Operations that are no linalg stay, and take what their operands became.
LogicalResult Raiser::replaceOperands(Operation *op) {
  for (OpOperand &operand : op->getOpOperands()) {
    FailureOr<Value> value = getWhole(op, operand.get());
    if (failed(value))
      return failure();
    operand.set(*value);
  }
  WalkResult walk = op->walk<WalkOrder::PreOrder>([&](Operation *inner) {
    if (inner == op ||
        !isa<linalg::LinalgDialect, tensor::TensorDialect>(inner->getDialect()))
      return WalkResult::advance();
    (void)refuse(inner, "expects no control flow around it",
                 "unroll it before linalg is made");
    return WalkResult::interrupt();
  });
  return failure(walk.wasInterrupted());
}

LogicalResult Raiser::eraseRaised() {
  Block &block = function.getBody().front();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    if (isOpTriviallyDead(&op) || (raised.contains(&op) && op.use_empty())) {
      llvm::erase(constants, dyn_cast<tosa::ConstOp>(&op));
      op.erase();
    } else if (isa<tensor::TensorDialect>(op.getDialect())) {
      return isa<tensor::EmptyOp>(op)
                 ? refuse(&op, "expects to be filled before it is read",
                          "linalg.fill, or an operation that leaves what is in "
                          "it unread, does so")
                 : refuse(&op, "is used by what stays");
    }
  }
  return success();
}

LogicalResult Raiser::run() {
  for (BlockArgument argument : function.getArguments()) {
    auto type = dyn_cast<TensorType>(argument.getType());
    if (type && (!isa<RankedTensorType>(type) || type.getNumDynamicDims() > 1))
      return function.emitOpError()
             << "expects arguments of which at most one extent is not known, "
                "the batch, but got "
             << type;
  }
  if (!function.getBody().hasOneBlock())
    return refuse(function, "expects one block, but got control flow",
                  "unroll it before linalg is made");
  SmallVector<Operation *> ops = llvm::map_to_vector(
      function.getBody().front(), [](Operation &op) { return &op; });
  for (Operation *op : ops) {
    b.setInsertionPoint(op);
    b.setLoc(op->getLoc());
    if (failed(raise(op)))
      return failure();
  }
  Operation *end = function.getBody().front().getTerminator();
  function.setFunctionType(FunctionType::get(function.getContext(),
                                             function.getArgumentTypes(),
                                             end->getOperandTypes()));
  return eraseRaised();
}
