//===- BuildTrainingStep.cpp - One step of gradient descent as a function ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Passes.h"

#include "cgmq/AutoDiff/ReverseMode.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Support/Elementwise.h"
#include "cgmq/Training/Adam.h"
#include "cgmq/Training/Direction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_BUILDTRAININGSTEPPASS
#include "cgmq/Training/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

static constexpr StringLiteral kLossSuffix = "_loss";

namespace {

/// Builds the step of one loss.
class StepBuilder {
public:
  StepBuilder(ModuleOp module, func::FuncOp loss,
              const DirectionRule &direction)
      : module(module), loss(loss), direction(direction),
        builder(module.getContext()) {}
  LogicalResult run();

private:
  void createFunction();
  Value cloneLoss();
  void updateParameter(ml_program::GlobalLoadOp load, Value gradient,
                       bool isRange);
  void updateGates(const ReverseMode &reverse);
  /// A quantizer and the gradient of what it gives.
  using Use = std::pair<QuantizeOp, Value>;
  GateGroup buildGroup(StringRef symbol, ArrayRef<Use> uses);
  GateStatistics buildStatistics(Use use, bool ofTensor);
  void updateSensitivity(Use use, const std::string &symbol);
  /// Loads what the step keeps beside the global `owner`, zero at first.
  Value loadState(StringRef owner, const std::string &symbol,
                  RankedTensorType type);
  void store(StringRef symbol, Value value) {
    stores.push_back({symbol.str(), value});
  }
  Value extract(Value tensor) {
    return tensor::ExtractOp::create(builder, loc(), tensor, ValueRange{});
  }
  Value extract(Value tensor, int64_t index) {
    Value at = arith::ConstantIndexOp::create(builder, loc(), index);
    return tensor::ExtractOp::create(builder, loc(), tensor, at);
  }
  Location loc() { return loss.getLoc(); }

  ModuleOp module;
  func::FuncOp loss, step;
  const DirectionRule &direction;
  OpBuilder builder;
  /// The one load of each mutable global in the step, by symbol.
  llvm::MapVector<StringRef, ml_program::GlobalLoadOp> loads;
  SmallVector<QuantizeOp> quantizers;
  /// Arguments of the step, as scalars.
  Value learningRate, momentCorrection1, momentCorrection2, gateRate, violated;
  /// What the step stores when all is computed.
  SmallVector<std::pair<std::string, Value>> stores;
};

} // namespace

void StepBuilder::createFunction() {
  StringRef name = loss.getName();
  name.consume_back(kLossSuffix);
  Type f32 = builder.getF32Type();
  SmallVector<Type> arguments(loss.getArgumentTypes());
  auto scalar = RankedTensorType::get({}, f32);
  arguments.append({scalar, RankedTensorType::get({2}, f32), scalar,
                    RankedTensorType::get({}, builder.getI1Type())});
  builder.setInsertionPointAfter(loss);
  step = func::FuncOp::create(
      builder, loc(), (name + "_step").str(),
      builder.getFunctionType(arguments, loss.getResultTypes()));
  Block *entry = step.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  unsigned first = loss.getNumArguments();
  learningRate = extract(step.getArgument(first));
  momentCorrection1 = extract(step.getArgument(first + 1), 0);
  momentCorrection2 = extract(step.getArgument(first + 1), 1);
  gateRate = extract(step.getArgument(first + 2));
  violated = extract(step.getArgument(first + 3));
}

/// Clones the body of the loss, with one load of each global, and returns the
/// loss value.
Value StepBuilder::cloneLoss() {
  IRMapping mapping;
  mapping.map(loss.getArguments(),
              step.getArguments().take_front(loss.getNumArguments()));
  Block &body = loss.getBody().front();
  for (Operation &op : body.without_terminator()) {
    if (auto load = dyn_cast<ml_program::GlobalLoadOp>(op)) {
      StringRef symbol = load.getGlobal().getLeafReference();
      auto it = loads.find(symbol);
      if (it != loads.end()) {
        mapping.map(load.getResult(), it->second.getResult());
        continue;
      }
      auto clone = cast<ml_program::GlobalLoadOp>(builder.clone(op, mapping));
      auto global = module.lookupSymbol<ml_program::GlobalOp>(symbol);
      if (global.getIsMutable())
        loads[symbol] = clone;
      continue;
    }
    Operation *clone = builder.clone(op, mapping);
    if (auto quantize = dyn_cast<QuantizeOp>(clone))
      quantizers.push_back(quantize);
  }
  return mapping.lookup(body.getTerminator()->getOperand(0));
}

Value StepBuilder::loadState(StringRef owner, const std::string &symbol,
                             RankedTensorType type) {
  if (!module.lookupSymbol(symbol)) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(module.lookupSymbol(owner)->getNextNode());
    ml_program::GlobalOp::create(builder, loc(), symbol, type,
                                 /*is_mutable=*/true, builder.getZeroAttr(type),
                                 builder.getStringAttr("private"));
  }
  return ml_program::GlobalLoadOp::create(
      builder, loc(), type,
      FlatSymbolRefAttr::get(builder.getContext(), symbol));
}

/// Adam, in one sweep over parameter, moments and gradient. The rate of a range
/// is relative to it, since ranges of activations and of weights differ by
/// orders of magnitude; it is at most halved by a step, so that it stays
/// positive.
void StepBuilder::updateParameter(ml_program::GlobalLoadOp load, Value gradient,
                                  bool isRange) {
  auto type = cast<RankedTensorType>(load.getType());
  StringRef symbol = load.getGlobal().getLeafReference();
  Value first = loadState(symbol, (symbol + ".m").str(), type);
  Value second = loadState(symbol, (symbol + ".v").str(), type);
  unsigned rank = type.getRank();
  AffineMap identity = builder.getMultiDimIdentityMap(rank);
  AffineMap scalar = AffineMap::get(rank, 0, builder.getContext());
  auto generic = linalg::GenericOp::create(
      builder, loc(), TypeRange{type, type, type},
      ValueRange{gradient, learningRate, momentCorrection1, momentCorrection2},
      ValueRange{load.getResult(), first, second},
      ArrayRef<AffineMap>{identity, scalar, scalar, scalar, identity, identity,
                          identity},
      SmallVector<utils::IteratorType>(rank, utils::IteratorType::parallel),
      [&](OpBuilder &b, Location loc, ValueRange args) {
        Value gradient = args[0], rate = args[1];
        auto constant = [&](double value) -> Value {
          return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(value));
        };
        auto add = [&](Value x, Value y) -> Value {
          return arith::AddFOp::create(b, loc, x, y);
        };
        auto mul = [&](Value x, Value y) -> Value {
          return arith::MulFOp::create(b, loc, x, y);
        };
        Value m = add(mul(constant(adam::kBeta1), args[5]),
                      mul(constant(1.0 - adam::kBeta1), gradient));
        Value v =
            add(mul(constant(adam::kBeta2), args[6]),
                mul(constant(1.0 - adam::kBeta2), mul(gradient, gradient)));
        Value root = math::SqrtOp::create(b, loc, mul(v, args[3]));
        Value change =
            arith::DivFOp::create(b, loc, mul(rate, mul(m, args[2])),
                                  add(root, constant(adam::kEpsilon)));
        if (isRange) {
          change = mul(change, args[4]);
          Value most = mul(constant(0.5), args[4]);
          change = arith::MinimumFOp::create(b, loc, change, most);
        }
        Value updated = arith::SubFOp::create(b, loc, args[4], change);
        linalg::YieldOp::create(b, loc, ValueRange{updated, m, v});
      });
  store(symbol, generic.getResult(0));
  store((symbol + ".m").str(), generic.getResult(1));
  store((symbol + ".v").str(), generic.getResult(2));
}

/// The mean of |x| over what each element of a tensor of `shape` stands for.
static Value buildMeanAbs(OpBuilder &builder, Location loc, Value tensor,
                          ArrayRef<int64_t> shape) {
  auto buildAbs = [](OpBuilder &b, Location loc, ValueRange args) -> Value {
    return math::AbsFOp::create(b, loc, args[0]);
  };
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.getShape() == shape)
    return buildElementwise(builder, loc, tensor, builder.getF32Type(),
                            buildAbs);
  Value sum = buildSum(builder, loc, tensor, shape, buildAbs);
  double perUnit = static_cast<double>(type.getNumElements()) /
                   static_cast<double>(ShapedType::getNumElements(shape));
  Value factor = arith::ConstantOp::create(
      builder, loc, builder.getF32FloatAttr(1.0 / perUnit));
  return buildElementwise(
      builder, loc, {sum, factor}, builder.getF32Type(),
      [](OpBuilder &b, Location loc, ValueRange args) -> Value {
        return arith::MulFOp::create(b, loc, args[0], args[1]);
      });
}

/// The statistics of the units of a quantizer, or of its whole tensor.
GateStatistics StepBuilder::buildStatistics(Use use, bool ofTensor) {
  auto [quantize, gradient] = use;
  ArrayRef<int64_t> shape = quantize.getGate().getType().getShape();
  Value gradients = buildMeanAbs(builder, loc(), gradient, shape);
  Value values = buildMeanAbs(builder, loc(), quantize.getInput(), shape);
  if (!ofTensor)
    return {gradients, values};
  // Of a large batch the means of the units tell the tensor's at once; of a
  // parameter, its elements do.
  if (gradients.getType() == gradient.getType()) {
    gradients = gradient;
    values = quantize.getInput();
  }
  return {extract(buildMeanAbs(builder, loc(), gradients, {})),
          extract(buildMeanAbs(builder, loc(), values, {}))};
}

/// What the direction asks for of a gate that some quantizers share.
GateGroup StepBuilder::buildGroup(StringRef symbol, ArrayRef<Use> uses) {
  QuantizeOp first = uses.front().first;
  GateGroup group;
  group.gate = first.getGate();
  if (direction.usesTargets()) {
    group.target = loadState(symbol, (symbol + kTargetSuffix).str(),
                             first.getGate().getType());
    return group;
  }
  auto buildSumOf = [&](Value sum, Value other) -> Value {
    auto add = [](OpBuilder &b, Location loc, Value x, Value y) -> Value {
      return arith::AddFOp::create(b, loc, x, y);
    };
    if (!isa<RankedTensorType>(sum.getType()))
      return add(builder, loc(), sum, other);
    return buildElementwise(
        builder, loc(), {sum, other}, builder.getF32Type(),
        [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
          return add(b, loc, args[0], args[1]);
        });
  };
  group.units = buildStatistics(uses.front(), /*ofTensor=*/false);
  group.tensor = buildStatistics(uses.front(), /*ofTensor=*/true);
  // What several quantizers share matters to all of them.
  for (Use use : uses.drop_front())
    for (bool ofTensor : {false, true}) {
      GateStatistics &sum = ofTensor ? group.tensor : group.units;
      GateStatistics other = buildStatistics(use, ofTensor);
      sum = {buildSumOf(sum.meanAbsGradient, other.meanAbsGradient),
             buildSumOf(sum.meanAbsValue, other.meanAbsValue)};
    }
  return group;
}

/// The running mean of the sum of (dL/dx)^2 over what each gate governs.
void StepBuilder::updateSensitivity(Use use, const std::string &symbol) {
  auto [quantize, gradient] = use;
  auto type = quantize.getGate().getType();
  auto buildSquare = [](OpBuilder &b, Location loc, ValueRange args) -> Value {
    return arith::MulFOp::create(b, loc, args[0], args[0]);
  };
  Value sum =
      gradient.getType() == type
          ? buildElementwise(builder, loc(), gradient, builder.getF32Type(),
                             buildSquare)
          : buildSum(builder, loc(), gradient, type.getShape(), buildSquare);
  auto load = quantize.getGate().getDefiningOp<ml_program::GlobalLoadOp>();
  Value before = loadState(load.getGlobal().getLeafReference(), symbol, type);
  Value mean = buildElementwise(
      builder, loc(), {before, sum}, builder.getF32Type(),
      [](OpBuilder &b, Location loc, ValueRange args) -> Value {
        Value share = arith::ConstantOp::create(
            b, loc, b.getF32FloatAttr(1.0 - kSensitivityDecay));
        Value change = arith::SubFOp::create(b, loc, args[1], args[0]);
        change = arith::MulFOp::create(b, loc, share, change);
        return arith::AddFOp::create(b, loc, args[0], change);
      });
  store(symbol, mean);
}

void StepBuilder::updateGates(const ReverseMode &reverse) {
  llvm::MapVector<StringRef, SmallVector<Use>> usesOfGate;
  for (QuantizeOp quantize : quantizers) {
    auto load = quantize.getGate().getDefiningOp<ml_program::GlobalLoadOp>();
    Value gradient = reverse.getCotangent(quantize.getResult());
    if (!load || !loads.count(load.getGlobal().getLeafReference()) || !gradient)
      continue;
    usesOfGate[load.getGlobal().getLeafReference().getValue()].push_back(
        {quantize, gradient});
  }

  // Those of activations and those of parameters are normalized apart.
  SmallVector<GateGroup> groups[2];
  SmallVector<StringRef> symbols[2];
  SmallVector<float> lowest[2];
  for (auto &[symbol, uses] : usesOfGate) {
    bool isParameter =
        uses.front().first.getInput().getDefiningOp<ml_program::GlobalLoadOp>();
    groups[isParameter].push_back(buildGroup(symbol, uses));
    symbols[isParameter].push_back(symbol);
    lowest[isParameter].push_back(
        getLowestGate(uses.front().first.getGatedType().getWidths()));
    if (!direction.usesTargets())
      continue;
    for (auto [number, use] : llvm::enumerate(uses))
      updateSensitivity(use, getSensitivityName(symbol, number));
  }

  for (int i = 0; i < 2; ++i) {
    if (groups[i].empty())
      continue;
    SmallVector<Value> directions =
        direction.build(builder, loc(), groups[i], violated);
    for (auto [symbol, gate, dir, least] :
         llvm::zip_equal(symbols[i], groups[i], directions, lowest[i])) {
      float leastGate = least;
      Value moved = buildElementwise(
          builder, loc(), {gate.gate, dir, gateRate}, builder.getF32Type(),
          [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
            auto constant = [&](double value) -> Value {
              return arith::ConstantOp::create(b, loc,
                                               b.getF32FloatAttr(value));
            };
            Value change = arith::MulFOp::create(b, loc, args[2], args[1]);
            Value next = arith::SubFOp::create(b, loc, args[0], change);
            next = arith::MaximumFOp::create(b, loc, next, constant(leastGate));
            return arith::MinimumFOp::create(b, loc, next,
                                             constant(kInitialGate));
          });
      store(symbol, moved);
    }
  }
}

LogicalResult StepBuilder::run() {
  createFunction();
  Value value = cloneLoss();

  llvm::SmallDenseSet<Value> gates, ranges;
  SmallVector<Value> wrt;
  for (QuantizeOp quantize : quantizers) {
    gates.insert(quantize.getGate());
    ranges.insert(quantize.getRange());
    wrt.push_back(quantize.getResult());
  }
  for (auto &[symbol, load] : loads)
    if (!gates.contains(load.getResult()))
      wrt.push_back(load.getResult());

  ReverseMode reverse(step.getBody().front(), wrt);
  Value one = arith::ConstantOp::create(
      builder, loc(),
      DenseElementsAttr::get(cast<RankedTensorType>(value.getType()), 1.0f));
  if (failed(reverse.run(builder, {{value, one}})))
    return failure();

  // Gates first: they look at the values that made the loss.
  updateGates(reverse);
  for (auto &[symbol, load] : loads) {
    if (gates.contains(load.getResult()))
      continue;
    if (Value gradient = reverse.getCotangent(load.getResult()))
      updateParameter(load, gradient, ranges.contains(load.getResult()));
  }
  for (auto &[symbol, updated] : stores)
    ml_program::GlobalStoreOp::create(
        builder, loc(), FlatSymbolRefAttr::get(builder.getContext(), symbol),
        updated);
  func::ReturnOp::create(builder, loc(), value);
  return success();
}

/// The loss that a pass is asked to work on, or the module's only one.
static FailureOr<func::FuncOp> findLoss(ModuleOp module, StringRef function) {
  if (!function.empty()) {
    std::string name = (function + kLossSuffix).str();
    if (auto loss = module.lookupSymbol<func::FuncOp>(name))
      return loss;
    return module.emitError() << "expects a function '" << name
                              << "', as cgmq-build-loss leaves it";
  }
  func::FuncOp found;
  for (auto candidate : module.getOps<func::FuncOp>()) {
    if (!candidate.getName().ends_with(kLossSuffix))
      continue;
    if (found)
      return module.emitError("expects one loss or the option 'function', but "
                              "got several losses");
    found = candidate;
  }
  if (!found)
    return module.emitError("expects a loss, as cgmq-build-loss leaves it, but "
                            "got none");
  return found;
}

/// Checks that `loss` has the form that a step can be built of.
static LogicalResult verifyLoss(func::FuncOp loss) {
  if (!loss.getBody().hasOneBlock())
    return loss.emitOpError("expects a loss of one block");
  auto scalar = RankedTensorType::get({}, Float32Type::get(loss.getContext()));
  if (loss.getNumResults() != 1 || loss.getResultTypes()[0] != scalar)
    return loss.emitOpError("expects a loss that returns tensor<f32>, but got ")
           << loss.getFunctionType();
  for (auto load : loss.getOps<ml_program::GlobalLoadOp>()) {
    auto type = dyn_cast<RankedTensorType>(load.getType());
    if (!type || !type.hasStaticShape() || !type.getElementType().isF32())
      return load.emitOpError("expects parameters of static shape and f32, "
                              "but got ")
             << load.getType();
  }
  return success();
}

namespace {
struct BuildTrainingStepPass
    : cgmq::impl::BuildTrainingStepPassBase<BuildTrainingStepPass> {
  using Base::Base;
  LogicalResult initialize(MLIRContext *context) override {
    directionRule = createDirectionRule(direction, context);
    return success(directionRule != nullptr);
  }
  void runOnOperation() override {
    FailureOr<func::FuncOp> loss = findLoss(getOperation(), function);
    if (failed(loss) || failed(verifyLoss(*loss)) ||
        failed(StepBuilder(getOperation(), *loss, *directionRule).run()))
      signalPassFailure();
  }
  std::shared_ptr<const DirectionRule> directionRule;
};
} // namespace
