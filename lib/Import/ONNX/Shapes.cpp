//===- Shapes.cpp - Shapes that nodes ask for -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Shapes.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

#include <limits>
#include <numeric>

using namespace mlir;
using namespace mlir::cgmq;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

/// The product of the extents that are known.
static int64_t multiplyKnown(ArrayRef<int64_t> extents) {
  int64_t product = 1;
  for (int64_t extent : extents)
    if (!ShapedType::isDynamic(extent) && extent != -1)
      product *= extent;
  return product;
}

FailureOr<SmallVector<int64_t>> cgmq::getReshaped(Node &node) {
  ArrayRef<int64_t> from = node.getShape(0);
  FailureOr<SmallVector<int64_t>> shape = node.getIntegers(1, "shape");
  if (failed(shape))
    return failure();
  auto fail = [&] {
    return node.emitError()
           << "expects a shape for the elements of " << node.getType(0)
           << ", but got [" << *shape << "]";
  };
  SmallVector<int64_t> to = *shape;
  bool allowZero = node.getInt("allowzero", 0);
  int64_t *inferred = nullptr;
  for (auto [i, extent] : llvm::enumerate(to)) {
    if (extent == 0 && !allowZero) {
      if (i >= from.size())
        return fail();
      extent = from[i];
    } else if (extent == -1) {
      if (inferred)
        return fail();
      inferred = &extent;
    } else if (extent < 1 && extent != kDynamic) {
      return fail();
    }
  }
  bool isOpen = ShapedType::isDynamicShape(from);
  bool names = llvm::is_contained(to, kDynamic);
  int64_t product = multiplyKnown(from), rest = multiplyKnown(to);
  if (inferred) {
    // What the shape names is the batch that the operand has.
    if (isOpen && !names) {
      *inferred = kDynamic;
    } else if (product % rest) {
      return fail();
    } else {
      *inferred = product / rest;
    }
  } else if (isOpen && !names) {
    return fail();
  } else if (product != rest && (!isOpen || product % rest)) {
    return fail();
  }
  return to;
}

FailureOr<SmallVector<int64_t>> cgmq::getSqueezed(Node &node) {
  ArrayRef<int64_t> from = node.getShape(0);
  FailureOr<SmallVector<int64_t>> given = node.getIntegers(1, "axes");
  if (failed(given))
    return failure();
  auto axes = node.getAxes(*given, static_cast<int64_t>(from.size()));
  if (failed(axes))
    return failure();
  bool all = axes->empty() && !node.hasOperand(1) && !node.hasAttribute("axes");
  SmallVector<int64_t> to;
  for (auto [i, extent] : llvm::enumerate(from)) {
    bool isNamed = llvm::is_contained(*axes, i);
    if (isNamed && extent != 1)
      return node.emitError() << "expects to remove dimensions of one element, "
                                 "but got axis "
                              << i << " of " << node.getType(0);
    if (!isNamed && !(all && extent == 1))
      to.push_back(extent);
  }
  return to;
}

FailureOr<SmallVector<int64_t>> cgmq::getUnsqueezed(Node &node) {
  FailureOr<SmallVector<int64_t>> given = node.getIntegers(1, "axes");
  if (failed(given))
    return failure();
  int64_t rank = node.getRank(0) + static_cast<int64_t>(given->size());
  FailureOr<SmallVector<int64_t>> axes = node.getAxes(*given, rank);
  if (failed(axes))
    return failure();
  SmallVector<int64_t> to;
  ArrayRef<int64_t> from = node.getShape(0);
  for (int64_t i : llvm::seq(rank)) {
    if (llvm::is_contained(*axes, i)) {
      to.push_back(1);
      continue;
    }
    to.push_back(from.front());
    from = from.drop_front();
  }
  return to;
}

FailureOr<SmallVector<SliceRange>> cgmq::getSlices(Node &node) {
  ArrayRef<int64_t> shape = node.getShape(0);
  auto starts = node.getIntegers(1, "starts");
  auto ends = node.getIntegers(2, "ends");
  if (failed(starts) || failed(ends))
    return failure();
  SmallVector<int64_t> order =
      llvm::to_vector(llvm::seq<int64_t>(0, starts->size()));
  SmallVector<int64_t> ones(starts->size(), 1);
  auto given = node.getIntegers(3, "axes", order);
  auto steps = node.getIntegers(4, "steps", ones);
  if (failed(given) || failed(steps))
    return failure();
  auto axes = node.getAxes(*given, static_cast<int64_t>(shape.size()));
  if (failed(axes))
    return failure();
  if (ends->size() != starts->size() || axes->size() != starts->size() ||
      steps->size() != starts->size())
    return node.emitError() << "expects as many starts as ends, axes and steps";
  SmallVector<SliceRange> result;
  for (size_t i = 0; i < starts->size(); ++i) {
    int64_t extent = shape[(*axes)[i]], step = (*steps)[i];
    int64_t start = (*starts)[i], end = (*ends)[i];
    if (step == 0)
      return node.emitError() << "expects steps other than zero";
    if (ShapedType::isDynamic(extent)) {
      if (start == 0 && step == 1 && end >= std::numeric_limits<int32_t>::max())
        continue;
      return node.emitError() << "expects to slice extents that are known, but "
                                 "got axis "
                              << (*axes)[i] << " of " << node.getType(0);
    }
    auto clamp = [&](int64_t position, int64_t least, int64_t greatest) {
      if (position < 0)
        position = position < -extent ? -extent - 1 : position;
      position = position < 0 ? position + extent : position;
      return std::clamp(position, least, greatest);
    };
    start = step > 0 ? clamp(start, 0, extent) : clamp(start, 0, extent - 1);
    end = step > 0 ? clamp(end, 0, extent) : clamp(end, -1, extent - 1);
    int64_t distance = step > 0 ? end - start : start - end;
    int64_t size =
        distance <= 0 ? 0 : llvm::divideCeil(distance, std::abs(step));
    result.push_back({(*axes)[i], start, step, size});
  }
  return result;
}

FailureOr<std::pair<int64_t, SmallVector<int64_t>>> cgmq::getSplit(Node &node) {
  FailureOr<int64_t> axis =
      node.getAxis(node.getInt("axis", 0), node.getRank(0));
  if (failed(axis))
    return failure();
  int64_t extent = node.getShape(0)[*axis];
  if (ShapedType::isDynamic(extent))
    return node.emitError() << "expects to split an extent that is known, but "
                               "got axis "
                            << *axis << " of " << node.getType(0);
  FailureOr<SmallVector<int64_t>> sizes = node.getIntegers(1, "split");
  if (failed(sizes))
    return failure();
  int64_t numParts = node.getNumResults();
  if (sizes->empty()) {
    int64_t size = llvm::divideCeil(extent, numParts);
    for (int64_t rest = extent; rest > 0; rest -= size)
      sizes->push_back(std::min(size, rest));
  }
  if (static_cast<int64_t>(sizes->size()) != numParts ||
      std::accumulate(sizes->begin(), sizes->end(), int64_t(0)) != extent ||
      llvm::any_of(*sizes, [](int64_t size) { return size < 1; }))
    return node.emitError() << "expects " << numParts
                            << " parts of at least one element that make up "
                            << extent << ", but got [" << *sizes << "]";
  return std::make_pair(*axis, *sizes);
}
