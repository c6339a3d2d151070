//===- CompiledCode.cpp - From the LLVM dialect to object code -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledCode.h"

#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ExecutionEngine/Orc/CompileUtils.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace mlir::cgmq;

//===----------------------------------------------------------------------===//
// Bindings
//===----------------------------------------------------------------------===//

CompiledCode cgmq::readBindings(ModuleOp onBuffers,
                                ArrayRef<StringRef> entryPoints) {
  CompiledCode code;
  for (StringRef name : entryPoints) {
    CompiledCode::EntryPoint &entryPoint = code.entryPoints.emplace_back();
    entryPoint.name = name.str();
    auto function = onBuffers.lookupSymbol<func::FuncOp>(name);
    for (BlockArgument argument : function.getArguments()) {
      unsigned index = argument.getArgNumber();
      auto type = cast<MemRefType>(argument.getType());
      // LLVM stores i48 in eight bytes.
      int64_t elementSize = llvm::PowerOf2Ceil(
          llvm::divideCeil(type.getElementTypeBitWidth(), 8));
      if (function.getArgAttr(index, CGMQDialect::kArenaAttrName)) {
        entryPoint.usesArena = true;
        code.arenaSize =
            std::max(code.arenaSize, type.getNumElements() * elementSize);
      } else if (auto global = function.getArgAttrOfType<StringAttr>(
                     index, CGMQDialect::kGlobalAttrName)) {
        entryPoint.globals.push_back(
            {global.str(), elementSize, type.getNumElements()});
      }
    }
  }
  return code;
}

//===----------------------------------------------------------------------===//
// Code generation
//===----------------------------------------------------------------------===//

FailureOr<llvm::orc::JITTargetMachineBuilder> cgmq::detectHost(Location loc) {
  // Initialized on first use, and once.
  [[maybe_unused]] static const bool initialized = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    return true;
  }();
  auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return emitError(loc) << "cannot detect the host machine: "
                          << llvm::toString(builder.takeError());
  builder->setCodeGenOptLevel(llvm::CodeGenOptLevel::Aggressive);
  return std::move(*builder);
}

/// Adds the symbol of an entry point: a function that takes the pointers out of
/// an array.
static void addEntryPoint(llvm::Module &module, StringRef name) {
  llvm::Function *function = module.getFunction(name);
  llvm::LLVMContext &context = module.getContext();
  llvm::Type *pointer = llvm::PointerType::getUnqual(context);
  auto *entry = llvm::Function::Create(
      llvm::FunctionType::get(llvm::Type::getVoidTy(context), pointer, false),
      llvm::GlobalValue::ExternalLinkage, CompiledCode::getSymbol(name),
      module);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "entry", entry));
  SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : function->args())
    arguments.push_back(builder.CreateLoad(
        pointer, builder.CreateConstGEP1_32(pointer, entry->getArg(0),
                                            argument.getArgNo())));
  builder.CreateCall(function, arguments);
  builder.CreateRetVoid();
}

FailureOr<std::unique_ptr<llvm::MemoryBuffer>>
cgmq::generateObject(ModuleOp lowered, ArrayRef<StringRef> entryPoints,
                     int64_t vectorBits) {
  Location loc = lowered.getLoc();
  FailureOr<llvm::orc::JITTargetMachineBuilder> host = detectHost(loc);
  if (failed(host))
    return failure();
  auto created = host->createTargetMachine();
  if (!created)
    return emitError(loc) << "cannot generate code for the host machine: "
                          << llvm::toString(created.takeError());
  std::unique_ptr<llvm::TargetMachine> machine = std::move(*created);
  // Attributes of other dialects have said what they had to.
  lowered.walk([](LLVM::LLVMFuncOp function) {
    function.removeArgAttrsAttr();
    function.removeResAttrsAttr();
  });
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module =
      translateModuleToLLVMIR(lowered, context);
  if (!module)
    return failure();
  module->setDataLayout(machine->createDataLayout());
  module->setTargetTriple(machine->getTargetTriple());
  for (llvm::Function &function : *module) {
    if (function.isDeclaration())
      continue;
    function.setLinkage(llvm::GlobalValue::InternalLinkage);
    // Register tiles are as wide as the machine's vectors.
    function.addFnAttr("prefer-vector-width", std::to_string(vectorBits));
  }
  for (StringRef name : entryPoints)
    addEntryPoint(*module, name);
  auto optimize =
      makeOptimizingTransformer(/*optLevel=*/3, /*sizeLevel=*/0, machine.get());
  if (llvm::Error error = optimize(module.get()))
    return emitError(loc) << "cannot optimize code: "
                          << llvm::toString(std::move(error));
  auto object = llvm::orc::SimpleCompiler(*machine)(*module);
  if (!object)
    return emitError(loc) << "cannot generate code: "
                          << llvm::toString(object.takeError());
  return std::move(*object);
}
