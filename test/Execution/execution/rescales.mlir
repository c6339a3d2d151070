// RUN: cgmq-compare-lowerings %s

// A million sums, all that reach a code and more, are rescaled to the same codes
// in floats as in integers: by one factor, and by two where ties are corrected.

func.func @one_factor() -> tensor<1000003xi8> {
  %middle = arith.constant 500000 : i32
  %multiplier = arith.constant 1536482264 : i64
  %half = arith.constant 274877906944 : i64
  %shift = arith.constant 39 : i64
  %min = arith.constant 0 : i64
  %max = arith.constant 255 : i64
  %none = tensor.empty() : tensor<1000003xi8>
  %codes = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      outs(%none : tensor<1000003xi8>) {
  ^bb0(%o: i8):
    %i = linalg.index 0 : index
    %i32 = arith.index_cast %i : index to i32
    %sum = arith.subi %i32, %middle : i32
    %x = arith.extsi %sum : i32 to i64
    %p = arith.muli %x, %multiplier : i64
    %r = arith.addi %p, %half : i64
    %s = arith.shrsi %r, %shift : i64
    %low = arith.maxsi %s, %min : i64
    %high = arith.minsi %low, %max : i64
    %code = arith.trunci %high : i64 to i8
    linalg.yield %code : i8
  } -> tensor<1000003xi8>
  return %codes : tensor<1000003xi8>
}

func.func @two_factors() -> tensor<1000003xi8> {
  %middle = arith.constant 500000 : i32
  %multiplier = arith.constant 1244712400 : i64
  %half = arith.constant 2199023255552 : i64
  %shift = arith.constant 42 : i64
  %min = arith.constant -127 : i64
  %max = arith.constant 127 : i64
  %at0 = arith.constant -372772 : i64
  %at1 = arith.constant -326838 : i64
  %at2 = arith.constant 234970 : i64
  %at3 = arith.constant 280904 : i64
  %none = tensor.empty() : tensor<1000003xi8>
  %codes = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      outs(%none : tensor<1000003xi8>) {
  ^bb0(%o: i8):
    %i = linalg.index 0 : index
    %i32 = arith.index_cast %i : index to i32
    %sum = arith.subi %i32, %middle : i32
    %x = arith.extsi %sum : i32 to i64
    %p = arith.muli %x, %multiplier : i64
    %r = arith.addi %p, %half : i64
    %s0 = arith.shrsi %r, %shift : i64
    %is0 = arith.cmpi eq, %x, %at0 : i64
    %d0 = arith.extui %is0 : i1 to i64
    %s1 = arith.addi %s0, %d0 : i64
    %is1 = arith.cmpi eq, %x, %at1 : i64
    %d1 = arith.extui %is1 : i1 to i64
    %s2 = arith.addi %s1, %d1 : i64
    %is2 = arith.cmpi eq, %x, %at2 : i64
    %d2 = arith.extui %is2 : i1 to i64
    %s3 = arith.addi %s2, %d2 : i64
    %is3 = arith.cmpi eq, %x, %at3 : i64
    %d3 = arith.extui %is3 : i1 to i64
    %s4 = arith.addi %s3, %d3 : i64
    %low = arith.maxsi %s4, %min : i64
    %high = arith.minsi %low, %max : i64
    %code = arith.trunci %high {cgmq.factors = array<f32: 2.22846325E-6, 127.0>} : i64 to i8
    linalg.yield %code : i8
  } -> tensor<1000003xi8>
  return %codes : tensor<1000003xi8>
}

// Rows of one byte each among others: what is truncated is stored alone.
func.func @columns(%sums: tensor<7x1xi32>) -> tensor<7x3xi8> {
  %c7 = arith.constant 7 : i8
  %none = tensor.empty() : tensor<7x1xi8>
  %codes = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%sums : tensor<7x1xi32>) outs(%none : tensor<7x1xi8>) {
  ^bb0(%sum: i32, %o: i8):
    %code = arith.trunci %sum : i32 to i8
    linalg.yield %code : i8
  } -> tensor<7x1xi8>
  %padded = tensor.pad %codes low[0, 0] high[0, 2] {
  ^bb0(%i: index, %j: index):
    tensor.yield %c7 : i8
  } : tensor<7x1xi8> to tensor<7x3xi8>
  return %padded : tensor<7x3xi8>
}
