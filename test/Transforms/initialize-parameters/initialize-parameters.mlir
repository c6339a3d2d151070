// RUN: cgmq-opt %s --cgmq-initialize-parameters | FileCheck %s
// RUN: cgmq-opt %s --cgmq-initialize-parameters > %t.first
// RUN: cgmq-opt %s --cgmq-initialize-parameters > %t.second
// RUN: cmp %t.first %t.second
// RUN: cgmq-opt %s --cgmq-initialize-parameters --emit-bytecode | cgmq-opt > %t.bytecode
// RUN: cmp %t.first %t.bytecode

// A small parameter is text. bound = sqrt(6 / 6) = 1, and the first two outputs
// of SplitMix64 at seed 0 are 0xe220a8397b1dcdaf and 0x6e789e6aa1b965f4, so
// that the draws are 2 * 0.88331 - 1 = 0.76662 and 2 * 0.43152 - 1 = -0.13695.
// CHECK: ml_program.global private mutable @small(dense<[0.766{{[0-9]*}}, -0.136{{[0-9]*}}]> : tensor<2xf32>) : tensor<2xf32>
ml_program.global private mutable @small(#cgmq.he_uniform<fan_in = 6, seed = 0>) : tensor<2xf32>

// A large parameter is a resource.
// CHECK: ml_program.global private mutable @large(dense_resource<large> : tensor<32x5x5x1xf32>) : tensor<32x5x5x1xf32>
ml_program.global private mutable @large(#cgmq.he_uniform<fan_in = 25, seed = 1>) : tensor<32x5x5x1xf32>

// What has a value keeps it.
// CHECK: ml_program.global private mutable @bias(dense<0.000000e+00> : tensor<32xf32>) : tensor<32xf32>
ml_program.global private mutable @bias(dense<0.0> : tensor<32xf32>) : tensor<32xf32>

// CHECK: large: "0x04000000
