//===- JitSession.h - Compiled functions of a module -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_JITSESSION_H
#define CGMQ_EXECUTION_JITSESSION_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"
#include "llvm/ADT/StringMap.h"

#include <memory>
#include <string>
#include <vector>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace mlir {
class DialectRegistry;

namespace cgmq {
struct CompiledCode;

struct JitOptions {
  /// Contractions as register tiles; otherwise as plain loops.
  bool tileContractions = true;
  /// Threads that loops run on; 0 is one for each core that the process may run
  /// on. Results do not depend on it.
  int64_t threads = 0;
  /// Width of the vectors to use in bits, a power of two from 128; 0 is the
  /// machine's own.
  int64_t vectorBits = 0;
  /// Directory that keeps compiled code from one run to the next; none if
  /// empty. It is made where there is none.
  std::string cache;
};

/// Functions of a module, compiled for the machine that runs them, and the
/// storage of the globals they use.
class JitSession {
public:
  /// Adds the dialects that compile() needs. A pass that compiles calls this
  /// from its getDependentDialects. The context is expected to know the
  /// interfaces of upstream dialects (registerAllDialects and
  /// registerAllExtensions of mlir/InitAll*.h).
  static void getDependentDialects(DialectRegistry &registry);

  /// Whether code that is compiled with `options` multiplies bytes by VNNI,
  /// faster than floats.
  static bool usesVnni(const JitOptions &options);

  /// Clones `module`, lowers it, compiles it; or takes the code from the cache,
  /// if it holds that of the same module, whatever the values of its globals.
  /// Tells which by a remark "Compile". The module holds func, tosa,
  /// linalg, tensor, arith, math and scf ops and ml_program globals; the entry
  /// points have static tensor types. Diagnostics at module or op locations.
  static FailureOr<std::unique_ptr<JitSession>>
  compile(ModuleOp module, ArrayRef<StringRef> entryPoints,
          const JitOptions &options = {});

  ~JitSession();

  /// The buffer that stands for a ml_program.global, shared by all entry points
  /// (load and store act on it); it starts with the global's value, or zeros.
  /// Empty if no entry point uses the global or its elements are not as wide as
  /// T.
  template <typename T> MutableArrayRef<T> getGlobal(StringRef symbol) {
    auto found = globals.find(symbol);
    if (found == globals.end() || found->second.elementSize != sizeof(T))
      return {};
    return {reinterpret_cast<T *>(found->second.data.get()),
            found->second.numElements};
  }

  /// Bytes of the buffers that hold temporaries and globals.
  int64_t getTemporaryBytes() const { return temporaryBytes; }
  int64_t getGlobalBytes() const;

  /// Runs an entry point: one pointer to dense row-major data for each argument
  /// and each result.
  LogicalResult invoke(StringRef entryPoint, ArrayRef<const void *> arguments,
                       ArrayRef<void *> results);

private:
  struct Free {
    void operator()(void *pointer) const;
  };
  using Bytes = std::unique_ptr<void, Free>;
  struct Global {
    Bytes data;
    size_t elementSize = 0, numElements = 0;
  };
  /// How to call a compiled function: its pointer arguments are the inputs,
  /// globals, results and, if it has temporaries, the arena.
  struct EntryPoint {
    void (*call)(void **) = nullptr;
    size_t numInputs = 0, numResults = 0;
    SmallVector<void *> globals;
    bool usesArena = false;
    Location loc;
  };

  explicit JitSession(Location loc);
  static Bytes allocate(size_t size);
  LogicalResult bind(ModuleOp source, const CompiledCode &code);
  LogicalResult link(CompiledCode &code);

  llvm::StringMap<Global> globals;
  llvm::StringMap<EntryPoint> entryPoints;
  Bytes arena;
  int64_t temporaryBytes = 0;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  Location loc;
};

} // namespace cgmq
} // namespace mlir

#endif // CGMQ_EXECUTION_JITSESSION_H
