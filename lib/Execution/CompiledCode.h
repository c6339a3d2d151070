//===- CompiledCode.h - Object code and its bindings -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXECUTION_COMPILEDCODE_H
#define CGMQ_LIB_EXECUTION_COMPILEDCODE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>
#include <vector>

namespace mlir::cgmq {

/// Object code for the host, and what its functions want as arguments.
struct CompiledCode {
  /// A global as the code sees it.
  struct Global {
    std::string name;
    int64_t elementSize = 0, numElements = 0;
  };
  /// The symbol of an entry point takes one array of pointers: to the inputs,
  /// the globals, the results and, if it has temporaries, the arena.
  struct EntryPoint {
    std::string name;
    std::vector<Global> globals;
    bool usesArena = false;
  };

  static std::string getSymbol(StringRef entryPoint) {
    return ("cgmq.entry." + entryPoint).str();
  }

  std::vector<EntryPoint> entryPoints;
  int64_t arenaSize = 0;
  std::unique_ptr<llvm::MemoryBuffer> object;
};

/// The machine that code is generated for and linked on.
FailureOr<llvm::orc::JITTargetMachineBuilder> detectHost(Location loc);

/// Reads off what the entry points of a module on buffers want.
CompiledCode readBindings(ModuleOp onBuffers, ArrayRef<StringRef> entryPoints);

/// Compiles a module of the LLVM dialect for the host, with the symbols of the
/// entry points.
FailureOr<std::unique_ptr<llvm::MemoryBuffer>>
generateObject(ModuleOp module, ArrayRef<StringRef> entryPoints,
               int64_t vectorBits);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_EXECUTION_COMPILEDCODE_H
