//===- Data.h - Arrays of numpy as the compiler has them -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_PYTHON_DATA_H
#define CGMQ_PYTHON_DATA_H

#include "cgmq/Training/Dataset.h"

#include <pybind11/numpy.h>

namespace mlir::cgmq::python {

/// Copies an array of u8, i32, i64, f32 or f64, so that what happens to it
/// later means nothing to a run. It is dense and row-major, for which
/// cgmq._arrays sees.
Array copyArray(const pybind11::array &array);

/// Adds the function that reads arrays from files.
void addData(pybind11::module_ &extension);

} // namespace mlir::cgmq::python

#endif // CGMQ_PYTHON_DATA_H
