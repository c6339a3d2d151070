//===- WidthAllocationTest.cpp - Widths moved one by one -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/WidthAllocation.h"

#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"
#include "cgmq/InitAll.h"
#include "cgmq/Support/Random.h"

#include "mlir/InitAllDialects.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::cgmq;

namespace {

/// Two matmuls in a row with a gate for each element, of which the middle one
/// belongs to both.
constexpr StringLiteral kModule = R"(
!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>
ml_program.global private mutable @v(dense<0.5> : tensor<1x4x3xf32>) : tensor<1x4x3xf32>
ml_program.global private mutable @w(dense<0.5> : tensor<1x3x5xf32>) : tensor<1x3x5xf32>
ml_program.global private mutable @x.gate(dense<5.5> : tensor<1x1x4xf32>) : tensor<1x1x4xf32>
ml_program.global private mutable @v.gate(dense<5.5> : tensor<1x4x3xf32>) : tensor<1x4x3xf32>
ml_program.global private mutable @y.gate(dense<5.5> : tensor<1x1x3xf32>) : tensor<1x1x3xf32>
ml_program.global private mutable @w.gate(dense<5.5> : tensor<f32>) : tensor<f32>
func.func @f(%x: tensor<1x?x4xf32>) -> tensor<1x?x5xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %r = arith.constant dense<1.0> : tensor<f32>
  %xg = ml_program.global_load @x.gate : tensor<1x1x4xf32>
  %xq = cgmq.quantize %x, %r, %xg : tensor<1x?x4xf32>, tensor<f32>, tensor<1x1x4xf32> -> tensor<1x?x4x!s>
  %xd = cgmq.dequantize %xq : tensor<1x?x4x!s> -> tensor<1x?x4xf32>
  %v = ml_program.global_load @v : tensor<1x4x3xf32>
  %vg = ml_program.global_load @v.gate : tensor<1x4x3xf32>
  %vq = cgmq.quantize %v, %r, %vg : tensor<1x4x3xf32>, tensor<f32>, tensor<1x4x3xf32> -> tensor<1x4x3x!s>
  %vd = cgmq.dequantize %vq : tensor<1x4x3x!s> -> tensor<1x4x3xf32>
  %y = tosa.matmul %xd, %vd, %zero, %zero : (tensor<1x?x4xf32>, tensor<1x4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  %yg = ml_program.global_load @y.gate : tensor<1x1x3xf32>
  %yq = cgmq.quantize %y, %r, %yg : tensor<1x?x3xf32>, tensor<f32>, tensor<1x1x3xf32> -> tensor<1x?x3x!s>
  %yd = cgmq.dequantize %yq : tensor<1x?x3x!s> -> tensor<1x?x3xf32>
  %w = ml_program.global_load @w : tensor<1x3x5xf32>
  %wg = ml_program.global_load @w.gate : tensor<f32>
  %wq = cgmq.quantize %w, %r, %wg : tensor<1x3x5xf32>, tensor<f32>, tensor<f32> -> tensor<1x3x5x!s>
  %wd = cgmq.dequantize %wq : tensor<1x3x5x!s> -> tensor<1x3x5xf32>
  %z = tosa.matmul %yd, %wd, %zero, %zero : (tensor<1x?x3xf32>, tensor<1x3x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x5xf32>
  return %z : tensor<1x?x5xf32>
}
)";

constexpr int64_t kAllowed[] = {2, 4, 8, 16, 32};
constexpr StringLiteral kGates[] = {"x.gate", "v.gate", "y.gate", "w.gate"};
constexpr size_t kUnits[] = {4, 12, 3, 1};

class WidthAllocationTest : public ::testing::Test {
protected:
  void SetUp() override {
    DialectRegistry registry;
    mlir::registerAllDialects(registry);
    cgmq::registerAllDialects(registry);
    context.appendDialectRegistry(registry);
    module = parseSourceString<ModuleOp>(kModule, &context);
    ASSERT_TRUE(module);
    analysis = CostAnalysis::create(module->lookupSymbol<func::FuncOp>("f"));
    ASSERT_TRUE(succeeded(analysis));
    models = {BopCostAttr::get(&context)};
  }

  /// Widths of the four gates, drawn by a seed.
  std::vector<Widths> draw(uint64_t seed) {
    std::vector<Widths> widths;
    uint64_t counter = 0;
    for (size_t units : kUnits) {
      widths.emplace_back(units);
      for (uint8_t &width : widths.back())
        width = kAllowed[splitmix64(seed, counter++) % 5];
    }
    return widths;
  }

  WidthAllocation allocate(const std::vector<Widths> &widths) {
    std::vector<WidthAllocation::Gate> gates;
    for (auto [name, gateWidths] : llvm::zip_equal(kGates, widths))
      gates.push_back({module->lookupSymbol<ml_program::GlobalOp>(name),
                       llvm::to_vector(ArrayRef(kAllowed)), gateWidths,
                       /*losses=*/{}});
    return WidthAllocation(*analysis, std::move(gates), models);
  }

  /// The sum over the multiply-accumulates, one by one.
  static double count(const std::vector<Widths> &widths) {
    double cost = 0.0;
    for (int k = 0; k < 4; ++k)
      for (int n = 0; n < 3; ++n)
        cost += widths[0][k] * widths[1][3 * k + n];
    for (int k = 0; k < 3; ++k)
      cost += 5.0 * widths[2][k] * widths[3][0];
    return cost;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  FailureOr<CostAnalysis> analysis;
  SmallVector<CostModelAttr> models;
};

} // namespace

TEST_F(WidthAllocationTest, CountsEachProduct) {
  for (uint64_t seed = 0; seed < 20; ++seed)
    EXPECT_EQ(allocate(draw(seed)).getCosts().front(), count(draw(seed)));
}

// The queue chooses what a look at all units before each move would.
TEST_F(WidthAllocationTest, LowersWhatSavesMost) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<Widths> expected = draw(seed);
    double limit = 0.2 * count(expected);
    while (count(expected) > limit) {
      double least = count(expected);
      uint8_t *chosen = nullptr;
      for (Widths &gate : expected)
        for (uint8_t &width : gate) {
          if (width == 2)
            continue;
          width /= 2;
          if (count(expected) < least) {
            least = count(expected);
            chosen = &width;
          }
          width *= 2;
        }
      if (!chosen)
        break;
      *chosen /= 2;
    }
    WidthAllocation allocation = allocate(draw(seed));
    allocation.lowerUntilKept(limit);
    EXPECT_EQ(allocation.getWidths(), expected);
    EXPECT_EQ(allocation.getCosts().front(), count(expected));
  }
}

// A pair of gates for whole tensors stands for all multiply-accumulates between
// them: y saves 15 * 8 * 4 = 480, an element of x 3 * 8 * 4 = 96.
TEST_F(WidthAllocationTest, LowersByAllMacsOfATensor) {
  std::string text = kModule.str();
  StringRef units = "tensor<1x1x3xf32>";
  for (size_t at; (at = text.find(units)) != std::string::npos;)
    text.replace(at, units.size(), "tensor<f32>");
  module = parseSourceString<ModuleOp>(text, &context);
  ASSERT_TRUE(module);
  analysis = CostAnalysis::create(module->lookupSymbol<func::FuncOp>("f"));
  ASSERT_TRUE(succeeded(analysis));
  WidthAllocation allocation =
      allocate({Widths(4, 8), Widths(12, 8), Widths(1, 8), Widths(1, 8)});
  EXPECT_EQ(allocation.getCosts().front(), (12 + 15) * 64.0);
  allocation.lowerUntilKept((12 + 15) * 64.0 - 480.0);
  EXPECT_EQ(allocation.getWidths(),
            (std::vector<Widths>{Widths(4, 8), Widths(12, 8), Widths(1, 4),
                                 Widths(1, 8)}));
}

TEST_F(WidthAllocationTest, RaisesTheNarrowestThatCostsLeast) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<Widths> expected = draw(seed);
    double limit = 1.5 * count(expected);
    while (true) {
      uint8_t *chosen = nullptr;
      double chosenCost = 0.0;
      for (Widths &gate : expected)
        for (uint8_t &width : gate) {
          if (width >= 16)
            continue;
          width *= 2;
          double cost = count(expected);
          width /= 2;
          if (cost > limit)
            continue;
          if (!chosen || width < *chosen ||
              (width == *chosen && cost < chosenCost)) {
            chosen = &width;
            chosenCost = cost;
          }
        }
      if (!chosen)
        break;
      *chosen *= 2;
    }
    WidthAllocation allocation = allocate(draw(seed));
    allocation.spendSlack(limit, /*widest=*/16);
    EXPECT_EQ(allocation.getWidths(), expected);
    EXPECT_LE(allocation.getCosts().front(), limit);
  }
}

TEST_F(WidthAllocationTest, LowersToAWidth) {
  std::vector<Widths> expected = draw(1);
  for (Widths &gate : expected)
    for (uint8_t &width : gate)
      width = std::min<uint8_t>(width, 8);
  WidthAllocation allocation = allocate(draw(1));
  allocation.lowerTo(8);
  EXPECT_EQ(allocation.getWidths(), expected);
  EXPECT_EQ(allocation.getCosts().front(), count(expected));
}

// With exchanges, what is found on few units is nearly as good as the best of
// all combinations, and never above the limit.
TEST_F(WidthAllocationTest, LosesLittle) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    // One unit a gate: 5^4 combinations, with losses that fall with the width.
    constexpr size_t kNumGates = 4;
    std::vector<WidthAllocation::Gate> gates;
    for (size_t g = 0; g < kNumGates; ++g) {
      double weight = 1 + splitmix64(seed, g) % 1000;
      std::vector<float> losses;
      for (size_t u = 0; u < kUnits[g]; ++u)
        for (int64_t width : kAllowed)
          losses.push_back(
              width == 32 ? 0.0f
                          : static_cast<float>(weight / std::pow(4.0, width)));
      gates.push_back({module->lookupSymbol<ml_program::GlobalOp>(kGates[g]),
                       llvm::to_vector(ArrayRef(kAllowed)),
                       Widths(kUnits[g], 32), std::move(losses)});
    }
    std::vector<WidthAllocation::Gate> copies = gates;
    WidthAllocation allocation(*analysis, std::move(copies), models);
    double limit =
        (0.05 + 0.01 * static_cast<double>(seed)) *
        count({Widths(4, 8), Widths(12, 8), Widths(3, 8), Widths(1, 8)});
    limit = std::max(limit, count({Widths(4, 2), Widths(12, 2), Widths(3, 2),
                                   Widths(1, 2)}));
    allocation.minimizeLoss(limit, /*widest=*/8);
    EXPECT_LE(allocation.getCosts().front(), limit);
    EXPECT_EQ(allocation.getCosts().front(), count(allocation.getWidths()));

    // The best where all units of a gate are alike is one of many choices.
    double best = std::numeric_limits<double>::infinity();
    for (int code = 0; code < 81; ++code) {
      std::vector<Widths> widths;
      double loss = 0.0;
      for (size_t g = 0, rest = code; g < kNumGates; ++g, rest /= 3) {
        widths.emplace_back(kUnits[g], kAllowed[rest % 3]);
        loss += kUnits[g] * gates[g].losses[rest % 3];
      }
      if (count(widths) <= limit)
        best = std::min(best, loss);
    }
    EXPECT_LE(allocation.getLoss(), best * (1.0 + 1e-6));
  }
}

// Where units are many they buy their widths, and one price finds the best of
// all combinations: 32 bits meet each of 300, and losses fall by ever less.
// Among those that are all alike no price tells, and what it leaves is spent.
TEST_F(WidthAllocationTest, ManyBuyTheBest) {
  constexpr StringLiteral kMany = R"(
!s = !cgmq.gated<signed, [2, 4, 8, 16, 32], f32>
ml_program.global private mutable @v(dense<0.5> : tensor<1x100x3xf32>) : tensor<1x100x3xf32>
ml_program.global private mutable @v.gate(dense<5.5> : tensor<1x100x3xf32>) : tensor<1x100x3xf32>
func.func @f(%x: tensor<1x?x100xf32>) -> tensor<1x?x3xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %r = arith.constant dense<1.0> : tensor<f32>
  %v = ml_program.global_load @v : tensor<1x100x3xf32>
  %vg = ml_program.global_load @v.gate : tensor<1x100x3xf32>
  %vq = cgmq.quantize %v, %r, %vg : tensor<1x100x3xf32>, tensor<f32>, tensor<1x100x3xf32> -> tensor<1x100x3x!s>
  %vd = cgmq.dequantize %vq : tensor<1x100x3x!s> -> tensor<1x100x3xf32>
  %y = tosa.matmul %x, %vd, %zero, %zero : (tensor<1x?x100xf32>, tensor<1x100x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x?x3xf32>
  return %y : tensor<1x?x3xf32>
}
)";
  constexpr size_t kNumUnits = 300;
  constexpr int kNumRaises[] = {0, 1, 50, 299, 450, 599, 600};
  module = parseSourceString<ModuleOp>(kMany, &context);
  ASSERT_TRUE(module);
  analysis = CostAnalysis::create(module->lookupSymbol<func::FuncOp>("f"));
  ASSERT_TRUE(succeeded(analysis));
  for (bool areAlike : {false, true}) {
    std::vector<float> losses;
    // What each raise gains for its cost, and costs.
    std::vector<std::pair<double, double>> raises;
    double leastCost = 0.0, mostLoss = 0.0;
    for (size_t unit = 0; unit < kNumUnits; ++unit) {
      float weight = areAlike ? 1.0f : 1.0f + splitmix64(7, unit) % 100000;
      for (int64_t width : kAllowed)
        losses.push_back(weight / static_cast<float>(1 << width / 2));
      const float *own = &losses[5 * unit];
      leastCost += 32.0 * 2;
      mostLoss += own[0];
      for (int w = 0; w < 2; ++w) { // 2 -> 4 -> 8 bits
        double cost = 32.0 * static_cast<double>(kAllowed[w + 1] - kAllowed[w]);
        raises.push_back({(own[w] - own[w + 1]) / cost, cost});
      }
    }
    llvm::sort(raises, std::greater<>());
    for (int numRaises : kNumRaises) {
      double limit = leastCost, least = mostLoss;
      for (auto [worth, cost] : ArrayRef(raises).take_front(numRaises)) {
        limit += cost;
        least -= worth * cost;
      }
      WidthAllocation allocation(
          *analysis,
          {{module->lookupSymbol<ml_program::GlobalOp>("v.gate"),
            llvm::to_vector(ArrayRef(kAllowed)), Widths(kNumUnits, 32),
            losses}},
          models);
      allocation.minimizeLoss(limit, /*widest=*/8);
      EXPECT_EQ(allocation.getCosts().front(), limit);
      EXPECT_NEAR(allocation.getLoss(), least, 1e-6 * mostLoss);
    }
  }
}

// What costs nothing is as wide as it may be, and what cannot fit stays low.
TEST_F(WidthAllocationTest, EndsAtTheFloor) {
  std::vector<WidthAllocation::Gate> gates;
  for (size_t g = 0; g < 4; ++g)
    gates.push_back({module->lookupSymbol<ml_program::GlobalOp>(kGates[g]),
                     llvm::to_vector(ArrayRef(kAllowed)), Widths(kUnits[g], 32),
                     std::vector<float>(5 * kUnits[g], 0.0f)});
  WidthAllocation allocation(*analysis, std::move(gates), models);
  allocation.minimizeLoss(/*limits=*/0.0, /*widest=*/8);
  for (const Widths &widths : allocation.getWidths())
    for (uint8_t width : widths)
      EXPECT_EQ(width, 2);
}

//===----------------------------------------------------------------------===//
// Several costs
//===----------------------------------------------------------------------===//

namespace {

/// Bit-operations, bits of parameters, and two tables: one in which bytes are
/// as cheap as nibbles until both factors are narrow, and one of fractions, of
/// which sums depend on their order.
class SeveralCostsTest : public WidthAllocationTest {
protected:
  void SetUp() override {
    WidthAllocationTest::SetUp();
    models.push_back(MemoryCostAttr::get(&context));
    models.push_back(getTable("steps", [](double a, double b) {
      return std::max({a, b, 4.0});
    }));
    models.push_back(getTable(
        "fractions", [](double a, double b) { return 0.1 * a + 0.7 * b; }));
  }

  CostTableAttr getTable(StringRef name,
                         function_ref<double(double, double)> cost) {
    SmallVector<double> costs;
    for (int64_t a : kAllowed)
      for (int64_t b : kAllowed)
        costs.push_back(cost(static_cast<double>(a), static_cast<double>(b)));
    auto entry = NamedAttribute(StringAttr::get(&context, "default"),
                                DenseF64ArrayAttr::get(&context, costs));
    return CostTableAttr::get(&context, name, kAllowed,
                              DictionaryAttr::get(&context, entry));
  }

  /// The sums over the multiply-accumulates and the elements, one by one.
  SmallVector<double> countAll(const std::vector<Widths> &widths) {
    auto sumMacs = [&](function_ref<double(double, double)> cost) {
      double sum = 0.0;
      for (int k = 0; k < 4; ++k)
        for (int n = 0; n < 3; ++n)
          sum += cost(widths[0][k], widths[1][3 * k + n]);
      for (int k = 0; k < 3; ++k)
        sum += 5.0 * cost(widths[2][k], widths[3][0]);
      return sum;
    };
    double bits = 15.0 * widths[3][0];
    for (double width : widths[1])
      bits += width;
    return {count(widths), bits, sumMacs([](double a, double b) {
              return std::max({a, b, 4.0});
            }),
            sumMacs([](double a, double b) { return 0.1 * a + 0.7 * b; })};
  }

  /// The costs by an analysis of the module with these widths.
  SmallVector<double> analyze(const std::vector<Widths> &widths) {
    OwningOpRef<ModuleOp> copy(module->clone());
    for (auto [name, gateWidths] : llvm::zip_equal(kGates, widths)) {
      auto global = copy->lookupSymbol<ml_program::GlobalOp>(name);
      SmallVector<float> gates;
      for (int64_t width : gateWidths)
        gates.push_back(getGateOfWidth(width));
      global.setValueAttr(DenseElementsAttr::get(
          cast<RankedTensorType>(global.getType()), ArrayRef<float>(gates)));
    }
    auto cost = CostAnalysis::create(copy->lookupSymbol<func::FuncOp>("f"));
    EXPECT_TRUE(succeeded(cost));
    SmallVector<double> costs;
    for (CostModelAttr model : models)
      costs.push_back(cost->getCost(model));
    return costs;
  }

  /// Limits between the costs of the least widths and those of 8 bits.
  SmallVector<double> drawLimits(uint64_t seed) {
    SmallVector<double> limits;
    SmallVector<double> least =
        countAll({Widths(4, 2), Widths(12, 2), Widths(3, 2), Widths(1, 2)});
    SmallVector<double> most =
        countAll({Widths(4, 8), Widths(12, 8), Widths(3, 8), Widths(1, 8)});
    for (auto [low, high] : llvm::zip_equal(least, most))
      limits.push_back(low +
                       (high - low) * uniform01(seed, 1000 + limits.size()));
    return limits;
  }

  static bool keeps(ArrayRef<double> costs, ArrayRef<double> limits) {
    return llvm::all_of(llvm::zip_equal(costs, limits), [](auto pair) {
      return std::get<0>(pair) <= std::get<1>(pair);
    });
  }
};

} // namespace

// What is kept move by move is what an analysis finds, to the last bit.
TEST_F(SeveralCostsTest, CountsAll) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<Widths> widths = draw(seed);
    WidthAllocation allocation = allocate(widths);
    for (uint64_t move = 0; move < 50; ++move) {
      size_t gate = splitmix64(seed, 3 * move + 1) % 4;
      size_t unit = splitmix64(seed, 3 * move + 2) % kUnits[gate];
      widths[gate][unit] = kAllowed[splitmix64(seed, 3 * move + 3) % 5];
      allocation.setWidth(gate, unit, widths[gate][unit]);
    }
    SmallVector<double> expected = countAll(widths);
    EXPECT_EQ(allocation.getCosts(), ArrayRef(analyze(widths)));
    for (auto [cost, sum] : llvm::zip_equal(allocation.getCosts(), expected))
      EXPECT_NEAR(cost, sum, 1e-9 * sum);
    EXPECT_EQ(allocation.getCosts().take_front(3),
              ArrayRef(expected).take_front(3));
  }
}

// All limits are kept wherever the least widths keep them, also where no move
// alone saves anything; then slack goes up and they stay so.
TEST_F(SeveralCostsTest, KeepsAllLimits) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    SmallVector<double> limits = drawLimits(seed);
    WidthAllocation allocation = allocate(draw(seed));
    allocation.lowerUntilKept(limits);
    ASSERT_TRUE(keeps(allocation.getCosts(), limits));
    allocation.spendSlack(limits, /*widest=*/16);
    ASSERT_TRUE(keeps(allocation.getCosts(), limits));
    std::vector<Widths> widths = allocation.getWidths();
    EXPECT_TRUE(keeps(analyze(widths), limits));
    // No raise is left.
    for (size_t gate = 0; gate < 4; ++gate)
      for (size_t unit = 0; unit < kUnits[gate]; ++unit)
        if (widths[gate][unit] < 16) {
          WidthAllocation raised = allocate(widths);
          raised.setWidth(gate, unit, 2 * widths[gate][unit]);
          EXPECT_FALSE(keeps(raised.getCosts(), limits));
        }
  }
}

// Where one limit is violated, what saves most of it goes first, whatever it
// saves of another: memory is in w and v alone.
TEST_F(SeveralCostsTest, SavesWhatIsViolated) {
  std::vector<Widths> widths = {Widths(4, 8), Widths(12, 8), Widths(3, 8),
                                Widths(1, 8)};
  SmallVector<double> limits = countAll(widths);
  limits[1] /= 2.0; // (15 + 12) * 8 / 2 = 108
  WidthAllocation allocation = allocate(widths);
  allocation.lowerUntilKept(limits);
  // 15 * 4 bits of w, then 15 * 2, then 4 of v each: 216 - 60 - 30 - 5 * 4 =
  // 106.
  Widths v(12, 8);
  std::fill_n(v.begin(), 5, 4);
  EXPECT_EQ(allocation.getWidths(),
            (std::vector<Widths>{Widths(4, 8), v, Widths(3, 8), Widths(1, 2)}));
}

// Under several limits the least loss is found nearly, on one unit a gate.
TEST_F(SeveralCostsTest, LosesLittleUnderAll) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SmallVector<double> limits = drawLimits(seed);
    std::vector<WidthAllocation::Gate> gates;
    for (size_t g = 0; g < 4; ++g) {
      double weight = 1 + splitmix64(seed, g) % 1000;
      std::vector<float> losses;
      for (size_t u = 0; u < kUnits[g]; ++u)
        for (int64_t width : kAllowed)
          losses.push_back(static_cast<float>(weight / std::pow(4.0, width)));
      gates.push_back({module->lookupSymbol<ml_program::GlobalOp>(kGates[g]),
                       llvm::to_vector(ArrayRef(kAllowed)),
                       Widths(kUnits[g], 32), std::move(losses)});
    }
    std::vector<WidthAllocation::Gate> copies = gates;
    WidthAllocation allocation(*analysis, std::move(copies), models);
    allocation.minimizeLoss(limits, /*widest=*/8);
    EXPECT_TRUE(keeps(allocation.getCosts(), limits));

    // The best where all units of a gate are alike is one of many choices.
    double best = std::numeric_limits<double>::infinity();
    for (int code = 0; code < 81; ++code) {
      std::vector<Widths> widths;
      double loss = 0.0;
      for (size_t g = 0, rest = code; g < 4; ++g, rest /= 3) {
        widths.emplace_back(kUnits[g], kAllowed[rest % 3]);
        loss += kUnits[g] * gates[g].losses[rest % 3];
      }
      if (keeps(analyze(widths), limits))
        best = std::min(best, loss);
    }
    EXPECT_LE(allocation.getLoss(), best * (1.0 + 1e-6));
  }
}
