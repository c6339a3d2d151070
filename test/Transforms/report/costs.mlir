// RUN: cgmq-opt %s --cgmq-report="report-file=%t.json table-file=%t.txt" -o /dev/null
// RUN: FileCheck %s --check-prefix=JSON --input-file=%t.json
// RUN: FileCheck %s --check-prefix=TABLE --input-file=%t.txt --match-full-lines --strict-whitespace

// Costs beside bit-operations: 8 MACs at 32 bits, two parameters of 8 and 2
// elements.

// Without a bound on bit-operations `bound` is null, as it is without any.
// JSON:      "bound": null,
// JSON-NEXT: "bounds": [
// JSON-NEXT:   {
// JSON-NEXT:     "cost": 320,
// JSON-NEXT:     "full_cost": 320,
// JSON-NEXT:     "limit": 320,
// JSON-NEXT:     "model": "memory",
// JSON-NEXT:     "percent": 100,
// JSON-NEXT:     "unit": "percent",
// JSON-NEXT:     "value": 100
// JSON-NEXT:   },
// JSON-NEXT:   {
// JSON-NEXT:     "cost": 20,
// JSON-NEXT:     "full_cost": 20,
// JSON-NEXT:     "limit": 40,
// JSON-NEXT:     "model": "npu",
// JSON-NEXT:     "percent": 100,
// JSON-NEXT:     "unit": "cost",
// JSON-NEXT:     "value": 40
// JSON-NEXT:   }
// JSON-NEXT: ],
// JSON:      "bops": 8192,
// JSON-NEXT: "costs": {
// JSON-NEXT:   "memory": 0,
// JSON-NEXT:   "npu": 20
// JSON-NEXT: },
// JSON:      "memory_bits": 320,
// JSON-NEXT: "parameters": [
// JSON-NEXT:   {
// JSON-NEXT:     "bits": 256,
// JSON-NEXT:     "elements": 8,
// JSON-NEXT:     "name": "w"
// JSON-NEXT:   },
// JSON-NEXT:   {
// JSON-NEXT:     "bits": 64,
// JSON-NEXT:     "elements": 2,
// JSON-NEXT:     "name": "b"
// JSON-NEXT:   }
// JSON-NEXT: ],

//      TABLE:layer                    MACs   bits           BOPs    share
// TABLE-NEXT:w                           8  32x32           8192  100.00%
// TABLE-NEXT:f                           8                  8192  RBOP 100%
// TABLE-NEXT:memory                                          320  100% of at most 100%
// TABLE-NEXT:npu                                              20  100% of at most 200%

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
ml_program.global private mutable @b(dense<0.5> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>
func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x2xf32>
    attributes {cgmq.budget = [#cgmq.budget<100.0 percent, memory>,
        #cgmq.budget<40.0 cost, #cgmq.cost_table<"npu", widths = [32], costs = {default = array<f64: 2.5>}>>]} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x2xf32>
  %b = ml_program.global_load @b : tensor<1x1x2xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %z = tosa.add %y, %b : (tensor<1x?x2xf32>, tensor<1x1x2xf32>) -> tensor<1x?x2xf32>
  return %z : tensor<1x?x2xf32>
}
