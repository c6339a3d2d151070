// A function that is not there, and a file that cannot be written.
// RUN: not cgmq-opt %s --cgmq-report="function=g" 2>&1 | FileCheck %s --check-prefix=FUNCTION
// FUNCTION: error: expects a function named by option 'function', but got 'g'
// RUN: rm -rf %t && not cgmq-opt %s --cgmq-report="report-file=%t/none/r.json" 2>&1 | FileCheck %s --check-prefix=FILE
// FILE: error: expects to write the report to '{{.*}}none/r.json', but got {{.*}}o such file or directory

func.func @f(%a: tensor<1x?x4xf32>, %b: tensor<1x4x2xf32>) -> tensor<1x?x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.matmul %a, %b, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x2xf32>
  return %y : tensor<1x?x2xf32>
}
