//===- FloatParts.h - What of a network has no integer form ----*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_FLOATPARTS_H
#define CGMQ_TRANSFORMS_FLOATPARTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace mlir::cgmq {

/// A function of the elements of one activation, as a table can hold it.
struct ElementFunction {
  Value source, result;
  llvm::SmallSetVector<Operation *, 8> ops;
};

/// The operations of a function that compute floats between quantizers: those
/// without an integer form (a softmax, a layer norm), whatever takes their
/// results before a quantizer or contraction does, and sums that nothing but
/// those read. In a frozen function also contractions of which a factor is not
/// quantized.
class FloatParts {
public:
  /// With `tables`, the functions of elements between what has an integer form
  /// are to have quantizers on either side, so that their results are no floats
  /// to others.
  FloatParts(func::FuncOp function, bool isFrozen, bool tables = false);

  bool contains(Operation *op) const { return ops.contains(op); }
  /// The functions of elements that are to become tables, in order.
  ArrayRef<ElementFunction> getTables() const { return tables; }

private:
  /// Whether `op` takes floats, or what it gives ends in floats alone.
  bool leadsToFloats(Operation *op) const;
  bool isFloat(Operation *op) const;
  /// Whether `value` is what such an operation gives, and no table's result.
  bool isFloat(Value value) const;
  /// Whether a table of `function` would take the place of floats.
  bool isTable(const ElementFunction &function) const;

  bool isFrozen;
  llvm::SmallPtrSet<Operation *, 16> ops;
  /// What is read by nothing but floats in the end.
  llvm::SmallPtrSet<Operation *, 16> leadingToFloats;
  SmallVector<ElementFunction> tables;
  /// What tables take the place of, and those that give their results.
  llvm::SmallPtrSet<Operation *, 16> tableOps, tabulated;
};

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_FLOATPARTS_H
