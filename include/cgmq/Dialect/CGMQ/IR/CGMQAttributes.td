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
