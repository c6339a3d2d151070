//===- AdjointUtils.h - What gradient rules are built of -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A rule is written as a formula over elements (`Scalar`) and one call that
// says over which tensors it runs (`mapReduce`, `contract`). All of them build
// linalg.generic.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_INTERFACES_EXTERNALMODELS_ADJOINTUTILS_H
#define CGMQ_LIB_INTERFACES_EXTERNALMODELS_ADJOINTUTILS_H

#include "cgmq/Interfaces/DifferentiableOpInterface.h"

#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cgmq {

/// The rule of an operation with one result: `Rule` has a static function
///   build(OpTy op, ImplicitLocOpBuilder &b, Value cotangent, Active active,
///         MutableArrayRef<Value> operandCotangents)
/// that does what `buildAdjoint` promises.
template <typename Rule, typename OpTy>
struct GradientRule : DifferentiableOpInterface::ExternalModel<Rule, OpTy> {
  using Active = const llvm::SmallBitVector &;
  LogicalResult buildAdjoint(Operation *op, OpBuilder &builder,
                             ArrayRef<Value> cotangents, Active active,
                             MutableArrayRef<Value> operandCotangents) const {
    ImplicitLocOpBuilder b(op->getLoc(), builder);
    return Rule::build(cast<OpTy>(op), b, cotangents[0], active,
                       operandCotangents);
  }
};

/// A number, or a truth value, in the body of an operation on elements.
class Scalar {
public:
  Scalar(ImplicitLocOpBuilder &builder, Value value)
      : builder(&builder), value(value) {}
  Value getValue() const { return value; }
  /// A constant of the type of this number.
  Scalar constant(double number) const;

  friend Scalar operator-(Scalar a);
  friend Scalar operator+(Scalar a, Scalar b);
  friend Scalar operator-(Scalar a, Scalar b);
  friend Scalar operator*(Scalar a, Scalar b);
  friend Scalar operator/(Scalar a, Scalar b);
  friend Scalar operator+(double a, Scalar b) { return b.constant(a) + b; }
  friend Scalar operator-(double a, Scalar b) { return b.constant(a) - b; }
  friend Scalar operator*(double a, Scalar b) { return b.constant(a) * b; }
  friend Scalar operator/(double a, Scalar b) { return b.constant(a) / b; }
  friend Scalar cos(Scalar a);
  friend Scalar exp(Scalar a);
  friend Scalar log(Scalar a);
  friend Scalar pow(Scalar a, Scalar b);
  friend Scalar sin(Scalar a);
  /// Comparisons are false where either number is not one.
  friend Scalar operator>(Scalar a, Scalar b);
  friend Scalar operator>=(Scalar a, Scalar b);
  friend Scalar operator==(Scalar a, Scalar b);
  friend Scalar operator<(Scalar a, Scalar b) { return b > a; }
  friend Scalar operator<=(Scalar a, Scalar b) { return b >= a; }
  friend Scalar operator&(Scalar a, Scalar b);
  friend Scalar select(Scalar condition, Scalar a, Scalar b);
  /// This truth value ? a : 0.
  Scalar gate(Scalar a) const { return select(*this, a, a.constant(0.0)); }

  /// a + b, which a reduction may reassociate, so that it vectorizes.
  friend Scalar sum(Scalar a, Scalar b);

private:
  template <typename OpTy, typename... Args> Scalar build(Args &&...args) const;

  ImplicitLocOpBuilder *builder;
  Value value;
};

using Formula = function_ref<Scalar(ArrayRef<Scalar>)>;

/// A zero tensor of the shape and float element type of `like`.
Value buildZeros(ImplicitLocOpBuilder &b, Value like);
Value buildZeros(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes,
                 Type elementType);

/// `formula` of the elements of `inputs`, summed to the shape of `like`, with
/// its element type. Inputs of equal rank broadcast along extents of one, as
/// TOSA's do, and scalars to everything; the sum runs over the dimensions in
/// which `like` has extent one and an input has not, and over leading
/// dimensions that `like` lacks. Two dynamic extents are taken to be equal.
/// Inputs that the formula does not read are left out, so that they need not
/// be kept.
Value mapReduce(ImplicitLocOpBuilder &b, ValueRange inputs, Value like,
                Formula formula);

/// The sum of `cotangent` to the shape of `like`, the reverse of broadcasting;
/// `cotangent` itself where the shapes are equal.
Value sumTo(ImplicitLocOpBuilder &b, Value cotangent, Value like);

/// init + the sum of lhs * rhs over the iteration space of `maps` (those of
/// lhs, rhs and init).
Value contract(ImplicitLocOpBuilder &b, Value lhs, Value rhs, Value init,
               ArrayRef<AffineMap> maps,
               ArrayRef<utils::IteratorType> iterators);

/// Accumulates `formula` of the elements of `inputs` into `init`; the last
/// number that the formula gets is the element of the result so far.
Value buildGeneric(ImplicitLocOpBuilder &b, ValueRange inputs, Value init,
                   ArrayRef<AffineMap> maps,
                   ArrayRef<utils::IteratorType> iterators, Formula formula);

/// The cotangent of the operand of a maximum: that of the result, shared
/// equally by the elements that attain it. `max` and `cotangent` broadcast
/// to `input`.
Value buildMaxAdjoint(ImplicitLocOpBuilder &b, Value input, Value max,
                      Value cotangent);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_INTERFACES_EXTERNALMODELS_ADJOINTUTILS_H
