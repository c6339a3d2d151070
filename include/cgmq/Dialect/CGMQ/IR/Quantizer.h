//===- Quantizer.h - The quantizer's rule and the width rule -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one definition of the method's two rules: how a gate selects a width,
// T(g), and how a real number becomes a code. Each is a template over the
// arithmetic, so that the same text computes on numbers in the compiler
// (`HostArithmetic`) and emits operations (any class with the same members).
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_DIALECT_CGMQ_IR_QUANTIZER_H
#define CGMQ_DIALECT_CGMQ_IR_QUANTIZER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace mlir::cgmq {

/// The arithmetic of the rules on numbers of the host, in IEEE single.
struct HostArithmetic {
  using Value = float;
  using Bool = bool;
  Value constant(double value) { return static_cast<float>(value); }
  Value add(Value a, Value b) { return a + b; }
  Value mul(Value a, Value b) { return a * b; }
  Value div(Value a, Value b) { return a / b; }
  Value floor(Value a) { return std::floor(a); }
  /// a > b, false where either is not a number.
  Bool greater(Value a, Value b) { return a > b; }
  Value select(Bool condition, Value a, Value b) { return condition ? a : b; }
};

/// Upper bounds of the gate values of all widths but the last: T(g) is the
/// first width whose bound is not below g.
inline constexpr double kGateBounds[] = {1.0, 2.0, 3.0, 4.0};
inline constexpr int64_t kGateWidths[] = {2, 4, 8, 16, 32};
/// The width of what is pruned, which is zero, and the gate value up to which
/// it is, where the allowed widths have it.
inline constexpr int64_t kPrunedWidth = 0;
inline constexpr double kPruningBound = 0.0;
/// The value at which gates start (32 bits) and the least that they can take.
inline constexpr float kInitialGate = 5.5f;
inline constexpr float kLowestGate = 0.5f;
inline constexpr float kLowestPrunedGate = -0.5f;
/// The width of a value that stays float.
inline constexpr int64_t kFloatWidth = 32;

/// The allowed width that stands in for `width`: the least that is not below
/// it, or the largest where none is.
inline int64_t getAllowedWidth(int64_t width, llvm::ArrayRef<int64_t> allowed) {
  for (int64_t candidate : allowed)
    if (candidate >= width)
      return candidate;
  return allowed.back();
}

/// Whether ascending widths let a unit be pruned, and all but that.
inline bool canPrune(llvm::ArrayRef<int64_t> allowed) {
  return allowed.front() == kPrunedWidth;
}
inline llvm::ArrayRef<int64_t> getKeptWidths(llvm::ArrayRef<int64_t> allowed) {
  return allowed.drop_front(canPrune(allowed));
}

/// The least value that a gate can take.
inline float getLowestGate(llvm::ArrayRef<int64_t> allowed) {
  return canPrune(allowed) ? kLowestPrunedGate : kLowestGate;
}

/// The width whose grid a value of at most 16 bits is on. What is pruned is
/// zero, which any grid has; what is float has none, and no use of it.
inline int64_t getGridWidth(int64_t width) {
  return std::clamp<int64_t>(width, 2, 16);
}

/// A gate value in the middle of the interval that selects `width`.
inline float getGateOfWidth(int64_t width) {
  if (width == kPrunedWidth)
    return kLowestPrunedGate;
  float gate = 0.5f;
  for (int64_t candidate : kGateWidths) {
    if (candidate >= width)
      return gate;
    gate += 1.0f;
  }
  return gate;
}

/// Selects by the gate among one value for each of the five widths.
template <typename Arith>
typename Arith::Value
selectByGate(Arith &arith, typename Arith::Value gate,
             llvm::ArrayRef<typename Arith::Value> values) {
  typename Arith::Value result = values[0];
  for (int i = 0; i < 4; ++i)
    result = arith.select(arith.greater(gate, arith.constant(kGateBounds[i])),
                          values[i + 1], result);
  return result;
}

/// The same by a width in bits, which is what is left of a gate that stands.
template <typename Arith>
typename Arith::Value
selectByWidth(Arith &arith, typename Arith::Value width,
              llvm::ArrayRef<typename Arith::Value> values) {
  typename Arith::Value result = values[0];
  for (size_t i = 1; i < values.size(); ++i)
    result = arith.select(
        arith.greater(width,
                      arith.constant(static_cast<double>(kGateWidths[i - 1]))),
        values[i], result);
  return result;
}

/// The same among the values of the allowed widths.
template <typename Arith, typename ValueOfWidth>
typename Arith::Value selectByGate(Arith &arith, typename Arith::Value gate,
                                   llvm::ArrayRef<int64_t> allowed,
                                   ValueOfWidth valueOfWidth) {
  typename Arith::Value values[] = {
      valueOfWidth(getAllowedWidth(kGateWidths[0], allowed)),
      valueOfWidth(getAllowedWidth(kGateWidths[1], allowed)),
      valueOfWidth(getAllowedWidth(kGateWidths[2], allowed)),
      valueOfWidth(getAllowedWidth(kGateWidths[3], allowed)),
      valueOfWidth(getAllowedWidth(kGateWidths[4], allowed))};
  typename Arith::Value result = selectByGate<Arith>(arith, gate, values);
  if (!canPrune(allowed))
    return result;
  typename Arith::Value pruned = valueOfWidth(kPrunedWidth);
  return arith.select(arith.greater(gate, arith.constant(kPruningBound)),
                      result, pruned);
}

/// The width rule T(g).
template <typename Arith>
typename Arith::Value getWidth(Arith &arith, typename Arith::Value gate,
                               llvm::ArrayRef<int64_t> allowed) {
  return selectByGate(arith, gate, allowed, [&](int64_t width) {
    return arith.constant(static_cast<double>(width));
  });
}

/// T(g) as a number of bits.
inline int64_t getWidth(float gate, llvm::ArrayRef<int64_t> allowed) {
  HostArithmetic arith;
  return static_cast<int64_t>(getWidth(arith, gate, allowed));
}

/// T(g) of many gates.
inline void getWidths(llvm::ArrayRef<float> gates,
                      llvm::ArrayRef<int64_t> allowed,
                      llvm::MutableArrayRef<uint8_t> widths) {
  HostArithmetic arith;
  float values[5];
  for (int i = 0; i < 5; ++i)
    values[i] = static_cast<float>(getAllowedWidth(kGateWidths[i], allowed));
  for (size_t i = 0; i < gates.size(); ++i)
    widths[i] = static_cast<uint8_t>(
        selectByGate<HostArithmetic>(arith, gates[i], values));
  if (canPrune(allowed))
    for (size_t i = 0; i < gates.size(); ++i)
      if (!arith.greater(gates[i], static_cast<float>(kPruningBound)))
        widths[i] = kPrunedWidth;
}

/// Least and greatest code of a width of at most 16 bits.
inline int64_t getMinCode(int64_t width, bool isSigned) {
  return isSigned && width != kPrunedWidth ? -((int64_t(1) << (width - 1)) - 1)
                                           : 0;
}
inline int64_t getMaxCode(int64_t width, bool isSigned) {
  return isSigned && width != kPrunedWidth ? (int64_t(1) << (width - 1)) - 1
                                           : (int64_t(1) << width) - 1;
}

/// Steps from alpha to beta on the grid of a width: 2^b - 1.
inline double getNumSteps(int64_t width) {
  return std::ldexp(1.0, static_cast<int>(width)) - 1.0;
}

/// The step s = (beta - alpha) / (2^b - 1) of a width of at most 16 bits; zero
/// where the range is not positive.
template <typename Arith>
typename Arith::Value getStep(Arith &arith, typename Arith::Value range,
                              typename Arith::Value numSteps, bool isSigned) {
  typename Arith::Value zero = arith.constant(0.0);
  typename Arith::Value extent =
      isSigned ? arith.mul(arith.constant(2.0), range) : range;
  return arith.select(arith.greater(range, zero), arith.div(extent, numSteps),
                      zero);
}

/// The factor 1 / s by which `getCode` multiplies; zero for a step of zero,
/// so that a degenerate range makes every code zero.
template <typename Arith>
typename Arith::Value getInverseStep(Arith &arith, typename Arith::Value step) {
  typename Arith::Value zero = arith.constant(0.0);
  return arith.select(arith.greater(step, zero),
                      arith.div(arith.constant(1.0), step), zero);
}

/// clamp(x, lo, hi).
template <typename Arith>
typename Arith::Value clamp(Arith &arith, typename Arith::Value x,
                            typename Arith::Value lo,
                            typename Arith::Value hi) {
  typename Arith::Value low = arith.select(arith.greater(x, lo), x, lo);
  return arith.select(arith.greater(low, hi), hi, low);
}

/// floor(x / s + 0.5): to the nearest, ties up.
template <typename Arith>
typename Arith::Value roundToGrid(Arith &arith, typename Arith::Value x,
                                  typename Arith::Value inverseStep) {
  return arith.floor(arith.add(arith.mul(x, inverseStep), arith.constant(0.5)));
}

/// What a quantizer needs to know of its grid, as values of an arithmetic. For
/// a width of 32 bits the codes are the clipped numbers themselves and the step
/// is one.
template <typename Arith> struct GridValues {
  typename Arith::Value step, inverseStep, minCode, maxCode;
  typename Arith::Bool isFloat;
};

/// The grid that a gate selects within a range.
template <typename Arith>
GridValues<Arith> getGrid(Arith &arith, typename Arith::Value range,
                          typename Arith::Value gate,
                          llvm::ArrayRef<int64_t> allowed, bool isSigned) {
  using Value = typename Arith::Value;
  auto select = [&](auto valueOfWidth) {
    return selectByGate(arith, gate, allowed, [&](int64_t width) {
      // At 32 bits the value is not used; any finite one will do.
      return arith.constant(valueOfWidth(std::min<int64_t>(width, 16)));
    });
  };
  Value zero = arith.constant(0.0), one = arith.constant(1.0);
  Value beta = arith.select(arith.greater(range, zero), range, zero);
  Value alpha = isSigned ? arith.mul(arith.constant(-1.0), beta) : zero;
  auto isFloat =
      arith.greater(getWidth(arith, gate, allowed), arith.constant(16.0));
  Value numSteps =
      select([](int64_t width) { return getNumSteps(getGridWidth(width)); });
  Value step = getStep(arith, range, numSteps, isSigned);
  Value inverseStep = getInverseStep(arith, step);
  Value minCode = select(
      [&](int64_t width) { return double(getMinCode(width, isSigned)); });
  Value maxCode = select(
      [&](int64_t width) { return double(getMaxCode(width, isSigned)); });
  return {arith.select(isFloat, one, step),
          arith.select(isFloat, one, inverseStep),
          arith.select(isFloat, alpha, minCode),
          arith.select(isFloat, beta, maxCode), isFloat};
}

/// The code of x: an integral float, or the clipped x at 32 bits.
template <typename Arith>
typename Arith::Value getCode(Arith &arith, typename Arith::Value x,
                              const GridValues<Arith> &grid) {
  typename Arith::Value rounded =
      arith.select(grid.isFloat, x, roundToGrid(arith, x, grid.inverseStep));
  return clamp(arith, rounded, grid.minCode, grid.maxCode);
}

/// One width out of those of a tensor whose elements have several, seen from
/// the finest in use: grids nest, so a code times `ratio` is the code of the
/// same number on the finest grid. Where that is float, its unit is one and the
/// ratio is the step.
template <typename Arith> struct NestedGrid {
  GridValues<Arith> grid;
  typename Arith::Value ratio;
};

/// The grid of an allowed width in a tensor whose finest one `finestGate`
/// selects. Of a width that is finer it has no meaning.
template <typename Arith>
NestedGrid<Arith> getNestedGrid(Arith &arith, typename Arith::Value range,
                                typename Arith::Value finestGate, int64_t width,
                                llvm::ArrayRef<int64_t> allowed,
                                bool isSigned) {
  GridValues<Arith> grid = getGrid(
      arith, range, arith.constant(getGateOfWidth(width)), allowed, isSigned);
  auto getSteps = [&](int64_t width) {
    return arith.constant(getNumSteps(getGridWidth(width)));
  };
  // A quotient of integers below 2^24 that is one itself is exact.
  auto ratio = arith.div(selectByGate(arith, finestGate, allowed, getSteps),
                         getSteps(width));
  auto isFloat =
      arith.greater(getWidth(arith, finestGate, allowed), arith.constant(16.0));
  return {grid, arith.select(isFloat, grid.step, ratio)};
}

/// The code of x on the finest grid of its tensor. `select` gives, of each
/// quantity that a nested grid has, the one of the grid that x belongs to.
template <typename Arith, typename Select>
typename Arith::Value getNestedCode(Arith &arith, typename Arith::Value x,
                                    typename Arith::Bool isFloat,
                                    Select select) {
  using Nested = const NestedGrid<Arith> &;
  GridValues<Arith> grid{
      /*step=*/{},
      select([](Nested nested) { return nested.grid.inverseStep; }),
      select([](Nested nested) { return nested.grid.minCode; }),
      select([](Nested nested) { return nested.grid.maxCode; }), isFloat};
  auto ratio = select([](Nested nested) { return nested.ratio; });
  return arith.mul(getCode(arith, x, grid), ratio);
}

/// The same where the gate of x gives it one of the grids, of which there is
/// one for each of `allowed`.
template <typename Arith>
typename Arith::Value getNestedCode(Arith &arith, typename Arith::Value x,
                                    typename Arith::Value gate,
                                    llvm::ArrayRef<int64_t> allowed,
                                    llvm::ArrayRef<NestedGrid<Arith>> grids) {
  auto isFloat =
      arith.greater(getWidth(arith, gate, allowed), arith.constant(16.0));
  return getNestedCode(arith, x, isFloat, [&](auto valueOfGrid) {
    return selectByGate(arith, gate, allowed, [&](int64_t width) {
      return valueOfGrid(
          grids[std::find(allowed.begin(), allowed.end(), width) -
                allowed.begin()]);
    });
  });
}

/// The same where the width of x in bits does, of which there is one grid for
/// each of the five, or for the first ones. A pruned x is zero.
template <typename Arith>
typename Arith::Value
getNestedCodeOfWidth(Arith &arith, typename Arith::Value x,
                     typename Arith::Value width,
                     llvm::ArrayRef<NestedGrid<Arith>> grids) {
  auto isFloat = arith.greater(width, arith.constant(16.0));
  auto code = getNestedCode(arith, x, isFloat, [&](auto valueOfGrid) {
    llvm::SmallVector<typename Arith::Value, 5> values;
    for (const NestedGrid<Arith> &nested : grids)
      values.push_back(valueOfGrid(nested));
    return selectByWidth<Arith>(arith, width, values);
  });
  auto zero = arith.constant(0.0);
  return arith.select(arith.greater(width, zero), code, zero);
}

/// One width of at most 16 bits of a range, on the host.
struct Grid {
  Grid(float range, int64_t width, bool isSigned) {
    HostArithmetic arith;
    step = getStep(arith, range, arith.constant(getNumSteps(width)), isSigned);
    inverseStep = getInverseStep(arith, step);
    minCode = static_cast<float>(getMinCode(width, isSigned));
    maxCode = static_cast<float>(getMaxCode(width, isSigned));
  }
  int64_t quantize(float x) const {
    HostArithmetic arith;
    GridValues<HostArithmetic> grid{step, inverseStep, minCode, maxCode, false};
    return static_cast<int64_t>(getCode(arith, x, grid));
  }
  float dequantize(int64_t code) const {
    return static_cast<float>(code) * step;
  }
  float step, inverseStep, minCode, maxCode;
};

/// The ratio of the steps of two widths of at most 16 bits: what a code is
/// multiplied by to be one of the finer width.
inline int64_t getNestedRatio(int64_t width, int64_t finest) {
  return ((int64_t(1) << getGridWidth(finest)) - 1) /
         ((int64_t(1) << getGridWidth(width)) - 1);
}

/// The grids of a tensor whose units have several widths, on the host.
struct NestedGrids {
  NestedGrids(float range, int64_t finest, bool isSigned) {
    HostArithmetic arith;
    float gate = getGateOfWidth(finest);
    for (int64_t width : kGateWidths)
      grids.push_back(
          getNestedGrid(arith, range, gate, width, kGateWidths, isSigned));
    step = getGrid(arith, range, gate, kGateWidths, isSigned).step;
  }
  /// The code of x on the finest grid; where that is float, a float.
  float quantize(float x, int64_t width) const {
    HostArithmetic arith;
    return getNestedCodeOfWidth<HostArithmetic>(
        arith, x, static_cast<float>(width), grids);
  }
  /// One for each of the five widths. Those finer than the finest in use have
  /// no meaning.
  llvm::SmallVector<NestedGrid<HostArithmetic>, 5> grids;
  /// The step of the finest grid; one where that is float.
  float step;
};

} // namespace mlir::cgmq

#endif // CGMQ_DIALECT_CGMQ_IR_QUANTIZER_H
