//===- CostTableFile.cpp - Tables of costs as JSON -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/CostTableFile.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// Reads one file; errors name it.
class TableReader {
public:
  TableReader(MLIRContext *context, StringRef path,
              llvm::function_ref<InFlightDiagnostic()> emitError)
      : builder(context), path(path), emitError(emitError) {}

  FailureOr<CostTableAttr> read();

private:
  InFlightDiagnostic emitFileError() {
    return emitError() << "expects a table of costs in '" << path << "', but ";
  }
  /// The costs of a kind in row-major order.
  FailureOr<Attribute> readCosts(StringRef kind, const llvm::json::Value &rows);

  Builder builder;
  StringRef path;
  llvm::function_ref<InFlightDiagnostic()> emitError;
  SmallVector<int64_t> widths;
};

} // namespace

FailureOr<Attribute> TableReader::readCosts(StringRef kind,
                                            const llvm::json::Value &rows) {
  SmallVector<double> costs;
  const llvm::json::Array *array = rows.getAsArray();
  if (!array || array->size() != widths.size())
    return emitFileError() << "'" << kind << "' is no list of " << widths.size()
                           << " rows, one for each width of the activation";
  for (auto [width, row] : llvm::zip_equal(widths, *array)) {
    const llvm::json::Array *cells = row.getAsArray();
    if (!cells || cells->size() != widths.size())
      return emitFileError()
             << "'" << kind << "' has no list of " << widths.size()
             << " costs for activations of " << width
             << " bits, one for each width of the weight";
    for (auto [index, cell] : llvm::enumerate(*cells)) {
      std::optional<double> cost = cell.getAsNumber();
      if (!cost)
        return emitFileError() << "'" << kind << "' has no number for " << width
                               << " by " << widths[index] << " bits";
      costs.push_back(*cost);
    }
  }
  return Attribute(builder.getDenseF64ArrayAttr(costs));
}

FailureOr<CostTableAttr> TableReader::read() {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return emitFileError() << "got " << buffer.getError().message();
  llvm::Expected<llvm::json::Value> value =
      llvm::json::parse((*buffer)->getBuffer());
  if (!value)
    return emitFileError() << "got no JSON: "
                           << llvm::toString(value.takeError());
  const llvm::json::Object *table = value->getAsObject();
  if (!table)
    return emitFileError() << "got no JSON object";
  for (const auto &[key, member] : *table)
    if (StringRef name = key; name != "name" && name != "widths" &&
                              name != "costs" && !name.starts_with("_"))
      return emitFileError() << "got an unknown key '" << name << "'";
  auto name = table->getString("name");
  if (!name)
    return emitFileError() << "its 'name' is no string";
  const llvm::json::Array *list = table->getArray("widths");
  if (!list)
    return emitFileError() << "its 'widths' are no list";
  for (const llvm::json::Value &element : *list) {
    std::optional<int64_t> width = element.getAsInteger();
    if (!width)
      return emitFileError() << "its 'widths' are no integers";
    widths.push_back(*width);
  }
  const llvm::json::Object *kinds = table->getObject("costs");
  if (!kinds)
    return emitFileError() << "its 'costs' are no object";
  NamedAttrList costs;
  for (const auto &[key, rows] : *kinds) {
    FailureOr<Attribute> kindCosts = readCosts(key, rows);
    if (failed(kindCosts))
      return failure();
    costs.append(StringRef(key), *kindCosts);
  }
  // The attribute says what else makes a table.
  CostTableAttr result = CostTableAttr::getChecked(
      [&] { return emitFileError() << "it is no valid one: "; },
      builder.getContext(), *name, ArrayRef<int64_t>(widths),
      costs.getDictionary(builder.getContext()));
  if (!result)
    return failure();
  return result;
}

FailureOr<CostTableAttr>
cgmq::readCostTable(MLIRContext *context, StringRef path,
                    llvm::function_ref<InFlightDiagnostic()> emitError) {
  return TableReader(context, path, emitError).read();
}
