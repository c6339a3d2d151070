// Each option is checked before anything is changed, and nothing is written.

// RUN: not cgmq-opt %s --cgmq-insert-gates=function=absent -o %t.out 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: expects a function named by option 'function', but got 'absent', which the module does not hold

// RUN: not cgmq-opt %s --cgmq-insert-gates=budget=0 -o %t.out 2>&1 | FileCheck %s --check-prefix=ZERO
// ZERO: error: expects a bound that is finite and greater than zero, but got 0

// RUN: not cgmq-opt %s --cgmq-insert-gates=budget=-0.9% -o %t.out 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// NEGATIVE: error: expects a bound that is finite and greater than zero, but got -9.{{0*}}e-01

// RUN: not cgmq-opt %s --cgmq-insert-gates=budget=nan -o %t.out 2>&1 | FileCheck %s --check-prefix=NAN
// NAN: error: expects a bound that is finite and greater than zero, but got nan

// RUN: not cgmq-opt %s --cgmq-insert-gates=budget=inf -o %t.out 2>&1 | FileCheck %s --check-prefix=INFINITE
// INFINITE: error: expects a bound that is finite and greater than zero, but got {{inf|INF}}

// RUN: not cgmq-opt %s --cgmq-insert-gates=budget=100.5% -o %t.out 2>&1 | FileCheck %s --check-prefix=PERCENT
// PERCENT: error: expects a bound of at most 100 percent, but got 1.005

// RUN: not cgmq-opt %s --cgmq-insert-gates=budget=1%%%% -o %t.out 2>&1 | FileCheck %s --check-prefix=TEXT
// RUN: not cgmq-opt %s --cgmq-insert-gates=budget=% -o %t.out 2>&1 | FileCheck %s --check-prefix=TEXT
// RUN: not cgmq-opt %s --cgmq-insert-gates=budget=2MB -o %t.out 2>&1 | FileCheck %s --check-prefix=TEXT
// TEXT: error: expects budget as a percentage (0.9%) or a number of bit-operations (38912000), but got '{{1%%|%|2MB}}'

// RUN: not cgmq-opt %s --cgmq-insert-gates=widths= -o %t.out 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: error: expects ascending widths out of 0, 2, 4, 8, 16 and 32, but got []

// RUN: not cgmq-opt %s --cgmq-insert-gates=widths=4,2 -o %t.out 2>&1 | FileCheck %s --check-prefix=ORDER
// ORDER: error: expects ascending widths out of 0, 2, 4, 8, 16 and 32, but got [4, 2]

// RUN: not cgmq-opt %s --cgmq-insert-gates=widths=2,3 -o %t.out 2>&1 | FileCheck %s --check-prefix=THREE
// THREE: error: expects ascending widths out of 0, 2, 4, 8, 16 and 32, but got [2, 3]

// RUN: not cgmq-opt %s --cgmq-insert-gates="widths=0 granularity=channel" -o %t.out 2>&1 | FileCheck %s --check-prefix=NOTHING
// RUN: not cgmq-opt %s --cgmq-insert-gates="widths=0,32 granularity=channel" -o %t.out 2>&1 | FileCheck %s --check-prefix=NOTHING
// NOTHING: error: expects 0 beside a width from 2 to 16, but got [0{{(, 32)?}}]

// RUN: not cgmq-opt %s --cgmq-insert-gates=widths=0,2,4 -o %t.out 2>&1 | FileCheck %s --check-prefix=WHOLE
// WHOLE: error: expects option 'widths' without 0 where a gate decides for a whole tensor
// WHOLE: note: without all of a tensor, nothing would depend on the input; granularity 'channel' or 'element' prunes parts

// RUN: not cgmq-opt %s --cgmq-insert-gates=widths=two -o %t.out 2>&1 | FileCheck %s --check-prefix=WORD
// WORD: for the --widths option: 'two' value invalid

// RUN: not cgmq-opt %s --cgmq-insert-gates=granularity=row -o %t.out 2>&1 | FileCheck %s --check-prefix=ROW
// ROW: for the --granularity option: Cannot find option named 'row'

// RUN: not cgmq-opt %s --cgmq-insert-gates=input=4 -o %t.out 2>&1 | FileCheck %s --check-prefix=INPUT
// INPUT: for the --input option: Cannot find option named '4'

// RUN: not ls %t.out

ml_program.global private mutable @w(dense<0.5> : tensor<1x4x4xf32>) : tensor<1x4x4xf32>

func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x4xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = ml_program.global_load @w : tensor<1x4x4xf32>
  %y = tosa.matmul %x, %w, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x4xf32>
  return %y : tensor<1x?x4xf32>
}
