//===- Extension.cpp - The module _cgmq -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Context.h"
#include "Data.h"
#include "Function.h"
#include "Module.h"
#include "Training.h"

#include "llvm/Config/llvm-config.h"

#include <pybind11/pybind11.h>

using namespace mlir::cgmq;

PYBIND11_MODULE(_cgmq, extension) {
  extension.doc() = "What the package cgmq is made of; not for direct use.";
  extension.attr("version") = CGMQ_VERSION;
  extension.attr("mlir_version") = LLVM_VERSION_STRING;
  python::registerPasses();
  python::addModule(extension);
  python::addData(extension);
  python::addTraining(extension);
  python::addFunction(extension);
}
