//===- CodeCache.cpp - Compiled code on disk -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A file holds a line with the checksum of the key and of all that follows, a
// line of JSON with the bindings, and the object code.
//
//===----------------------------------------------------------------------===//

#include "CodeCache.h"

#include "BuildIdentity.h"
#include "cgmq/Support/AtomicFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Host.h"

#include <limits>

using namespace mlir;
using namespace mlir::cgmq;

using CodeGlobal = CompiledCode::Global;
using CodeEntryPoint = CompiledCode::EntryPoint;

//===----------------------------------------------------------------------===//
// Key
//===----------------------------------------------------------------------===//

/// A digest in hexadecimal digits of pieces, whose lengths count as well.
static std::string digest(ArrayRef<StringRef> pieces) {
  llvm::BLAKE3 hasher;
  for (StringRef piece : pieces) {
    hasher.update((llvm::Twine(piece.size()) + ":").str());
    hasher.update(piece);
  }
  return llvm::toHex(hasher.final(), /*LowerCase=*/true);
}

static std::string describeHost() {
  std::vector<std::string> features;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    if (feature.second)
      features.push_back(feature.first().str());
  llvm::sort(features);
  return (llvm::sys::getHostCPUName() + ":" + llvm::join(features, ",")).str();
}

static std::string computeKey(ModuleOp module, ArrayRef<StringRef> entryPoints,
                              const LowerToCpuOptions &options) {
  std::string text, choices;
  llvm::raw_string_ostream os(text);
  // Without locations, but with constants, however large.
  constexpr int64_t kAll = std::numeric_limits<int64_t>::max();
  module->print(os, OpPrintingFlags()
                        .enableDebugInfo(false)
                        .elideLargeElementsAttrs(kAll)
                        .elideLargeResourceString(kAll)
                        .assumeVerified());
  llvm::raw_string_ostream choicesOs(choices);
  options.print(choicesOs);
  std::string host = describeHost(), names = llvm::join(entryPoints, ",");
  return digest({getBuildIdentity(), host, choices, names, text});
}

CodeCache::CodeCache(StringRef directory, ModuleOp module,
                     ArrayRef<StringRef> entryPoints,
                     const LowerToCpuOptions &options)
    : loc(module.getLoc()), directory(directory),
      key(computeKey(module, entryPoints, options)) {
  SmallString<128> file(directory);
  llvm::sys::path::append(file, key + ".cgmqobj");
  path = file.str().str();
}

//===----------------------------------------------------------------------===//
// Bindings as JSON
//===----------------------------------------------------------------------===//

namespace mlir::cgmq {
static llvm::json::Value toJSON(const CodeGlobal &global) {
  return llvm::json::Object{{"name", global.name},
                            {"element_size", global.elementSize},
                            {"elements", global.numElements}};
}

static bool fromJSON(const llvm::json::Value &value, CodeGlobal &global,
                     llvm::json::Path path) {
  llvm::json::ObjectMapper map(value, path);
  return map && map.map("name", global.name) &&
         map.map("element_size", global.elementSize) &&
         map.map("elements", global.numElements);
}

static llvm::json::Value toJSON(const CodeEntryPoint &entryPoint) {
  return llvm::json::Object{{"name", entryPoint.name},
                            {"globals", entryPoint.globals},
                            {"uses_arena", entryPoint.usesArena}};
}

static bool fromJSON(const llvm::json::Value &value, CodeEntryPoint &entryPoint,
                     llvm::json::Path path) {
  llvm::json::ObjectMapper map(value, path);
  return map && map.map("name", entryPoint.name) &&
         map.map("globals", entryPoint.globals) &&
         map.map("uses_arena", entryPoint.usesArena);
}

static llvm::json::Value toJSON(const CompiledCode &code) {
  return llvm::json::Object{{"entry_points", code.entryPoints},
                            {"arena_size", code.arenaSize}};
}

static bool fromJSON(const llvm::json::Value &value, CompiledCode &code,
                     llvm::json::Path path) {
  llvm::json::ObjectMapper map(value, path);
  return map && map.map("entry_points", code.entryPoints) &&
         map.map("arena_size", code.arenaSize);
}
} // namespace mlir::cgmq

//===----------------------------------------------------------------------===//
// File
//===----------------------------------------------------------------------===//

std::optional<CompiledCode> CodeCache::load() const {
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file)
    return std::nullopt;
  auto [checksum, content] = (*file)->getBuffer().split('\n');
  if (checksum != digest({key, content}))
    return std::nullopt;
  // What has the right checksum was written by store().
  auto [bindings, object] = content.split('\n');
  auto code = llvm::json::parse<CompiledCode>(bindings);
  if (!code) {
    llvm::consumeError(code.takeError());
    return std::nullopt;
  }
  // Object files have to be aligned.
  code->object = llvm::MemoryBuffer::getMemBufferCopy(object, path);
  return std::move(*code);
}

LogicalResult CodeCache::store(const CompiledCode &code) const {
  if (std::error_code error = llvm::sys::fs::create_directories(directory))
    return emitError(loc) << "cannot keep compiled code: cannot create '"
                          << directory << "': " << error.message();
  std::string content;
  llvm::raw_string_ostream(content) << llvm::json::Value(code) << '\n'
                                    << code.object->getBuffer();
  std::string error;
  if (failed(writeFileAtomically(
          path,
          [&](raw_ostream &os) {
            os << digest({key, content}) << '\n' << content;
          },
          error)))
    return emitError(loc) << "cannot keep compiled code: " << error;
  return success();
}
