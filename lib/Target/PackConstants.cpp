//===- PackConstants.cpp - Constants in few bits -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Target/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_PACKCONSTANTSPASS
#include "cgmq/Target/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// How the elements of a constant are stored.
struct Packing {
  /// Bits of an element: 2 or 4, of which a byte holds several, or 8 or more.
  unsigned width;
  bool isSigned;

  unsigned getElementsPerByte() const { return width < 8 ? 8 / width : 1; }
};

} // namespace

/// The narrowest form that holds all of `values`.
static Packing findPacking(DenseIntElementsAttr values) {
  unsigned signedWidth = 1, unsignedWidth = 1;
  bool isNegative = false;
  for (const APInt &value : values.getValues<APInt>()) {
    signedWidth = std::max(signedWidth, value.getSignificantBits());
    unsignedWidth = std::max(unsignedWidth, value.getActiveBits());
    isNegative |= value.isNegative();
  }
  unsigned widest = values.getElementType().getIntOrFloatBitWidth();
  for (unsigned width : {2, 4, 8, 16}) {
    if (width >= widest)
      break;
    if (!isNegative && unsignedWidth <= width)
      return Packing{width, /*isSigned=*/false};
    if (signedWidth <= width)
      return Packing{width, /*isSigned=*/true};
  }
  return Packing{widest, /*isSigned=*/true};
}

/// The elements in row-major order, the first of a byte in its lowest bits.
static DenseElementsAttr pack(DenseIntElementsAttr values, Packing packing) {
  unsigned storageWidth = std::max(packing.width, 8u);
  unsigned perByte = packing.getElementsPerByte();
  SmallVector<APInt> storage(llvm::divideCeil(values.getNumElements(), perByte),
                             APInt(storageWidth, 0));
  for (auto [index, value] : llvm::enumerate(values.getValues<APInt>()))
    storage[index / perByte].insertBits(value.trunc(packing.width),
                                        index % perByte * packing.width);
  auto type = RankedTensorType::get(
      {static_cast<int64_t>(storage.size())},
      IntegerType::get(values.getContext(), storageWidth));
  return DenseElementsAttr::get(type, storage);
}

/// The element of a packed constant that `load` wants of the plain one.
static Value buildUnpacked(memref::LoadOp load, Value storage,
                           Packing packing) {
  ImplicitLocOpBuilder builder(load.getLoc(), load);
  auto constant = [&](Type type, int64_t value) -> Value {
    return arith::ConstantOp::create(builder,
                                     builder.getIntegerAttr(type, value));
  };
  Type index = builder.getIndexType(), i32 = builder.getI32Type();
  Value position;
  for (auto [extent, i] :
       llvm::zip_equal(load.getMemRefType().getShape(), load.getIndices())) {
    if (!position) {
      position = i;
      continue;
    }
    Value stride = constant(index, extent);
    position = arith::MulIOp::create(builder, position, stride);
    position = arith::AddIOp::create(builder, position, i);
  }
  if (!position)
    position = constant(index, 0);

  Type result = load.getType();
  if (packing.width >= 8) {
    Value element = memref::LoadOp::create(builder, storage, position);
    if (element.getType() == result)
      return element;
    if (packing.isSigned)
      return arith::ExtSIOp::create(builder, result, element);
    return arith::ExtUIOp::create(builder, result, element);
  }
  // Moved to the top of 32 bits, and back with or without its sign.
  unsigned perByte = packing.getElementsPerByte();
  Value number = arith::IndexCastUIOp::create(builder, i32, position);
  Value shift = constant(i32, llvm::Log2_32(perByte));
  Value byteNumber = arith::ShRUIOp::create(builder, number, shift);
  Value byteIndex = arith::IndexCastUIOp::create(builder, index, byteNumber);
  Value byte = memref::LoadOp::create(builder, storage, byteIndex);
  Value word = arith::ExtUIOp::create(builder, i32, byte);
  Value mask = constant(i32, perByte - 1);
  Value place = arith::AndIOp::create(builder, number, mask);
  Value width = constant(i32, packing.width);
  Value offset = arith::MulIOp::create(builder, place, width);
  Value above = constant(i32, 32 - packing.width);
  Value distance = arith::SubIOp::create(builder, above, offset);
  Value top = arith::ShLIOp::create(builder, word, distance);
  Value element;
  if (packing.isSigned)
    element = arith::ShRSIOp::create(builder, top, above);
  else
    element = arith::ShRUIOp::create(builder, top, above);
  if (result == i32)
    return element;
  if (result.getIntOrFloatBitWidth() < 32)
    return arith::TruncIOp::create(builder, result, element);
  if (packing.isSigned)
    return arith::ExtSIOp::create(builder, result, element);
  return arith::ExtUIOp::create(builder, result, element);
}

namespace {
struct PackConstants : cgmq::impl::PackConstantsPassBase<PackConstants> {
  /// The loads of elements of `global`, nothing where it has other users.
  std::optional<SmallVector<memref::LoadOp>>
  collectLoads(memref::GlobalOp global) {
    SmallVector<memref::LoadOp> loads;
    auto uses = SymbolTable::getSymbolUses(global, getOperation());
    if (!uses)
      return std::nullopt;
    for (SymbolTable::SymbolUse use : *uses) {
      auto get = dyn_cast<memref::GetGlobalOp>(use.getUser());
      if (!get)
        return std::nullopt;
      for (Operation *user : get->getUsers()) {
        auto load = dyn_cast<memref::LoadOp>(user);
        if (!load)
          return std::nullopt;
        loads.push_back(load);
      }
    }
    return loads;
  }

  void replace(memref::LoadOp load, Value value) {
    Operation *get = load.getMemref().getDefiningOp();
    load.replaceAllUsesWith(value);
    load.erase();
    if (get->use_empty())
      get->erase();
  }

  void visit(memref::GlobalOp global) {
    auto values = dyn_cast_if_present<DenseIntElementsAttr>(
        global.getConstantInitValue());
    std::optional<SmallVector<memref::LoadOp>> loads = collectLoads(global);
    if (!values || !loads)
      return;
    if (values.isSplat()) {
      for (memref::LoadOp load : *loads) {
        OpBuilder builder(load);
        Value value = arith::ConstantOp::create(
            builder, load.getLoc(), values.getSplatValue<TypedAttr>());
        replace(load, value);
      }
      return global.erase();
    }
    Packing packing = findPacking(values);
    DenseElementsAttr packed = pack(values, packing);
    auto type =
        MemRefType::get(packed.getType().getShape(), packed.getElementType());
    global.setType(type);
    global.setInitialValueAttr(packed);
    for (memref::LoadOp load : *loads) {
      OpBuilder builder(load);
      Value storage = memref::GetGlobalOp::create(builder, load.getLoc(), type,
                                                  global.getSymName());
      Value value = buildUnpacked(load, storage, packing);
      replace(load, value);
    }
  }

  void runOnOperation() override {
    for (auto global :
         llvm::make_early_inc_range(getOperation().getOps<memref::GlobalOp>()))
      visit(global);
  }
};
} // namespace
