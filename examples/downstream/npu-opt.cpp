//===- npu-opt.cpp - A driver with this project's parts -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NPU.h"

#include "cgmq/InitAll.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllPasses();
  mlir::cgmq::registerAllDialects(registry);
  mlir::cgmq::registerAllPasses();
  registry.insert<npu::NPUDialect>();
  npu::registerNPUPasses();
  npu::registerEvenDirection();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Quantization for the NPU\n", registry));
}
