// RUN: cgmq-opt %s -cgmq-lower-elementwise -canonicalize -cse | FileCheck %s

#id = affine_map<(i, j) -> (i, j)>

// Loops that are contiguous in all operands are one loop of 3 * 12 = 36
// elements: one tile of two vectors, and one vector with four lanes in use.
// CHECK-LABEL: func.func @merged(
// CHECK-SAME:    %[[A:[a-z0-9]+]]: memref<3x12xf32>, %[[B:[a-z0-9]+]]: memref<3x12xf32>, %[[S:[a-z0-9]+]]: f32)
// CHECK-DAG:     %[[FACTOR:.*]] = vector.broadcast %[[S]] : f32 to vector<16xf32>
// CHECK-DAG:     %[[FLAT_A:.*]] = memref.collapse_shape %[[A]]
// CHECK-DAG:     %[[FLAT_B:.*]] = memref.collapse_shape %[[B]]
// CHECK:         %[[V:.*]] = vector.load %[[FLAT_A]][%c0]
// CHECK:         %[[P:.*]] = arith.mulf %[[V]], %[[FACTOR]] : vector<16xf32>
// CHECK:         vector.store %[[P]], %[[FLAT_B]][%c0]
// CHECK:         vector.maskedstore %[[FLAT_B]][%c32]
// CHECK-NOT:     linalg
func.func @merged(%a: memref<3x12xf32>, %b: memref<3x12xf32>, %s: f32) {
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%a : memref<3x12xf32>) outs(%b : memref<3x12xf32>) {
  ^bb0(%x: f32, %out: f32):
    %0 = arith.mulf %x, %s : f32
    linalg.yield %0 : f32
  }
  return
}

// Sums of columns stay in registers while the rows go by.
// CHECK-LABEL: func.func @columns(
// CHECK:         %[[START:.*]] = vector.load {{.*}} : memref<16xf32>
// CHECK:         %[[SUM:.*]] = scf.for {{.*}} iter_args(%[[S:.*]] = %[[START]])
// CHECK:           arith.addf %[[S]]
// CHECK:         vector.store %[[SUM]]
func.func @columns(%a: memref<100x16xf32>, %b: memref<16xf32>) {
  linalg.reduce { arith.addf } ins(%a : memref<100x16xf32>) outs(%b : memref<16xf32>) dimensions = [0]
  return
}

// The order of these sums is free: four vectors of partial sums.
// CHECK-LABEL: func.func @free_order(
// CHECK:         %[[SUMS:.*]]:4 = scf.for {{.*}} -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// CHECK:         vector.reduction <add>
// CHECK:         memref.store
func.func @free_order(%a: memref<1000xf32>, %b: memref<f32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
      ins(%a : memref<1000xf32>) outs(%b : memref<f32>) {
  ^bb0(%x: f32, %sum: f32):
    %0 = arith.addf %sum, %x fastmath<reassoc> : f32
    linalg.yield %0 : f32
  }
  return
}

// The order of these is not, so that they stay; a maximum has none.
// CHECK-LABEL: func.func @fixed_order(
// CHECK:         linalg.generic
// CHECK:           arith.addf
// CHECK:         vector.reduction <maximumf>
func.func @fixed_order(%a: memref<1000xf32>, %b: memref<f32>, %c: memref<f32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
      ins(%a : memref<1000xf32>) outs(%b : memref<f32>) {
  ^bb0(%x: f32, %sum: f32):
    %0 = arith.addf %sum, %x : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
      ins(%a : memref<1000xf32>) outs(%c : memref<f32>) {
  ^bb0(%x: f32, %greatest: f32):
    %0 = arith.maximumf %greatest, %x : f32
    linalg.yield %0 : f32
  }
  return
}

// Division that could trap, elements of one bit, and a loop that is contiguous
// in one operand only stay.
// CHECK-LABEL: func.func @stay(
// CHECK-COUNT-3: linalg.generic
func.func @stay(%a: memref<32xi32>, %b: memref<32xi32>, %c: memref<32xi1>, %d: memref<8x9xf32>, %e: memref<9x8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%a : memref<32xi32>) outs(%b : memref<32xi32>) {
  ^bb0(%x: i32, %y: i32):
    %0 = arith.divsi %x, %y : i32
    linalg.yield %0 : i32
  }
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%a, %b : memref<32xi32>, memref<32xi32>) outs(%c : memref<32xi1>) {
  ^bb0(%x: i32, %y: i32, %out: i1):
    %0 = arith.cmpi slt, %x, %y : i32
    linalg.yield %0 : i1
  }
  linalg.generic {indexing_maps = [#id, affine_map<(i, j) -> (j, i)>], iterator_types = ["parallel", "parallel"]}
      ins(%d : memref<8x9xf32>) outs(%e : memref<9x8xf32>) {
  ^bb0(%x: f32, %out: f32):
    %0 = arith.negf %x : f32
    linalg.yield %0 : f32
  }
  return
}

// A short loop that an input does not depend on is unrolled: its element is
// loaded once, before all stores. The gradient of a window is written over the
// window, which nothing reads afterwards.
// CHECK-LABEL: func.func @windows(
// CHECK-SAME:    %[[OUT:[a-z0-9]+]]: memref<6x2x16xf32>, %[[MAX:[a-z0-9]+]]: memref<6x16xf32>)
// CHECK:         %[[X:.*]] = memref.alloc
// CHECK-NOT:     memref.alloc
// CHECK:         scf.for
// CHECK-NOT:       scf.for
// CHECK-COUNT-2:   vector.load %[[X]]
// CHECK:           vector.load %[[MAX]]
// CHECK-NOT:       vector.load
// CHECK-COUNT-2:   vector.store %{{.*}}, %[[X]]
// CHECK:         memref.copy %[[X]], %[[OUT]]
func.func @windows(%out: memref<6x2x16xf32>, %max: memref<6x16xf32>) {
  %x = memref.alloc() : memref<6x2x16xf32>
  %g = memref.alloc() : memref<6x2x16xf32>
  linalg.generic {
      indexing_maps = [affine_map<(h, p, c) -> (h, p, c)>, affine_map<(h, p, c) -> (h, 0, c)>, affine_map<(h, p, c) -> (h, 1, c)>, affine_map<(h, p, c) -> (h, c)>, affine_map<(h, p, c) -> (h, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %x, %x, %max : memref<6x2x16xf32>, memref<6x2x16xf32>, memref<6x2x16xf32>, memref<6x16xf32>) outs(%g : memref<6x2x16xf32>) {
  ^bb0(%a: f32, %first: f32, %second: f32, %m: f32, %o: f32):
    %0 = arith.addf %first, %second : f32
    %1 = arith.mulf %a, %m : f32
    %2 = arith.mulf %0, %1 : f32
    linalg.yield %2 : f32
  }
  memref.copy %g, %out : memref<6x2x16xf32> to memref<6x2x16xf32>
  return
}

// The window is read once more, or is read by other windows: the results need
// memory of their own.
// CHECK-LABEL: func.func @kept_windows(
// CHECK-COUNT-2: memref.alloc
func.func @kept_windows(%out: memref<6x2x16xf32>, %max: memref<6x16xf32>) {
  %x = memref.alloc() : memref<6x2x16xf32>
  %g = memref.alloc() : memref<6x2x16xf32>
  linalg.generic {
      indexing_maps = [affine_map<(h, p, c) -> (h, 0, c)>, affine_map<(h, p, c) -> (h, c)>, affine_map<(h, p, c) -> (h, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %max : memref<6x2x16xf32>, memref<6x16xf32>) outs(%g : memref<6x2x16xf32>) {
  ^bb0(%a: f32, %m: f32, %o: f32):
    %0 = arith.mulf %a, %m : f32
    linalg.yield %0 : f32
  }
  memref.copy %g, %out : memref<6x2x16xf32> to memref<6x2x16xf32>
  memref.copy %x, %out : memref<6x2x16xf32> to memref<6x2x16xf32>
  return
}
// CHECK-LABEL: func.func @foreign_windows(
// CHECK-COUNT-2: memref.alloc
func.func @foreign_windows(%out: memref<20x2x16xf32>, %max: memref<20x16xf32>) {
  %x = memref.alloc() : memref<20x2x16xf32>
  %g = memref.alloc() : memref<20x2x16xf32>
  linalg.generic {
      indexing_maps = [affine_map<(h, p, c) -> (0, p, c)>, affine_map<(h, p, c) -> (h, c)>, affine_map<(h, p, c) -> (h, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %max : memref<20x2x16xf32>, memref<20x16xf32>) outs(%g : memref<20x2x16xf32>) {
  ^bb0(%a: f32, %m: f32, %o: f32):
    %0 = arith.mulf %a, %m : f32
    linalg.yield %0 : f32
  }
  memref.copy %g, %out : memref<20x2x16xf32> to memref<20x2x16xf32>
  return
}

// Windows that overlap add to the same element one after the other.
// CHECK-LABEL: func.func @overlap(
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK:             vector.load
// CHECK:             vector.store
// CHECK-NOT:         vector.store
func.func @overlap(%g: memref<5x16xf32>, %out: memref<6x16xf32>, %window: memref<2xf32>) {
  linalg.generic {
      indexing_maps = [affine_map<(h, p, c) -> (h, c)>, affine_map<(h, p, c) -> (p)>, affine_map<(h, p, c) -> (h + p, c)>],
      iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%g, %window : memref<5x16xf32>, memref<2xf32>) outs(%out : memref<6x16xf32>) {
  ^bb0(%a: f32, %w: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    linalg.yield %0 : f32
  }
  return
}
