//===- InitAll.h - Registers dialects, interfaces and passes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_INITALL_H
#define CGMQ_INITALL_H

namespace mlir {
class DialectRegistry;
namespace cgmq {

/// Registers the cgmq dialect and the interfaces that cgmq gives to upstream
/// dialects; upstream dialects themselves are registered by whoever wants them.
void registerAllDialects(DialectRegistry &registry);

/// Registers the passes and pipelines of cgmq.
void registerAllPasses();

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_INITALL_H
