//===- Diagnostics.cpp - Diagnostics as exceptions and warnings -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::cgmq::python;
namespace py = pybind11;

DiagnosticRecord::DiagnosticRecord(Diagnostic &diagnostic)
    : severity(diagnostic.getSeverity()), message(diagnostic.str()) {
  Location loc = diagnostic.getLocation();
  if (!isa<UnknownLoc>(loc))
    llvm::raw_string_ostream(location) << loc;
  if (auto place = loc->findInstanceOf<FileLineColLoc>()) {
    file = place.getFilename().str();
    line = place.getLine();
    column = place.getColumn();
  }
  for (Diagnostic &note : diagnostic.getNotes())
    notes.emplace_back(note);
}

DiagnosticRecord::DiagnosticRecord(std::string message)
    : message(std::move(message)) {}

static const char *getName(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Remark:
    return "remark";
  case DiagnosticSeverity::Note:
    return "note";
  }
  llvm_unreachable("all severities are handled");
}

py::tuple DiagnosticRecord::toPython() const {
  py::list notesOfIt;
  for (const DiagnosticRecord &note : notes)
    notesOfIt.append(note.toPython());
  return py::make_tuple(getName(severity), message, location, file, line,
                        column, notesOfIt);
}

static py::list toPython(const std::vector<DiagnosticRecord> &records) {
  py::list list;
  for (const DiagnosticRecord &record : records)
    list.append(record.toPython());
  return list;
}

void cgmq::python::throwError(const std::vector<DiagnosticRecord> &records) {
  py::object module = py::module_::import("cgmq._diagnostics");
  py::object error = module.attr("make_error")(toPython(records));
  PyErr_SetObject(module.attr("Error").ptr(), error.ptr());
  throw py::error_already_set();
}

void cgmq::python::warn(const std::vector<DiagnosticRecord> &records) {
  bool hasWarning = llvm::any_of(records, [](const DiagnosticRecord &record) {
    return record.severity == DiagnosticSeverity::Warning;
  });
  if (hasWarning)
    py::module_::import("cgmq._diagnostics").attr("warn")(toPython(records));
}
