//===- Types.h - Types of tensors, as numpy knows them -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_PYTHON_TYPES_H
#define CGMQ_PYTHON_TYPES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeRange.h"

#include <pybind11/pybind11.h>

#include <string>
#include <vector>

namespace mlir::cgmq::python {

/// What numpy calls the elements of a tensor; empty where it knows none of
/// them.
std::string getArrayElement(Type element);

/// A type as (shape, element type), with None for what is dynamic; the text of
/// MLIR where numpy does not know the elements, and in place of the whole where
/// it is no ranked tensor. It belongs to no context.
struct TensorInfo {
  explicit TensorInfo(Type type);
  pybind11::object toPython() const;

  bool isRanked = false;
  std::vector<int64_t> shape;
  std::string element;
};

/// The same of several types.
std::vector<TensorInfo> getInfos(TypeRange types);
pybind11::tuple toPython(const std::vector<TensorInfo> &infos);

} // namespace mlir::cgmq::python

#endif // CGMQ_PYTHON_TYPES_H
