//===- InitializeParameters.cpp - Rules to numbers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/Passes.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/IR/BuiltinOps.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_INITIALIZEPARAMETERSPASS
#include "cgmq/Transforms/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

namespace {
struct InitializeParameters
    : public cgmq::impl::InitializeParametersPassBase<InitializeParameters> {
  void runOnOperation() override {
    for (auto global : getOperation().getOps<ml_program::GlobalOp>()) {
      if (!isa_and_present<HeUniformAttr>(global.getValueAttr()))
        continue;
      FailureOr<SmallVector<float>> values = getFloatValues(global);
      if (failed(values))
        return signalPassFailure();
      setFloatValues(global, *values);
    }
  }
};
} // namespace
