// Sums, averages, clamps and depthwise convolutions of widths drawn by seed: the
// frozen and the integer form give the logits of the gated one, and have its
// cost, with gates for tensors, channels and elements; and so does a residual
// network.

// DEFINE: %{gates} =
// DEFINE: %{model} = %S/Inputs/joins.mlir
// DEFINE: %{function} = joins
// DEFINE: %{seed} = 1
// DEFINE: %{widths} = 2,4,8
// DEFINE: %{draw} = cgmq-opt %{model} --cgmq-insert-gates="budget=100%% %{gates}" | %python %S/Inputs/draw-gates.py %{seed} %{widths} %t.images | %python %S/Inputs/draw-units.py %{seed} %{widths} %{widths} > %t.gated.mlir
// DEFINE: %{lower} = cgmq-opt %t.gated.mlir --cgmq-report=table-file=%t.gated.txt --cgmq-freeze --cgmq-report=table-file=%t.frozen.txt -o %t.frozen.mlir && cgmq-opt %t.frozen.mlir --cgmq-lower-to-integer --cgmq-report=table-file=%t.integer.txt -verify-diagnostics -o %t.integer.mlir && cmp %t.gated.txt %t.frozen.txt && cmp %t.gated.txt %t.integer.txt
// DEFINE: %{compare} = cgmq-run %t.frozen.mlir --images=%t.images --batch=8 --compare=%t.gated.mlir && cgmq-run %t.integer.mlir --function=%{function} --images=%t.images --batch=8 --compare=%t.gated.mlir

// RUN: %{draw} && %{lower} && %{compare} | FileCheck %s
// REDEFINE: %{seed} = 2
// REDEFINE: %{widths} = 8
// RUN: %{draw} && %{lower} && %{compare} | FileCheck %s
// REDEFINE: %{widths} = 2,4,8
// REDEFINE: %{gates} = granularity=channel
// RUN: %{draw} && %{lower} && %{compare} | FileCheck %s
// REDEFINE: %{gates} = granularity=element
// RUN: %{draw} && %{lower} && %{compare} | FileCheck %s
// CHECK: difference: 0 of 8 predictions, 0 of 40 logits
// CHECK: difference: 0 of 8 predictions, 0 of 40 logits

// REDEFINE: %{model} = %cgmq_src_root/test/Models/resnet-small.mlir
// REDEFINE: %{function} = resnet
// REDEFINE: %{gates} =
// RUN: %{draw} && %{lower} && %{compare} | FileCheck %s --check-prefix=RESNET
// REDEFINE: %{gates} = granularity=channel
// RUN: %{draw} && %{lower} && %{compare} | FileCheck %s --check-prefix=RESNET
// REDEFINE: %{gates} = granularity=element
// RUN: %{draw} && %{lower} && %{compare} | FileCheck %s --check-prefix=RESNET
// RESNET: difference: 0 of 8 predictions, 0 of 80 logits
// RESNET: difference: 0 of 8 predictions, 0 of 80 logits
