//===- IntegerProgram.cpp - Integer programs as files of C -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Target/IntegerProgram.h"

#include "Header.h"
#include "ObjectFile.h"
#include "cgmq/Target/Pipelines.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Target/Cpp/CppEmitter.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::cgmq;

/// Activations of a block of samples take at most this many bytes, if there is
/// more than one: the larger part of the caches that belong to a core.
static constexpr int64_t kMostBlockBytes = int64_t(2) << 20;

static LogicalResult fixBorder(ModuleOp module,
                               const IntegerProgramOptions &options,
                               int64_t batch) {
  PassManager manager(module.getContext());
  buildFixBorderPipeline(manager, options.function, batch, options.border);
  return manager.run(module);
}

LogicalResult cgmq::translateToC(ModuleOp module,
                                 const IntegerProgramOptions &options,
                                 raw_ostream &os) {
  if (options.border == Border::Floats)
    return emitError(module.getLoc())
           << "expects a border of bytes or codes, as C without floats has, "
              "but got 'floats'";
  LowerToCOptions lowering;
  lowering.function = options.function;
  lowering.batch = options.batch;
  lowering.border = options.border;
  PassManager manager(module.getContext());
  buildLowerToCPipeline(manager, lowering);
  if (failed(manager.run(module)))
    return failure();
  return emitc::translateToCpp(module, os);
}

/// The samples that go through all layers together: what one layer leaves is to
/// be in a cache when the next one reads it.
static FailureOr<int64_t> chooseBlock(ModuleOp module,
                                      const IntegerProgramOptions &options) {
  if (options.batch <= 1)
    return options.batch;
  OwningOpRef<ModuleOp> one = module.clone();
  if (failed(fixBorder(*one, options, /*batch=*/1)))
    return failure();
  FailureOr<int64_t> bytes = measureActivations(*one, options.target);
  if (failed(bytes))
    return failure();
  int64_t block = 1, most = kMostBlockBytes / std::max<int64_t>(1, *bytes);
  for (int64_t size = 2; size <= std::min(most, options.batch); ++size)
    if (options.batch % size == 0)
      block = size;
  return block;
}

static FailureOr<ObjectFile> compile(ModuleOp module,
                                     const IntegerProgramOptions &options) {
  FailureOr<int64_t> block = chooseBlock(module, options);
  if (failed(block) || failed(fixBorder(module, options, *block)))
    return failure();
  return compileToObject(module, options.target, options.batch / *block);
}

LogicalResult cgmq::translateToObject(ModuleOp module,
                                      const IntegerProgramOptions &options,
                                      raw_ostream &os) {
  FailureOr<ObjectFile> object = compile(module, options);
  if (failed(object))
    return failure();
  os << StringRef(object->contents.data(), object->contents.size());
  return success();
}

LogicalResult cgmq::translateToSizes(ModuleOp module,
                                     const IntegerProgramOptions &options,
                                     raw_ostream &os) {
  FailureOr<ObjectFile> object = compile(module, options);
  if (failed(object))
    return failure();
  llvm::json::Object sizes{
      {"activation_bytes", object->activations},
      {"code_bytes", object->code},
      {"constant_bytes", object->constants},
      {"file_bytes", static_cast<int64_t>(object->contents.size())},
      {"unpacked_constant_bytes", object->unpackedConstants}};
  os << llvm::formatv("{0:2}\n", llvm::json::Value(std::move(sizes)));
  return success();
}

LogicalResult cgmq::translateToHeader(ModuleOp module,
                                      const IntegerProgramOptions &options,
                                      raw_ostream &os) {
  if (failed(fixBorder(module, options, options.batch)))
    return failure();
  return printHeader(module, options.batch, os);
}
