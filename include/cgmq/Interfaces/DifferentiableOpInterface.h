//===- DifferentiableOpInterface.h - Operation interface -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_INTERFACES_DIFFERENTIABLEOPINTERFACE_H
#define CGMQ_INTERFACES_DIFFERENTIABLEOPINTERFACE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/SmallBitVector.h"

#include "cgmq/Interfaces/DifferentiableOpInterface.h.inc"

#endif // CGMQ_INTERFACES_DIFFERENTIABLEOPINTERFACE_H
