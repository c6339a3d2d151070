//===- ChannelGroup.cpp - Tensors that have channels in common ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChannelGroup.h"

#include "cgmq/Analysis/GateUnits.h"
#include "cgmq/Dialect/CGMQ/IR/CGMQ.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::cgmq;

/// Whether the body adds the product of its first two arguments, extended, to
/// the third.
static bool addsProduct(Block &body) {
  auto isExtended = [](Value value, BlockArgument argument) {
    Operation *extension = value.getDefiningOp();
    return value == argument ||
           (isa_and_present<arith::ExtSIOp, arith::ExtUIOp>(extension) &&
            extension->getOperand(0) == argument);
  };
  auto sum = body.getTerminator()->getOperand(0).getDefiningOp<arith::AddIOp>();
  if (!sum || sum.getLhs() != body.getArgument(2))
    return false;
  auto product = sum.getRhs().getDefiningOp<arith::MulIOp>();
  return product && isExtended(product.getLhs(), body.getArgument(0)) &&
         isExtended(product.getRhs(), body.getArgument(1));
}

linalg::GenericOp cgmq::getContraction(Operation *op) {
  auto generic = dyn_cast_if_present<linalg::GenericOp>(op);
  bool isContraction =
      generic && generic->hasAttr(CGMQDialect::kWidthsAttrName) &&
      generic.getNumDpsInputs() == 2 && generic.getNumDpsInits() == 1 &&
      addsProduct(*generic.getBody()) &&
      generic.getDpsInputOperand(1)
          ->get()
          .getDefiningOp<ml_program::GlobalLoadConstOp>();
  return isContraction ? generic : linalg::GenericOp();
}

std::optional<unsigned> cgmq::getLoop(AffineMap map, int64_t dim) {
  auto loop = dyn_cast<AffineDimExpr>(map.getResult(dim));
  if (!loop)
    return std::nullopt;
  return loop.getPosition();
}

std::optional<int64_t> cgmq::getDim(AffineMap map, unsigned loop) {
  for (int64_t dim = 0; dim < map.getNumResults(); ++dim)
    if (getLoop(map, dim) == loop)
      return dim;
  return std::nullopt;
}

DenseIntElementsAttr cgmq::getIntegers(Value value,
                                       SymbolTableCollection &symbolTables) {
  DenseIntElementsAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return constant;
  auto load = value.getDefiningOp<ml_program::GlobalLoadConstOp>();
  ml_program::GlobalOp global =
      load ? load.getGlobalOp(symbolTables) : ml_program::GlobalOp();
  if (!global || global.getIsMutable())
    return {};
  return dyn_cast_if_present<DenseIntElementsAttr>(global.getValueAttr());
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

/// Whether what follows the first extent that is dynamic, and it, are all of a
/// tensor but for extents of one: the order of elements is then that of any one
/// sample.
static bool startsWithDynamic(ArrayRef<int64_t> shape) {
  bool isFirst = true;
  for (int64_t extent : shape) {
    if (ShapedType::isDynamic(extent) && !isFirst)
      return false;
    isFirst &= extent == 1;
  }
  return true;
}

/// The layout of a tensor whose elements are those of another, in their order;
/// none where no dimension of it tells the channel.
static std::optional<ChannelLayout> getReshaped(const ChannelLayout &layout,
                                                RankedTensorType from,
                                                RankedTensorType to) {
  if (!startsWithDynamic(from.getShape()) || !startsWithDynamic(to.getShape()))
    return std::nullopt;
  // The channel of an element is a digit of its number.
  auto getStride = [](ArrayRef<int64_t> shape, int64_t dim) {
    return ShapedType::getNumElements(shape.drop_front(dim + 1));
  };
  SmallVector<int64_t> source = getSampleShape(from);
  SmallVector<int64_t> target = getSampleShape(to);
  int64_t numElements = ShapedType::getNumElements(source);
  int64_t sourceStride = getStride(source, layout.dim);
  auto getChannel = [&](int64_t element) {
    return layout.channels[element / sourceStride % source[layout.dim]];
  };
  for (auto [dim, extent] : llvm::enumerate(target)) {
    if (ShapedType::isDynamic(to.getDimSize(dim)))
      continue;
    int64_t stride = getStride(target, dim);
    ChannelLayout reshaped{static_cast<int64_t>(dim), {}};
    for (int64_t index = 0; index < extent; ++index)
      reshaped.channels.push_back(getChannel(index * stride));
    bool isSame = true;
    for (int64_t element = 0; isSame && element < numElements; ++element)
      isSame =
          getChannel(element) == reshaped.channels[element / stride % extent];
    if (isSame)
      return reshaped;
  }
  return std::nullopt;
}

FailureOr<ChannelGroup> ChannelGroup::create(linalg::GenericOp contraction) {
  ChannelGroup group;
  AffineMap weight = contraction.getIndexingMapsArray()[1];
  AffineMap result = contraction.getIndexingMapsArray()[2];
  // The filters are a loop that the result has, and the codes have not.
  AffineMap codes = contraction.getIndexingMapsArray()[0];
  for (int64_t dim = 0; dim < result.getNumResults(); ++dim) {
    std::optional<unsigned> loop = getLoop(result, dim);
    if (!loop || codes.isFunctionOfDim(*loop) || !weight.isFunctionOfDim(*loop))
      continue;
    auto type = cast<RankedTensorType>(contraction.getResult(0).getType());
    if (type.isDynamicDim(dim))
      return failure();
    group.numChannels = type.getDimSize(dim);
    ChannelLayout layout{
        dim, llvm::to_vector_of<int32_t>(llvm::seq(group.numChannels))};
    if (failed(group.visit(contraction.getResult(0), layout)))
      return failure();
    return group;
  }
  return failure();
}

LogicalResult ChannelGroup::visit(Value value, ChannelLayout layout) {
  // An empty tensor holds nothing that its uses have in common.
  if (value.getDefiningOp<tensor::EmptyOp>())
    return success();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.isDynamicDim(layout.dim) ||
      type.getDimSize(layout.dim) !=
          static_cast<int64_t>(layout.channels.size()))
    return failure();
  if (auto known = layouts.find(value); known != layouts.end())
    return success(known->second == layout);
  layouts.insert({value, std::move(layout)});
  Operation *definition = value.getDefiningOp();
  if (!definition || failed(visit(definition, value)))
    return failure();
  return success(llvm::all_of(value.getUsers(), [&](Operation *user) {
    return succeeded(visit(user, value));
  }));
}

LogicalResult ChannelGroup::visitLoops(linalg::LinalgOp op, Value value) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (OpOperand &operand : op->getOpOperands()) {
    bool isInit = op.isDpsInit(&operand);
    bool isValue = operand.get() == value ||
                   (isInit && op.getTiedOpResult(&operand) == value);
    if (!isValue)
      continue;
    const ChannelLayout layout = layouts.find(value)->second;
    std::optional<unsigned> loop =
        getLoop(maps[operand.getOperandNumber()], layout.dim);
    if (!loop)
      return failure();
    for (OpOperand &other : op->getOpOperands()) {
      AffineMap map = maps[other.getOperandNumber()];
      std::optional<int64_t> dim = getDim(map, *loop);
      if (!dim && !map.isFunctionOfDim(*loop))
        continue;
      if (!dim || failed(visit(other.get(), {*dim, layout.channels})))
        return failure();
      if (op.isDpsInit(&other) &&
          failed(visit(op.getTiedOpResult(&other), {*dim, layout.channels})))
        return failure();
    }
    linalg::GenericOp contraction = getContraction(op);
    if (!contraction)
      continue;
    // Rows, batches and the channels of a depthwise convolution stay.
    if (!maps[1].isFunctionOfDim(*loop) ||
        (maps[0].isFunctionOfDim(*loop) && maps[2].isFunctionOfDim(*loop)))
      return failure();
    auto &role = maps[2].isFunctionOfDim(*loop) ? producers : consumers;
    if (!llvm::is_contained(role, contraction))
      role.push_back(contraction);
  }
  return success();
}

LogicalResult ChannelGroup::visit(Operation *op, Value value) {
  const ChannelLayout layout = layouts.find(value)->second;
  auto visitBoth = [&](Value source, Value result) {
    return success(succeeded(visit(source, layout)) &&
                   succeeded(visit(result, layout)));
  };
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<arith::ConstantOp, ml_program::GlobalLoadConstOp>(
          [](auto) { return success(); })
      .Case([&](tensor::DimOp dim) {
        std::optional<int64_t> index = dim.getConstantIndex();
        return success(index && *index != layout.dim);
      })
      .Case([&](tensor::PadOp pad) -> LogicalResult {
        bool isPadded = pad.getStaticLow()[layout.dim] != 0 ||
                        pad.getStaticHigh()[layout.dim] != 0;
        if (isPadded || !pad.getConstantPaddingValue())
          return failure();
        return visitBoth(pad.getSource(), pad.getResult());
      })
      .Case([&](tensor::ExtractSliceOp slice) -> LogicalResult {
        // Of all elements, for a shape without extents of one.
        llvm::SmallBitVector dropped = slice.getDroppedDims();
        if (!slice.hasUnitStride() || !slice.hasZeroOffset() ||
            slice.getStaticSizes() != slice.getSourceType().getShape())
          return failure();
        SmallVector<int64_t> kept;
        for (int64_t dim = 0; dim < slice.getSourceType().getRank(); ++dim)
          if (!dropped.test(dim))
            kept.push_back(dim);
        if (value == slice.getResult())
          return visit(slice.getSource(), {kept[layout.dim], layout.channels});
        if (dropped.test(layout.dim))
          return failure();
        int64_t dim = llvm::find(kept, layout.dim) - kept.begin();
        return visit(slice.getResult(), {dim, layout.channels});
      })
      .Case([&](tosa::TransposeOp transpose) -> LogicalResult {
        ArrayRef<int32_t> perms = transpose.getPerms();
        int64_t dim = llvm::find(perms, layout.dim) - perms.begin();
        if (value == transpose.getResult())
          return visit(transpose.getInput1(),
                       {perms[layout.dim], layout.channels});
        return visit(transpose.getResult(), {dim, layout.channels});
      })
      .Case([&](tosa::ReshapeOp reshape) -> LogicalResult {
        Value other = value == reshape.getResult() ? reshape.getInput1()
                                                   : reshape.getResult();
        std::optional<ChannelLayout> moved =
            getReshaped(layout, cast<RankedTensorType>(value.getType()),
                        cast<RankedTensorType>(other.getType()));
        return moved ? visit(other, std::move(*moved)) : failure();
      })
      .Case<linalg::PoolingNhwcMaxOp, linalg::PoolingNhwcMaxUnsignedOp,
            linalg::FillOp, linalg::BroadcastOp>(
          [&](auto named) { return visitLoops(named, value); })
      .Case([&](linalg::GenericOp generic) -> LogicalResult {
        bool isElementwise =
            generic.getNumReductionLoops() == 0 && !generic.hasIndexSemantics();
        if (!isElementwise && !getContraction(generic))
          return failure();
        return visitLoops(generic, value);
      })
      .Default([](Operation *) { return failure(); });
}
