// Four samples of four bytes: 255 (which is 1.0) on the diagonal, else 0.
// RUN: printf '\0\0\010\002\0\0\0\004\0\0\0\004' > %t.idx
// RUN: printf '\377\0\0\0\0\377\0\0\0\0\377\0\0\0\0\377' >> %t.idx

// RUN: cgmq-opt %s --cgmq-insert-gates=widths=2,4,32 --cgmq-calibrate=images=%t.idx -o %t.first.mlir
// RUN: FileCheck %s < %t.first.mlir
// RUN: cgmq-opt %s --cgmq-insert-gates=widths=2 --cgmq-calibrate=images=%t.idx | FileCheck %s --check-prefix=TWO
// RUN: cgmq-opt %s --cgmq-insert-gates=input=8 --cgmq-calibrate=images=%t.idx | FileCheck %s --check-prefix=PINNED

// RUN: cgmq-opt %s --cgmq-insert-gates="widths=0,2,4 granularity=channel" --cgmq-calibrate=images=%t.idx | FileCheck %s --check-prefix=PRUNED

// The same data and seed give the same bits, and what comes out parses again.
// RUN: cgmq-opt %s --cgmq-insert-gates=widths=2,4,32 --cgmq-calibrate=images=%t.idx | diff %t.first.mlir -
// RUN: cgmq-opt %t.first.mlir | diff %t.first.mlir -
// RUN: cgmq-opt %t.first.mlir --emit-bytecode | cgmq-opt | diff %t.first.mlir -

// At 32 bits a range is the greatest magnitude: 1 of the samples, 4 of @w1,
// 1 of @b1, 4 + 1 of the hidden layer and 0.5 of @w2. @b2 is all zero and
// keeps its range.
// CHECK-DAG: @f.act0.range(dense<1.000000e+00>
// CHECK-DAG: @w1.range(dense<4.000000e+00>
// CHECK-DAG: @b1.range(dense<1.000000e+00>
// CHECK-DAG: @f.act1.range(dense<5.000000e+00>
// CHECK-DAG: @w2.range(dense<5.000000e-01>
// CHECK-DAG: @b2.range(dense<1.000000e+00>
ml_program.global private mutable @w1(dense<[[[4.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]]]> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>
ml_program.global private mutable @b1(dense<1.0> : tensor<1x1x4xf32>) : tensor<1x1x4xf32>
ml_program.global private mutable @w2(dense<-0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
ml_program.global private mutable @b2(dense<0.0> : tensor<1x1x2xf32>) : tensor<1x1x2xf32>

// The codes of 0 and 1 with range 1 are exact at every width, for what has no
// sign.
// CHECK: cgmq.quantize %arg0, {{.*}}cgmq.ranges = array<f32: 1.000000e+00, 1.000000e+00, 1.000000e+00>}

// @w1 at 2 bits has the values 0 and +-2/3 range. The candidates
// 4 * 2^(-k/8) leave, of fifteen ones and a four,
//   k = 0: step 2.667, (1 -> 0)     15 * 1.0000 + 1.778 = 16.78
//   k = 8: step 1.333, (1 -> 1.333) 15 * 0.1111 + 7.111 =  8.78
//   k = 9: step 1.223, (1 -> 1.223) 15 * 0.0496 + 7.713 =  8.46
//   k = 10: step 1.121              15 * 0.0147 + 8.287 =  8.51
// so that the range is 4 * 2^(-9/8) = 1.834. At 4 bits (step 0.533, greatest
// code 7) range 4 leaves 15 * 0.0044 + 0.0711 = 0.138, and the next candidate
// clips the four to 3.42, which alone costs 0.33. The mean squared errors are
// 8.457 / 16 = 0.5286 and 0.1378 / 16 = 0.00861.
// CHECK: cgmq.quantize %w1, {{.*}}cgmq.errors = array<f32: 0.528{{[0-9]*}}, 8.611{{[0-9]*}}e-03, 0.000000e+00>, cgmq.ranges = array<f32: 1.834{{[0-9]*}}, 4.000000e+00, 4.000000e+00>}

// At 0 bits all is lost, the mean of the squares: (15 * 1 + 16) / 16 = 1.9375.
// The range is that of 2 bits, so that what is pruned leaves it to the others.
// PRUNED: cgmq.quantize %w1, {{.*}}cgmq.errors = array<f32: 1.937500e+00, 0.528{{[0-9]*}}, 8.611{{[0-9]*}}e-03>, cgmq.ranges = array<f32: 1.834{{[0-9]*}}, 1.834{{[0-9]*}}, 4.000000e+00>}

// Where the gate selects two bits only, the range is the one of least error.
// TWO-DAG: @w1.range(dense<1.834{{[0-9]*}}>
// TWO: cgmq.quantize %w1, {{.*}}cgmq.ranges = array<f32: 1.834{{[0-9]*}}>}

// A pinned gate is a width as well: at 8 bits the samples have range 1.
// PINNED-DAG: @f.act0.range(dense<1.000000e+00>
// PINNED: cgmq.quantize %arg0, {{.*}}cgmq.ranges = array<f32: 1.000000e+00>}

func.func @f(%x: tensor<?x4xf32> {cgmq.nonnegative}) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<[1, -1, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %rows = tosa.reshape %x, %shape : (tensor<?x4xf32>, !tosa.shape<3>) -> tensor<1x?x4xf32>
  %w1 = ml_program.global_load @w1 : tensor<1x4x4xf32>
  %b1 = ml_program.global_load @b1 : tensor<1x1x4xf32>
  %y1 = tosa.matmul %rows, %w1, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  %z1 = tosa.add %y1, %b1 : (tensor<1x?x4xf32>, tensor<1x1x4xf32>) -> tensor<1x?x4xf32>
  %h = tosa.clamp %z1 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32} : (tensor<1x?x4xf32>) -> tensor<1x?x4xf32>
  %w2 = ml_program.global_load @w2 : tensor<1x4x2xf32>
  %b2 = ml_program.global_load @b2 : tensor<1x1x2xf32>
  %y2 = tosa.matmul %h, %w2, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  %z2 = tosa.add %y2, %b2 : (tensor<1x?x2xf32>, tensor<1x1x2xf32>) -> tensor<1x?x2xf32>
  return %z2 : tensor<1x?x2xf32>
}
