//===- ParameterValues.h - Values of parameters -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRANSFORMS_PARAMETERVALUES_H
#define CGMQ_TRANSFORMS_PARAMETERVALUES_H

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/Diagnostics.h"

namespace mlir::cgmq {

/// The numbers of a float parameter, in row-major order, whichever way its
/// value is written: dense, dense_resource or #cgmq.he_uniform. Fails, with an
/// error at the global, where it has no such value or is no static f32 tensor.
FailureOr<SmallVector<float>> getFloatValues(ml_program::GlobalOp global);

/// The numbers of f32 elements, dense or dense_resource; none where they are of
/// another type or come without data.
std::optional<SmallVector<float>> getFloatValues(ElementsAttr elements);

/// Gives a static f32 parameter new numbers, in row-major order: as text where
/// they are few, so that the IR stays readable, else as a dense_resource.
void setFloatValues(ml_program::GlobalOp global, ArrayRef<float> values);

/// The global whose value `value` loads; null where it is no load.
ml_program::GlobalOp getLoadedGlobal(Value value);

} // namespace mlir::cgmq

#endif // CGMQ_TRANSFORMS_PARAMETERVALUES_H
