//===- UnpackConstants.cpp - Constants unpacked at the first call ===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Target/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::cgmq {
#define GEN_PASS_DEF_UNPACKCONSTANTSPASS
#include "cgmq/Target/Passes.h.inc"
} // namespace mlir::cgmq

using namespace mlir;
using namespace mlir::cgmq;

/// Below this many elements, what unpacks them is longer than they are.
static constexpr int64_t kLeastElements = 128;

namespace {

/// How the elements of a constant are packed: each in a field of the first
/// width that holds it, as the integer multiple of a step. A field that is no
/// code of its width, the least number of its bits, says that one of the next
/// width follows.
struct NestedFields {
  struct Level {
    unsigned width;
    int64_t step;
  };
  SmallVector<Level, 4> levels;

  bool holds(const Level &level, int64_t value) const {
    int64_t code = value / level.step;
    bool isLast = level.width == levels.back().width;
    int64_t most = (int64_t(1) << (level.width - 1)) - 1;
    return code * level.step == value && code <= most &&
           code >= (isLast ? -most - 1 : -most);
  }

  /// The bits of all elements; nothing if one is held by no level.
  std::optional<int64_t> countBits(ArrayRef<int64_t> values) const {
    int64_t bits = 0;
    for (int64_t value : values) {
      bool isHeld = false;
      for (const Level &level : levels) {
        bits += level.width;
        if ((isHeld = holds(level, value)))
          break;
      }
      if (!isHeld)
        return std::nullopt;
    }
    return bits;
  }

  std::vector<uint8_t> pack(ArrayRef<int64_t> values) const;
};

} // namespace

/// Bytes after the packed ones that a field at their end may read.
static constexpr int64_t kReadBytes = 4;

std::vector<uint8_t> NestedFields::pack(ArrayRef<int64_t> values) const {
  std::vector<uint8_t> bytes(llvm::divideCeil(*countBits(values), 8) +
                             kReadBytes);
  int64_t position = 0;
  auto append = [&](int64_t field, unsigned width) {
    for (unsigned bit = 0; bit < width; ++bit, ++position)
      bytes[position / 8] |= ((field >> bit) & 1) << (position % 8);
  };
  for (int64_t value : values)
    for (const Level &level : levels) {
      if (holds(level, value)) {
        append(value / level.step, level.width);
        break;
      }
      append(int64_t(1) << (level.width - 1), level.width);
    }
  return bytes;
}

/// The packing of fewest bits: fields of one width, or of several whose grids
/// nest, as those of channels and elements with widths of their own do.
static NestedFields choosePacking(ArrayRef<int64_t> values, unsigned storage) {
  NestedFields best{{{storage, 1}}};
  int64_t least = *best.countBits(values);
  constexpr unsigned kWidths[] = {2, 4, 8, 16};
  for (unsigned finest : kWidths)
    for (unsigned coarsest : kWidths) {
      if (finest > storage || coarsest > finest)
        continue;
      NestedFields fields;
      for (unsigned width : kWidths)
        if (width >= coarsest && width <= finest)
          fields.levels.push_back({width, ((int64_t(1) << finest) - 1) /
                                              ((int64_t(1) << width) - 1)});
      std::optional<int64_t> bits = fields.countBits(values);
      if (bits && *bits < least) {
        least = *bits;
        best = fields;
      }
    }
  return best;
}

namespace {
struct UnpackConstants : cgmq::impl::UnpackConstantsPassBase<UnpackConstants> {
  /// A constant in its packed and in its plain form.
  struct Constant {
    memref::GlobalOp packed, plain;
    NestedFields fields;
  };

  /// Packs a constant, if that takes less room.
  std::optional<Constant> pack(memref::GlobalOp global, SymbolTable &symbols) {
    auto values = dyn_cast_if_present<DenseIntElementsAttr>(
        global.getConstantInitValue());
    if (!values || values.isSplat() ||
        values.getNumElements() < kLeastElements ||
        values.getElementType().getIntOrFloatBitWidth() > 16)
      return std::nullopt;
    auto numbers =
        llvm::map_to_vector(values.getValues<APInt>(), [](const APInt &value) {
          return value.getSExtValue();
        });
    unsigned storage = values.getElementType().getIntOrFloatBitWidth();
    NestedFields fields = choosePacking(numbers, storage);
    if (fields.levels.front().width == storage)
      return std::nullopt;
    std::vector<uint8_t> bytes = fields.pack(numbers);

    OpBuilder builder(global);
    auto type = RankedTensorType::get({static_cast<int64_t>(bytes.size())},
                                      builder.getI8Type());
    auto packed = memref::GlobalOp::create(
        builder, global.getLoc(), (global.getSymName() + ".packed").str(),
        builder.getStringAttr("private"),
        MemRefType::get(type.getShape(), type.getElementType()),
        DenseElementsAttr::getFromRawBuffer(
            type, ArrayRef(reinterpret_cast<const char *>(bytes.data()),
                           bytes.size())),
        /*constant=*/true, /*alignment=*/nullptr);
    symbols.insert(packed);
    // The plain form is storage that the first call fills.
    global.setInitialValueAttr(builder.getUnitAttr());
    global.setConstant(false);
    return Constant{packed, global, fields};
  }

  /// Reads a field: three bytes hold one of at most 16 bits at any bit.
  static Value buildField(ImplicitLocOpBuilder &builder, Value packed,
                          Value position, unsigned width) {
    Type index = builder.getIndexType(), i32 = builder.getI32Type();
    auto constant = [&](Type type, int64_t value) -> Value {
      return arith::ConstantOp::create(builder,
                                       builder.getIntegerAttr(type, value));
    };
    Value byte = arith::ShRUIOp::create(builder, position, constant(index, 3));
    Value word;
    for (unsigned i = 0; i * 8 < width + 7; ++i) {
      Value at = arith::AddIOp::create(builder, byte, constant(index, i));
      Value part = arith::ExtUIOp::create(
          builder, i32, memref::LoadOp::create(builder, packed, at));
      if (i)
        part = arith::ShLIOp::create(builder, part, constant(i32, 8 * i));
      word =
          word ? arith::OrIOp::create(builder, word, part).getResult() : part;
    }
    Value bit = arith::IndexCastUIOp::create(
        builder, i32,
        arith::AndIOp::create(builder, position, constant(index, 7)));
    Value above = constant(i32, 32 - width);
    Value top = arith::ShLIOp::create(
        builder, word, arith::SubIOp::create(builder, above, bit));
    return arith::ShRSIOp::create(builder, top, above);
  }

  static void buildUnpacking(ImplicitLocOpBuilder &builder,
                             Constant &constant) {
    Type index = builder.getIndexType(), i32 = builder.getI32Type();
    auto number = [&](Type type, int64_t value) -> Value {
      return arith::ConstantOp::create(builder,
                                       builder.getIntegerAttr(type, value));
    };
    Value packed = memref::GetGlobalOp::create(
        builder, constant.packed.getType(), constant.packed.getSymName());
    Value plain = memref::GetGlobalOp::create(builder, constant.plain.getType(),
                                              constant.plain.getSymName());
    auto type = constant.plain.getType();
    if (type.getRank() != 1) {
      ReassociationIndices all(
          llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
      plain = memref::CollapseShapeOp::create(
          builder, plain, SmallVector<ReassociationIndices>{all});
    }
    Value zero = number(index, 0);
    auto loop =
        scf::ForOp::create(builder, zero, number(index, type.getNumElements()),
                           number(index, 1), ValueRange{zero});
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(loop.getBody());
    // The fields from the first to the last, of which the first that is a code
    // counts.
    Value position = loop.getRegionIterArg(0);
    SmallVector<Value> codes, ends, escapes;
    for (const NestedFields::Level &level : constant.fields.levels) {
      Value field = buildField(builder, packed, position, level.width);
      codes.push_back(
          arith::MulIOp::create(builder, field, number(i32, level.step)));
      escapes.push_back(arith::CmpIOp::create(
          builder, arith::CmpIPredicate::eq, field,
          number(i32, -(int64_t(1) << (level.width - 1)))));
      position =
          arith::AddIOp::create(builder, position, number(index, level.width));
      ends.push_back(position);
    }
    Value code = codes.back(), end = ends.back();
    for (size_t level = codes.size() - 1; level-- > 0;) {
      code =
          arith::SelectOp::create(builder, escapes[level], code, codes[level]);
      end = arith::SelectOp::create(builder, escapes[level], end, ends[level]);
    }
    Value element =
        arith::TruncIOp::create(builder, type.getElementType(), code);
    memref::StoreOp::create(builder, element, plain, loop.getInductionVar());
    scf::YieldOp::create(builder, end);
  }

  /// Has the first call of `function` unpack all constants.
  static void buildFirstCall(func::FuncOp function,
                             MutableArrayRef<Constant> constants,
                             SymbolTable &symbols) {
    ImplicitLocOpBuilder builder(function.getLoc(), function);
    auto flag = MemRefType::get({}, builder.getI8Type());
    auto isUnpacked = memref::GlobalOp::create(
        builder, "is_unpacked", builder.getStringAttr("private"), flag,
        DenseElementsAttr::get(RankedTensorType::get({}, builder.getI8Type()),
                               builder.getI8IntegerAttr(0)),
        /*constant=*/false, /*alignment=*/nullptr);
    symbols.insert(isUnpacked);
    builder.setInsertionPointToStart(&function.getBody().front());
    Value state =
        memref::GetGlobalOp::create(builder, flag, isUnpacked.getSymName());
    auto i8 = [&](int64_t value) -> Value {
      return arith::ConstantOp::create(builder,
                                       builder.getI8IntegerAttr(value));
    };
    Value isFirst =
        arith::CmpIOp::create(builder, arith::CmpIPredicate::eq,
                              memref::LoadOp::create(builder, state), i8(0));
    auto branch = scf::IfOp::create(builder, isFirst, /*withElse=*/false);
    builder.setInsertionPoint(branch.thenBlock()->getTerminator());
    for (Constant &constant : constants)
      buildUnpacking(builder, constant);
    memref::StoreOp::create(builder, i8(1), state);
  }

  void runOnOperation() override {
    SmallVector<func::FuncOp> entries;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal())
        entries.push_back(function);
    SymbolTable symbols(getOperation());
    SmallVector<Constant> constants;
    for (auto global :
         llvm::make_early_inc_range(getOperation().getOps<memref::GlobalOp>()))
      if (std::optional<Constant> constant = pack(global, symbols))
        constants.push_back(*constant);
    if (constants.empty())
      return;
    if (entries.size() != 1) {
      emitError(getOperation().getLoc())
          << "expects one public function, whose first call unpacks "
             "constants, but got "
          << entries.size();
      return signalPassFailure();
    }
    buildFirstCall(entries.front(), constants, symbols);
  }
};
} // namespace
