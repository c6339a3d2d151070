// RUN: cgmq-opt %s --cgmq-lower-to-tosa=int16=false -verify-diagnostics
// RUN: cgmq-opt %s --cgmq-lower-to-tosa | FileCheck %s

!q = !quant.uniform<i16<-32767:32767>:f32, 0.25>

// 16 bits without the extension.
// CHECK: func.func @extension_integer(%{{.*}}: tensor<4xi16>) -> tensor<4xi16>
func.func @extension(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+2 {{expects codes of at most 8 bits without the int16 extension}}
  // expected-note @+1 {{option 'int16' allows the extension}}
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %d = quant.dcast %q : tensor<4x!q> to tensor<4xf32>
  return %d : tensor<4xf32>
}
