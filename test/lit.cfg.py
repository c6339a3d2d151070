import os
import shutil
import subprocess
import sys

import lit.formats

config.name = "cgmq"
config.test_format = lit.formats.ShTest(True)
config.suffixes = [".mlir", ".test", ".py"]
config.excludes = ["Models", "Inputs", "CMakeLists.txt", "lit.cfg.py", "lit.site.cfg.py"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.cgmq_obj_root, "test")

path = [os.path.join(config.cgmq_obj_root, "bin"), config.llvm_tools_dir,
        config.environment["PATH"]]
config.environment["PATH"] = os.pathsep.join(path)
config.substitutions.append(("%cgmq_plugin", os.path.join(config.cgmq_obj_root, "lib", "libCGMQPlugin.so")))
config.substitutions.append(("%cgmq_src_root", config.cgmq_src_root))
config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%cgmq_obj_root", config.cgmq_obj_root))

# Stock MLIR's way from linalg on tensors to a program, and what runs its @main,
# which returns an i32.
config.substitutions.append(("%lower_to_llvm", " ".join(f"--{name}" for name in (
    "one-shot-bufferize=bufferize-function-boundaries", "convert-linalg-to-loops",
    "convert-scf-to-cf", "expand-strided-metadata", "lower-affine", "convert-math-to-llvm",
    "convert-arith-to-llvm", "convert-index-to-llvm", "finalize-memref-to-llvm",
    "convert-func-to-llvm", "convert-cf-to-llvm", "reconcile-unrealized-casts"))))
config.substitutions.append(("%run_main", "mlir-runner --entry-point-result=i32 -O2 --shared-libs=" +
    os.path.join(os.path.dirname(config.llvm_tools_dir), "lib", "libmlir_c_runner_utils.so")))

# A sanitizer's runtime has to come with the program: stock tools cannot load
# what is built with one.
if config.cgmq_sanitize:
    config.available_features.add("sanitized")

# The real data set, where tools/fetch-mnist has put it.
mnist = os.path.join(config.cgmq_obj_root, "data", "mnist")
config.substitutions.append(("%mnist", mnist))
if os.path.exists(os.path.join(mnist, "t10k-labels-idx1-ubyte")):
    config.available_features.add("mnist")

# ONNX's own tests, as Debian packs them.
onnx_testdata = "/usr/share/libonnx-testdata/data"
config.substitutions.append(("%onnx_testdata", onnx_testdata))
if os.path.isdir(onnx_testdata):
    config.available_features.add("onnx-testdata")

# A compiler for Cortex-M and a machine to run its programs on.
if all(shutil.which(name) for name in ("arm-none-eabi-gcc", "qemu-system-arm")):
    config.available_features.add("cortex-m")

# The programs of benchmark/, and the peers that they compare with.
def has_program(name):
    return os.path.exists(os.path.join(config.cgmq_obj_root, "bin", name))


if has_program("cgmq-benchmark-step"):
    config.available_features.add("benchmarks")
if has_program("dnnl-benchmark-kernels"):
    config.available_features.add("dnnl")
if os.path.exists(os.path.join(config.cgmq_obj_root, "onnxruntime", "package")):
    config.available_features.add("onnxruntime")
for package in ("torch", "onnx", "matplotlib"):
    find = f"import importlib.util as u, sys; sys.exit(u.find_spec('{package}') is None)"
    if os.path.exists("/usr/bin/python3") and not subprocess.call(["/usr/bin/python3", "-c", find]):
        config.available_features.add(package)
