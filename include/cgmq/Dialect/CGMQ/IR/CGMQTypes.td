//===- CGMQTypes.td - Types of the cgmq dialect -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_DIALECT_CGMQ_IR_CGMQTYPES_TD
#define CGMQ_DIALECT_CGMQ_IR_CGMQTYPES_TD

include "cgmq/Dialect/CGMQ/IR/CGMQAttributes.td"
include "cgmq/Dialect/CGMQ/IR/CGMQDialect.td"
include "mlir/IR/AttrTypeBase.td"

class CGMQ_Type<string name, string typeMnemonic, list<Trait> traits = []>
    : TypeDef<CGMQ_Dialect, name, traits> {
  let mnemonic = typeMnemonic;
}

def CGMQ_GatedType : CGMQ_Type<"Gated", "gated"> {
  let summary = "Quantized number whose width a gate decides";
  let description = [{
    The element type of a gated quantized tensor, as `!quant.uniform` is of
    one whose width is fixed. A value of it is a code together with a width
    out of `widths` (bits) and a range beta; it stands for the real number
    `code * step(width)` with

    ```
    alpha = signed ? -beta : 0
    step(b) = (beta - alpha) / (2^b - 1)              b in {2, 4, 8, 16}
    code in signed ? [-(2^(b-1) - 1), 2^(b-1) - 1] : [0, 2^b - 1]
    ```

    At 32 bits the value is the real number itself, clipped to [alpha, beta].
    At 0 bits, where `widths` has them, it is zero: it is pruned.
    The grids nest: step(2b) * (2^b + 1) = step(b).

    Constraints:
    - (C1) `widths` is a non-empty, strictly increasing list out of
      0, 2, 4, 8, 16 and 32, with one from 2 to 16 where it has 0.
    - (C2) `expressedType` is f32.

    Example:

    ```mlir
    func.func private @f(
        tensor<?x12x12x32x!cgmq.gated<unsigned, [2, 4, 8, 16, 32], f32>>)
    ```
  }];
  let parameters = (ins
    EnumParameter<CGMQ_Signedness>:$signedness,
    ArrayRefParameter<"int64_t", "allowed widths in bits, ascending">:$widths,
    "::mlir::Type":$expressedType);
  let assemblyFormat =
      "`<` $signedness `,` `[` $widths `]` `,` $expressedType `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    bool isSigned() const { return getSignedness() == Signedness::Signed; }
    /// The widths of a gate that does not prune, in bits: 2, 4, 8, 16, 32.
    static ::llvm::ArrayRef<int64_t> getDefaultWidths();
  }];
}

#endif // CGMQ_DIALECT_CGMQ_IR_CGMQTYPES_TD
