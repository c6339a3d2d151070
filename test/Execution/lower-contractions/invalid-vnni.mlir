// RUN: cgmq-opt %s -cgmq-lower-contractions="vnni=true vector-bits=1024" -verify-diagnostics

// expected-error @+1 {{expects at most 512 as vector-bits with vnni, but got 1024}}
func.func @f() {
  return
}
