# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints an ONNX file (from the standard input), without libraries.

A line for each input, output, node and initializer; of the latter, the first
numbers.
"""

import struct
import sys

TYPES = {1: ("float", "f"), 2: ("uint8", "B"), 3: ("int8", "b"), 6: ("int32", "i"),
         7: ("int64", "q"), 9: ("bool", "?")}


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value - (1 << 64) if value >> 63 else value, at


def read(data):
    """The values of each field: numbers, or bytes."""
    fields, at = {}, 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        elif key & 7 == 5:
            value, at = data[at:at + 4], at + 4
        else:
            size, at = read_varint(data, at)
            value, at = data[at:at + size], at + size
        fields.setdefault(key >> 3, []).append(value)
    return fields


def numbers(values):
    """A field of integers, which may be packed."""
    result = []
    for value in values:
        if isinstance(value, int):
            result.append(value)
            continue
        at = 0
        while at < len(value):
            number, at = read_varint(value, at)
            result.append(number)
    return result


def text(fields, number):
    return fields.get(number, [b""])[0].decode()


def format_value(value):
    fields = read(value)
    tensor = read(read(fields[2][0])[1][0])
    dims = [read(dim) for dim in read(tensor[2][0]).get(1, [])]
    extents = ", ".join(text(dim, 2) or str(dim[1][0]) for dim in dims)
    return f"{TYPES[tensor[1][0]][0]}[{extents}] {text(fields, 1)}"


def format_initializer(value):
    fields = read(value)
    name, code = TYPES[fields[2][0]]
    if 9 in fields:
        values = [number for number, in struct.iter_unpack("<" + code, fields[9][0])]
    elif code == "f":
        data = b"".join(fields[4])
        values = [number for number, in struct.iter_unpack("<f", data)]
    else:
        values = numbers(fields.get(7 if code == "q" else 5, []))
    shown = ", ".join(f"{number:g}" for number in values[:12])
    return f"{name}{numbers(fields.get(1, []))} {text(fields, 8)} = {{{shown}}}"


def format_node(value):
    fields = read(value)
    attributes = []
    for attribute in map(read, fields.get(5, [])):
        value = numbers(attribute[8]) if 8 in attribute else attribute[3][0]
        attributes.append(f"{text(attribute, 1)} = {value}")
    described = f" <{', '.join(attributes)}>" if attributes else ""
    operands = ", ".join(name.decode() for name in fields.get(1, []))
    return f"{text(fields, 2)} = {text(fields, 4)}{described} ({operands})"


model = read(sys.stdin.buffer.read())
graph = read(model[7][0])
print(f"ir_version {model[1][0]}, opset {read(model[8][0])[2][0]}, graph {text(graph, 2)}")
for number, kind, format in ((11, "input", format_value), (12, "output", format_value),
                             (1, "node", format_node), (5, "initializer", format_initializer)):
    for entry in graph.get(number, []):
        print(f"{kind}: {format(entry)}")
