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

using namespace mlir;
using namespace mlir::cgmq;

static LogicalResult fixBorder(ModuleOp module,
                               const IntegerProgramOptions &options) {
  PassManager manager(module.getContext());
  buildFixBorderPipeline(manager, options.function, options.batch,
                         options.border);
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

static FailureOr<ObjectFile> compile(ModuleOp module,
                                     const IntegerProgramOptions &options) {
  if (failed(fixBorder(module, options)))
    return failure();
  return compileToObject(module, options.target);
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
  if (failed(fixBorder(module, options)))
    return failure();
  return printHeader(module, options.batch, os);
}
