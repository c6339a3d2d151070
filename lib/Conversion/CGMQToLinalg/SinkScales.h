//===- SinkScales.h - Moving steps below contractions -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_CGMQTOLINALG_SINKSCALES_H
#define CGMQ_LIB_CONVERSION_CGMQTOLINALG_SINKSCALES_H

namespace mlir {
class RewritePatternSet;
namespace cgmq {

/// Patterns that move `cgmq.scale` below tosa.reshape, tosa.transpose,
/// tosa.conv2d, tosa.matmul and tosa.add, so that contractions and bias
/// additions act on codes.
void populateSinkScalePatterns(RewritePatternSet &patterns);

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_LIB_CONVERSION_CGMQTOLINALG_SINKSCALES_H
