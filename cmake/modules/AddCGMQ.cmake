# Small wrappers, so that each CMakeLists.txt names its files and nothing else.

# Upstream's headers take most of the time of a compilation, so they are parsed
# once for all components.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/CGMQPrecompiled.cpp "")
add_library(CGMQPrecompiled OBJECT ${CMAKE_CURRENT_BINARY_DIR}/CGMQPrecompiled.cpp)
target_precompile_headers(CGMQPrecompiled PRIVATE
  <mlir/Dialect/Arith/IR/Arith.h>
  <mlir/Dialect/Func/IR/FuncOps.h>
  <mlir/Dialect/Linalg/IR/Linalg.h>
  <mlir/Dialect/MLProgram/IR/MLProgram.h>
  <mlir/Dialect/Math/IR/Math.h>
  <mlir/Dialect/Tensor/IR/Tensor.h>
  <mlir/Dialect/Tosa/IR/TosaOps.h>
  <mlir/IR/PatternMatch.h>
  <mlir/IR/SymbolTable.h>
  <mlir/Pass/Pass.h>)

# add_cgmq_library(<name> <source>... [LINK_LIBS <target>...])
# A static, position-independent component; tools and the plugin link the
# components, and MLIR comes from the one shared library.
function(add_cgmq_library name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  add_dependencies(${name} cgmq-headers)
  target_link_libraries(${name} PUBLIC ${ARG_LINK_LIBS} MLIR LLVM)
  target_precompile_headers(${name} REUSE_FROM CGMQPrecompiled)
  set_property(GLOBAL APPEND PROPERTY CGMQ_LIBS ${name})
endfunction()

# add_cgmq_tool(<name> <source>... [LINK_LIBS <target>...])
function(add_cgmq_tool name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  add_dependencies(${name} cgmq-headers)
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS} MLIR LLVM)
endfunction()

# cgmq_tablegen_passes(<name>): Passes.td -> Passes.h.inc with the registration
# function register<name>Passes().
macro(cgmq_tablegen_passes name)
  set(LLVM_TARGET_DEFINITIONS Passes.td)
  mlir_tablegen(Passes.h.inc -gen-pass-decls -name ${name})
  add_public_tablegen_target(CGMQ${name}PassesIncGen)
  add_dependencies(cgmq-headers CGMQ${name}PassesIncGen)
endmacro()
