//===- LowerElementwise.cpp - Elementwise ops to loops of vectors ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorAccess.h"
#include "cgmq/Execution/Passes.h"
#include "cgmq/Execution/VectorUnit.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERELEMENTWISEPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Merges loops that run over consecutive elements of all operands.
static linalg::LinalgOp collapseLoops(linalg::LinalgOp op,
                                      IRRewriter &rewriter) {
  rewriter.setInsertionPoint(op);
  if (!isa<linalg::GenericOp>(op.getOperation()))
    if (auto generic = linalg::generalizeNamedOp(rewriter, op);
        succeeded(generic))
      op = *generic;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  SmallVector<ReassociationIndices> groups;
  for (int64_t dim = 0, end = iterators.size(); dim < end; ++dim) {
    if (!groups.empty() && iterators[dim] == iterators[groups.back().front()]) {
      ReassociationIndices longer = groups.back();
      longer.push_back(dim);
      if (linalg::areDimSequencesPreserved(maps, {longer})) {
        groups.back() = longer;
        continue;
      }
    }
    groups.push_back({dim});
  }
  llvm::erase_if(groups, [](const auto &group) { return group.size() < 2; });
  bool areProjections = llvm::all_of(
      maps, [](AffineMap map) { return map.isProjectedPermutation(); });
  if (groups.empty() || !areProjections)
    return op;
  FailureOr<linalg::CollapseResult> collapsed =
      linalg::collapseOpIterationDims(op, groups, rewriter);
  if (failed(collapsed))
    return op;
  rewriter.eraseOp(op);
  return collapsed->collapsedOp;
}

namespace {

/// What the loops of one op look like.
struct LoopPlan {
  unsigned vectorDim = 0;
  int64_t lanes = 0;
  /// Loops that the outputs depend on, and the others, without vectorDim.
  SmallVector<unsigned> outer, inner;
  /// True if the outputs do not depend on vectorDim: lanes hold partial results
  /// that `combiners` put together, one for each output.
  bool reducesLanes = false;
  SmallVector<Operation *> combiners;
};

/// True if an op means the same for each lane of a vector, and computes
/// nothing that traps in lanes that are not in use.
bool isLanewise(Operation *op) {
  return (OpTrait::hasElementwiseMappableTraits(op) &&
          !isa<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp, arith::RemUIOp,
               arith::CeilDivSIOp, arith::CeilDivUIOp, arith::FloorDivSIOp>(
              op)) ||
         isa<linalg::IndexOp, linalg::YieldOp, arith::ConstantOp>(op);
}

/// Bits of the widest element that an op computes with; nothing if one is not
/// an integer or a float.
std::optional<int64_t> getWidestElement(linalg::LinalgOp op) {
  int64_t widest = 8;
  auto add = [&](Type type) {
    if (type.isIndex())
      widest = std::max<int64_t>(widest, 64);
    else if (type.isIntOrFloat())
      widest = std::max<int64_t>(widest, type.getIntOrFloatBitWidth());
    else
      return false;
    return true;
  };
  for (Operation &nested : op->getRegion(0).front())
    for (Type type : nested.getResultTypes())
      if (!add(type))
        return std::nullopt;
  for (Value operand : op->getOperands())
    if (!add(getElementTypeOrSelf(operand.getType())))
      return std::nullopt;
  return widest;
}

/// The op that adds an element to an output, if its order is free.
Operation *getCombiner(linalg::LinalgOp op, unsigned output) {
  SmallVector<Operation *, 4> combiners;
  if (!matchReduction(op.getRegionOutputArgs(), output, combiners) ||
      combiners.size() != 1 || !linalg::getCombinerOpKind(combiners[0]) ||
      !arith::getNeutralElement(combiners[0]))
    return nullptr;
  // Rounding depends on the order of sums and products.
  if (isa<arith::AddFOp, arith::MulFOp>(combiners[0]) &&
      !arith::bitEnumContainsAny(
          cast<arith::ArithFastMathInterface>(combiners[0])
              .getFastMathFlagsAttr()
              .getValue(),
          arith::FastMathFlags::reassoc))
    return nullptr;
  return combiners[0];
}

/// True if vectors can run along `dim` of a map: it is in the last result only,
/// with factor 1, or not there at all.
bool canVectorize(AffineMap map, unsigned dim) {
  for (auto [index, expr] : llvm::enumerate(map.getResults())) {
    if (!expr.isFunctionOfDim(dim))
      continue;
    if (index + 1 != map.getNumResults())
      return false;
    AffineExpr one = getAffineConstantExpr(1, map.getContext());
    AffineExpr d = getAffineDimExpr(dim, map.getContext());
    AffineExpr step = simplifyAffineExpr(expr.replace(d, d + one) - expr,
                                         map.getNumDims(), 0);
    if (step != one)
      return false;
  }
  return true;
}

std::optional<LoopPlan> makePlan(linalg::LinalgOp op, int64_t vectorBits) {
  if (op.hasDynamicShape() || op->getNumRegions() != 1 ||
      op->getRegion(0).getNumArguments() != op->getNumOperands() ||
      !llvm::all_of(op->getRegion(0).front(),
                    [](Operation &nested) { return isLanewise(&nested); }))
    return std::nullopt;
  std::optional<int64_t> widest = getWidestElement(op);
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  if (!widest || *widest > vectorBits / 2 || extents.empty() ||
      llvm::is_contained(extents, 0))
    return std::nullopt;
  for (OpOperand &operand : op->getOpOperands()) {
    bool isAccessed =
        op.isDpsInit(&operand) || op.payloadUsesValueFromOperand(&operand);
    if (isAccessed && isa<MemRefType>(operand.get().getType()) &&
        !hasVectorLayout(operand.get()))
      return std::nullopt;
  }

  // All outputs depend on the same loops.
  llvm::SmallBitVector outputDims;
  for (OpOperand &init : op.getDpsInitsMutable()) {
    AffineMap map = op.getMatchingIndexingMap(&init);
    llvm::SmallBitVector dims(extents.size());
    for (unsigned dim = 0; dim < extents.size(); ++dim)
      dims[dim] = map.isFunctionOfDim(dim);
    if (!outputDims.empty() && dims != outputDims)
      return std::nullopt;
    outputDims = dims;
  }

  LoopPlan plan;
  plan.lanes = vectorBits / *widest;
  SmallVector<Operation *> combiners;
  for (unsigned output = 0; output < op.getNumDpsInits(); ++output)
    combiners.push_back(getCombiner(op, output));
  std::optional<unsigned> best;
  for (unsigned dim = 0; dim < extents.size(); ++dim) {
    bool reduces = !outputDims[dim];
    if (reduces && llvm::is_contained(combiners, nullptr))
      continue;
    if (!llvm::all_of(op->getOpOperands(), [&](OpOperand &operand) {
          return canVectorize(op.getMatchingIndexingMap(&operand), dim);
        }))
      continue;
    // The fuller the vectors the better; then rather lanes of results.
    auto rate = [&](unsigned d) {
      return 2 * std::min(extents[d], plan.lanes) + outputDims[d];
    };
    if (best && rate(*best) >= rate(dim))
      continue;
    best = dim;
    plan.reducesLanes = reduces;
  }
  if (!best)
    return std::nullopt;
  plan.vectorDim = *best;
  if (plan.reducesLanes)
    plan.combiners = combiners;
  for (unsigned dim = 0; dim < extents.size(); ++dim)
    if (dim != plan.vectorDim && extents[dim] != 1)
      (outputDims[dim] ? plan.outer : plan.inner).push_back(dim);
  // What a loop carries has a start.
  bool isReduction = plan.reducesLanes || !plan.inner.empty();
  if (isReduction &&
      !llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
        return op.payloadUsesValueFromOperand(&init);
      }))
    return std::nullopt;
  return plan;
}

/// Emits the loops of one op.
class LoopEmitter {
public:
  LoopEmitter(OpBuilder &builder, linalg::LinalgOp op, const LoopPlan &plan)
      : builder(builder), loc(op.getLoc()), access(builder, loc, plan.lanes),
        op(op), plan(plan), extents(op.getStaticLoopRanges()),
        body(op->getRegion(0).front()) {}

  void emit() {
    begin.assign(extents.size(), access.getConstant(0));
    // What the body takes from around the op is the same in each lane.
    for (Operation &nested : body)
      for (Value operand : nested.getOperands())
        if (operand.getParentBlock() != &body && !captured.contains(operand))
          captured.map(operand, access.broadcast(operand));
    for (OpOperand *input : op.getDpsInputOperands())
      if (!isa<MemRefType>(input->get().getType()))
        captured.map(body.getArgument(input->getOperandNumber()),
                     access.broadcast(input->get()));
    emitOuter(0);
  }

private:
  /// Results for each vector of a tile, then for each output.
  using Accumulators = SmallVector<Value>;

  int64_t getVectorExtent() const { return extents[plan.vectorDim]; }

  /// Loops over a range of a dim, and `emitBody` in them.
  void emitLoop(unsigned dim, int64_t from, int64_t to, int64_t step,
                function_ref<void()> emitBody) {
    if (to - from <= step) {
      begin[dim] = access.getConstant(from);
      emitBody();
      return;
    }
    scf::ForOp loop = access.createLoop(from, to, step);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(loop.getBody()->getTerminator());
    begin[dim] = loop.getInductionVar();
    emitBody();
  }

  /// The same with values that the loop carries.
  Accumulators emitLoop(unsigned dim, int64_t from, int64_t to, int64_t step,
                        Accumulators values,
                        function_ref<Accumulators(Accumulators)> emitBody) {
    if (to - from <= step) {
      begin[dim] = access.getConstant(from);
      return emitBody(values);
    }
    scf::ForOp loop = access.createLoop(from, to, step, values);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(loop.getBody());
    begin[dim] = loop.getInductionVar();
    values = emitBody(llvm::to_vector_of<Value>(loop.getRegionIterArgs()));
    scf::YieldOp::create(builder, loc, values);
    return llvm::to_vector_of<Value>(loop.getResults());
  }

  void emitOuter(size_t depth) {
    if (depth < plan.outer.size()) {
      unsigned dim = plan.outer[depth];
      emitLoop(dim, 0, extents[dim], 1, [&] { emitOuter(depth + 1); });
      return;
    }
    loadUniformInputs();
    if (plan.reducesLanes) {
      emitLaneReduction();
      return;
    }
    // Tiles of a few vectors; the last vector may be partly used.
    int64_t vectors = llvm::divideCeil(getVectorExtent(), plan.lanes);
    int64_t most = !plan.inner.empty()                ? 4
                   : body.getOperations().size() > 16 ? 1
                                                      : 2;
    int64_t step = std::min(vectors, most) * plan.lanes;
    int64_t full = getVectorExtent() / step * step;
    if (full)
      emitLoop(plan.vectorDim, 0, full, step, [&] { emitTile(step); });
    if (full != getVectorExtent()) {
      begin[plan.vectorDim] = access.getConstant(full);
      emitTile(getVectorExtent() - full);
    }
  }

  /// Computes `extent` elements along vectorDim.
  void emitTile(int64_t extent) {
    used.clear();
    for (int64_t left = extent; left > 0; left -= plan.lanes)
      used.push_back(std::min(left, plan.lanes));
    Accumulators values;
    for (size_t vector = 0; vector < used.size(); ++vector)
      for (OpOperand &init : op.getDpsInitsMutable())
        values.push_back(op.payloadUsesValueFromOperand(&init)
                             ? loadVector(init, vector)
                             : Value());
    values = emitInner(0, values, [&](Accumulators step) {
      Accumulators results;
      for (size_t vector = 0; vector < used.size(); ++vector)
        llvm::append_range(results, emitBody(vector, getSlice(step, vector)));
      return results;
    });
    for (size_t vector = 0; vector < used.size(); ++vector)
      for (auto [init, value] :
           llvm::zip_equal(op.getDpsInitsMutable(), getSlice(values, vector)))
        access.store(value, init.get(), getIndices(init, vector), used[vector]);
  }

  /// Partial results in lanes, put together at the end.
  void emitLaneReduction() {
    constexpr int64_t kMostVectors = 4;
    int64_t vectors =
        std::clamp<int64_t>(getVectorExtent() / plan.lanes, 1, kMostVectors);
    int64_t step = vectors * plan.lanes;
    int64_t full = getVectorExtent() / step * step;
    Accumulators values;
    for (int64_t vector = 0; vector < vectors; ++vector)
      for (Operation *combiner : plan.combiners)
        values.push_back(access.broadcast(arith::ConstantOp::create(
            builder, loc, *arith::getNeutralElement(combiner))));
    values = emitInner(0, values, [&](Accumulators sums) {
      auto emitVectors = [&](int64_t extent, Accumulators sums) {
        used.clear();
        for (int64_t left = extent; left > 0; left -= plan.lanes)
          used.push_back(std::min(left, plan.lanes));
        for (size_t vector = 0; vector < used.size(); ++vector) {
          Accumulators next = emitBody(vector, getSlice(sums, vector));
          for (auto [output, value] : llvm::enumerate(next)) {
            Value &sum = sums[vector * next.size() + output];
            Value mask = access.createMask(used[vector]);
            sum = mask ? arith::SelectOp::create(builder, loc, mask, value, sum)
                             .getResult()
                       : value;
          }
        }
        return sums;
      };
      if (full)
        sums = emitLoop(
            plan.vectorDim, 0, full, step, sums,
            [&](Accumulators carried) { return emitVectors(step, carried); });
      if (full != getVectorExtent()) {
        begin[plan.vectorDim] = access.getConstant(full);
        sums = emitVectors(getVectorExtent() - full, sums);
      }
      return sums;
    });
    begin[plan.vectorDim] = access.getConstant(0);
    size_t numOutputs = plan.combiners.size();
    for (auto [output, combiner] : llvm::enumerate(plan.combiners)) {
      Value sum = values[output];
      for (int64_t vector = 1; vector < vectors; ++vector)
        sum = combine(combiner, sum, values[vector * numOutputs + output]);
      Value result = vector::ReductionOp::create(
          builder, loc, *linalg::getCombinerOpKind(combiner), sum);
      OpOperand &init = *op.getDpsInitOperand(output);
      SmallVector<Value> indices = getIndices(init, 0);
      result =
          combine(combiner, access.loadScalar(init.get(), indices), result);
      memref::StoreOp::create(builder, loc, result, init.get(), indices);
    }
  }

  Accumulators emitInner(size_t depth, Accumulators values,
                         function_ref<Accumulators(Accumulators)> emitStep) {
    if (depth == plan.inner.size())
      return emitStep(values);
    unsigned dim = plan.inner[depth];
    return emitLoop(dim, 0, extents[dim], 1, values, [&](Accumulators carried) {
      return emitInner(depth + 1, carried, emitStep);
    });
  }

  //===--- One vector -----------------------------------------------------===//

  ArrayRef<Value> getSlice(ArrayRef<Value> values, size_t vector) {
    size_t numOutputs = op.getNumDpsInits();
    return values.slice(vector * numOutputs, numOutputs);
  }

  SmallVector<Value> getIndices(OpOperand &operand, size_t vector) {
    SmallVector<int64_t> offsets(extents.size(), 0);
    offsets[plan.vectorDim] = vector * plan.lanes;
    return access.getIndices(op.getMatchingIndexingMap(&operand), begin,
                             offsets);
  }

  Value loadVector(OpOperand &operand, size_t vector) {
    SmallVector<Value> indices = getIndices(operand, vector);
    if (op.getMatchingIndexingMap(&operand).isFunctionOfDim(plan.vectorDim))
      return access.load(operand.get(), indices, used[vector]);
    return access.broadcast(access.loadScalar(operand.get(), indices));
  }

  /// Loads the inputs that depend on the outer loops alone.
  void loadUniformInputs() {
    uniform.clear();
    for (OpOperand *input : op.getDpsInputOperands()) {
      AffineMap map = op.getMatchingIndexingMap(input);
      bool varies = map.isFunctionOfDim(plan.vectorDim) ||
                    llvm::any_of(plan.inner, [&](unsigned dim) {
                      return map.isFunctionOfDim(dim);
                    });
      if (isa<MemRefType>(input->get().getType()) && !varies &&
          op.payloadUsesValueFromOperand(input))
        uniform[input->getOperandNumber()] = loadVector(*input, 0);
    }
  }

  /// The body on vectors; returns what it yields.
  Accumulators emitBody(size_t vector, ArrayRef<Value> outputs) {
    IRMapping mapping(captured);
    for (OpOperand *input : op.getDpsInputOperands()) {
      unsigned number = input->getOperandNumber();
      BlockArgument argument = body.getArgument(number);
      if (mapping.contains(argument) || argument.use_empty())
        continue;
      auto found = uniform.find(number);
      mapping.map(argument, found != uniform.end()
                                ? found->second
                                : loadVector(*input, vector));
    }
    for (auto [argument, output] :
         llvm::zip_equal(op.getRegionOutputArgs(), outputs))
      if (output)
        mapping.map(argument, output);
    for (Operation &nested : body.without_terminator()) {
      if (auto index = dyn_cast<linalg::IndexOp>(nested)) {
        mapping.map(index.getResult(), createIndex(index.getDim(), vector));
        continue;
      }
      if (auto constant = dyn_cast<arith::ConstantOp>(nested)) {
        Operation *clone = builder.clone(nested);
        mapping.map(constant.getResult(),
                    access.broadcast(clone->getResult(0)));
        continue;
      }
      Operation *clone = builder.clone(nested, mapping);
      for (auto [result, original] :
           llvm::zip_equal(clone->getResults(), nested.getResults()))
        result.setType(access.getVectorType(original.getType()));
    }
    Accumulators results;
    for (Value value : body.getTerminator()->getOperands())
      results.push_back(mapping.lookup(value));
    return results;
  }

  Value createIndex(unsigned dim, size_t vector) {
    if (dim != plan.vectorDim)
      return access.broadcast(begin[dim]);
    Value first = arith::AddIOp::create(
        builder, loc, begin[dim], access.getConstant(vector * plan.lanes));
    Value steps = vector::StepOp::create(
        builder, loc, access.getVectorType(builder.getIndexType()));
    return arith::AddIOp::create(builder, loc, access.broadcast(first), steps);
  }

  /// `combiner` applied to other values.
  Value combine(Operation *combiner, Value lhs, Value rhs) {
    OperationState state(loc, combiner->getName());
    state.addOperands({lhs, rhs});
    state.addTypes(lhs.getType());
    state.addAttributes(combiner->getAttrs());
    state.propertiesAttr = combiner->getPropertiesAsAttribute();
    return builder.create(state)->getResult(0);
  }

  OpBuilder &builder;
  Location loc;
  VectorAccess access;
  linalg::LinalgOp op;
  const LoopPlan &plan;
  SmallVector<int64_t> extents;
  Block &body;
  SmallVector<Value> begin;
  /// Lanes in use of each vector of a tile.
  SmallVector<int64_t> used;
  IRMapping captured;
  DenseMap<unsigned, Value> uniform;
};

struct LowerElementwise
    : public cgmq::impl::LowerElementwisePassBase<LowerElementwise> {
  using LowerElementwisePassBase::LowerElementwisePassBase;

  void runOnOperation() override {
    FailureOr<VectorUnit> unit = VectorUnit::get(getOperation(), vectorBits);
    if (failed(unit))
      return signalPassFailure();
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics())
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops) {
      op = collapseLoops(op, rewriter);
      std::optional<LoopPlan> plan = makePlan(op, unit->bits);
      if (!plan)
        continue;
      rewriter.setInsertionPoint(op);
      LoopEmitter(rewriter, op, *plan).emit();
      rewriter.eraseOp(op);
    }
  }
};

} // namespace
