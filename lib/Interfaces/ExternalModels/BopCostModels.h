//===- BopCostModels.h - Models that dialects share -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_INTERFACES_EXTERNALMODELS_BOPCOSTMODELS_H
#define CGMQ_LIB_INTERFACES_EXTERNALMODELS_BOPCOSTMODELS_H

#include "cgmq/Interfaces/BopCostOpInterface.h"

namespace mlir::cgmq {

/// An operation without multiply-accumulates.
template <typename OpTy>
struct FreeModel : BopCostOpInterface::ExternalModel<FreeModel<OpTy>, OpTy> {
  FailureOr<int64_t> getMacs(Operation *) const { return 0; }
  std::pair<OpOperand *, OpOperand *> getFactors(Operation *) const {
    return {nullptr, nullptr};
  }
};

/// A free operation whose result holds elements of its first operand only.
template <typename OpTy>
struct CodePreservingModel
    : BopCostOpInterface::ExternalModel<CodePreservingModel<OpTy>, OpTy> {
  FailureOr<int64_t> getMacs(Operation *) const { return 0; }
  std::pair<OpOperand *, OpOperand *> getFactors(Operation *) const {
    return {nullptr, nullptr};
  }
  bool preservesCodes(Operation *) const { return true; }
};

template <template <typename> class Model, typename... OpTys>
void attachBopCostModel(MLIRContext *context) {
  (OpTys::template attachInterface<Model<OpTys>>(*context), ...);
}

/// Extents, each dynamic one counted as one.
inline SmallVector<int64_t> countDynamicAsOne(ArrayRef<int64_t> extents) {
  return map_to_vector(extents, [](int64_t extent) {
    return ShapedType::isDynamic(extent) ? 1 : extent;
  });
}

/// The product of extents, each dynamic one counted as one.
inline int64_t countElements(ArrayRef<int64_t> extents) {
  int64_t count = 1;
  for (int64_t extent : extents)
    count *= ShapedType::isDynamic(extent) ? 1 : extent;
  return count;
}

} // namespace mlir::cgmq

#endif // CGMQ_LIB_INTERFACES_EXTERNALMODELS_BOPCOSTMODELS_H
