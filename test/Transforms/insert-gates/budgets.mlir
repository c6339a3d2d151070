// Bounds on several costs, and on others than bit-operations.
// RUN: split-file %s %t
// RUN: cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=20%% cost-model=memory" | FileCheck %s --check-prefix=MEMORY
// MEMORY: cgmq.budget = #cgmq.budget<2.000000e+01 percent, memory>
// RUN: cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=4096 cost-model=memory" | FileCheck %s --check-prefix=BITS
// BITS: cgmq.budget = #cgmq.budget<4.096000e+03 bit, memory>
// RUN: cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=memory:20%%,0.9%%" | FileCheck %s --check-prefix=BOTH
// RUN: cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=bop:0.9%%,20%% cost-model=memory" | FileCheck %s --check-prefix=OTHER
// BOTH: cgmq.budget = [#cgmq.budget<2.000000e+01 percent, memory>, #cgmq.budget<9.000000e-01 percent>]
// OTHER: cgmq.budget = [#cgmq.budget<9.000000e-01 percent>, #cgmq.budget<2.000000e+01 percent, memory>]
// RUN: cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=40%% cost-model=table:%t/npu.json" | FileCheck %s --check-prefix=TABLE
// RUN: cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/npu.json:40%%" | FileCheck %s --check-prefix=TABLE
// RUN: cgmq-opt %t/model.mlir --pass-pipeline="builtin.module(cgmq-insert-gates{budget=table:%t/npu.json:40%%,memory:20%%})" | FileCheck %s --check-prefix=TABLE
// TABLE: #cgmq.budget<4.000000e+01 percent, #cgmq.cost_table<"npu", widths = [4, 32], costs = {default = array<f64: 1.000000e+00, 1.600000e+01, 1.600000e+01, 1.600000e+01>, matmul = array<f64: 5.000000e-01, 1.600000e+01, 1.600000e+01, 3.200000e+01>}>>

// What cannot be read is said, and nothing is written.
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates=cost-model=memory -o %t/out 2>&1 | FileCheck %s --check-prefix=ALONE
// ALONE: error: expects option 'budget' where 'cost-model' is given
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=1%% cost-model=energy" -o %t/out 2>&1 | FileCheck %s --check-prefix=MODEL
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=energy:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=MODEL
// MODEL: error: expects cost model bop, memory or table:FILE, but got 'energy'
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=bop:1%%,2%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: error: expects one budget for each cost model, but got several for 'bop'
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=1%%," -o %t/out 2>&1 | FileCheck %s --check-prefix=COMMA
// COMMA: error: expects budget as a percentage (0.9%) or a number of bit-operations (38912000), but got ''
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=memory:" -o %t/out 2>&1 | FileCheck %s --check-prefix=NUMBER
// NUMBER: error: expects budget as a percentage (0.9%) or a number of bits of weights and biases (38912000), but got 'memory:'
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=memory:101%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=PERCENT
// PERCENT: error: expects a bound of at most 100 percent, but got 1.01
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/absent.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: expects a table of costs in '{{.*}}absent.json', but got No such file or directory
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=FOLDER
// FOLDER: error: expects a table of costs in '{{.*}}', but got Is a directory
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/text.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=JSON
// JSON: error: expects a table of costs in '{{.*}}text.json', but got no JSON: [3:0, byte=37]: Unterminated string
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/list.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=LIST
// LIST: but got no JSON object
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/key.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=KEY
// KEY: but got an unknown key 'width'
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/name.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: but its 'name' is no string
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/widths.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=WIDTHS
// WIDTHS: but its 'widths' are no integers
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/costs.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=COSTS
// COSTS: but its 'costs' are no object
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/rows.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=ROWS
// ROWS: but 'default' is no list of 2 rows, one for each width of the activation
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/pair.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=PAIR
// PAIR: but 'default' has no list of 2 costs for activations of 32 bits, one for each width of the weight
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/cell.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=CELL
// CELL: but 'default' has no number for 4 by 32 bits
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/negative.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// NEGATIVE: error: expects a table of costs in '{{.*}}negative.json', but it is no valid one: expects costs that are finite and not negative, but got -1.0{{.*}} for 'default' of 32 by 32 bits
// RUN: not cgmq-opt %t/model.mlir --cgmq-insert-gates="budget=table:%t/kind.json:1%%" -o %t/out 2>&1 | FileCheck %s --check-prefix=KIND
// KIND: but it is no valid one: expects costs for conv2d, depthwise_conv2d, matmul or default, but got 'softmax'
// RUN: not ls %t/out

//--- model.mlir
ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>
func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  return %y : tensor<1x?x4xf32>
}
//--- npu.json
{ "name": "npu", "_source": "a data sheet", "widths": [4, 32],
  "costs": { "default": [[1, 16], [16, 16]], "matmul": [[0.5, 16], [16, 32]] } }
//--- text.json
{ "name": "npu",
  "widths [4, 32] }
//--- list.json
[1, 2]
//--- key.json
{ "name": "npu", "width": [32], "costs": { "default": [[1]] } }
//--- name.json
{ "name": 1, "widths": [32], "costs": { "default": [[1]] } }
//--- widths.json
{ "name": "npu", "widths": [4.5, 32], "costs": { "default": [[1]] } }
//--- costs.json
{ "name": "npu", "widths": [32], "costs": [[1]] }
//--- rows.json
{ "name": "npu", "widths": [4, 32], "costs": { "default": [[1, 16]] } }
//--- pair.json
{ "name": "npu", "widths": [4, 32], "costs": { "default": [[1, 16], [16]] } }
//--- cell.json
{ "name": "npu", "widths": [4, 32], "costs": { "default": [[1, "16"], [16, 16]] } }
//--- negative.json
{ "name": "npu", "widths": [4, 32], "costs": { "default": [[1, 16], [16, -1]] } }
//--- kind.json
{ "name": "npu", "widths": [32], "costs": { "default": [[1]], "softmax": [[1]] } }
