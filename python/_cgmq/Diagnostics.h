//===- Diagnostics.h - Diagnostics as exceptions and warnings -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_PYTHON_DIAGNOSTICS_H
#define CGMQ_PYTHON_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"

#include <pybind11/pybind11.h>

#include <string>
#include <vector>

namespace mlir::cgmq::python {

/// A diagnostic of MLIR, copied, so that it can leave its context.
struct DiagnosticRecord {
  explicit DiagnosticRecord(Diagnostic &diagnostic);
  /// An error without a place.
  explicit DiagnosticRecord(std::string message);

  /// As cgmq._diagnostics takes it.
  pybind11::tuple toPython() const;

  DiagnosticSeverity severity = DiagnosticSeverity::Error;
  std::string message;
  /// Where it is, as MLIR prints it, and as a place in a file; empty and zero
  /// where there is none.
  std::string location, file;
  unsigned line = 0, column = 0;
  std::vector<DiagnosticRecord> notes;
};

/// Throws a cgmq.Error.
[[noreturn]] void throwError(const std::vector<DiagnosticRecord> &records);

/// Issues the warnings among the records.
void warn(const std::vector<DiagnosticRecord> &records);

} // namespace mlir::cgmq::python

#endif // CGMQ_PYTHON_DIAGNOSTICS_H
