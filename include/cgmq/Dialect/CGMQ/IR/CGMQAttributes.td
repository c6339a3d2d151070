//===- CGMQAttributes.td - Attributes of the cgmq dialect -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_DIALECT_CGMQ_IR_CGMQATTRIBUTES_TD
#define CGMQ_DIALECT_CGMQ_IR_CGMQATTRIBUTES_TD

include "cgmq/Dialect/CGMQ/IR/CGMQDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

class CGMQ_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<CGMQ_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

def CGMQ_Signedness : I32Enum<"Signedness", "Whether codes have a sign", [
    I32EnumCase<"Unsigned", 0, "unsigned">,
    I32EnumCase<"Signed", 1, "signed">]> {
  let cppNamespace = "::mlir::cgmq";
}

def CGMQ_BudgetUnit : I32Enum<"BudgetUnit", "What a bound counts", [
    I32EnumCase<"Percent", 0, "percent">,
    I32EnumCase<"Bop", 1, "bop">]> {
  let cppNamespace = "::mlir::cgmq";
}

def CGMQ_BudgetAttr : CGMQ_Attr<"Budget", "budget"> {
  let summary = "Upper bound on the bit-operations of a function";
  let description = [{
    The bound that the widths of a function have to keep, carried by the
    function as the discardable attribute `cgmq.budget` through all stages.
    `cgmq-verify-budget` recomputes the cost from the IR and compares.

    The unit is `percent` (of the cost with everything at 32 bits, so that
    0.9 means an RBOP of 0.9 %) or `bop` (bit-operations for one sample).

    Constraints:
    - (C1) The bound is finite and greater than zero.
    - (C2) A bound in percent is at most 100.

    Example:

    ```mlir
    func.func private @f(tensor<?x4xf32>) -> tensor<?x2xf32>
        attributes {cgmq.budget = #cgmq.budget<0.9 percent>}
    func.func private @g(tensor<?x4xf32>) -> tensor<?x2xf32>
        attributes {cgmq.budget = #cgmq.budget<38912000.0 bop>}
    ```
  }];
  let parameters = (ins "::mlir::FloatAttr":$boundAttr,
                        EnumParameter<CGMQ_BudgetUnit>:$unit);
  let builders = [AttrBuilder<(ins "double":$bound, "BudgetUnit":$unit), [{
    auto type = ::mlir::Float64Type::get($_ctxt);
    return $_get($_ctxt, ::mlir::FloatAttr::get(type, bound), unit);
  }]>];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    double getBound() const { return getBoundAttr().getValueAsDouble(); }
    /// The bound in bit-operations, given the cost at 32 bits.
    double getLimit(double fullCost) const {
      return getUnit() == BudgetUnit::Percent ? getBound() / 100.0 * fullCost
                                              : getBound();
    }
  }];
}

def CGMQ_HeUniformAttr : CGMQ_Attr<"HeUniform", "he_uniform"> {
  let summary = "Initial value drawn from He's uniform distribution";
  let description = [{
    The initial value of a parameter as a rule instead of digits: element i is
    the i-th draw from the uniform distribution on [-bound, bound) with
    bound = sqrt(6 / fan_in), made by the counter-based generator
    `splitmix64(seed, i)`. The same attribute gives the same bits on every
    machine. `cgmq-initialize-parameters` puts the numbers in its place.

    Constraints:
    - (C1) `fan_in` is greater than zero.

    Example:

    ```mlir
    ml_program.global private mutable @conv1.weight(
        #cgmq.he_uniform<fan_in = 25, seed = 1>) : tensor<32x5x5x1xf32>
    ```
  }];
  let parameters = (ins "int64_t":$fan_in, "uint64_t":$seed);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif // CGMQ_DIALECT_CGMQ_IR_CGMQATTRIBUTES_TD
