// RUN: cgmq-opt %s -cgmq-annotate-branches | FileCheck %s

#rolled = #llvm.loop_annotation<unroll = <disable = true>>

// CHECK-LABEL: llvm.func @loop(
// CHECK:         llvm.br ^{{.*}} {loop_annotation = #[[ROLLED:.*]]}
llvm.func @loop() {
  llvm.br ^loop
^loop:
  llvm.br ^loop {llvm.loop_annotation = #rolled}
}

// CHECK-LABEL: llvm.func @conditional(
// CHECK:         llvm.cond_br {{.*}} {loop_annotation = #[[ROLLED]]}
llvm.func @conditional(%c: i1) {
  llvm.br ^loop
^loop:
  llvm.cond_br %c, ^loop, ^end {llvm.loop_annotation = #rolled}
^end:
  llvm.return
}
