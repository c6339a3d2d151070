//===- Translation.cpp - cgmq-translate --export-onnx -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Export/ONNX.h"

#include "cgmq/InitAll.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"

using namespace mlir;
using namespace mlir::cgmq;
namespace cl = llvm::cl;

void cgmq::registerOnnxExport() {
  static cl::opt<OnnxQuantizers> quantizers{
      "onnx-quantizers", cl::init(OnnxQuantizers::Nodes),
      cl::desc("What computes the codes of activations (default nodes)"),
      cl::values(
          clEnumValN(OnnxQuantizers::Nodes, "nodes",
                     "QuantizeLinear, which runtimes fuse; values halfway "
                     "between two codes become the even one"),
          clEnumValN(OnnxQuantizers::Arithmetic, "arithmetic",
                     "the arithmetic of the quantizer's rule, for codes of up "
                     "to 16 bits"))};
  static cl::opt<std::string> function{
      "onnx-function",
      cl::desc(
          "Function to export; may be left out where there is only one that "
          "no other calls")};
  static TranslateFromMLIRRegistration registration(
      "export-onnx", "export a frozen network as ONNX with QuantizeLinear",
      [](ModuleOp module, raw_ostream &os) {
        return exportOnnx(module, {function, quantizers}, os);
      },
      [](DialectRegistry &registry) {
        mlir::registerAllDialects(registry);
        mlir::registerAllExtensions(registry);
        cgmq::registerAllDialects(registry);
      });
}
