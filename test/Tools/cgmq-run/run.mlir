// Three samples of two pixels, their labels, and labels that are out of range.
// RUN: rm -rf %t && mkdir %t
// RUN: printf '\0\0\10\3\0\0\0\3\0\0\0\1\0\0\0\2\0\377\377\0\63\63' > %t/images
// RUN: printf '\0\0\10\1\0\0\0\3\1\0\1' > %t/labels
// RUN: printf '\0\0\10\1\0\0\0\3\1\0\2' > %t/wrong-labels

// The greatest logit predicts, the first of equals; the last batch is filled
// up. Progress goes to standard error.
// RUN: cgmq-run %s --function=scores --images=%t/images --labels=%t/labels --batch=2 --predictions=%t/predictions.npy 2>%t/progress | FileCheck %s --check-prefix=SCORES
// SCORES: accuracy: 66.67 % (2 of 3)
// SCORES-NEXT: latency: {{[0-9.]+}} ms mean, {{[0-9.]+}} ms best for a batch of 2; {{[0-9.]+}} us mean, {{[0-9.]+}} us best for a sample
// RUN: FileCheck %s --check-prefix=PROGRESS --input-file=%t/progress
// PROGRESS: 50% (1 of 2)
// PROGRESS-NEXT: 100% (2 of 2)

// The predictions are a .npy vector of i32: 1, 0, 0.
// RUN: od -An -tx1 -v -j128 %t/predictions.npy | FileCheck %s --check-prefix=NPY
// NPY: 01 00 00 00 00 00 00 00 00 00 00 00

// Bytecode runs as text does; without labels there is no accuracy; integers
// are logits too.
// RUN: cgmq-opt %s --emit-bytecode -o %t/model.mlirbc
// RUN: cgmq-run %t/model.mlirbc --function=codes --images=%t/images 2>/dev/null | FileCheck %s --check-prefix=CODES
// CODES-NOT: accuracy
// CODES: latency:

// A comparison counts what differs; --limit takes the first samples.
// RUN: cgmq-run %s --function=scores --images=%t/images --labels=%t/labels --limit=2 --compare=%s --compare-function=other --json=%t/figures.json 2>/dev/null | FileCheck %s --check-prefix=COMPARE
// COMPARE: accuracy: 100.00 % (2 of 2)
// COMPARE: difference: 1 of 2 predictions, 2 of 4 logits
// RUN: FileCheck %s --check-prefix=JSON --input-file=%t/figures.json
// JSON: "accuracy": 1,
// JSON: "batch": 128,
// JSON: "correct": 2,
// JSON: "difference": {
// JSON-DAG: "logits": 2
// JSON-DAG: "of_logits": 4
// JSON-DAG: "predictions": 1
// JSON: "latency": {
// JSON: "batch_best_s":
// JSON: "batch_mean_s":
// JSON: "samples": 2

func.func @scores(%x: tensor<?x1x2xf32>) -> tensor<?x2xf32> {
  %shape = tosa.const_shape {values = dense<[-1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %y = tosa.reshape %x, %shape : (tensor<?x1x2xf32>, !tosa.shape<2>) -> tensor<?x2xf32>
  %z = tosa.add %y, %y : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %z : tensor<?x2xf32>
}

// Adds one to the second logit.
func.func @other(%x: tensor<?x1x2xf32>) -> tensor<?x2xf32> {
  %one = "tosa.const"() <{values = dense<[[0.0, 3.0]]> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  %y = call @scores(%x) : (tensor<?x1x2xf32>) -> tensor<?x2xf32>
  %z = tosa.add %y, %one : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
  return %z : tensor<?x2xf32>
}

func.func @codes(%x: tensor<?x1x2xf32>) -> tensor<?x2xi32> {
  %y = call @scores(%x) : (tensor<?x1x2xf32>) -> tensor<?x2xf32>
  %z = tosa.cast %y : (tensor<?x2xf32>) -> tensor<?x2xi32>
  return %z : tensor<?x2xi32>
}

func.func @bytes(%x: tensor<?x1x2xi8>) -> tensor<?x2xi32> {
  %shape = tosa.const_shape {values = dense<[-1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %y = tosa.reshape %x, %shape : (tensor<?x1x2xi8>, !tosa.shape<2>) -> tensor<?x2xi8>
  %z = tosa.cast %y : (tensor<?x2xi8>) -> tensor<?x2xi32>
  return %z : tensor<?x2xi32>
}

func.func @wide(%x: tensor<?x1x3xf32>) -> tensor<?x3xf32> {
  %shape = tosa.const_shape {values = dense<[-1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %y = tosa.reshape %x, %shape : (tensor<?x1x3xf32>, !tosa.shape<2>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// What cannot run is one error, a failing exit status, and no output file.
// RUN: not cgmq-run %s --images=%t/images --json=%t/no.json 2>&1 | FileCheck %s --check-prefix=SEVERAL
// SEVERAL: error: expects one function where option 'function' names none, but got 5
// SEVERAL: note: function=scores selects this one
// RUN: not cgmq-run %s --function=none --images=%t/images --json=%t/no.json 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: expects a function named by option 'function', but got 'none'
// RUN: not cgmq-run %s --function=bytes --images=%t/images --json=%t/no.json 2>&1 | FileCheck %s --check-prefix=BYTES
// BYTES: error: 'func.func' op expects one argument, a batch of f32 samples, but got '(tensor<?x1x2xi8>) -> tensor<?x2xi32>'
// RUN: not cgmq-run %s --function=wide --images=%t/images --json=%t/no.json 2>&1 | FileCheck %s --check-prefix=WIDE
// WIDE: error: expects samples of shape [1, 3] for argument 'tensor<128x1x3xf32>', but '{{.*}}images' has samples of shape [1, 2]
// RUN: not cgmq-run %s --function=scores --images=%t/images --labels=%t/wrong-labels --json=%t/no.json 2>&1 | FileCheck %s --check-prefix=LABELS
// LABELS: error: expects labels in [0, 2), but '{{.*}}wrong-labels' has 2 at sample 2
// RUN: not cgmq-run %s --function=scores --images=%t/none --json=%t/no.json 2>&1 | FileCheck %s --check-prefix=IMAGES
// IMAGES: error: cannot read '{{.*}}none': No such file or directory
// RUN: not cgmq-run %s --function=scores --images=%t/images --batch=0 --json=%t/no.json 2>&1 | FileCheck %s --check-prefix=BATCH
// BATCH: error: expects --batch to be at least 1, but got 0
// RUN: not cgmq-run %s --function=scores --images=%t/images --limit=0 --json=%t/no.json 2>&1 | FileCheck %s --check-prefix=LIMIT
// LIMIT: error: expects --limit to be at least 1, but got 0
// RUN: not cgmq-run %s --function=scores --images=%t/images --compare=%s --compare-function=codes --json=%t/no.json 2>&1 | FileCheck %s --check-prefix=TYPES
// TYPES: error: expects both functions to give logits of one type, but they differ
// RUN: not cgmq-run %t/labels --images=%t/images --json=%t/no.json 2>&1 | FileCheck %s --check-prefix=PARSE
// PARSE: error:
// RUN: not cgmq-run %s --function=scores --images=%t/images --json=%t/missing/no.json 2>&1 | FileCheck %s --check-prefix=WRITE
// WRITE: error: cannot write '{{.*}}missing/no.json'
// RUN: not ls %t/no.json
