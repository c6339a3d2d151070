//===- Freeze.cpp - Gated widths to fixed ones -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Conversion/Passes.h"

#include "../CodeConstants.h"
#include "FixedQuantizer.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_FREEZEPASS
#include "cgmq/Conversion/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// Freezes the quantizers of one function.
class Freezer {
public:
  Freezer(ModuleOp module, SymbolTableCollection &symbolTables,
          GlobalReplacements &replacements)
      : symbolTables(symbolTables),
        symbols(symbolTables.getSymbolTable(module)),
        replacements(replacements), builder(module.getContext()) {}

  LogicalResult run(func::FuncOp function);

private:
  LogicalResult freeze(AlignOp op);
  LogicalResult freeze(QuantizeOp op);
  FailureOr<Value> freezeParameter(QuantizeOp op, const FixedQuantizer &fixed,
                                   ml_program::GlobalOp parameter);
  FailureOr<Value> freezeActivation(QuantizeOp op, const FixedQuantizer &fixed);
  Value quantizeActivation(QuantizeOp op, const FixedQuantizer &fixed,
                           quant::UniformQuantizedType type);

  /// The uniform type of codes, or an error at `op`.
  FailureOr<quant::UniformQuantizedType>
  getUniformType(Operation *op, float step, int64_t width, bool isSigned,
                 int64_t minCode, int64_t maxCode);
  FailureOr<quant::UniformQuantizedType>
  getUniformType(QuantizeOp op, const FixedQuantizer &fixed);

  /// Puts constants in place of a parameter, and loads them: codes, which are
  /// dequantized, or floats.
  Value buildCodes(Location loc, ml_program::GlobalOp parameter,
                   quant::UniformQuantizedType type, ArrayRef<float> codes,
                   ml_program::GlobalOp widths = {});
  Value buildFloats(Location loc, ml_program::GlobalOp parameter,
                    ArrayRef<float> values);
  Value buildLoad(Location loc, ml_program::GlobalOp parameter,
                  ml_program::GlobalOp constant);
  /// The constant that holds the widths of units, named after their gates.
  ml_program::GlobalOp getWidths(QuantizeOp op, const FixedQuantizer &fixed);
  /// Finds the bits of each parameter, which `buildLoad` records: a bias on the
  /// grid of its accumulators no longer shows them.
  LogicalResult countBits(func::FuncOp function);

  SymbolTableCollection &symbolTables;
  SymbolTable &symbols;
  GlobalReplacements &replacements;
  OpBuilder builder;
  DenseMap<Operation *, FixedQuantizer> quantizers;
  /// Gates may be those of several quantizers.
  DenseMap<std::pair<Operation *, Attribute>, ml_program::GlobalOp>
      widthsOfGates;
  /// Of each parameter.
  DenseMap<Operation *, int64_t> bits;
};

} // namespace

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Value Freezer::buildLoad(Location loc, ml_program::GlobalOp parameter,
                         ml_program::GlobalOp constant) {
  replacements.add(parameter, constant);
  if (auto found = bits.find(parameter); found != bits.end())
    constant->setAttr(CGMQDialect::kBitsAttrName,
                      builder.getI64IntegerAttr(found->second));
  return ml_program::GlobalLoadConstOp::create(
      builder, loc, constant.getType(), FlatSymbolRefAttr::get(constant));
}

LogicalResult Freezer::countBits(func::FuncOp function) {
  ParameterCollector parameters;
  for (auto load : function.getOps<ml_program::GlobalLoadOp>())
    if (ml_program::GlobalOp global = load.getGlobalOp(symbolTables))
      if (failed(parameters.add(load, global, symbolTables)))
        return failure();
  for (const ParameterBits &parameter : parameters.take())
    bits[parameter.global] = parameter.getBits();
  return success();
}

Value Freezer::buildCodes(Location loc, ml_program::GlobalOp parameter,
                          quant::UniformQuantizedType type,
                          ArrayRef<float> codes, ml_program::GlobalOp widths) {
  auto shape = cast<RankedTensorType>(parameter.getType());
  auto codesType = shape.clone(type.getStorageType());
  ml_program::GlobalOp constant =
      buildConstantGlobal(symbols, parameter, codesType);
  constant.setValueAttr(getCodesAttr(codesType, codes));
  Value load = buildLoad(loc, parameter, constant);
  auto quantized =
      quant::StorageCastOp::create(builder, loc, shape.clone(type), load);
  if (widths)
    quantized->setAttr(CGMQDialect::kUnitWidthsAttrName,
                       FlatSymbolRefAttr::get(widths));
  return quant::DequantizeCastOp::create(builder, loc, shape, quantized);
}

Value Freezer::buildFloats(Location loc, ml_program::GlobalOp parameter,
                           ArrayRef<float> values) {
  ml_program::GlobalOp constant = buildConstantGlobal(
      symbols, parameter, cast<RankedTensorType>(parameter.getType()));
  setFloatValues(constant, values);
  return buildLoad(loc, parameter, constant);
}

ml_program::GlobalOp Freezer::getWidths(QuantizeOp op,
                                        const FixedQuantizer &fixed) {
  auto type = RankedTensorType::get(fixed.getUnitShape(), builder.getI8Type());
  auto values = DenseElementsAttr::get(
      type, ArrayRef(llvm::to_vector_of<int8_t>(fixed.getWidths())));
  ml_program::GlobalOp gate = fixed.getGate();
  ml_program::GlobalOp &widths =
      widthsOfGates[{gate ? gate.getOperation() : op, values}];
  if (widths)
    return widths;
  auto function = op->getParentOfType<func::FuncOp>();
  StringRef name = function.getSymName();
  if (ml_program::GlobalOp parameter = getLoadedGlobal(op.getInput()))
    name = parameter.getSymName();
  if (gate) {
    name = gate.getSymName();
    name.consume_back(".gate");
  }
  OpBuilder detached(builder.getContext());
  widths = ml_program::GlobalOp::create(
      detached, op.getLoc(), (name + ".widths").str(), type,
      /*is_mutable=*/false, values, builder.getStringAttr("private"));
  // Widths are no parameter.
  widths->setAttr(CGMQDialect::kBitsAttrName, builder.getI64IntegerAttr(0));
  symbols.insert(widths, Block::iterator(function));
  return widths;
}

FailureOr<quant::UniformQuantizedType>
Freezer::getUniformType(Operation *op, float step, int64_t width, bool isSigned,
                        int64_t minCode, int64_t maxCode) {
  auto type = quant::UniformQuantizedType::getChecked(
      [&] { return op->emitOpError(); },
      isSigned ? quant::QuantizationFlags::Signed : 0,
      builder.getIntegerType(width), builder.getF32Type(),
      static_cast<double>(step), /*zeroPoint=*/0, minCode, maxCode);
  if (!type)
    return failure();
  return type;
}

FailureOr<quant::UniformQuantizedType>
Freezer::getUniformType(QuantizeOp op, const FixedQuantizer &fixed) {
  if (fixed.isFloat()) {
    InFlightDiagnostic diag = op.emitOpError()
                              << "expects units of at most 16 bits where they "
                                 "differ, but got some of 32 beside narrower "
                                 "ones";
    diag.attachNote() << "option 'widths' of cgmq-insert-gates leaves 32 out";
    return diag;
  }
  if (fixed.getWidth() == kPrunedWidth)
    return op.emitOpError() << "expects a unit that is not pruned, but got all "
                               "of them at 0 bits";
  if (!(fixed.getStep() > 0.0f)) {
    InFlightDiagnostic diag = op.emitOpError()
                              << "expects a range greater than zero, but got "
                              << fixed.getRange();
    diag.attachNote() << "cgmq-calibrate sets ranges from data";
    return diag;
  }
  return getUniformType(op, fixed.getStep(), fixed.getWidth(), fixed.isSigned(),
                        getMinCode(fixed.getWidth(), fixed.isSigned()),
                        getMaxCode(fixed.getWidth(), fixed.isSigned()));
}

//===----------------------------------------------------------------------===//
// Quantizers
//===----------------------------------------------------------------------===//

LogicalResult Freezer::freeze(AlignOp op) {
  auto find = [&](Value quantized) {
    return quantizers.find(quantized.getDefiningOp());
  };
  auto lhs = find(op.getLhs()), rhs = find(op.getRhs());
  if (lhs == quantizers.end() || rhs == quantizers.end())
    return op.emitOpError()
           << "expects factors from cgmq.quantize in the same function";
  // A float contraction takes the bias as it is.
  if (lhs->second.isFloat() || rhs->second.isFloat()) {
    op.replaceAllUsesWith(op.getBias());
    return success();
  }

  // The bias is a parameter, as a rule through a quantizer of its own.
  Value source = op.getBias();
  const FixedQuantizer *own = nullptr;
  if (auto dequantize = source.getDefiningOp<DequantizeOp>()) {
    auto it = find(dequantize.getInput());
    if (it != quantizers.end()) {
      own = &it->second;
      source = cast<QuantizeOp>(it->first).getInput();
    }
  }
  ml_program::GlobalOp parameter = getLoadedGlobal(source);
  if (!parameter) {
    InFlightDiagnostic diag =
        op.emitOpError() << "expects a bias that is a parameter, but got a "
                            "computed value";
    diag.attachNote(source.getLoc()) << "the bias is computed here";
    return diag;
  }
  FailureOr<SmallVector<float>> values = getFloatValues(parameter);
  if (failed(values))
    return failure();

  // The arithmetic of the operation, in f32.
  HostArithmetic arith;
  float step = arith.mul(lhs->second.getStep(), rhs->second.getStep());
  float inverseStep = getInverseStep(arith, step);
  auto codes = llvm::map_to_vector(
      own ? own->round(std::move(*values)) : *values,
      [&](float value) { return roundToGrid(arith, value, inverseStep); });
  builder.setInsertionPoint(op);
  constexpr int64_t maxCode = std::numeric_limits<int32_t>::max();
  bool fits = llvm::all_of(codes, [&](float code) {
    return std::fabs(code) < static_cast<float>(maxCode);
  });
  if (!fits) {
    // Quantized types end at 32 bits of storage; the integer lowering finds
    // the codes again in the floats.
    auto floats = llvm::map_to_vector(
        codes, [&](float code) { return arith.mul(code, step); });
    op.replaceAllUsesWith(buildFloats(op.getLoc(), parameter, floats));
    return success();
  }
  FailureOr<quant::UniformQuantizedType> type = getUniformType(
      op, step, /*width=*/32, /*isSigned=*/true, -maxCode, maxCode);
  if (failed(type))
    return failure();
  op.replaceAllUsesWith(buildCodes(op.getLoc(), parameter, *type, codes));
  return success();
}

FailureOr<Value> Freezer::freezeParameter(QuantizeOp op,
                                          const FixedQuantizer &fixed,
                                          ml_program::GlobalOp parameter) {
  FailureOr<SmallVector<float>> values = getFloatValues(parameter);
  if (failed(values))
    return failure();
  if (fixed.isFloat() && !fixed.isMixed())
    return buildFloats(op.getLoc(), parameter, fixed.round(std::move(*values)));
  FailureOr<quant::UniformQuantizedType> type = getUniformType(op, fixed);
  if (failed(type))
    return failure();
  ml_program::GlobalOp widths;
  if (fixed.isMixed())
    widths = getWidths(op, fixed);
  return buildCodes(op.getLoc(), parameter, *type,
                    fixed.quantize(std::move(*values)), widths);
}

Value Freezer::quantizeActivation(QuantizeOp op, const FixedQuantizer &fixed,
                                  quant::UniformQuantizedType type) {
  Location loc = op.getLoc();
  RankedTensorType result = op.getInput().getType().clone(type);
  if (!fixed.isMixed())
    return quant::QuantizeCastOp::create(builder, loc, result, op.getInput());
  ml_program::GlobalOp global = getWidths(op, fixed);
  Value widths = ml_program::GlobalLoadConstOp::create(
      builder, loc, global.getType(), FlatSymbolRefAttr::get(global));
  return QuantizeUnitsOp::create(builder, loc, result, op.getInput(), widths,
                                 builder.getF32FloatAttr(fixed.getRange()));
}

FailureOr<Value> Freezer::freezeActivation(QuantizeOp op,
                                           const FixedQuantizer &fixed) {
  Location loc = op.getLoc();
  RankedTensorType shape = op.getInput().getType();
  if (fixed.isFloat() && !fixed.isMixed())
    return tosa::ClampOp::create(builder, loc, shape, op.getInput(),
                                 builder.getF32FloatAttr(fixed.getAlpha()),
                                 builder.getF32FloatAttr(fixed.getBeta()))
        .getResult();
  FailureOr<quant::UniformQuantizedType> type = getUniformType(op, fixed);
  if (failed(type))
    return failure();
  return quant::DequantizeCastOp::create(builder, loc, shape,
                                         quantizeActivation(op, fixed, *type))
      .getResult();
}

LogicalResult Freezer::freeze(QuantizeOp op) {
  // The quantizer of an aligned bias has done its part.
  if (op->use_empty())
    return success();
  const FixedQuantizer &fixed = quantizers.at(op);
  builder.setInsertionPoint(op);
  ml_program::GlobalOp parameter = getLoadedGlobal(op.getInput());
  FailureOr<Value> value = parameter ? freezeParameter(op, fixed, parameter)
                                     : freezeActivation(op, fixed);
  if (failed(value))
    return failure();
  for (Operation *user : llvm::make_early_inc_range(op->getUsers())) {
    auto dequantize = dyn_cast<DequantizeOp>(user);
    if (!dequantize)
      return user->emitOpError() << "expects gated tensors to be used by "
                                    "cgmq.dequantize and cgmq.align alone";
    dequantize.replaceAllUsesWith(*value);
    dequantize.erase();
  }
  return success();
}

LogicalResult Freezer::run(func::FuncOp function) {
  SmallVector<QuantizeOp> quantizes;
  SmallVector<AlignOp> aligns;
  if (failed(countBits(function)))
    return failure();
  function.walk([&](Operation *op) {
    if (auto quantize = dyn_cast<QuantizeOp>(op))
      quantizes.push_back(quantize);
    else if (auto align = dyn_cast<AlignOp>(op))
      aligns.push_back(align);
  });
  for (QuantizeOp op : quantizes) {
    FailureOr<FixedQuantizer> fixed = FixedQuantizer::read(op, symbolTables);
    if (failed(fixed))
      return failure();
    quantizers.try_emplace(op, *fixed);
  }
  for (AlignOp op : aligns) {
    if (failed(freeze(op)))
      return failure();
    Operation *bias = op.getBias().getDefiningOp();
    op.erase();
    if (bias && isa<DequantizeOp>(bias) && bias->use_empty())
      bias->erase();
  }
  for (QuantizeOp op : quantizes)
    if (failed(freeze(op)))
      return failure();

  // What only the quantizers used: loads and constants, and with them globals.
  for (QuantizeOp op : quantizes) {
    llvm::SmallSetVector<Operation *, 3> sources;
    for (Value operand : op->getOperands())
      if (Operation *source = operand.getDefiningOp())
        sources.insert(source);
    op.erase();
    for (Operation *source : sources) {
      if (!source->use_empty())
        continue;
      ml_program::GlobalOp global = getLoadedGlobal(source->getResult(0));
      if (global)
        replacements.addDead(global);
      if (global || isPure(source))
        source->erase();
    }
  }
  return success();
}

namespace {
struct Freeze : cgmq::impl::FreezePassBase<Freeze> {
  void runOnOperation() override {
    SymbolTableCollection symbolTables;
    GlobalReplacements replacements(
        symbolTables.getSymbolTable(getOperation()));
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(Freezer(getOperation(), symbolTables, replacements)
                     .run(function)))
        return signalPassFailure();
    if (failed(replacements.finish()))
      return signalPassFailure();
  }
};
} // namespace
