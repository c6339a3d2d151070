//===- Constant.cpp - Tensors whose numbers are known -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Constant.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Builders.h"

#include "onnx/onnx_pb.h"

#include <cstring>

using namespace mlir;
using namespace mlir::cgmq;

Type cgmq::getElementType(int32_t code, MLIRContext *context) {
  Builder builder(context);
  switch (code) {
  case onnx::TensorProto::FLOAT:
    return builder.getF32Type();
  case onnx::TensorProto::DOUBLE:
    return builder.getF64Type();
  case onnx::TensorProto::FLOAT16:
    return builder.getF16Type();
  case onnx::TensorProto::BFLOAT16:
    return builder.getBF16Type();
  case onnx::TensorProto::INT8:
    return builder.getI8Type();
  case onnx::TensorProto::INT16:
    return builder.getI16Type();
  case onnx::TensorProto::INT32:
    return builder.getI32Type();
  case onnx::TensorProto::INT64:
    return builder.getI64Type();
  case onnx::TensorProto::BOOL:
    return builder.getI1Type();
  default:
    return Type();
  }
}

std::string cgmq::getElementTypeName(int32_t code) {
  return onnx::TensorProto::DataType_IsValid(code)
             ? onnx::TensorProto::DataType_Name(
                   static_cast<onnx::TensorProto::DataType>(code))
             : std::to_string(code);
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

static size_t getSize(Type element) {
  return llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
}

size_t Constant::getElementSize() const {
  return getSize(type.getElementType());
}

ArrayRef<char> Constant::getBytes() const {
  return {bytes->data(), bytes->size()};
}

char *Constant::allocate() {
  bytes = std::make_shared<std::string>(getNumElements() * getElementSize(), 0);
  return bytes->data();
}

template <typename T> static T read(const char *data) {
  T result;
  std::memcpy(&result, data, sizeof(T));
  return result;
}

template <typename T> static void write(char *data, T value) {
  std::memcpy(data, &value, sizeof(T));
}

static APFloat readFloat(FloatType type, const char *data) {
  APInt bits(type.getWidth(), 0);
  std::memcpy(const_cast<uint64_t *>(bits.getRawData()), data, getSize(type));
  return APFloat(type.getFloatSemantics(), bits);
}

static double readNumber(Type type, const char *data) {
  if (type.isF32())
    return read<float>(data);
  if (type.isF64())
    return read<double>(data);
  if (auto floatType = dyn_cast<FloatType>(type)) {
    APFloat value = readFloat(floatType, data);
    bool losesInfo;
    value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                  &losesInfo);
    return value.convertToDouble();
  }
  switch (getSize(type)) {
  case 1:
    return read<int8_t>(data);
  case 2:
    return read<int16_t>(data);
  case 4:
    return read<int32_t>(data);
  default:
    return static_cast<double>(read<int64_t>(data));
  }
}

static int64_t readInteger(Type type, const char *data) {
  if (isa<FloatType>(type) || getSize(type) != 8)
    return static_cast<int64_t>(readNumber(type, data));
  return read<int64_t>(data);
}

static void writeInteger(Type type, char *data, int64_t value) {
  switch (getSize(type)) {
  case 1:
    return write<int8_t>(data, type.isInteger(1) ? value != 0 : value);
  case 2:
    return write<int16_t>(data, value);
  case 4:
    return write<int32_t>(data, value);
  default:
    return write<int64_t>(data, value);
  }
}

static void writeNumber(Type type, char *data, double value) {
  if (type.isF32())
    return write<float>(data, value);
  if (type.isF64())
    return write<double>(data, value);
  auto floatType = dyn_cast<FloatType>(type);
  if (!floatType)
    return writeInteger(type, data, static_cast<int64_t>(value));
  APFloat converted(value);
  bool losesInfo;
  converted.convert(floatType.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
  APInt bits = converted.bitcastToAPInt();
  std::memcpy(data, bits.getRawData(), getSize(type));
}

//===----------------------------------------------------------------------===//
// Decoding
//===----------------------------------------------------------------------===//

/// Writes the repeated field that holds the elements, each in a number of its
/// own.
template <typename Field>
static LogicalResult writeField(const Field &field, int64_t size,
                                size_t elementSize, char *data,
                                function_ref<InFlightDiagnostic()> emitError) {
  if (field.size() != size)
    return emitError() << "expects " << size << " elements, but got "
                       << field.size();
  // Little endian, as the numbers of this machine are.
  for (auto [i, value] : llvm::enumerate(field))
    std::memcpy(data + i * elementSize, &value, elementSize);
  return success();
}

FailureOr<Constant>
Constant::decode(onnx::TensorProto &tensor, MLIRContext *context,
                 function_ref<InFlightDiagnostic()> emitError) {
  Type element = cgmq::getElementType(tensor.data_type(), context);
  if (!element)
    return emitError() << "expects elements of a type that TOSA has, but got "
                       << getElementTypeName(tensor.data_type());
  int64_t size = 1;
  for (int64_t extent : tensor.dims()) {
    if (extent < 0 ||
        (extent > 0 && size > std::numeric_limits<int32_t>::max() / extent &&
         size > (int64_t(1) << 40) / extent))
      return emitError() << "expects extents of a tensor that fits in memory, "
                            "but got "
                         << extent;
    size *= extent;
  }
  SmallVector<int64_t> shape(tensor.dims().begin(), tensor.dims().end());
  Constant result(RankedTensorType::get(shape, element));
  size_t elementSize = result.getElementSize();
  if (tensor.has_raw_data()) {
    if (tensor.raw_data().size() != size * elementSize)
      return emitError() << "expects " << size * elementSize
                         << " bytes, but got " << tensor.raw_data().size();
    result.bytes.reset(tensor.release_raw_data());
    return result;
  }

  // Before any memory is asked for.
  int64_t got = tensor.float_data_size() + tensor.double_data_size() +
                tensor.int32_data_size() + tensor.int64_data_size();
  if (got != size)
    return emitError() << "expects " << size << " elements, but got " << got;
  char *data = result.allocate();
  auto write = [&](const auto &field) {
    return writeField(field, size, elementSize, data, emitError);
  };
  LogicalResult written = element.isF32()         ? write(tensor.float_data())
                          : element.isF64()       ? write(tensor.double_data())
                          : element.isInteger(64) ? write(tensor.int64_data())
                                                  : write(tensor.int32_data());
  if (failed(written))
    return failure();
  return result;
}

Constant Constant::fromIntegers(RankedTensorType type,
                                ArrayRef<int64_t> values) {
  Constant result(type);
  char *data = result.allocate();
  for (auto [i, value] : llvm::enumerate(values))
    writeInteger(type.getElementType(), data + i * result.getElementSize(),
                 value);
  return result;
}

Constant Constant::fromNumbers(RankedTensorType type, ArrayRef<double> values) {
  Constant result(type);
  char *data = result.allocate();
  for (auto [i, value] : llvm::enumerate(values))
    writeNumber(type.getElementType(), data + i * result.getElementSize(),
                value);
  return result;
}

SmallVector<int64_t> Constant::getIntegers() const {
  return llvm::map_to_vector(llvm::seq(getNumElements()), [&](int64_t i) {
    return readInteger(type.getElementType(),
                       bytes->data() + i * getElementSize());
  });
}

SmallVector<double> Constant::getNumbers() const {
  return llvm::map_to_vector(llvm::seq(getNumElements()), [&](int64_t i) {
    return readNumber(type.getElementType(),
                      bytes->data() + i * getElementSize());
  });
}

bool Constant::hasDynamic() const {
  return type.getElementType().isInteger(64) &&
         llvm::is_contained(getIntegers(), kDynamic);
}

DenseElementsAttr Constant::getAttr() const {
  if (!type.getElementType().isInteger(1))
    return DenseElementsAttr::getFromRawBuffer(type, getBytes());
  auto bits =
      llvm::map_to_vector(getBytes(), [](char byte) { return byte != 0; });
  return DenseElementsAttr::get(type, bits);
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

Constant Constant::reshape(ArrayRef<int64_t> shape) const {
  Constant result = *this;
  result.type = type.clone(shape);
  return result;
}

Constant Constant::view(ArrayRef<int64_t> shape, int64_t offset,
                        ArrayRef<int64_t> strides) const {
  Constant result(type.clone(shape));
  result.name = name;
  char *to = result.allocate();
  int64_t size = static_cast<int64_t>(getElementSize());
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t i = 0, e = result.getNumElements(); i < e; ++i) {
    std::memcpy(to + i * size, bytes->data() + offset * size, size);
    for (int64_t dim = static_cast<int64_t>(shape.size()) - 1; dim >= 0;
         --dim) {
      offset += strides[dim];
      if (++index[dim] < shape[dim])
        break;
      offset -= strides[dim] * shape[dim];
      index[dim] = 0;
    }
  }
  return result;
}

Constant Constant::transpose(ArrayRef<int64_t> perms) const {
  if (isIdentityPermutation(perms))
    return *this;
  return view(applyPermutation(getShape(), perms), 0,
              applyPermutation(computeStrides(getShape()), perms));
}
