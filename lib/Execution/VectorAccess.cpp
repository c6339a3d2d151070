//===- VectorAccess.cpp - Vectors in buffers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorAccess.h"
#include "cgmq/Execution/Machine.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Merges the last two dims.
static SmallVector<ReassociationIndices> getGroupReassociation(int64_t rank) {
  SmallVector<ReassociationIndices> dims;
  for (int64_t dim = 0; dim + 1 < rank; ++dim)
    dims.push_back({dim});
  dims.back().push_back(rank - 1);
  return dims;
}

bool cgmq::hasVectorLayout(Value buffer) {
  auto type = dyn_cast<MemRefType>(buffer.getType());
  // Elements of i1, i4 or i48 lie closer in a vector than in memory.
  return type && type.getElementType().isIntOrFloat() &&
         type.getElementTypeBitWidth() >= 8 &&
         llvm::isPowerOf2_32(type.getElementTypeBitWidth()) &&
         (type.getRank() == 0 || type.isLastDimUnitStride());
}

bool cgmq::hasGroupLayout(Value buffer) {
  auto type = dyn_cast<MemRefType>(buffer.getType());
  return type && type.getElementType().isInteger(8) && type.getRank() >= 2 &&
         type.getShape().back() == kDotBytes && hasVectorLayout(buffer) &&
         memref::CollapseShapeOp::isGuaranteedCollapsible(
             type, getGroupReassociation(type.getRank()));
}

bool cgmq::canAccess(const Contraction &contraction) {
  return llvm::all_of(contraction.operands, hasVectorLayout) &&
         (!contraction.dotScalar ||
          hasGroupLayout(contraction.operands[contraction.getDotVector()]));
}

AffineMap cgmq::getByteIndices(AffineMap map) {
  unsigned last = map.getNumResults() - 1;
  AffineExpr expr = map.getResult(last) * kDotBytes;
  return map.dropResult(last).insertResult(expr, last);
}

Value VectorAccess::getConstant(int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

scf::ForOp VectorAccess::createLoop(int64_t from, int64_t to, int64_t step,
                                    ValueRange iterArgs) {
  return scf::ForOp::create(builder, loc, getConstant(from), getConstant(to),
                            getConstant(step), iterArgs);
}

double cgmq::getLongestShare(int64_t extent, int64_t step, int64_t threads) {
  int64_t longest = llvm::divideCeil(extent / step, threads) * step;
  return double(longest + extent % step) / double(extent);
}

void VectorAccess::createParts(
    int64_t to, int64_t step, int64_t parts,
    function_ref<void(Value index, Value from, Value to)> emitPart) {
  int64_t steps = to / step;
  if (parts == 1) {
    emitPart(getConstant(0), getConstant(0), getConstant(to));
    return;
  }
  auto loop = scf::ParallelOp::create(builder, loc, getConstant(0),
                                      getConstant(parts), getConstant(1));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(loop.getBody()->getTerminator());
  Value index = loop.getInductionVars()[0];
  AffineExpr part = builder.getAffineDimExpr(0);
  auto getBegin = [&](AffineExpr part) -> Value {
    AffineMap map = AffineMap::get(1, 0, (part * steps).floorDiv(parts) * step);
    return affine::AffineApplyOp::create(builder, loc, map, index);
  };
  emitPart(index, getBegin(part), getBegin(part + 1));
}

SmallVector<Value> VectorAccess::getIndices(AffineMap map,
                                            ArrayRef<Value> begin,
                                            ArrayRef<int64_t> offsets) {
  SmallVector<OpFoldResult> operands(begin.begin(), begin.end());
  SmallVector<AffineExpr> points;
  for (auto [dim, offset] : llvm::enumerate(offsets))
    points.push_back(builder.getAffineDimExpr(dim) + offset);
  AffineMap shifted =
      map.replaceDimsAndSymbols(points, {}, map.getNumDims(), 0);
  SmallVector<Value> indices;
  for (unsigned result = 0; result < map.getNumResults(); ++result)
    indices.push_back(getValueOrCreateConstantIndexOp(
        builder, loc,
        affine::makeComposedFoldedAffineApply(
            builder, loc, shifted.getSubMap({result}), operands)));
  return indices;
}

Value VectorAccess::createMask(int64_t used) {
  if (used == lanes)
    return {};
  SmallVector<bool> bits(lanes, false);
  std::fill_n(bits.begin(), used, true);
  VectorType type = getVectorType(builder.getI1Type());
  return arith::ConstantOp::create(builder, loc, type,
                                   DenseElementsAttr::get(type, bits));
}

Value VectorAccess::load(Value buffer, ValueRange indices, int64_t used) {
  VectorType type =
      getVectorType(cast<MemRefType>(buffer.getType()).getElementType());
  Value mask = createMask(used);
  if (!mask)
    return vector::LoadOp::create(builder, loc, type, buffer, indices);
  Value zeros =
      arith::ConstantOp::create(builder, loc, type, builder.getZeroAttr(type));
  return vector::MaskedLoadOp::create(builder, loc, type, buffer, indices, mask,
                                      zeros);
}

void VectorAccess::store(Value value, Value buffer, ValueRange indices,
                         int64_t used) {
  Value mask = createMask(used);
  if (!mask) {
    vector::StoreOp::create(builder, loc, value, buffer, indices);
    return;
  }
  // LLVM 22 writes unused lanes too where such a vector is narrower than a
  // register and comes of a truncation (AVX-512), and where one lane is used,
  // as many bytes as it had before the truncation.
  constexpr int64_t kNarrowestRegister = 128;
  Type element = getElementTypeOrSelf(value.getType());
  if (used > 1 &&
      lanes * element.getIntOrFloatBitWidth() >= kNarrowestRegister) {
    vector::MaskedStoreOp::create(builder, loc, buffer, indices, mask, value);
    return;
  }
  SmallVector<Value> at(indices);
  for (int64_t lane = 0; lane < used; ++lane) {
    Value scalar = vector::ExtractOp::create(builder, loc, value, lane);
    if (lane)
      at.back() = arith::AddIOp::create(builder, loc, indices.back(),
                                        getConstant(lane));
    memref::StoreOp::create(builder, loc, scalar, buffer, at);
  }
}

Value VectorAccess::loadScalar(Value buffer, ValueRange indices) {
  return memref::LoadOp::create(builder, loc, buffer, indices);
}

Value VectorAccess::collapseGroups(Value buffer) {
  int64_t rank = cast<MemRefType>(buffer.getType()).getRank();
  return memref::CollapseShapeOp::create(builder, loc, buffer,
                                         getGroupReassociation(rank));
}

Value VectorAccess::loadGroups(Value buffer, ValueRange indices, int64_t used) {
  VectorAccess bytes(builder, loc, lanes * kDotBytes);
  return bytes.load(buffer, indices, used * kDotBytes);
}

void VectorAccess::storeGroups(Value value, Value buffer, ValueRange indices,
                               int64_t used) {
  VectorAccess bytes(builder, loc, lanes * kDotBytes);
  bytes.store(value, buffer, indices, used * kDotBytes);
}

Value VectorAccess::broadcastGroup(Value buffer, ValueRange indices) {
  Type byte = builder.getI8Type(), word = builder.getI32Type();
  Value group = vector::LoadOp::create(
      builder, loc, VectorType::get({kDotBytes}, byte), buffer, indices);
  group = vector::BitCastOp::create(builder, loc, VectorType::get({1}, word),
                                    group);
  Value words =
      vector::BroadcastOp::create(builder, loc, getVectorType(word), group);
  return vector::BitCastOp::create(
      builder, loc, VectorType::get({lanes * kDotBytes}, byte), words);
}

Value VectorAccess::broadcast(Value scalar) {
  return vector::BroadcastOp::create(builder, loc,
                                     getVectorType(scalar.getType()), scalar);
}

Value VectorAccess::createDots(Value lhs, Value rhs, Value sum) {
  auto bytes = VectorType::get({lanes, kDotBytes}, builder.getI8Type());
  auto words = bytes.clone(builder.getI32Type());
  lhs = vector::ShapeCastOp::create(builder, loc, bytes, lhs);
  rhs = vector::ShapeCastOp::create(builder, loc, bytes, rhs);
  AffineExpr lane, byte;
  bindDims(builder.getContext(), lane, byte);
  return vector::ContractionOp::create(
      builder, loc, arith::ExtUIOp::create(builder, loc, words, lhs),
      arith::ExtSIOp::create(builder, loc, words, rhs), sum,
      ArrayRef<ArrayRef<AffineExpr>>{{lane, byte}, {lane, byte}, {lane}},
      ArrayRef{vector::IteratorType::parallel,
               vector::IteratorType::reduction});
}

SmallVector<Value>
VectorAccess::vectorizeBody(Block &body, IRMapping &mapping,
                            function_ref<Value(linalg::IndexOp)> createIndex) {
  for (Operation &nested : body.without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(nested)) {
      mapping.map(index.getResult(), createIndex(index));
      continue;
    }
    if (auto constant = dyn_cast<arith::ConstantOp>(nested)) {
      Operation *clone = builder.clone(nested);
      mapping.map(constant.getResult(), broadcast(clone->getResult(0)));
      continue;
    }
    // What the body captures is the same for all lanes.
    for (Value operand : nested.getOperands())
      if (!mapping.contains(operand))
        mapping.map(operand, broadcast(operand));
    Operation *clone = builder.clone(nested, mapping);
    for (auto [result, original] :
         llvm::zip_equal(clone->getResults(), nested.getResults()))
      result.setType(getVectorType(original.getType()));
  }
  return llvm::map_to_vector(
      body.getTerminator()->getOperands(),
      [&](Value value) { return mapping.lookup(value); });
}
