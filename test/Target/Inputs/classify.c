/*===- classify.c - Runs a compiled LeNet-5 over images ------------------===//
 *
 * Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===//
 *
 * usage: classify IMAGES COUNT
 * Prints the class and the logits of the first images of an IDX file. Built
 * with lenet5.h and either lenet5.c or lenet5.o:
 *
 *   cgmq-translate integer.mlir --cgmq-to-header -o lenet5.h
 *   cgmq-translate integer.mlir --cgmq-to-object -o lenet5.o
 *   cc -I. classify.c lenet5.o -o classify
 */

#include "lenet5.h"

#include <stdio.h>
#include <stdlib.h>

enum { SAMPLE = LENET5_IN_SIZE / LENET5_BATCH,
       CLASSES = LENET5_OUT_SIZE / LENET5_BATCH };

int main(int argc, char **argv) {
  static uint8_t images[LENET5_IN_SIZE];
  static int32_t logits[LENET5_OUT_SIZE];
  if (argc != 3) {
    fprintf(stderr, "usage: classify IMAGES COUNT\n");
    return 2;
  }
  FILE *file = fopen(argv[1], "rb");
  if (!file || fseek(file, 16, SEEK_SET) != 0) {
    fprintf(stderr, "classify: cannot read '%s'\n", argv[1]);
    return 1;
  }
  for (long count = atol(argv[2]); count > 0;) {
    long batch = fread(images, SAMPLE, LENET5_BATCH, file);
    if (batch == 0)
      break;
    lenet5(images, logits);
    for (long i = 0; i < batch && count > 0; ++i, --count) {
      const int32_t *row = logits + i * CLASSES;
      int best = 0;
      for (int k = 1; k < CLASSES; ++k)
        if (row[k] > row[best])
          best = k;
      printf("%d:", best);
      for (int k = 0; k < CLASSES; ++k)
        printf(" %ld", (long)row[k]);
      printf("\n");
    }
  }
  fclose(file);
  return 0;
}
