//===- Translations.h - Integer programs as files of C ---------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TARGET_TRANSLATIONS_H
#define CGMQ_TARGET_TRANSLATIONS_H

namespace mlir::cgmq {

/// Registers `--cgmq-to-c`, `--cgmq-to-object` and `--cgmq-to-header`, and
/// their options.
void registerTargetTranslations();

} // namespace mlir::cgmq

#endif // CGMQ_TARGET_TRANSLATIONS_H
