"""Writes a small, learnable data set: blobs.py DIRECTORY [SIZE].

Images of SIZE x SIZE bytes (8 x 8 by default) in four classes, a bright 3 x 3
square in the quadrant that the label names over dim noise, as images.idx and
labels.idx, with the labels once more as rows of floats in one-hot.npy. The numbers come from a linear congruential generator, the same
everywhere.
"""
import os
import struct
import sys

COUNT, CLASSES = 640, 4
SIZE = int(sys.argv[2]) if len(sys.argv) > 2 else 8

state = 12345


def draw(bound):
    global state
    state = (1103515245 * state + 12345) % 2**31
    return (state >> 8) % bound


images, labels = bytearray(), bytearray()
for sample in range(COUNT):
    label = draw(CLASSES)
    image = [draw(96) for _ in range(SIZE * SIZE)]
    half = SIZE // 2
    top, left = half * (label // 2) + draw(2), half * (label % 2) + draw(2)
    for row in range(3):
        for column in range(3):
            image[(top + row) * SIZE + left + column] = 160 + draw(96)
    images.extend(image)
    labels.append(label)

directory = sys.argv[1]
os.makedirs(directory, exist_ok=True)
with open(os.path.join(directory, "images.idx"), "wb") as file:
    file.write(struct.pack(">IIII", 0x803, COUNT, SIZE, SIZE) + images)
with open(os.path.join(directory, "labels.idx"), "wb") as file:
    file.write(struct.pack(">II", 0x801, COUNT) + labels)
with open(os.path.join(directory, "one-hot.npy"), "wb") as file:
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }" % (
        COUNT,
        CLASSES,
    )
    header = header.ljust(117) + "\n"
    file.write(b"\x93NUMPY\1\0" + struct.pack("<H", len(header)))
    file.write(header.encode())
    for label in labels:
        row = [float(label == column) for column in range(CLASSES)]
        file.write(struct.pack("<4f", *row))
