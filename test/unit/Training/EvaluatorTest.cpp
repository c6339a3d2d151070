//===- EvaluatorTest.cpp - Tests of Evaluator -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/Evaluator.h"

#include "TestFiles.h"
#include "cgmq/InitAll.h"
#include "cgmq/Training/Dataset.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mlir::cgmq;
using namespace mlir::cgmq::test;

namespace {
class EvaluatorTest : public TestFiles {
protected:
  EvaluatorTest() {
    DialectRegistry registry;
    mlir::registerAllDialects(registry);
    mlir::registerAllExtensions(registry);
    cgmq::registerAllDialects(registry);
    Evaluator::getDependentDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }
  FailureOr<Evaluator> create(StringRef text, int64_t batch) {
    module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    return Evaluator::create(*module, "f", batch);
  }
  OwningOpRef<ModuleOp> module;
};
} // namespace

// Samples are taken in the order of the indices, one twice; batches of two are
// three runs, and the module that was given stays of any batch.
TEST_F(EvaluatorTest, Indices) {
  std::string path =
      write("x.npy", makeNpy(npyHeader("<f4", "(3, 2)"),
                             bytesOf<float>({0, 1, 2, 3, 5, 4})));
  FailureOr<Dataset> data =
      Dataset::load(path, "", [this] { return emitError(); });
  ASSERT_TRUE(succeeded(data));
  FailureOr<Evaluator> evaluator = create(R"mlir(
    func.func @f(%x: tensor<?x2xf32> {cgmq.nonnegative}) -> tensor<?x2xf32> {
      %y = tosa.add %x, %x : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
      return %y : tensor<?x2xf32>
    }
  )mlir",
                                          2);
  ASSERT_TRUE(succeeded(evaluator));
  EXPECT_EQ(evaluator->getBatch(), 2);
  EXPECT_EQ(evaluator->getNumClasses(), 2);
  int64_t numRuns = 0;
  FailureOr<Logits> logits = evaluator->evaluate(
      *data, {2, 0, 1, 0, 2},
      [&](int64_t batch, function_ref<LogicalResult()> run) {
        EXPECT_EQ(batch, numRuns++);
        return run();
      });
  ASSERT_TRUE(succeeded(logits));
  EXPECT_EQ(numRuns, 3);
  EXPECT_EQ(std::get<std::vector<float>>(logits->values),
            std::vector<float>({10, 8, 0, 2, 4, 6, 0, 2, 10, 8}));
  EXPECT_EQ(logits->getPredictions(), SmallVector<int32_t>({0, 1, 1, 1, 0}));
  EXPECT_TRUE(module->lookupSymbol<func::FuncOp>("f").getArgumentTypes()[0] ==
              RankedTensorType::get({ShapedType::kDynamic, 2},
                                    Float32Type::get(&context)));
}

// Of equal logits the first predicts; no samples give no predictions.
TEST(Logits, Predictions) {
  Logits logits{3, std::vector<int32_t>{1, 7, 7, -1, -1, -2}};
  EXPECT_EQ(logits.getPredictions(), SmallVector<int32_t>({1, 0}));
  EXPECT_TRUE((Logits{3, std::vector<float>()}).getPredictions().empty());
}
