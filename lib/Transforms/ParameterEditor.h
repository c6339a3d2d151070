//===- ParameterEditor.h - New numbers for parameters -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_TRANSFORMS_PARAMETEREDITOR_H
#define CGMQ_LIB_TRANSFORMS_PARAMETEREDITOR_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::cgmq {

/// Gives the operands of a function's operations other numbers, in the globals
/// that hold them. What others see as well keeps its numbers.
class ParameterEditor {
public:
  explicit ParameterEditor(func::FuncOp function)
      : function(function), module(function->getParentOfType<ModuleOp>()),
        symbols(module), builder(function.getContext()) {}

  /// Loads a new parameter before `op`.
  Value create(Operation *op, RankedTensorType type, ArrayRef<float> values,
               const Twine &name);
  /// Gives `operand` new numbers, in the order of its elements: in the global
  /// that it loads, if it does (in a copy, if others see the global), else in a
  /// new one.
  void assign(OpOperand &operand, RankedTensorType type, ArrayRef<float> values,
              const Twine &name);
  /// The same for an operand of a new type: its global gets that type, and
  /// nothing moves elements on the way. A constant stays one.
  void replace(OpOperand &operand, RankedTensorType type,
               ArrayRef<float> values, const Twine &name);

  /// Marks what `value` follows from to be erased if nothing uses it any more.
  void release(Value value);
  void eraseReleased();

private:
  Value load(Operation *op, ml_program::GlobalOp global);
  /// True where nothing but `operand` sees the global that it comes from.
  bool isOwned(OpOperand &operand, ml_program::GlobalOp global);
  /// A copy that nothing sees yet.
  ml_program::GlobalOp copy(ml_program::GlobalOp global);

  func::FuncOp function;
  ModuleOp module;
  SymbolTable symbols;
  OpBuilder builder;
  llvm::SetVector<Operation *> released;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TRANSFORMS_PARAMETEREDITOR_H
