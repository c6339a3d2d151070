//===- cgmq-translate.cpp - From and to ONNX, to files of C -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../ToolMain.h"

#include "cgmq/Export/ONNX.h"
#include "cgmq/Import/ONNX.h"
#include "cgmq/Target/Translations.h"

#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "llvm/Support/InitLLVM.h"

#include <string>
#include <vector>

namespace mlir {
void registerToCppTranslation();
} // namespace mlir

/// Takes the argument of `-o` out of the command line.
static std::string takeOutput(std::vector<char *> &arguments) {
  for (size_t i = 1; i < arguments.size(); ++i) {
    llvm::StringRef argument = arguments[i];
    bool isAlone = argument == "-o" || argument == "--o";
    std::string output;
    if (isAlone && i + 1 < arguments.size())
      output = arguments[i + 1];
    else if (argument.consume_front("-o=") || argument.consume_front("--o="))
      output = argument.str();
    else
      continue;
    auto first = arguments.begin() + i;
    arguments.erase(first, first + (isAlone ? 2 : 1));
    return output;
  }
  return "-";
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  mlir::registerToCppTranslation();
  mlir::cgmq::registerOnnxTranslation();
  mlir::cgmq::registerOnnxExport();
  mlir::cgmq::registerTargetTranslations();
  mlir::cgmq::shortenDiagnostics();

  std::vector<char *> arguments(argv, argv + argc);
  std::string output = takeOutput(arguments);
  auto result = mlir::cgmq::runInto(output, [&](llvm::StringRef into) {
    std::string option = "-o", path = into.str();
    arguments.push_back(option.data());
    arguments.push_back(path.data());
    return mlir::mlirTranslateMain(
        arguments.size(), arguments.data(),
        "cgmq: networks from and to ONNX, integer programs as files of C");
  });
  return failed(result) ? 1 : 0;
}
