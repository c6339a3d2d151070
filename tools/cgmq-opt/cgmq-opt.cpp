//===- cgmq-opt.cpp - The driver -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/InitAll.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

#ifdef CGMQ_INCLUDE_TESTS
#include "TestPasses.h"
#endif

/// Runs the driver with output to a file beside `output` that takes its name
/// when it is whole: whatever happens, `output` is the old file or the new one.
static llvm::LogicalResult runInto(llvm::StringRef output, int argc,
                                   char **argv, llvm::StringRef input,
                                   mlir::DialectRegistry &registry) {
  if (output == "-")
    return mlir::MlirOptMain(argc, argv, input, output, registry);
  llvm::sys::fs::file_status status;
  bool isSpecial = !llvm::sys::fs::status(output, status) &&
                   !llvm::sys::fs::is_regular_file(status);
  if (isSpecial) // A device, a pipe.
    return mlir::MlirOptMain(argc, argv, input, output, registry);

  llvm::SmallString<128> temporary;
  llvm::sys::fs::createUniquePath(output + ".%%%%%%%%", temporary,
                                  /*MakeAbsolute=*/false);
  if (failed(mlir::MlirOptMain(argc, argv, input, temporary, registry)))
    return llvm::failure();
  if (std::error_code error = llvm::sys::fs::rename(temporary, output)) {
    llvm::sys::fs::remove(temporary);
    llvm::WithColor::error()
        << "cannot write '" << output << "': " << error.message() << "\n";
    return llvm::failure();
  }
  return llvm::success();
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
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::cgmq::registerAllDialects(registry);
  mlir::registerAllPasses();
  mlir::cgmq::registerAllPasses();
#ifdef CGMQ_INCLUDE_TESTS
  mlir::cgmq::test::registerTestPasses();
#endif
  shortenDiagnostics();
  auto [input, output] = mlir::registerAndParseCLIOptions(
      argc, argv, "cgmq: quantization under a budget\n", registry);
  return mlir::asMainReturnCode(runInto(output, argc, argv, input, registry));
}
