//===- JitSession.cpp - Compiled functions of a module -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/JitSession.h"

#include "CodeCache.h"
#include "CompiledCode.h"
#include "cgmq/Execution/Machine.h"
#include "cgmq/Execution/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Remarks.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/OpenMP/OpenMPToLLVMIRTranslation.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/Threading.h"
#include "llvm/TargetParser/Host.h"

#include <cstdlib>
#include <cstring>

using namespace mlir;
using namespace mlir::cgmq;

// What code for several threads calls of the OpenMP runtime; their addresses
// are all that is wanted of them here.
extern "C" {
void __kmpc_barrier();
void __kmpc_for_static_fini();
void __kmpc_for_static_init_8u();
void __kmpc_fork_call();
void __kmpc_global_thread_num();
void __kmpc_push_num_threads();
}

/// Buffers start at cache lines, which are also the widest vectors.
static constexpr size_t kAlignment = 64;

//===----------------------------------------------------------------------===//
// Storage
//===----------------------------------------------------------------------===//

void JitSession::Free::operator()(void *pointer) const { std::free(pointer); }

JitSession::Bytes JitSession::allocate(size_t size) {
  size = llvm::alignTo(std::max<size_t>(size, 1), kAlignment);
  void *data = std::aligned_alloc(kAlignment, size);
  if (data)
    std::memset(data, 0, size);
  return Bytes(data);
}

/// Writes a global's initial value to its buffer.
static LogicalResult writeValue(ml_program::GlobalOp global, char *data,
                                size_t size) {
  Attribute value = global.getValueAttr();
  if (!value)
    return success();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || blob->getData().size() != size)
      return global.emitOpError()
             << "expects a resource of " << size << " bytes, but got "
             << (blob ? blob->getData().size() : 0);
    std::memcpy(data, blob->getData().data(), size);
    return success();
  }
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (!dense || dense.getType() != global.getType() ||
      dense.getElementType().getIntOrFloatBitWidth() < 8 ||
      !llvm::isPowerOf2_32(dense.getElementType().getIntOrFloatBitWidth()))
    return global.emitOpError()
           << "expects a dense or dense_resource value of whole bytes to "
              "execute, but got "
           << value;
  ArrayRef<char> raw = dense.getRawData();
  for (size_t offset = 0; offset < size; offset += raw.size())
    std::memcpy(data + offset, raw.data(), raw.size());
  return success();
}

//===----------------------------------------------------------------------===//
// Lowering
//===----------------------------------------------------------------------===//

/// Whether the host multiplies bytes by VNNI, in vectors of any width it has.
static bool hasHostVnni() {
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  return features.lookup("avx512f")
             ? features.lookup("avx512vnni") && features.lookup("avx512vl")
             : features.lookup("avxvnni");
}

/// Width of the host's vectors in bits.
static int64_t getHostVectorBits() {
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  return features.lookup("avx512f") ? 512 : features.lookup("avx2") ? 256 : 128;
}

/// Width of the vectors to use.
static int64_t getVectorBits(const JitOptions &options) {
  return options.vectorBits ? options.vectorBits : getHostVectorBits();
}

bool JitSession::usesVnni(const JitOptions &options) {
  return options.tileContractions && getVectorBits(options) == 512 &&
         hasHostVnni();
}

/// The machine that runs the compiler, with what options choose of it: by
/// default one thread for each core that the process may run on, and the widest
/// vectors.
static FailureOr<Machine> getHost(Operation *op, const JitOptions &options) {
  int64_t threads = options.threads;
  if (threads == 0)
    threads = llvm::heavyweight_hardware_concurrency().compute_thread_count();
  return Machine::get(op, getVectorBits(options), threads,
                      JitSession::usesVnni(options));
}

/// A copy of `module` in which the entry points alone are public, and globals
/// hold zeros, so that no code can depend on their values.
static FailureOr<OwningOpRef<ModuleOp>>
cloneForEntryPoints(ModuleOp module, ArrayRef<StringRef> entryPoints) {
  SmallVector<func::FuncOp> functions;
  for (StringRef name : entryPoints) {
    auto function = module.lookupSymbol<func::FuncOp>(name);
    if (!function || function.isExternal())
      return module.emitError()
             << "expects a function '" << name << "' to execute";
    for (Type type : llvm::concat<const Type>(function.getArgumentTypes(),
                                              function.getResultTypes())) {
      auto tensor = dyn_cast<RankedTensorType>(type);
      if (!tensor || !tensor.hasStaticShape() ||
          !tensor.getElementType().isIntOrFloat())
        return function.emitOpError()
               << "expects static tensor types to execute, but got " << type;
    }
  }
  WalkResult calls = module.walk([](func::CallOp call) -> WalkResult {
    auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
        call, call.getCalleeAttr());
    if (callee.isExternal())
      return call.emitOpError() << "expects a callee with a body to execute, "
                                   "but got "
                                << call.getCallee();
    return WalkResult::advance();
  });
  if (calls.wasInterrupted())
    return failure();
  OwningOpRef<ModuleOp> clone = module.clone();
  for (auto function : clone->getOps<func::FuncOp>())
    if (llvm::is_contained(entryPoints, function.getSymName()))
      function.setPublic();
    else
      function.setPrivate();
  Builder builder(module.getContext());
  for (auto global : clone->getOps<ml_program::GlobalOp>())
    if (Attribute zero = builder.getZeroAttr(global.getType()))
      global.setValueAttr(zero);
  return clone;
}

/// The code of a module that cloneForEntryPoints() has made.
static FailureOr<CompiledCode> generateCode(ModuleOp module,
                                            ArrayRef<StringRef> entryPoints,
                                            const LowerToCpuOptions &options) {
  MLIRContext *context = module.getContext();
  PassManager toBuffers(context, ModuleOp::getOperationName());
  buildTensorsToBuffersPipeline(toBuffers, options);
  PassManager toLLVM(context, ModuleOp::getOperationName());
  buildBuffersToLLVMPipeline(toLLVM, options);
  // Verified once after each half; in between it would cost a third of the
  // time.
  toBuffers.enableVerifier(false);
  toLLVM.enableVerifier(false);
  if (failed(toBuffers.run(module)) || failed(verify(module)))
    return failure();
  CompiledCode code = readBindings(module, entryPoints);
  if (failed(toLLVM.run(module)) || failed(verify(module)))
    return failure();
  auto object = generateObject(module, entryPoints, options.vectorBits);
  if (failed(object))
    return failure();
  code.object = std::move(*object);
  return code;
}

//===----------------------------------------------------------------------===//
// Linking
//===----------------------------------------------------------------------===//

LogicalResult JitSession::bind(ModuleOp source, const CompiledCode &code) {
  for (const CompiledCode::EntryPoint &entryPoint : code.entryPoints) {
    EntryPoint &entry = entryPoints.find(entryPoint.name)->second;
    entry.usesArena = entryPoint.usesArena;
    for (const CompiledCode::Global &wanted : entryPoint.globals) {
      Global &global = globals[wanted.name];
      if (!global.data) {
        global.elementSize = wanted.elementSize;
        global.numElements = wanted.numElements;
        size_t size = global.elementSize * global.numElements;
        global.data = allocate(size);
        auto op = source.lookupSymbol<ml_program::GlobalOp>(wanted.name);
        if (!global.data)
          return op.emitOpError() << "does not fit into memory";
        if (failed(
                writeValue(op, static_cast<char *>(global.data.get()), size)))
          return failure();
      }
      entry.globals.push_back(global.data.get());
    }
  }
  temporaryBytes = code.arenaSize;
  if (code.arenaSize && !(arena = allocate(code.arenaSize)))
    return emitError(loc) << "temporary buffers of " << code.arenaSize
                          << " bytes do not fit into memory";
  return success();
}

/// Makes the runtime known to `jit`. The process need not see it as a whole: a
/// library that is loaded for itself, as an extension of Python is, keeps what
/// it links to itself.
static llvm::Error defineRuntime(llvm::orc::LLJIT &jit) {
  llvm::orc::SymbolMap symbols;
  auto define = [&](StringRef name, void (*function)()) {
    symbols[jit.mangleAndIntern(name)] = {
        llvm::orc::ExecutorAddr::fromPtr(function),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  define("__kmpc_barrier", __kmpc_barrier);
  define("__kmpc_for_static_fini", __kmpc_for_static_fini);
  define("__kmpc_for_static_init_8u", __kmpc_for_static_init_8u);
  define("__kmpc_fork_call", __kmpc_fork_call);
  define("__kmpc_global_thread_num", __kmpc_global_thread_num);
  define("__kmpc_push_num_threads", __kmpc_push_num_threads);
  return jit.getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(symbols)));
}

LogicalResult JitSession::link(CompiledCode &code) {
  auto fail = [&](Location at, llvm::Error error) -> LogicalResult {
    return emitError(at) << "cannot link: " << llvm::toString(std::move(error));
  };
  FailureOr<llvm::orc::JITTargetMachineBuilder> host = detectHost(loc);
  if (failed(host))
    return failure();
  // The code neither initializes nor finalizes anything.
  auto created = llvm::orc::LLJITBuilder()
                     .setJITTargetMachineBuilder(std::move(*host))
                     .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
                     .create();
  if (!created)
    return fail(loc, created.takeError());
  jit = std::move(*created);
  if (llvm::Error error = defineRuntime(*jit))
    return fail(loc, std::move(error));
  if (llvm::Error error = jit->addObjectFile(std::move(code.object)))
    return fail(loc, std::move(error));
  for (auto &entry : entryPoints) {
    auto address = jit->lookup(CompiledCode::getSymbol(entry.first()));
    if (!address)
      return fail(entry.second.loc, address.takeError());
    entry.second.call = address->toPtr<void (*)(void **)>();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// JitSession
//===----------------------------------------------------------------------===//

JitSession::JitSession(Location loc) : loc(loc) {}
JitSession::~JitSession() = default;

void JitSession::getDependentDialects(DialectRegistry &registry) {
  registry.insert<affine::AffineDialect, arith::ArithDialect,
                  bufferization::BufferizationDialect, cf::ControlFlowDialect,
                  func::FuncDialect, index::IndexDialect, linalg::LinalgDialect,
                  LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect,
                  ml_program::MLProgramDialect, omp::OpenMPDialect,
                  scf::SCFDialect, tensor::TensorDialect, tosa::TosaDialect,
                  ub::UBDialect, vector::VectorDialect>();
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  registerOpenMPDialectTranslation(registry);
}

FailureOr<std::unique_ptr<JitSession>>
JitSession::compile(ModuleOp module, ArrayRef<StringRef> entryPoints,
                    const JitOptions &options) {
  MLIRContext *context = module.getContext();
  DialectRegistry registry;
  getDependentDialects(registry);
  context->appendDialectRegistry(registry);

  FailureOr<Machine> machine = getHost(module, options);
  if (failed(machine))
    return failure();
  FailureOr<OwningOpRef<ModuleOp>> clone =
      cloneForEntryPoints(module, entryPoints);
  if (failed(clone))
    return failure();
  std::unique_ptr<JitSession> session(new JitSession(module.getLoc()));
  for (StringRef name : entryPoints) {
    auto function = module.lookupSymbol<func::FuncOp>(name);
    EntryPoint entryPoint{
        nullptr, function.getNumArguments(), function.getNumResults(), {},
        false,   function.getLoc()};
    session->entryPoints.try_emplace(name, std::move(entryPoint));
  }

  LowerToCpuOptions lowering;
  lowering.tileContractions = options.tileContractions;
  lowering.vectorBits = machine->vectorBits;
  lowering.vnni = machine->vnni;
  lowering.threads = machine->threads;
  std::optional<CodeCache> cache;
  std::optional<CompiledCode> code;
  if (!options.cache.empty()) {
    cache.emplace(options.cache, **clone, entryPoints, lowering);
    code = cache->load();
  }
  bool isCached = code.has_value();
  if (!isCached) {
    FailureOr<CompiledCode> generated =
        generateCode(**clone, entryPoints, lowering);
    if (failed(generated) || (cache && failed(cache->store(*generated))))
      return failure();
    code = std::move(*generated);
  }
  remark::analysis(module.getLoc(),
                   remark::RemarkOpts::name("Compile").category("cgmq-jit"))
      << remark::metric("Cached", isCached)
      << remark::metric("CodeBytes", code->object->getBufferSize())
      << remark::metric("ArenaBytes", code->arenaSize);
  if (failed(session->bind(module, *code)) || failed(session->link(*code)))
    return failure();
  return session;
}

int64_t JitSession::getGlobalBytes() const {
  int64_t bytes = 0;
  for (const auto &global : globals)
    bytes += global.second.elementSize * global.second.numElements;
  return bytes;
}

LogicalResult JitSession::invoke(StringRef entryPoint,
                                 ArrayRef<const void *> arguments,
                                 ArrayRef<void *> results) {
  auto found = entryPoints.find(entryPoint);
  if (found == entryPoints.end())
    return emitError(loc) << "expects a compiled entry point, but got '"
                          << entryPoint << "'";
  EntryPoint &entry = found->second;
  if (arguments.size() != entry.numInputs || results.size() != entry.numResults)
    return emitError(entry.loc)
           << "expects " << entry.numInputs << " arguments and "
           << entry.numResults << " results to execute, but got "
           << arguments.size() << " and " << results.size();
  SmallVector<void *> pointers;
  for (const void *argument : arguments)
    pointers.push_back(const_cast<void *>(argument));
  llvm::append_range(pointers, entry.globals);
  llvm::append_range(pointers, results);
  if (entry.usesArena)
    pointers.push_back(arena.get());
  entry.call(pointers.data());
  return success();
}
