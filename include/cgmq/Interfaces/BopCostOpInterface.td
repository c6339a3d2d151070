//===- BopCostOpInterface.td - Bit-operations of an operation -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_INTERFACES_BOPCOSTOPINTERFACE_TD
#define CGMQ_INTERFACES_BOPCOSTOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def BopCostOpInterface : OpInterface<"BopCostOpInterface"> {
  let cppNamespace = "::mlir::cgmq";
  let description = [{
    An operation whose cost in bit-operations is known: a contraction, which
    costs the sum over its multiply-accumulates of the product of the widths
    of the two factors, or an operation without multiply-accumulates, which
    costs nothing. An operation without the interface has no known cost, and a
    function that holds it cannot be bounded.
  }];
  let methods = [
    InterfaceMethod<[{
        Multiply-accumulates of one execution, with each dynamic extent
        counted as one; zero for an operation that costs nothing. Fails, with
        an error at the operation, where a shape does not say.
      }],
      "::llvm::FailureOr<int64_t>", "getMacs", (ins)>,
    InterfaceMethod<[{
        The two operands that are multiplied; null where `getMacs` is zero.
      }],
      "std::pair<::mlir::OpOperand *, ::mlir::OpOperand *>", "getFactors",
      (ins)>,
    InterfaceMethod<[{
        Which elements of the factors each multiply-accumulate reads, with
        each dynamic extent counted as one; empty where `getMacs` is zero.
      }],
      "::mlir::cgmq::ContractionSpace", "getSpace", (ins), "",
      "return {};">,
    InterfaceMethod<[{
        True where every element of the result is one of the elements of the
        first operand (reshape, transpose, max-pool, clamp at zero): the codes
        of the operand, and so its width and scale, are those of the result.
      }],
      "bool", "preservesCodes", (ins), "", "return false;">
  ];
}

#endif // CGMQ_INTERFACES_BOPCOSTOPINTERFACE_TD
