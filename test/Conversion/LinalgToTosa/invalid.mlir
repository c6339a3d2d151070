// RUN: cgmq-opt %s --cgmq-raise-linalg --split-input-file --verify-diagnostics

#id = affine_map<(i) -> (i)>
func.func @unknown(%x: tensor<3xf32>) -> tensor<3xf32> {
  %e = tensor.empty() : tensor<3xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<3xf32>) outs(%e : tensor<3xf32>) {
  ^bb0(%in: f32, %out: f32):
    // expected-error @below {{'math.atan' op has no counterpart in TOSA}}
    // expected-note @below {{leave what it computes to the caller, or write it by operations that docs/limits.md lists}}
    %r = math.atan %in : f32
    linalg.yield %r : f32
  } -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

#id = affine_map<(i) -> (i)>
func.func @index(%e: tensor<3xf32>) -> tensor<3xf32> {
  %y = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel"]} outs(%e : tensor<3xf32>) {
  ^bb0(%out: f32):
    // expected-error @below {{'linalg.index' op expects elements of a type that TOSA has}}
    // expected-note @below {{cast the network to f32}}
    %i = linalg.index 0 : index
    %j = arith.index_cast %i : index to i32
    %r = arith.sitofp %j : i32 to f32
    linalg.yield %r : f32
  } -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @double(%x: tensor<3xf64>) -> tensor<3xf64> {
  %e = tensor.empty() : tensor<3xf64>
  // expected-error @below {{'math.exp' op expects elements of a type that TOSA has}}
  // expected-note @below {{cast the network to f32}}
  %y = linalg.exp ins(%x : tensor<3xf64>) outs(%e : tensor<3xf64>) -> tensor<3xf64>
  return %y : tensor<3xf64>
}

// -----

#id = affine_map<(i) -> (i)>
func.func @unordered(%x: tensor<3xf32>) -> tensor<3xi1> {
  %e = tensor.empty() : tensor<3xi1>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<3xf32>) outs(%e : tensor<3xi1>) {
  ^bb0(%in: f32, %out: i1):
    // expected-error @below {{'arith.cmpf' op expects a comparison of numbers}}
    // expected-note @below {{leave what it computes}}
    %r = arith.cmpf uno, %in, %in : f32
    linalg.yield %r : i1
  } -> tensor<3xi1>
  return %y : tensor<3xi1>
}

// -----

#id = affine_map<(i) -> (i)>
func.func @unsigned(%x: tensor<3xi32>) -> tensor<3xi1> {
  %e = tensor.empty() : tensor<3xi1>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<3xi32>) outs(%e : tensor<3xi1>) {
  ^bb0(%in: i32, %out: i1):
    %two = arith.constant 2 : i32
    // expected-error @below {{'arith.cmpi' op expects a comparison of signed integers}}
    // expected-note @below {{leave what it computes}}
    %r = arith.cmpi ult, %in, %two : i32
    linalg.yield %r : i1
  } -> tensor<3xi1>
  return %y : tensor<3xi1>
}

// -----

#id = affine_map<(i) -> (i)>
func.func @bytes(%x: tensor<3xi8>) -> tensor<3xf32> {
  %e = tensor.empty() : tensor<3xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<3xi8>) outs(%e : tensor<3xf32>) {
  ^bb0(%in: i8, %out: f32):
    // expected-error @below {{'arith.uitofp' op expects signed integers or truth values}}
    // expected-note @below {{leave what it computes}}
    %r = arith.uitofp %in : i8 to f32
    linalg.yield %r : f32
  } -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

#flip = affine_map<(i) -> (2 - i)>
#id = affine_map<(i) -> (i)>
func.func @flip(%x: tensor<3xf32>) -> tensor<3xf32> {
  %e = tensor.empty() : tensor<3xf32>
  // expected-error @below {{'linalg.generic' op expects operands whose indices are loops, each once, or zero}}
  // expected-note @below {{leave what it computes}}
  %y = linalg.generic {indexing_maps = [#flip, #id], iterator_types = ["parallel"]} ins(%x : tensor<3xf32>) outs(%e : tensor<3xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @scalar(%x: tensor<3xf32>, %s: f32) -> tensor<3xf32> {
  // expected-error @below {{'linalg.fill' op expects scalars that are known at compile time}}
  // expected-note @below {{leave what it computes}}
  %y = linalg.fill ins(%s : f32) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

#id = affine_map<(i) -> (i)>
func.func @empty(%x: tensor<3xf32>) -> tensor<3xf32> {
  %e = tensor.empty() : tensor<3xf32>
  // expected-error @below {{'linalg.generic' op expects a tensor with elements to accumulate into, but got an empty one}}
  // expected-note @below {{leave what it computes}}
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<3xf32>) outs(%e : tensor<3xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = arith.addf %in, %out : f32
    linalg.yield %r : f32
  } -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @no_reduction(%x: tensor<3x2xf32>, %y: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error @below {{'linalg.reduce' op expects to reduce by a sum, product, maximum or minimum}}
  // expected-note @below {{leave what it computes}}
  %z = linalg.reduce { arith.subf } ins(%x : tensor<3x2xf32>) outs(%y : tensor<3xf32>) dimensions = [1]
  return %z : tensor<3xf32>
}

// -----

func.func @dilated(%x: tensor<1x2x9x9xf32>) -> tensor<1x2x5x5xf32> {
  %least = arith.constant 0xFF800000 : f32
  %k = tensor.empty() : tensor<3x3xf32>
  %e = tensor.empty() : tensor<1x2x5x5xf32>
  %init = linalg.fill ins(%least : f32) outs(%e : tensor<1x2x5x5xf32>) -> tensor<1x2x5x5xf32>
  // expected-error @below {{'linalg.pooling_nchw_max' op expects no dilations, which TOSA does not have in poolings}}
  // expected-note @below {{leave what it computes}}
  %y = linalg.pooling_nchw_max {dilations = dense<2> : vector<2xi64>} ins(%x, %k : tensor<1x2x9x9xf32>, tensor<3x3xf32>) outs(%init : tensor<1x2x5x5xf32>) -> tensor<1x2x5x5xf32>
  return %y : tensor<1x2x5x5xf32>
}

// -----

func.func @start(%x: tensor<1x2x9x9xf32>) -> tensor<1x2x7x7xf32> {
  %zero = arith.constant 0.0 : f32
  %k = tensor.empty() : tensor<3x3xf32>
  %e = tensor.empty() : tensor<1x2x7x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<1x2x7x7xf32>) -> tensor<1x2x7x7xf32>
  // expected-error @below {{'linalg.pooling_nchw_max' op expects to start from minus infinity}}
  // expected-note @below {{combine the result with another start after it}}
  %y = linalg.pooling_nchw_max ins(%x, %k : tensor<1x2x9x9xf32>, tensor<3x3xf32>) outs(%init : tensor<1x2x7x7xf32>) -> tensor<1x2x7x7xf32>
  return %y : tensor<1x2x7x7xf32>
}

// -----

func.func @least(%x: tensor<1x9x9x2xf32>, %init: tensor<1x7x7x2xf32>) -> tensor<1x7x7x2xf32> {
  %k = tensor.empty() : tensor<3x3xf32>
  // expected-error @below {{'linalg.pooling_nhwc_min' op expects a convolution, or the maximum or sum of floats in a window}}
  // expected-note @below {{leave what it computes}}
  %y = linalg.pooling_nhwc_min ins(%x, %k : tensor<1x9x9x2xf32>, tensor<3x3xf32>) outs(%init : tensor<1x7x7x2xf32>) -> tensor<1x7x7x2xf32>
  return %y : tensor<1x7x7x2xf32>
}

// -----

func.func @volume(%x: tensor<1x5x5x5x2xf32>, %w: tensor<3x3x3x2x4xf32>, %init: tensor<1x3x3x3x4xf32>) -> tensor<1x3x3x3x4xf32> {
  // expected-error @below {{'linalg.conv_3d_ndhwc_dhwcf' op expects one or two spatial dimensions}}
  // expected-note @below {{leave what it computes}}
  %y = linalg.conv_3d_ndhwc_dhwcf ins(%x, %w : tensor<1x5x5x5x2xf32>, tensor<3x3x3x2x4xf32>) outs(%init : tensor<1x3x3x3x4xf32>) -> tensor<1x3x3x3x4xf32>
  return %y : tensor<1x3x3x3x4xf32>
}

// -----

func.func @height(%x: tensor<1x?x5x2xf32>, %w: tensor<3x3x2x4xf32>, %init: tensor<1x?x3x4xf32>) -> tensor<1x?x3x4xf32> {
  // expected-error @below {{'linalg.conv_2d_nhwc_hwcf' op expects height, width and kernel to be known at compile time}}
  // expected-note @below {{export the network with static extents beside the batch}}
  %y = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x?x5x2xf32>, tensor<3x3x2x4xf32>) outs(%init : tensor<1x?x3x4xf32>) -> tensor<1x?x3x4xf32>
  return %y : tensor<1x?x3x4xf32>
}

// -----

#in = affine_map<(i, k) -> (i + k + 1)>
#w = affine_map<(i, k) -> (k)>
#out = affine_map<(i, k) -> (i)>
func.func @offset(%x: tensor<9xf32>, %w: tensor<2xf32>, %init: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error @below {{'linalg.generic' op expects a convolution or a pooling, whose input is indexed by loops, or by the sum of a loop of the result and one of the kernel}}
  // expected-note @below {{leave what it computes}}
  %y = linalg.generic {indexing_maps = [#in, #w, #out], iterator_types = ["parallel", "reduction"]} ins(%x, %w : tensor<9xf32>, tensor<2xf32>) outs(%init : tensor<3xf32>) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %acc, %p : f32
    linalg.yield %s : f32
  } -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @quantized(%x: tensor<2x3xi8>, %w: tensor<3x4xi8>, %init: tensor<2x4xi32>) -> tensor<2x4xi32> {
  // expected-error @below {{'linalg.matmul' op expects factors and sums of one type of floats}}
  // expected-note @below {{take the network as it is before quantization}}
  %y = linalg.matmul ins(%x, %w : tensor<2x3xi8>, tensor<3x4xi8>) outs(%init : tensor<2x4xi32>) -> tensor<2x4xi32>
  return %y : tensor<2x4xi32>
}

// -----

func.func @repeated(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %c = arith.constant dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf32>
  %zero = arith.constant 0 : index
  %d = tensor.dim %x, %zero : tensor<?x3xf32>
  %e = tensor.empty(%d) : tensor<?x3xf32>
  %flat = tensor.collapse_shape %c [[0, 1]] : tensor<1x3xf32> into tensor<3xf32>
  %many = linalg.broadcast ins(%flat : tensor<3xf32>) outs(%e : tensor<?x3xf32>) dimensions = [0]
  // expected-error @below {{'func.return' op expects a tensor that has the batch, but got one that is repeated for each of its samples}}
  // expected-note @below {{give the batch an extent before linalg is made}}
  return %many : tensor<?x3xf32>
}

// -----

// expected-error @below {{'func.func' op expects arguments of which at most one extent is not known, the batch, but got 'tensor<?x?xf32>'}}
func.func @open(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = linalg.exp ins(%x : tensor<?x?xf32>) outs(%x : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

func.func @outer(%x: tensor<?x1xf32>, %y: tensor<1x?xf32>, %z: tensor<?x?xf32>) -> tensor<?x?xf32> {
  // expected-error @-1 {{'func.func' op expects arguments of which at most one extent is not known}}
  %r = linalg.matmul ins(%x, %y : tensor<?x1xf32>, tensor<1x?xf32>) outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// -----

func.func @product(%x: tensor<?x1xf32>, %y: tensor<1x?xf32>) -> tensor<?x?xf32> {
  %zero = arith.constant 0.0 : f32
  %i = arith.constant 0 : index
  %j = arith.constant 1 : index
  %n = tensor.dim %x, %i : tensor<?x1xf32>
  %m = tensor.dim %y, %j : tensor<1x?xf32>
  %e = tensor.empty(%n, %m) : tensor<?x?xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  // expected-error @below {{'linalg.matmul' op expects at most one extent that is not known, the batch}}
  // expected-note @below {{export the network with static extents beside the batch}}
  %r = linalg.matmul ins(%x, %y : tensor<?x1xf32>, tensor<1x?xf32>) outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// -----

func.func @gathers(%x: tensor<5x3xf32>, %i: tensor<2x1xi64>) -> tensor<2x1x3xf32> {
  // expected-error @below {{'tensor.gather' op has no counterpart in TOSA}}
  // expected-note @below {{leave what it computes}}
  %y = tensor.gather %x[%i] gather_dims([0]) : (tensor<5x3xf32>, tensor<2x1xi64>) -> tensor<2x1x3xf32>
  return %y : tensor<2x1x3xf32>
}

// -----

func.func @steps(%x: tensor<6xf32>) -> tensor<3xf32> {
  // expected-error @below {{'tensor.extract_slice' op expects a slice of steps of one, at offsets and of extents that are known at compile time}}
  // expected-note @below {{leave what it computes}}
  %y = tensor.extract_slice %x[0] [3] [2] : tensor<6xf32> to tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @insert_steps(%x: tensor<3xf32>, %y: tensor<6xf32>) -> tensor<6xf32> {
  // expected-error @below {{'tensor.insert_slice' op expects a slice of steps of one, at offsets and of extents that are known at compile time}}
  // expected-note @below {{leave what it computes}}
  %z = tensor.insert_slice %x into %y[0] [3] [2] : tensor<3xf32> into tensor<6xf32>
  return %z : tensor<6xf32>
}

// -----

func.func @hole(%x: tensor<3xf32>) -> tensor<6xf32> {
  %e = tensor.empty() : tensor<6xf32>
  // expected-error @below {{'tensor.insert_slice' op expects the parts of an empty tensor to fill it, one after the other along one dimension}}
  // expected-note @below {{leave what it computes}}
  %z = tensor.insert_slice %x into %e[1] [3] [1] : tensor<3xf32> into tensor<6xf32>
  return %z : tensor<6xf32>
}

// -----

func.func @corner(%x: tensor<1x1xf32>, %y: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // expected-error @below {{'tensor.insert_slice' op expects to replace a part along one dimension, or in a tensor of one number}}
  // expected-note @below {{leave what it computes}}
  %z = tensor.insert_slice %x into %y[0, 1] [1, 1] [1, 1] : tensor<1x1xf32> into tensor<2x2xf32>
  return %z : tensor<2x2xf32>
}

// -----

func.func @pad_value(%x: tensor<3xf32>, %s: f32) -> tensor<5xf32> {
  // expected-error @below {{'tensor.pad' op expects to pad by a number that is known at compile time}}
  // expected-note @below {{leave what it computes}}
  %y = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %s : f32
  } : tensor<3xf32> to tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

func.func @pad_amount(%x: tensor<3xf32>, %n: index) -> tensor<?xf32> {
  %zero = arith.constant 0.0 : f32
  // expected-error @below {{'tensor.pad' op expects to pad by amounts that are known at compile time}}
  // expected-note @below {{export the network with static extents beside the batch}}
  %y = tensor.pad %x low[1] high[%n] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<3xf32> to tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @states(%x: tensor<?x3xf32>) -> tensor<2x3xf32> {
  // expected-error @below {{'tensor.cast' op expects to know the extents that it states}}
  // expected-note @below {{export the network with static extents beside the batch}}
  %y = tensor.cast %x : tensor<?x3xf32> to tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @splat(%s: f32) -> tensor<3xf32> {
  // expected-error @below {{'tensor.splat' op expects a number that is known at compile time}}
  // expected-note @below {{leave what it computes}}
  %y = tensor.splat %s : tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @loop(%x: tensor<3xf32>, %n: index) -> tensor<3xf32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %y = scf.for %i = %zero to %n step %one iter_args(%a = %x) -> tensor<3xf32> {
    // expected-error @below {{'linalg.exp' op expects no control flow around it}}
    // expected-note @below {{unroll it before linalg is made}}
    %b = linalg.exp ins(%a : tensor<3xf32>) outs(%a : tensor<3xf32>) -> tensor<3xf32>
    scf.yield %b : tensor<3xf32>
  }
  return %y : tensor<3xf32>
}

// -----

// expected-error @below {{'func.func' op expects one block, but got control flow}}
// expected-note @below {{unroll it before linalg is made}}
func.func @blocks(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = linalg.exp ins(%x : tensor<3xf32>) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  cf.br ^end
^end:
  return %y : tensor<3xf32>
}

// -----

// expected-error @below {{'func.func' op expects a function that nothing calls}}
// expected-note @below {{inline it before linalg is made}}
func.func private @callee(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = linalg.exp ins(%x : tensor<3xf32>) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}
func.func @caller(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = func.call @callee(%x) : (tensor<3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @asserts(%x: tensor<3xf32>, %c: i1) -> tensor<3xf32> {
  // expected-error @below {{'cf.assert' op expects a condition that is known to hold}}
  // expected-note @below {{--canonicalize, or static extents, make it known}}
  cf.assert %c, "training is not supported for now"
  %y = linalg.exp ins(%x : tensor<3xf32>) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @buffers(%x: memref<3xf32>) {
  // expected-error @below {{'linalg.exp' op expects tensors, but got buffers}}
  // expected-note @below {{take the module as it is before bufferization}}
  linalg.exp ins(%x : memref<3xf32>) outs(%x : memref<3xf32>)
  return
}

// -----

func.func @extent(%x: tensor<?x3xf32>) -> (tensor<?x3xf32>, index) {
  %zero = arith.constant 0 : index
  // expected-error @below {{'tensor.dim' op is used by what stays}}
  // expected-note @below {{leave what it computes}}
  %n = tensor.dim %x, %zero : tensor<?x3xf32>
  return %x, %n : tensor<?x3xf32>, index
}

// -----

func.func @unfilled(%x: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error @below {{'tensor.empty' op expects to be filled before it is read}}
  // expected-note @below {{linalg.fill, or an operation that leaves what is in it unread, does so}}
  %e = tensor.empty() : tensor<3xf32>
  %y = linalg.add ins(%x, %e : tensor<3xf32>, tensor<3xf32>) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @cut(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %zero = arith.constant 0.0 : f32
  // expected-error @below {{'tensor.pad' op expects to cut less than a known extent}}
  // expected-note @below {{leave what it computes}}
  %y = tensor.pad %x low[-1, 0] high[0, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<?x3xf32> to tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}
