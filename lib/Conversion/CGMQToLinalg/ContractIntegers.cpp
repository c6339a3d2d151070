//===- ContractIntegers.cpp - Contractions of codes as bytes -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ContractIntegers.h"

#include "../QuantToInteger/IntegerOps.h"
#include "cgmq/Support/Elementwise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace mlir;
using namespace mlir::cgmq;

static constexpr StringLiteral kMark = "cgmq.codes_are_signed";

/// The least number of channels, or of products in a sum of a matrix product,
/// that is worth a second form of the factors.
static constexpr int64_t kLeastChannels = 4, kLeastDepth = 16;

void cgmq::markCodes(Operation *codes, bool isSigned) {
  codes->setAttr(kMark, BoolAttr::get(codes->getContext(), isSigned));
}

/// The marked op whose results, perhaps moved, `value` holds.
static Operation *getCodeSource(Value value) {
  Operation *op = value.getDefiningOp();
  while (isa_and_present<tosa::ReshapeOp, tosa::TransposeOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return op && op->hasAttr(kMark) ? op : nullptr;
}

static bool isSigned(Operation *codes) {
  return codes->getAttrOfType<BoolAttr>(kMark).getValue();
}

/// Whether codes fit into a byte, as a scalar.
static Value buildFits(OpBuilder &builder, Location loc, Operation *codes) {
  Value most = arith::ConstantOp::create(
      builder, loc, builder.getF32FloatAttr(isSigned(codes) ? 127 : 255));
  Value fits = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLE,
                                     codes->getOperand(kMaxCode), most);
  Value no = arith::ConstantIntOp::create(builder, loc, 0, 1);
  return arith::SelectOp::create(builder, loc, codes->getOperand(kIsFloat), no,
                                 fits);
}

static Value buildBytes(OpBuilder &builder, Location loc, Value codes) {
  Type byte = builder.getI8Type(), word = builder.getI32Type();
  return buildElementwise(
      builder, loc, codes, byte,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        // No machine converts floats to unsigned bytes.
        Value integer = arith::FPToSIOp::create(nested, loc, word, args[0]);
        return arith::TruncIOp::create(nested, loc, byte, integer);
      });
}

/// Sums as floats, to which a bias is added, in `out`.
static Value buildFloats(OpBuilder &builder, Location loc, Value sums,
                         Value bias, Value out) {
  unsigned rank = cast<RankedTensorType>(sums.getType()).getRank();
  AffineMap identity = builder.getMultiDimIdentityMap(rank);
  SmallVector<Value> inputs = {sums};
  SmallVector<AffineMap> maps = {identity};
  if (bias) {
    inputs.push_back(bias);
    maps.push_back(identity.getMinorSubMap(1));
  }
  maps.push_back(identity);
  return linalg::GenericOp::create(
             builder, loc, out.getType(), inputs, out, maps,
             SmallVector<utils::IteratorType>(rank,
                                              utils::IteratorType::parallel),
             [&](OpBuilder &nested, Location loc, ValueRange args) {
               Value sum = arith::SIToFPOp::create(
                   nested, loc, nested.getF32Type(), args[0]);
               if (bias)
                 sum = arith::AddFOp::create(nested, loc, sum, args[1]);
               linalg::YieldOp::create(nested, loc, sum);
             })
      .getResult(0);
}

/// The bias of a convolution with one element for each filter.
static Value buildBias(OpBuilder &builder, tosa::Conv2DOp op) {
  int64_t numFilters = cast<ShapedType>(op.getType()).getShape().back();
  auto type = cast<RankedTensorType>(op.getBias().getType());
  if (type.getDimSize(0) == numFilters)
    return op.getBias();
  Value scalar = tensor::ExtractOp::create(
      builder, op.getLoc(), op.getBias(),
      ValueRange{arith::ConstantIndexOp::create(builder, op.getLoc(), 0)});
  return tensor::SplatOp::create(builder, op.getLoc(), scalar,
                                 type.clone(numFilters));
}

static void buildForms(Operation *op, Operation *lhs, Operation *rhs) {
  OpBuilder builder(op);
  Location loc = op->getLoc();
  auto conv = dyn_cast<tosa::Conv2DOp>(op);
  Value fits = arith::AndIOp::create(builder, loc, buildFits(builder, loc, lhs),
                                     buildFits(builder, loc, rhs));
  Value x = op->getOperand(0), w = op->getOperand(1);
  // A batch of one product is none, so that results need no reshape.
  bool isFlat =
      !conv && cast<ShapedType>(op->getResult(0).getType()).getDimSize(0) == 1;
  ReassociationIndices batch[] = {{0, 1}, {2}};
  if (isFlat) {
    x = tensor::CollapseShapeOp::create(builder, loc, x, batch);
    w = tensor::CollapseShapeOp::create(builder, loc, w, batch);
  }
  Value bias = conv ? buildBias(builder, conv) : Value();
  // Both forms write to the same place.
  Value out = conv
                  ? buildConv2DResult(builder, conv, x, builder.getF32Type())
                  : buildMatMulResult(builder, loc, x, w, builder.getF32Type());
  auto forms = scf::IfOp::create(
      builder, loc, fits,
      [&](OpBuilder &nested, Location loc) {
        CodeOperand input{buildBytes(nested, loc, x), /*isSigned=*/false, 8};
        CodeOperand weight{buildBytes(nested, loc, w), /*isSigned=*/true, 8};
        Type word = nested.getI32Type();
        Value sums =
            conv ? buildConv2D(
                       nested, conv, input, weight, /*bias=*/{},
                       buildConv2DResult(nested, conv, input.codes, word),
                       /*filtersFirst=*/true)
                 : buildMatMul(nested, loc, input, weight,
                               buildMatMulResult(nested, loc, input.codes,
                                                 weight.codes, word));
        scf::YieldOp::create(nested, loc,
                             buildFloats(nested, loc, sums, bias, out));
      },
      [&](OpBuilder &nested, Location loc) {
        CodeOperand input{x, false, 32}, weight{w, true, 32};
        Value sums = conv ? buildConv2D(nested, conv, input, weight, bias, out,
                                        /*filtersFirst=*/true)
                          : buildMatMul(nested, loc, input, weight, out);
        scf::YieldOp::create(nested, loc, sums);
      });
  Value result = forms.getResult(0);
  if (isFlat)
    result = tensor::ExpandShapeOp::create(
        builder, loc, op->getResult(0).getType(), result, batch);
  op->getResult(0).replaceAllUsesWith(result);
  op->erase();
}

void cgmq::contractIntegers(Operation *root, bool enabled) {
  SmallVector<Operation *> contractions, marked;
  root->walk([&](Operation *op) {
    if (enabled && isa<tosa::Conv2DOp, tosa::MatMulOp>(op))
      contractions.push_back(op);
    if (op->hasAttr(kMark))
      marked.push_back(op);
  });
  for (Operation *op : contractions) {
    Operation *lhs = getCodeSource(op->getOperand(0));
    Operation *rhs = getCodeSource(op->getOperand(1));
    if (!lhs || !rhs || isSigned(lhs) || !isSigned(rhs))
      continue;
    ArrayRef<int64_t> shape =
        cast<ShapedType>(op->getOperand(1).getType()).getShape();
    if (isa<tosa::Conv2DOp>(op) ? shape.back() >= kLeastChannels
                                : shape[1] >= kLeastDepth)
      buildForms(op, lhs, rhs);
  }
  for (Operation *op : marked)
    op->removeAttr(kMark);
}
