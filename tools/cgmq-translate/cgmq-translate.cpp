//===- cgmq-translate.cpp - Integer programs as files of C ------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Target/Translations.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LLVM.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

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

/// Errors about a function would print all of it; the place in the file says
/// as much. `--mlir-print-op-on-diagnostic` brings the operation back.
static void shortenDiagnostics() {
  mlir::registerMLIRContextCLOptions();
  auto &options = llvm::cl::getRegisteredOptions();
  auto option = options.find("mlir-print-op-on-diagnostic");
  if (option != options.end())
    static_cast<llvm::cl::opt<bool> *>(option->second)->setInitialValue(false);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  mlir::registerToCppTranslation();
  mlir::cgmq::registerTargetTranslations();
  shortenDiagnostics();

  // The output goes to a file beside the one that is named, which takes its
  // name when it is whole.
  std::vector<char *> arguments(argv, argv + argc);
  std::string output = takeOutput(arguments);
  llvm::sys::fs::file_status status;
  bool isSpecial = output == "-" || (!llvm::sys::fs::status(output, status) &&
                                     !llvm::sys::fs::is_regular_file(status));
  llvm::SmallString<128> temporary;
  if (isSpecial)
    temporary = output;
  else
    llvm::sys::fs::createUniquePath(output + ".%%%%%%%%", temporary,
                                    /*MakeAbsolute=*/false);
  std::string option = "-o";
  arguments.push_back(option.data());
  arguments.push_back(const_cast<char *>(temporary.c_str()));
  if (failed(mlir::mlirTranslateMain(arguments.size(), arguments.data(),
                                     "cgmq: integer programs as files of C")))
    return 1;
  if (isSpecial)
    return 0;
  if (std::error_code error = llvm::sys::fs::rename(temporary, output)) {
    llvm::sys::fs::remove(temporary);
    llvm::WithColor::error()
        << "cannot write '" << output << "': " << error.message() << "\n";
    return 1;
  }
  return 0;
}
