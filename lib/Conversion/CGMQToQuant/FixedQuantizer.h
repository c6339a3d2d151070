//===- FixedQuantizer.h - A quantizer whose gates stand -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_LIB_CONVERSION_CGMQTOQUANT_FIXEDQUANTIZER_H
#define CGMQ_LIB_CONVERSION_CGMQTOQUANT_FIXEDQUANTIZER_H

#include "cgmq/Analysis/CostAnalysis.h"
#include "cgmq/Dialect/CGMQ/IR/Quantizer.h"

namespace mlir::cgmq {

/// What a `cgmq.quantize` computes with the gates and the range of the moment.
class FixedQuantizer {
public:
  /// Fails, with an error at `op`, where a gate or the range is not known.
  static FailureOr<FixedQuantizer> read(QuantizeOp op,
                                        SymbolTableCollection &symbolTables);

  /// The finest width in use, whose grid the codes are on.
  int64_t getWidth() const { return width; }
  bool isSigned() const { return hasSign; }
  bool isFloat() const { return width == kFloatWidth; }
  float getRange() const { return range; }
  /// The step of the codes; one where they are floats.
  float getStep() const { return grids.step; }
  /// The bounds of the clip at 32 bits.
  float getBeta() const { return range > 0.0f ? range : 0.0f; }
  float getAlpha() const { return hasSign ? -getBeta() : 0.0f; }

  /// Whether the units have more than one width, and which.
  bool isMixed() const { return !llvm::all_equal(gate.widths); }
  const Widths &getWidths() const { return gate.widths; }
  ArrayRef<int64_t> getUnitShape() const { return layout.unitShape; }
  /// The global that holds the gates; null where they are constants.
  ml_program::GlobalOp getGate() const { return gate.global; }

  /// The codes of a parameter, and the values that simulation sees for it, in
  /// place.
  SmallVector<float> quantize(SmallVector<float> values) const;
  SmallVector<float> round(SmallVector<float> values) const;

private:
  FixedQuantizer(QuantizeOp op, GateValue gate, float range);

  GateValue gate;
  UnitLayout layout;
  float range;
  int64_t width;
  bool hasSign;
  NestedGrids grids;
};

} // namespace mlir::cgmq

#endif // CGMQ_LIB_CONVERSION_CGMQTOQUANT_FIXEDQUANTIZER_H
