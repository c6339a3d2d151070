// RUN: cgmq-opt %s -cgmq-plan-buffers=alignment=48 -verify-diagnostics

// expected-error @+1 {{expects a power of two as alignment, but got 48}}
func.func @f() {
  return
}
