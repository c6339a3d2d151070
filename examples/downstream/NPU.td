//===- NPU.td - A cost model and a pass of another project -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NPU_TD
#define NPU_TD

include "cgmq/Dialect/CGMQ/IR/CGMQCosts.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/Pass/PassBase.td"

def NPU_Dialect : Dialect {
  let name = "npu";
  let cppNamespace = "::npu";
  let summary = "What an accelerator costs";
  let useDefaultAttributePrinterParser = 1;
}

def NPU_EnergyAttr : AttrDef<NPU_Dialect, "Energy", [
    DeclareAttrInterfaceMethods<CGMQ_CostModelAttr,
                                ["getMacCost", "getBitCost"]>]> {
  let mnemonic = "energy";
  let summary = "Energy of one sample, in femtojoules";
  let description = [{
    A multiply-accumulate takes `multiply` for each pair of bits that meet, and
    each bit of a parameter is read once for `read`.

    Example:

    ```mlir
    func.func private @f(tensor<?x4xf32>) -> tensor<?x2xf32>
        attributes {cgmq.budget = #cgmq.budget<
            9.0 percent, #npu.energy<multiply = 3, read = 100>>}
    ```
  }];
  let parameters = (ins "uint64_t":$multiply, "uint64_t":$read);
  let assemblyFormat = "`<` struct(params) `>`";
}

def BoundEnergyPass : Pass<"npu-bound-energy", "::mlir::ModuleOp"> {
  let summary = "Bounds the energy of a network";
  let description = [{
    Gives each public function a `cgmq.budget` of `percent` percent of the energy
    that it takes with all at 32 bits. What has a budget already is refused.
    `cgmq-insert-gates` without a budget of its own follows.
  }];
  let options = [
    Option<"percent", "percent", "double", /*default=*/"10.0",
           "Share of the energy at 32 bits, above 0, up to 100 (default 10)">,
    Option<"multiply", "multiply", "uint64_t", /*default=*/"3",
           "Femtojoules of a pair of bits that meet (default 3)">,
    Option<"read", "read", "uint64_t", /*default=*/"100",
           "Femtojoules of a bit of a parameter (default 100)">
  ];
  let dependentDialects = ["::npu::NPUDialect", "::mlir::cgmq::CGMQDialect"];
}

#endif // NPU_TD
