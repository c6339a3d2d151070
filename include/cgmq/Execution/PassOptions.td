//===- PassOptions.td - What execution passes are told -*- tablegen -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CGMQ_EXECUTION_PASSOPTIONS_TD
#define CGMQ_EXECUTION_PASSOPTIONS_TD

include "mlir/Pass/PassBase.td"

class VectorBitsOption
    : Option<"vectorBits", "vector-bits", "int64_t", /*default=*/"512",
             "Width of the machine's vectors in bits, a power of two from 128">;

class VnniOption
    : Option<"vnni", "vnni", "bool", /*default=*/"false",
             "The machine has AVX-512 VNNI or AVX-VNNI: four products of "
             "unsigned and signed bytes are one instruction">;

class ThreadsOption
    : Option<"threads", "threads", "int64_t", /*default=*/"1",
             "Number of threads that loops are divided among (default 1)">;

#endif // CGMQ_EXECUTION_PASSOPTIONS_TD
