//===- npu-plugin.cpp - The parts for cgmq-opt and mlir-opt -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NPU.h"

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

/// --load-dialect-plugin=libNPUPlugin.so
extern "C" LLVM_ATTRIBUTE_WEAK mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "npu", "0.1",
          [](mlir::DialectRegistry *registry) {
            registry->insert<npu::NPUDialect>();
          }};
}

/// --load-pass-plugin=libNPUPlugin.so
extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "npu", "0.1", [] {
            npu::registerNPUPasses();
            npu::registerEvenDirection();
          }};
}
