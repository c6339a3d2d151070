// What training simulates, what freezing leaves and what the integer program
// computes are the same, bit for bit: all logits of LeNet-5, for widths drawn
// by seed. The logits are integers times one scale, so equal logits are equal
// accumulators.

// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates -o %t.mlir

// Widths of 2 and 4 bits.
// RUN: %python %S/Inputs/draw-gates.py 1 2,4 %t.images < %t.mlir > %t.gated.mlir
// RUN: cgmq-opt %t.gated.mlir --cgmq-freeze -o %t.frozen.mlir
// RUN: cgmq-opt %t.frozen.mlir --cgmq-lower-to-integer -verify-diagnostics -o %t.integer.mlir
// RUN: cgmq-run %t.integer.mlir --function=lenet5 --compare=%t.gated.mlir --images=%t.images --batch=8 | FileCheck %s
// RUN: cgmq-run %t.frozen.mlir --function=lenet5 --compare=%t.gated.mlir --images=%t.images --batch=8 | FileCheck %s

// Widths of 2, 4 and 8 bits.
// RUN: %python %S/Inputs/draw-gates.py 2 2,4,8 %t.images < %t.mlir > %t.gated.mlir
// RUN: cgmq-opt %t.gated.mlir --cgmq-freeze --cgmq-lower-to-integer -verify-diagnostics -o %t.integer.mlir
// RUN: cgmq-run %t.integer.mlir --function=lenet5 --compare=%t.gated.mlir --images=%t.images --batch=8 | FileCheck %s

// 8 bits throughout: a signed and an unsigned byte, 255 thresholds a layer.
// RUN: %python %S/Inputs/draw-gates.py 3 8 %t.images < %t.mlir > %t.gated.mlir
// RUN: cgmq-opt %t.gated.mlir --cgmq-freeze --cgmq-lower-to-integer -verify-diagnostics -o %t.integer.mlir
// RUN: cgmq-run %t.integer.mlir --function=lenet5 --compare=%t.gated.mlir --images=%t.images --batch=8 | FileCheck %s

// CHECK: difference: 0 of 8 predictions, 0 of 80 logits
