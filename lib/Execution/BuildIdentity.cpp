//===- BuildIdentity.cpp - Which compiler this is -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The linker's build ids say it: they are digests of what was linked, change
// with any change to the sources or their compilation, and are at hand in
// memory. A version number or a hash of our sources would miss the libraries.
//
//===----------------------------------------------------------------------===//

#include "BuildIdentity.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <link.h>

#include <string>

/// The descriptor of the GNU build id in a segment of notes, else empty.
static llvm::ArrayRef<uint8_t> findBuildId(llvm::ArrayRef<uint8_t> notes,
                                           size_t alignment) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    auto *header = reinterpret_cast<const ElfW(Nhdr) *>(notes.data());
    size_t description =
        llvm::alignTo(sizeof(*header) + header->n_namesz, alignment);
    size_t end = llvm::alignTo(description + header->n_descsz, alignment);
    if (end > notes.size())
      break;
    if (header->n_type == NT_GNU_BUILD_ID && header->n_namesz == 4 &&
        llvm::toStringRef(notes.slice(sizeof(*header), 3)) == "GNU")
      return notes.slice(description, header->n_descsz);
    notes = notes.drop_front(end);
  }
  return {};
}

/// Adds one of the objects that the program consists of.
static int addObject(dl_phdr_info *info, size_t, void *hasher) {
  auto &result = *static_cast<llvm::BLAKE3 *>(hasher);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE)
      continue;
    llvm::ArrayRef<uint8_t> notes(
        reinterpret_cast<const uint8_t *>(info->dlpi_addr + segment.p_vaddr),
        segment.p_memsz);
    llvm::ArrayRef<uint8_t> id =
        findBuildId(notes, std::max<size_t>(segment.p_align, 4));
    if (!id.empty()) {
      result.update(id);
      return 0;
    }
  }
  // Linked without: the file itself. The program has no name here.
  llvm::StringRef name = info->dlpi_name;
  auto file =
      llvm::MemoryBuffer::getFile(name.empty() ? "/proc/self/exe" : name);
  if (file)
    result.update((*file)->getBuffer());
  return 0;
}

llvm::StringRef mlir::cgmq::getBuildIdentity() {
  static const std::string identity = [] {
    llvm::BLAKE3 hasher;
    dl_iterate_phdr(addObject, &hasher);
    return llvm::toHex(hasher.final(), /*LowerCase=*/true);
  }();
  return identity;
}
