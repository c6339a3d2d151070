"""Writes the ONNX files of invalid.test to a directory, in protobuf.

They have what the textual syntax cannot say: weights in other files, elements
that do not fit, versions to come.
"""
import struct
import sys

from onnx_protobuf import field, value


def model(weight, opset=13, ir_version=8):
    """y = x + w, all of two floats."""
    node = field(1, "x") + field(1, "w") + field(2, "y") + field(3, "sum") + field(4, "Add")
    graph = field(1, node) + field(2, "net") + field(5, weight)
    graph += field(11, value("x", 2)) + field(12, value("y", 2))
    return field(1, ir_version) + field(8, field(2, opset)) + field(7, graph)


def external(location, **entries):
    data = field(13, field(1, "location") + field(2, location))
    for key, number in entries.items():
        data += field(13, field(1, key) + field(2, str(number)))
    return field(1, 2) + field(2, 1) + field(8, "w") + data + field(14, 1)


numbers = struct.pack("<2f", 3, 4)
whole = field(1, 2) + field(2, 1) + field(8, "w") + field(9, numbers)
short = field(1, 2) + field(2, 1) + field(8, "w") + field(9, numbers[:6])
files = {
    "whole.onnx": model(whole),
    "truncated.onnx": model(whole)[:-20],
    "empty.onnx": b"",
    "short.onnx": model(short),
    "opset.onnx": model(whole, opset=21),
    "ir.onnx": model(whole, ir_version=10),
    "external.onnx": model(external("weights.bin", offset=4, length=8)),
    "absent.onnx": model(external("absent.bin")),
    "outside.onnx": model(external("../weights.bin")),
    "beyond.onnx": model(external("weights.bin", offset=8, length=8)),
    "weights.bin": b"abcd" + numbers,
}
for name, content in files.items():
    with open(f"{sys.argv[1]}/{name}", "wb") as file:
        file.write(content)
