// RUN: cgmq-opt %s --cgmq-initialize-parameters -split-input-file -verify-diagnostics

// A rule needs a shape to fill.
// expected-error @+1 {{expects a parameter of static shape and element type f32, but got 'tensor<?xf32>'}}
ml_program.global private mutable @dynamic(#cgmq.he_uniform<fan_in = 25, seed = 1>) : tensor<?xf32>

// -----

// A rule gives f32 numbers only.
// expected-error @+1 {{expects a parameter of static shape and element type f32, but got 'tensor<4xi8>'}}
ml_program.global private mutable @integers(#cgmq.he_uniform<fan_in = 25, seed = 1>) : tensor<4xi8>
