//===- onnxruntime-benchmark.cpp - ONNX Runtime's sessions on demand ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: onnxruntime-benchmark LIBRARY THREADS MODEL TYPE EXTENT...
//
// Runs a model with the one input `in`, of the element type `u8` or `f32`, on
// drawn numbers. A line `run N` runs it N times; the answer has the seconds.
// The package of ONNX Runtime that is on npm holds its library but not its
// header: what is called is found by its place in the table of functions, which
// only ever grows.
//
//===----------------------------------------------------------------------===//

#include "CommandLoop.h"

#include <dlfcn.h>

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <vector>

namespace {

using Status = void *;

/// The table, by the places of what is called here.
class Api {
public:
  explicit Api(const void *table) : table(static_cast<void *const *>(table)) {}

  template <typename... Args> void call(size_t place, Args... args) const {
    if (Status status = get<Status (*)(Args...)>(place)(args...)) {
      std::cerr << get<const char *(*)(Status)>(kGetErrorMessage)(status)
                << '\n';
      std::exit(1);
    }
  }

  enum Place : size_t {
    kGetErrorMessage = 2,
    kCreateEnv = 3,
    kCreateSession = 7,
    kRun = 9,
    kCreateSessionOptions = 10,
    kSetIntraOpNumThreads = 24,
    kSetInterOpNumThreads = 25,
    kSessionGetOutputName = 37,
    kCreateTensorWithData = 49,
    kCreateCpuMemoryInfo = 69,
    kGetAllocatorWithDefaultOptions = 78,
  };

  template <typename Function> Function get(size_t place) const {
    return reinterpret_cast<Function>(table[place]);
  }

private:
  void *const *table;
};

struct ApiBase {
  const void *(*getApi)(uint32_t version);
  const char *(*getVersion)();
};

constexpr uint32_t kApiVersion = 13;
// Of the C interface's enumerations.
constexpr int kWarning = 2, kArenaAllocator = 1, kDefaultMemory = 0, kFloat = 1,
              kUInt8 = 2;

} // namespace

int main(int argc, char **argv) {
  if (argc < 6) {
    std::cerr << "usage: onnxruntime-benchmark LIBRARY THREADS MODEL TYPE "
                 "EXTENT...\n";
    return 2;
  }
  void *library = dlopen(argv[1], RTLD_NOW);
  if (!library) {
    std::cerr << dlerror() << '\n';
    return 1;
  }
  auto getBase =
      reinterpret_cast<const ApiBase *(*)()>(dlsym(library, "OrtGetApiBase"));
  const void *table = getBase ? getBase()->getApi(kApiVersion) : nullptr;
  if (!table) {
    std::cerr << "expects a library of ONNX Runtime, but got " << argv[1]
              << '\n';
    return 1;
  }
  Api api(table);
  int threads = std::atoi(argv[2]);
  void *env = nullptr, *options = nullptr, *session = nullptr,
       *memory = nullptr, *allocator = nullptr, *in = nullptr;
  api.call(Api::kCreateEnv, kWarning, "benchmark", &env);
  api.call(Api::kCreateSessionOptions, &options);
  api.call(Api::kSetIntraOpNumThreads, options, threads);
  api.call(Api::kSetInterOpNumThreads, options, 1);
  api.call(Api::kCreateSession, env, static_cast<const char *>(argv[3]),
           options, &session);
  api.call(Api::kGetAllocatorWithDefaultOptions, &allocator);
  char *outName = nullptr;
  api.call(Api::kSessionGetOutputName, session, size_t(0), allocator, &outName);

  bool isFloat = std::string(argv[4]) == "f32";
  std::vector<int64_t> extents;
  size_t size = 1;
  for (int i = 5; i < argc; ++i)
    size *= extents.emplace_back(std::atol(argv[i]));
  std::vector<float> floats(isFloat ? size : 0);
  std::vector<uint8_t> bytes(isFloat ? 0 : size);
  for (float &number : floats)
    number = static_cast<float>(std::rand() / double(RAND_MAX));
  for (uint8_t &byte : bytes)
    byte = static_cast<uint8_t>(std::rand());
  void *data = isFloat ? static_cast<void *>(floats.data()) : bytes.data();
  api.call(Api::kCreateCpuMemoryInfo, kArenaAllocator, kDefaultMemory, &memory);
  api.call(Api::kCreateTensorWithData, memory, data, isFloat ? 4 * size : size,
           extents.data(), extents.size(), isFloat ? kFloat : kUInt8, &in);

  const char *inNames[] = {"in"};
  const char *outNames[] = {outName};
  void *out = nullptr;
  auto run = [&] {
    api.call(Api::kRun, session, static_cast<void *>(nullptr), inNames, &in,
             size_t(1), outNames, size_t(1), &out);
  };
  std::ostringstream greeting;
  greeting << "{\"version\": \"" << getBase()->getVersion() << "\"}";
  return !serveRuns(greeting.str(), run);
}
