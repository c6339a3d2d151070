//===- Checkpoint.h - A run in a file -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_TRAINING_CHECKPOINT_H
#define CGMQ_TRAINING_CHECKPOINT_H

#include "cgmq/Training/TrainingSession.h"

#include "llvm/Support/JSON.h"

namespace mlir::cgmq {
class GateController;

/// Where a run stands between two steps, beside what its session and its gates
/// hold.
struct TrainingState {
  /// Steps done.
  int64_t step = 0;
  /// Of the epoch under way.
  double lossSum = 0.0;
  int64_t lossCount = 0;
  /// The epoch with the best score among those that may be kept, counted from
  /// one, zero if there was none.
  int64_t bestEpoch = 0;
  TrainingSession::Score bestScore;
  /// The last one that is as good as that within the error of the scores, and
  /// its parameters.
  int64_t keptEpoch = 0;
  TrainingSession::Snapshot kept;
  /// What the log says of the epochs done.
  llvm::json::Array epochs;
};

/// A checkpoint is a module in bytecode: a global for each number that the
/// session keeps, a nested module `@kept` with the parameters to keep, and the
/// rest as the attribute `cgmq.checkpoint` of the module. `identity` says what
/// run it belongs to.
LogicalResult writeCheckpoint(StringRef path, StringRef identity,
                              const TrainingState &state,
                              TrainingSession &session,
                              const GateController &gates, std::string &error);

/// Brings session, gates and state to where the checkpoint was taken. Fails,
/// with an error, and changes nothing where the file is none, or one of another
/// run.
LogicalResult readCheckpoint(StringRef path, StringRef identity,
                             TrainingState &state, TrainingSession &session,
                             GateController &gates, std::string &error);

} // namespace mlir::cgmq

#endif // CGMQ_TRAINING_CHECKPOINT_H
