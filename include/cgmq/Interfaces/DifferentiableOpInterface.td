//===- DifferentiableOpInterface.td - Reverse-mode rules -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_INTERFACES_DIFFERENTIABLEOPINTERFACE_TD
#define CGMQ_INTERFACES_DIFFERENTIABLEOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::mlir::cgmq";
  let description = [{
    An operation with a reverse-mode rule. Given the cotangents of its results
    it builds those of its operands. The rules of upstream operations are
    external models, one file for each dialect in Interfaces/ExternalModels.
  }];
  let methods = [
    InterfaceMethod<[{
        Builds, at the insertion point of `builder`, the cotangent of each
        operand that is `active` (one bit for each operand) from those of the
        results. `cotangents` has one value for each result, null where it is
        zero; at least one is not null. `operandCotangents` arrives with one
        null for each operand; what stays null is zero. A cotangent has the
        shape of its value and its float element type (the expressed type,
        where the value is a gated tensor). Fails after it emitted an error at
        the operation, if the rule does not cover its operands or attributes.
      }],
      "::llvm::LogicalResult", "buildAdjoint",
      (ins "::mlir::OpBuilder &":$builder,
           "::llvm::ArrayRef<::mlir::Value>":$cotangents,
           "const ::llvm::SmallBitVector &":$active,
           "::llvm::MutableArrayRef<::mlir::Value>":$operandCotangents)>
  ];
}

#endif // CGMQ_INTERFACES_DIFFERENTIABLEOPINTERFACE_TD
