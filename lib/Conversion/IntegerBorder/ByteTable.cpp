//===- ByteTable.cpp - The codes of bytes ----------------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ByteTable.h"

#include "cgmq/Support/ByteSample.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::cgmq;

/// What a body of scalar arithmetic yields for constants, by the folders of its
/// operations: those of arith round as IEEE has it, and so as the code does
/// that would otherwise run.
static FailureOr<IntegerAttr> evaluate(Block &body,
                                       ArrayRef<Attribute> arguments) {
  DenseMap<Value, Attribute> values;
  for (auto [argument, value] : llvm::zip(body.getArguments(), arguments))
    values[argument] = value;
  for (Operation &op : body.without_terminator()) {
    SmallVector<Attribute> operands;
    for (Value operand : op.getOperands())
      operands.push_back(values.lookup(operand));
    SmallVector<OpFoldResult> results;
    if (failed(op.fold(operands, results)) ||
        results.size() != op.getNumResults())
      return op.emitOpError() << "cannot be evaluated to a table of codes";
    for (auto [result, folded] : llvm::zip_equal(op.getResults(), results))
      values[result] = isa<Attribute>(folded)
                           ? cast<Attribute>(folded)
                           : values.lookup(cast<Value>(folded));
  }
  Operation *yield = body.getTerminator();
  auto code =
      dyn_cast_if_present<IntegerAttr>(values.lookup(yield->getOperand(0)));
  if (!code)
    return yield->emitOpError() << "expects an integer to yield";
  return code;
}

FailureOr<SmallVector<int64_t>>
cgmq::computeByteTable(linalg::GenericOp quantizer, ArrayRef<int64_t> widths) {
  Builder builder(quantizer.getContext());
  Block &body = quantizer.getRegion().front();
  SmallVector<int64_t> table;
  for (int64_t row = 0; row < std::max<int64_t>(widths.size(), 1); ++row)
    for (int64_t byte = 0; byte < kNumBytes; ++byte) {
      SmallVector<Attribute> arguments = {
          builder.getF32FloatAttr(scaleByte(static_cast<uint8_t>(byte)))};
      if (!widths.empty())
        arguments.push_back(
            builder.getIntegerAttr(body.getArgument(1).getType(), widths[row]));
      FailureOr<IntegerAttr> code = evaluate(body, arguments);
      if (failed(code))
        return failure();
      table.push_back(code->getValue().getSExtValue());
    }
  return table;
}
