//===- BopCost.h - Costs of upstream operations -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_INTERFACES_EXTERNALMODELS_BOPCOST_H
#define CGMQ_INTERFACES_EXTERNALMODELS_BOPCOST_H

namespace mlir {
class DialectRegistry;
namespace cgmq {

/// Gives the BopCostOpInterface to the operations of tosa.
void registerTosaBopCostModels(DialectRegistry &registry);

/// Gives the BopCostOpInterface to the operations of linalg and tensor that
/// the integer program is made of.
void registerLinalgBopCostModels(DialectRegistry &registry);

/// Gives the BopCostOpInterface to what costs nothing in the dialects around a
/// network: cgmq, quant, ml_program, arith, func.
void registerFreeBopCostModels(DialectRegistry &registry);

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_INTERFACES_EXTERNALMODELS_BOPCOST_H
