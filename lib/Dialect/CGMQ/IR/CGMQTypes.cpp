//===- CGMQTypes.cpp - Types of the cgmq dialect -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/Dialect/CGMQ/IR/Verification.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::cgmq;

#define GET_TYPEDEF_CLASSES
#include "cgmq/Dialect/CGMQ/IR/CGMQTypes.cpp.inc"

void CGMQDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "cgmq/Dialect/CGMQ/IR/CGMQTypes.cpp.inc"
      >();
}

ArrayRef<int64_t> GatedType::getDefaultWidths() { return kGateWidths; }

LogicalResult
cgmq::verifyWidths(ArrayRef<int64_t> widths,
                   llvm::function_ref<InFlightDiagnostic()> emitError) {
  auto isWidth = [](int64_t width) {
    return width == kPrunedWidth || llvm::is_contained(kGateWidths, width);
  };
  auto emit = [&](StringRef what) -> LogicalResult {
    InFlightDiagnostic diag = emitError();
    diag << "expects " << what << ", but got [";
    llvm::interleaveComma(widths, diag);
    return diag << "]";
  };
  bool ascending = llvm::is_sorted(widths, std::less_equal<int64_t>());
  if (widths.empty() || !ascending || !llvm::all_of(widths, isWidth))
    return emit("ascending widths out of 0, 2, 4, 8, 16 and 32");
  // What is kept of a tensor has to have codes to be beside what is pruned.
  if (canPrune(widths) && (widths.size() == 1 || widths[1] == kFloatWidth))
    return emit("0 beside a width from 2 to 16");
  return success();
}

LogicalResult GatedType::verify(function_ref<InFlightDiagnostic()> emitError,
                                Signedness signedness, ArrayRef<int64_t> widths,
                                Type expressedType) {
  if (failed(verifyWidths(widths, emitError)))
    return failure();
  if (!expressedType.isF32())
    return emitError() << "expects expressed type f32, but got "
                       << expressedType;
  return success();
}
