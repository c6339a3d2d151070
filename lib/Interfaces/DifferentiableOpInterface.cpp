//===- DifferentiableOpInterface.cpp - Operation interface -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Interfaces/DifferentiableOpInterface.h"

#include "cgmq/Interfaces/DifferentiableOpInterface.cpp.inc"
