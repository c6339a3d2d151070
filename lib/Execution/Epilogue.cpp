//===- Epilogue.cpp - What is done to finished sums -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Epilogue.h"

#include "ElementwiseLoops.h"
#include "Initializer.h"

using namespace mlir;
using namespace mlir::cgmq;

/// The one op after a contraction that reads its output, if nothing else sees
/// that output, but for what gives it its start, and nothing in between writes
/// to what the sums are made of, so that they can be made where they are read,
/// or to what is read beside them: of two contractions that an op reads, the
/// later one has it.
static linalg::LinalgOp findReader(const Contraction &contraction,
                                   memref::AllocOp buffer,
                                   const Initializer &initializer) {
  linalg::LinalgOp op = contraction.op;
  linalg::LinalgOp reader;
  for (Operation *user : buffer->getUsers()) {
    if (user == op || user == initializer.op)
      continue;
    if (reader && user != reader)
      return {};
    reader = dyn_cast<linalg::LinalgOp>(user);
    if (!reader || reader->getBlock() != op->getBlock() ||
        !op->isBeforeInBlock(reader))
      return {};
  }
  if (!reader)
    return {};
  SmallVector<Value> sources = {contraction.operands[Contraction::Lhs],
                                contraction.operands[Contraction::Rhs]};
  if (initializer.buffer)
    sources.push_back(initializer.buffer);
  for (OpOperand *input : reader.getDpsInputOperands())
    if (input->get() != buffer && isa<MemRefType>(input->get().getType()))
      sources.push_back(input->get());
  for (Operation *next = op->getNextNode(); next != reader;
       next = next->getNextNode())
    if (!llvm::all_of(sources,
                      [&](Value source) { return leavesAlone(next, source); }))
      return {};
  return reader;
}

std::optional<Epilogue> cgmq::findEpilogue(const TiledContraction &form,
                                           const LoopOrder &order) {
  const auto &[contraction, tile] = form;
  linalg::LinalgOp op = contraction.op;
  auto buffer = op.getDpsInits()[0].getDefiningOp<memref::AllocOp>();
  std::optional<Initializer> initializer = findInitializer(form);
  if (!buffer || !initializer || order.blockedDim ||
      !contraction.uses(Contraction::Out, tile.vectorDim))
    return std::nullopt;
  linalg::LinalgOp reader = findReader(contraction, buffer, *initializer);
  if (!reader || !reader.hasPureBufferSemantics() ||
      reader.getNumDpsInits() != 1 || reader.getNumReductionLoops() != 0 ||
      reader.hasIndexSemantics() || reader->getNumRegions() != 1 ||
      reader->getRegion(0).getNumArguments() != reader->getNumOperands() ||
      !llvm::all_of(reader->getRegion(0).front(), isLanewise))
    return std::nullopt;
  OpOperand *init = reader.getDpsInitOperand(0);
  if (init->get() == buffer || reader.payloadUsesValueFromOperand(init) ||
      !reader.getMatchingIndexingMap(init).isIdentity() ||
      !hasVectorLayout(init->get()))
    return std::nullopt;
  std::optional<Epilogue> epilogue;
  for (OpOperand *input : reader.getDpsInputOperands()) {
    AffineMap map = reader.getMatchingIndexingMap(input);
    if (input->get() == buffer) {
      if (epilogue || !map.isIdentity())
        return std::nullopt;
      epilogue = Epilogue{reader, input->getOperandNumber(), buffer};
      continue;
    }
    // The result may be written over what is still to be read.
    if (!isa<MemRefType>(input->get().getType()) ||
        input->get() == init->get() || !hasVectorLayout(input->get()) ||
        !canVectorize(map.compose(contraction.maps[Contraction::Out]),
                      tile.vectorDim))
      return std::nullopt;
  }
  return epilogue;
}

void Epilogue::emit(VectorAccess &access, Value vector, unsigned vectorDim,
                    function_ref<SmallVector<Value>(AffineMap)> getIndices,
                    AffineMap outMap, int64_t used) const {
  linalg::LinalgOp reader = op;
  Block &body = reader->getRegion(0).front();
  IRMapping mapping;
  for (OpOperand *input : reader.getDpsInputOperands()) {
    BlockArgument argument = body.getArgument(input->getOperandNumber());
    if (input->getOperandNumber() == sums) {
      mapping.map(argument, vector);
      continue;
    }
    AffineMap map = reader.getMatchingIndexingMap(input).compose(outMap);
    SmallVector<Value> indices = getIndices(map);
    mapping.map(argument, map.isFunctionOfDim(vectorDim)
                              ? access.load(input->get(), indices, used)
                              : access.broadcast(
                                    access.loadScalar(input->get(), indices)));
  }
  SmallVector<Value> results = access.vectorizeBody(body, mapping);
  access.store(results.front(), reader.getDpsInits()[0], getIndices(outMap),
               used);
}
