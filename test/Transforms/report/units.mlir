// RUN: cgmq-opt %s --cgmq-report="report-file=%t.json table-file=%t.txt" --remarks-filter-analyse=cgmq-cost -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: FileCheck %s --check-prefix=JSON --input-file=%t.json
// RUN: FileCheck %s --check-prefix=TABLE --input-file=%t.txt
// RUN: cgmq-opt %s --cgmq-verify-budget --remarks-filter-analyse=cgmq-cost -o /dev/null 2>&1 | FileCheck %s --check-prefix=BUDGET
// The same of the frozen form.
// RUN: cgmq-opt %s --cgmq-freeze --cgmq-report="report-file=%t.json table-file=%t.txt" -o /dev/null
// RUN: FileCheck %s --check-prefix=JSON --input-file=%t.json
// RUN: FileCheck %s --check-prefix=TABLE --input-file=%t.txt
// RUN: sed s/52.0/51.0/ %s | not cgmq-opt --cgmq-verify-budget -o /dev/null 2>&1 | FileCheck %s --check-prefix=EXCEEDED

// Widths of single elements: 2 and 4 bits of the activation, 2, 4 and 8 and
// three times 2 bits of the weight; 2 * (2 + 4 + 8) + 4 * (2 + 2 + 2) = 52.

// REMARK: remark: [Analysis] Contraction
// REMARK-SAME: BOPs=52
// REMARK-SAME: LhsBits=3.00
// REMARK-SAME: RhsBits=3.33

// JSON:      "layers": [
// JSON:      "lhs_bits": 3,
// JSON-NEXT: "lhs_units": {
// JSON-NEXT:   "2": 1,
// JSON-NEXT:   "4": 1
// JSON-NEXT: },
// JSON:      "rhs_bits": 3.33{{.*}}
// JSON-NEXT: "rhs_units": {
// JSON-NEXT:   "2": 4,
// JSON-NEXT:   "4": 1,
// JSON-NEXT:   "8": 1
// JSON-NEXT: },

// TABLE:      layer MACs bits BOPs share
// TABLE-NEXT: w 6 3.00x3.33 52 100.00%
// TABLE-NEXT: f 6 52 RBOP 0.846354% of at most 0.846354%

// BUDGET: remark: [Analysis] Budget | {{.*}}BOPs=52, Bound=52
// EXCEEDED: error: expects at most 51 bit-operations, but got 52
// EXCEEDED: note: the largest part, 100%, is here: 6 multiply-accumulates of 3.00 by 3.33 bits

!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>
ml_program.global private mutable @w(dense<0.5> : tensor<1x2x3xf32>) : tensor<1x2x3xf32>
ml_program.global private mutable @w.gate(dense<[[[0.5, 1.5, 2.5], [0.5, 0.5, 0.5]]]> : tensor<1x2x3xf32>) : tensor<1x2x3xf32>
ml_program.global private mutable @a.gate(dense<[[[0.5, 1.5]]]> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>

func.func @f(%x: tensor<1x?x2xf32>) -> tensor<1x?x3xf32> attributes {cgmq.budget = #cgmq.budget<52.0 bop>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %range = arith.constant dense<1.0> : tensor<f32>
  %a = ml_program.global_load @a.gate : tensor<1x1x2xf32>
  %xq = cgmq.quantize %x, %range, %a : tensor<1x?x2xf32>, tensor<f32>, tensor<1x1x2xf32> -> tensor<1x?x2x!s>
  %xd = cgmq.dequantize %xq : tensor<1x?x2x!s> -> tensor<1x?x2xf32>
  %w = ml_program.global_load @w : tensor<1x2x3xf32>
  %g = ml_program.global_load @w.gate : tensor<1x2x3xf32>
  %wq = cgmq.quantize %w, %range, %g : tensor<1x2x3xf32>, tensor<f32>, tensor<1x2x3xf32> -> tensor<1x2x3x!s>
  %wd = cgmq.dequantize %wq : tensor<1x2x3x!s> -> tensor<1x2x3xf32>
  %y = tosa.matmul %xd, %wd, %zero, %zero : (tensor<1x?x2xf32>, tensor<1x2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %y : tensor<1x?x3xf32>
}
