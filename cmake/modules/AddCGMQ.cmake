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
# A static, position-independent component of the shared library CGMQ, which is
# what all else links: registries and type ids are there once, as are MLIR's in
# its own shared library.
function(add_cgmq_library name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  add_dependencies(${name} cgmq-headers)
  target_link_libraries(${name} PUBLIC ${ARG_LINK_LIBS} MLIR LLVM)
  target_precompile_headers(${name} REUSE_FROM CGMQPrecompiled)
  set_property(GLOBAL APPEND PROPERTY CGMQ_LIBS ${name})
endfunction()

# install_cgmq_targets(<target>...): installed, and exported by find_package(CGMQ).
function(install_cgmq_targets)
  install(TARGETS ${ARGN} EXPORT CGMQTargets
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endfunction()

# add_cgmq_shared_library(<name> <source>...): installed. Its ABI is kept by
# patches alone; it finds those that it needs beside it.
function(add_cgmq_shared_library name)
  add_library(${name} SHARED ${ARGN})
  add_dependencies(${name} cgmq-headers)
  set_target_properties(${name} PROPERTIES
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    INSTALL_RPATH $ORIGIN
    DEFINE_SYMBOL "")
  install_cgmq_targets(${name})
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
