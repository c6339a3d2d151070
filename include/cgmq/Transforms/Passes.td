//===- Passes.td - Transforms passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_PASSES_TD
#define CGMQ_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def InitializeParametersPass
    : Pass<"cgmq-initialize-parameters", "ModuleOp"> {
  let summary = "Replace initialization rules by numbers";
  let description = [{
    Replaces each `#cgmq.he_uniform` value of a global by the numbers that it
    stands for: text where there are at most 16 of them, else a
    `dense_resource`. The rule must stand on a parameter of static shape and
    element type f32. Globals with another value stay as they are.

    Example:

    ```mlir
    ml_program.global private mutable @w(#cgmq.he_uniform<fan_in = 25, seed = 1>) : tensor<32x5x5x1xf32>
    // becomes
    ml_program.global private mutable @w(dense_resource<w> : tensor<32x5x5x1xf32>) : tensor<32x5x5x1xf32>
    ```
  }];
}

#endif // CGMQ_TRANSFORMS_PASSES_TD
