// Each option is checked, and nothing is written.

// RUN: not cgmq-opt %s --cgmq-calibrate -o %t.out 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: invalid-options.mlir:[[@LINE+20]]:{{[0-9]+}}: error: expects option 'images' to name a file of samples, but got none

// RUN: not cgmq-opt %s --cgmq-calibrate=images=%t.absent -o %t.out 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: cannot read '{{.*}}.absent'

// RUN: printf '\0\0\010\002\0\0\0\002\0\0\0\002\377\0\0' > %t.short
// RUN: not cgmq-opt %s --cgmq-calibrate=images=%t.short -o %t.out 2>&1 | FileCheck %s --check-prefix=SHORT
// SHORT: error: '{{.*}}.short' expects

// RUN: not cgmq-opt %s --cgmq-calibrate="images=%t.short samples=0" -o %t.out 2>&1 | FileCheck %s --check-prefix=SAMPLES
// SAMPLES: error: expects option 'samples' of at least 1, but got 0

// RUN: not cgmq-opt %s --cgmq-calibrate="images=%t.short function=g" -o %t.out 2>&1 | FileCheck %s --check-prefix=FUNCTION
// FUNCTION: error: {{.*}}'g'

// RUN: not ls %t.out

!q = !cgmq.gated<signed, [8], f32>
ml_program.global private mutable @range(dense<1.0> : tensor<f32>) : tensor<f32>

func.func @f(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %gate = arith.constant dense<2.5> : tensor<f32>
  %range = ml_program.global_load @range : tensor<f32>
  %q = cgmq.quantize %x, %range, %gate : tensor<?x2xf32>, tensor<f32>, tensor<f32> -> tensor<?x2x!q>
  %y = cgmq.dequantize %q : tensor<?x2x!q> -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
