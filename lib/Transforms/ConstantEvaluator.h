//===- ConstantEvaluator.h - Numbers of constant expressions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_TRANSFORMS_CONSTANTEVALUATOR_H
#define CGMQ_LIB_TRANSFORMS_CONSTANTEVALUATOR_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::cgmq {

/// True where `value` follows from constants and from parameters that nothing
/// stores to, by operations that a ConstantEvaluator knows.
bool isConstantExpression(Value value);

/// Evaluates constant expressions in double. (The folders of TOSA know no
/// parameters, and round to f32 after each operation.)
class ConstantEvaluator {
public:
  /// Says what numbers `value` has, instead of what defines it.
  void define(Value value, SmallVector<double> numbers) {
    known[value] = std::move(numbers);
  }

  /// The numbers of a constant expression, in row-major order. Fails, with an
  /// error at the global, where a parameter has no value.
  FailureOr<SmallVector<double>> evaluate(Value value);

private:
  FailureOr<SmallVector<double>> evaluateOperation(Operation *op);

  DenseMap<Value, SmallVector<double>> known;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TRANSFORMS_CONSTANTEVALUATOR_H
