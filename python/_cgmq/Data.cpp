//===- Data.cpp - Arrays of numpy as the compiler has them -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Data.h"

#include "Context.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::python;
namespace py = pybind11;

cgmq::Array cgmq::python::copyArray(const py::array &array) {
  Array result;
  result.shape.assign(array.shape(), array.shape() + array.ndim());
  auto take = [&](auto zero) {
    using T = decltype(zero);
    if (!py::isinstance<py::array_t<T, py::array::c_style>>(array))
      return false;
    auto *first = static_cast<const T *>(array.data());
    result.elements = std::vector<T>(first, first + array.size());
    return true;
  };
  if (!take(uint8_t()) && !take(int32_t()) && !take(int64_t()) &&
      !take(float()) && !take(double()))
    throw py::type_error("expects a dense array of uint8, int32, int64, "
                         "float32 or float64, but got " +
                         py::cast<std::string>(py::str(array.dtype())));
  return result;
}

/// Reads an array from an IDX or .npy file.
static py::array readArray(const std::string &path) {
  Context context;
  Array array;
  context.run([&]() -> LogicalResult {
    FailureOr<Array> read = readArrayFile(
        path, [&] { return emitError(UnknownLoc::get(context.get())); });
    if (failed(read))
      return failure();
    array = std::move(*read);
    return success();
  });
  std::vector<py::ssize_t> shape(array.shape.begin(), array.shape.end());
  return std::visit(
      [&](const auto &elements) -> py::array {
        using T = typename std::decay_t<decltype(elements)>::value_type;
        return py::array_t<T>(shape, elements.data());
      },
      array.elements);
}

void cgmq::python::addData(py::module_ &extension) {
  extension.def("read_array", &readArray);
}
