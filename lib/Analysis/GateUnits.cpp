//===- GateUnits.cpp - Which gate a multiply-accumulate meets ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Analysis/GateUnits.h"

#include "mlir/Analysis/FlatLinearValueConstraints.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/Sequence.h"

#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;

SmallVector<int64_t> cgmq::getSampleShape(Type type) {
  return llvm::map_to_vector(
      cast<ShapedType>(type).getShape(), [](int64_t extent) -> int64_t {
        return ShapedType::isDynamic(extent) ? 1 : extent;
      });
}

static SmallVector<int64_t> getStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t dim = shape.size(); dim-- > 1;)
    strides[dim - 1] = strides[dim] * shape[dim];
  return strides;
}

static int64_t getProduct(ArrayRef<int64_t> extents) {
  return std::accumulate(extents.begin(), extents.end(), int64_t(1),
                         std::multiplies<int64_t>());
}

/// Visits the positions of a nest of loops, the last one fastest.
static void forEachPosition(ArrayRef<int64_t> extents,
                            function_ref<void(ArrayRef<int64_t>)> visit) {
  if (llvm::is_contained(extents, 0))
    return;
  SmallVector<int64_t> position(extents.size(), 0);
  while (true) {
    visit(position);
    size_t dim = extents.size();
    while (dim > 0 && ++position[dim - 1] == extents[dim - 1])
      position[--dim] = 0;
    if (dim == 0)
      return;
  }
}

//===----------------------------------------------------------------------===//
// Accesses
//===----------------------------------------------------------------------===//

FailureOr<std::pair<FactorAccess, FactorAccess>>
cgmq::getFactorAccesses(BopCostOpInterface op, const ContractionSpace &space) {
  auto get = [&](AffineMap map, Value factor) -> FailureOr<FactorAccess> {
    FactorAccess access;
    access.shape = getSampleShape(factor.getType());
    bool isLinear = succeeded(getFlattenedAffineExprs(map, &access.rows)) &&
                    llvm::all_of(access.rows, [&](auto &row) {
                      return row.size() == space.extents.size() + 1;
                    });
    if (!isLinear) {
      op.emitOpError() << "expects indices that are linear in its loops to "
                          "know which gates meet, but got "
                       << AffineMapAttr::get(map);
      return failure();
    }
    access.dependsOn.assign(space.extents.size(), false);
    for (auto &row : access.rows)
      for (auto [dim, depends] : llvm::enumerate(access.dependsOn))
        depends |= row[dim] != 0;
    return access;
  };
  auto [lhs, rhs] = op.getFactors();
  FailureOr<FactorAccess> lhsAccess = get(space.lhs, lhs->get());
  if (failed(lhsAccess))
    return failure();
  FailureOr<FactorAccess> rhsAccess = get(space.rhs, rhs->get());
  if (failed(rhsAccess))
    return failure();
  return std::make_pair(*lhsAccess, *rhsAccess);
}

std::pair<int64_t, int64_t>
FactorAccess::getIndexBounds(unsigned dim, ArrayRef<int64_t> extents) const {
  int64_t least = rows[dim].back(), greatest = least;
  for (auto [loop, extent] : llvm::enumerate(extents)) {
    int64_t reach = rows[dim][loop] * (extent - 1);
    (reach < 0 ? least : greatest) += reach;
  }
  return {least, greatest};
}

int64_t cgmq::getNumRepeats(const ContractionSpace &space,
                            const FactorAccess &lhs, const FactorAccess &rhs) {
  int64_t repeats = 1;
  for (auto [loop, extent] : llvm::enumerate(space.extents))
    if (!lhs.dependsOn[loop] && !rhs.dependsOn[loop])
      repeats *= extent;
  return repeats;
}

SmallVector<std::pair<unsigned, int64_t>>
cgmq::getSlotLoops(const ContractionSpace &space, const FactorAccess &lhs,
                   const FactorAccess &rhs) {
  SmallVector<std::pair<unsigned, int64_t>> loops;
  for (auto [loop, extent] : llvm::enumerate(space.extents))
    if (lhs.dependsOn[loop] && rhs.dependsOn[loop])
      loops.push_back({static_cast<unsigned>(loop), extent});
  return loops;
}

ContractionSpace cgmq::getFirstChannels(ContractionSpace space,
                                        const FactorAccess &input,
                                        const FactorAccess &weight) {
  // Windows move an index of the input by two loops.
  auto isOfWindow = [&](size_t loop) {
    return llvm::any_of(input.rows, [&](ArrayRef<int64_t> row) {
      auto moves = [](int64_t factor) { return factor != 0; };
      return row[loop] != 0 && llvm::count_if(row.drop_back(), moves) > 1;
    });
  };
  for (auto [loop, extent] : llvm::enumerate(space.extents))
    if (weight.dependsOn[loop] && !isOfWindow(loop))
      extent = 1;
  return space;
}

//===----------------------------------------------------------------------===//
// Units
//===----------------------------------------------------------------------===//

LogicalResult cgmq::verifyMovements(Location loc,
                                    ArrayRef<Operation *> movements) {
  for (Operation *op : movements) {
    if (isa<tosa::ReshapeOp, tosa::TransposeOp, tosa::ClampOp,
            tosa::IdentityOp>(op))
      continue;
    auto pad = dyn_cast<tensor::PadOp>(op);
    if (pad && llvm::none_of(pad.getStaticLow(), ShapedType::isDynamic))
      continue;
    InFlightDiagnostic diag = op->emitOpError()
                              << "expects no more than reshapes and transposes "
                                 "between gates finer than a tensor and the "
                                 "contraction, for its cost to be known";
    diag.attachNote(loc) << "the gates are here";
    return diag;
  }
  return success();
}

std::vector<int32_t> cgmq::getUnits(const UnitLayout &layout,
                                    ArrayRef<Operation *> movements) {
  SmallVector<int64_t> shape = layout.shape;
  std::vector<int32_t> units;
  units.reserve(getProduct(shape));
  SmallVector<int64_t> strides = getStrides(layout.unitShape);
  forEachPosition(shape, [&](ArrayRef<int64_t> position) {
    int64_t unit = 0;
    for (auto [extent, stride, index] :
         llvm::zip(layout.unitShape, strides, position)) // None for one unit.
      unit += extent == 1 ? 0 : index * stride;
    units.push_back(static_cast<int32_t>(unit));
  });
  for (Operation *op : movements) {
    SmallVector<int64_t> moved = getSampleShape(op->getResult(0).getType());
    if (auto transpose = dyn_cast<tosa::TransposeOp>(op)) {
      SmallVector<int64_t> from = getStrides(shape);
      std::vector<int32_t> source = std::exchange(units, {});
      units.reserve(source.size());
      forEachPosition(moved, [&](ArrayRef<int64_t> position) {
        int64_t offset = 0;
        for (auto [index, dim] :
             llvm::zip_equal(position, transpose.getPerms()))
          offset += index * from[dim];
        units.push_back(source[offset]);
      });
    }
    if (auto pad = dyn_cast<tensor::PadOp>(op)) {
      // Padding counts as the nearest element.
      SmallVector<int64_t> from = getStrides(shape);
      std::vector<int32_t> source = std::exchange(units, {});
      forEachPosition(moved, [&](ArrayRef<int64_t> position) {
        int64_t offset = 0;
        for (auto [index, low, extent, stride] :
             llvm::zip_equal(position, pad.getStaticLow(), shape, from))
          offset += std::clamp<int64_t>(index - low, 0, extent - 1) * stride;
        units.push_back(source[offset]);
      });
    }
    shape = moved;
  }
  return units;
}

std::vector<UnitUse>
cgmq::collectUses(const ContractionSpace &space, const FactorAccess &access,
                  ArrayRef<std::pair<unsigned, int64_t>> slotLoops,
                  ArrayRef<int32_t> units) {
  SmallVector<int64_t> extents;
  for (auto [extent, depends] :
       llvm::zip_equal(space.extents, access.dependsOn))
    extents.push_back(depends ? extent : 1);
  SmallVector<int64_t> slotExtents = llvm::map_to_vector(
      slotLoops, [](auto &loop) -> int64_t { return loop.second; });
  SmallVector<int64_t> slotStrides = getStrides(slotExtents);
  SmallVector<int64_t> strides = getStrides(access.shape);

  std::vector<UnitUse> uses;
  uses.reserve(getProduct(extents));
  forEachPosition(extents, [&](ArrayRef<int64_t> position) {
    int64_t slot = 0, offset = 0;
    for (auto [loop, stride] : llvm::zip_equal(slotLoops, slotStrides))
      slot += position[loop.first] * stride;
    for (auto [row, extent, stride] :
         llvm::zip_equal(access.rows, access.shape, strides)) {
      int64_t index = row.back();
      for (size_t loop = 0; loop < position.size(); ++loop)
        index += row[loop] * position[loop];
      offset += std::clamp<int64_t>(index, 0, extent - 1) * stride;
    }
    uses.push_back(
        {static_cast<int32_t>(slot), units.empty() ? 0 : units[offset]});
  });
  return uses;
}
