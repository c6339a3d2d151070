"""Messages of ONNX in protobuf, field by field."""


def varint(value):
    result = b""
    while value > 127:
        result += bytes([value & 127 | 128])
        value >>= 7
    return result + bytes([value])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def tensor_type(*shape):
    """Of floats; an open extent has a name."""
    dims = b"".join(field(1, field(2 if isinstance(extent, str) else 1, extent))
                    for extent in shape)
    return field(1, field(1, 1) + field(2, dims))


def value(name, *shape):
    return field(1, name) + field(2, tensor_type(*shape))
