//===- Passes.td - Training passes -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_PASSES_TD
#define CGMQ_TRAINING_PASSES_TD

include "mlir/Pass/PassBase.td"

/// How gates move, with a default.
class DirectionOption<string default>
    : Option<"direction", "direction", "std::string", "\"" # default # "\"",
             "How gates move: cost, gradient, magnitude, product, or a name that "
             "registerDirection was given (default " # default # ")">;

class ThreadsOption
    : Option<"threads", "threads", "int64_t", "0",
             "Threads to run on; results do not depend on it (default: one for "
             "each core that the process may use)">;

class LearningRateOption<string default>
    : Option<"learningRate", "learning-rate", "double", default,
             "Adam's rate at the start, falling to zero along a cosine (default " #
             default # ")">;

/// Where compiled code is kept.
defvar cacheOption =
    Option<"cache", "cache", "std::string", /*default=*/"",
           "Directory that keeps compiled code, so that the next run for the "
           "same function and options need not compile (default none)">;

/// What training makes small.
class LossOption<code values>
    : Option<"loss", "loss", "::mlir::cgmq::Loss",
             "::mlir::cgmq::Loss::CrossEntropy",
             "What training makes small (default: cross-entropy)", values>;

/// What a run over data is told, the same in each pass that trains.
defvar trainingOptions = [
    Option<"images", "images", "std::string", /*default=*/"",
           "Samples: IDX (plain or gzip) or .npy">,
    Option<"labels", "labels", "std::string", /*default=*/"",
           "Class of each sample: IDX (plain or gzip) or .npy; with loss=mse "
           "its target: .npy of floats">,
    Option<"batch", "batch", "int64_t", "128",
           "Samples in a step (default 128)">,
    Option<"validation", "validation", "int64_t", "5000",
           "Samples held out to choose the epoch by (default 5000, at most a "
           "fifth of the data)">,
    Option<"limit", "limit", "int64_t", "0",
           "Use the first so many samples only; 0 means all (default 0)">,
    Option<"seed", "seed", "uint64_t", "1", "Seed of order and split (default 1)">,
    Option<"patience", "patience", "int64_t", "0",
           "End after so many epochs without a better score on the validation "
           "samples; 0 means never (default 0)">,
    Option<"log", "log", "std::string", /*default=*/"",
           "File for the course of the run, as JSON, written anew after each "
           "epoch (default: none)">,
    Option<"checkpoint", "checkpoint", "std::string", /*default=*/"",
           "File for the state of the run, written anew after each epoch "
           "(default: none)">,
    Option<"checkpointSteps", "checkpoint-steps", "int64_t", "0",
           "Write it after so many steps instead (default 0: after each epoch)">,
    Option<"resume", "resume", "std::string", /*default=*/"",
           "Checkpoint of the same run to go on from (default: none)">,
    ThreadsOption<>,
    cacheOption
];

//===----------------------------------------------------------------------===//
// Build training step
//===----------------------------------------------------------------------===//

def BuildTrainingStepPass
    : Pass<"cgmq-build-training-step", "::mlir::ModuleOp"> {
  let summary = "Build one step of gradient descent as a function";
  let description = [{
    From a loss `@f_loss(samples, targets) -> tensor<f32>`, as
    `cgmq-build-loss` leaves it, builds

    ```
    @f_step(samples, targets, learning_rate, moment_corrections, gate_rate,
            violated) -> tensor<f32>
    ```

    which computes the loss, its gradient by the rules of
    `DifferentiableOpInterface`, and updates in place every parameter that
    the loss loads:

    - weights, biases and ranges by Adam (beta1 0.9, beta2 0.999, epsilon
      1e-8); `moment_corrections` holds 1 / (1 - beta1^t) and
      1 / (1 - beta2^t) of step t. The moments are new globals
      `@<parameter>.m` and `@<parameter>.v`. The rate of a range is relative to
      the range, which a step at most halves, so that it stays positive.
    - gates by `g <- clamp(g - gate_rate * dir, 0.5, 5.5)`, down to -0.5 where
      they may prune, with the chosen direction: positive and at least 0.1 where
      `violated` is true, not positive where it is false, and at most 1 in
      magnitude.

    With G the mean of |dL/dx| and X the mean of |x| over what a gate governs
    (method.md, Direction):

    | direction | violated      | satisfied     |
    |-----------|---------------|---------------|
    | gradient  | 1 / G         | -G            |
    | magnitude | 1 / (G + X)   | -(G + X)      |
    | product   | 1 / G + 1 / X | -(G X)        |
    | cost      | max(g - t, 0.1) | min(g - t, 0) |

    and whatever a program or a plugin has registered by `registerDirection`
    under a name of its own (examples/downstream).

    The first three are normalized so that no rate depends on the scale of the
    loss: a magnitude of one is the greatest of a whole tensor, by the means over
    all of it, among the parameters and among the activations. Single gates of a
    tensor that would go beyond are held at one. The means of an activation's
    gate run over the batch.

    `cost` is the distance to a target t, at most one, which whoever runs the
    step writes to the new global `@<gate>.target`. What it needs to know for
    that is in the new global `@<gate>.sensitivity`: the running mean (of which a
    step adds 1 %) of the sum of (dL/dx)^2 over what each gate governs. Times
    the mean squared error of a width, that is what the width loses, to second
    order, up to a factor that is the same for all gates.

    Requires a straight-line loss whose active operations have gradient rules.
    Leaves the loss as it is. Does not decide whether the budget is violated:
    that is an argument.

    Example:

    ```mlir
    ml_program.global private mutable @w(dense<0.5> : tensor<4xf32>) : tensor<4xf32>
    func.func @f_loss(%x: tensor<4xf32>, %t: tensor<4xf32>) -> tensor<f32> {
      %w = ml_program.global_load @w : tensor<4xf32>
      %p = tosa.add %x, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      %d = tosa.sub %p, %t : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      %s = tosa.reduce_sum %d {axis = 0 : i32} : (tensor<4xf32>) -> tensor<1xf32>
      %shape = tosa.const_shape {values = dense<> : tensor<0xindex>} : () -> !tosa.shape<0>
      %l = tosa.reshape %s, %shape : (tensor<1xf32>, !tosa.shape<0>) -> tensor<f32>
      return %l : tensor<f32>
    }
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"",
           "Name of the network; its loss is @<name>_loss. May be left out "
           "where the module has one loss">,
    DirectionOption<"gradient">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::ml_program::MLProgramDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

//===----------------------------------------------------------------------===//
// Train
//===----------------------------------------------------------------------===//

def TrainPass : Pass<"cgmq-train", "::mlir::ModuleOp"> {
  let summary = "Train the parameters of a float network";
  let description = [{
    Compiles a training step of the function and runs it over the data, so
    that the globals it loads hold trained values afterwards: Adam with a
    cosine schedule, batches in an order that the seed decides, the last
    partial batch of an epoch left out. The parameters kept are those of the
    last epoch whose accuracy on `validation` samples held out of the training
    data is within its standard error of the best: smaller differences are mostly
    chance, and a later epoch has settled more.

    With `checkpoint` the state of the run is kept in a file, which is a module
    in bytecode; a run that was interrupted goes on from it with `resume` and
    the same options, and gives the same bits as one that was not.

    Requires a float network (TOSA) whose first argument is the batch and
    which returns logits (with loss=mse any f32 tensor with a row for each
    sample), and data of that shape. Does not change the function.

    Example:

    ```sh
    cgmq-opt lenet5.mlir --cgmq-train='images=train-images-idx3-ubyte labels=train-labels-idx1-ubyte epochs=3 seed=1'
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"",
           "Function to train; may be left out where the module has one">,
    Option<"epochs", "epochs", "double", "3.0",
           "Passes over the data, fractions allowed (default 3)">,
    LearningRateOption<"0.001">,
    LossOption<[{::mlir::cgmq::getLossValues(/*withDistillation=*/false)}]>
  ] # trainingOptions;
}

//===----------------------------------------------------------------------===//
// Calibrate
//===----------------------------------------------------------------------===//

def CalibratePass : Pass<"cgmq-calibrate", "::mlir::ModuleOp"> {
  let summary = "Set the ranges of quantizers from data";
  let description = [{
    Runs the float network (quantizers bypassed) on a sample of the data and
    sets the range global of each `cgmq.quantize`:

    - at 32 bits to the greatest magnitude that the quantizer sees, so that
      nothing is clipped;
    - at any other width of its gate to the range of least mean squared error
      at that width.

    A tensor whose gates have several widths gets the geometric mean of the
    ranges of all its gates.

    The ranges of least error of all widths that the gate may select are left
    on each quantize as `cgmq.ranges`, in the order of the type's widths, for
    whoever moves the gate, and the mean squared errors as `cgmq.errors`. At 0
    bits, where the type has them, the error is the mean of the squares, and the
    range that of the next width. They are searched among 40 ranges from the greatest
    magnitude down to 1/29 of it, 2^(1/8) apart, on at most 32,768 values that
    the seed draws.

    Values that are not finite are an error, and so are negative ones where
    codes are unsigned. An activation that is zero all
    over the sample gets a tiny positive range, and a warning; a parameter that
    is all zero (a bias before training) keeps its range.

    Requires the output of `cgmq-insert-gates` and data of the shape of the
    function's one argument. Does not change weights or gates.

    Example:

    ```sh
    cgmq-opt gated.mlir --cgmq-calibrate='images=train-images-idx3-ubyte samples=1024'
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"",
           "Function to calibrate; may be left out where the module has one">,
    Option<"images", "images", "std::string", /*default=*/"",
           "Samples: IDX (plain or gzip) or .npy">,
    Option<"samples", "samples", "int64_t", "1024",
           "Samples to run, at least 1 and at most what the data has "
           "(default 1024)">,
    Option<"seed", "seed", "uint64_t", "1",
           "Seed of the choice of samples (default 1)">,
    ThreadsOption<>,
    cacheOption
  ];
}

//===----------------------------------------------------------------------===//
// Optimize
//===----------------------------------------------------------------------===//

def OptimizePass : Pass<"cgmq-optimize", "::mlir::ModuleOp"> {
  let summary = "Learn weights, ranges and widths under the budget";
  let description = [{
    Trains a gated network so that its cost keeps the `cgmq.budget` of its
    function: weights, biases and ranges by Adam, gates by a direction that
    lowers widths while the budget is violated and raises them only while it
    is kept (arXiv 2409.20138). The exact cost is known after each step.

    The direction `cost`, the default, weighs what a width loses against what it
    costs. The loss is the mean of (dL/dx)^2, gathered by the step, times the
    mean squared error that calibration found for the width; of parameters,
    which training can move to where rounding does little harm, a tenth counts,
    but all of it where they are pruned.
    Ten times in the first half of the run the widths are found that lose least
    and keep the bound exactly. Where gates are many, each takes the width of
    which the loss and the price of its bit-operations are least, the partners at
    the widths they have by then, and the price is sought at which the bound is
    just kept. Up to 64 all start wide, and what loses least goes down, by itself
    or for the bit-operations it saves. Then slack is spent where it gains most
    for its cost, and of few, exchanges are tried. There the gates are told to go.
    The other directions see sensitivities alone.

    The rate of the gates follows from the number of steps: under `cost` a gate
    travels from 32 bits to the lowest width in one step, or in 0.05 % of a long
    run, under the others the slowest one does within 30 %. Half-way the gates are frozen: under
    `cost` at the widths of least loss, under the others at the state of greatest
    cost seen that keeps the budget (or, where none was seen, lowered until one
    does), with slack going to the narrowest. Wider widths are taken down to 8
    bits, up to which the simulation of integers is exact; beyond 8 bits, up to
    16, gates go only where all are that wide. Then weights and ranges settle.
    The parameters kept are those of the last frozen epoch that is within its
    standard error of the best one, as in `cgmq-train`. So the result keeps the budget whatever the data, the
    seed, the granularity and the number of epochs.

    Where gates may prune (`widths=0,...` in `cgmq-insert-gates`), what is pruned
    takes no part in training but that its sensitivity is gathered all the same,
    so that it can come back. The first channels are not pruned (the first of an
    activation, and the weights from the first to the first; of a convolution at
    all positions): through them the result depends on the input, whatever the
    bound. What else stays under a tight one is for the directions to say. When
    gates are frozen under `cost`, the weights and biases that make a pruned
    channel of an activation are pruned with it, which loses nothing, and what
    that saves is spent.

    A budget below the cost with every free gate at its least width is refused
    before training, with that figure. Where the function carries several, all
    are held at once: widths go down while any of them is violated, what is saved
    counts in relation to the bounds that are, and up only while all hold. The
    option `budget` is that of `cgmq-insert-gates`.

    `loss=distill` trains toward what the function gives without its quantizers,
    with the parameters that it has at the start; then labels are not needed, and
    where there are none, epochs are chosen by how often the greatest logit is
    the same. Checkpoints and logs are as in `cgmq-train`; the log adds cost and
    widths of each epoch.

    Requires the output of `cgmq-insert-gates`, better of `cgmq-calibrate`,
    with a budget. Leaves the same IR with other values of its globals.

    Example:

    ```sh
    cgmq-opt calibrated.mlir --cgmq-optimize='images=train-images-idx3-ubyte labels=train-labels-idx1-ubyte epochs=4'
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"",
           "Function to optimize; may be left out where the module has one">,
    Option<"budget", "budget", "std::string", /*default=*/"",
           "Bound that replaces the function's: 0.9% of the cost at 32 bits, "
           "or a number in the model's unit; several as bop:0.9%,memory:20%">,
    Option<"costModel", "cost-model", "std::string", /*default=*/"",
           "What a budget without a model bounds: bop, memory, or table:FILE "
           "(default: bop)">,
    Option<"epochs", "epochs", "double", "4.0",
           "Passes over the data, fractions allowed (default 4)">,
    LearningRateOption<"0.003">,
    LossOption<[{::mlir::cgmq::getLossValues(/*withDistillation=*/true)}]>,
    DirectionOption<"cost">
  ] # trainingOptions;
}

#endif // CGMQ_TRAINING_PASSES_TD
