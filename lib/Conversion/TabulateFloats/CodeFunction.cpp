//===- CodeFunction.cpp - Floats from codes to codes -----------*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeFunction.h"

#include "../CodeTable.h"
#include "cgmq/Execution/JitSession.h"
#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::cgmq;

static bool isCode(Value value) {
  Type type = getElementTypeOrSelf(value);
  return type.isSignlessInteger(8) || type.isSignlessInteger(16);
}

static unsigned getBits(Value value) {
  return getElementTypeOrSelf(value).getIntOrFloatBitWidth();
}

static ArrayRef<int64_t> getShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// The number that all elements of a constant have, if there is one.
static Attribute getNumber(Value value) {
  DenseElementsAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return constant.isSplat() ? constant.getSplatValue<Attribute>()
                              : Attribute();
  auto load = value.getDefiningOp<ml_program::GlobalLoadConstOp>();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!load || !type || !type.hasStaticShape() || type.getNumElements() != 1)
    return {};
  SymbolTableCollection symbolTables;
  auto elements = dyn_cast_if_present<ElementsAttr>(
      load.getGlobalOp(symbolTables).getValueAttr());
  return elements ? elements.getValues<Attribute>()[0] : Attribute();
}

//===----------------------------------------------------------------------===//
// Finding
//===----------------------------------------------------------------------===//

/// Whether `op` computes each element from those at the same position, without
/// a look at anything else.
static bool isElementwise(linalg::GenericOp op) {
  if (op.getNumParallelLoops() != op.getNumLoops() || op.getNumResults() != 1 ||
      op.getNumDpsInputs() == 0 || op.getNumDpsInputs() > 2 ||
      !op.getMatchingIndexingMap(op.getDpsInputOperand(0)).isIdentity() ||
      !op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity() ||
      op.payloadUsesValueFromOperand(op.getDpsInitOperand(0)))
    return false;
  Block &body = op.getRegion().front();
  return llvm::all_of(body, [&](Operation &nested) {
    return !isa<linalg::IndexOp>(nested) && nested.getNumRegions() == 0 &&
           llvm::all_of(nested.getOperands(), [&](Value operand) {
             return operand.getParentBlock() == &body ||
                    matchPattern(operand, m_Constant());
           });
  });
}

/// The operands of which `op` takes each element to that of its result; nothing
/// where it is no such operation.
static std::optional<SmallVector<Value>> getElementwiseOperands(Operation *op) {
  if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
    if (!isElementwise(generic))
      return std::nullopt;
    return SmallVector<Value>{generic.getInputs().front()};
  }
  if (!isTosaElementwise(op))
    return std::nullopt;
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    if (getNumber(operand))
      continue;
    if (getShape(operand) != getShape(op->getResult(0)))
      return std::nullopt;
    operands.push_back(operand);
  }
  return operands;
}

static bool hasWidths(Operation *op) {
  auto generic = dyn_cast<linalg::GenericOp>(op);
  return generic && generic.getNumDpsInputs() == 2;
}

/// Adds what `value` is made of, back to the codes that it comes from. What is
/// next to these and has their type, a zero point or a clamp, is taken along.
static bool collect(Value value, bool passedFloats, CodeFunction &function) {
  Operation *op = value.getDefiningOp();
  auto operands =
      op ? getElementwiseOperands(op) : std::optional<SmallVector<Value>>();
  if (isCode(value) && passedFloats &&
      (!operands || operands->size() != 1 || hasWidths(op) ||
       operands->front().getType() != value.getType())) {
    bool isSame = !function.source || function.source == value;
    function.source = value;
    return isSame;
  }
  if (!operands || operands->empty())
    return false;
  if (hasWidths(op)) {
    auto generic = cast<linalg::GenericOp>(op);
    std::optional<SmallVector<int64_t>> widths;
    if (isCode(value) && !isCode(operands->front()))
      widths = getKnownWidths(generic);
    if (!widths)
      return false;
    function.widths = *widths;
  }
  for (Value operand : *operands) {
    bool isFloat = getElementTypeOrSelf(operand).isF32();
    if (isFloat && isCode(value))
      function.quantizer = dyn_cast<linalg::GenericOp>(op);
    if (!collect(operand, passedFloats || isFloat, function))
      return false;
  }
  function.ops.insert(op);
  return true;
}

static SmallVector<CodeFunction> findCodeFunctions(func::FuncOp function,
                                                   int64_t indexBits) {
  SmallVector<CodeFunction> functions;
  // What nothing else takes.
  llvm::SmallPtrSet<Operation *, 8> known;
  for (Operation &op : llvm::reverse(function.getBody().front())) {
    if (known.contains(&op) || op.getNumResults() != 1 ||
        !isCode(op.getResult(0)))
      continue;
    CodeFunction candidate;
    candidate.result = op.getResult(0);
    if (!collect(candidate.result, /*passedFloats=*/false, candidate) ||
        !candidate.quantizer || getBits(candidate.source) > indexBits)
      continue;
    for (Operation *part : candidate.ops)
      if (llvm::all_of(part->getUsers(), [&](Operation *user) {
            return candidate.ops.contains(user);
          }))
        known.insert(part);
    functions.push_back(std::move(candidate));
  }
  std::reverse(functions.begin(), functions.end());
  return functions;
}

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

/// A function of codes, and of widths if there are any, in one dimension.
static void buildFunction(OpBuilder &builder, StringRef name,
                          const CodeFunction &function) {
  Location loc = function.result.getLoc();
  int64_t size = int64_t(1) << getBits(function.source);
  auto getType = [&](Value value) {
    return RankedTensorType::get(size, getElementTypeOrSelf(value));
  };
  SmallVector<Type> arguments = {getType(function.source)};
  linalg::GenericOp quantizer = function.quantizer;
  if (!function.widths.empty())
    arguments.push_back(getType(quantizer.getInputs()[1]));
  auto compiled = func::FuncOp::create(
      builder, loc, name,
      builder.getFunctionType(arguments, getType(function.result)));
  OpBuilder::InsertionGuard guard(builder);
  Block *body = compiled.addEntryBlock();
  builder.setInsertionPointToStart(body);
  IRMapping mapping;
  mapping.map(function.source, body->getArgument(0));
  for (Operation *op : function.ops) {
    Value result = op->getResult(0);
    if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
      SmallVector<Value> inputs = {mapping.lookup(generic.getInputs().front())};
      if (hasWidths(op))
        inputs.push_back(body->getArgument(1));
      Value empty = tensor::EmptyOp::create(builder, loc, size,
                                            getElementTypeOrSelf(result));
      SmallVector<AffineMap> maps(inputs.size() + 1,
                                  builder.getMultiDimIdentityMap(1));
      auto clone = linalg::GenericOp::create(
          builder, loc, empty.getType(), inputs, empty, maps,
          SmallVector<utils::IteratorType>{utils::IteratorType::parallel});
      IRMapping nested;
      for (Operation &inner : generic.getRegion().front())
        for (Value operand : inner.getOperands())
          if (operand.getParentBlock() != inner.getBlock() &&
              !nested.contains(operand)) {
            OpBuilder::InsertionGuard guard(builder);
            builder.setInsertionPoint(clone);
            builder.clone(*operand.getDefiningOp(), nested);
          }
      generic.getRegion().cloneInto(&clone.getRegion(), nested);
      mapping.map(result, clone.getResult(0));
      continue;
    }
    for (Value operand : op->getOperands())
      if (Attribute number = getNumber(operand)) {
        auto type = RankedTensorType::get(1, getElementTypeOrSelf(operand));
        mapping.map(operand,
                    tosa::ConstOp::create(builder, loc, type,
                                          DenseElementsAttr::get(type, number))
                        .getResult());
      }
    builder.clone(*op, mapping)->getResult(0).setType(getType(result));
  }
  func::ReturnOp::create(builder, loc, mapping.lookup(function.result));
}

/// Integers in an element type of 8 or 16 bits, as they are stored.
static std::vector<uint8_t> store(int64_t size, unsigned bits,
                                  function_ref<int64_t(int64_t)> get) {
  std::vector<uint8_t> bytes(size * bits / 8);
  for (int64_t i = 0; i < size; ++i)
    for (unsigned byte = 0; byte < bits / 8; ++byte)
      bytes[i * bits / 8 + byte] = static_cast<uint8_t>(get(i) >> (8 * byte));
  return bytes;
}

static LogicalResult evaluate(Location loc,
                              MutableArrayRef<CodeFunction> functions) {
  if (functions.empty())
    return success();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  SmallVector<std::string> names;
  for (const CodeFunction &function : functions) {
    names.push_back("table" + std::to_string(names.size()));
    buildFunction(builder, names.back(), function);
  }
  JitOptions options;
  options.threads = 1;
  FailureOr<std::unique_ptr<JitSession>> session = JitSession::compile(
      *module, SmallVector<StringRef>(names.begin(), names.end()), options);
  if (failed(session))
    return failure();
  for (auto [name, function] : llvm::zip_equal(names, functions)) {
    unsigned bits = getBits(function.source);
    unsigned resultBits = getBits(function.result);
    int64_t size = int64_t(1) << bits;
    std::vector<uint8_t> codes = store(size, bits, [](int64_t i) { return i; });
    std::vector<uint8_t> results(size * resultBits / 8);
    for (size_t row = 0; row < std::max<size_t>(function.widths.size(), 1);
         ++row) {
      SmallVector<const void *> arguments = {codes.data()};
      std::vector<uint8_t> widths;
      if (!function.widths.empty()) {
        int64_t width = function.widths[row];
        widths = store(size, getBits(function.quantizer.getInputs()[1]),
                       [&](int64_t) { return width; });
        arguments.push_back(widths.data());
      }
      if (failed((*session)->invoke(name, arguments, {results.data()})))
        return failure();
      for (int64_t i = 0; i < size; ++i) {
        const uint8_t *entry = results.data() + i * resultBits / 8;
        function.entries.push_back(
            resultBits == 8 ? static_cast<int8_t>(entry[0])
                            : static_cast<int16_t>(entry[0] | entry[1] << 8));
      }
    }
  }
  return success();
}

LogicalResult
cgmq::tabulateFloats(func::FuncOp function, int64_t indexBits,
                     function_ref<Value(const CodeFunction &)> buildLookup) {
  SmallVector<CodeFunction> functions = findCodeFunctions(function, indexBits);
  if (failed(evaluate(function.getLoc(), functions)))
    return failure();
  for (CodeFunction &code : functions)
    if (Value result = buildLookup(code))
      code.result.replaceAllUsesWith(result);
  SmallVector<Operation *> ops;
  if (!functions.empty())
    for (Operation &op : function.getBody().front().without_terminator())
      ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
  return success();
}
