//===- QDQQuantizers.h - How activations are quantized in QDQ -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_CONVERSION_QDQQUANTIZERS_H
#define CGMQ_CONVERSION_QDQQUANTIZERS_H

namespace mlir::cgmq {

/// What quantizes an activation for other compilers.
enum class QDQQuantizers { Arithmetic, Casts };

} // namespace mlir::cgmq

#endif // CGMQ_CONVERSION_QDQQUANTIZERS_H
