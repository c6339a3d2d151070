// The integer half of LeNet-5 has no float type and no operation on floats,
// whatever the widths (the factors of simulation are but an attribute); only what moves elements is left of tosa.
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="widths=2 input=8" --cgmq-freeze --cgmq-lower-to-integer | FileCheck %s
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="widths=8" --cgmq-freeze --cgmq-lower-to-integer | FileCheck %s

// No float parameter is left either.
// CHECK-NOT:   ml_program.global {{.*}}f32
// CHECK-LABEL: func.func @lenet5(
// CHECK:         call @lenet5_integer
// CHECK-LABEL: func.func @lenet5_integer(
// CHECK-SAME:    tensor<?x28x28x1xi8>) -> tensor<?x10xi32>
// CHECK-NOT:   f16
// CHECK-NOT:   bf16
// CHECK-NOT:   {{[ x]}}f32
// CHECK-NOT:   f64
// CHECK-NOT:   math.
// CHECK-NOT:   fp
// CHECK-NOT:   quant.
// CHECK-NOT:   cgmq.quantize
// CHECK-NOT:   tosa.{{conv2d|matmul|clamp|max_pool2d|add}}
// CHECK:         return %{{.*}} : tensor<?x10xi32>
