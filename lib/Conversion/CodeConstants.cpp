//===- CodeConstants.cpp - Constants of integer codes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeConstants.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The elements are written as they are stored: whole bytes each,
/// little-endian, as weights by the million would take sixteen times their room
/// as APInts.
template <typename T>
static DenseElementsAttr buildCodesAttr(RankedTensorType type,
                                        ArrayRef<T> codes) {
  unsigned width = type.getElementTypeBitWidth();
  if (width == 1)
    return DenseElementsAttr::get(
        type, llvm::map_to_vector(codes, [](T code) { return code != 0; }));
  unsigned numBytes = llvm::divideCeil(width, 8);
  std::vector<char> buffer(codes.size() * numBytes);
  char *next = buffer.data();
  for (T code : codes) {
    auto bits = static_cast<uint64_t>(static_cast<int64_t>(code)) &
                llvm::maskTrailingOnes<uint64_t>(width);
    for (unsigned byte = 0; byte < numBytes; ++byte, bits >>= 8)
      *next++ = static_cast<char>(bits);
  }
  return DenseElementsAttr::getFromRawBuffer(type, buffer);
}

DenseElementsAttr cgmq::getCodesAttr(RankedTensorType type,
                                     ArrayRef<int64_t> codes) {
  return buildCodesAttr(type, codes);
}

DenseElementsAttr cgmq::getCodesAttr(RankedTensorType type,
                                     ArrayRef<float> codes) {
  return buildCodesAttr(type, codes);
}

std::optional<SmallVector<int64_t>> cgmq::getCodes(Attribute attr,
                                                   bool isSigned) {
  auto dense = dyn_cast_if_present<DenseIntElementsAttr>(attr);
  if (!dense)
    return std::nullopt;
  return llvm::map_to_vector(dense.getValues<APInt>(), [&](const APInt &code) {
    return isSigned ? code.getSExtValue()
                    : static_cast<int64_t>(code.getZExtValue());
  });
}

ml_program::GlobalOp cgmq::buildConstantGlobal(SymbolTable &symbols,
                                               ml_program::GlobalOp original,
                                               RankedTensorType type) {
  OpBuilder builder(original->getContext());
  auto global = ml_program::GlobalOp::create(
      builder, original.getLoc(), original.getSymNameAttr(),
      TypeAttr::get(type), /*is_mutable=*/UnitAttr(), /*value=*/Attribute(),
      original.getSymVisibilityAttr());
  if (Attribute bits = original->getAttr(CGMQDialect::kBitsAttrName))
    global->setAttr(CGMQDialect::kBitsAttrName, bits);
  symbols.insert(global, std::next(Block::iterator(original)));
  return global;
}

LogicalResult GlobalReplacements::finish() {
  // One walk for all of them.
  auto uses = SymbolTable::getSymbolUses(&symbols.getOp()->getRegion(0));
  if (!uses)
    return emitError(symbols.getOp()->getLoc())
           << "expects operations whose uses of symbols are known";
  llvm::DenseSet<StringAttr> used;
  for (SymbolTable::SymbolUse use : *uses)
    used.insert(use.getSymbolRef().getRootReference());
  llvm::DenseSet<Operation *> erased;
  for (auto [original, replacement] : replacements) {
    if (erased.contains(original))
      continue;
    StringAttr name = original.getSymNameAttr();
    if (used.contains(name))
      continue;
    erased.insert(original);
    symbols.erase(original);
    if (replacement && failed(symbols.rename(replacement, name)))
      return failure();
  }
  return success();
}
