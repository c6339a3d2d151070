//===- CGMQCosts.td - Budgets and what they bound -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_DIALECT_CGMQ_IR_CGMQCOSTS_TD
#define CGMQ_DIALECT_CGMQ_IR_CGMQCOSTS_TD

include "cgmq/Dialect/CGMQ/IR/CGMQAttributes.td"
include "mlir/IR/Interfaces.td"

//===----------------------------------------------------------------------===//
// Cost models
//===----------------------------------------------------------------------===//

def CGMQ_ContractionKind
    : I32Enum<"ContractionKind", "What is contracted, for tables of costs", [
    I32EnumCase<"Conv2D", 0, "conv2d">,
    I32EnumCase<"DepthwiseConv2D", 1, "depthwise_conv2d">,
    I32EnumCase<"MatMul", 2, "matmul">]> {
  let cppNamespace = "::mlir::cgmq";
}

def CGMQ_CostModelAttr : AttrInterface<"CostModelAttr"> {
  let cppNamespace = "::mlir::cgmq";
  let description = [{
    What widths cost. The cost of a function is the sum over the
    multiply-accumulates of one sample of what each costs at the widths that
    meet in it, and over the bits of all parameters (weights and biases, each
    element as wide as its unit) of what a bit costs:

    ```
    cost = sum over kinds k and widths a, b of MACs(k, a, b) * cost(k, a, b)
         + bits * cost of a bit
    ```

    Both costs are finite and not negative, and wider never costs less. So the
    least cost of a function is that of its least widths, and the cost with
    everything at 32 bits, of which percents are taken, is the greatest. What has
    0 bits, because it is pruned, costs nothing by any model: it is not asked for
    such widths.
  }];
  let methods = [
    InterfaceMethod<"What people know the model by; unique among the budgets "
                    "of a function.",
      "::llvm::StringRef", "getModelName", (ins)>,
    InterfaceMethod<"The keyword of the unit in which the cost is counted.",
      "::llvm::StringRef", "getUnitName", (ins)>,
    InterfaceMethod<"What is counted, in words, for messages.",
      "std::string", "describe", (ins)>,
    InterfaceMethod<[{
        The cost of a multiply-accumulate of an activation of `lhsWidth` bits
        and a weight of `rhsWidth` bits.
      }],
      "double", "getMacCost", (ins "::mlir::cgmq::ContractionKind":$kind,
                                   "int64_t":$lhsWidth, "int64_t":$rhsWidth),
      "", "return 0.0;">,
    InterfaceMethod<"The cost of a bit of a parameter.",
      "double", "getBitCost", (ins), "", "return 0.0;">
  ];
}

def CGMQ_BopCostAttr : CGMQ_Attr<"BopCost", "bop_cost", [
    DeclareAttrInterfaceMethods<CGMQ_CostModelAttr, ["getMacCost"]>]> {
  let summary = "Bit-operations";
  let description = [{
    A multiply-accumulate costs the product of the two widths; a budget's
    default. Written as `bop`, or left out, in `#cgmq.budget`.

    Example:

    ```mlir
    func.func private @f(tensor<?x4xf32>) -> tensor<?x2xf32>
        attributes {cgmq.budget = #cgmq.budget<0.9 percent, bop>}
    ```
  }];
}

def CGMQ_MemoryCostAttr : CGMQ_Attr<"MemoryCost", "memory_cost", [
    DeclareAttrInterfaceMethods<CGMQ_CostModelAttr, ["getBitCost"]>]> {
  let summary = "Bits of weights and biases";
  let description = [{
    A bit of a parameter costs one, and nothing else costs anything. A parameter
    is a global that the function loads, but for ranges and gates; a bias counts
    as its own quantizer rounds it, and what has no quantizer as it is stored.
    Written as `memory` in `#cgmq.budget`.

    Example:

    ```mlir
    func.func private @f(tensor<?x4xf32>) -> tensor<?x2xf32>
        attributes {cgmq.budget = #cgmq.budget<20.0 percent, memory>}
    ```
  }];
}

def CGMQ_CostTableAttr : CGMQ_Attr<"CostTable", "cost_table", [
    DeclareAttrInterfaceMethods<CGMQ_CostModelAttr, ["getMacCost"]>]> {
  let summary = "A cost for each pair of widths";
  let description = [{
    What a multiply-accumulate costs on some hardware, for each kind of
    contraction and pair of widths: time, energy, or whatever was measured. So
    hardware whose product of 8 by 8 bits is as cheap as that of 4 by 4 is
    priced as it is. `cgmq-insert-gates` and `cgmq-optimize` read it from a file
    (`cost-model=table:FILE`).

    `costs` has one array for each kind that is told apart and one as the
    `default` of the others, in row-major order: a row for each width of the
    activation, a column for each width of the weight. The kinds are `conv2d`,
    `depthwise_conv2d` and `matmul`, which fully connected layers are. They are
    told from the loops, so that they are the same at each stage: a convolution
    is what has a window, that is an index that two loops of several iterations
    move, and a depthwise one has a loop over channels that all its tensors
    share. A 1x1 convolution is a `matmul`.

    A code may always be carried in more bits than it needs. So a pair costs the
    least of what the table has for it and for all pairs that are as wide or
    wider; widths that the table does not list cost what the next wider ones do,
    but for 0 bits, which cost nothing.

    Constraints:
    - (C1) The name is not empty, and not that of another model.
    - (C2) Widths ascend, are greater than zero and end with 32, the reference.
    - (C3) There is a `default`, and all else is a kind of contraction.
    - (C4) Each array has one f64 for each pair of widths.
    - (C5) Each cost is finite and not negative.

    Example, of hardware that multiplies bytes, and weights of 4 bits at half
    the cost in matrix products:

    ```mlir
    func.func private @f(tensor<?x4xf32>) -> tensor<?x2xf32>
        attributes {cgmq.budget = #cgmq.budget<40.0 percent,
            #cgmq.cost_table<"npu", widths = [4, 8, 32], costs = {
                default = array<f64: 1.0, 1.0, 16.0, 1.0, 1.0, 16.0, 16.0, 16.0, 16.0>,
                matmul = array<f64: 0.5, 1.0, 16.0, 0.5, 1.0, 16.0, 16.0, 16.0, 16.0>}>>}
    ```
  }];
  let parameters = (ins StringRefParameter<"of the hardware">:$name,
                        ArrayRefParameter<"int64_t">:$widths,
                        "::mlir::DictionaryAttr":$costs);
  let assemblyFormat = [{
    `<` $name `,` `widths` `=` `[` $widths `]` `,` `costs` `=` $costs `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The key of the costs of kinds without some of their own.
    static constexpr ::llvm::StringLiteral kDefaultName = "default";
  }];
}

//===----------------------------------------------------------------------===//
// Budgets
//===----------------------------------------------------------------------===//

def CGMQ_BudgetUnit : I32Enum<"BudgetUnit", "What a bound counts", [
    I32EnumCase<"Percent", 0, "percent">,
    I32EnumCase<"Bop", 1, "bop">,
    I32EnumCase<"Bit", 2, "bit">,
    I32EnumCase<"Cost", 3, "cost">]> {
  let cppNamespace = "::mlir::cgmq";
}

def CGMQ_BudgetAttr : CGMQ_Attr<"Budget", "budget"> {
  let summary = "Upper bound on the cost of a function";
  let description = [{
    The bound that the widths of a function have to keep, carried by the
    function as the discardable attribute `cgmq.budget` through all stages; or
    several, as an array, which all have to hold. `cgmq-verify-budget`
    recomputes the cost from the IR and compares.

    What is bounded is a cost model: bit-operations, unless another is named.
    The unit is `percent` (of the cost with everything at 32 bits, so that
    0.9 means an RBOP of 0.9 %) or that of the model, for one sample:

    | model                  | written              | unit   |
    |------------------------|----------------------|--------|
    | `#cgmq.bop_cost`       | `bop`, or left out   | `bop`  |
    | `#cgmq.memory_cost`    | `memory`             | `bit`  |
    | `#cgmq.cost_table<..>` | itself               | `cost` |

    Constraints:
    - (C1) The bound is finite and greater than zero.
    - (C2) A bound in percent is at most 100.
    - (C3) The unit is `percent` or that of the model.

    Example:

    ```mlir
    func.func private @f(tensor<?x4xf32>) -> tensor<?x2xf32>
        attributes {cgmq.budget = #cgmq.budget<0.9 percent>}
    func.func private @g(tensor<?x4xf32>) -> tensor<?x2xf32>
        attributes {cgmq.budget = #cgmq.budget<38912000.0 bop>}
    func.func private @h(tensor<?x4xf32>) -> tensor<?x2xf32>
        attributes {cgmq.budget = [#cgmq.budget<0.9 percent>,
                                   #cgmq.budget<1.0e6 bit, memory>]}
    ```
  }];
  let parameters = (ins "::mlir::FloatAttr":$boundAttr,
                        EnumParameter<CGMQ_BudgetUnit>:$unit,
                        "::mlir::cgmq::CostModelAttr":$model);
  let builders = [AttrBuilder<(ins "double":$bound, "BudgetUnit":$unit), [{
    auto type = ::mlir::Float64Type::get($_ctxt);
    return $_get($_ctxt, ::mlir::FloatAttr::get(type, bound), unit,
                 BopCostAttr::get($_ctxt));
  }]>];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    double getBound() const { return getBoundAttr().getValueAsDouble(); }
    /// The bound in the unit of the model, given the cost at 32 bits.
    double getLimit(double fullCost) const {
      return getUnit() == BudgetUnit::Percent ? getBound() / 100.0 * fullCost
                                              : getBound();
    }
  }];
}

#endif // CGMQ_DIALECT_CGMQ_IR_CGMQCOSTS_TD
