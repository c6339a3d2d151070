//===- Parameters.cpp - Globals as arrays -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Module.h"

#include "Types.h"
#include "cgmq/Transforms/ParameterValues.h"

#include "mlir/IR/DialectResourceBlobManager.h"

#include <cstring>

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::python;
namespace py = pybind11;

/// The type of a global whose numbers numpy can hold; null where it cannot.
static RankedTensorType getArrayType(ml_program::GlobalOp global) {
  auto type = dyn_cast<RankedTensorType>(global.getType());
  bool isArray = type && type.hasStaticShape() &&
                 !getArrayElement(type.getElementType()).empty();
  return isArray ? type : RankedTensorType();
}

/// The global of a name, which has such a type; null where there is none.
static ml_program::GlobalOp find(ModuleOp module, StringRef name) {
  auto global = module.lookupSymbol<ml_program::GlobalOp>(name);
  return global && getArrayType(global) ? global : ml_program::GlobalOp();
}

/// Copies the bytes of a dense or dense_resource value.
static LogicalResult copyBytes(ml_program::GlobalOp global, char *data,
                               size_t size) {
  Attribute value = global.getValueAttr();
  ArrayRef<char> bytes;
  bool isSplat = false;
  if (auto resource = dyn_cast_if_present<DenseResourceElementsAttr>(value)) {
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      bytes = blob->getData();
  } else if (auto dense = dyn_cast_if_present<DenseElementsAttr>(value)) {
    bytes = dense.getRawData();
    isSplat = dense.isSplat();
  }
  if (bytes.empty() ? size != 0 : (!isSplat && bytes.size() != size))
    return emitError(global.getLoc())
           << "expects a dense or dense_resource value of " << size
           << " bytes, but got " << bytes.size();
  for (size_t offset = 0; offset < size; offset += bytes.size())
    std::copy(bytes.begin(), bytes.end(), data + offset);
  return success();
}

py::list Module::getParameters() {
  std::vector<std::pair<std::string, TensorInfo>> parameters;
  context->run([&]() -> LogicalResult {
    for (auto global : op->getOps<ml_program::GlobalOp>())
      if (RankedTensorType type = getArrayType(global))
        parameters.emplace_back(global.getSymName().str(), TensorInfo(type));
    return success();
  });
  py::list list;
  for (const auto &[name, info] : parameters)
    list.append(py::make_tuple(name, info.toPython()));
  return list;
}

py::array Module::getParameter(const std::string &name) {
  std::optional<TensorInfo> info;
  std::vector<char> bytes;
  context->run([&]() -> LogicalResult {
    ml_program::GlobalOp global = find(*op, name);
    if (!global)
      return success();
    RankedTensorType type = getArrayType(global);
    info.emplace(type);
    bytes.resize(type.getNumElements() * (type.getElementTypeBitWidth() / 8));
    if (!type.getElementType().isF32())
      return copyBytes(global, bytes.data(), bytes.size());
    FailureOr<SmallVector<float>> values = getFloatValues(global);
    if (failed(values))
      return failure();
    std::memcpy(bytes.data(), values->data(), bytes.size());
    return success();
  });
  if (!info)
    throw py::key_error(name);
  py::array array(py::dtype(info->element), info->shape);
  std::memcpy(array.mutable_data(), bytes.data(), bytes.size());
  return array;
}

void Module::setParameter(const std::string &name,
                          py::array_t<float, py::array::c_style> values) {
  ArrayRef<float> numbers(values.data(), values.size());
  bool isFound = false;
  context->run([&]() -> LogicalResult {
    ml_program::GlobalOp global = find(*op, name);
    isFound = bool(global);
    if (!isFound)
      return success();
    RankedTensorType type = getArrayType(global);
    if (!type.getElementType().isF32() ||
        type.getNumElements() != static_cast<int64_t>(numbers.size()))
      return emitError(global.getLoc())
             << "expects numbers for " << type << ", but got " << numbers.size()
             << " of f32";
    setFloatValues(global, numbers);
    return success();
  });
  if (!isFound)
    throw py::key_error(name);
}
