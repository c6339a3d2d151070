//===- cgmq-opt.cpp - The driver -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../ToolMain.h"

#include "cgmq/InitAll.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/InitLLVM.h"

#ifdef CGMQ_INCLUDE_TESTS
#include "TestPasses.h"
#endif

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
  mlir::cgmq::shortenDiagnostics();
  std::pair<std::string, std::string> files = mlir::registerAndParseCLIOptions(
      argc, argv, "cgmq: quantization under a budget\n", registry);
  return mlir::asMainReturnCode(
      mlir::cgmq::runInto(files.second, [&](llvm::StringRef into) {
        return mlir::MlirOptMain(argc, argv, files.first, into, registry);
      }));
}
