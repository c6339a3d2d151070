//===- CodeCache.h - Compiled code on disk -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_EXECUTION_CODECACHE_H
#define CGMQ_LIB_EXECUTION_CODECACHE_H

#include "CompiledCode.h"
#include "cgmq/Execution/Passes.h"

#include <optional>

namespace mlir::cgmq {

/// The place of one module's code in a directory. Its name is a hash of all
/// that the code depends on, so what is found there is never out of date.
class CodeCache {
public:
  /// `module` is as it is handed to the lowering, with zeros in its globals.
  CodeCache(StringRef directory, ModuleOp module,
            ArrayRef<StringRef> entryPoints, const LowerToCpuOptions &options);

  /// The code, if it is there and whole.
  std::optional<CompiledCode> load() const;

  LogicalResult store(const CompiledCode &code) const;

private:
  Location loc;
  std::string directory, key, path;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_EXECUTION_CODECACHE_H
