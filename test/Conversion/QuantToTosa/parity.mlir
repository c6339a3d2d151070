// Frozen networks of drawn widths in TOSA's integer profile: stock mlir-opt finds
// them valid, lowers them, and stock mlir-runner gives every logit of the integer
// program, bit for bit. So does cgmq-run.

// DEFINE: %{gates} = %python %S/../QuantToInteger/Inputs/draw-gates.py
// DEFINE: %{units} = %python %S/../QuantToInteger/Inputs/draw-units.py
// DEFINE: %{options} =
// DEFINE: %{extensions} = int4,int16
// DEFINE: %{function} = lenet5
// DEFINE: %{integer} = cgmq-opt %t.gated.mlir --cgmq-freeze -o %t.frozen.mlir && cgmq-opt %t.frozen.mlir --cgmq-lower-to-integer -o %t.integer.mlir && cgmq-run %t.integer.mlir --function=%{function} --images=%t.images --batch=8 --logits=%t.logits.npy
// DEFINE: %{tosa} = cgmq-opt %t.frozen.mlir --cgmq-set-batch=batch=8 --cgmq-lower-to-tosa="%{options}" -o %t.tosa.mlir
// DEFINE: %{validate} = mlir-opt %t.tosa.mlir --tosa-attach-target="profiles=pro_int extensions=%{extensions}" --tosa-validate=strict-op-spec-alignment -o /dev/null
// DEFINE: %{main} = %python %S/Inputs/append-main.py %{function} %t.images %t.logits.npy < %t.tosa.mlir > %t.main.mlir
// DEFINE: %{lower} = mlir-opt %t.main.mlir --tosa-to-linalg-pipeline --tosa-to-arith=include-apply-rescale --tosa-to-tensor --canonicalize %lower_to_llvm -o %t.llvm.mlir
// DEFINE: %{check} = %{integer} && %{tosa} && %{validate} && %{main} && %{lower} && %run_main %t.llvm.mlir | FileCheck %s
// CHECK: {{^0$}}

// LeNet-5 at 2 and 4 bits; its weights are i4.
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates -o %t.mlir
// RUN: %{gates} 1 2,4 %t.images < %t.mlir > %t.gated.mlir
// RUN: %{check}
// RUN: FileCheck %s --check-prefix=I4 --input-file=%t.tosa.mlir
// I4:     func.func @lenet5_integer(%{{.*}}: tensor<8x28x28x1xi8>) -> tensor<8x10xi32>
// I4-NOT: tosa.matmul
// I4:     tosa.conv2d {{.*}}tensor<512x1x1x1024xi4>

// What main counts is not always zero: the logits of others are not these.
// RUN: %{gates} 2 2,4,8 %t.images < %t.mlir > %t.gated.mlir && %{integer} && %{main} && %{lower}
// RUN: %run_main %t.llvm.mlir | FileCheck %s --check-prefix=OTHER
// OTHER: {{^[1-9][0-9]*$}}

// Widths of 2, 4 and 8 bits, and 8 bits alone: codes with a zero point. Without
// the extensions products with constants are products, of bytes.
// RUN: %{check}
// RUN: %{gates} 3 8 %t.images < %t.mlir > %t.gated.mlir
// RUN: %{check}
// REDEFINE: %{options} = int4=false int16=false
// REDEFINE: %{extensions} =
// RUN: %{gates} 1 2,4 %t.images < %t.mlir > %t.gated.mlir
// RUN: %{check}
// RUN: FileCheck %s --check-prefix=I8 --input-file=%t.tosa.mlir
// I8-NOT: xi4>
// I8:     tosa.matmul {{.*}}tensor<1x1024x512xi8>
// I8-NOT: xi4>

// Widths by channel, pruned channels among them.
// REDEFINE: %{options} =
// REDEFINE: %{extensions} = int4,int16
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="granularity=channel widths=0,2,4,8 budget=100%%" -o %t.mlir
// RUN: %{gates} 4 4 %t.images < %t.mlir | %{units} 6 0,2,4 0,2,4,8 > %t.gated.mlir
// RUN: %{check}

// Padding, strides, dilation, signed activations, pooling that overlaps and is
// padded, a transpose, and a matmul without a bias.
// REDEFINE: %{function} = network
// RUN: cgmq-opt %S/../QuantToInteger/network.mlir --cgmq-insert-gates="granularity=channel budget=100%%" -o %t.mlir
// RUN: %{gates} 4 4 %t.images < %t.mlir | %{units} 3 2,4,8 2,4,8 > %t.gated.mlir
// RUN: %{check}
// RUN: cgmq-opt %S/../QuantToInteger/network.mlir --cgmq-insert-gates -o %t.mlir
// RUN: %{gates} 4 2,4,8 %t.images < %t.mlir > %t.gated.mlir
// RUN: %{check}

// Activations of 16 bits, signed and not, with weights of 8 at most.
// RUN: %{gates} 5 16 %t.images < %t.mlir | sed '/weight.gate/s/3.5[0-9e+]*/2.5/' > %t.gated.mlir
// RUN: %{check}
// RUN: FileCheck %s --check-prefix=I16 --input-file=%t.tosa.mlir
// I16: tosa.concat {{.*}} -> tensor<8x29x29x1xi16>
// I16: tosa.conv2d {{.*}} -> tensor<8x14x14x8xi48>
// RUN: cgmq-run %t.tosa.mlir --function=network --compare=%t.integer.mlir --images=%t.images --batch=8 | FileCheck %s --check-prefix=SAME
// SAME: difference: 0 of 8 predictions, 0 of 40 logits

// What joins branches: sums, differences, concatenations, averages of windows
// that padding cuts off, zeros around a tensor, slices, clamps with two bounds,
// a depthwise convolution and a mean, at 8 bits and below, with gates for
// channels, and with activations of 16 bits; and a residual network.
// REDEFINE: %{function} = joins
// RUN: cgmq-opt %S/../QuantToInteger/Inputs/joins.mlir --cgmq-insert-gates="budget=100%%" -o %t.mlir
// RUN: %{gates} 1 2,4,8 %t.images < %t.mlir > %t.gated.mlir
// RUN: %{check}
// RUN: %{gates} 2 8 %t.images < %t.mlir > %t.gated.mlir
// RUN: %{check}
// RUN: FileCheck %s --check-prefix=JOINS --input-file=%t.tosa.mlir
// JOINS-DAG: tosa.depthwise_conv2d {{.*}}tensor<3x3x1x1xi4>
// JOINS-DAG: tosa.reduce_sum {{.*}} -> tensor<8x1x6x4xi32>
// RUN: %{gates} 3 16 %t.images < %t.mlir | sed '/weight.gate/s/3.5[0-9e+]*/2.5/' > %t.gated.mlir
// RUN: %{check}
// RUN: cgmq-run %t.tosa.mlir --function=joins --compare=%t.integer.mlir --images=%t.images --batch=8 | FileCheck %s --check-prefix=SAME
// RUN: cgmq-opt %S/../QuantToInteger/Inputs/joins.mlir --cgmq-insert-gates="granularity=channel budget=100%%" -o %t.mlir
// RUN: %{gates} 4 4 %t.images < %t.mlir | %{units} 3 2,4,8 2,4,8 > %t.gated.mlir
// RUN: %{check}
// REDEFINE: %{function} = resnet
// RUN: cgmq-opt %cgmq_src_root/test/Models/resnet-small.mlir --cgmq-insert-gates="budget=100%%" -o %t.mlir
// RUN: %{gates} 1 2,4,8 %t.images < %t.mlir > %t.gated.mlir
// RUN: %{check}
