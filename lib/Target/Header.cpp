//===- Header.cpp - The declaration of a function in C ---------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Header.h"

#include "CNames.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "llvm/Support/Format.h"

using namespace mlir;
using namespace mlir::cgmq;

LogicalResult cgmq::printHeader(ModuleOp module, int64_t batch,
                                raw_ostream &os) {
  FailureOr<func::FuncOp> function = getEntryPoint(module);
  if (failed(function))
    return failure();
  StringRef name = function->getSymName();
  std::string macro = name.upper(), parameters;
  std::string text;
  llvm::raw_string_ostream macros(text);
  macros << "#define " << macro << "_BATCH " << batch << "\n";

  auto declare = [&](Type type, bool isInput, unsigned index, unsigned count,
                     bool isUnsigned, FloatAttr step) -> LogicalResult {
    auto tensor = dyn_cast<RankedTensorType>(type);
    std::optional<std::string> element;
    if (tensor && tensor.hasStaticShape())
      element = getCType(tensor.getElementType(), isUnsigned);
    if (!element)
      return function->emitOpError()
             << "expects static tensors of integers or f32, but got " << type;
    std::string parameter = isInput ? "in" : "out";
    if (count > 1)
      parameter += std::to_string(index);
    if (!parameters.empty())
      parameters += ", ";
    parameters += (isInput ? "const " : "") + *element + " *" + parameter;
    std::string prefix = macro + "_" + StringRef(parameter).upper();
    macros << "#define " << prefix << "_SIZE " << tensor.getNumElements()
           << "\n";
    if (step)
      macros << "#define " << prefix << "_STEP "
             << llvm::format("%.9ef", step.getValueAsDouble()) << "\n";
    return success();
  };
  unsigned numInputs = function->getNumArguments();
  unsigned numResults = function->getNumResults();
  for (unsigned i = 0; i < numInputs; ++i)
    if (failed(declare(
            function->getArgumentTypes()[i], /*isInput=*/true, i, numInputs,
            function->getArgAttr(i, CGMQDialect::kUnsignedAttrName) != nullptr,
            {})))
      return failure();
  for (unsigned i = 0; i < numResults; ++i)
    if (failed(declare(function->getResultTypes()[i], /*isInput=*/false, i,
                       numResults, /*isUnsigned=*/false,
                       function->getResultAttrOfType<FloatAttr>(
                           i, CGMQDialect::kStepAttrName))))
      return failure();

  os << "#ifndef " << macro << "_H\n#define " << macro << "_H\n\n"
     << "#include <stdint.h>\n\n"
     << "/* Samples of a call, elements of its arrays, and what an integer of\n"
        "   its result stands for. */\n"
     << text << "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
     << "/* Returns zero. Uses static memory: one call at a time. */\nint "
     << name << "(" << parameters << ");\n\n"
     << "#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
  return success();
}
