//===- Translation.cpp - cgmq-translate --import-onnx -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"
#include "cgmq/Import/ONNX.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

#include "onnx/onnx_pb.h"

using namespace mlir;
using namespace mlir::cgmq;
namespace cl = llvm::cl;

namespace {
struct Options {
  cl::OptionCategory category{"cgmq options for ONNX"};
  cl::opt<ImageLayout> layout{
      "onnx-layout", cl::init(ImageLayout::NCHW), cl::cat(category),
      cl::desc("Layout of 4-D arguments and results (default nchw)"),
      cl::values(clEnumValN(ImageLayout::NCHW, "nchw",
                            "channels before height and width, as in the file"),
                 clEnumValN(ImageLayout::NHWC, "nhwc",
                            "channels last, as data sets have them"))};
  cl::list<std::string> extents{
      "onnx-dim", cl::cat(category), cl::value_desc("name=extent"),
      cl::desc("Extent of a dimension that the file names and leaves open; may "
               "be given several times. One dimension, the batch, can stay "
               "open")};
  cl::opt<bool> nonnegative{
      "onnx-nonnegative", cl::cat(category),
      cl::desc("The arguments are never negative, as pixels in [0, 1] are: "
               "they get unsigned codes")};
  cl::opt<bool> bytecode{
      "onnx-bytecode", cl::cat(category),
      cl::desc("Write bytecode, which takes half the space of text where "
               "there are many weights")};
};
} // namespace

/// The options for the importer, once they are found to make sense.
static FailureOr<OnnxImportOptions> getImportOptions(const Options &options,
                                                     MLIRContext *context) {
  OnnxImportOptions result;
  result.layout = options.layout;
  result.nonnegative = options.nonnegative;
  for (StringRef extent : options.extents) {
    auto [name, number] = extent.rsplit('=');
    int64_t value;
    if (name.empty() || number.getAsInteger(10, value) || value < 1)
      return emitError(UnknownLoc::get(context))
             << "expects --onnx-dim=NAME=EXTENT with an extent of at least 1, "
                "but got '"
             << extent << "'";
    result.extents[name] = value;
  }
  return result;
}

void cgmq::registerOnnxTranslation() {
  static Options options;
  static TranslateRegistration import(
      "import-onnx", "import an ONNX model as TOSA",
      [](const std::shared_ptr<llvm::SourceMgr> &sources, raw_ostream &os,
         MLIRContext *context) -> LogicalResult {
        FailureOr<OnnxImportOptions> importOptions =
            getImportOptions(options, context);
        if (failed(importOptions))
          return failure();
        const auto &buffer =
            sources->getBufferInfo(sources->getMainFileID()).Buffer;
        StringRef path = buffer->getBufferIdentifier();
        onnx::ModelProto model;
        if (failed(parseModel(buffer->getBuffer(), model, [&] {
              return emitError(NameLoc::get(StringAttr::get(context, path)));
            })))
          return failure();
        // A model of gigabytes need not be in memory twice.
        buffer->dontNeedIfMmap();
        OwningOpRef<ModuleOp> module =
            importOnnx(model, path, *importOptions, context);
        if (!module)
          return failure();
        if (options.bytecode)
          return writeBytecodeToFile(*module, os);
        module->print(os);
        os << "\n";
        return success();
      });
}
