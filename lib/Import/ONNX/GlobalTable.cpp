//===- GlobalTable.cpp - Initializers as globals -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GlobalTable.h"

#include "mlir/IR/AsmState.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::cgmq;

std::string cgmq::getIdentifier(StringRef name, StringRef otherwise) {
  name = name.ltrim('/');
  if (name.empty())
    return otherwise.str();
  std::string result;
  if (!llvm::isAlpha(name.front()) && name.front() != '_')
    result += '_';
  for (char c : name)
    result += llvm::isAlnum(c) || c == '.' || c == '$' ? c : '_';
  return result;
}

ml_program::GlobalOp GlobalTable::create(const Constant &constant,
                                         ParameterKind kind, Location loc) {
  std::string name = getIdentifier(constant.getName(), "constant");
  // As wide as the widest element. The bytes are those that were read: models
  // of gigabytes are in memory once.
  AsmResourceBlob blob(
      constant.getBytes(), alignof(double),
      [owner = constant.shareBytes()](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  auto value =
      DenseResourceElementsAttr::get(constant.getType(), name, std::move(blob));
  OpBuilder detached(module.getContext());
  auto global = ml_program::GlobalOp::create(
      detached, loc, name, constant.getType(),
      /*is_mutable=*/kind == ParameterKind::Trained, value,
      detached.getStringAttr("private"));
  // Before the functions, in the order of the loads.
  Block::iterator position = module.getBody()->begin();
  while (position != module.getBody()->end() &&
         isa<ml_program::GlobalOp>(*position))
    ++position;
  symbols.insert(global, position);
  return global;
}

Value GlobalTable::load(TosaBuilder &builder, const Constant &constant,
                        ParameterKind kind) {
  bool isTrained = kind == ParameterKind::Trained;
  auto &known = globals[constant.getName()];
  ml_program::GlobalOp global;
  if (!constant.getName().empty())
    for (auto &[other, candidate] : known)
      if (other.getType() == constant.getType() &&
          candidate.getIsMutable() == isTrained &&
          other.getBytes() == constant.getBytes())
        global = candidate;
  if (!global) {
    global = create(constant, kind, builder.getLoc());
    known.push_back({constant, global});
  }
  auto symbol = FlatSymbolRefAttr::get(global);
  if (isTrained)
    return ml_program::GlobalLoadOp::create(builder, global.getType(), symbol);
  return ml_program::GlobalLoadConstOp::create(builder, global.getType(),
                                               symbol);
}
