// RUN: cgmq-opt %s -cgmq-lower-elementwise=threads=0 -verify-diagnostics

// expected-error @+1 {{expects 1 to 1024 threads, but got 0}}
func.func @f() {
  return
}
