//===- CGMQAttributes.cpp - Attributes of the cgmq dialect -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::cgmq;

#define GET_ATTRDEF_CLASSES
#include "cgmq/Dialect/CGMQ/IR/CGMQAttributes.cpp.inc"

void CGMQDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "cgmq/Dialect/CGMQ/IR/CGMQAttributes.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// BudgetAttr
//===----------------------------------------------------------------------===//

Attribute BudgetAttr::parse(AsmParser &parser, Type) {
  double bound = 0.0;
  std::string unitName;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseFloat(bound))
    return {};
  SMLoc unitLoc = parser.getCurrentLocation();
  if (parser.parseKeywordOrString(&unitName))
    return {};
  std::optional<BudgetUnit> unit = symbolizeBudgetUnit(unitName);
  if (!unit) {
    parser.emitError(unitLoc)
        << "expects unit percent or bop, but got '" << unitName << "'";
    return {};
  }
  if (parser.parseGreater())
    return {};
  return parser.getChecked<BudgetAttr>(
      loc, parser.getContext(), parser.getBuilder().getF64FloatAttr(bound),
      *unit);
}

void BudgetAttr::print(AsmPrinter &printer) const {
  // The shortest text that parses to the same bits, as upstream prints floats.
  printer << '<';
  printer.printFloat(getBoundAttr().getValue());
  printer << ' ' << stringifyBudgetUnit(getUnit()) << '>';
}

LogicalResult BudgetAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 FloatAttr boundAttr, BudgetUnit unit) {
  double bound = boundAttr.getValueAsDouble();
  if (!std::isfinite(bound) || bound <= 0.0)
    return emitError() << "expects a bound that is finite and greater than "
                          "zero, but got "
                       << bound;
  if (unit == BudgetUnit::Percent && bound > 100.0)
    return emitError() << "expects a bound of at most 100 percent, but got "
                       << bound;
  return success();
}

//===----------------------------------------------------------------------===//
// HeUniformAttr
//===----------------------------------------------------------------------===//

LogicalResult
HeUniformAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                      int64_t fanIn, uint64_t seed) {
  if (fanIn <= 0)
    return emitError() << "expects fan_in greater than zero, but got " << fanIn;
  return success();
}
