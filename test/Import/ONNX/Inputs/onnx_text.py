"""Tensors in ONNX's textual syntax."""
import random

draw = random.Random(1)


def initializer(name, *shape, fan_in=0, value=0.0):
    size = 1
    for extent in shape:
        size *= extent
    bound = (6 / fan_in) ** 0.5 if fan_in else 0
    numbers = (draw.uniform(-bound, bound) if fan_in else value for _ in range(size))
    extents = ", ".join(map(str, shape))
    return f"float[{extents}] {name} = {{{', '.join(f'{x:.7f}' for x in numbers)}}}"
