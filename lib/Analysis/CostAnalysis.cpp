//===- CostAnalysis.cpp - What a function costs -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Analysis/CostAnalysis.h"

#include "BatchExtents.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Interfaces/BopCostOpInterface.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <numeric>

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

/// The numbers that an attribute holds, if they are floats and known.
static std::optional<SmallVector<float>> getFloats(Attribute attr) {
  if (auto dense = dyn_cast_if_present<DenseFPElementsAttr>(attr))
    if (dense.getElementType().isF32())
      return llvm::to_vector(dense.getValues<float>());
  if (auto resource = dyn_cast_if_present<DenseF32ResourceElementsAttr>(attr))
    if (auto values = resource.tryGetAsArrayRef();
        values &&
        static_cast<int64_t>(values->size()) == resource.getNumElements())
      return SmallVector<float>(*values);
  return std::nullopt;
}

/// Reads the numbers of a tensor that is a constant or loaded from a global
/// with a value.
static FailureOr<SmallVector<float>>
readFloats(Operation *user, Value tensor, StringRef what,
           SymbolTableCollection &symbolTables, ml_program::GlobalOp *global) {
  Attribute attr;
  if (Operation *definition = tensor.getDefiningOp()) {
    if (auto source = getLoadedGlobal(definition, symbolTables)) {
      attr = source.getValueAttr();
      if (global)
        *global = source;
    } else {
      matchPattern(tensor, m_Constant(&attr));
    }
  }
  if (std::optional<SmallVector<float>> values = getFloats(attr))
    return std::move(*values);
  bool isScalar = cast<RankedTensorType>(tensor.getType()).getRank() == 0;
  InFlightDiagnostic diag = user->emitOpError()
                            << "expects its " << what << " to be a "
                            << (isScalar ? "scalar " : "")
                            << "constant or loaded from a global with a value, "
                               "but got "
                            << tensor.getType();
  diag.attachNote(tensor.getLoc()) << what << " defined here";
  return failure();
}

FailureOr<float> cgmq::readScalar(Operation *user, Value scalar, StringRef what,
                                  SymbolTableCollection &symbolTables,
                                  ml_program::GlobalOp *global) {
  FailureOr<SmallVector<float>> values =
      readFloats(user, scalar, what, symbolTables, global);
  if (failed(values))
    return failure();
  return values->front();
}

FailureOr<GateValue> cgmq::readGate(QuantizeOp quantize,
                                    SymbolTableCollection &symbolTables) {
  GateValue gate;
  FailureOr<SmallVector<float>> values = readFloats(
      quantize, quantize.getGate(), "gate", symbolTables, &gate.global);
  if (failed(values))
    return failure();
  gate.widths.resize(values->size());
  getWidths(*values, quantize.getGatedType().getWidths(), gate.widths);
  return gate;
}

//===----------------------------------------------------------------------===//
// CostAnalysis
//===----------------------------------------------------------------------===//

/// Gives `factor` widths that stand, of units of a tensor of the type `type`.
static void setUnits(Factor &factor, UnitWidths units, Type type,
                     Location loc) {
  factor.widths = std::move(units.widths);
  factor.layout = {getSampleShape(type), std::move(units.shape)};
  factor.unitsLoc = loc;
}

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
      factor.widths = std::move(gate->widths);
      factor.layout = {getSampleShape(quantize.getInput().getType()),
                       getSampleShape(quantize.getGate().getType())};
      factor.unitsLoc = quantize.getLoc();
    } else if (auto dcast = dyn_cast<quant::DequantizeCastOp>(op);
               dcast && !hasWidth) {
      hasWidth = true;
      factor.widths = {static_cast<uint8_t>(
          dcast.getQuantizedType().getStorageTypeIntegralWidth())};
    } else if (auto quantize = dyn_cast<QuantizeUnitsOp>(op)) {
      FailureOr<UnitWidths> units = readUnitWidths(quantize, symbolTables);
      if (failed(units))
        return failure();
      setUnits(factor, std::move(*units), quantize.getType(), op->getLoc());
      break;
    } else if (auto storage = dyn_cast<quant::StorageCastOp>(op)) {
      FailureOr<std::optional<UnitWidths>> units =
          readUnitWidths(storage, symbolTables);
      if (failed(units))
        return failure();
      if (*units)
        setUnits(factor, std::move(**units), storage.getType(), op->getLoc());
    } else if (!isa<DequantizeOp>(op)) {
      if (auto global = getLoadedGlobal(op, symbolTables)) {
        factor.parameter = global;
        break;
      }
      auto cost = dyn_cast<BopCostOpInterface>(op);
      if (!cost || !cost.preservesCodes())
        break;
      if (!hasWidth)
        factor.movements.push_back(op);
    }
    value = op->getOperand(0);
  }
  std::reverse(factor.movements.begin(), factor.movements.end());
  return factor;
}

/// Follows codes back to where they are made, through what has moved them.
static SmallVector<Operation *> traceMovements(Value &codes) {
  SmallVector<Operation *> movements;
  while (Operation *op = codes.getDefiningOp()) {
    auto cost = dyn_cast<BopCostOpInterface>(op);
    if (!isa<tensor::PadOp>(op) && (!cost || !cost.preservesCodes()))
      break;
    movements.push_back(op);
    codes = op->getOperand(0);
  }
  std::reverse(movements.begin(), movements.end());
  return movements;
}

/// An integer contraction says the widths of its factors: their storage is
/// wider.
static LogicalResult readWidths(Operation *op, Factor &lhs, Factor &rhs,
                                SymbolTableCollection &symbolTables) {
  auto widths =
      op->getAttrOfType<DenseI64ArrayAttr>(CGMQDialect::kWidthsAttrName);
  if (!widths)
    return success();
  auto [lhsOperand, rhsOperand] = cast<BopCostOpInterface>(op).getFactors();
  auto read = [&](Factor &factor, int64_t width, StringRef name, Value codes) {
    factor.widths = {static_cast<uint8_t>(width)};
    auto symbol = op->getAttrOfType<FlatSymbolRefAttr>(name);
    factor.movements = traceMovements(codes);
    auto tensor = dyn_cast<RankedTensorType>(codes.getType());
    if (!symbol || !tensor)
      return success();
    FailureOr<UnitWidths> units =
        readUnitWidths(op, symbol, tensor, width, symbolTables);
    if (failed(units))
      return failure();
    setUnits(factor, std::move(*units), tensor, op->getLoc());
    return success();
  };
  return failure(failed(read(lhs, widths[0], CGMQDialect::kLhsWidthsAttrName,
                             lhsOperand->get())) ||
                 failed(read(rhs, widths[1], CGMQDialect::kRhsWidthsAttrName,
                             rhsOperand->get())));
}

/// Finds the least widths that the gate of a factor may come to: what leads
/// through the first channels is not pruned.
static void findMinWidths(Factor &factor, const FactorAccess *access,
                          const ContractionSpace &firstChannels,
                          ArrayRef<int32_t> units) {
  factor.minWidths = factor.widths;
  if (!factor.gate)
    return;
  ArrayRef<int64_t> allowed = factor.quantize.getGatedType().getWidths();
  uint8_t least = getKeptWidths(allowed).front();
  factor.minWidths.assign(factor.widths.size(), least);
  if (!canPrune(allowed) || !access)
    return;
  factor.minWidths.assign(factor.widths.size(), kPrunedWidth);
  for (UnitUse use : collectUses(firstChannels, *access, {}, units))
    factor.minWidths[use.unit] = least;
}

/// Finds which units meet in a contraction where a factor has several.
static LogicalResult findUses(ContractionCost &contraction, int64_t repeats) {
  if (!contraction.lhs.hasUnits() && !contraction.rhs.hasUnits()) {
    for (Factor *factor : {&contraction.lhs, &contraction.rhs})
      findMinWidths(*factor, /*access=*/nullptr, {}, {});
    return success();
  }
  auto op = cast<BopCostOpInterface>(contraction.op);
  ContractionSpace space = op.getSpace();
  auto accesses = getFactorAccesses(op, space);
  if (failed(accesses))
    return failure();
  auto &[lhs, rhs] = *accesses;
  auto slotLoops = getSlotLoops(space, lhs, rhs);
  contraction.numSlots = 1;
  for (auto [loop, extent] : slotLoops)
    contraction.numSlots *= extent;
  contraction.scale =
      static_cast<double>(getNumRepeats(space, lhs, rhs) * repeats);
  bool isLhsWeight = contraction.isLhsWeight();
  ContractionSpace firstChannels =
      getFirstChannels(space, isLhsWeight ? rhs : lhs, isLhsWeight ? lhs : rhs);
  auto find = [&](Factor &factor, const FactorAccess &access) {
    std::vector<int32_t> units;
    if (factor.hasUnits()) {
      if (failed(verifyMovements(*factor.unitsLoc, factor.movements)))
        return failure();
      units = getUnits(factor.layout, factor.movements);
    }
    factor.uses = collectUses(space, access, slotLoops, units);
    findMinWidths(factor, &access, firstChannels, units);
    return success();
  };
  return failure(failed(find(contraction.lhs, lhs)) ||
                 failed(find(contraction.rhs, rhs)));
}

namespace {

/// Collects the contractions of a function and of those it calls.
struct Collector {
  LogicalResult collect(func::FuncOp function);
  LogicalResult visit(Operation *op);

  SymbolTableCollection symbolTables;
  BatchExtents extents;
  /// The functions between the one asked for and the one visited.
  llvm::SetVector<Operation *> callStack;
  std::vector<ContractionCost> contractions;
  ParameterCollector parameters;
};

} // namespace

LogicalResult Collector::visit(Operation *op) {
  if (auto call = dyn_cast<func::CallOp>(op)) {
    auto callee = symbolTables.lookupNearestSymbolFrom<func::FuncOp>(
        op, call.getCalleeAttr());
    return collect(callee);
  }
  extents.visit(op);
  auto cost = dyn_cast<BopCostOpInterface>(op);
  if (!cost) {
    InFlightDiagnostic diag = op->emitOpError()
                              << "has no known cost in bit-operations";
    diag.attachNote() << "a function is bounded only if every operation in it "
                         "has the BopCostOpInterface";
    if (isa_and_present<linalg::LinalgDialect, tensor::TensorDialect>(
            op->getDialect()))
      diag.attachNote() << "--cgmq-raise-linalg makes networks of linalg ones "
                           "of TOSA, whose operations have it";
    return diag;
  }
  FailureOr<int64_t> macs = cost.getMacs();
  if (failed(macs))
    return failure();
  if (ml_program::GlobalOp global = getLoadedGlobal(op, symbolTables))
    return parameters.add(op, global, symbolTables);
  if (*macs == 0)
    return success();

  // Rows that are more than samples are multiplied again and again.
  int64_t repeats = extents.get(op->getResult(0));
  *macs *= repeats;
  auto [lhs, rhs] = cost.getFactors();
  FailureOr<Factor> lhsFactor = traceFactor(lhs->get(), symbolTables);
  if (failed(lhsFactor))
    return failure();
  FailureOr<Factor> rhsFactor = traceFactor(rhs->get(), symbolTables);
  if (failed(rhsFactor))
    return failure();
  if (failed(readWidths(op, *lhsFactor, *rhsFactor, symbolTables)))
    return failure();
  ContractionCost contraction{op, *macs, getContractionKind(cost.getSpace()),
                              std::move(*lhsFactor), std::move(*rhsFactor)};
  contraction.scale = static_cast<double>(*macs);
  if (failed(findUses(contraction, repeats)))
    return failure();
  contractions.push_back(std::move(contraction));
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
  for (ContractionCost &contraction : collector.contractions) {
    if (contraction.macs % batch != 0) {
      contraction.op->emitOpError()
          << "expects multiply-accumulates for each sample of a batch of "
          << batch << ", but got " << contraction.macs << " in all";
      return failure();
    }
    contraction.macs /= batch;
    contraction.scale /= static_cast<double>(batch);
  }
  CostAnalysis analysis(function);
  analysis.contractions = std::move(collector.contractions);
  analysis.parameters = collector.parameters.take();
  analysis.shareMinWidths();
  return analysis;
}

void CostAnalysis::shareMinWidths() {
  auto visit = [&](auto visitFactor) {
    for (ContractionCost &contraction : contractions)
      for (Factor *factor : {&contraction.lhs, &contraction.rhs})
        if (factor->gate &&
            canPrune(factor->quantize.getGatedType().getWidths()))
          visitFactor(*factor);
  };
  visit([&](Factor &factor) {
    Widths &shared = minWidths[factor.gate];
    shared.resize(factor.minWidths.size(), kPrunedWidth);
    for (auto [width, own] : llvm::zip_equal(shared, factor.minWidths))
      width = std::max(width, own);
  });
  visit([&](Factor &factor) { factor.minWidths = minWidths[factor.gate]; });
  for (ParameterBits &parameter : parameters)
    if (auto found = minWidths.find(parameter.gate); found != minWidths.end())
      parameter.leastWidths = found->second;
}

StringRef ContractionCost::getName() const {
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

std::string cgmq::formatCost(double cost) {
  bool isWhole = std::fabs(cost) >= 1e6 || std::floor(cost) == cost;
  return isWhole ? formatCount(cost) : formatDouble("%.6g", cost);
}

SmallVector<func::FuncOp> cgmq::getBoundedFunctions(ModuleOp module) {
  return llvm::filter_to_vector(
      module.getOps<func::FuncOp>(), [](func::FuncOp function) {
        return function->hasAttr(CGMQDialect::kBudgetAttrName);
      });
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

double Factor::getMeanWidth() const {
  double sum = std::accumulate(widths.begin(), widths.end(), 0.0);
  return sum / static_cast<double>(widths.size());
}

std::string Factor::describeWidth() const {
  if (llvm::all_equal(widths))
    return std::to_string(widths.front());
  return formatDouble("%.2f", getMeanWidth());
}

std::vector<int32_t> Factor::countInSlots(const Widths &widths,
                                          const MacCounts &counts,
                                          int64_t numSlots) const {
  size_t numWidths = counts.getNumWidths();
  SmallVector<size_t> positions = llvm::map_to_vector(
      widths, [&](uint8_t width) { return counts.find(width); });
  std::vector<int32_t> inSlots(numSlots * numWidths, 0);
  for (UnitUse use : uses)
    ++inSlots[use.slot * numWidths + positions[use.unit]];
  return inSlots;
}

void ContractionCost::count(const Widths &lhsWidths, const Widths &rhsWidths,
                            MacCounts &counts) const {
  counts.countSlots(lhs.countInSlots(lhsWidths, counts, numSlots),
                    rhs.countInSlots(rhsWidths, counts, numSlots));
}

SmallVector<double, 36>
ContractionCost::getMacCosts(CostModelAttr model,
                             const MacCounts &counts) const {
  SmallVector<double, 36> costs;
  for (int64_t l : counts.widths)
    for (int64_t r : counts.widths) {
      bool isPruned = l == kPrunedWidth || r == kPrunedWidth;
      costs.push_back(isPruned        ? 0.0
                      : isLhsWeight() ? model.getMacCost(kind, r, l)
                                      : model.getMacCost(kind, l, r));
    }
  return costs;
}

double ContractionCost::getCost(CostModelAttr model, const Widths &lhsWidths,
                                const Widths &rhsWidths) const {
  MacCounts counts({lhsWidths, rhsWidths}, scale);
  count(lhsWidths, rhsWidths, counts);
  return counts.getCost(getMacCosts(model, counts));
}

double ContractionCost::getFullCost(CostModelAttr model) const {
  return static_cast<double>(macs) *
         model.getMacCost(kind, kFloatWidth, kFloatWidth);
}

double ContractionCost::getBop() const {
  return getCost(BopCostAttr::get(op->getContext()));
}

/// The price of all contractions and parameters, each taken in one way.
static double sumCosts(const CostAnalysis &cost, CostModelAttr model,
                       function_ref<double(const ContractionCost &)> getCost,
                       function_ref<int64_t(const ParameterBits &)> getBits) {
  double sum = 0.0;
  for (const ContractionCost &contraction : cost.getContractions())
    sum += getCost(contraction);
  int64_t bits = 0;
  for (const ParameterBits &parameter : cost.getParameters())
    bits += getBits(parameter);
  return sum + static_cast<double>(bits) * model.getBitCost();
}

double CostAnalysis::getCost(CostModelAttr model) const {
  return sumCosts(
      *this, model, [&](const ContractionCost &c) { return c.getCost(model); },
      [](const ParameterBits &p) { return p.getBits(); });
}

double CostAnalysis::getFullCost(CostModelAttr model) const {
  return sumCosts(
      *this, model,
      [&](const ContractionCost &c) { return c.getFullCost(model); },
      [](const ParameterBits &p) { return p.getFullBits(); });
}

double CostAnalysis::getMinCost(CostModelAttr model) const {
  return sumCosts(
      *this, model,
      [&](const ContractionCost &c) {
        return c.getCost(model, c.lhs.minWidths, c.rhs.minWidths);
      },
      [](const ParameterBits &p) { return p.getMinBits(); });
}

LogicalResult CostAnalysis::verifyModel(CostModelAttr model) const {
  if (model.getBitCost() == 0.0)
    return success();
  if (parameters.empty())
    return emitError(func::FuncOp(function).getLoc())
           << "expects at least one parameter for a cost in "
           << model.describe() << ", but got none";
  for (ParameterBits parameter : parameters)
    if (parameter.numElements == 0)
      return emitError(parameter.global.getLoc())
             << "expects parameters that are tensors of static shape for a "
                "cost in "
             << model.describe() << ", but got " << parameter.global.getType();
  return success();
}
