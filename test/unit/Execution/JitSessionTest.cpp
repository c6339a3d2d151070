//===- JitSessionTest.cpp - Compiled functions of a module -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Execution/JitSession.h"
#include "cgmq/InitAll.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {

class JitSessionTest : public testing::Test {
protected:
  JitSessionTest()
      : context(createRegistry()), handler(&context, [&](auto &d) {
          messages += d.str() + "\n";
          for (Diagnostic &note : d.getNotes())
            messages += note.str() + "\n";
        }) {}

  static DialectRegistry createRegistry() {
    DialectRegistry registry;
    mlir::registerAllDialects(registry);
    registerAllExtensions(registry);
    cgmq::registerAllDialects(registry);
    return registry;
  }

  FailureOr<std::unique_ptr<JitSession>>
  compile(StringRef source, ArrayRef<StringRef> entryPoints,
          const JitOptions &options = {}) {
    module = parseSourceString<ModuleOp>(source, &context);
    if (!module)
      return failure();
    return JitSession::compile(*module, entryPoints, options);
  }

  MLIRContext context;
  std::string messages;
  ScopedDiagnosticHandler handler;
  OwningOpRef<ModuleOp> module;
};

constexpr const char *kGlobals = R"mlir(
  ml_program.global private mutable @a(dense<[1.0, 2.0, 3.0]> : tensor<3xf32>) : tensor<3xf32>
  ml_program.global private mutable @b(dense<5.0> : tensor<3xf32>) : tensor<3xf32>
  ml_program.global private @codes(dense<[-1, 2]> : tensor<2xi8>) : tensor<2xi8>
  ml_program.global private mutable @unused(dense<0.0> : tensor<3xf32>) : tensor<3xf32>

  func.func @swap() {
    %a = ml_program.global_load @a : tensor<3xf32>
    %b = ml_program.global_load @b : tensor<3xf32>
    ml_program.global_store @a = %b : tensor<3xf32>
    ml_program.global_store @b = %a : tensor<3xf32>
    return
  }
  func.func @add(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
    %old = ml_program.global_load @a : tensor<3xf32>
    %sum = arith.addf %old, %x : tensor<3xf32>
    ml_program.global_store @a = %sum : tensor<3xf32>
    %new = ml_program.global_load @a : tensor<3xf32>
    return %old, %new : tensor<3xf32>, tensor<3xf32>
  }
  func.func private @twice(%x: tensor<3xf32>) -> tensor<3xf32> {
    %b = ml_program.global_load @b : tensor<3xf32>
    %0 = arith.addf %x, %b : tensor<3xf32>
    return %0 : tensor<3xf32>
  }
  func.func @call(%x: tensor<3xf32>) -> tensor<3xf32> {
    %0 = call @twice(%x) : (tensor<3xf32>) -> tensor<3xf32>
    %1 = call @twice(%0) : (tensor<3xf32>) -> tensor<3xf32>
    return %1 : tensor<3xf32>
  }
  func.func @widen() -> tensor<2xi32> {
    %0 = ml_program.global_load_const @codes : tensor<2xi8>
    %1 = arith.extsi %0 : tensor<2xi8> to tensor<2xi32>
    return %1 : tensor<2xi32>
  }
  func.func @same(%x: tensor<3xf32>) -> tensor<3xf32> {
    return %x : tensor<3xf32>
  }
)mlir";

/// Entry points share globals, which start with the values in the module.
TEST_F(JitSessionTest, SharesGlobals) {
  auto session = compile(kGlobals, {"swap", "add", "call"});
  ASSERT_TRUE(succeeded(session)) << messages;
  MutableArrayRef<float> a = (*session)->getGlobal<float>("a");
  MutableArrayRef<float> b = (*session)->getGlobal<float>("b");
  EXPECT_EQ(a, ArrayRef<float>({1, 2, 3}));
  EXPECT_EQ(b, ArrayRef<float>({5, 5, 5}));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(a.data()) % 64, 0u);

  ASSERT_TRUE(succeeded((*session)->invoke("swap", {}, {})));
  EXPECT_EQ(a, ArrayRef<float>({5, 5, 5}));
  EXPECT_EQ(b, ArrayRef<float>({1, 2, 3}));

  // Loads before and after a store; inputs stay.
  float x[] = {1, 1, 2}, before[3], after[3];
  ASSERT_TRUE(succeeded((*session)->invoke("add", {x}, {before, after})));
  EXPECT_EQ(ArrayRef<float>(before), ArrayRef<float>({5, 5, 5}));
  EXPECT_EQ(ArrayRef<float>(after), ArrayRef<float>({6, 6, 7}));
  EXPECT_EQ(a, ArrayRef<float>({6, 6, 7}));
  EXPECT_EQ(ArrayRef<float>(x), ArrayRef<float>({1, 1, 2}));

  // What the host writes is what functions see.
  b[0] = 10;
  ASSERT_TRUE(succeeded((*session)->invoke("call", {x}, {after})));
  EXPECT_EQ(ArrayRef<float>(after), ArrayRef<float>({21, 5, 8}));
}

/// Constant globals of codes; globals of another type or none are empty.
TEST_F(JitSessionTest, FindsGlobalsByType) {
  auto session = compile(kGlobals, {"widen", "same"});
  ASSERT_TRUE(succeeded(session)) << messages;
  int32_t codes[2];
  ASSERT_TRUE(succeeded((*session)->invoke("widen", {}, {codes})));
  EXPECT_EQ(ArrayRef<int32_t>(codes), ArrayRef<int32_t>({-1, 2}));
  EXPECT_EQ((*session)->getGlobal<int8_t>("codes"), ArrayRef<int8_t>({-1, 2}));
  EXPECT_TRUE((*session)->getGlobal<float>("codes").empty());
  EXPECT_TRUE((*session)->getGlobal<float>("unused").empty());
  EXPECT_TRUE((*session)->getGlobal<float>("none").empty());
}

/// A function that returns its argument copies it.
TEST_F(JitSessionTest, CopiesArguments) {
  auto session = compile(kGlobals, {"same"});
  ASSERT_TRUE(succeeded(session)) << messages;
  float x[] = {1, 2, 3}, y[3] = {0, 0, 0};
  ASSERT_TRUE(succeeded((*session)->invoke("same", {x}, {y})));
  EXPECT_EQ(ArrayRef<float>(y), ArrayRef<float>(x));
}

/// Calls that do not fit the function are refused.
TEST_F(JitSessionTest, RefusesWrongCalls) {
  auto session = compile(kGlobals, {"same"});
  ASSERT_TRUE(succeeded(session)) << messages;
  EXPECT_TRUE(failed((*session)->invoke("swap", {}, {})));
  EXPECT_NE(messages.find("expects a compiled entry point, but got 'swap'"),
            std::string::npos)
      << messages;
  EXPECT_TRUE(failed((*session)->invoke("same", {}, {})));
  EXPECT_NE(messages.find("expects 1 arguments and 1 results to execute, but "
                          "got 0 and 0"),
            std::string::npos)
      << messages;
}

/// What cannot be compiled is refused with a diagnostic.
TEST_F(JitSessionTest, RefusesWhatCannotBeCompiled) {
  EXPECT_TRUE(failed(compile(kGlobals, {"missing"})));
  EXPECT_NE(messages.find("expects a function 'missing' to execute"),
            std::string::npos)
      << messages;
  EXPECT_TRUE(
      failed(compile("func.func @f(%x: tensor<?xf32>) { return }", {"f"})));
  EXPECT_NE(messages.find("expects static tensor types to execute, but got "
                          "'tensor<?xf32>'"),
            std::string::npos)
      << messages;
  EXPECT_TRUE(failed(
      compile("ml_program.global private mutable @g(\"text\") : tensor<2xf32>\n"
              "func.func @f() -> tensor<2xf32> {\n"
              "  %0 = ml_program.global_load @g : tensor<2xf32>\n"
              "  return %0 : tensor<2xf32>\n}",
              {"f"})));
  EXPECT_NE(messages.find("expects a dense or dense_resource value"),
            std::string::npos)
      << messages;
  EXPECT_TRUE(failed(compile("func.func private @g()\n"
                             "func.func @f() { call @g() : () -> () return }",
                             {"f"})));
  EXPECT_NE(messages.find("expects a callee with a body to execute, but got g"),
            std::string::npos)
      << messages;
}

//===----------------------------------------------------------------------===//
// Cache
//===----------------------------------------------------------------------===//

class JitSessionCacheTest : public JitSessionTest {
protected:
  void SetUp() override {
    SmallString<128> path;
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("cgmq-cache", path));
    root = path.str().str();
    // Made on first use, with its parents.
    options.cache = root + "/some/where";
  }
  void TearDown() override { llvm::sys::fs::remove_directories(root); }

  /// What @scale gives for 1, 2, 3.
  std::vector<float> scale(StringRef source) {
    auto session = compile(source, {"scale"}, options);
    EXPECT_TRUE(succeeded(session)) << messages;
    if (failed(session))
      return {};
    float x[] = {1, 2, 3};
    std::vector<float> y(3);
    EXPECT_TRUE(succeeded((*session)->invoke("scale", {x}, {y.data()})));
    return y;
  }

  std::vector<std::string> getFiles() {
    std::vector<std::string> files;
    std::error_code error;
    llvm::sys::fs::directory_iterator it(options.cache, error), end;
    for (; !error && it != end; it.increment(error))
      files.push_back(it->path());
    return files;
  }

  static std::string read(StringRef path) {
    auto file = llvm::MemoryBuffer::getFile(path);
    return file ? (*file)->getBuffer().str() : "";
  }

  static void write(StringRef path, StringRef content) {
    std::error_code error;
    llvm::raw_fd_ostream(path, error) << content;
    ASSERT_FALSE(error);
  }

  /// A file that says when it was written anew: a rename makes another.
  static uint64_t getIdentity(StringRef path) {
    llvm::sys::fs::UniqueID id;
    EXPECT_FALSE(llvm::sys::fs::getUniqueID(path, id));
    return id.getFile();
  }

  std::string root;
  JitOptions options;
};

constexpr const char *kScale = R"mlir(
  ml_program.global private mutable @s(dense<[1.0, 2.0, 3.0]> : tensor<3xf32>) : tensor<3xf32>
  func.func @scale(%x: tensor<3xf32>) -> tensor<3xf32> {
    %s = ml_program.global_load @s : tensor<3xf32>
    %0 = arith.mulf %x, %s : tensor<3xf32>
    %1 = arith.mulf %0, %s : tensor<3xf32>
    return %1 : tensor<3xf32>
  }
)mlir";

std::string replace(StringRef text, StringRef from, StringRef to) {
  size_t at = text.find(from);
  EXPECT_NE(at, StringRef::npos);
  return (text.take_front(at) + to + text.substr(at + from.size())).str();
}

/// A second session takes the code of the first, whatever the values of the
/// globals and the locations are.
TEST_F(JitSessionCacheTest, LoadsWhatItStored) {
  EXPECT_EQ(scale(kScale), std::vector<float>({1, 8, 27}));
  ASSERT_EQ(getFiles().size(), 1u);
  std::string file = getFiles().front();
  uint64_t identity = getIdentity(file);
  EXPECT_EQ(scale(kScale), std::vector<float>({1, 8, 27}));
  EXPECT_EQ(scale(replace(kScale, "[1.0, 2.0, 3.0]", "2.0")),
            std::vector<float>({4, 8, 12}));
  EXPECT_EQ(scale(std::string("\n\n") + kScale),
            std::vector<float>({1, 8, 27}));
  EXPECT_EQ(getFiles().size(), 1u);
  EXPECT_EQ(getIdentity(file), identity);
}

/// Other code, other options and other entry points have other files.
TEST_F(JitSessionCacheTest, TellsProgramsApart) {
  scale(kScale);
  EXPECT_EQ(scale(replace(kScale, "mulf", "addf")),
            std::vector<float>({2, 8, 18}));
  EXPECT_EQ(getFiles().size(), 2u);
  options.tileContractions = false;
  EXPECT_EQ(scale(kScale), std::vector<float>({1, 8, 27}));
  EXPECT_EQ(getFiles().size(), 3u);
  EXPECT_TRUE(succeeded(compile(kGlobals, {"swap", "add"}, options)));
  EXPECT_TRUE(succeeded(compile(kGlobals, {"add"}, options)));
  EXPECT_EQ(getFiles().size(), 5u);
}

/// Constants that are too large to be printed whole by default count.
TEST_F(JitSessionCacheTest, TellsLargeConstantsApart) {
  std::string first = R"mlir(
    func.func @scale(%x: tensor<3xf32>) -> tensor<3xf32> {
      %all = arith.constant dense_resource<c> : tensor<64xf32>
      %part = tensor.extract_slice %all[0] [3] [1] : tensor<64xf32> to tensor<3xf32>
      %0 = arith.mulf %x, %part : tensor<3xf32>
      return %0 : tensor<3xf32>
    }
    {-# dialect_resources: { builtin: { c: "0x04000000)mlir";
  auto withValue = [&](StringRef hex) {
    std::string text = first;
    for (int i = 0; i < 64; ++i)
      text += hex;
    return text + "\" } } #-}";
  };
  EXPECT_EQ(scale(withValue("0000803F")), std::vector<float>({1, 2, 3}));
  EXPECT_EQ(scale(withValue("00000040")), std::vector<float>({2, 4, 6}));
  EXPECT_EQ(getFiles().size(), 2u);
}

/// A file that is not what was stored is compiled anew and replaced.
TEST_F(JitSessionCacheTest, ReplacesDamagedFiles) {
  scale(kScale);
  scale(replace(kScale, "mulf", "addf"));
  std::vector<std::string> files = getFiles();
  ASSERT_EQ(files.size(), 2u);
  std::string content = read(files[0]), foreign = read(files[1]);
  std::string flipped = content;
  flipped[content.size() / 2] ^= 1;
  for (const std::string &damaged :
       {std::string(), std::string("no code"), content.substr(0, 64),
        content.substr(0, content.size() / 2), content + "x", flipped,
        foreign}) {
    write(files[0], damaged);
    EXPECT_EQ(scale(kScale), std::vector<float>({1, 8, 27}));
    scale(replace(kScale, "mulf", "addf"));
    EXPECT_EQ(read(files[0]), content);
  }
}

/// A directory that cannot be made is an error, not a missing cache.
TEST_F(JitSessionCacheTest, RefusesUnwritableDirectories) {
  std::string file = root + "/file";
  write(file, "");
  options.cache = file + "/cache";
  EXPECT_TRUE(failed(compile(kScale, {"scale"}, options)));
  EXPECT_NE(messages.find("cannot keep compiled code: cannot create '" +
                          options.cache + "': Not a directory"),
            std::string::npos)
      << messages;
}

} // namespace
