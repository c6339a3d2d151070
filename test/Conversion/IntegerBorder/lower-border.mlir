// RUN: cgmq-opt %s -split-input-file --cgmq-lower-border | FileCheck %s
// RUN: cgmq-opt %s -split-input-file --cgmq-lower-border=border=codes | FileCheck %s --check-prefix=CODES
// RUN: cgmq-opt %s -split-input-file --cgmq-lower-border="border=floats batch=2" | FileCheck %s --check-prefix=FLOATS

// The table holds floor(byte / 255 * 3 + 0.5), at most 2: ones from byte 43
// (0.506 + 0.5), twos from byte 128 (1.506 + 0.5) on.
// CHECK: ml_program.global private @f.codes(dense<"0x{{(00){43}(01){85}(02)+}}"> : tensor<256xi8>)
// CHECK-LABEL: func.func @f(%arg0: tensor<3xi8> {cgmq.unsigned}) -> (tensor<3xi32> {cgmq.step = 5.000000e-01 : f32})
// CHECK: %[[TABLE:.*]] = ml_program.global_load_const @f.codes
// CHECK: %[[BYTE:.*]] = arith.index_castui %{{.*}} : i8 to index
// CHECK: tensor.extract %[[TABLE]][%[[BYTE]]]
// CHECK: call @f_integer
// CHECK-NOT: f32
// CHECK: func.func private @f_integer
// CODES-NOT: ml_program.global
// CODES-LABEL: func.func @f(%arg0: tensor<3xi8> {cgmq.unsigned}) -> (tensor<3xi32> {cgmq.step = 5.000000e-01 : f32})
// CODES: %[[CODES:.*]] = tensor.expand_shape %arg0
// CODES: call @f_integer(%[[CODES]])
// FLOATS-LABEL: func.func @f(%arg0: tensor<6xf32>) -> tensor<6xf32>
// FLOATS: arith.fptoui
func.func @f(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x3xf32>
  %none = tensor.empty(%n) : tensor<?x3xi8>
  %codes = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                           iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x3xf32>) outs(%none : tensor<?x3xi8>) {
  ^bb0(%in: f32, %out: i8):
    %scale = arith.constant 3.0 : f32
    %half = arith.constant 0.5 : f32
    %two = arith.constant 2.0 : f32
    %0 = arith.mulf %in, %scale : f32
    %1 = arith.addf %0, %half : f32
    %2 = math.floor %1 : f32
    %3 = arith.cmpf ogt, %2, %two : f32
    %4 = arith.select %3, %two, %2 : f32
    %5 = arith.fptoui %4 : f32 to i8
    linalg.yield %5 : i8
  } -> tensor<?x3xi8>
  %y = call @f_integer(%codes) : (tensor<?x3xi8>) -> tensor<?x3xi32>
  %m = tensor.dim %y, %c0 : tensor<?x3xi32>
  %float = tensor.empty(%m) : tensor<?x3xf32>
  %z = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<?x3xi32>) outs(%float : tensor<?x3xf32>) {
  ^bb0(%in: i32, %out: f32):
    %step = arith.constant 0.5 : f32
    %0 = arith.sitofp %in : i32 to f32
    %1 = arith.mulf %0, %step : f32
    linalg.yield %1 : f32
  } -> tensor<?x3xf32>
  return %z : tensor<?x3xf32>
}
func.func @f_integer(%x: tensor<?x3xi8>) -> tensor<?x3xi32> {
  %y = arith.extui %x : tensor<?x3xi8> to tensor<?x3xi32>
  return %y : tensor<?x3xi32>
}
