//===- RowDots.cpp - Dots of bytes of several rows -------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowDots.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <map>

using namespace mlir;
using namespace mlir::cgmq;

/// Bytes of the lanes that shuffles of wider vectors consist of.
static constexpr int64_t kLaneBytes = 16;

/// Sums of that many positions are in registers, beside the bytes of a column.
static constexpr int64_t kMostRows = 4;

/// The factor that depends on nothing but `vectorDim` and reductions.
static std::optional<unsigned> findKernel(const Contraction &contraction,
                                          unsigned vectorDim) {
  for (unsigned operand : {Contraction::Lhs, Contraction::Rhs}) {
    bool isKernel = true;
    for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
      isKernel &= dim == vectorDim ||
                  !contraction.uses(Contraction::Out, dim) ||
                  !contraction.uses(operand, dim);
    if (isKernel)
      return operand;
  }
  return std::nullopt;
}

FailureOr<RegisterTile> cgmq::chooseRowDots(const Contraction &contraction,
                                            const Machine &machine) {
  if (!machine.vnni || !contraction.multipliesBytes() ||
      contraction.dotScalar || !contraction.windows.empty())
    return failure();
  std::optional<unsigned> channels, position, dots;
  for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim) {
    bool isShared = contraction.uses(Contraction::Lhs, dim) &&
                    contraction.uses(Contraction::Rhs, dim);
    if (contraction.extents[dim] == 1)
      continue;
    if (!contraction.uses(Contraction::Out, dim)) {
      if (!isShared)
        return failure();
      // The most rows fill groups best.
      if (!dots || contraction.extents[dim] > contraction.extents[*dots])
        dots = dim;
    } else if (isShared && contraction.isContiguousAlong(dim)) {
      channels = dim;
    } else {
      position = dim;
    }
  }
  RegisterTile tile;
  tile.lanes = machine.vectorBits / contraction.bits[Contraction::Out];
  if (!channels || !dots || tile.lanes * kDotBytes < kLaneBytes ||
      !findKernel(contraction, *channels))
    return failure();
  tile.vectorDim = *channels;
  tile.vectors = kDotBytes;
  tile.rowDots = dots;
  if (position && contraction.hasDistinctOutputs({*position, *channels}))
    tile.rows = {
        {*position, std::min(contraction.extents[*position], kMostRows)}};
  return tile;
}

RowDots::RowDots(VectorAccess &access, const Contraction &contraction,
                 const RegisterTile &tile)
    : access(access),
      bytes(access.builder, access.loc, access.lanes * kDotBytes),
      contraction(contraction), tile(tile),
      kernel(*findKernel(contraction, tile.vectorDim)) {}

SmallVector<RowDots::Offsets> RowDots::getGroups() const {
  SmallVector<Offsets> groups = {Offsets(contraction.getNumDims(), 0)};
  for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim) {
    if (contraction.uses(Contraction::Out, dim))
      continue;
    int64_t step = dim == tile.rowDots ? kDotBytes : 1;
    SmallVector<Offsets> previous = std::move(groups);
    groups.clear();
    for (Offsets &offsets : previous)
      for (int64_t at = 0; at < contraction.extents[dim]; at += step) {
        offsets[dim] = at;
        groups.push_back(offsets);
      }
  }
  return groups;
}

Value RowDots::shuffleLanes(Value a, Value b,
                            function_ref<int64_t(int64_t byte)> getSource) {
  SmallVector<int64_t> mask;
  for (int64_t lane = 0; lane < bytes.lanes; lane += kLaneBytes)
    for (int64_t byte = 0; byte < kLaneBytes; ++byte) {
      int64_t source = getSource(byte);
      mask.push_back(lane + (source < kLaneBytes
                                 ? source
                                 : bytes.lanes + source - kLaneBytes));
    }
  return vector::ShuffleOp::create(bytes.builder, bytes.loc, a, b, mask);
}

RowDots::Groups RowDots::interleave(unsigned operand, ArrayRef<Value> begin,
                                    const Offsets &offsets, int64_t used) {
  // Shuffles of pairs work on lanes of four vectors' channels; so each of those
  // lanes gets groups of channels of each of the four.
  int64_t numLanes = bytes.lanes / kLaneBytes;
  SmallVector<int64_t> spread;
  for (int64_t byte = 0; byte < bytes.lanes; ++byte) {
    int64_t group = byte / kDotBytes, lane = group / kDotBytes;
    int64_t vector = group % kDotBytes;
    spread.push_back((numLanes * vector + lane) * kDotBytes + byte % kDotBytes);
  }
  SmallVector<Value> rows;
  int64_t numRows = std::min(
      contraction.extents[*tile.rowDots] - offsets[*tile.rowDots], kDotBytes);
  for (int64_t row = 0; row < numRows; ++row) {
    Offsets at = offsets;
    at[*tile.rowDots] += row;
    Value loaded = bytes.load(
        contraction.operands[operand],
        bytes.getIndices(contraction.maps[operand], begin, at), used);
    rows.push_back(vector::ShuffleOp::create(bytes.builder, bytes.loc, loaded,
                                             loaded, spread));
  }
  Value missing = rows.back();
  if (operand == kernel) {
    VectorType type = bytes.getVectorType(bytes.builder.getI8Type());
    missing = arith::ConstantOp::create(bytes.builder, bytes.loc, type,
                                        bytes.builder.getZeroAttr(type));
  }
  rows.resize(kDotBytes, missing);

  // Pairs of bytes of two vectors, then of such pairs; the lower or the upper
  // half of what there is.
  auto pair = [&](Value a, Value b, int64_t size, bool upper) {
    return shuffleLanes(a, b, [&](int64_t byte) {
      int64_t element = byte / size;
      return (element % 2) * kLaneBytes + (upper ? kLaneBytes / 2 : 0) +
             element / 2 * size + byte % size;
    });
  };
  Groups groups;
  for (bool upper : {false, true}) {
    Value first = pair(rows[0], rows[1], 1, upper);
    Value second = pair(rows[2], rows[3], 1, upper);
    groups[2 * upper] = pair(first, second, 2, false);
    groups[2 * upper + 1] = pair(first, second, 2, true);
  }
  return groups;
}

void RowDots::interleaveKernel(ArrayRef<Value> begin, int64_t used) {
  kernelGroups.clear();
  for (const Offsets &group : getGroups())
    kernelGroups.push_back(interleave(kernel, begin, group, used));
}

SmallVector<Value> RowDots::emit(ArrayRef<Value> sums, ArrayRef<Value> begin,
                                 ArrayRef<SmallVector<int64_t>> rows,
                                 int64_t used) {
  // The places in the other factor that the tile reads, in order, and what is
  // multiplied with them.
  struct Use {
    size_t row, group;
  };
  unsigned factor = 1 - kernel;
  std::map<SmallVector<int64_t>, std::pair<Offsets, SmallVector<Use>>> places;
  for (auto [group, groupOffsets] : llvm::enumerate(getGroups()))
    for (auto [row, rowOffsets] : llvm::enumerate(rows)) {
      Offsets offsets = rowOffsets;
      for (auto [offset, more] : llvm::zip_equal(offsets, groupOffsets))
        offset += more;
      SmallVector<int64_t> place;
      for (unsigned index = 0; index < contraction.getRank(factor); ++index) {
        place.push_back(0);
        for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
          place.back() +=
              contraction.getFactor(factor, index, dim) * offsets[dim];
      }
      auto &[at, uses] = places[place];
      at = offsets;
      uses.push_back({row, group});
    }
  SmallVector<Value> results(sums);
  size_t numVectors = sums.size() / rows.size();
  for (auto &[place, entry] : places) {
    auto &[offsets, uses] = entry;
    Groups groups = interleave(factor, begin, offsets, used);
    for (const Use &use : uses)
      for (size_t vector = 0; vector < numVectors; ++vector) {
        Value &sum = results[use.row * numVectors + vector];
        Value factors[2];
        factors[kernel] = kernelGroups[use.group][vector];
        factors[factor] = groups[vector];
        bool isLhsUnsigned = contraction.isUnsigned(Contraction::Lhs);
        sum = access.createDots(factors[isLhsUnsigned ? 0 : 1],
                                factors[isLhsUnsigned ? 1 : 0], sum);
      }
  }
  return results;
}
