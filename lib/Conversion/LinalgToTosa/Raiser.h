//===- Raiser.h - A block of linalg becomes one of TOSA -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_LINALGTOTOSA_RAISER_H
#define CGMQ_LIB_CONVERSION_LINALGTOTOSA_RAISER_H

#include "cgmq/Support/TosaBuilder.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::cgmq {

/// Raises the operations of a function in order. What takes a tensor of linalg
/// finds here what it became, of the same rank and the same extents, or of one
/// element where it repeats: TOSA broadcasts, where linalg has an operation
/// that does, and where an accumulator is filled before it is summed into.
class Raiser {
public:
  explicit Raiser(func::FuncOp function)
      : b(function.getLoc(), function.getContext()), function(function) {}

  /// Raises all operations and removes what they were; fails, with an error at
  /// the operation, where one cannot be.
  LogicalResult run();

  /// Tells that `op` cannot be raised, and what can be done about it.
  static LogicalResult refuse(Operation *op, const Twine &reason,
                              const Twine &remedy = "");

  /// What a tensor became.
  Value get(Value tensor);
  /// The same with all extents of `tensor`, which `user` needs.
  FailureOr<Value> getWhole(Operation *user, Value tensor);
  void set(Value tensor, Value raised) { tensors[tensor] = raised; }

  /// The number that a scalar is known to be, null if it is not.
  TypedAttr getNumber(Value scalar) const { return numbers.lookup(scalar); }
  /// Computes the scalars that `op` gives, if those that it takes are known.
  void fold(Operation *op);
  /// A constant of one element and rank `rank`.
  Value getConstant(TypedAttr number, int64_t rank);

  /// Repeats `value` along the dimensions in which it has one element.
  FailureOr<Value> repeat(Operation *user, Value value,
                          ArrayRef<int64_t> shape);
  /// A tensor whose dimension i is all dimensions `groups[i]` of `value`.
  Value group(Value value, ArrayRef<SmallVector<int64_t>> groups);

  /// Constants of the network, candidates for parameters.
  ArrayRef<tosa::ConstOp> getConstants() const { return constants; }

  TosaBuilder b;

private:
  LogicalResult raise(Operation *op);
  LogicalResult raiseStructured(linalg::LinalgOp op);
  LogicalResult replaceOperands(Operation *op);
  LogicalResult eraseRaised();

  func::FuncOp function;
  DenseMap<Value, Value> tensors;
  DenseMap<Value, TypedAttr> numbers;
  SmallVector<tosa::ConstOp> constants;
  llvm::SetVector<Operation *> raised;
};

/// The number that all elements of a constant are.
std::optional<double> getUniform(Value tensor);

/// The dimension of an operand that each loop goes along; -1 where none does.
/// Fails where one of its indices is not a loop or zero.
FailureOr<SmallVector<int64_t>> getPositions(AffineMap map);

/// Whether the block adds products of its first two arguments to the third.
bool sumsProducts(linalg::LinalgOp op);

// A file for each subject.
LogicalResult raiseElementwise(Raiser &raiser, linalg::LinalgOp op);
LogicalResult raiseReduction(Raiser &raiser, linalg::LinalgOp op);
LogicalResult raiseContraction(Raiser &raiser, linalg::LinalgOp op);
LogicalResult raiseConvolution(Raiser &raiser, linalg::LinalgOp op);
/// An operation of tensor, or one of linalg that is not structured.
LogicalResult raiseMovement(Raiser &raiser, Operation *op);

/// What a scalar operation is on tensors that stand for its operands.
FailureOr<Value> raiseScalar(Raiser &raiser, Operation *op,
                             ArrayRef<Value> operands);
/// Makes parameters of `constants`.
void createParameters(ModuleOp module, ArrayRef<tosa::ConstOp> constants);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_LINALGTOTOSA_RAISER_H
