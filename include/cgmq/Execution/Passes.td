//===- Passes.td - Execution passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_PASSES_TD
#define CGMQ_EXECUTION_PASSES_TD

include "mlir/Pass/PassBase.td"

#endif // CGMQ_EXECUTION_PASSES_TD
