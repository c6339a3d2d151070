// A whole network and its training step, gated and not, agree with plain loops
// up to the order of sums.

// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir -cgmq-set-batch=batch=4 \
// RUN:     -cgmq-initialize-parameters -cgmq-build-loss -cgmq-build-training-step \
// RUN:     -o %t.float.mlir
// RUN: cgmq-compare-lowerings %t.float.mlir --function=lenet5_step --tolerance=1e-4

// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir \
// RUN:     -cgmq-insert-gates="budget=0.9%% input=8" -cgmq-set-batch=batch=4 \
// RUN:     -cgmq-initialize-parameters -cgmq-build-loss -cgmq-build-training-step \
// RUN:     -cse -cgmq-lower-quantizers -canonicalize -cse -o %t.gated.mlir
// RUN: cgmq-compare-lowerings %t.gated.mlir --function=lenet5_step --tolerance=1e-4
