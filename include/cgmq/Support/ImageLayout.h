//===- ImageLayout.h - How images cross a function's border -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_SUPPORT_IMAGELAYOUT_H
#define CGMQ_SUPPORT_IMAGELAYOUT_H

namespace mlir::cgmq {

/// What becomes of arguments and results that are images, channels before
/// height and width, where a network comes from another tool.
enum class ImageLayout {
  /// They stay.
  NCHW,
  /// They get their channels last, as data sets of `cgmq` have them.
  NHWC
};

} // namespace mlir::cgmq

#endif // CGMQ_SUPPORT_IMAGELAYOUT_H
