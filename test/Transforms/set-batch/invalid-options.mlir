// RUN: cgmq-opt %s --pass-pipeline='builtin.module(cgmq-set-batch{batch=0})' -verify-diagnostics

// A batch has at least one sample.
// expected-error @below {{expects option 'batch' to be at least 1, but got 0}}
func.func @f(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  return %x : tensor<?x2xf32>
}
