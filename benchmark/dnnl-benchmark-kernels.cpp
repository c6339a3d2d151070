//===- dnnl-benchmark-kernels.cpp - oneDNN's contractions on demand ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: dnnl-benchmark-kernels THREADS
//
// A line `run SHAPE N` of the input runs a oneDNN primitive N times; SHAPE is
//   <direction>,convolution,n,h,w,c,f,kh,kw,stride,top,left,oh,ow
//   <direction>,inner-product,m,k,n
// with a direction of forward, input-gradient, weight-gradient or bytes:
// forward on unsigned and signed bytes, with the result scaled and rectified to
// bytes. Layouts are those that the library likes best; to reorder from and to
// others is not part of the run. `peak N` runs nothing but fused
// multiply-additions.
//
//===----------------------------------------------------------------------===//

#include "CommandLoop.h"

#include <dnnl.hpp>
#include <immintrin.h>

#include <cstdlib>
#include <map>
#include <sstream>
#include <thread>
#include <unordered_map>
#include <vector>

// Of the OpenMP runtime that oneDNN runs on.
extern "C" void omp_set_num_threads(int);

using namespace dnnl;
using tag = memory::format_tag;

namespace {

/// A primitive with memory for each of its arguments.
struct Kernel {
  primitive computation;
  std::unordered_map<int, memory> arguments;
};

memory::desc describe(memory::dims dims,
                      memory::data_type type = memory::data_type::f32) {
  return {dims, type, tag::any};
}

class Library {
public:
  /// The kernel of a shape; no primitive where the shape is none.
  Kernel &get(const std::string &shape) {
    auto [found, isNew] = kernels.try_emplace(shape);
    if (isNew)
      found->second = create(shape);
    return found->second;
  }

  void run(Kernel &kernel) {
    kernel.computation.execute(engineStream, kernel.arguments);
    engineStream.wait();
  }

private:
  Kernel create(const std::string &shape);
  template <typename Forward, typename InputGradient, typename WeightGradient,
            typename... Window>
  Kernel create(const std::string &direction, const memory::dims &x,
                const memory::dims &w, const memory::dims &b,
                const memory::dims &y, algorithm algorithm,
                const Window &...window);
  memory allocate(const memory::desc &desc);

  engine cpu{engine::kind::cpu, 0};
  stream engineStream{cpu};
  std::map<std::string, Kernel> kernels;
};

} // namespace

memory Library::allocate(const memory::desc &desc) {
  memory result(desc, cpu);
  if (desc.data_type() != memory::data_type::f32) {
    auto *bytes = static_cast<unsigned char *>(result.get_data_handle());
    for (size_t i = 0; i < desc.get_size(); ++i)
      bytes[i] = static_cast<unsigned char>(std::rand());
    return result;
  }
  auto *data = static_cast<float *>(result.get_data_handle());
  for (size_t i = 0; i < desc.get_size() / sizeof(float); ++i)
    data[i] = static_cast<float>(std::rand() / double(RAND_MAX));
  return result;
}

/// What inner products have no use for.
template <typename Primitive, typename... Args>
static auto makeDesc(algorithm algorithm, const Args &...args) {
  if constexpr (std::is_same_v<Primitive, inner_product_forward> ||
                std::is_same_v<Primitive, inner_product_backward_data> ||
                std::is_same_v<Primitive, inner_product_backward_weights>)
    return typename Primitive::desc(args...);
  else
    return typename Primitive::desc(algorithm, args...);
}

template <typename Forward, typename InputGradient, typename WeightGradient,
          typename... Window>
Kernel Library::create(const std::string &direction, const memory::dims &x,
                       const memory::dims &w, const memory::dims &b,
                       const memory::dims &y, algorithm algorithm,
                       const Window &...window) {
  auto makeForward = [&](auto... bias) {
    if constexpr (std::is_same_v<Forward, inner_product_forward>)
      return inner_product_forward::desc(prop_kind::forward_training,
                                         describe(x), describe(w), bias...,
                                         describe(y));
    else
      return typename Forward::desc(prop_kind::forward_training, algorithm,
                                    describe(x), describe(w), bias...,
                                    describe(y), window...);
  };
  if (direction == "bytes") {
    using type = memory::data_type;
    memory::dims features = {w[0]};
    auto makeBytes = [&] {
      if constexpr (std::is_same_v<Forward, inner_product_forward>)
        return inner_product_forward::desc(
            prop_kind::forward_inference, describe(x, type::u8),
            describe(w, type::s8), describe(features, type::s32),
            describe(y, type::u8));
      else
        return typename Forward::desc(
            prop_kind::forward_inference, algorithm, describe(x, type::u8),
            describe(w, type::s8), describe(features, type::s32),
            describe(y, type::u8), window...);
    };
    primitive_attr attributes;
    attributes.set_output_scales(0, {0.001f});
    post_ops rectify;
    rectify.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
    attributes.set_post_ops(rectify);
    typename Forward::primitive_desc bytes(makeBytes(), attributes, cpu);
    return {Forward(bytes),
            {{DNNL_ARG_SRC, allocate(bytes.src_desc())},
             {DNNL_ARG_WEIGHTS, allocate(bytes.weights_desc())},
             {DNNL_ARG_BIAS, allocate(bytes.bias_desc())},
             {DNNL_ARG_DST, allocate(bytes.dst_desc())}}};
  }
  bool hasBias = !b.empty();
  typename Forward::primitive_desc forward(
      hasBias ? makeForward(describe(b)) : makeForward(), cpu);
  if (direction == "forward") {
    Kernel kernel{Forward(forward),
                  {{DNNL_ARG_SRC, allocate(forward.src_desc())},
                   {DNNL_ARG_WEIGHTS, allocate(forward.weights_desc())},
                   {DNNL_ARG_DST, allocate(forward.dst_desc())}}};
    if (hasBias)
      kernel.arguments[DNNL_ARG_BIAS] = allocate(forward.bias_desc());
    return kernel;
  }
  if (direction == "input-gradient") {
    typename InputGradient::primitive_desc gradient(
        makeDesc<InputGradient>(algorithm, describe(x), describe(w),
                                describe(y), window...),
        cpu, forward);
    return {InputGradient(gradient),
            {{DNNL_ARG_DIFF_DST, allocate(gradient.diff_dst_desc())},
             {DNNL_ARG_WEIGHTS, allocate(gradient.weights_desc())},
             {DNNL_ARG_DIFF_SRC, allocate(gradient.diff_src_desc())}}};
  }
  if (direction == "weight-gradient") {
    typename WeightGradient::primitive_desc gradient(
        makeDesc<WeightGradient>(algorithm, describe(x), describe(w),
                                 describe(y), window...),
        cpu, forward);
    return {WeightGradient(gradient),
            {{DNNL_ARG_SRC, allocate(gradient.src_desc())},
             {DNNL_ARG_DIFF_DST, allocate(gradient.diff_dst_desc())},
             {DNNL_ARG_DIFF_WEIGHTS, allocate(gradient.diff_weights_desc())}}};
  }
  return {};
}

Kernel Library::create(const std::string &shape) {
  std::istringstream words(shape);
  std::string direction, op, word;
  std::getline(words, direction, ',');
  std::getline(words, op, ',');
  std::vector<memory::dim> v;
  while (std::getline(words, word, ','))
    v.push_back(std::atol(word.c_str()));
  if (op == "inner-product" && v.size() == 3)
    return create<inner_product_forward, inner_product_backward_data,
                  inner_product_backward_weights>(
        direction, {v[0], v[1]}, {v[2], v[1]}, {}, {v[0], v[2]},
        algorithm::undef);
  if (op != "convolution" || v.size() != 12)
    return {};
  memory::dim n = v[0], h = v[1], w = v[2], c = v[3], f = v[4], kh = v[5],
              kw = v[6], stride = v[7], top = v[8], left = v[9], oh = v[10],
              ow = v[11];
  memory::dims strides = {stride, stride}, low = {top, left},
               high = {(oh - 1) * stride + kh - h - top,
                       (ow - 1) * stride + kw - w - left};
  return create<convolution_forward, convolution_backward_data,
                convolution_backward_weights>(
      direction, {n, c, h, w}, {f, c, kh, kw}, {f}, {n, f, oh, ow},
      algorithm::convolution_direct, strides, low, high);
}

//===----------------------------------------------------------------------===//
// The machine's peak
//===----------------------------------------------------------------------===//

#if defined(__AVX512F__)
using Vector = __m512;
static Vector multiplyAdd(Vector a, Vector b, Vector c) {
  return _mm512_fmadd_ps(a, b, c);
}
#elif defined(__FMA__)
using Vector = __m256;
static Vector multiplyAdd(Vector a, Vector b, Vector c) {
  return _mm256_fmadd_ps(a, b, c);
}
#else
using Vector = __m128;
static Vector multiplyAdd(Vector a, Vector b, Vector c) { return a * b + c; }
#endif

static constexpr int kChains = 12, kLength = 100000;
static constexpr double kPeakOperations =
    2.0 * kChains * kLength * (sizeof(Vector) / sizeof(float));

/// Chains of multiply-additions, as many as hide their latency.
static void multiplyAddALot() {
  Vector sums[kChains] = {}, a = {}, b = {};
  for (int i = 0; i < kLength; ++i) {
#pragma GCC unroll 12
    for (int chain = 0; chain < kChains; ++chain)
      sums[chain] = multiplyAdd(a, b, sums[chain]);
    // Not to be folded, nor to leave the registers.
    asm volatile("" : "+x"(a), "+x"(b));
  }
  for (Vector &sum : sums)
    asm volatile("" ::"x"(sum));
}

int main(int argc, char **argv) {
  int numThreads = argc == 2 ? std::atoi(argv[1]) : 0;
  if (numThreads < 1) {
    std::cerr << "usage: dnnl-benchmark-kernels THREADS\n";
    return 2;
  }
  omp_set_num_threads(numThreads);
  Library library;
  auto answer = [&](const std::string &line) -> std::string {
    std::istringstream words(line);
    std::string command, shape;
    long count = 0;
    words >> command;
    std::ostringstream result;
    if (command == "peak" && words >> count) {
      double seconds = measureSeconds([&] {
        std::vector<std::thread> threads;
        for (int i = 0; i < numThreads; ++i)
          threads.emplace_back([&] {
            for (long j = 0; j < count; ++j)
              multiplyAddALot();
          });
        for (std::thread &thread : threads)
          thread.join();
      });
      result << "{\"seconds\": " << seconds
             << ", \"operations\": " << kPeakOperations * count * numThreads
             << "}";
      return result.str();
    }
    if (command != "run" || !(words >> shape >> count) ||
        !library.get(shape).computation) {
      std::cerr << "expects 'run SHAPE N' or 'peak N', but got '" << line
                << "'\n";
      return {};
    }
    Kernel &kernel = library.get(shape);
    double seconds = measureSeconds([&] {
      for (long i = 0; i < count; ++i)
        library.run(kernel);
    });
    result << "{\"seconds\": " << seconds << "}";
    return result.str();
  };
  return !serveCommands("{}", answer);
}
