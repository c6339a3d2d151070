/*===- cortex-m.c - Runs a compiled LeNet-5 on a bare Cortex-M -----------===//
 *
 * Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===//
 *
 * A whole program without a library: vector table, reset, and a debugger's
 * semihosting for output. IMAGES names an IDX file, of which the first COUNT
 * images lie in flash; prints the class and the logits of each.
 */

#include "lenet5.h"

__asm__(".section .rodata.images, \"a\"\n"
        "images: .incbin \"" IMAGES "\", 16, " COUNT " * 784\n"
        "images_end:\n"
        ".text\n");
extern const uint8_t images[], images_end[];

extern uint32_t bss_start[], bss_end[], data_start[], data_end[], data_load[];
extern uint32_t stack_top[];

static void call_host(int operation, const void *argument) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static void print(const char *text) { call_host(0x04, text); }

static void print_number(int32_t number) {
  char text[12], *first = text + sizeof(text) - 1;
  uint32_t rest = number < 0 ? 0u - (uint32_t)number : (uint32_t)number;
  *first = 0;
  do
    *--first = (char)('0' + rest % 10);
  while (rest /= 10);
  if (number < 0)
    *--first = '-';
  print(first);
}

static void run(void) {
  static int32_t logits[LENET5_OUT_SIZE];
  for (const uint8_t *image = images; image < images_end;
       image += LENET5_IN_SIZE) {
    lenet5(image, logits);
    int best = 0;
    for (int k = 1; k < LENET5_OUT_SIZE; ++k)
      if (logits[k] > logits[best])
        best = k;
    print_number(best);
    print(":");
    for (int k = 0; k < LENET5_OUT_SIZE; ++k) {
      print(" ");
      print_number(logits[k]);
    }
    print("\n");
  }
}

void reset(void) {
  for (uint32_t *to = data_start, *from = data_load; to < data_end;)
    *to++ = *from++;
  for (uint32_t *to = bss_start; to < bss_end;)
    *to++ = 0;
  run();
  call_host(0x18, (const void *)0x20026); /* The program has ended as it should. */
  for (;;)
    ;
}

static void fail(void) {
  print("fault\n");
  call_host(0x18, (const void *)0x20023);
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
    stack_top, reset, fail, fail, fail, fail, fail};
