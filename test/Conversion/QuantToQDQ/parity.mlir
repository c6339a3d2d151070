// Frozen networks of drawn widths without cgmq: stock mlir-opt lowers quantizers,
// quantized types and float contractions, and stock mlir-runner gives the logits
// of the integer program. Its codes are the same, since its logits are within
// less than half of a step (0.06 and 0.002) of them; floats round their sums.

// DEFINE: %{gates} = %python %S/../QuantToInteger/Inputs/draw-gates.py
// DEFINE: %{function} = lenet5
// DEFINE: %{tolerance} = 1e-5
// DEFINE: %{integer} = cgmq-opt %t.gated.mlir --cgmq-freeze -o %t.frozen.mlir && cgmq-opt %t.frozen.mlir --cgmq-lower-to-integer -o %t.integer.mlir && cgmq-run %t.integer.mlir --function=%{function} --images=%t.images --batch=8 --logits=%t.logits.npy
// DEFINE: %{qdq} = cgmq-opt %t.frozen.mlir --cgmq-set-batch=batch=8 --cgmq-lower-to-qdq -o %t.qdq.mlir
// DEFINE: %{main} = %python %S/../QuantToTosa/Inputs/append-main.py %{function} %t.images %t.logits.npy %{tolerance} < %t.qdq.mlir > %t.main.mlir
// DEFINE: %{lower} = mlir-opt %t.main.mlir --canonicalize --normalize-quant-types --lower-quant-ops --strip-func-quant-types --canonicalize --tosa-to-linalg-pipeline --tosa-to-arith --tosa-to-tensor --convert-elementwise-to-linalg --canonicalize %lower_to_llvm -o %t.llvm.mlir
// DEFINE: %{check} = %{integer} && %{qdq} && %{main} && %{lower} && %run_main %t.llvm.mlir | FileCheck %s
// CHECK: {{^0$}}

// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates -o %t.mlir
// RUN: %{gates} 1 2,4 %t.images < %t.mlir > %t.gated.mlir
// RUN: %{check}

// What main counts is not always zero: the logits of others are not these.
// RUN: %{gates} 2 2,4 %t.images < %t.mlir > %t.gated.mlir && %{integer} && %{main} && %{lower}
// RUN: %run_main %t.llvm.mlir | FileCheck %s --check-prefix=OTHER
// OTHER: {{^[1-9][0-9]*$}}

// Widths of channels and of elements, in weights and activations.
// REDEFINE: %{function} = network
// RUN: cgmq-opt %S/../QuantToInteger/network.mlir --cgmq-insert-gates="granularity=element budget=100%%" -o %t.mlir
// RUN: %{gates} 4 4 %t.images < %t.mlir | %python %S/../QuantToInteger/Inputs/draw-units.py 3 2,4 2,4 > %t.gated.mlir
// RUN: %{check}

// The same with casts: stock mlir-opt takes it, and leaves it as it is.
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates -o %t.mlir
// RUN: %{gates} 1 2,4 %t.images < %t.mlir > %t.gated.mlir
// RUN: cgmq-opt %t.gated.mlir --cgmq-freeze --cgmq-lower-to-qdq=quantizers=casts -o %t.qdq.mlir
// RUN: mlir-opt %t.qdq.mlir | cmp - %t.qdq.mlir
