//===- Contraction.cpp - Contractions and their register tiles -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/Contraction.h"

#include "Padding.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::cgmq;

//===----------------------------------------------------------------------===//
// Matching
//===----------------------------------------------------------------------===//

/// Adds factor * expr to `terms`: one factor for each dim, then the constant.
static bool addTerms(AffineExpr expr, int64_t factor,
                     MutableArrayRef<int64_t> terms) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    terms[dim.getPosition()] += factor;
    return true;
  }
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    terms.back() += factor * constant.getValue();
    return true;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Add)
    return addTerms(binary.getLHS(), factor, terms) &&
           addTerms(binary.getRHS(), factor, terms);
  auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return binary.getKind() == AffineExprKind::Mul && constant &&
         addTerms(binary.getLHS(), factor * constant.getValue(), terms);
}

/// True if `value` is `argument`, or a cast of it.
static bool isCastOf(Value value, Value argument) {
  if (value == argument)
    return true;
  Operation *op = value.getDefiningOp();
  return op && isa<arith::ExtFOp, arith::ExtSIOp, arith::ExtUIOp>(op) &&
         op->getOperand(0) == argument;
}

/// True if the body yields out + lhs * rhs.
static bool isMultiplyAccumulate(Block &body) {
  auto yield = cast<linalg::YieldOp>(body.getTerminator());
  Operation *add = yield.getOperand(0).getDefiningOp();
  if (!add || !isa<arith::AddFOp, arith::AddIOp>(add))
    return false;
  unsigned out = add->getOperand(0) == body.getArgument(2) ? 0 : 1;
  if (add->getOperand(out) != body.getArgument(2))
    return false;
  Operation *mul = add->getOperand(1 - out).getDefiningOp();
  if (!mul || !isa<arith::MulFOp, arith::MulIOp>(mul))
    return false;
  for (unsigned first : {0, 1})
    if (isCastOf(mul->getOperand(0), body.getArgument(first)) &&
        isCastOf(mul->getOperand(1), body.getArgument(1 - first)))
      return true;
  return false;
}

FailureOr<Contraction> Contraction::match(linalg::LinalgOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
      op.hasDynamicShape() || op.hasIndexSemantics() ||
      op.getNumReductionLoops() == 0 ||
      !isMultiplyAccumulate(op->getRegion(0).front()))
    return failure();
  Contraction result;
  result.op = op;
  result.extents = op.getStaticLoopRanges();
  result.maps = op.getIndexingMapsArray();
  if (llvm::is_contained(result.extents, 0))
    return failure();
  for (unsigned operand : {Lhs, Rhs, Out}) {
    result.operands[operand] = op->getOperand(operand);
    Type type = op->getOperand(operand).getType();
    auto shaped = dyn_cast<ShapedType>(type);
    if (!shaped || !shaped.getElementType().isIntOrFloat() ||
        shaped.getElementTypeBitWidth() < 8 ||
        !llvm::isPowerOf2_32(shaped.getElementTypeBitWidth()))
      return failure();
    result.bits[operand] = shaped.getElementTypeBitWidth();
  }
  if (failed(result.computeTerms()))
    return failure();
  for (unsigned index = 0; index < result.getRank(Out); ++index)
    result.gather(index);
  return result;
}

LogicalResult Contraction::computeTerms() {
  for (unsigned operand : {Lhs, Rhs, Out}) {
    terms[operand].clear();
    for (AffineExpr expr : maps[operand].getResults()) {
      SmallVector<int64_t> factors(getNumDims() + 1, 0);
      if (!addTerms(expr, 1, factors))
        return failure();
      terms[operand].push_back(factors);
    }
  }
  return success();
}

void Contraction::gather(unsigned index) {
  SmallVector<unsigned> dims;
  for (unsigned dim = 0; dim < getNumDims(); ++dim)
    if (getFactor(Out, index, dim) != 0)
      dims.push_back(dim);
  auto isReduction = [&](unsigned dim) {
    return op.getIteratorTypesArray()[dim] == utils::IteratorType::reduction;
  };
  if (dims.size() != 2 || isReduction(dims[0]) == isReduction(dims[1]))
    return;
  auto [position, offset] = isReduction(dims[1]) ? std::pair(dims[0], dims[1])
                                                 : std::pair(dims[1], dims[0]);
  int64_t size =
      cast<ShapedType>(op->getOperand(Out).getType()).getDimSize(index);
  if (getIndexAlong(Out, position) != index ||
      getIndexAlong(Out, offset) != index || terms[Out][index].back() != 0 ||
      extents[position] + extents[offset] - 1 != size)
    return;
  // position := position - offset everywhere.
  MLIRContext *context = op.getContext();
  AffineExpr difference =
      getAffineDimExpr(position, context) - getAffineDimExpr(offset, context);
  for (AffineMap &map : maps)
    map = simplifyAffineMap(map.replace(getAffineDimExpr(position, context),
                                        difference, map.getNumDims(), 0));
  windows.push_back({position, offset, /*positionFactor=*/1,
                     /*offsetFactor=*/-1, /*constant=*/0, extents[position]});
  extents[position] = size;
  [[maybe_unused]] LogicalResult linear = computeTerms();
  assert(succeeded(linear) && "expects differences of dims to be linear");
}

/// Steps of the reduction inside of windows, below which their bounds cost more
/// than the products with zeros: loops of other bounds cannot be unrolled.
static constexpr int64_t kLeastStepsInside = 8;

FailureOr<Contraction> Contraction::skipPadding() const {
  FailureOr<Contraction> result = failure();
  for (unsigned operand : {Lhs, Rhs}) {
    std::optional<Padding> padding = findPadding(op, operand);
    if (!padding)
      continue;
    Contraction next = succeeded(result) ? *result : *this;
    if (succeeded(next.skipPadding(operand, *padding)))
      result = next;
  }
  if (failed(result))
    return failure();
  int64_t inside = 1;
  for (unsigned dim = 0; dim < getNumDims(); ++dim)
    if (!uses(Out, dim) && !result->getWindowOver(dim))
      inside *= extents[dim];
  if (inside < kLeastStepsInside)
    return failure();
  return result;
}

LogicalResult Contraction::skipPadding(unsigned operand,
                                       const Padding &padding) {
  ArrayRef<int64_t> inside =
      cast<ShapedType>(padding.source.getType()).getShape();
  ArrayRef<int64_t> padded =
      cast<ShapedType>(operands[operand].getType()).getShape();
  SmallVector<AffineExpr> indices(maps[operand].getResults());
  for (unsigned index = 0; index < getRank(operand); ++index) {
    if (inside[index] == padded[index])
      continue;
    SmallVector<unsigned, 2> positions, offsets;
    for (unsigned dim = 0; dim < getNumDims(); ++dim)
      if (getFactor(operand, index, dim) != 0)
        (uses(Out, dim) ? positions : offsets).push_back(dim);
    if (positions.size() != 1 || offsets.size() != 1 ||
        getWindowAt(positions[0]) || getWindowOver(offsets[0]))
      return failure();
    Window window{positions[0],
                  offsets[0],
                  getFactor(operand, index, positions[0]),
                  getFactor(operand, index, offsets[0]),
                  terms[operand][index].back() - padding.low[index],
                  inside[index]};
    // Each position has products; code for those without is not worth it.
    if (window.positionFactor < 0 ||
        !llvm::all_of(llvm::seq(extents[window.position]), [&](int64_t at) {
          return llvm::any_of(
              llvm::seq(extents[window.offset]),
              [&](int64_t offset) { return window.contains(at, offset); });
        }))
      return failure();
    windows.push_back(window);
    indices[index] = indices[index] - padding.low[index];
  }
  operands[operand] = padding.source;
  llvm::append_range(padOps, padding.ops);
  maps[operand] = AffineMap::get(getNumDims(), 0, indices, op.getContext());
  return computeTerms();
}

bool Contraction::isUnsigned(unsigned operand) const {
  Block &body = op->getRegion(0).front();
  return isa<arith::ExtUIOp>(*body.getArgument(operand).getUsers().begin());
}

bool Contraction::multipliesBytes() const {
  auto isInteger = [&](unsigned operand, unsigned width) {
    return getElementTypeOrSelf(op->getOperand(operand)).isInteger(width);
  };
  return isInteger(Lhs, 8) && isInteger(Rhs, 8) && isInteger(Out, 32) &&
         isUnsigned(Lhs) != isUnsigned(Rhs);
}

FailureOr<Contraction> Contraction::splitForDots(unsigned dim,
                                                 unsigned scalar) const {
  unsigned vector = 1 - scalar;
  std::optional<unsigned> scalarIndex = getIndexAlong(scalar, dim);
  std::optional<unsigned> vectorIndex = getIndexAlong(vector, dim);
  if (!multipliesBytes() || uses(Out, dim) || getWindowOver(dim) ||
      !scalarIndex || *scalarIndex + 1 != getRank(scalar) || !vectorIndex ||
      !isa<AffineDimExpr>(maps[vector].getResult(*vectorIndex)))
    return failure();
  Contraction result = *this;
  result.dotScalar = scalar;
  result.bits[vector] = kDotBytes * bits[vector];
  result.extents[dim] = llvm::divideCeil(extents[dim], kDotBytes);
  AffineExpr expr = getAffineDimExpr(dim, op->getContext());
  result.maps[scalar] =
      maps[scalar].replace(expr, expr * kDotBytes, getNumDims(), 0);
  if (failed(result.computeTerms()))
    return failure();
  return result;
}

SmallVector<Contraction, 2> Contraction::findDots() const {
  SmallVector<Contraction, 2> results;
  if (!multipliesBytes())
    return results;
  for (unsigned scalar : {Lhs, Rhs}) {
    unsigned vector = 1 - scalar;
    if (getRank(vector) < 2)
      continue;
    auto innermost = dyn_cast<AffineDimExpr>(maps[vector].getResults().back());
    if (!innermost)
      continue;
    unsigned dim = innermost.getPosition();
    if (extents[dim] != kDotBytes || uses(Out, dim) || getWindowOver(dim) ||
        !getIndexAlong(vector, dim) ||
        getIndexAlong(scalar, dim) != getRank(scalar) - 1)
      continue;
    Contraction &result = results.emplace_back(*this);
    result.dotScalar = scalar;
    result.bits[vector] = kDotBytes * bits[vector];
    result.extents[dim] = 1;
    result.maps[vector] = maps[vector].dropResult(getRank(vector) - 1);
    [[maybe_unused]] LogicalResult linear = result.computeTerms();
    assert(succeeded(linear) && "expects indices that were linear before");
  }
  return results;
}

std::pair<AffineExpr, AffineExpr>
Window::getOffsets(AffineExpr positionExpr) const {
  AffineExpr start = positionExpr * positionFactor + constant;
  if (offsetFactor > 0)
    return {(-start).ceilDiv(offsetFactor),
            (-start + (extent - 1)).floorDiv(offsetFactor) + 1};
  return {(start - (extent - 1)).ceilDiv(-offsetFactor),
          start.floorDiv(-offsetFactor) + 1};
}

double Contraction::getShareInBounds(const Window &window) const {
  int64_t count = 0;
  for (int64_t position : llvm::seq(extents[window.position]))
    count +=
        llvm::count_if(llvm::seq(extents[window.offset]), [&](int64_t offset) {
          return window.contains(position, offset);
        });
  return double(count) /
         double(extents[window.position] * extents[window.offset]);
}

const Window *Contraction::getWindowAt(unsigned position) const {
  for (const Window &window : windows)
    if (window.position == position)
      return &window;
  return nullptr;
}

const Window *Contraction::getWindowOver(unsigned offset) const {
  for (const Window &window : windows)
    if (window.offset == offset)
      return &window;
  return nullptr;
}

bool Contraction::uses(unsigned operand, unsigned dim) const {
  return llvm::any_of(terms[operand],
                      [&](const auto &index) { return index[dim] != 0; });
}

bool Contraction::areAdded(unsigned dim, unsigned other) const {
  return llvm::any_of(
      llvm::concat<const SmallVector<int64_t>>(terms[Lhs], terms[Rhs]),
      [&](const auto &index) { return index[dim] != 0 && index[other] != 0; });
}

std::optional<unsigned> Contraction::getIndexAlong(unsigned operand,
                                                   unsigned dim) const {
  std::optional<unsigned> found;
  for (auto [index, factors] : llvm::enumerate(terms[operand])) {
    if (factors[dim] == 0)
      continue;
    if (found || factors[dim] != 1)
      return std::nullopt;
    found = index;
  }
  return found;
}

bool Contraction::isContiguousAlong(unsigned dim) const {
  return llvm::all_of(ArrayRef<unsigned>{Lhs, Rhs, Out}, [&](unsigned operand) {
    return !uses(operand, dim) ||
           getIndexAlong(operand, dim) == getRank(operand) - 1;
  });
}

bool Contraction::hasDistinctOutputs(ArrayRef<unsigned> dims) const {
  return llvm::all_of(dims, [&](unsigned dim) {
    return llvm::any_of(terms[Out], [&](const auto &index) {
      return index[dim] != 0 && llvm::none_of(dims, [&](unsigned other) {
               return other != dim && index[other] != 0;
             });
    });
  });
}

bool Contraction::hasOutputsOfItsOwn(unsigned dim) const {
  return llvm::any_of(terms[Out], [&](ArrayRef<int64_t> index) {
    return index[dim] != 0 &&
           llvm::count_if(index.drop_back(),
                          [](int64_t factor) { return factor != 0; }) == 1;
  });
}

int64_t Contraction::getNumPoints() const { return llvm::product_of(extents); }

bool Contraction::hasOutputLoopsOnly() const {
  SmallVector<int64_t> numUses(getNumDims(), 0);
  for (ArrayRef<int64_t> index : terms[Out]) {
    // The loops of an index, from the innermost, are digits of it.
    SmallVector<std::pair<int64_t, unsigned>> digits;
    for (unsigned dim = 0; dim < getNumDims(); ++dim)
      if (index[dim] != 0 && ++numUses[dim])
        digits.emplace_back(index[dim], dim);
    llvm::sort(digits);
    int64_t expected = 1;
    for (auto [factor, dim] : digits) {
      if (factor != expected || numUses[dim] > 1)
        return false;
      expected *= extents[dim];
    }
    if (index.back() != 0)
      return false;
  }
  return true;
}
