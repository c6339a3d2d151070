//===- LowerElementwise.cpp - Elementwise ops to loops of vectors ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementwiseLoops.h"
#include "VectorAccess.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_LOWERELEMENTWISEPASS
#include "cgmq/Execution/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Partial results start at a cache line.
static constexpr int64_t kAlignment = 64;

/// True if each operand's elements along `group` lie at one distance.
static bool canCollapse(linalg::LinalgOp op, ArrayRef<AffineMap> maps,
                        const ReassociationIndices &group) {
  for (auto [value, map] : llvm::zip_equal(op->getOperands(), maps)) {
    auto type = dyn_cast<MemRefType>(value.getType());
    if (!type || !map.isFunctionOfDim(group.front()))
      continue;
    SmallVector<ReassociationIndices> reassociation;
    for (auto [index, expr] : llvm::enumerate(map.getResults())) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      bool continues = dim && dim.getPosition() != group.front() &&
                       llvm::is_contained(group, dim.getPosition());
      if (!continues)
        reassociation.emplace_back();
      reassociation.back().push_back(index);
    }
    if (!memref::CollapseShapeOp::isGuaranteedCollapsible(type, reassociation))
      return false;
  }
  return true;
}

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
      if (linalg::areDimSequencesPreserved(maps, {longer}) &&
          canCollapse(op, maps, longer)) {
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

/// The buffer that a value is a view of.
static Value getRoot(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
}

/// True if each op that uses `buffer` or a view of it fulfils a condition.
static bool allUsers(Value buffer, Operation *op,
                     function_ref<bool(Operation *ancestor)> condition) {
  return llvm::all_of(buffer.getUsers(), [&](Operation *user) {
    if (isa<ViewLikeOpInterface>(user))
      return allUsers(user->getResult(0), op, condition);
    Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*user);
    return ancestor && (ancestor == op || condition(ancestor));
  });
}

/// True if two values are the same view of the same buffer.
static bool isSameView(Value a, Value b) {
  if (a == b)
    return true;
  Operation *left = a.getDefiningOp(), *right = b.getDefiningOp();
  return left && right && isa<ViewLikeOpInterface>(left) &&
         OperationEquivalence::isEquivalentTo(
             left, right, OperationEquivalence::IgnoreLocations);
}

/// The input that is read for the last time and that the only result of `op`,
/// which is written for the first time, can overwrite: it needs no memory of
/// its own, and the cache has the lines that it is written to.
static Value findOverwritableInput(linalg::LinalgOp op,
                                   const ElementwiseLoops &plan) {
  if (plan.isReduction() || op.getNumDpsInits() != 1)
    return {};
  OpOperand &init = *op.getDpsInitOperand(0);
  auto isLocal = [&](Value buffer) {
    auto alloc = buffer.getDefiningOp<memref::AllocOp>();
    return alloc && alloc->getBlock() == op->getBlock();
  };
  if (!isLocal(init.get()) || op.payloadUsesValueFromOperand(&init) ||
      !allUsers(init.get(), op,
                [&](Operation *user) { return op->isBeforeInBlock(user); }))
    return {};
  for (OpOperand *input : op.getDpsInputOperands()) {
    Value root = getRoot(input->get());
    if (!plan.readsOwnTile(op, *input, init) || !isLocal(root) ||
        !allUsers(root, op,
                  [&](Operation *user) { return user->isBeforeInBlock(op); }))
      continue;
    // Whatever else the op reads of that buffer.
    if (llvm::all_of(op.getDpsInputOperands(), [&](OpOperand *other) {
          return !isa<MemRefType>(other->get().getType()) ||
                 getRoot(other->get()) != root ||
                 (isSameView(other->get(), input->get()) &&
                  plan.readsOwnTile(op, *other, init));
        }))
      return input->get();
  }
  return {};
}

namespace {

/// Emits the loops of one op.
class LoopEmitter {
public:
  LoopEmitter(OpBuilder &builder, linalg::LinalgOp op,
              const ElementwiseLoops &plan)
      : builder(builder), loc(op.getLoc()), access(builder, loc, plan.lanes),
        op(op), plan(plan), extents(op.getStaticLoopRanges()),
        body(op->getRegion(0).front()) {}

  void emit() {
    begin.assign(extents.size(), access.getConstant(0));
    setTile(plan.lanes);
    // What the body takes from around the op is the same in each lane.
    for (Operation &nested : body)
      for (Value operand : nested.getOperands())
        if (operand.getParentBlock() != &body && !captured.contains(operand))
          captured.map(operand, access.broadcast(operand));
    for (OpOperand *input : op.getDpsInputOperands())
      if (!isa<MemRefType>(input->get().getType()))
        captured.map(body.getArgument(input->getOperandNumber()),
                     access.broadcast(input->get()));
    if (plan.dividedDim)
      emitParts(*plan.dividedDim);
    else
      emitOuter(0);
  }

private:
  /// Results for each vector of a tile, then for each output.
  using Accumulators = SmallVector<Value>;

  int64_t getVectorExtent() const { return extents[plan.vectorDim]; }

  //===--- Parts ----------------------------------------------------------===//

  /// Emits a parallel loop over parts of a dim, and what follows the last.
  void emitParts(unsigned dim) {
    int64_t step = plan.getStep(dim);
    int64_t full = extents[dim] / step * step;
    if (plan.dividesReduction())
      for (OpOperand &init : op.getDpsInitsMutable())
        partials.push_back(createPartials(init));
    access.createParts(full, step, plan.parts,
                       [&](Value index, Value from, Value to) {
                         part = Part{dim, index, from, to};
                         emitOuter(0);
                       });
    combinePartials();
    if (full != extents[dim]) {
      Value end = access.getConstant(extents[dim]);
      part = Part{dim, Value(), access.getConstant(full), end};
      emitOuter(0);
    }
  }

  /// A buffer with a result for each part.
  Value createPartials(OpOperand &init) {
    auto type = cast<MemRefType>(init.get().getType());
    SmallVector<int64_t> shape(type.getShape());
    shape.insert(shape.begin(), plan.parts);
    return memref::AllocaOp::create(
        builder, loc, MemRefType::get(shape, type.getElementType()),
        builder.getI64IntegerAttr(kAlignment));
  }

  /// Adds the parts' results to the outputs, in order.
  void combinePartials() {
    for (auto [output, partial] : llvm::enumerate(partials)) {
      Value out = op.getDpsInitOperand(output)->get();
      Operation *combiner = plan.combiners[output];
      auto reduce = linalg::ReduceOp::create(
          builder, loc, partial, out, ArrayRef<int64_t>{0},
          [&](OpBuilder &nested, Location, ValueRange values) {
            OpBuilder::InsertionGuard guard(builder);
            builder.restoreInsertionPoint(nested.saveInsertionPoint());
            linalg::YieldOp::create(builder, loc,
                                    combine(combiner, values[0], values[1]));
          });
      followUps.push_back(reduce);
    }
    partials.clear();
  }

  //===--- Loops ----------------------------------------------------------===//

  /// Loops over a range of a dim, and `emitBody` in them.
  void emitLoop(unsigned dim, int64_t from, int64_t to, int64_t step,
                function_ref<void()> emitBody) {
    bool isPart = part && part->dim == dim;
    if (!isPart && to - from <= step) {
      begin[dim] = access.getConstant(from);
      emitBody();
      return;
    }
    scf::ForOp loop =
        isPart ? scf::ForOp::create(builder, loc, part->from, part->to,
                                    access.getConstant(step))
               : access.createLoop(from, to, step);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(loop.getBody()->getTerminator());
    begin[dim] = loop.getInductionVar();
    emitBody();
  }

  /// The same with values that the loop carries.
  Accumulators emitLoop(unsigned dim, int64_t from, int64_t to, int64_t step,
                        Accumulators values,
                        function_ref<Accumulators(Accumulators)> emitBody) {
    bool isPart = part && part->dim == dim;
    if (!isPart && to - from <= step) {
      begin[dim] = access.getConstant(from);
      return emitBody(values);
    }
    scf::ForOp loop =
        isPart ? scf::ForOp::create(builder, loc, part->from, part->to,
                                    access.getConstant(step), values)
               : access.createLoop(from, to, step, values);
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
    auto [hasFull, hasRest] = getVectorRanges();
    int64_t step = plan.getStep(plan.vectorDim);
    int64_t full = getVectorExtent() / step * step;
    if (hasFull)
      emitLoop(plan.vectorDim, 0, full, step, [&] { emitTile(step); });
    if (hasRest) {
      begin[plan.vectorDim] = access.getConstant(full);
      emitTile(getVectorExtent() - full);
    }
  }

  /// Whether whole steps along vectorDim, and what they leave, are to emit.
  std::pair<bool, bool> getVectorRanges() const {
    if (part && part->dim == plan.vectorDim)
      return {part->index != nullptr, part->index == nullptr};
    int64_t step = plan.getStep(plan.vectorDim);
    return {getVectorExtent() >= step, getVectorExtent() % step != 0};
  }

  /// The vectors of a tile: `extent` elements along vectorDim, at each point of
  /// the unrolled loops.
  void setTile(int64_t extent) {
    tile.clear();
    SmallVector<int64_t> shape;
    for (unsigned dim : plan.unrolled)
      shape.push_back(extents[dim]);
    SmallVector<int64_t> strides = computeStrides(shape);
    for (int64_t point = 0; point < llvm::product_of(shape); ++point)
      for (int64_t at = 0; at < extent; at += plan.lanes) {
        SmallVector<int64_t> offsets(extents.size(), 0);
        for (auto [dim, offset] :
             llvm::zip_equal(plan.unrolled, delinearize(point, strides)))
          offsets[dim] = offset;
        offsets[plan.vectorDim] = at;
        tile.push_back({offsets, std::min(extent - at, plan.lanes)});
      }
  }

  /// Computes `extent` elements along vectorDim. Nothing is stored before all
  /// is loaded, so that loads of the same element are one.
  void emitTile(int64_t extent) {
    setTile(extent);
    Accumulators values;
    for (size_t vector = 0; vector < tile.size(); ++vector)
      for (OpOperand &init : op.getDpsInitsMutable())
        values.push_back(op.payloadUsesValueFromOperand(&init)
                             ? loadStart(init, vector)
                             : Value());
    values = emitInner(0, values, [&](Accumulators step) {
      Accumulators results;
      for (size_t vector = 0; vector < tile.size(); ++vector)
        llvm::append_range(results, emitBody(vector, getSlice(step, vector)));
      return results;
    });
    for (size_t vector = 0; vector < tile.size(); ++vector)
      for (auto [init, value] :
           llvm::zip_equal(op.getDpsInitsMutable(), getSlice(values, vector)))
        access.store(value, getResultBuffer(init),
                     getResultIndices(init, vector), tile[vector].used);
  }

  /// Partial results in lanes, put together at the end.
  void emitLaneReduction() {
    int64_t step = plan.getStep(plan.vectorDim);
    int64_t full = getVectorExtent() / step * step;
    std::pair<bool, bool> ranges = getVectorRanges();
    Accumulators values;
    for (int64_t vector = 0; vector < plan.vectors; ++vector)
      for (Operation *combiner : plan.combiners)
        values.push_back(access.broadcast(createNeutral(combiner)));
    values = emitInner(0, values, [&](Accumulators sums) {
      auto emitVectors = [&](int64_t extent, Accumulators sums) {
        setTile(extent);
        for (size_t vector = 0; vector < tile.size(); ++vector) {
          Accumulators next = emitBody(vector, getSlice(sums, vector));
          for (auto [output, value] : llvm::enumerate(next)) {
            Value &sum = sums[vector * next.size() + output];
            Value mask = access.createMask(tile[vector].used);
            sum = mask ? arith::SelectOp::create(builder, loc, mask, value, sum)
                             .getResult()
                       : value;
          }
        }
        return sums;
      };
      if (ranges.first)
        sums = emitLoop(
            plan.vectorDim, 0, full, step, sums,
            [&](Accumulators carried) { return emitVectors(step, carried); });
      if (ranges.second) {
        begin[plan.vectorDim] = access.getConstant(full);
        sums = emitVectors(getVectorExtent() - full, sums);
      }
      return sums;
    });
    begin[plan.vectorDim] = access.getConstant(0);
    size_t numOutputs = plan.combiners.size();
    for (auto [output, combiner] : llvm::enumerate(plan.combiners)) {
      Value sum = values[output];
      for (int64_t vector = 1; vector < plan.vectors; ++vector)
        sum = combine(combiner, sum, values[vector * numOutputs + output]);
      Value result = vector::ReductionOp::create(
          builder, loc, *linalg::getCombinerOpKind(combiner), sum);
      OpOperand &init = *op.getDpsInitOperand(output);
      if (!storesPartials())
        result =
            combine(combiner,
                    access.loadScalar(init.get(), getIndices(init, 0)), result);
      memref::StoreOp::create(builder, loc, result, getResultBuffer(init),
                              getResultIndices(init, 0));
    }
  }

  //===--- Results --------------------------------------------------------===//

  bool storesPartials() const { return !partials.empty(); }

  Value createNeutral(Operation *combiner) {
    return arith::ConstantOp::create(builder, loc,
                                     *arith::getNeutralElement(combiner));
  }

  unsigned getOutput(OpOperand &init) {
    return init.getOperandNumber() - op.getNumDpsInputs();
  }

  /// What an output holds before, or what a part starts with.
  Value loadStart(OpOperand &init, size_t vector) {
    if (storesPartials())
      return access.broadcast(createNeutral(plan.combiners[getOutput(init)]));
    return loadVector(init, vector);
  }

  Value getResultBuffer(OpOperand &init) {
    return storesPartials() ? partials[getOutput(init)] : init.get();
  }

  SmallVector<Value> getResultIndices(OpOperand &init, size_t vector) {
    SmallVector<Value> indices = getIndices(init, vector);
    if (storesPartials())
      indices.insert(indices.begin(), part->index);
    return indices;
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
    return access.getIndices(op.getMatchingIndexingMap(&operand), begin,
                             tile[vector].offsets);
  }

  Value loadVector(OpOperand &operand, size_t vector) {
    SmallVector<Value> indices = getIndices(operand, vector);
    if (op.getMatchingIndexingMap(&operand).isFunctionOfDim(plan.vectorDim))
      return access.load(operand.get(), indices, tile[vector].used);
    return access.broadcast(access.loadScalar(operand.get(), indices));
  }

  /// Loads the inputs that depend on the outer loops alone.
  void loadUniformInputs() {
    uniform.clear();
    for (OpOperand *input : op.getDpsInputOperands()) {
      AffineMap map = op.getMatchingIndexingMap(input);
      bool varies =
          map.isFunctionOfDim(plan.vectorDim) ||
          llvm::any_of(llvm::concat<const unsigned>(plan.inner, plan.unrolled),
                       [&](unsigned dim) { return map.isFunctionOfDim(dim); });
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
    return access.vectorizeBody(body, mapping, [&](linalg::IndexOp index) {
      return createIndex(index.getDim(), vector);
    });
  }

  Value createIndex(unsigned dim, size_t vector) {
    Value first =
        arith::AddIOp::create(builder, loc, begin[dim],
                              access.getConstant(tile[vector].offsets[dim]));
    if (dim != plan.vectorDim)
      return access.broadcast(first);
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
  const ElementwiseLoops &plan;
  SmallVector<int64_t> extents;
  Block &body;
  SmallVector<Value> begin;
  /// Where a vector lies from `begin`, and how many of its lanes are in use.
  struct TileVector {
    SmallVector<int64_t> offsets;
    int64_t used;
  };
  SmallVector<TileVector> tile;
  IRMapping captured;
  DenseMap<unsigned, Value> uniform;
  /// The part of a divided loop that is emitted; without an index, what follows
  /// the last part.
  struct Part {
    unsigned dim;
    Value index, from, to;
  };
  std::optional<Part> part;
  /// Where parts of a reduction put their results, for each output.
  SmallVector<Value> partials;

public:
  /// Ops that the emitted code leaves to lower.
  SmallVector<linalg::LinalgOp> followUps;
};

struct LowerElementwise
    : public cgmq::impl::LowerElementwisePassBase<LowerElementwise> {
  using LowerElementwisePassBase::LowerElementwisePassBase;

  void runOnOperation() override {
    FailureOr<Machine> machine =
        Machine::get(getOperation(), vectorBits, threads);
    if (failed(machine))
      return signalPassFailure();
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics())
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    while (!ops.empty()) {
      linalg::LinalgOp op = collapseLoops(ops.pop_back_val(), rewriter);
      auto plan = ElementwiseLoops::plan(op, *machine);
      if (!plan)
        continue;
      if (Value input = findOverwritableInput(op, *plan)) {
        Operation *alloc = op.getDpsInits()[0].getDefiningOp();
        rewriter.replaceOp(alloc, input);
      }
      rewriter.setInsertionPoint(op);
      LoopEmitter emitter(rewriter, op, *plan);
      emitter.emit();
      rewriter.eraseOp(op);
      llvm::append_range(ops, emitter.followUps);
    }
  }
};

} // namespace
