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
// DEFINE: %{compare} = --function=%{function} --images=%t.images --batch=8 --compare=%t.gated.mlir | FileCheck %s --check-prefix=%{function}
// DEFINE: %{check} = cgmq-run %t.frozen.mlir %{compare} && cgmq-run %t.integer.mlir %{compare}

// RUN: %{draw} && %{lower} && %{check}
// REDEFINE: %{seed} = 2
// REDEFINE: %{widths} = 8
// RUN: %{draw} && %{lower} && %{check}
// REDEFINE: %{widths} = 2,4,8
// REDEFINE: %{gates} = granularity=channel
// RUN: %{draw} && %{lower} && %{check}
// REDEFINE: %{gates} = granularity=element
// RUN: %{draw} && %{lower} && %{check}
// joins: difference: 0 of 8 predictions, 0 of 40 logits

// REDEFINE: %{model} = %cgmq_src_root/test/Models/resnet-small.mlir
// REDEFINE: %{function} = resnet
// REDEFINE: %{gates} =
// RUN: %{draw} && %{lower} && %{check}
// REDEFINE: %{gates} = granularity=channel
// RUN: %{draw} && %{lower} && %{check}
// REDEFINE: %{gates} = granularity=element
// RUN: %{draw} && %{lower} && %{check}
// resnet: difference: 0 of 8 predictions, 0 of 80 logits
