//===- Constant.h - Tensors whose numbers are known -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_IMPORT_ONNX_CONSTANT_H
#define CGMQ_LIB_IMPORT_ONNX_CONSTANT_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"

#include <memory>
#include <string>

namespace onnx {
class TensorProto;
} // namespace onnx

namespace mlir::cgmq {

/// A tensor whose numbers are known when the graph is read: an initializer, or
/// what follows from such and from shapes. An integer may be kDynamic: the
/// extent that is not known, which shapes carry along.
class Constant {
public:
  static constexpr int64_t kDynamic = ShapedType::kDynamic;

  /// Decodes `tensor`, whose bytes it takes where it can; refuses element types
  /// that TOSA does not have and numbers that do not fit the shape.
  static FailureOr<Constant>
  decode(onnx::TensorProto &tensor, MLIRContext *context,
         function_ref<InFlightDiagnostic()> emitError);

  static Constant fromIntegers(RankedTensorType type, ArrayRef<int64_t> values);
  static Constant fromNumbers(RankedTensorType type, ArrayRef<double> values);

  RankedTensorType getType() const { return type; }
  ArrayRef<int64_t> getShape() const { return type.getShape(); }
  int64_t getRank() const { return type.getRank(); }
  int64_t getNumElements() const { return type.getNumElements(); }
  bool isFloat() const { return isa<FloatType>(type.getElementType()); }

  /// The initializer that the numbers are those of, in whatever order; empty
  /// where there is none.
  StringRef getName() const { return name; }
  void setName(StringRef newName) { name = newName.str(); }

  /// The elements, converted.
  SmallVector<int64_t> getIntegers() const;
  SmallVector<double> getNumbers() const;
  bool hasDynamic() const;

  /// The elements as they lie in memory: row-major, booleans in a byte.
  ArrayRef<char> getBytes() const;
  /// What keeps them where they are.
  std::shared_ptr<const std::string> shareBytes() const { return bytes; }
  /// An attribute of the constant's type.
  DenseElementsAttr getAttr() const;

  Constant reshape(ArrayRef<int64_t> shape) const;
  Constant transpose(ArrayRef<int64_t> perms) const;
  /// Element `index` of the result is element `offset + sum(index * strides)`.
  Constant view(ArrayRef<int64_t> shape, int64_t offset,
                ArrayRef<int64_t> strides) const;

private:
  Constant(RankedTensorType type) : type(type) {}
  size_t getElementSize() const;
  char *allocate();

  RankedTensorType type;
  std::shared_ptr<std::string> bytes;
  std::string name;
};

/// The type of elements of ONNX's type `code`, null where TOSA has none.
Type getElementType(int32_t code, MLIRContext *context);
/// What ONNX calls it.
std::string getElementTypeName(int32_t code);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_IMPORT_ONNX_CONSTANT_H
