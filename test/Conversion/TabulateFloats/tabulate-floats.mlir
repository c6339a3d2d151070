// RUN: cgmq-opt %s --cgmq-lower-to-integer --cgmq-tabulate-floats -split-input-file | FileCheck %s
// RUN: cgmq-opt %s --cgmq-lower-to-integer --cgmq-tabulate-floats=index-bits=16 -split-input-file | FileCheck %s --check-prefix=WIDE
// RUN: not cgmq-opt %s --cgmq-tabulate-floats=index-bits=12 -split-input-file 2>&1 | FileCheck %s --check-prefix=BITS
// BITS: expects option 'index-bits' to be 8 or 16, but got 12

!q = !quant.uniform<i8<-127:127>:f32, 1.0>
!p = !quant.uniform<u8:f32, 1.0>

// Squares, in the order of codes as they are stored: 0, 1, 4, ..., 15 * 15, then
// the greatest code, and at the end those of -2 and -1.
// CHECK:         ml_program.global private @square_integer.table(dense<"0x000104091019243140516479{{90A9C4E1FFFF.*FF}}E1C4A99079645140312419100904{{01}}"> : tensor<256xi8>)
// CHECK-LABEL: func.func @square_integer(
// CHECK-SAME:    %[[X:.*]]: tensor<?x4xi8>) -> tensor<?x4xi8>
// CHECK:         %[[TABLE:.*]] = ml_program.global_load_const @square_integer.table
// CHECK-NOT:     f32
// CHECK:         linalg.generic {{.*}} ins(%[[X]] : tensor<?x4xi8>)
// CHECK:           %[[I:.*]] = arith.index_castui %{{.*}} : i8 to index
// CHECK:           tensor.extract %[[TABLE]][%[[I]]] : tensor<256xi8>
// CHECK-NOT:     f32
// CHECK:         return
func.func @square(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %q = quant.qcast %x : tensor<?x4xf32> to tensor<?x4x!q>
  %d = quant.dcast %q : tensor<?x4x!q> to tensor<?x4xf32>
  %y = tosa.mul %d, %d, %shift : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<1xi8>) -> tensor<?x4xf32>
  %p = quant.qcast %y : tensor<?x4xf32> to tensor<?x4x!p>
  %e = quant.dcast %p : tensor<?x4x!p> to tensor<?x4xf32>
  return %e : tensor<?x4xf32>
}

// -----

!q = !quant.uniform<i8<-127:127>:f32, 0.0625>
!p = !quant.uniform<u4:f32, 0.066666670143604279>
ml_program.global private @y.widths(dense<[[4, 2]]> : tensor<1x2xi8>) : tensor<1x2xi8>

// A row for each width: 2 bits, whose codes are multiples of 5, then 4.
// CHECK:         ml_program.global private @units_integer.table(dense<{{.*}}> : tensor<2x256xi8>)
// CHECK-LABEL: func.func @units_integer(
// CHECK:         tensor.extract %{{.*}}[%{{.*}}, %{{.*}}] : tensor<2x256xi8>
func.func @units(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %q = quant.qcast %x : tensor<?x2xf32> to tensor<?x2x!q>
  %d = quant.dcast %q : tensor<?x2x!q> to tensor<?x2xf32>
  %y = tosa.sigmoid %d : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %w = ml_program.global_load_const @y.widths : tensor<1x2xi8>
  %p = cgmq.quantize_units %y, %w range 1.0 : tensor<?x2xf32>, tensor<1x2xi8> -> tensor<?x2x!p>
  %e = quant.dcast %p : tensor<?x2x!p> to tensor<?x2xf32>
  return %e : tensor<?x2xf32>
}

// -----

!q = !quant.uniform<i8<-127:127>:f32, 0.0625>
!w = !quant.uniform<i16<-32767:32767>:f32, 0.001>

// What has several activations or several constants, leaves as a float, or has
// more codes than asked for, stays.
// CHECK-NOT: table
// CHECK-LABEL: func.func @kept_integer(
// CHECK:         tosa.mul
// CHECK:         tosa.maximum
// CHECK:         tosa.tanh
// CHECK:         tosa.exp
// CHECK-NOT: table

// WIDE:          ml_program.global private @kept_integer.table(dense<{{.*}}> : tensor<65536xi8>)
// WIDE-LABEL:  func.func @kept_integer(
// WIDE:          tosa.mul
// WIDE:          tosa.maximum
// WIDE-NOT:      tosa.tanh
// WIDE:          tensor.extract %{{.*}} : tensor<65536xi8>
// WIDE:          tosa.exp
func.func @kept(%a: tensor<4x2xf32>, %b: tensor<4x2xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>) {
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %slopes = "tosa.const"() <{values = dense<[[0.1, 0.2]]> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  %aq = quant.qcast %a : tensor<4x2xf32> to tensor<4x2x!q>
  %ad = quant.dcast %aq : tensor<4x2x!q> to tensor<4x2xf32>
  %bq = quant.qcast %b : tensor<4x2xf32> to tensor<4x2x!w>
  %bd = quant.dcast %bq : tensor<4x2x!w> to tensor<4x2xf32>
  %product = tosa.mul %ad, %bd, %shift : (tensor<4x2xf32>, tensor<4x2xf32>, tensor<1xi8>) -> tensor<4x2xf32>
  %pq = quant.qcast %product : tensor<4x2xf32> to tensor<4x2x!q>
  %pd = quant.dcast %pq : tensor<4x2x!q> to tensor<4x2xf32>
  %less = tosa.mul %ad, %slopes, %shift : (tensor<4x2xf32>, tensor<1x2xf32>, tensor<1xi8>) -> tensor<4x2xf32>
  %leaky = tosa.maximum %ad, %less : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  %lq = quant.qcast %leaky : tensor<4x2xf32> to tensor<4x2x!q>
  %ld = quant.dcast %lq : tensor<4x2x!q> to tensor<4x2xf32>
  %tanh = tosa.tanh %bd : (tensor<4x2xf32>) -> tensor<4x2xf32>
  %tq = quant.qcast %tanh : tensor<4x2xf32> to tensor<4x2x!q>
  %td = quant.dcast %tq : tensor<4x2x!q> to tensor<4x2xf32>
  %exp = tosa.exp %ad : (tensor<4x2xf32>) -> tensor<4x2xf32>
  return %pd, %ld, %td, %exp : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
}
