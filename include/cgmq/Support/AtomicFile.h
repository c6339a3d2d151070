//===- AtomicFile.h - Files that are written whole or not at all ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_SUPPORT_ATOMICFILE_H
#define CGMQ_SUPPORT_ATOMICFILE_H

#include "mlir/Support/LLVM.h"

#include <string>

namespace mlir::cgmq {

/// Writes to a temporary file beside `path` and renames it to `path` once it
/// is complete; on failure nothing is left behind, what stood at `path` stays,
/// and `error` says why. "-" is standard output; a device is written directly.
LogicalResult writeFileAtomically(StringRef path,
                                  function_ref<void(raw_ostream &)> write,
                                  std::string &error);

} // namespace mlir::cgmq

#endif // CGMQ_SUPPORT_ATOMICFILE_H
