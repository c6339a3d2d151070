//===- CostTableFile.h - Tables of costs as JSON -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A table of costs as a file is a JSON object:
//
//   { "name": "npu",
//     "widths": [4, 8, 32],
//     "costs": {
//       "default": [[1, 1, 16], [1, 1, 16], [16, 16, 16]],
//       "matmul": [[0.5, 1, 16], [0.5, 1, 16], [16, 16, 16]] } }
//
// with a row for each width of the activation and a column for each of the
// weight, in any unit. What it means is said at `#cgmq.cost_table`, which holds
// the same. Keys that start with `_` are left to the author.
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_COSTTABLEFILE_H
#define CGMQ_TRANSFORMS_COSTTABLEFILE_H

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

namespace mlir::cgmq {

/// Reads the table that the file at `path` holds. Fails, with an error by
/// `emitError` that names the file, where it holds none.
FailureOr<CostTableAttr>
readCostTable(MLIRContext *context, StringRef path,
              llvm::function_ref<InFlightDiagnostic()> emitError);

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_COSTTABLEFILE_H
