//===- Translations.cpp - Integer programs as files of C -------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Target/Translations.h"

#include "cgmq/InitAll.h"
#include "cgmq/Target/IntegerProgram.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Tools/mlir-translate/Translation.h"

using namespace mlir;
using namespace mlir::cgmq;
namespace cl = llvm::cl;

namespace {
/// What all of the translations can be told.
struct Options {
  cl::OptionCategory category{"cgmq options"};
  cl::opt<std::string> function{
      "function", cl::cat(category),
      cl::desc("Function to translate; may be left out where there is only one "
               "that no other calls")};
  cl::opt<int64_t> batch{"batch", cl::init(1), cl::cat(category),
                         cl::desc("Samples that a call takes (default 1)")};
  cl::opt<Border> border{
      "border", cl::init(Border::Bytes), cl::cat(category),
      cl::desc("What arguments and results are (default bytes)"),
      cl::values(
          clEnumValN(Border::Bytes, "bytes", "bytes in, integers out"),
          clEnumValN(Border::Codes, "codes", "codes in, integers out"),
          clEnumValN(Border::Floats, "floats", "floats in, floats out"))};
  cl::opt<std::string> triple{
      "target-triple", cl::cat(category),
      cl::desc("Target of object code (default: that of the host)")};
  cl::opt<std::string> cpu{
      "target-cpu", cl::cat(category),
      cl::desc("Its processor (default: what all of the triple have); "
               "'native' is the host's with its features")};
  cl::opt<std::string> features{"target-features", cl::cat(category),
                                cl::desc("Its features, as +avx2,+fma")};

  IntegerProgramOptions get() const {
    return {function, batch, border, {triple, cpu, features}};
  }
};
} // namespace

static void registerAll(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  cgmq::registerAllDialects(registry);
}

void cgmq::registerTargetTranslations() {
  static Options options;
  TranslateFromMLIRRegistration toC(
      "cgmq-to-c", "translate an integer program to C11",
      [](ModuleOp module, raw_ostream &os) {
        return translateToC(module, options.get(), os);
      },
      registerAll);
  TranslateFromMLIRRegistration toObject(
      "cgmq-to-object", "compile an integer program to an object file",
      [](ModuleOp module, raw_ostream &os) {
        return translateToObject(module, options.get(), os);
      },
      registerAll);
  TranslateFromMLIRRegistration toSizes(
      "cgmq-to-sizes",
      "tell the bytes of code, constants and activations of the object file",
      [](ModuleOp module, raw_ostream &os) {
        return translateToSizes(module, options.get(), os);
      },
      registerAll);
  TranslateFromMLIRRegistration toHeader(
      "cgmq-to-header", "declare the function of an integer program in C",
      [](ModuleOp module, raw_ostream &os) {
        return translateToHeader(module, options.get(), os);
      },
      registerAll);
}
