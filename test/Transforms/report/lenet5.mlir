// The published figures of LeNet-5, multiply-accumulates a sample:
//   conv1  24*24*32 *  5*5*1  =   460800
//   conv2    8*8*64 *  5*5*32 =  3276800
//   fc1         512 *    1024 =   524288
//   fc2          10 *     512 =     5120
//                               4267008, at 32 bits * 1024 = 4369416192 BOPs

// All 2 bits: 2*2 / (32*32) = 0.390625 %.
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="widths=2 budget=0.390625%" --cgmq-verify-budget --cgmq-report="table-file=-" -o /dev/null | FileCheck %s --check-prefix=ALL2
// ALL2:      layer MACs bits BOPs share
// ALL2-NEXT: conv1.weight 460800 2x2 1843200 10.80%
// ALL2-NEXT: conv2.weight 3276800 2x2 13107200 76.79%
// ALL2-NEXT: fc1.weight 524288 2x2 2097152 12.29%
// ALL2-NEXT: fc2.weight 5120 2x2 20480 0.12%
// ALL2-NEXT: lenet5 4267008 17068032 RBOP 0.390625% of at most 0.390625%

// Input 8, rest 2: (460800*8*2 + 3806208*2*2) / 4369416192 = 0.5172 %.
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="widths=2 input=8" --cgmq-report="table-file=-" -o /dev/null | FileCheck %s --check-prefix=IN8ALL2
// IN8ALL2: conv1.weight 460800 8x2 7372800
// IN8ALL2: lenet5 4267008 22597632 RBOP 0.517177%

// All 4 bits: 4*4 / (32*32) = 1.5625 %.
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="widths=4" --cgmq-report="table-file=-" -o /dev/null | FileCheck %s --check-prefix=ALL4
// ALL4: lenet5 4267008 68272128 RBOP 1.5625%

// Input 8, rest 4: (460800*8*4 + 3806208*4*4) / 4369416192 = 1.731 %.
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="widths=4 input=8" --cgmq-report="table-file=-" -o /dev/null | FileCheck %s --check-prefix=IN8ALL4
// IN8ALL4: lenet5 4267008 75644928 RBOP 1.73124%

// All 8 bits: 8*8 / (32*32) = 6.25 %, whether or not the input is gated.
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="widths=8 input=8" --cgmq-report="table-file=-" -o /dev/null | FileCheck %s --check-prefix=ALL8
// ALL8: lenet5 4267008 273088512 RBOP 6.25%

// The float model costs all of it; a static batch is divided out.
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-set-batch="batch=128" --cgmq-report="table-file=-" -o /dev/null | FileCheck %s --check-prefix=FLOAT
// FLOAT: conv1.weight 460800 32x32 471859200
// FLOAT: lenet5 4267008 4369416192 RBOP 100%

// Freezing and lowering to integers change nothing about the cost.
// RUN: cgmq-opt %cgmq_src_root/test/Models/lenet5.mlir --cgmq-insert-gates="widths=4 input=8 budget=1.74%" --cgmq-freeze --cgmq-verify-budget --cgmq-report="table-file=-" -o %t.frozen.mlir | FileCheck %s --check-prefix=STAGES
// RUN: cgmq-opt %t.frozen.mlir --cgmq-lower-to-integer --cgmq-verify-budget --cgmq-report="table-file=-" -o /dev/null | FileCheck %s --check-prefix=STAGES
// STAGES: conv1.weight 460800 8x4 14745600
// STAGES: conv2.weight 3276800 4x4 52428800
// STAGES: fc1.weight 524288 4x4 8388608
// STAGES: fc2.weight 5120 4x4 81920
// STAGES: lenet5 4267008 75644928 RBOP 1.73124% of at most 1.74%
