// Gates for channels and for elements, run against simulation on the network of
// network.mlir (padding, strides, signed activations, a transpose) and on
// LeNet-5: the frozen and the integer form give the logits of the gated one,
// and have its cost.

// DEFINE: %{draw} = %python %S/Inputs/draw-gates.py 4 4 %t.images < %t.mlir | %python %S/Inputs/draw-units.py
// DEFINE: %{lower} = cgmq-opt %t.gated.mlir --cgmq-report=table-file=%t.gated.txt --cgmq-freeze --cgmq-report=table-file=%t.frozen.txt -o %t.frozen.mlir && cgmq-opt %t.frozen.mlir --cgmq-lower-to-integer --cgmq-report=table-file=%t.integer.txt -verify-diagnostics -o %t.integer.mlir && cmp %t.gated.txt %t.frozen.txt && cmp %t.gated.txt %t.integer.txt
// DEFINE: %{compare} = --images=%t.images --batch=8 --compare=%t.gated.mlir

// RUN: cgmq-opt %S/network.mlir --cgmq-insert-gates="granularity=channel budget=100%%" -o %t.mlir
// RUN: %{draw} 1 2,4,8 2,4,8 > %t.gated.mlir
// RUN: %{lower}
// RUN: cgmq-run %t.frozen.mlir %{compare} | FileCheck %s
// RUN: cgmq-run %t.integer.mlir --function=network %{compare} | FileCheck %s
// 16 bits in weights, where sums stay below 2^24.
// RUN: %{draw} 2 2,4,16 2,4 > %t.gated.mlir
// RUN: %{lower}
// RUN: cgmq-run %t.integer.mlir --function=network %{compare} | FileCheck %s

// RUN: cgmq-opt %S/network.mlir --cgmq-insert-gates="granularity=element budget=100%%" -o %t.mlir
// RUN: %{draw} 3 2,4,8 2,4,8 > %t.gated.mlir
// RUN: %{lower}
// RUN: cgmq-run %t.frozen.mlir %{compare} | FileCheck %s
// RUN: cgmq-run %t.integer.mlir --function=network %{compare} | FileCheck %s
// RUN: %{draw} 4 2,8,16 2,4 > %t.gated.mlir
// RUN: %{lower}
// RUN: cgmq-run %t.integer.mlir --function=network %{compare} | FileCheck %s
// CHECK: difference: 0 of 8 predictions, 0 of 40 logits

// 16 bits in activations: as with one gate for each tensor, f32 is no longer
// exact and says so; predictions stay.
// RUN: %{draw} 5 2,8 2,4,16 > %t.gated.mlir
// RUN: cgmq-opt %t.gated.mlir --cgmq-freeze --cgmq-lower-to-integer -o %t.integer.mlir 2>&1 | FileCheck %s --check-prefix=WIDE
// WIDE: warning: {{.*}}differs from simulation by one code at {{[0-9]+}} of the accumulators
// RUN: cgmq-run %t.integer.mlir --function=network %{compare} | FileCheck %s --check-prefix=PREDICT
// PREDICT: difference: 0 of 8 predictions

// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="granularity=channel budget=100%%" -o %t.mlir
// RUN: %{draw} 6 2,4 2,4,8 > %t.gated.mlir
// RUN: %{lower}
// RUN: cgmq-run %t.integer.mlir --function=lenet5 %{compare} | FileCheck %s --check-prefix=LENET
// LENET: difference: 0 of 8 predictions, 0 of 80 logits
