//===- CostReport.h - The cost, layer by layer -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_ANALYSIS_COSTREPORT_H
#define CGMQ_ANALYSIS_COSTREPORT_H

#include "cgmq/Analysis/CostBounds.h"

#include "llvm/Support/JSON.h"

namespace mlir::cgmq {

/// What a function costs, as data; `cgmq-report` says what the keys mean.
llvm::json::Object buildCostReport(func::FuncOp function,
                                   const CostAnalysis &analysis,
                                   const CostBounds &bounds);

/// The same as a table that people read.
void printCostTable(raw_ostream &os, func::FuncOp function,
                    const CostAnalysis &analysis, const CostBounds &bounds);

} // namespace mlir::cgmq

#endif // CGMQ_ANALYSIS_COSTREPORT_H
