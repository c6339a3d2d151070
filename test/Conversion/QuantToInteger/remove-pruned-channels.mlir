// RUN: cgmq-opt %s --cgmq-remove-pruned-channels -split-input-file -o %t.mlir && FileCheck %s < %t.mlir
// What is left has nothing more to remove, and says the same as text and bytecode.
// RUN: cgmq-opt %t.mlir -split-input-file --cgmq-remove-pruned-channels | diff %t.mlir -
// RUN: cgmq-opt %s -split-input-file --cgmq-remove-pruned-channels --cgmq-remove-pruned-channels | diff %t.mlir -

// Contractions of codes of 2 bits by codes of 2 bits, as cgmq-lower-to-integer
// leaves them.
#lhs = affine_map<(b, m, n, k) -> (b, m, k)>
#rhs = affine_map<(b, m, n, k) -> (b, k, n)>
#out = affine_map<(b, m, n, k) -> (b, m, n)>
#id = affine_map<(b, m, n) -> (b, m, n)>
#channel = affine_map<(b, m, n) -> (n)>

// The second filter is pruned: its codes are what its bias, 9, is clamped to, 3.
// The second weight is 1 for it, so that 3 is left for the accumulators to start
// with. They started at zero; now there is a bias, which is no parameter. The
// bound was 100 % of 8 * (2 + 2) * 1024.
// CHECK-DAG: @fold_w(dense<1> : tensor<1x1x1xi8>) : tensor<1x1x1xi8> {cgmq.bits = 2 : i64}
// CHECK-DAG: @fold_b(dense<1> : tensor<1xi32>) : tensor<1xi32> {cgmq.bits = 4 : i64}
// CHECK-DAG: @fold_v(dense<-1> : tensor<1x1x1xi8>) : tensor<1x1x1xi8> {cgmq.bits = 2 : i64}
// CHECK-DAG: @fold_v.start(dense<3> : tensor<1xi32>) : tensor<1xi32> {cgmq.bits = 0 : i64}
// CHECK-LABEL: func.func @fold(
// CHECK-SAME:    attributes {cgmq.budget = #cgmq.budget<3.276800e+04 bop>}
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<1x8x1xi32>)
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<1x8x1xi8>)
// CHECK:         %[[START:.*]] = ml_program.global_load_const @fold_v.start : tensor<1xi32>
// CHECK:         %[[INIT:.*]] = linalg.broadcast ins(%[[START]] : tensor<1xi32>)
// CHECK:         outs(%[[INIT]] : tensor<1x8x1xi32>)
ml_program.global private @fold_w(dense<[[[1, 0]]]> : tensor<1x1x2xi8>) : tensor<1x1x2xi8> {cgmq.bits = 4 : i64}
ml_program.global private @fold_b(dense<[1, 9]> : tensor<2xi32>) : tensor<2xi32> {cgmq.bits = 4 : i64}
ml_program.global private @fold_v(dense<[[[-1], [1]]]> : tensor<1x2x1xi8>) : tensor<1x2x1xi8> {cgmq.bits = 4 : i64}
func.func @fold(%x: tensor<1x8x1xi8>) -> tensor<1x8x1xi32> attributes {cgmq.budget = #cgmq.budget<100.0 percent>} {
  %zero = arith.constant 0 : i32
  %fold_w = ml_program.global_load_const @fold_w : tensor<1x1x2xi8>
  %fold_b = ml_program.global_load_const @fold_b : tensor<2xi32>
  %fold_b.empty = tensor.empty() : tensor<1x8x2xi32>
  %fold_b.start = linalg.broadcast ins(%fold_b : tensor<2xi32>) outs(%fold_b.empty : tensor<1x8x2xi32>) dimensions = [0, 1]
  %sum = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %fold_w : tensor<1x8x1xi8>, tensor<1x1x2xi8>) outs(%fold_b.start : tensor<1x8x2xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x2xi32>
  %codes.empty = tensor.empty() : tensor<1x8x2xi8>
  %codes = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%sum : tensor<1x8x2xi32>) outs(%codes.empty : tensor<1x8x2xi8>) {
  ^bb0(%in: i32, %out: i8):
    %low = arith.constant 0 : i32
    %high = arith.constant 3 : i32
    %a = arith.maxsi %in, %low : i32
    %b = arith.minsi %a, %high : i32
    %c = arith.trunci %b : i32 to i8
    linalg.yield %c : i8
  } -> tensor<1x8x2xi8>
  %fold_v = ml_program.global_load_const @fold_v : tensor<1x2x1xi8>
  %none.empty = tensor.empty() : tensor<1x8x1xi32>
  %none = linalg.fill ins(%zero : i32) outs(%none.empty : tensor<1x8x1xi32>) -> tensor<1x8x1xi32>
  %y = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%codes, %fold_v : tensor<1x8x2xi8>, tensor<1x2x1xi8>) outs(%none : tensor<1x8x1xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x1xi32>
  return %y : tensor<1x8x1xi32>
}

// -----

#lhs = affine_map<(b, m, n, k) -> (b, m, k)>
#rhs = affine_map<(b, m, n, k) -> (b, k, n)>
#out = affine_map<(b, m, n, k) -> (b, m, n)>
#id = affine_map<(b, m, n) -> (b, m, n)>
#channel = affine_map<(b, m, n) -> (n)>

// The quantizer prunes the first channel and keeps the others, of which nothing
// reads the third: its weight is zero. Where a bias was, all of it that is left
// stays. The names of the widths go with them.
// CHECK-DAG: @units_w(dense<1> : tensor<1x1x1xi8>)
// CHECK-DAG: @units_v(dense<{{\[\[\[}}-1, 1]]]> : tensor<1x1x2xi8>)
// CHECK-DAG: @units_c(dense<[5, 6]> : tensor<2xi32>)
// CHECK-DAG: @units_widths(dense<2> : tensor<1x1x1xi8>)
// CHECK-LABEL: func.func @units(
// CHECK:         tensor.extract_slice %{{.*}}[0, 0, 0] [1, 1, 1] [1, 1, 1] : tensor<1x1x1xi8> to tensor<1xi8>
// CHECK:         ins(%{{.*}}, %{{.*}} : tensor<1x8x1xi8>, tensor<1x1x2xi8>)
// CHECK-SAME:    cgmq.lhs_widths = @units_widths
ml_program.global private @units_w(dense<[[[-1, 1, 1]]]> : tensor<1x1x3xi8>) : tensor<1x1x3xi8>
ml_program.global private @units_widths(dense<[[[0, 2, 2]]]> : tensor<1x1x3xi8>) : tensor<1x1x3xi8> {cgmq.bits = 0 : i64}
ml_program.global private @units_v(dense<[[[1, 1], [-1, 1], [0, 0]]]> : tensor<1x3x2xi8>) : tensor<1x3x2xi8>
ml_program.global private @units_c(dense<[5, 6]> : tensor<2xi32>) : tensor<2xi32>
func.func @units(%x: tensor<1x8x1xi8>) -> tensor<1x8x2xi32> {
  %zero = arith.constant 0 : i32
  %units_w = ml_program.global_load_const @units_w : tensor<1x1x3xi8>
  %none.empty = tensor.empty() : tensor<1x8x3xi32>
  %none = linalg.fill ins(%zero : i32) outs(%none.empty : tensor<1x8x3xi32>) -> tensor<1x8x3xi32>
  %sum = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %units_w : tensor<1x8x1xi8>, tensor<1x1x3xi8>) outs(%none : tensor<1x8x3xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x3xi32>
  %units_widths = ml_program.global_load_const @units_widths : tensor<1x1x3xi8>
  %codes.empty = tensor.empty() : tensor<1x8x3xi8>
  %units_widths.row = tensor.extract_slice %units_widths[0, 0, 0] [1, 1, 3] [1, 1, 1] : tensor<1x1x3xi8> to tensor<3xi8>
  %codes = linalg.generic {indexing_maps = [#id, #channel, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%sum, %units_widths.row : tensor<1x8x3xi32>, tensor<3xi8>) outs(%codes.empty : tensor<1x8x3xi8>) {
  ^bb0(%in: i32, %width: i8, %out: i8):
    %low = arith.constant 0 : i32
    %high = arith.constant 3 : i32
    %two = arith.constant 2 : i8
    %is2 = arith.cmpi eq, %width, %two : i8
    %most = arith.select %is2, %high, %low : i32
    %a = arith.maxsi %in, %low : i32
    %b = arith.minsi %a, %most : i32
    %c = arith.trunci %b : i32 to i8
    linalg.yield %c : i8
  } -> tensor<1x8x3xi8>
  %units_v = ml_program.global_load_const @units_v : tensor<1x3x2xi8>
  %units_c = ml_program.global_load_const @units_c : tensor<2xi32>
  %units_c.empty = tensor.empty() : tensor<1x8x2xi32>
  %units_c.start = linalg.broadcast ins(%units_c : tensor<2xi32>) outs(%units_c.empty : tensor<1x8x2xi32>) dimensions = [0, 1]
  %y = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%codes, %units_v : tensor<1x8x3xi8>, tensor<1x3x2xi8>) outs(%units_c.start : tensor<1x8x2xi32>) attrs = {cgmq.lhs_widths = @units_widths, cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x2xi32>
  return %y : tensor<1x8x2xi32>
}

// -----

#lhs = affine_map<(b, m, n, k) -> (b, m, k)>
#rhs = affine_map<(b, m, n, k) -> (b, k, n)>
#out = affine_map<(b, m, n, k) -> (b, m, n)>
#id = affine_map<(b, m, n) -> (b, m, n)>
#channel = affine_map<(b, m, n) -> (n)>

// Two contractions read the codes. The first channel, zero, goes; the second is
// not zero for one of them, and stays for both.
// CHECK-DAG: @both_w(dense<1> : tensor<1x1x1xi8>)
// CHECK-DAG: @both_v(dense<1> : tensor<1x1x1xi8>)
// CHECK-DAG: @both_u(dense<0> : tensor<1x1x1xi8>)
// CHECK-LABEL: func.func @both(
ml_program.global private @both_w(dense<[[[0, 1]]]> : tensor<1x1x2xi8>) : tensor<1x1x2xi8>
ml_program.global private @both_v(dense<[[[1], [1]]]> : tensor<1x2x1xi8>) : tensor<1x2x1xi8>
ml_program.global private @both_u(dense<[[[1], [0]]]> : tensor<1x2x1xi8>) : tensor<1x2x1xi8>
func.func @both(%x: tensor<1x8x1xi8>) -> (tensor<1x8x1xi32>, tensor<1x8x1xi32>) {
  %zero = arith.constant 0 : i32
  %both_w = ml_program.global_load_const @both_w : tensor<1x1x2xi8>
  %none.empty = tensor.empty() : tensor<1x8x2xi32>
  %none = linalg.fill ins(%zero : i32) outs(%none.empty : tensor<1x8x2xi32>) -> tensor<1x8x2xi32>
  %sum = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %both_w : tensor<1x8x1xi8>, tensor<1x1x2xi8>) outs(%none : tensor<1x8x2xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x2xi32>
  %codes.empty = tensor.empty() : tensor<1x8x2xi8>
  %codes = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%sum : tensor<1x8x2xi32>) outs(%codes.empty : tensor<1x8x2xi8>) {
  ^bb0(%in: i32, %out: i8):
    %low = arith.constant 0 : i32
    %high = arith.constant 3 : i32
    %a = arith.maxsi %in, %low : i32
    %b = arith.minsi %a, %high : i32
    %c = arith.trunci %b : i32 to i8
    linalg.yield %c : i8
  } -> tensor<1x8x2xi8>
  %both_v = ml_program.global_load_const @both_v : tensor<1x2x1xi8>
  %both_u = ml_program.global_load_const @both_u : tensor<1x2x1xi8>
  %one.empty = tensor.empty() : tensor<1x8x1xi32>
  %one = linalg.fill ins(%zero : i32) outs(%one.empty : tensor<1x8x1xi32>) -> tensor<1x8x1xi32>
  %y = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%codes, %both_v : tensor<1x8x2xi8>, tensor<1x2x1xi8>) outs(%one : tensor<1x8x1xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x1xi32>
  %z = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%codes, %both_u : tensor<1x8x2xi8>, tensor<1x2x1xi8>) outs(%one : tensor<1x8x1xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x1xi32>
  return %y, %z : tensor<1x8x1xi32>, tensor<1x8x1xi32>
}

// -----

#lhs = affine_map<(b, m, n, k) -> (b, m, k)>
#rhs = affine_map<(b, m, n, k) -> (b, k, n)>
#out = affine_map<(b, m, n, k) -> (b, m, n)>
#id = affine_map<(b, m, n) -> (b, m, n)>
#channel = affine_map<(b, m, n) -> (n)>

// An addition of what two contractions give: channels that both lack go, and no
// others.
// CHECK-DAG: @add_w(dense<{{\[\[\[}}1, 0]]]> : tensor<1x1x2xi8>)
// CHECK-DAG: @add_u(dense<{{\[\[\[}}0, 1]]]> : tensor<1x1x2xi8>)
// CHECK-DAG: @add_v(dense<{{\[\[\[}}1], [2]]]> : tensor<1x2x1xi8>)
// CHECK-LABEL: func.func @add(
ml_program.global private @add_w(dense<[[[1, 0, 0]]]> : tensor<1x1x3xi8>) : tensor<1x1x3xi8>
ml_program.global private @add_u(dense<[[[0, 1, 0]]]> : tensor<1x1x3xi8>) : tensor<1x1x3xi8>
ml_program.global private @add_v(dense<[[[1], [2], [3]]]> : tensor<1x3x1xi8>) : tensor<1x3x1xi8>
func.func @add(%x: tensor<1x8x1xi8>) -> tensor<1x8x1xi32> {
  %zero = arith.constant 0 : i32
  %add_w = ml_program.global_load_const @add_w : tensor<1x1x3xi8>
  %add_u = ml_program.global_load_const @add_u : tensor<1x1x3xi8>
  %add_v = ml_program.global_load_const @add_v : tensor<1x3x1xi8>
  %none.empty = tensor.empty() : tensor<1x8x3xi32>
  %none = linalg.fill ins(%zero : i32) outs(%none.empty : tensor<1x8x3xi32>) -> tensor<1x8x3xi32>
  %one.empty = tensor.empty() : tensor<1x8x1xi32>
  %one = linalg.fill ins(%zero : i32) outs(%one.empty : tensor<1x8x1xi32>) -> tensor<1x8x1xi32>
  %left = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %add_w : tensor<1x8x1xi8>, tensor<1x1x3xi8>) outs(%none : tensor<1x8x3xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x3xi32>
  %right = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %add_u : tensor<1x8x1xi8>, tensor<1x1x3xi8>) outs(%none : tensor<1x8x3xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x3xi32>
  %s.empty = tensor.empty() : tensor<1x8x3xi32>
  %s = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%left, %right : tensor<1x8x3xi32>, tensor<1x8x3xi32>) outs(%s.empty : tensor<1x8x3xi32>) {
  ^bb0(%in: i32, %other: i32, %out: i32):
    %c = arith.addi %in, %other : i32
    linalg.yield %c : i32
  } -> tensor<1x8x3xi32>
  %codes.empty = tensor.empty() : tensor<1x8x3xi8>
  %codes = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%s : tensor<1x8x3xi32>) outs(%codes.empty : tensor<1x8x3xi8>) {
  ^bb0(%in: i32, %out: i8):
    %low = arith.constant 0 : i32
    %high = arith.constant 3 : i32
    %a = arith.maxsi %in, %low : i32
    %b = arith.minsi %a, %high : i32
    %c = arith.trunci %b : i32 to i8
    linalg.yield %c : i8
  } -> tensor<1x8x3xi8>
  %y = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%codes, %add_v : tensor<1x8x3xi8>, tensor<1x3x1xi8>) outs(%one : tensor<1x8x1xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x1xi32>
  return %y : tensor<1x8x1xi32>
}

// -----

#lhs = affine_map<(b, m, n, k) -> (b, m, k)>
#rhs = affine_map<(b, m, n, k) -> (b, k, n)>
#out = affine_map<(b, m, n, k) -> (b, m, n)>
#id = affine_map<(b, m, n) -> (b, m, n)>
#channel = affine_map<(b, m, n) -> (n)>

// What a function returns keeps its shape, and so does what is added to an
// argument; of a tensor that is constant all over, one channel stays.
// CHECK-DAG: @returned_w(dense<{{\[\[\[}}1, 0]]]> : tensor<1x1x2xi8>)
// CHECK-LABEL: func.func @returned(
// CHECK-SAME:    -> tensor<1x8x2xi32> 
// CHECK-DAG: @nothing_w(dense<0> : tensor<1x1x1xi8>)
// CHECK-LABEL: func.func @nothing(
ml_program.global private @returned_w(dense<[[[1, 0]]]> : tensor<1x1x2xi8>) : tensor<1x1x2xi8>
func.func @returned(%x: tensor<1x8x1xi8>) -> tensor<1x8x2xi32> {
  %zero = arith.constant 0 : i32
  %returned_w = ml_program.global_load_const @returned_w : tensor<1x1x2xi8>
  %none.empty = tensor.empty() : tensor<1x8x2xi32>
  %none = linalg.fill ins(%zero : i32) outs(%none.empty : tensor<1x8x2xi32>) -> tensor<1x8x2xi32>
  %y = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %returned_w : tensor<1x8x1xi8>, tensor<1x1x2xi8>) outs(%none : tensor<1x8x2xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x2xi32>
  return %y : tensor<1x8x2xi32>
}
ml_program.global private @nothing_w(dense<[[[0, 0]]]> : tensor<1x1x2xi8>) : tensor<1x1x2xi8>
ml_program.global private @nothing_v(dense<[[[1], [1]]]> : tensor<1x2x1xi8>) : tensor<1x2x1xi8>
func.func @nothing(%x: tensor<1x8x1xi8>) -> tensor<1x8x1xi32> {
  %zero = arith.constant 0 : i32
  %nothing_w = ml_program.global_load_const @nothing_w : tensor<1x1x2xi8>
  %none.empty = tensor.empty() : tensor<1x8x2xi32>
  %none = linalg.fill ins(%zero : i32) outs(%none.empty : tensor<1x8x2xi32>) -> tensor<1x8x2xi32>
  %sum = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %nothing_w : tensor<1x8x1xi8>, tensor<1x1x2xi8>) outs(%none : tensor<1x8x2xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x2xi32>
  %codes.empty = tensor.empty() : tensor<1x8x2xi8>
  %codes = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%sum : tensor<1x8x2xi32>) outs(%codes.empty : tensor<1x8x2xi8>) {
  ^bb0(%in: i32, %out: i8):
    %low = arith.constant 0 : i32
    %high = arith.constant 3 : i32
    %a = arith.maxsi %in, %low : i32
    %b = arith.minsi %a, %high : i32
    %c = arith.trunci %b : i32 to i8
    linalg.yield %c : i8
  } -> tensor<1x8x2xi8>
  %nothing_v = ml_program.global_load_const @nothing_v : tensor<1x2x1xi8>
  %one.empty = tensor.empty() : tensor<1x8x1xi32>
  %one = linalg.fill ins(%zero : i32) outs(%one.empty : tensor<1x8x1xi32>) -> tensor<1x8x1xi32>
  %y = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%codes, %nothing_v : tensor<1x8x2xi8>, tensor<1x2x1xi8>) outs(%one : tensor<1x8x1xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x1xi32>
  return %y : tensor<1x8x1xi32>
}

// -----

// A module with nothing to remove keeps its bound as it is.
#lhs = affine_map<(b, m, n, k) -> (b, m, k)>
#rhs = affine_map<(b, m, n, k) -> (b, k, n)>
#out = affine_map<(b, m, n, k) -> (b, m, n)>
#id = affine_map<(b, m, n) -> (b, m, n)>
#channel = affine_map<(b, m, n) -> (n)>
// CHECK-LABEL: func.func @kept(
// CHECK-SAME:    attributes {cgmq.budget = #cgmq.budget<5.000000e+01 percent>}
ml_program.global private @kept_w(dense<[[[1, 1]]]> : tensor<1x1x2xi8>) : tensor<1x1x2xi8>
ml_program.global private @kept_v(dense<[[[1], [1]]]> : tensor<1x2x1xi8>) : tensor<1x2x1xi8>
func.func @kept(%x: tensor<1x8x1xi8>) -> tensor<1x8x1xi32> attributes {cgmq.budget = #cgmq.budget<50.0 percent>} {
  %zero = arith.constant 0 : i32
  %kept_w = ml_program.global_load_const @kept_w : tensor<1x1x2xi8>
  %none.empty = tensor.empty() : tensor<1x8x2xi32>
  %none = linalg.fill ins(%zero : i32) outs(%none.empty : tensor<1x8x2xi32>) -> tensor<1x8x2xi32>
  %sum = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %kept_w : tensor<1x8x1xi8>, tensor<1x1x2xi8>) outs(%none : tensor<1x8x2xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x2xi32>
  %codes.empty = tensor.empty() : tensor<1x8x2xi8>
  %codes = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%sum : tensor<1x8x2xi32>) outs(%codes.empty : tensor<1x8x2xi8>) {
  ^bb0(%in: i32, %out: i8):
    %low = arith.constant 0 : i32
    %high = arith.constant 3 : i32
    %a = arith.maxsi %in, %low : i32
    %b = arith.minsi %a, %high : i32
    %c = arith.trunci %b : i32 to i8
    linalg.yield %c : i8
  } -> tensor<1x8x2xi8>
  %kept_v = ml_program.global_load_const @kept_v : tensor<1x2x1xi8>
  %one.empty = tensor.empty() : tensor<1x8x1xi32>
  %one = linalg.fill ins(%zero : i32) outs(%one.empty : tensor<1x8x1xi32>) -> tensor<1x8x1xi32>
  %y = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%codes, %kept_v : tensor<1x8x2xi8>, tensor<1x2x1xi8>) outs(%one : tensor<1x8x1xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x8x1xi32>
  return %y : tensor<1x8x1xi32>
}

// -----

// A convolution pads the constant 3 by zeros, which is not the same everywhere:
// that channel stays. The channel of zeros goes, through the pool (which pads by
// the least number, and so changes nothing), the transposes and the reshapes.
#input = affine_map<(n, h, w, f, p, q, c) -> (n, h + p, w + q, c)>
#kernel = affine_map<(n, h, w, f, p, q, c) -> (p, q, c, f)>
#image = affine_map<(n, h, w, f, p, q, c) -> (n, h, w, f)>
#pixel = affine_map<(n, h, w, c) -> (n, h, w, c)>
#lhs = affine_map<(b, m, n, k) -> (b, m, k)>
#rhs = affine_map<(b, m, n, k) -> (b, k, n)>
#out = affine_map<(b, m, n, k) -> (b, m, n)>
// CHECK-DAG: @window_w(dense<{{\[\[\[\[}}1, 0]]]]> : tensor<1x1x1x2xi8>)
// CHECK-DAG: @window_b(dense<[1, 9]> : tensor<2xi32>)
// CHECK-DAG: @window_v(dense<{{.*}}> : tensor<2x2x2x2xi8>)
// CHECK-DAG: @window_c(dense<[1, -4]> : tensor<2xi32>)
// CHECK-DAG: @window_u(dense<{{\[\[\[}}1], [1], [1], [1], [0], [0], [0], [1]]]> : tensor<1x8x1xi8>)
// CHECK-LABEL: func.func @window(
// CHECK:         tensor.pad %{{.*}} low[0, 1, 1, 0] high[0, 0, 0, 0]
// CHECK:         tensor<?x2x2x2xi8> to tensor<?x3x3x2xi8>
// CHECK:         linalg.pooling_nhwc_max {{.*}} -> tensor<?x2x2x2xi32>
// CHECK:         tosa.transpose %{{.*}} {perms = array<i32: 0, 3, 1, 2>} : (tensor<?x2x2x2xi8>) -> tensor<?x2x2x2xi8>
// CHECK:         tosa.const_shape {values = dense<[1, -1, 8]> : tensor<3xindex>}
// CHECK:         tosa.reshape %{{.*}} -> tensor<1x?x8xi8>
ml_program.global private @window_w(dense<[[[[1, 0, 0]]]]> : tensor<1x1x1x3xi8>) : tensor<1x1x1x3xi8>
ml_program.global private @window_b(dense<[1, 9, -1]> : tensor<3xi32>) : tensor<3xi32>
ml_program.global private @window_v(dense<[[[[1, 1, 0], [1, -1, 0], [1, 1, 0]], [[1, 1, 0], [1, -1, 0], [1, 1, 0]]], [[[1, 1, 0], [1, -1, 0], [1, 1, 0]], [[1, 1, 0], [1, -1, 0], [1, 1, 0]]]]> : tensor<2x2x3x3xi8>) : tensor<2x2x3x3xi8>
ml_program.global private @window_c(dense<[1, -4, -2]> : tensor<3xi32>) : tensor<3xi32>
ml_program.global private @window_u(dense<[[[1], [1], [1], [1], [0], [0], [0], [1], [1], [1], [1], [1]]]> : tensor<1x12x1xi8>) : tensor<1x12x1xi8>
func.func @window(%x: tensor<?x2x2x1xi8>) -> tensor<1x?x1xi32> {
  %zero = arith.constant 0 : i32
  %zero8 = arith.constant 0 : i8
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x2x2x1xi8>
  %window_w = ml_program.global_load_const @window_w : tensor<1x1x1x3xi8>
  %window_b = ml_program.global_load_const @window_b : tensor<3xi32>
  %b.empty = tensor.empty(%n) : tensor<?x2x2x3xi32>
  %b.start = linalg.broadcast ins(%window_b : tensor<3xi32>) outs(%b.empty : tensor<?x2x2x3xi32>) dimensions = [0, 1, 2]
  %first = linalg.generic {indexing_maps = [#input, #kernel, #image], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%x, %window_w : tensor<?x2x2x1xi8>, tensor<1x1x1x3xi8>) outs(%b.start : tensor<?x2x2x3xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<?x2x2x3xi32>
  %codes.empty = tensor.empty(%n) : tensor<?x2x2x3xi8>
  %codes = linalg.generic {indexing_maps = [#pixel, #pixel], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%first : tensor<?x2x2x3xi32>) outs(%codes.empty : tensor<?x2x2x3xi8>) {
  ^bb0(%in: i32, %out: i8):
    %low = arith.constant 0 : i32
    %high = arith.constant 3 : i32
    %a = arith.maxsi %in, %low : i32
    %b = arith.minsi %a, %high : i32
    %c = arith.trunci %b : i32 to i8
    linalg.yield %c : i8
  } -> tensor<?x2x2x3xi8>
  %padded = tensor.pad %codes low[0, 1, 1, 0] high[0, 0, 0, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero8 : i8
  } : tensor<?x2x2x3xi8> to tensor<?x3x3x3xi8>
  %window_v = ml_program.global_load_const @window_v : tensor<2x2x3x3xi8>
  %window_c = ml_program.global_load_const @window_c : tensor<3xi32>
  %c.start = linalg.broadcast ins(%window_c : tensor<3xi32>) outs(%b.empty : tensor<?x2x2x3xi32>) dimensions = [0, 1, 2]
  %second = linalg.generic {indexing_maps = [#input, #kernel, #image], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%padded, %window_v : tensor<?x3x3x3xi8>, tensor<2x2x3x3xi8>) outs(%c.start : tensor<?x2x2x3xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<?x2x2x3xi32>
  %lowest = arith.constant -2147483648 : i32
  %least.empty = tensor.empty(%n) : tensor<?x2x2x3xi32>
  %least = linalg.fill ins(%lowest : i32) outs(%least.empty : tensor<?x2x2x3xi32>) -> tensor<?x2x2x3xi32>
  %bordered = tensor.pad %second low[0, 0, 0, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %lowest : i32
  } : tensor<?x2x2x3xi32> to tensor<?x3x3x3xi32>
  %window = tensor.empty() : tensor<2x2xi32>
  %pool = linalg.pooling_nhwc_max {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%bordered, %window : tensor<?x3x3x3xi32>, tensor<2x2xi32>) outs(%least : tensor<?x2x2x3xi32>) -> tensor<?x2x2x3xi32>
  %pooled.empty = tensor.empty(%n) : tensor<?x2x2x3xi8>
  %pooled = linalg.generic {indexing_maps = [#pixel, #pixel], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%pool : tensor<?x2x2x3xi32>) outs(%pooled.empty : tensor<?x2x2x3xi8>) {
  ^bb0(%in: i32, %out: i8):
    %low = arith.constant 0 : i32
    %high = arith.constant 3 : i32
    %a = arith.maxsi %in, %low : i32
    %b = arith.minsi %a, %high : i32
    %c = arith.trunci %b : i32 to i8
    linalg.yield %c : i8
  } -> tensor<?x2x2x3xi8>
  %moved = tosa.transpose %pooled {perms = array<i32: 0, 3, 1, 2>} : (tensor<?x2x2x3xi8>) -> tensor<?x3x2x2xi8>
  %flat_shape = tosa.const_shape {values = dense<[1, -1, 12]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %flat = tosa.reshape %moved, %flat_shape : (tensor<?x3x2x2xi8>, !tosa.shape<3>) -> tensor<1x?x12xi8>
  %window_u = ml_program.global_load_const @window_u : tensor<1x12x1xi8>
  %y.empty = tensor.empty(%n) : tensor<1x?x1xi32>
  %y.start = linalg.fill ins(%zero : i32) outs(%y.empty : tensor<1x?x1xi32>) -> tensor<1x?x1xi32>
  %y = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%flat, %window_u : tensor<1x?x12xi8>, tensor<1x12x1xi8>) outs(%y.start : tensor<1x?x1xi32>) attrs = {cgmq.widths = array<i64: 2, 2>} {
  ^bb0(%in: i8, %weight: i8, %out: i32):
    %a = arith.extui %in : i8 to i32
    %b = arith.extsi %weight : i8 to i32
    %c = arith.muli %a, %b : i32
    %d = arith.addi %out, %c : i32
    linalg.yield %d : i32
  } -> tensor<1x?x1xi32>
  return %y : tensor<1x?x1xi32>
}
