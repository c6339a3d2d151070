// RUN: cgmq-opt %s --cgmq-report="report-file=%t.json table-file=%t.txt" --remarks-filter-analyse=cgmq-cost -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: FileCheck %s --check-prefix=JSON --input-file=%t.json
// RUN: FileCheck %s --check-prefix=TABLE --input-file=%t.txt
// RUN: cgmq-opt %s --cgmq-report | FileCheck %s --check-prefix=KEPT

// The same layer in remark, JSON and table, at the widths of the gates: an
// activation at T(1.5) = 4 bits that passes a reshape, a weight pinned at
// T(0.5) = 2; a matmul of 3*5 multiply-accumulates a sample, 15*4*2 = 120.

// REMARK: remark: [Analysis] Contraction
// REMARK-SAME: Category:cgmq-cost
// REMARK-SAME: Function=f
// REMARK-SAME: BOPs=120
// REMARK-SAME: Layer=w
// REMARK-SAME: LhsBits=4
// REMARK-SAME: MACs=15
// REMARK-SAME: RhsBits=2

// JSON:      "bops": 120,
// JSON-NEXT: "bound": {
// JSON-NEXT:   "bops": 130,
// JSON-NEXT:   "unit": "bop",
// JSON-NEXT:   "value": 130
// JSON:      "full_bops": 15360,
// JSON-NEXT: "function": "f",
// JSON-NEXT: "layers": [
// JSON:        "bops": 120,
// JSON-NEXT:   "lhs_bits": 4,
// JSON-NEXT:   "location": "{{.*}}report.mlir:[[# @LINE + 38]]:8",
// JSON-NEXT:   "macs": 15,
// JSON-NEXT:   "name": "w",
// JSON-NEXT:   "op": "tosa.matmul",
// JSON-NEXT:   "rhs_bits": 2,
// JSON-NEXT:   "share": 1
// JSON:      "rbop_percent": 0.78125

// TABLE:      layer MACs bits BOPs share
// TABLE-NEXT: w 15 4x2 120 100.00%
// TABLE-NEXT: f 15 120 RBOP 0.78125% of at most 0.846354%

// The IR stays as it is.
// KEPT: cgmq.quantize

!u = !cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>
!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>

ml_program.global private mutable @w(dense<0.5> : tensor<1x3x5xf32>) : tensor<1x3x5xf32>
ml_program.global private mutable @a.gate(dense<1.5> : tensor<f32>) : tensor<f32>

// A function without a budget is not the one that is reported.
func.func @other(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

func.func @f(%x: tensor<?x3xf32>) -> tensor<1x?x5xf32> attributes {cgmq.budget = #cgmq.budget<130.0 bop>} {
  %range = arith.constant dense<1.0> : tensor<f32>
  %pinned = arith.constant dense<0.5> : tensor<f32>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<[1, -1, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %gate = ml_program.global_load @a.gate : tensor<f32>
  %xq = cgmq.quantize %x, %range, %gate : tensor<?x3xf32>, tensor<f32>, tensor<f32> -> tensor<?x3x!u>
  %xd = cgmq.dequantize %xq : tensor<?x3x!u> -> tensor<?x3xf32>
  %xr = tosa.reshape %xd, %shape : (tensor<?x3xf32>, !tosa.shape<3>) -> tensor<1x?x3xf32>
  %w = ml_program.global_load @w : tensor<1x3x5xf32>
  %wq = cgmq.quantize %w, %range, %pinned : tensor<1x3x5xf32>, tensor<f32>, tensor<f32> -> tensor<1x3x5x!s>
  %wd = cgmq.dequantize %wq : tensor<1x3x5x!s> -> tensor<1x3x5xf32>
  %y = tosa.matmul %xr, %wd, %zero, %zero : (tensor<1x?x3xf32>, tensor<1x3x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x5xf32>
  return %y : tensor<1x?x5xf32>
}
