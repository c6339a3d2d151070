// RUN: cgmq-opt %s -cgmq-lay-out-contractions=vector-bits=96 -verify-diagnostics

// expected-error @+1 {{expects a power of two from 128 as vector-bits, but got 96}}
func.func @f() {
  return
}
