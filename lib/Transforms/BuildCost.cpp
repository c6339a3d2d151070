//===- BuildCost.cpp - The cost as a program of the gates -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Support/Elementwise.h"
#include "cgmq/Transforms/ModelFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_BUILDCOSTPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

using utils::IteratorType;

namespace {

/// Builds the body of the cost function.
class CostBuilder {
public:
  CostBuilder(OpBuilder &builder, Location loc) : b(loc, builder) {}

  FailureOr<Value> build(const CostAnalysis &analysis);

private:
  Type getF64() { return b.getF64Type(); }
  Value getConstant(double value) {
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(RankedTensorType::get({}, getF64()), value));
  }

  /// The cost of a contraction whose gates each govern a whole tensor.
  Value buildUniform(const ContractionCost &contraction);
  /// The cost of one in which units of gates meet.
  FailureOr<Value> buildFine(const ContractionCost &contraction);

  /// T(g) of the gate of a factor that has one, of the gate's shape.
  Value getWidths(const Factor &factor);
  /// The widths of the elements of a factor, as the contraction reads them.
  Value buildElementWidths(const Factor &factor);
  Value reshape(Value tensor, ArrayRef<int64_t> shape);
  Value transpose(Value tensor, ArrayRef<int32_t> permutation);
  /// Repeats the elements at the edges where a factor is read outside.
  Value pad(Value widths, FactorAccess &access, ArrayRef<int64_t> extents);
  /// The sums of a factor's widths in each slot.
  Value buildSlotSums(const Factor &factor, FactorAccess access,
                      const ContractionSpace &space,
                      ArrayRef<std::pair<unsigned, int64_t>> slotLoops);
  /// Sums `inputs` over the loops that the result does not depend on.
  Value buildSum(ValueRange inputs, ArrayRef<AffineMap> maps,
                 ArrayRef<int64_t> resultShape);

  ImplicitLocOpBuilder b;
  /// A gate may bound more than one factor; the widths it can select are those
  /// of the quantizer, so both make the key.
  DenseMap<std::pair<Operation *, Attribute>, Value> widths;
};

} // namespace

Value CostBuilder::getWidths(const Factor &factor) {
  QuantizeOp quantize = factor.quantize;
  auto allowed = b.getDenseI64ArrayAttr(quantize.getGatedType().getWidths());
  RankedTensorType type = quantize.getGate().getType();
  Value &width = widths[{factor.gate, allowed}];
  if (!width) {
    Value gate = ml_program::GlobalLoadOp::create(
        b, type, FlatSymbolRefAttr::get(factor.gate));
    width = BitWidthOp::create(b, type.clone(getF64()), gate, allowed);
  }
  return width;
}

Value CostBuilder::buildUniform(const ContractionCost &contraction) {
  double coefficient = contraction.scale;
  SmallVector<Value, 2> gated;
  for (const Factor *factor : {&contraction.lhs, &contraction.rhs}) {
    if (!factor->gate) {
      coefficient *= factor->widths.front();
      continue;
    }
    Value width = getWidths(*factor);
    // A gate of one unit may have extents, all of them one.
    gated.push_back(reshape(width, {}));
  }
  Value cost = getConstant(coefficient);
  for (Value width : gated)
    cost = arith::MulFOp::create(b, cost, width);
  return cost;
}

Value CostBuilder::reshape(Value tensor, ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.getShape() == shape)
    return tensor;
  auto getGroup = [](size_t rank) {
    return llvm::to_vector_of<int64_t>(llvm::seq<size_t>(0, rank));
  };
  using Groups = SmallVector<ReassociationIndices>;
  auto getGroups = [&](size_t rank, size_t otherRank) {
    if (rank == 0 || otherRank == 0)
      return Groups();
    return Groups{ReassociationIndices(getGroup(rank))};
  };
  // By way of a vector, or of a scalar where one of the two is one.
  SmallVector<int64_t> flat;
  if (type.getRank() != 0 && !shape.empty())
    flat.push_back(type.getNumElements());
  if (type.getShape() != ArrayRef(flat))
    tensor = tensor::CollapseShapeOp::create(
        b, type.clone(flat), tensor, getGroups(type.getRank(), flat.size()));
  if (shape == ArrayRef(flat))
    return tensor;
  return tensor::ExpandShapeOp::create(b, type.clone(shape), tensor,
                                       getGroups(shape.size(), flat.size()));
}

Value CostBuilder::buildSum(ValueRange inputs, ArrayRef<AffineMap> maps,
                            ArrayRef<int64_t> resultShape) {
  AffineMap result = maps.back();
  SmallVector<IteratorType> iterators;
  for (unsigned loop = 0; loop < result.getNumDims(); ++loop)
    iterators.push_back(result.isFunctionOfDim(loop) ? IteratorType::parallel
                                                     : IteratorType::reduction);
  Value zero = arith::ConstantOp::create(b, b.getF64FloatAttr(0.0));
  Value empty = tensor::EmptyOp::create(b, resultShape, getF64());
  Value init = linalg::FillOp::create(b, zero, empty).getResult(0);
  auto generic = linalg::GenericOp::create(
      b, init.getType(), inputs, init, maps, iterators,
      [](OpBuilder &nested, Location loc, ValueRange args) {
        // Whole numbers below 2^53, exact in any order.
        auto multiply = [&](Value a, Value b) -> Value {
          return arith::MulFOp::create(nested, loc, a, b);
        };
        Value term = args.front();
        for (Value factor : args.drop_front().drop_back())
          if (factor.getType().isF64()) // Not a tensor that is but a shape.
            term = multiply(term, factor);
        linalg::YieldOp::create(
            nested, loc,
            arith::AddFOp::create(nested, loc, args.back(), term,
                                  arith::FastMathFlags::reassoc)
                .getResult());
      });
  return generic.getResult(0);
}

Value CostBuilder::transpose(Value tensor, ArrayRef<int32_t> permutation) {
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<int64_t> shape, order(permutation.begin(), permutation.end());
  for (int64_t dim : order)
    shape.push_back(type.getDimSize(dim));
  Value empty = tensor::EmptyOp::create(b, shape, getF64());
  return linalg::TransposeOp::create(b, tensor, empty, order)->getResult(0);
}

Value CostBuilder::buildElementWidths(const Factor &factor) {
  if (!factor.gate) {
    // Pinned, or frozen.
    auto values = llvm::map_to_vector(
        getUnits(factor.layout, factor.movements),
        [&](int32_t unit) { return double(factor.widths[unit]); });
    SmallVector<int64_t> shape = factor.layout.shape;
    if (!factor.movements.empty())
      shape = getSampleShape(factor.movements.back()->getResult(0).getType());
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(RankedTensorType::get(shape, getF64()),
                                  ArrayRef(values)));
  }
  Value tensor = getWidths(factor);
  const SmallVector<int64_t> &shape = factor.layout.shape;
  if (cast<RankedTensorType>(tensor.getType()).getShape() != ArrayRef(shape)) {
    Value empty = tensor::EmptyOp::create(b, shape, getF64());
    tensor = buildElementwise(
        b, b.getLoc(), {empty, tensor}, getF64(),
        [](OpBuilder &, Location, ValueRange args) { return args[1]; });
  }
  for (Operation *op : factor.movements) {
    if (auto transposeOp = dyn_cast<tosa::TransposeOp>(op))
      tensor = transpose(tensor, transposeOp.getPerms());
    else
      tensor = reshape(tensor, getSampleShape(op->getResult(0).getType()));
  }
  return tensor;
}

Value CostBuilder::pad(Value widths, FactorAccess &access,
                       ArrayRef<int64_t> extents) {
  SmallVector<int64_t> low, shape;
  for (auto [dim, extent] : llvm::enumerate(access.shape)) {
    auto [least, greatest] = access.getIndexBounds(dim, extents);
    low.push_back(std::max<int64_t>(0, -least));
    shape.push_back(low.back() + std::max(extent, greatest + 1));
    access.rows[dim].back() += low.back();
  }
  if (ArrayRef(shape) == ArrayRef(access.shape))
    return widths;
  Value empty = tensor::EmptyOp::create(b, shape, getF64());
  auto generic = linalg::GenericOp::create(
      b, empty.getType(), ValueRange(), empty,
      b.getMultiDimIdentityMap(shape.size()),
      SmallVector<IteratorType>(shape.size(), IteratorType::parallel),
      [&](OpBuilder &nested, Location loc, ValueRange) {
        auto constant = [&](int64_t value) -> Value {
          return arith::ConstantIndexOp::create(nested, loc, value);
        };
        SmallVector<Value> indices;
        for (auto [dim, extent] : llvm::enumerate(access.shape)) {
          Value index = linalg::IndexOp::create(nested, loc, dim);
          index = arith::SubIOp::create(nested, loc, index, constant(low[dim]));
          index = arith::MaxSIOp::create(nested, loc, index, constant(0));
          indices.push_back(
              arith::MinSIOp::create(nested, loc, index, constant(extent - 1)));
        }
        Value width = tensor::ExtractOp::create(nested, loc, widths, indices);
        linalg::YieldOp::create(nested, loc, width);
      });
  access.shape = shape;
  return generic.getResult(0);
}

Value CostBuilder::buildSlotSums(
    const Factor &factor, FactorAccess access, const ContractionSpace &space,
    ArrayRef<std::pair<unsigned, int64_t>> slotLoops) {
  // The loops that this factor depends on, renumbered.
  SmallVector<int64_t> extents;
  SmallVector<AffineExpr> loops(space.extents.size());
  for (auto [loop, extent] : llvm::enumerate(space.extents)) {
    if (!access.dependsOn[loop])
      continue;
    loops[loop] = b.getAffineDimExpr(extents.size());
    extents.push_back(extent);
  }
  SmallVector<AffineExpr> slots;
  SmallVector<int64_t> slotShape;
  for (auto [loop, extent] : slotLoops) {
    slots.push_back(loops[loop]);
    slotShape.push_back(extent);
  }
  auto getMap = [&](ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(extents.size(), 0, exprs, b.getContext());
  };

  if (!factor.hasUnits()) {
    // One width, as often as the loops run that are summed.
    double times = 1.0;
    for (auto [loop, extent] : llvm::enumerate(space.extents))
      if (access.dependsOn[loop])
        times *= static_cast<double>(extent);
    for (int64_t extent : slotShape)
      times /= static_cast<double>(extent);
    Value width = factor.gate ? reshape(getWidths(factor), {})
                              : getConstant(factor.widths.front());
    Value sum = arith::MulFOp::create(b, width, getConstant(times));
    Value empty = tensor::EmptyOp::create(b, slotShape, getF64());
    return buildElementwise(
        b, b.getLoc(), {empty, sum}, getF64(),
        [](OpBuilder &, Location, ValueRange args) { return args[1]; });
  }

  Value widths = pad(buildElementWidths(factor), access, space.extents);
  SmallVector<AffineExpr> indices;
  for (auto &row : access.rows) {
    AffineExpr index = b.getAffineConstantExpr(row.back());
    for (auto [loop, expr] : llvm::enumerate(loops))
      if (expr)
        index = index + expr * row[loop];
    indices.push_back(index);
  }
  SmallVector<Value> inputs{widths};
  SmallVector<AffineMap> maps{getMap(indices)};
  if (!maps.front().isProjectedPermutation()) {
    // A window does not tell the extents of its loops; this does.
    inputs.push_back(tensor::EmptyOp::create(b, extents, b.getI1Type()));
    maps.push_back(b.getMultiDimIdentityMap(extents.size()));
  }
  maps.push_back(getMap(slots));
  return buildSum(inputs, maps, slotShape);
}

FailureOr<Value> CostBuilder::buildFine(const ContractionCost &contraction) {
  auto op = cast<BopCostOpInterface>(contraction.op);
  ContractionSpace space = op.getSpace();
  auto accesses = getFactorAccesses(op, space);
  if (failed(accesses))
    return failure();
  auto &[lhs, rhs] = *accesses;
  auto slotLoops = getSlotLoops(space, lhs, rhs);
  Value lhsSums = buildSlotSums(contraction.lhs, lhs, space, slotLoops);
  Value rhsSums = buildSlotSums(contraction.rhs, rhs, space, slotLoops);
  AffineMap slot = b.getMultiDimIdentityMap(slotLoops.size());
  Value sum = buildSum(
      {lhsSums, rhsSums},
      {slot, slot, AffineMap::get(slotLoops.size(), 0, b.getContext())}, {});
  if (contraction.scale == 1.0)
    return sum;
  return arith::MulFOp::create(b, getConstant(contraction.scale), sum)
      .getResult();
}

FailureOr<Value> CostBuilder::build(const CostAnalysis &analysis) {
  Value total;
  for (const ContractionCost &contraction : analysis.getContractions()) {
    bool isFine = contraction.lhs.hasUnits() || contraction.rhs.hasUnits();
    FailureOr<Value> cost =
        isFine ? buildFine(contraction) : buildUniform(contraction);
    if (failed(cost))
      return failure();
    total = total ? arith::AddFOp::create(b, total, *cost).getResult() : *cost;
  }
  return total;
}

namespace {
struct BuildCost : cgmq::impl::BuildCostPassBase<BuildCost> {
  using BuildCostPassBase::BuildCostPassBase;

  void runOnOperation() override {
    FailureOr<func::FuncOp> model = getModelFunction(getOperation(), function);
    if (failed(model))
      return signalPassFailure();
    std::string name = (model->getSymName() + "_cost").str();
    if (Operation *other = getOperation().lookupSymbol(name)) {
      emitError(other->getLoc()) << "expects the name '" << name
                                 << "' to be free for the cost function";
      return signalPassFailure();
    }
    FailureOr<CostAnalysis> analysis = CostAnalysis::create(*model);
    if (failed(analysis))
      return signalPassFailure();
    Location loc = model->getLoc();
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    builder.setInsertionPointAfter(*model);
    auto scalar = RankedTensorType::get({}, builder.getF64Type());
    auto cost = func::FuncOp::create(builder, loc, name,
                                     builder.getFunctionType({}, scalar));
    builder.setInsertionPointToStart(cost.addEntryBlock());
    FailureOr<Value> total = CostBuilder(builder, loc).build(*analysis);
    if (failed(total))
      return signalPassFailure();
    func::ReturnOp::create(builder, loc, *total);
  }
};
} // namespace
