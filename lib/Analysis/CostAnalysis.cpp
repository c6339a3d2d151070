//===- CostAnalysis.cpp - Bit-operations of a function -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Analysis/CostAnalysis.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::cgmq;

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

/// The global that `op` loads; null where it is no load.
static ml_program::GlobalOp getLoadedGlobal(Operation *op,
                                            SymbolTableCollection &tables) {
  if (auto load = dyn_cast<ml_program::GlobalLoadOp>(op))
    return load.getGlobalOp(tables);
  if (auto load = dyn_cast<ml_program::GlobalLoadConstOp>(op))
    return load.getGlobalOp(tables);
  return {};
}

/// The one number that an attribute holds, if it is a float and known.
static std::optional<float> getScalar(Attribute attr) {
  if (auto dense = dyn_cast_if_present<DenseFPElementsAttr>(attr))
    if (dense.getElementType().isF32() && dense.getNumElements() == 1)
      return (*dense.begin()).convertToFloat();
  if (auto resource = dyn_cast_if_present<DenseF32ResourceElementsAttr>(attr))
    if (auto values = resource.tryGetAsArrayRef();
        values && values->size() == 1)
      return values->front();
  return std::nullopt;
}

FailureOr<float> cgmq::readScalar(Operation *user, Value scalar, StringRef what,
                                  SymbolTableCollection &symbolTables,
                                  ml_program::GlobalOp *global) {
  Attribute attr;
  if (Operation *definition = scalar.getDefiningOp()) {
    if (auto source = getLoadedGlobal(definition, symbolTables)) {
      attr = source.getValueAttr();
      if (global)
        *global = source;
    } else {
      matchPattern(scalar, m_Constant(&attr));
    }
  }
  if (std::optional<float> value = getScalar(attr))
    return *value;
  InFlightDiagnostic diag =
      user->emitOpError() << "expects its " << what
                          << " to be a scalar constant or loaded from a global "
                             "with a value, but got "
                          << scalar.getType();
  diag.attachNote(scalar.getLoc()) << what << " defined here";
  return failure();
}

FailureOr<GateValue> cgmq::readGate(QuantizeOp quantize,
                                    SymbolTableCollection &symbolTables) {
  auto type = cast<RankedTensorType>(quantize.getGate().getType());
  if (type.getRank() != 0) {
    quantize.emitOpError() << "expects one gate for each tensor, but got "
                           << type;
    return failure();
  }
  GateValue gate;
  FailureOr<float> value = readScalar(quantize, quantize.getGate(), "gate",
                                      symbolTables, &gate.global);
  if (failed(value))
    return failure();
  gate.value = *value;
  gate.width = getWidth(*value, quantize.getGatedType().getWidths());
  return gate;
}

//===----------------------------------------------------------------------===//
// CostAnalysis
//===----------------------------------------------------------------------===//

/// Traces `value` to where its codes were made.
static FailureOr<Factor> traceFactor(Value value,
                                     SymbolTableCollection &symbolTables) {
  Factor factor;
  bool hasWidth = false;
  while (Operation *op = value.getDefiningOp()) {
    if (auto quantize = dyn_cast<QuantizeOp>(op); quantize && !hasWidth) {
      FailureOr<GateValue> gate = readGate(quantize, symbolTables);
      if (failed(gate))
        return failure();
      hasWidth = true;
      factor.quantize = quantize;
      factor.gate = gate->global;
      factor.width = gate->width;
      factor.minWidth = gate->global
                            ? quantize.getGatedType().getWidths().front()
                            : gate->width;
    } else if (auto dcast = dyn_cast<quant::DequantizeCastOp>(op);
               dcast && !hasWidth) {
      hasWidth = true;
      factor.width = factor.minWidth =
          dcast.getQuantizedType().getStorageTypeIntegralWidth();
    } else if (!isa<DequantizeOp, quant::StorageCastOp>(op)) {
      if (auto global = getLoadedGlobal(op, symbolTables)) {
        factor.parameter = global;
        break;
      }
      auto cost = dyn_cast<BopCostOpInterface>(op);
      if (!cost || !cost.preservesCodes())
        break;
    }
    value = op->getOperand(0);
  }
  return factor;
}

namespace {

/// Collects the contractions of a function and of those it calls.
struct Collector {
  LogicalResult collect(func::FuncOp function);
  LogicalResult visit(Operation *op);

  SymbolTableCollection symbolTables;
  /// The functions between the one asked for and the one visited.
  llvm::SetVector<Operation *> callStack;
  SmallVector<Contraction> contractions;
};

} // namespace

LogicalResult Collector::visit(Operation *op) {
  if (auto call = dyn_cast<func::CallOp>(op)) {
    auto callee = symbolTables.lookupNearestSymbolFrom<func::FuncOp>(
        op, call.getCalleeAttr());
    return collect(callee);
  }
  auto cost = dyn_cast<BopCostOpInterface>(op);
  if (!cost) {
    InFlightDiagnostic diag = op->emitOpError()
                              << "has no known cost in bit-operations";
    diag.attachNote() << "a function is bounded only if every operation in it "
                         "has the BopCostOpInterface";
    return diag;
  }
  FailureOr<int64_t> macs = cost.getMacs();
  if (failed(macs))
    return failure();
  if (*macs == 0)
    return success();

  auto [lhs, rhs] = cost.getFactors();
  FailureOr<Factor> lhsFactor = traceFactor(lhs->get(), symbolTables);
  if (failed(lhsFactor))
    return failure();
  FailureOr<Factor> rhsFactor = traceFactor(rhs->get(), symbolTables);
  if (failed(rhsFactor))
    return failure();
  // An integer contraction says the widths of its factors: their storage is
  // wider.
  if (auto widths =
          op->getAttrOfType<DenseI64ArrayAttr>(CGMQDialect::kWidthsAttrName)) {
    lhsFactor->width = lhsFactor->minWidth = widths[0];
    rhsFactor->width = rhsFactor->minWidth = widths[1];
  }
  contractions.push_back({op, *macs, *lhsFactor, *rhsFactor});
  return success();
}

LogicalResult Collector::collect(func::FuncOp function) {
  if (function.isExternal())
    return emitError(function.getLoc())
           << "expects a body for its cost to be known";
  if (!callStack.insert(function))
    return emitError(function.getLoc())
           << "expects no recursion for its cost to be known";
  // What stands in the body of a structured operation is part of it.
  for (Operation &op : function.getBody().getOps())
    if (failed(visit(&op)))
      return failure();
  callStack.remove(function);
  return success();
}

FailureOr<CostAnalysis> CostAnalysis::create(func::FuncOp function) {
  Collector collector;
  if (failed(collector.collect(function)))
    return failure();
  if (collector.contractions.empty()) {
    emitError(function.getLoc())
        << "expects at least one contraction for a cost in "
           "bit-operations, but got none";
    return failure();
  }
  int64_t batch = 1;
  if (function.getNumArguments() > 0)
    if (auto type =
            dyn_cast<RankedTensorType>(function.getArgument(0).getType()))
      if (type.getRank() > 0 && !type.isDynamicDim(0) && type.getDimSize(0) > 0)
        batch = type.getDimSize(0);
  for (Contraction &contraction : collector.contractions) {
    if (contraction.macs % batch != 0) {
      contraction.op->emitOpError()
          << "expects multiply-accumulates for each sample of a batch of "
          << batch << ", but got " << contraction.macs << " in all";
      return failure();
    }
    contraction.macs /= batch;
  }
  CostAnalysis analysis;
  analysis.contractions = std::move(collector.contractions);
  return analysis;
}

StringRef Contraction::getName() const {
  for (ml_program::GlobalOp parameter : {rhs.parameter, lhs.parameter})
    if (parameter)
      return parameter.getSymName();
  return op->getName().getStringRef();
}

static std::string formatDouble(const char *format, double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format(format, value);
  return text;
}

std::string cgmq::formatPercent(double percent) {
  return formatDouble("%.6g%%", percent);
}

std::string cgmq::formatCount(double count) {
  return formatDouble("%.0f", count);
}

SmallVector<func::FuncOp> cgmq::getBoundedFunctions(ModuleOp module) {
  return llvm::filter_to_vector(
      module.getOps<func::FuncOp>(), [](func::FuncOp function) {
        return function->hasAttr(CGMQDialect::kBudgetAttrName);
      });
}

double
CostAnalysis::getBop(function_ref<int64_t(const Factor &)> getWidth) const {
  double bop = 0.0;
  for (const Contraction &contraction : contractions)
    bop += static_cast<double>(contraction.macs) * getWidth(contraction.lhs) *
           getWidth(contraction.rhs);
  return bop;
}

double CostAnalysis::getBop() const {
  return getBop([](const Factor &factor) { return factor.width; });
}

double CostAnalysis::getFullBop() const {
  return getBop([](const Factor &) { return kFloatWidth; });
}

double CostAnalysis::getMinBop() const {
  return getBop([](const Factor &factor) { return factor.minWidth; });
}
