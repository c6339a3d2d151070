//===- ImageLayout.h - How images cross a function's border -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_CONVERSION_IMAGELAYOUT_H
#define CGMQ_CONVERSION_IMAGELAYOUT_H

namespace mlir::cgmq {

/// What becomes of arguments and results that are images, channels before
/// height and width: they stay, or get their channels last.
enum class ImageLayout { NCHW, NHWC };

} // namespace mlir::cgmq

#endif // CGMQ_CONVERSION_IMAGELAYOUT_H
