//===- Types.cpp - Types of tensors, as numpy knows them -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Types.h"

#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::cgmq::python;
namespace py = pybind11;

std::string cgmq::python::getArrayElement(Type element) {
  if (element.isF16() || element.isF32() || element.isF64())
    return "float" + std::to_string(element.getIntOrFloatBitWidth());
  for (unsigned width : {8, 16, 32, 64})
    if (element.isSignlessInteger(width))
      return "int" + std::to_string(width);
  return {};
}

TensorInfo::TensorInfo(Type type) {
  Type named = type;
  if (auto tensor = dyn_cast<RankedTensorType>(type)) {
    isRanked = true;
    shape = tensor.getShape().vec();
    named = tensor.getElementType();
    element = getArrayElement(named);
  }
  if (element.empty())
    llvm::raw_string_ostream(element) << named;
}

py::object TensorInfo::toPython() const {
  if (!isRanked)
    return py::str(element);
  py::list extents;
  for (int64_t extent : shape) {
    if (ShapedType::isDynamic(extent))
      extents.append(py::none());
    else
      extents.append(extent);
  }
  return py::make_tuple(py::tuple(extents), element);
}

std::vector<TensorInfo> cgmq::python::getInfos(TypeRange types) {
  return std::vector<TensorInfo>(types.begin(), types.end());
}

py::tuple cgmq::python::toPython(const std::vector<TensorInfo> &infos) {
  py::list list;
  for (const TensorInfo &info : infos)
    list.append(info.toPython());
  return py::tuple(list);
}
