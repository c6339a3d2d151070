//===- Adam.h - Constants of the optimizer -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_ADAM_H
#define CGMQ_TRAINING_ADAM_H

#include <cmath>

namespace mlir::cgmq::adam {

/// Decay of the first and the second moment, and what keeps the quotient
/// finite.
inline constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

/// The factor that makes up for a moment's start at zero, in step t >= 1.
inline double getMomentCorrection(double beta, double t) {
  return 1.0 / (1.0 - std::pow(beta, t));
}

} // namespace mlir::cgmq::adam

#endif // CGMQ_TRAINING_ADAM_H
