//===- Training.h - Runs over data -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_PYTHON_TRAINING_H
#define CGMQ_PYTHON_TRAINING_H

#include <pybind11/pybind11.h>

namespace mlir::cgmq::python {

/// Adds the function that runs training passes over arrays.
void addTraining(pybind11::module_ &extension);

} // namespace mlir::cgmq::python

#endif // CGMQ_PYTHON_TRAINING_H
