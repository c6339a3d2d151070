//===- ChannelSources.h - What makes the channels of an activation ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_TRAINING_CHANNELSOURCES_H
#define CGMQ_LIB_TRAINING_CHANNELSOURCES_H

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

namespace mlir::cgmq {

/// The quantizers whose unit c makes channel c of what `quantize` rounds, and
/// nothing else: those of the weight and of the bias of the contraction before
/// it, where each has a gate for each channel. None where there is no such
/// contraction, or where something beside `quantize` reads what it gives.
SmallVector<QuantizeOp> findChannelSources(QuantizeOp quantize);

} // namespace mlir::cgmq

#endif // CGMQ_LIB_TRAINING_CHANNELSOURCES_H
