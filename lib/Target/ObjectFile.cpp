//===- ObjectFile.cpp - Integer programs as object code --------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ObjectFile.h"

#include "CNames.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"
#include "cgmq/Execution/Passes.h"
#include "cgmq/Target/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Buffers start at cache lines, which are also the widest vectors.
static constexpr uint64_t kAlignment = 64;

//===----------------------------------------------------------------------===//
// Target
//===----------------------------------------------------------------------===//

static FailureOr<std::unique_ptr<llvm::TargetMachine>>
getTargetMachine(Location loc, const TargetOptions &options) {
  [[maybe_unused]] static const bool initialized = [] {
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    return true;
  }();
  llvm::Triple triple(llvm::Triple::normalize(
      options.triple.empty() ? llvm::sys::getDefaultTargetTriple()
                             : options.triple));
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return emitError(loc) << "cannot generate code for '" << triple.str()
                          << "': " << error;
  std::string cpu = options.cpu;
  llvm::SubtargetFeatures features(options.features);
  if (cpu == "native") {
    if (triple.getArch() !=
        llvm::Triple(llvm::sys::getProcessTriple()).getArch())
      return emitError(loc) << "expects the triple of the host with "
                               "--target-cpu=native, but got '"
                            << triple.str() << "'";
    cpu = llvm::sys::getHostCPUName().str();
    llvm::SubtargetFeatures host;
    for (const auto &feature : llvm::sys::getHostCPUFeatures())
      host.AddFeature(feature.first(), feature.second);
    host.addFeaturesVector(features.getFeatures());
    features = std::move(host);
  }
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, cpu, features.getString(), llvm::TargetOptions(),
      llvm::Reloc::PIC_, std::nullopt, llvm::CodeGenOptLevel::Aggressive));
  if (!machine)
    return emitError(loc) << "cannot generate code for '" << triple.str()
                          << "'";
  if (!cpu.empty() && !machine->getMCSubtargetInfo()->isCPUStringValid(cpu))
    return emitError(loc) << "expects a processor of '" << triple.str()
                          << "' as --target-cpu, but got '" << cpu << "'";
  llvm::DataLayout layout = machine->createDataLayout();
  if (layout.getPointerSize() != 8 || layout.isBigEndian()) {
    InFlightDiagnostic diag =
        emitError(loc)
        << "expects a target of 64 bits, little-endian, but got '"
        << triple.str() << "'";
    diag.attachNote() << "--cgmq-to-c serves any that has a compiler of C";
    return diag;
  }
  return machine;
}

/// What the lowering has to know of a target.
static void setMachine(LowerToCpuOptions &lowering,
                       const llvm::TargetMachine &machine) {
  auto has = [&](StringRef feature) {
    return machine.getTargetTriple().isX86() &&
           machine.getMCSubtargetInfo()->checkFeatures("+" + feature.str());
  };
  lowering.vectorBits = has("avx512f") ? 512 : has("avx2") ? 256 : 128;
  lowering.vnni = has("avx512vnni") && has("avx512vl");
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

/// What the lowered function wants as one of its arguments: a parameter of the
/// plain function, or room for buffers.
struct Argument {
  bool isArena = false;
  /// Bytes.
  int64_t size = 0;
};

/// Lowers to buffers and says what the function then takes.
static FailureOr<SmallVector<Argument>>
lowerToBuffers(ModuleOp module, func::FuncOp function,
               const LowerToCpuOptions &lowering) {
  // What is said of the border means nothing to code.
  function.removeArgAttrsAttr();
  function.removeResAttrsAttr();
  PassManager toBuffers(module.getContext());
  GlobalsToConstantsPassOptions constants;
  constants.asValues = true;
  toBuffers.addPass(createGlobalsToConstantsPass(constants));
  toBuffers.addNestedPass<func::FuncOp>(createLinalgGeneralizeNamedOpsPass());
  toBuffers.addPass(createLinalgFoldUnitExtentDimsPass());
  buildTensorsToBuffersPipeline(toBuffers, lowering);
  toBuffers.addPass(createUnpackConstantsPass());
  if (failed(toBuffers.run(module)))
    return failure();
  WalkResult walk = module.walk([](memref::AllocOp alloc) -> WalkResult {
    InFlightDiagnostic diag = alloc.emitOpError()
                              << "expects static storage for its buffer";
    diag.attachNote() << "cgmq-plan-buffers gives it to buffers of static "
                         "shape that no loop makes anew";
    return diag;
  });
  if (walk.wasInterrupted())
    return failure();
  SmallVector<Argument> arguments;
  for (BlockArgument value : function.getArguments()) {
    auto type = cast<MemRefType>(value.getType());
    bool isArena = function.getArgAttr(value.getArgNumber(),
                                       CGMQDialect::kArenaAttrName) != nullptr;
    arguments.push_back(
        {isArena, type.getNumElements() * type.getElementTypeBitWidth() / 8});
  }
  return arguments;
}

/// Lowers to the LLVM dialect and says what the function then takes.
static FailureOr<SmallVector<Argument>>
lower(ModuleOp module, func::FuncOp function,
      const LowerToCpuOptions &lowering) {
  FailureOr<SmallVector<Argument>> arguments =
      lowerToBuffers(module, function, lowering);
  if (failed(arguments))
    return failure();
  PassManager toLLVM(module.getContext());
  buildBuffersToLLVMPipeline(toLLVM, lowering);
  if (failed(toLLVM.run(module)))
    return failure();
  module.walk([](LLVM::LLVMFuncOp lowered) {
    lowered.removeArgAttrsAttr();
    lowered.removeResAttrsAttr();
  });
  return arguments;
}

/// Adds `int name(parameters...)`, which calls the lowered function on each of
/// `count` blocks of samples that follow each other.
static void addPlainFunction(llvm::Module &module, StringRef name,
                             ArrayRef<Argument> arguments, int64_t count) {
  llvm::LLVMContext &context = module.getContext();
  llvm::Function *lowered = module.getFunction(name);
  lowered->setName(name + ".lowered");
  SmallVector<llvm::Type *> parameters(
      llvm::count_if(
          arguments,
          [](const Argument &argument) { return !argument.isArena; }),
      llvm::PointerType::getUnqual(context));
  auto *plain = llvm::Function::Create(
      llvm::FunctionType::get(llvm::Type::getInt32Ty(context), parameters,
                              false),
      llvm::GlobalValue::ExternalLinkage, name, module);
  auto *entry = llvm::BasicBlock::Create(context, "entry", plain);
  auto *body = llvm::BasicBlock::Create(context, "block", plain);
  auto *exit = llvm::BasicBlock::Create(context, "exit", plain);
  llvm::IRBuilder<> builder(entry);
  builder.CreateBr(body);
  builder.SetInsertPoint(body);
  llvm::PHINode *index = builder.CreatePHI(builder.getInt64Ty(), 2);
  index->addIncoming(builder.getInt64(0), entry);
  SmallVector<llvm::Value *> values;
  auto *parameter = plain->arg_begin();
  for (const Argument &argument : arguments) {
    if (!argument.isArena) {
      values.push_back(builder.CreatePtrAdd(
          &*parameter++,
          builder.CreateMul(index, builder.getInt64(argument.size))));
      continue;
    }
    llvm::Constant *initial = llvm::Constant::getNullValue(
        llvm::ArrayType::get(llvm::Type::getInt8Ty(context), argument.size));
    auto *arena = new llvm::GlobalVariable(
        module, initial->getType(), /*isConstant=*/false,
        llvm::GlobalValue::InternalLinkage, initial, name + ".arena");
    arena->setAlignment(llvm::Align(kAlignment));
    values.push_back(arena);
  }
  builder.CreateCall(lowered, values);
  llvm::Value *next = builder.CreateAdd(index, builder.getInt64(1));
  index->addIncoming(next, body);
  builder.CreateCondBr(builder.CreateICmpULT(next, builder.getInt64(count)),
                       body, exit);
  builder.SetInsertPoint(exit);
  builder.CreateRet(builder.getInt32(0));
}

/// An error if the object needs what is not there without a library.
static LogicalResult verifyFreestanding(Location loc,
                                        const llvm::object::ObjectFile &file) {
  for (const llvm::object::SymbolRef &symbol : file.symbols()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    llvm::Expected<StringRef> name = symbol.getName();
    if (!flags || !name) {
      llvm::consumeError(flags.takeError());
      llvm::consumeError(name.takeError());
      continue;
    }
    StringRef plain = *name;
    plain.consume_front("_");
    if (!(*flags & llvm::object::BasicSymbolRef::SF_Undefined) ||
        plain.empty() || plain == "GLOBAL_OFFSET_TABLE_" || plain == "memcpy" ||
        plain == "memmove" || plain == "memset")
      continue;
    InFlightDiagnostic diag =
        emitError(loc)
        << "expects code that calls no library, but this target needs '"
        << *name << "'";
    diag.attachNote() << "take a border of bytes or codes, or a target with "
                         "more features (--target-cpu, --target-features); "
                         "what a network computes in floats between "
                         "quantizers, cgmq-run computes";
    return diag;
  }
  return success();
}

/// Adds up the sections; the arena is the part of them that starts as zeros and
/// is not for constants.
static void measure(const llvm::object::ObjectFile &file,
                    ArrayRef<Argument> arguments, ObjectFile &result) {
  for (const Argument &argument : arguments)
    if (argument.isArena)
      result.activations += argument.size;
  int64_t zeros = 0;
  for (const llvm::object::SectionRef &section : file.sections()) {
    if (section.isText())
      result.code += section.getSize();
    else if (section.isBSS())
      zeros += section.getSize();
    else if (section.isData())
      result.constants += section.getSize();
  }
  result.unpackedConstants = zeros - result.activations;
}

FailureOr<int64_t> cgmq::measureActivations(ModuleOp module,
                                            const TargetOptions &options) {
  FailureOr<func::FuncOp> function = getEntryPoint(module);
  if (failed(function))
    return failure();
  FailureOr<std::unique_ptr<llvm::TargetMachine>> machine =
      getTargetMachine(module.getLoc(), options);
  if (failed(machine))
    return failure();
  LowerToCpuOptions lowering;
  setMachine(lowering, **machine);
  FailureOr<SmallVector<Argument>> arguments =
      lowerToBuffers(module, *function, lowering);
  if (failed(arguments))
    return failure();
  int64_t size = 0;
  for (const Argument &argument : *arguments)
    if (argument.isArena)
      size += argument.size;
  return size;
}

FailureOr<ObjectFile> cgmq::compileToObject(ModuleOp module,
                                            const TargetOptions &options,
                                            int64_t count) {
  Location loc = module.getLoc();
  FailureOr<func::FuncOp> function = getEntryPoint(module);
  if (failed(function))
    return failure();
  std::string name = function->getSymName().str();
  FailureOr<std::unique_ptr<llvm::TargetMachine>> machine =
      getTargetMachine(loc, options);
  if (failed(machine))
    return failure();
  LowerToCpuOptions lowering;
  setMachine(lowering, **machine);
  FailureOr<SmallVector<Argument>> arguments =
      lower(module, *function, lowering);
  if (failed(arguments))
    return failure();

  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code = translateModuleToLLVMIR(module, context);
  if (!code)
    return failure();
  code->setDataLayout((*machine)->createDataLayout());
  code->setTargetTriple((*machine)->getTargetTriple());
  for (llvm::Function &part : *code)
    if (!part.isDeclaration()) {
      part.setLinkage(llvm::GlobalValue::InternalLinkage);
      part.addFnAttr("prefer-vector-width",
                     std::to_string(lowering.vectorBits));
    }
  addPlainFunction(*code, name, *arguments, count);
  auto optimize = makeOptimizingTransformer(/*optLevel=*/3, /*sizeLevel=*/0,
                                            machine->get());
  if (llvm::Error error = optimize(code.get()))
    return emitError(loc) << "cannot optimize code: "
                          << llvm::toString(std::move(error));

  ObjectFile result;
  llvm::raw_svector_ostream stream(result.contents);
  llvm::legacy::PassManager emit;
  if ((*machine)->addPassesToEmitFile(emit, stream, nullptr,
                                      llvm::CodeGenFileType::ObjectFile))
    return emitError(loc) << "cannot emit object code for '"
                          << (*machine)->getTargetTriple().str() << "'";
  emit.run(*code);
  auto file = llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(stream.str(), name));
  if (!file)
    return emitError(loc) << "cannot read the code: "
                          << llvm::toString(file.takeError());
  if (failed(verifyFreestanding(loc, **file)))
    return failure();
  measure(**file, *arguments, result);
  return result;
}
