//===- LowerQuantizers.cpp - Quantizers to float arithmetic on codes ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/Passes.h"

#include "../CodeConstants.h"
#include "../UnitQuantizer.h"
#include "ContractIntegers.h"
#include "SinkScales.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/EmittedArithmetic.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERQUANTIZERSPASS
#include "cgmq/Conversion/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// A quantized tensor as codes (integral floats) and the step they count.
struct CodeTensor {
  Value codes;
  Value step;
  /// True (i1) where the codes are clipped floats rather than integers.
  Value isFloat;
};

/// Lowers the quantizers of one function, in the order of its text.
class FunctionLowering {
public:
  explicit FunctionLowering(SymbolTable &symbols)
      : symbols(symbols), builder(symbols.getOp()->getContext()) {}
  LogicalResult run(func::FuncOp function);

private:
  LogicalResult lower(QuantizeOp op);
  LogicalResult lower(QuantizeUnitsOp op);
  LogicalResult lower(DequantizeOp op);
  LogicalResult lower(AlignOp op);
  LogicalResult lower(BitWidthOp op);
  LogicalResult lower(quant::QuantizeCastOp op);
  LogicalResult lower(quant::StorageCastOp op);
  LogicalResult lower(quant::DequantizeCastOp op);
  FailureOr<CodeTensor> lookup(Operation *user, Value quantized);
  /// What the quantizers of a block that share range, gate and type have in
  /// common, so that their steps are one value.
  struct GatedGrid {
    Value range, finestGate;
    GridValues<EmittedArithmetic> grid;
  };
  const GatedGrid &getGrid(QuantizeOp op);
  Value loadConstantCodes(Value storage, bool isSigned);
  Value getScalar(Location loc, Value tensor) {
    return tensor::ExtractOp::create(builder, loc, tensor, ValueRange{});
  }
  EmittedArithmetic arithmetic(Location loc) {
    return EmittedArithmetic(builder, loc, builder.getF32Type());
  }

  SymbolTable &symbols;
  OpBuilder builder;
  DenseMap<Value, CodeTensor> codeTensors;
  DenseMap<std::tuple<Block *, Value, Value, Type>, GatedGrid> grids;
  SmallVector<Operation *> lowered;
};

} // namespace

/// The codes of `input` on a grid whose values are scalars.
static Value buildCodes(OpBuilder &builder, Location loc, Value input,
                        const GridValues<EmittedArithmetic> &grid) {
  return buildElementwise(
      builder, loc,
      {input, grid.inverseStep, grid.minCode, grid.maxCode, grid.isFloat},
      builder.getF32Type(),
      [](OpBuilder &nested, Location loc, ValueRange args) {
        EmittedArithmetic arith(nested, loc, nested.getF32Type());
        GridValues<EmittedArithmetic> scalars{/*step=*/{}, args[1], args[2],
                                              args[3], args[4]};
        return getCode(arith, args[0], scalars);
      });
}

/// The codes of a tensor with a gate for each channel or element, all of them
/// on the finest grid in use. What depends on a width is computed once; the
/// elements select.
static Value buildNestedCodes(OpBuilder &builder, QuantizeOp op, Value range,
                              Value finestGate) {
  using Nested = NestedGrid<EmittedArithmetic>;
  GatedType type = op.getGatedType();
  EmittedArithmetic arith(builder, op.getLoc(), builder.getF32Type());
  SmallVector<Value> inputs = {op.getInput(), op.getGate()};
  for (int64_t width : type.getWidths()) {
    Nested nested = getNestedGrid(arith, range, finestGate, width,
                                  type.getWidths(), type.isSigned());
    inputs.append({nested.grid.inverseStep, nested.grid.minCode,
                   nested.grid.maxCode, nested.ratio});
  }
  return buildElementwise(
      builder, op.getLoc(), inputs, builder.getF32Type(),
      [&](OpBuilder &b, Location loc, ValueRange args) {
        SmallVector<Nested> grids;
        for (ValueRange rest = args.drop_front(2); !rest.empty();
             rest = rest.drop_front(4))
          grids.push_back({{/*step=*/{}, rest[0], rest[1], rest[2],
                            /*isFloat=*/{}},
                           rest[3]});
        EmittedArithmetic arith(b, loc, b.getF32Type());
        return getNestedCode<EmittedArithmetic>(arith, args[0], args[1],
                                                type.getWidths(), grids);
      });
}

FailureOr<CodeTensor> FunctionLowering::lookup(Operation *user,
                                               Value quantized) {
  auto it = codeTensors.find(quantized);
  if (it != codeTensors.end())
    return it->second;
  InFlightDiagnostic diag =
      user->emitOpError("expects its quantized operand to come from a quantize "
                        "in the same function");
  diag.attachNote(quantized.getLoc()) << "the operand is defined here";
  return diag;
}

const FunctionLowering::GatedGrid &FunctionLowering::getGrid(QuantizeOp op) {
  GatedType type = op.getGatedType();
  auto [it, isNew] =
      grids.try_emplace({op->getBlock(), op.getRange(), op.getGate(), type});
  if (isNew) {
    EmittedArithmetic arith = arithmetic(op.getLoc());
    Value range = getScalar(op.getLoc(), op.getRange());
    Value finestGate = buildMaximum(builder, op.getLoc(), op.getGate());
    it->second = {range, finestGate,
                  cgmq::getGrid(arith, range, finestGate, type.getWidths(),
                                type.isSigned())};
  }
  return it->second;
}

LogicalResult FunctionLowering::lower(QuantizeOp op) {
  Location loc = op.getLoc();
  GatedType type = op.getGatedType();
  auto [range, finestGate, grid] = getGrid(op);
  Value codes = op.getGate().getType().getRank() == 0
                    ? buildCodes(builder, loc, op.getInput(), grid)
                    : buildNestedCodes(builder, op, range, finestGate);
  if (op.getGate().getType().getRank() == 0)
    markCodes(codes.getDefiningOp(), type.isSigned());
  codeTensors[op.getResult()] = {codes, grid.step, grid.isFloat};
  return success();
}

LogicalResult FunctionLowering::lower(QuantizeUnitsOp op) {
  Location loc = op.getLoc();
  quant::UniformQuantizedType type = op.getUniformType();
  Value codes = buildUnitCodes(builder, loc, op.getInput(), op.getWidths(),
                               op.getRange().convertToFloat(), type,
                               builder.getF32Type());
  codeTensors[op.getResult()] = {
      codes, arithmetic(loc).constant(type.getScale()),
      arith::ConstantIntOp::create(builder, loc, 0, 1)};
  return success();
}

LogicalResult FunctionLowering::lower(DequantizeOp op) {
  FailureOr<CodeTensor> input = lookup(op, op.getInput());
  if (failed(input))
    return failure();
  op.replaceAllUsesWith(
      ScaleOp::create(builder, op.getLoc(), input->codes, input->step)
          .getResult());
  return success();
}

LogicalResult FunctionLowering::lower(AlignOp op) {
  Location loc = op.getLoc();
  FailureOr<CodeTensor> lhs = lookup(op, op.getLhs());
  FailureOr<CodeTensor> rhs = lookup(op, op.getRhs());
  if (failed(lhs) || failed(rhs))
    return failure();
  EmittedArithmetic arith = arithmetic(loc);
  Value step = arith.mul(lhs->step, rhs->step);
  Value inverseStep = getInverseStep(arith, step);
  Value isFloat =
      arith::OrIOp::create(builder, loc, lhs->isFloat, rhs->isFloat);
  Value codes = buildElementwise(
      builder, loc, {op.getBias(), inverseStep, isFloat}, builder.getF32Type(),
      [](OpBuilder &nested, Location loc, ValueRange args) {
        EmittedArithmetic arith(nested, loc, nested.getF32Type());
        return arith.select(args[2], arith.mul(args[0], args[1]),
                            roundToGrid(arith, args[0], args[1]));
      });
  op.replaceAllUsesWith(ScaleOp::create(builder, loc, codes, step).getResult());
  return success();
}

LogicalResult FunctionLowering::lower(BitWidthOp op) {
  Type elementType = op.getType().getElementType();
  Value widths = buildElementwise(
      builder, op.getLoc(), op.getGate(), elementType,
      [&](OpBuilder &nested, Location loc, ValueRange args) {
        EmittedArithmetic arith(nested, loc, nested.getF32Type());
        return arith::ExtFOp::create(nested, loc, elementType,
                                     getWidth(arith, args[0], op.getWidths()));
      });
  op.replaceAllUsesWith(widths);
  return success();
}

/// The uniform type of a quantized tensor that has no zero point.
static FailureOr<quant::UniformQuantizedType> getUniformType(Operation *op,
                                                             Type type) {
  auto uniform =
      dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(type));
  if (!uniform || uniform.getZeroPoint() != 0 ||
      !uniform.getExpressedType().isF32())
    return op->emitOpError("expects a !quant.uniform type of f32 with one "
                           "scale and no zero point, but got ")
           << type;
  return uniform;
}

LogicalResult FunctionLowering::lower(quant::QuantizeCastOp op) {
  Location loc = op.getLoc();
  auto type = getUniformType(op, op.getType());
  if (failed(type))
    return failure();
  EmittedArithmetic arith = arithmetic(loc);
  Value step = arith.constant(type->getScale());
  GridValues<EmittedArithmetic> grid{
      step, getInverseStep(arith, step),
      arith.constant(type->getStorageTypeMin()),
      arith.constant(type->getStorageTypeMax()),
      arith::ConstantIntOp::create(builder, loc, 0, 1)};
  Value codes = buildCodes(builder, loc, op.getInput(), grid);
  codeTensors[op.getResult()] = {codes, step, grid.isFloat};
  return success();
}

/// The codes that a constant global stores, as floats in a global of their own;
/// null where `storage` is no such constant. This also spares what follows from
/// integers narrower than a byte.
Value FunctionLowering::loadConstantCodes(Value storage, bool isSigned) {
  auto load = storage.getDefiningOp<ml_program::GlobalLoadConstOp>();
  if (!load)
    return {};
  auto global =
      symbols.lookup<ml_program::GlobalOp>(load.getGlobal().getLeafReference());
  std::optional<SmallVector<int64_t>> codes =
      getCodes(global.getValueAttr(), isSigned);
  if (!codes)
    return {};
  auto type = cast<RankedTensorType>(storage.getType())
                  .clone(Float32Type::get(builder.getContext()));
  ml_program::GlobalOp floats = buildConstantGlobal(symbols, global, type);
  floats.setValueAttr(DenseElementsAttr::get(
      type,
      ArrayRef<float>(llvm::map_to_vector(*codes, [](int64_t code) -> float {
        return static_cast<float>(code);
      }))));
  return ml_program::GlobalLoadConstOp::create(builder, load.getLoc(), type,
                                               FlatSymbolRefAttr::get(floats));
}

LogicalResult FunctionLowering::lower(quant::StorageCastOp op) {
  Location loc = op.getLoc();
  // To codes, or back to their storage.
  if (!isa<quant::QuantizedType>(getElementTypeOrSelf(op.getType())))
    return op.emitOpError("expects a cast from storage to a quantized type, "
                          "but got ")
           << op.getType();
  auto type = getUniformType(op, op.getType());
  if (failed(type))
    return failure();
  Value codes = loadConstantCodes(op.getInput(), type->isSigned());
  if (!codes)
    codes = buildElementwise(
        builder, loc, op.getInput(), builder.getF32Type(),
        [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
          if (type->isSigned())
            return arith::SIToFPOp::create(nested, loc, nested.getF32Type(),
                                           args[0]);
          return arith::UIToFPOp::create(nested, loc, nested.getF32Type(),
                                         args[0]);
        });
  Value step = arithmetic(loc).constant(type->getScale());
  Value isFloat = arith::ConstantIntOp::create(builder, loc, 0, 1);
  codeTensors[op.getResult()] = {codes, step, isFloat};
  return success();
}

LogicalResult FunctionLowering::lower(quant::DequantizeCastOp op) {
  FailureOr<CodeTensor> input = lookup(op, op.getInput());
  if (failed(input))
    return failure();
  op.replaceAllUsesWith(
      ScaleOp::create(builder, op.getLoc(), input->codes, input->step)
          .getResult());
  return success();
}

LogicalResult FunctionLowering::run(func::FuncOp function) {
  WalkResult result = function.walk([&](Operation *op) {
    builder.setInsertionPoint(op);
    auto visit = [&](auto typedOp) {
      lowered.push_back(typedOp);
      return WalkResult(lower(typedOp));
    };
    return TypeSwitch<Operation *, WalkResult>(op)
        .Case<QuantizeOp, QuantizeUnitsOp, DequantizeOp, AlignOp, BitWidthOp,
              quant::QuantizeCastOp, quant::StorageCastOp,
              quant::DequantizeCastOp>(visit)
        .Default(WalkResult::advance());
  });
  if (result.wasInterrupted())
    return failure();
  for (Operation *op : llvm::reverse(lowered)) {
    if (!op->use_empty()) {
      InFlightDiagnostic diag = op->emitOpError(
          "expects uses by dequantizes and aligns alone to be lowered");
      diag.attachNote((*op->user_begin())->getLoc()) << "used here";
      return diag;
    }
    op->erase();
  }
  return success();
}

namespace {

/// cgmq.scale -> an element-wise product.
struct LowerScale : OpRewritePattern<ScaleOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ScaleOp op,
                                PatternRewriter &rewriter) const override {
    Value product = buildElementwise(
        rewriter, op.getLoc(), {op.getCodes(), op.getStep()},
        rewriter.getF32Type(),
        [](OpBuilder &nested, Location loc, ValueRange args) -> Value {
          return arith::MulFOp::create(nested, loc, args[0], args[1]);
        });
    rewriter.replaceOp(op, product);
    return success();
  }
};

struct LowerQuantizersPass
    : cgmq::impl::LowerQuantizersPassBase<LowerQuantizersPass> {
  using LowerQuantizersPassBase::LowerQuantizersPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    for (auto function : module.getOps<func::FuncOp>())
      if (failed(FunctionLowering(symbols).run(function)))
        return signalPassFailure();

    RewritePatternSet sinking(&getContext());
    populateSinkScalePatterns(sinking);
    RewritePatternSet lowering(&getContext());
    lowering.add<LowerScale>(&getContext());
    if (failed(applyPatternsGreedily(module, std::move(sinking))))
      return signalPassFailure();
    contractIntegers(module, contractBytes);
    if (failed(applyPatternsGreedily(module, std::move(lowering))))
      return signalPassFailure();
  }
};

} // namespace
