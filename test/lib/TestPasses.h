//===- TestPasses.h - Passes that tests use -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TEST_LIB_TESTPASSES_H
#define CGMQ_TEST_LIB_TESTPASSES_H

namespace mlir::cgmq::test {

/// test-cgmq-gradients
void registerTestCostPass();
void registerTestGradientsPass();
/// test-cgmq-quantize-gradient
void registerTestQuantizeGradientPass();

inline void registerTestPasses() {
  registerTestCostPass();
  registerTestGradientsPass();
  registerTestQuantizeGradientPass();
}

} // namespace mlir::cgmq::test

#endif // CGMQ_TEST_LIB_TESTPASSES_H
