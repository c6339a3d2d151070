// An option that makes no sense is one error before anything is run; the driver
// fails and leaves no file.

// RUN: rm -rf %t && mkdir -p %t
// RUN: printf '\0\0\010\003\0\0\0\004\0\0\0\002\0\0\0\002abcdefghijklmnop' > %t/images
// RUN: printf '\0\0\010\001\0\0\0\004\0\001\002\0' > %t/labels
// DEFINE: %{option} =
// DEFINE: %{check} =
// DEFINE: %{train} = not cgmq-opt %s "--cgmq-train=images=%t/images labels=%t/labels batch=2 %{option}" -o %t/out 2>&1 \
// DEFINE:   | FileCheck %s --check-prefix=%{check} --implicit-check-not=error:
// DEFINE: %{optimize} = not cgmq-opt %s --cgmq-insert-gates "--cgmq-optimize=images=%t/images labels=%t/labels batch=2 %{option}" -o %t/out 2>&1 \
// DEFINE:   | FileCheck %s --check-prefix=%{check} --implicit-check-not=error:
// DEFINE: %{pipeline} = not cgmq-opt %s "--cgmq-quantize-pipeline=images=%t/images labels=%t/labels batch=2 %{option}" -o %t/out 2>&1 \
// DEFINE:   | FileCheck %s --check-prefix=%{check} --implicit-check-not=error:

// A bound of nothing.
// REDEFINE: %{option} = budget=0
// REDEFINE: %{check} = ZERO
// ZERO: bad-options.mlir:[[#]]:1: error: {{.*}}expects a bound that is finite and greater than zero, but got 0
// RUN: %{optimize}
// RUN: %{pipeline}

// A bound below nothing.
// REDEFINE: %{option} = budget=-0.9%
// REDEFINE: %{check} = NEGATIVE
// NEGATIVE: bad-options.mlir:[[#]]:1: error: {{.*}}expects a bound that is finite and greater than zero, but got -9
// RUN: %{optimize}
// RUN: %{pipeline}

// A bound that is no number.
// REDEFINE: %{option} = budget=little
// REDEFINE: %{check} = TEXT
// TEXT: bad-options.mlir:[[#]]:1: error: {{.*}}expects budget as a percentage (0.9%) or a number of bit-operations (38912000), but got 'little'
// RUN: %{optimize}
// RUN: %{pipeline}

// A bound that no widths can keep: all at 2 bits cost 2 * 2 / (32 * 32).
// REDEFINE: %{option} = budget=0.3%
// REDEFINE: %{check} = UNREACHABLE
// UNREACHABLE: bad-options.mlir:[[#]]:1: error: {{.*}}0.3906 %
// RUN: %{optimize}
// RUN: %{pipeline}

// No bound at all.
// REDEFINE: %{option} = epochs=1
// REDEFINE: %{check} = UNBOUNDED
// UNBOUNDED: bad-options.mlir:[[#]]:1: error: {{.*}}expects a budget: option 'budget' or attribute 'cgmq.budget'
// RUN: %{optimize}

// Numbers out of their range.
// REDEFINE: %{option} = epochs=0 budget=50%
// REDEFINE: %{check} = EPOCHS
// EPOCHS: bad-options.mlir:[[#]]:1: error: {{.*}}'epochs'{{.*}}, but got 0
// RUN: %{optimize}
// RUN: %{pipeline}
// REDEFINE: %{option} = epochs=0
// RUN: %{train}
// REDEFINE: %{option} = epochs=nan
// REDEFINE: %{check} = NAN
// NAN: bad-options.mlir:[[#]]:1: error: {{.*}}'epochs'{{.*}}, but got nan
// RUN: %{train}
// REDEFINE: %{option} = limit=-1
// REDEFINE: %{check} = LIMIT
// LIMIT: bad-options.mlir:[[#]]:1: error: {{.*}}'limit'{{.*}}, but got -1
// RUN: %{train}
// REDEFINE: %{option} = learning-rate=-1
// REDEFINE: %{check} = RATE
// RATE: bad-options.mlir:[[#]]:1: error: {{.*}}'learning-rate'{{.*}}, but got -1
// RUN: %{train}

// A batch of more samples than there are.
// REDEFINE: %{option} = limit=1
// REDEFINE: %{check} = BATCH
// BATCH: bad-options.mlir:[[#]]:1: error: {{.*}}expects at least one batch of 2 samples to train on, but got 1
// RUN: %{train}

// What the option parser refuses: text for a number, and an option that does not
// exist. It ends its own message with an empty one of MLIR's. A direction that
// nobody has registered is refused before any pass runs.
// DEFINE: %{parse} = not cgmq-opt %s "--%{option}" -o %t/out 2>&1 | FileCheck %s --check-prefix=%{check}
// REDEFINE: %{option} = cgmq-train=epochs=many
// REDEFINE: %{check} = MANY
// MANY: for the --epochs option: 'many' value invalid for floating point argument
// RUN: %{parse}
// REDEFINE: %{option} = cgmq-optimize=direction=sideways
// REDEFINE: %{check} = DIRECTION
// DIRECTION: error: expects direction cost, gradient, magnitude, product, but got 'sideways'
// RUN: %{parse}
// REDEFINE: %{option} = cgmq-build-training-step=direction=sideways
// RUN: %{parse}
// REDEFINE: %{option} = cgmq-quantize-pipeline=direction=sideways
// RUN: %{parse}
// REDEFINE: %{option} = cgmq-quantize-pipeline=budgte=1%
// REDEFINE: %{check} = UNKNOWN
// UNKNOWN: no such option budgte
// RUN: %{parse}

// RUN: ls %t | FileCheck %s --check-prefix=FILES --implicit-check-not=out --implicit-check-not=tmp
// FILES: images

ml_program.global private mutable @w(#cgmq.he_uniform<fan_in = 4, seed = 1>) : tensor<1x4x3xf32>
ml_program.global private mutable @b(dense<0.0> : tensor<1x3xf32>) : tensor<1x3xf32>

func.func @f(%x: tensor<?x2x2xf32> {cgmq.nonnegative}) -> tensor<?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %flat = tosa.const_shape {values = dense<[1, -1, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %rows = tosa.reshape %x, %flat : (tensor<?x2x2xf32>, !tosa.shape<3>) -> tensor<1x?x4xf32>
  %w = ml_program.global_load @w : tensor<1x4x3xf32>
  %b = ml_program.global_load @b : tensor<1x3xf32>
  %y = tosa.matmul %rows, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  %shape = tosa.const_shape {values = dense<[-1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %z = tosa.reshape %y, %shape : (tensor<1x?x3xf32>, !tosa.shape<2>) -> tensor<?x3xf32>
  %logits = tosa.add %z, %b : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x3xf32>
  return %logits : tensor<?x3xf32>
}
