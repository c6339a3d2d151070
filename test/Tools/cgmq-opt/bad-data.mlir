// Data that does not fit is one error at the function that asked for it; the
// driver fails and leaves no file, neither a new one nor a part of one.

// Four samples of 2x2 bytes, and labels of three classes.
// RUN: rm -rf %t && mkdir -p %t
// RUN: printf '\0\0\010\003\0\0\0\004\0\0\0\002\0\0\0\002abcdefghijklmnop' > %t/images
// RUN: printf '\0\0\010\001\0\0\0\004\0\001\002\0' > %t/labels
// DEFINE: %{images} = %t/images
// DEFINE: %{labels} = %t/labels
// DEFINE: %{check} = DATA
// DEFINE: %{train} = not cgmq-opt %s "--cgmq-train=images=%{images} labels=%{labels} batch=2 epochs=1" -o %t/out 2>&1 \
// DEFINE:   | FileCheck %s --check-prefixes=LOCATED,%{check} --implicit-check-not=error:
// DEFINE: %{optimize} = not cgmq-opt %s --cgmq-insert-gates=budget=50% "--cgmq-optimize=images=%{images} labels=%{labels} batch=2 epochs=1" -o %t/out 2>&1 \
// DEFINE:   | FileCheck %s --check-prefixes=LOCATED,%{check} --implicit-check-not=error:
// DEFINE: %{calibrate} = not cgmq-opt %s --cgmq-insert-gates --cgmq-calibrate=images=%{images} -o %t/out 2>&1 \
// DEFINE:   | FileCheck %s --check-prefixes=LOCATED,%{check} --implicit-check-not=error:
// LOCATED: bad-data.mlir:[[#]]:1: error:

// The files as they are train, so that what fails below fails for its reason.
// RUN: cgmq-opt %s "--cgmq-train=images=%t/images labels=%t/labels batch=2 epochs=1" -o %t/trained
// RUN: rm %t/trained

// A file that is not there.
// REDEFINE: %{images} = %t/absent
// REDEFINE: %{check} = MISSING
// MISSING-SAME: cannot read '{{.*}}/absent': {{[Nn]}}o such file or directory
// RUN: %{train}
// RUN: %{optimize}
// RUN: %{calibrate}
// REDEFINE: %{images} = %t/images
// REDEFINE: %{labels} = %t/absent
// RUN: %{train}
// RUN: %{optimize}

// A file that ends too soon.
// RUN: head -c 30 %t/images > %t/short
// REDEFINE: %{images} = %t/short
// REDEFINE: %{labels} = %t/labels
// REDEFINE: %{check} = TRUNCATED
// TRUNCATED-SAME: '{{.*}}/short' expects {{.*}}, but
// RUN: %{train}
// RUN: %{optimize}
// RUN: %{calibrate}
// RUN: head -c 10 %t/labels > %t/short
// REDEFINE: %{images} = %t/images
// REDEFINE: %{labels} = %t/short
// RUN: %{train}

// A file of another kind.
// RUN: echo "no samples at all" > %t/text
// REDEFINE: %{images} = %t/text
// REDEFINE: %{labels} = %t/labels
// REDEFINE: %{check} = KIND
// KIND-SAME: '{{.*}}/text' expects an IDX or .npy file, plain or gzip
// RUN: %{train}
// RUN: %{calibrate}

// Elements of a type that the format knows and we do not (0x0B, i16).
// RUN: printf '\0\0\013\002\0\0\0\001\0\0\0\001\0\0' > %t/i16
// REDEFINE: %{images} = %t/i16
// REDEFINE: %{check} = TYPE
// TYPE-SAME: '{{.*}}/i16' expects IDX element type
// RUN: %{train}
// RUN: %{calibrate}

// Samples for labels.
// REDEFINE: %{images} = %t/images
// REDEFINE: %{labels} = %t/images
// REDEFINE: %{check} = RANK
// RANK-SAME: '{{.*}}/images' expects {{.*}}labels{{.*}}
// RUN: %{train}

// Fewer labels than samples.
// RUN: printf '\0\0\010\001\0\0\0\003\0\001\002' > %t/three
// REDEFINE: %{labels} = %t/three
// REDEFINE: %{check} = COUNT
// COUNT-SAME: expects {{.*}}4{{.*}} but {{.*}}3
// RUN: %{train}
// RUN: %{optimize}

// A class that the function has no logit for.
// RUN: printf '\0\0\010\001\0\0\0\004\0\001\003\0' > %t/four
// REDEFINE: %{labels} = %t/four
// REDEFINE: %{check} = CLASS
// CLASS-SAME: expects labels in [0, 3), but '{{.*}}/four' has 3 at sample 2
// RUN: %{train}
// RUN: %{optimize}

// Samples of another shape than the argument's.
// RUN: printf '\0\0\010\003\0\0\0\004\0\0\0\002\0\0\0\003abcdefghijklmnopqrstuvwx' > %t/wide
// REDEFINE: %{images} = %t/wide
// REDEFINE: %{labels} = %t/labels
// REDEFINE: %{check} = SHAPE
// SHAPE-SAME: expects samples of shape [2, 2] for argument 'tensor<?x2x2xf32>', but '{{.*}}/wide' has samples of shape [2, 3]
// RUN: %{train}
// RUN: %{optimize}
// RUN: %{calibrate}

// No output, whole or in part.
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
