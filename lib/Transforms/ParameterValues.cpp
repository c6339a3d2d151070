//===- ParameterValues.cpp - Values of parameters -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Transforms/ParameterValues.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Support/Random.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/SymbolTable.h"

#include <cmath>
#include <string>

using namespace mlir;
using namespace mlir::cgmq;

/// Parameters with at most this many elements are written as text.
static constexpr int64_t kMaxTextElements = 16;

static SmallVector<float> drawHeUniform(HeUniformAttr rule, int64_t size) {
  double bound = std::sqrt(6.0 / static_cast<double>(rule.getFanIn()));
  return llvm::map_to_vector(llvm::seq(size), [&](int64_t i) {
    double draw = uniform01(rule.getSeed(), static_cast<uint64_t>(i));
    return static_cast<float>((2.0 * draw - 1.0) * bound);
  });
}

std::optional<SmallVector<float>> cgmq::getFloatValues(ElementsAttr elements) {
  if (auto dense = dyn_cast<DenseFPElementsAttr>(elements);
      dense && dense.getElementType().isF32())
    return llvm::to_vector(dense.getValues<float>());
  if (auto resource = dyn_cast<DenseF32ResourceElementsAttr>(elements)) {
    std::optional<ArrayRef<float>> data = resource.tryGetAsArrayRef();
    if (data && static_cast<int64_t>(data->size()) == elements.getNumElements())
      return SmallVector<float>(*data);
  }
  return std::nullopt;
}

FailureOr<SmallVector<float>>
cgmq::getFloatValues(ml_program::GlobalOp global) {
  auto type = dyn_cast<RankedTensorType>(global.getType());
  if (!type || !type.hasStaticShape() || !type.getElementType().isF32())
    return emitError(global.getLoc())
           << "expects a parameter of static shape and element type f32, but "
              "got "
           << global.getType();

  Attribute value = global.getValueAttr();
  if (auto rule = dyn_cast_if_present<HeUniformAttr>(value))
    return drawHeUniform(rule, type.getNumElements());
  auto elements = dyn_cast_if_present<ElementsAttr>(value);
  if (elements && elements.getShapedType() == type) {
    if (std::optional<SmallVector<float>> values = getFloatValues(elements))
      return *values;
    if (auto resource = dyn_cast<DenseF32ResourceElementsAttr>(value)) {
      std::optional<ArrayRef<float>> data = resource.tryGetAsArrayRef();
      return emitError(global.getLoc())
             << "expects a dense_resource of " << type.getNumElements()
             << " elements, but got "
             << (data ? std::to_string(data->size()) : "a key without data");
    }
  }
  InFlightDiagnostic diag = emitError(global.getLoc())
                            << "expects an initial value of type " << type
                            << ", but got ";
  if (value)
    diag << value;
  else
    diag << "none";
  diag.attachNote() << "give the parameter a dense, dense_resource or "
                       "#cgmq.he_uniform value";
  return diag;
}

void cgmq::setFloatValues(ml_program::GlobalOp global, ArrayRef<float> values) {
  auto type = cast<RankedTensorType>(global.getType());
  if (type.getNumElements() <= kMaxTextElements) {
    global.setValueAttr(DenseElementsAttr::get(type, values));
    return;
  }
  global.setValueAttr(DenseF32ResourceElementsAttr::get(
      type, global.getSymName(),
      HeapAsmResourceBlob::allocateAndCopyInferAlign(values)));
}

ml_program::GlobalOp cgmq::getLoadedGlobal(Value value) {
  Operation *op = value.getDefiningOp();
  SymbolRefAttr symbol;
  if (auto load = dyn_cast_if_present<ml_program::GlobalLoadOp>(op))
    symbol = load.getGlobal();
  else if (auto load = dyn_cast_if_present<ml_program::GlobalLoadConstOp>(op))
    symbol = load.getGlobal();
  else
    return {};
  return SymbolTable::lookupNearestSymbolFrom<ml_program::GlobalOp>(op, symbol);
}
