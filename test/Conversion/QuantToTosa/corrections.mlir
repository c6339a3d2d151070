// Where no multiplier gives the codes of all accumulators, those next to a tie
// are corrected one by one: with a ratio of steps of a tenth, f32 rounds 0.5, 1.5,
// 2.5, ... up here and down there. All 256 bytes as pixels give the codes of the
// integer program, by stock mlir-runner.
// RUN: cgmq-opt %s --cgmq-lower-to-integer -o %t.integer.mlir && cgmq-opt %s --cgmq-lower-to-tosa -o %t.tosa.mlir
// RUN: FileCheck %s --input-file=%t.tosa.mlir
// RUN: %python -c "import struct, sys; sys.stdout.buffer.write(struct.pack('>IIII', 0x803, 1, 16, 16) + bytes(range(256)))" > %t.images
// RUN: cgmq-run %t.integer.mlir --function=f --images=%t.images --batch=1 --logits=%t.logits.npy
// RUN: %python %S/Inputs/append-main.py f %t.images %t.logits.npy < %t.tosa.mlir > %t.main.mlir
// RUN: mlir-opt %t.main.mlir --tosa-to-linalg-pipeline --tosa-to-arith=include-apply-rescale --tosa-to-tensor --canonicalize %lower_to_llvm -o %t.llvm.mlir
// RUN: %run_main %t.llvm.mlir | FileCheck %s --check-prefix=COUNT
// COUNT: {{^0$}}
// Without the corrections they differ.
// RUN: sed 's/tosa.equal/tosa.greater/' %t.main.mlir | mlir-opt --tosa-to-linalg-pipeline --tosa-to-arith=include-apply-rescale --tosa-to-tensor --canonicalize %lower_to_llvm -o %t.llvm.mlir
// RUN: %run_main %t.llvm.mlir | FileCheck %s --check-prefix=OTHER
// OTHER: {{^[1-9][0-9]*$}}

// CHECK-LABEL: func.func @f_integer
// CHECK:         %[[SUM:.*]] = tosa.conv2d
// CHECK:         %[[CODE:.*]] = tosa.rescale %[[SUM]], {{.*}} -> tensor<1x16x16x1xi32>
// CHECK:         %[[HERE:.*]] = tosa.equal %[[SUM]], %{{.*}} : (tensor<1x16x16x1xi32>, tensor<1x1x1x1xi32>) -> tensor<1x16x16x1xi1>
// CHECK:         %[[DELTA:.*]] = tosa.select %[[HERE]]
// CHECK:         tosa.add %[[CODE]], %[[DELTA]]
// CHECK:         tosa.maximum
// CHECK:         tosa.minimum
// CHECK:         tosa.rescale {{.*}} -> tensor<1x16x16x1xi8>

!x = !quant.uniform<u8:f32, 0.00392156862745098>
!w = !quant.uniform<i4<-7:7>:f32, 0.77>
!y = !quant.uniform<u8:f32, 0.03019607843137255>
ml_program.global private @w(dense<1> : tensor<1x1x1x1xi4>) : tensor<1x1x1x1xi4>
func.func @f(%x: tensor<1x16x16x1xf32>) -> tensor<1x256xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<[1, -1]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %q = quant.qcast %x : tensor<1x16x16x1xf32> to tensor<1x16x16x1x!x>
  %d = quant.dcast %q : tensor<1x16x16x1x!x> to tensor<1x16x16x1xf32>
  %c = ml_program.global_load_const @w : tensor<1x1x1x1xi4>
  %s = quant.scast %c : tensor<1x1x1x1xi4> to tensor<1x1x1x1x!w>
  %w = quant.dcast %s : tensor<1x1x1x1x!w> to tensor<1x1x1x1xf32>
  %y = tosa.conv2d %d, %w, %zero, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x16x16x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x16x16x1xf32>
  %yq = quant.qcast %y : tensor<1x16x16x1xf32> to tensor<1x16x16x1x!y>
  %yd = quant.dcast %yq : tensor<1x16x16x1x!y> to tensor<1x16x16x1xf32>
  %r = tosa.reshape %yd, %shape : (tensor<1x16x16x1xf32>, !tosa.shape<2>) -> tensor<1x256xf32>
  return %r : tensor<1x256xf32>
}
