//===- GlobalTable.h - Initializers as globals -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_IMPORT_ONNX_GLOBALTABLE_H
#define CGMQ_LIB_IMPORT_ONNX_GLOBALTABLE_H

#include "Node.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::cgmq {

/// A name that MLIR writes without quotes, as near to `name` as can be.
std::string getIdentifier(StringRef name, StringRef otherwise);

/// The globals of a module that is being imported, named for the initializers
/// that they hold. One that is used in the same form twice is one global.
class GlobalTable : public ParameterTable {
public:
  explicit GlobalTable(ModuleOp module) : module(module), symbols(module) {}

  Value load(TosaBuilder &builder, const Constant &constant,
             ParameterKind kind) override;

private:
  ml_program::GlobalOp create(const Constant &constant, ParameterKind kind,
                              Location loc);

  ModuleOp module;
  SymbolTable symbols;
  llvm::StringMap<SmallVector<std::pair<Constant, ml_program::GlobalOp>>>
      globals;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_IMPORT_ONNX_GLOBALTABLE_H
