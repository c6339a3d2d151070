// RUN: not cgmq-opt %s -cgmq-differentiate=function=none 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not cgmq-opt %s -cgmq-differentiate=function=declaration 2>&1 | FileCheck %s --check-prefix=DECLARATION
// RUN: not cgmq-opt %s -cgmq-build-loss=function=declaration 2>&1 | FileCheck %s --check-prefix=DECLARATION
// RUN: not cgmq-opt %s -cgmq-differentiate=wrt=nothing 2>&1 | FileCheck %s --check-prefix=WRT
// RUN: not cgmq-opt %s -cgmq-build-loss=loss=nothing 2>&1 | FileCheck %s --check-prefix=LOSS

// A name that is not there.
// NAME: error: expects a function named by option 'function', but got 'none'

// A function without a body.
// DECLARATION: error: expects a body of one block, but got 0 blocks

// Options that are not there.
// WRT: Cannot find option named 'nothing'
// LOSS: Cannot find option named 'nothing'
func.func private @declaration(%x: tensor<4xf32>) -> tensor<4xf32>
