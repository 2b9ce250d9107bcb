"""Tiny ONNX models, written byte by byte, so that tests need no exporter."""

import struct

FLOAT, INT64 = 1, 7


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    """One field of a protocol buffer message: a number, text, or bytes of a message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def value_info(name, shape, kind=FLOAT):
    dims = b"".join(field(1, field(2, side) if isinstance(side, str) else field(1, side)) for side in shape)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, dims)))


def node(kind, inputs, outputs, attributes=b"", domain=""):
    body = b"".join(field(1, name) for name in inputs) + b"".join(field(2, name) for name in outputs)
    return field(1, body + field(4, kind) + attributes + (field(7, domain) if domain else b""))


def ints(name, values):
    return field(5, field(1, name) + b"".join(field(8, value) for value in values) + field(20, 7))


def number(name, value):
    return field(5, field(1, name) + field(3, value) + field(20, 2))


def weights(name, values, location=""):
    """A 1-d float constant, kept in a file of its own when ``location`` names one."""
    head = field(1, len(values)) + field(2, FLOAT) + field(8, name)
    if location:
        entry = field(1, "location") + field(2, location)
        return field(5, head + field(13, entry) + field(14, 1))
    return field(5, head + field(9, struct.pack(f"<{len(values)}f", *values)))


def model(nodes, inputs, outputs, constants=(), *, domain=""):
    graph = b"".join(nodes) + field(2, "tiny") + b"".join(constants)
    graph += b"".join(field(11, each) for each in inputs) + b"".join(field(12, each) for each in outputs)
    opset = field(8, field(1, "") + field(2, 13)) + (field(8, field(1, domain) + field(2, 1)) if domain else b"")
    return field(1, 8) + opset + field(7, graph)


def mean_colour(shape=("n", 3, 8, 8), axes=(2, 3)):
    """Its vector is the mean of each channel, as it comes in."""
    pooling = node("ReduceMean", ["image"], ["vector"], ints("axes", axes) + number("keepdims", 0))
    return model([pooling], [value_info("image", shape)], [value_info("vector", ("n", 3))])
