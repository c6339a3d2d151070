//===- cgmq-plugin.cpp - Plugin for stock mlir-opt -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/InitAll.h"

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

/// mlir-opt --load-dialect-plugin=CGMQPlugin.so
extern "C" LLVM_ATTRIBUTE_WEAK ::mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "cgmq", "0.1",
          [](::mlir::DialectRegistry *registry) {
            ::mlir::cgmq::registerAllDialects(*registry);
          }};
}

/// mlir-opt --load-pass-plugin=CGMQPlugin.so
extern "C" LLVM_ATTRIBUTE_WEAK ::mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "cgmq", "0.1",
          []() { ::mlir::cgmq::registerAllPasses(); }};
}
