// Pruned channels and elements, run against simulation on the network of
// network.mlir and on LeNet-5, before what says nothing is removed and after: the
// frozen and the integer form give the logits of the gated one, and have its cost.

// DEFINE: %{draw} = %python %S/Inputs/draw-gates.py 4 4 %t.images < %t.mlir | %python %S/Inputs/draw-units.py
// DEFINE: %{lower} = cgmq-opt %t.gated.mlir --cgmq-report=table-file=%t.gated.txt --cgmq-freeze --cgmq-report=table-file=%t.frozen.txt -o %t.frozen.mlir && cgmq-opt %t.frozen.mlir --cgmq-lower-to-integer --cgmq-report=table-file=%t.integer.txt -verify-diagnostics -o %t.integer.mlir && cmp %t.gated.txt %t.frozen.txt && cmp %t.gated.txt %t.integer.txt
// DEFINE: %{compare} = --images=%t.images --batch=8 --compare=%t.gated.mlir

// RUN: cgmq-opt %S/network.mlir --cgmq-insert-gates="granularity=channel widths=0,2,4,8 budget=100%%" -o %t.mlir
// RUN: %{draw} 7 0,2,4 0,2,8 > %t.gated.mlir
// RUN: %{lower}
// RUN: cgmq-run %t.frozen.mlir %{compare} | FileCheck %s
// RUN: cgmq-run %t.integer.mlir --function=network %{compare} | FileCheck %s
// RUN: cgmq-opt %t.integer.mlir --cgmq-remove-pruned-channels --cgmq-verify-budget -o %t.removed.mlir
// RUN: cgmq-run %t.removed.mlir --function=network %{compare} | FileCheck %s
// RUN: cgmq-opt %S/network.mlir --cgmq-insert-gates="granularity=element widths=0,2,4,8 budget=100%%" -o %t.mlir
// RUN: %{draw} 8 0,2,4 0,2,8 > %t.gated.mlir
// RUN: %{lower}
// RUN: cgmq-run %t.frozen.mlir %{compare} | FileCheck %s
// RUN: cgmq-run %t.integer.mlir --function=network %{compare} | FileCheck %s
// RUN: cgmq-opt %t.integer.mlir --cgmq-remove-pruned-channels --cgmq-verify-budget -o %t.removed.mlir
// RUN: cgmq-run %t.removed.mlir --function=network %{compare} | FileCheck %s
// CHECK: difference: 0 of 8 predictions, 0 of 40 logits

// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="granularity=channel widths=0,2,4,8 budget=100%%" -o %t.mlir
// RUN: %{draw} 9 0,2,4 0,2,4,8 > %t.gated.mlir
// RUN: %{lower}
// RUN: cgmq-run %t.integer.mlir --function=lenet5 %{compare} | FileCheck %s --check-prefix=LENET
// RUN: cgmq-opt %t.integer.mlir --cgmq-remove-pruned-channels --cgmq-verify-budget -o %t.removed.mlir
// RUN: cgmq-run %t.removed.mlir --function=lenet5 %{compare} | FileCheck %s --check-prefix=LENET
// LENET: difference: 0 of 8 predictions, 0 of 80 logits
// Of 32 channels, 64 and 512.
// RUN: FileCheck %s --check-prefix=REMOVED --input-file=%t.removed.mlir
// REMOVED: @conv1.weight({{.*}}) : tensor<5x5x1x[[A:[12][0-9]]]xi8>
// REMOVED: @conv2.weight({{.*}}) : tensor<5x5x[[A]]x[[B:[2-5][0-9]]]xi8>
// REMOVED: @fc1.weight({{.*}}) : tensor<1x{{[0-9]+}}x[[C:[1-4][0-9][0-9]]]xi8>
// REMOVED: @fc2.weight({{.*}}) : tensor<1x[[C]]x10xi8>
// REMOVED: call @lenet5_integer(%{{.*}}) : (tensor<?x28x28x1xi8>) -> tensor<?x10xi32>
