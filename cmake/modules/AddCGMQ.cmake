# Small wrappers, so that each CMakeLists.txt names its files and nothing else.

# add_cgmq_library(<name> <source>... [LINK_LIBS <target>...])
# A static, position-independent component; tools and the plugin link the
# components, and MLIR comes from the one shared library.
function(add_cgmq_library name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  add_dependencies(${name} cgmq-headers)
  target_link_libraries(${name} PUBLIC ${ARG_LINK_LIBS} MLIR LLVM)
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
