//===- CNames.cpp - Names and types of C -----------------------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CNames.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::cgmq;

std::string cgmq::getCName(StringRef name) {
  std::string result = name.str();
  for (char &character : result)
    if (!llvm::isAlnum(character))
      character = '_';
  return result;
}

/// Whether C, and C++ as headers are read by it too, take `name` for a
/// function of a library.
static bool isCName(StringRef name) {
  static const llvm::StringSet<> reserved = {
      "auto",      "bool",     "break",     "case",     "catch",    "char",
      "class",     "const",    "continue",  "default",  "delete",   "do",
      "double",    "else",     "enum",      "extern",   "false",    "float",
      "for",       "friend",   "goto",      "if",       "inline",   "int",
      "long",      "main",     "namespace", "new",      "operator", "private",
      "protected", "public",   "register",  "restrict", "return",   "short",
      "signed",    "sizeof",   "static",    "struct",   "switch",   "template",
      "this",      "throw",    "true",      "try",      "typedef",  "typename",
      "union",     "unsigned", "using",     "virtual",  "void",     "volatile",
      "while"};
  return !name.empty() && !llvm::isDigit(name.front()) &&
         getCName(name) == name && !reserved.contains(name);
}

FailureOr<func::FuncOp> cgmq::getEntryPoint(ModuleOp module) {
  func::FuncOp entryPoint;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isDeclaration() || !function.isPublic())
      continue;
    if (entryPoint) {
      InFlightDiagnostic diag = function.emitOpError()
                                << "expects to be the only public function";
      diag.attachNote(entryPoint.getLoc()) << "another one is here";
      return diag;
    }
    entryPoint = function;
  }
  if (!entryPoint)
    return emitError(module.getLoc())
           << "expects a public function with a body";
  if (!isCName(entryPoint.getSymName())) {
    InFlightDiagnostic diag = entryPoint.emitOpError()
                              << "expects a name that C takes, but got '"
                              << entryPoint.getSymName() << "'";
    diag.attachNote() << "rename the function in the module";
    return diag;
  }
  return entryPoint;
}

std::optional<std::string> cgmq::getCType(Type type, bool isUnsigned) {
  if (type.isF32())
    return "float";
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || integer.getWidth() < 8 || integer.getWidth() > 64 ||
      !llvm::isPowerOf2_32(integer.getWidth()))
    return std::nullopt;
  return (isUnsigned ? "uint" : "int") + std::to_string(integer.getWidth()) +
         "_t";
}
