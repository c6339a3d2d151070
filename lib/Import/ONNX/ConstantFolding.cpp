//===- ConstantFolding.cpp - Numbers that follow from numbers -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpTable.h"
#include "Shapes.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

#include <cmath>

using namespace mlir;
using namespace mlir::cgmq;

/// Computes the results of a node whose operands are constants; false where it
/// does not know how.
using FoldOp = FailureOr<bool> (*)(Node &node);

static FailureOr<bool> setResult(Node &node, Constant constant) {
  if (failed(node.setResult(std::move(constant))))
    return failure();
  return true;
}

static RankedTensorType getIntegerType(Node &node, ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, node.b.getI64Type());
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

static FailureOr<bool> foldShape(Node &node) {
  ArrayRef<int64_t> shape = node.getShape(0);
  auto rank = static_cast<int64_t>(shape.size());
  auto clamp = [&](int64_t position) {
    return std::clamp<int64_t>(position < 0 ? position + rank : position, 0,
                               rank);
  };
  int64_t start = clamp(node.getInt("start", 0));
  int64_t end = std::max(start, clamp(node.getInt("end", rank)));
  shape = shape.slice(start, end - start);
  return setResult(
      node, Constant::fromIntegers(getIntegerType(node, {end - start}), shape));
}

static FailureOr<bool> foldSize(Node &node) {
  if (!node.getType(0).hasStaticShape())
    return false;
  return setResult(node,
                   Constant::fromIntegers(getIntegerType(node, {}),
                                          node.getType(0).getNumElements()));
}

//===----------------------------------------------------------------------===//
// Sources
//===----------------------------------------------------------------------===//

static FailureOr<bool> foldConstant(Node &node) {
  auto f32 = node.b.getF32Type();
  if (node.hasAttribute("value")) {
    FailureOr<Constant> constant = node.getTensor("value");
    if (failed(constant))
      return failure();
    return setResult(node, *constant);
  }
  if (node.hasAttribute("value_int"))
    return setResult(node, Constant::fromIntegers(getIntegerType(node, {}),
                                                  node.getInt("value_int", 0)));
  if (node.hasAttribute("value_float"))
    return setResult(node,
                     Constant::fromNumbers(RankedTensorType::get({}, f32),
                                           node.getFloat("value_float", 0)));
  if (node.hasAttribute("value_ints")) {
    SmallVector<int64_t> values = node.getInts("value_ints");
    auto size = static_cast<int64_t>(values.size());
    return setResult(
        node, Constant::fromIntegers(getIntegerType(node, {size}), values));
  }
  if (node.hasAttribute("value_floats")) {
    SmallVector<double> values = node.getFloats("value_floats");
    auto size = static_cast<int64_t>(values.size());
    return setResult(node, Constant::fromNumbers(
                               RankedTensorType::get({size}, f32), values));
  }
  return node.emitError() << "expects numbers, but got strings or a sparse "
                             "tensor";
}

static FailureOr<bool> foldConstantOfShape(Node &node) {
  if (node.getConstant(0)->hasDynamic())
    return false;
  SmallVector<int64_t> shape = node.getConstant(0)->getIntegers();
  auto type = RankedTensorType::get(shape, node.b.getF32Type());
  if (!node.hasAttribute("value"))
    return setResult(
        node, Constant::fromNumbers(
                  type, SmallVector<double>(type.getNumElements(), 0.0)));
  FailureOr<Constant> value = node.getTensor("value");
  if (failed(value))
    return failure();
  SmallVector<int64_t> strides(shape.size(), 0);
  return setResult(node, value->view(shape, 0, strides));
}

static FailureOr<bool> foldRange(Node &node) {
  if (node.getConstant(0)->isFloat())
    return false;
  int64_t start = node.getConstant(0)->getIntegers().front();
  int64_t limit = node.getConstant(1)->getIntegers().front();
  int64_t delta = node.getConstant(2)->getIntegers().front();
  if (delta == 0)
    return node.emitError() << "expects a step other than zero";
  SmallVector<int64_t> values;
  for (int64_t i = start; delta > 0 ? i < limit : i > limit; i += delta)
    values.push_back(i);
  auto size = static_cast<int64_t>(values.size());
  return setResult(
      node, Constant::fromIntegers(node.getType(0).clone({size}), values));
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

static FailureOr<bool> foldIdentity(Node &node) {
  return setResult(node, *node.getConstant(0));
}

template <FailureOr<SmallVector<int64_t>> (*getResultShape)(Node &)>
static FailureOr<bool> foldReshape(Node &node) {
  FailureOr<SmallVector<int64_t>> shape = getResultShape(node);
  if (failed(shape))
    return failure();
  return setResult(node, node.getConstant(0)->reshape(*shape));
}

static FailureOr<bool> foldTranspose(Node &node) {
  int64_t rank = node.getRank(0);
  auto reversed = llvm::to_vector(llvm::reverse(llvm::seq(rank)));
  auto perms = node.getAxes(node.getInts("perm", reversed), rank);
  if (failed(perms))
    return failure();
  if (static_cast<int64_t>(perms->size()) != rank)
    return false;
  return setResult(node, node.getConstant(0)->transpose(*perms));
}

static FailureOr<bool> foldSlice(Node &node) {
  FailureOr<SmallVector<SliceRange>> slices = getSlices(node);
  if (failed(slices))
    return failure();
  SmallVector<int64_t> shape(node.getShape(0));
  SmallVector<int64_t> strides = computeStrides(shape);
  int64_t offset = 0;
  for (const SliceRange &range : *slices) {
    offset += strides[range.axis] * range.start;
    strides[range.axis] *= range.step;
    shape[range.axis] = range.size;
  }
  return setResult(node, node.getConstant(0)->view(shape, offset, strides));
}

static FailureOr<bool> foldGather(Node &node) {
  FailureOr<int64_t> axis =
      node.getAxis(node.getInt("axis", 0), node.getRank(0));
  if (failed(axis))
    return failure();
  // What shapes are taken apart with; tables of weights stay.
  if (node.getRank(0) != 1 || node.getRank(1) > 1 ||
      node.getConstant(0)->isFloat())
    return false;
  SmallVector<int64_t> values = node.getConstant(0)->getIntegers(), result;
  for (int64_t index : node.getConstant(1)->getIntegers()) {
    auto size = static_cast<int64_t>(values.size());
    if (index < -size || index >= size)
      return node.emitError()
             << "expects an index below " << size << ", but got " << index;
    result.push_back(values[index < 0 ? index + size : index]);
  }
  return setResult(node, Constant::fromIntegers(
                             node.getType(0).clone(node.getShape(1)), result));
}

static FailureOr<bool> foldConcat(Node &node) {
  SmallVector<int64_t> integers;
  SmallVector<double> numbers;
  bool isFloat = node.getConstant(0)->isFloat();
  for (unsigned i = 0; i < node.getNumOperands(); ++i) {
    if (node.getRank(i) != 1)
      return false;
    if (isFloat)
      llvm::append_range(numbers, node.getConstant(i)->getNumbers());
    else
      llvm::append_range(integers, node.getConstant(i)->getIntegers());
  }
  auto size = static_cast<int64_t>(isFloat ? numbers.size() : integers.size());
  auto type = node.getType(0).clone({size});
  return setResult(node, isFloat ? Constant::fromNumbers(type, numbers)
                                 : Constant::fromIntegers(type, integers));
}

static FailureOr<bool> foldCast(Node &node) {
  Type element = getElementType(static_cast<int32_t>(node.getInt("to", 0)),
                                node.b.getContext());
  const Constant &constant = *node.getConstant(0);
  if (!element || (isa<FloatType>(element) && constant.hasDynamic()))
    return false;
  auto type = constant.getType().clone(element);
  Constant result = constant.isFloat() || isa<FloatType>(element)
                        ? Constant::fromNumbers(type, constant.getNumbers())
                        : Constant::fromIntegers(type, constant.getIntegers());
  result.setName(constant.getName());
  return setResult(node, result);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Shapes of two operands, one of which repeats.
static std::optional<SmallVector<int64_t>> broadcast(ArrayRef<int64_t> lhs,
                                                     ArrayRef<int64_t> rhs) {
  SmallVector<int64_t> result;
  if (!OpTrait::util::getBroadcastedShape(lhs, rhs, result))
    return std::nullopt;
  return result;
}

static Constant expand(const Constant &constant, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides = computeStrides(constant.getShape());
  for (auto [stride, extent] : llvm::zip_equal(strides, constant.getShape()))
    stride = extent == 1 ? 0 : stride;
  strides.insert(strides.begin(), shape.size() - strides.size(), 0);
  return constant.view(shape, 0, strides);
}

/// An open extent by what leaves it as it is; nothing otherwise.
static std::optional<int64_t> computeOpen(StringRef op, int64_t lhs,
                                          int64_t rhs) {
  constexpr int64_t open = Constant::kDynamic;
  if (op == "Mul" && (lhs == 1 || rhs == 1))
    return open;
  if (op == "Add" && (lhs == 0 || rhs == 0))
    return open;
  if ((op == "Div" && rhs == 1) || (op == "Sub" && rhs == 0))
    return open;
  // It is an extent, and so at least one.
  if (op == "Equal" && (lhs < 1 || rhs < 1) && lhs != rhs)
    return 0;
  return std::nullopt;
}

static std::optional<int64_t> compute(StringRef op, int64_t lhs, int64_t rhs) {
  if (lhs == Constant::kDynamic || rhs == Constant::kDynamic)
    return computeOpen(op, lhs, rhs);
  if (op == "Add")
    return lhs + rhs;
  if (op == "Sub")
    return lhs - rhs;
  if (op == "Mul")
    return lhs * rhs;
  if (op == "Div" && rhs != 0)
    return lhs / rhs;
  if (op == "Mod" && rhs > 0 && lhs >= 0)
    return lhs % rhs;
  if (op == "Max")
    return std::max(lhs, rhs);
  if (op == "Min")
    return std::min(lhs, rhs);
  if (op == "Equal")
    return lhs == rhs;
  if (op == "Less")
    return lhs < rhs;
  if (op == "Greater")
    return lhs > rhs;
  return std::nullopt;
}

static std::optional<double> compute(StringRef op, double lhs, double rhs) {
  if (op == "Add")
    return lhs + rhs;
  if (op == "Sub")
    return lhs - rhs;
  if (op == "Mul")
    return lhs * rhs;
  if (op == "Div")
    return lhs / rhs;
  if (op == "Pow")
    return std::pow(lhs, rhs);
  return std::nullopt;
}

static FailureOr<bool> foldBinary(Node &node) {
  const Constant &lhs = *node.getConstant(0), &rhs = *node.getConstant(1);
  if (node.getNumOperands() != 2 || lhs.isFloat() != rhs.isFloat())
    return false;
  auto shape = broadcast(lhs.getShape(), rhs.getShape());
  if (!shape)
    return false;
  StringRef op = node.getOp();
  bool isComparison = op == "Equal" || op == "Less" || op == "Greater";
  Constant left = expand(lhs, *shape), right = expand(rhs, *shape);
  auto type = left.getType();
  auto fold = [&](auto numbers, auto others) -> FailureOr<bool> {
    for (auto [number, other] : llvm::zip_equal(numbers, others)) {
      auto result = compute(op, number, other);
      if (!result)
        return false;
      number = *result;
    }
    if constexpr (std::is_same_v<decltype(numbers), SmallVector<double>>)
      return setResult(node, Constant::fromNumbers(type, numbers));
    else
      return setResult(
          node,
          Constant::fromIntegers(
              isComparison ? type.clone(node.b.getI1Type()) : type, numbers));
  };
  if (lhs.isFloat())
    return isComparison ? FailureOr<bool>(false)
                        : fold(left.getNumbers(), right.getNumbers());
  return fold(left.getIntegers(), right.getIntegers());
}

static FailureOr<bool> foldWhere(Node &node) {
  auto first = broadcast(node.getShape(0), node.getShape(1));
  auto shape = first ? broadcast(*first, node.getShape(2)) : std::nullopt;
  if (!shape || node.getConstant(1)->isFloat())
    return false;
  SmallVector<int64_t> conditions =
      expand(*node.getConstant(0), *shape).getIntegers();
  SmallVector<int64_t> lhs = expand(*node.getConstant(1), *shape).getIntegers();
  SmallVector<int64_t> rhs = expand(*node.getConstant(2), *shape).getIntegers();
  for (auto [condition, left, right] : llvm::zip_equal(conditions, lhs, rhs))
    left = condition ? left : right;
  return setResult(node,
                   Constant::fromIntegers(node.getType(1).clone(*shape), lhs));
}

static FailureOr<bool> foldUnary(Node &node) {
  const Constant &constant = *node.getConstant(0);
  StringRef op = node.getOp();
  if (!constant.isFloat()) {
    if (op != "Neg" || constant.hasDynamic())
      return false;
    SmallVector<int64_t> values = constant.getIntegers();
    for (int64_t &value : values)
      value = -value;
    return setResult(node, Constant::fromIntegers(constant.getType(), values));
  }
  SmallVector<double> numbers = constant.getNumbers();
  for (double &number : numbers)
    number = op == "Floor"  ? std::floor(number)
             : op == "Ceil" ? std::ceil(number)
             : op == "Sqrt" ? std::sqrt(number)
                            : -number;
  return setResult(node, Constant::fromNumbers(constant.getType(), numbers));
}

static FailureOr<bool> foldReduceProd(Node &node) {
  const Constant &constant = *node.getConstant(0);
  if (constant.isFloat() || constant.getRank() != 1 || constant.hasDynamic())
    return false;
  int64_t product = computeProduct(constant.getIntegers());
  SmallVector<int64_t> shape(node.getInt("keepdims", 1) ? 1 : 0, 1);
  return setResult(
      node, Constant::fromIntegers(constant.getType().clone(shape), product));
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

static const llvm::StringMap<FoldOp> &getFoldTable() {
  static const llvm::StringMap<FoldOp> table = [] {
    llvm::StringMap<FoldOp> result;
    result["Constant"] = foldConstant;
    result["ConstantOfShape"] = foldConstantOfShape;
    result["Range"] = foldRange;
    result["Identity"] = foldIdentity;
    result["Reshape"] = foldReshape<getReshaped>;
    result["Squeeze"] = foldReshape<getSqueezed>;
    result["Unsqueeze"] = foldReshape<getUnsqueezed>;
    result["Transpose"] = foldTranspose;
    result["Slice"] = foldSlice;
    result["Gather"] = foldGather;
    result["Concat"] = foldConcat;
    result["Cast"] = foldCast;
    for (StringRef op : {"Add", "Sub", "Mul", "Div", "Mod", "Pow", "Max", "Min",
                         "Equal", "Less", "Greater"})
      result[op] = foldBinary;
    result["Where"] = foldWhere;
    for (StringRef op : {"Neg", "Floor", "Ceil", "Sqrt"})
      result[op] = foldUnary;
    result["ReduceProd"] = foldReduceProd;
    return result;
  }();
  return table;
}

FailureOr<bool> cgmq::foldNode(Node &node) {
  if (node.getOp() == "Shape")
    return foldShape(node);
  if (node.getOp() == "Size")
    return foldSize(node);
  auto fold = getFoldTable().find(node.getOp());
  if (fold == getFoldTable().end())
    return false;
  for (unsigned i = 0; i < node.getNumOperands(); ++i)
    if (node.hasOperand(i) && !node.getConstant(i))
      return false;
  return fold->second(node);
}
