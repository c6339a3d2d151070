// A quantizer whose codes nothing takes: its gate stays as it is, and the others
// are trained. 256 MACs of an input of 32 bits; the bound asks for 16 bits.
// RUN: rm -rf %t && %python %S/../Inputs/blobs.py %t
// RUN: cgmq-opt %s --cgmq-optimize='images=%t/images.idx labels=%t/labels.idx epochs=1 batch=32 checkpoint=%t/run.mlirbc' --cgmq-verify-budget -o %t/out.mlir
// RUN: FileCheck %s --input-file=%t/out.mlir
// RUN: cgmq-opt %s --cgmq-optimize='images=%t/images.idx labels=%t/labels.idx epochs=1 batch=32 resume=%t/run.mlirbc' -o %t/again.mlir
// RUN: cmp %t/out.mlir %t/again.mlir
// CHECK: @w.gate(dense<3.5
// CHECK: @d.gate(dense<5.5
!q = tensor<?x4x!cgmq.gated<signed, [2, 4, 8], f32>>
!w = tensor<1x64x4x!cgmq.gated<signed, [2, 4, 8, 16, 32], f32>>
ml_program.global private mutable @w(dense<0.5> : tensor<1x64x4xf32>) : tensor<1x64x4xf32>
ml_program.global private mutable @w.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @w.gate(dense<5.5> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @d.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @d.gate(dense<5.5> : tensor<f32>) : tensor<f32>
func.func @f(%x: tensor<?x8x8x1xf32>) -> tensor<?x4xf32> attributes {cgmq.budget = #cgmq.budget<50.0 percent>} {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %s = tosa.const_shape {values = dense<[1, -1, 64]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %x, %s : (tensor<?x8x8x1xf32>, !tosa.shape<3>) -> tensor<1x?x64xf32>
  %w = ml_program.global_load @w : tensor<1x64x4xf32>
  %wr = ml_program.global_load @w.range : tensor<f32>
  %wg = ml_program.global_load @w.gate : tensor<f32>
  %wq = cgmq.quantize %w, %wr, %wg : tensor<1x64x4xf32>, tensor<f32>, tensor<f32> -> !w
  %wd = cgmq.dequantize %wq : !w -> tensor<1x64x4xf32>
  %y = tosa.matmul %flat, %wd, %zero, %zero : (tensor<1x?x64xf32>, tensor<1x64x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  %t = tosa.const_shape {values = dense<[-1, 4]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %logits = tosa.reshape %y, %t : (tensor<1x?x4xf32>, !tosa.shape<2>) -> tensor<?x4xf32>
  %dr = ml_program.global_load @d.range : tensor<f32>
  %dg = ml_program.global_load @d.gate : tensor<f32>
  %dq = cgmq.quantize %logits, %dr, %dg : tensor<?x4xf32>, tensor<f32>, tensor<f32> -> !q
  return %logits : tensor<?x4xf32>
}
