"""How an ONNX model turns an example into a vector: its input as described, on the CPU, one thread a process."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features.embedding_each import source_of
from dataimp_gui.errors import DataimpError, FormatError

if TYPE_CHECKING:
    import onnxruntime

Array = npt.NDArray[Any]

MAX_SECONDS: Final = 60.0  # of a sound; more does not fit the memory of a worker with most models


class Preprocessing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the input of a model is. As JSON it lies beside the model, as MODEL.json.

    Pictures: ``size`` (height, width) in pixels; values 0 to 255 become (value - mean) / std, one number for each
    channel or one for all; ``resize`` is crop (the shorter side fits, the middle is kept), squash, or pad (the longer
    side fits, the rest is ``mean``). Sounds: mono at ``sample_rate`` hertz, -1 to 1, cut or filled with silence to
    ``seconds``, or at their own length when that is 0. Texts: pieces of words by ``vocabulary`` (a vocab.txt in the
    folder of the model), at most ``tokens``, in lower case or not. ``output`` names the output that is the vector; the
    first by default.
    """

    size: tuple[int, int] = (224, 224)
    mean: tuple[float, ...] = (127.5,)
    std: tuple[float, ...] = (127.5,)
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    channels: Literal["RGB", "BGR", "grey"] = "RGB"
    resize: Literal["crop", "squash", "pad"] = "crop"
    sample_rate: int = 16_000
    seconds: float = 0.0
    vocabulary: str = "vocab.txt"
    tokens: int = 256
    lower: bool = True
    output: str = ""

    def __post_init__(self) -> None:
        planes = 1 if self.channels == "grey" else 3
        checks = (
            (all(1 <= side <= 4096 for side in self.size), "size must be two numbers between 1 and 4096"),
            (len(self.mean) in (1, planes), f"mean must have 1 or {planes} numbers"),
            (len(self.std) in (1, planes), f"std must have 1 or {planes} numbers"),
            (all(np.isfinite(self.mean)), "mean must be finite"),
            (all(np.isfinite(value) and value > 0 for value in self.std), "std must be above 0"),
            (1000 <= self.sample_rate <= 192_000, "sample_rate must be between 1,000 and 192,000 hertz"),
            (3 <= self.tokens <= 8192, "tokens must be between 3 and 8,192"),
            (Path(self.vocabulary).name == self.vocabulary != "", "vocabulary must name a file in the model's folder"),
            (0 <= self.seconds <= MAX_SECONDS, f"seconds must be between 0 and {MAX_SECONDS:g}"),
        )
        for is_met, said in checks:
            if not is_met:
                raise ValueError(said)


def open_session(path: str) -> "onnxruntime.InferenceSession":
    """A session on one thread of the CPU. Raises FormatError for what onnxruntime cannot run.

    No library of custom operations is ever loaded: a model that needs one is refused.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # there is a process for each processor
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no common ancestor
        raise _refused(Path(path).name, error) from error


def describe(
    item: list[Any], limits: dict[str, Any], path: str, spec: dict[str, Any], modality: str, root: bool
) -> npt.NDArray[np.floating]:
    """Runs in a worker: the vector of one example. ``root`` takes the square root of what is above 0, as float16.

    Raises DataimpError where the medium cannot be read or the model does not give a vector.
    """
    how = msgspec.convert(spec, Preprocessing)
    session = _session(path)
    source, bounds = source_of(item), Limits(**limits)
    if modality == "text":
        return run_text(session, text_of(source, bounds), how, Path(path).parent)
    values = (image_input if modality == "image" else audio_input)(source, how, bounds)
    return run(session, values, how, root=root)


def run(
    session: "onnxruntime.InferenceSession", values: Array, how: Preprocessing, *, root: bool = False
) -> npt.NDArray[np.floating]:
    """The vector (d,) for one input. Raises FormatError when the model does not fit it or does not give a vector."""
    wanted = session.get_inputs()[0]
    dtypes = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(double)": np.float64}
    try:
        shaped = _of_rank(values.astype(dtypes.get(wanted.type, np.float32)), len(wanted.shape))
        (found,) = session.run([output_name(session, how.output)], {wanted.name: shaped})
    except FormatError:
        raise
    except Exception as error:
        raise _refused("The model", error) from error
    vector = _vector(np.asarray(found))
    return np.sqrt(np.maximum(vector, 0)).astype(np.float16) if root else vector.astype(np.float32)


def run_text(
    session: "onnxruntime.InferenceSession", text: str, how: Preprocessing, folder: Path
) -> npt.NDArray[np.floating]:
    """As `run`; ``folder`` holds the vocabulary."""
    from dataimp_gui.core.features.onnx_text import sentence

    try:
        found = sentence(session, text, how, folder, output_name(session, how.output))
    except FormatError:
        raise
    except Exception as error:
        raise _refused("The model", error) from error
    return _vector(found).astype(np.float32)


def _vector(vector: Array) -> Array:
    if vector.dtype.kind != "f" or vector.ndim < 1 or vector.size != max(vector.shape):
        raise FormatError(
            f"The output of the model has the shape {vector.shape}, which is not one vector for an example.",
            hint="Name the output that is the vector, or export the model with pooling at its end.",
        )
    return vector.ravel()


def output_name(session: "onnxruntime.InferenceSession", name: str) -> str:
    """That of the outputs which is meant. Raises FormatError when there is none of that name."""
    names = [str(output.name) for output in session.get_outputs()]
    if name and name not in names:
        raise FormatError(f'The model has no output "{name}".', hint=f"Its outputs are: {', '.join(names[:8])}.")
    return name or names[0]


def image_input(source: str | bytes, how: Preprocessing, limits: Limits) -> npt.NDArray[np.float32]:
    """A picture as the model wants it: (channels, height, width) or (height, width, channels)."""
    pixels = fitted(_near(source, how.size, limits), how)
    if how.channels == "grey":
        weighted = pixels @ np.array((0.299, 0.587, 0.114), np.float32)  # ITU-R BT.601
        values = weighted[:, :, None]
    else:
        values = pixels[:, :, ::-1] if how.channels == "BGR" else pixels
    scaled = (values - np.array(how.mean, np.float32)) / np.array(how.std, np.float32)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1) if how.layout == "NCHW" else scaled, np.float32)


def fitted(pixels: npt.NDArray[np.uint8], how: Preprocessing) -> npt.NDArray[np.float32]:
    """Of the size that the model wants: (height, width, 3) RGB, 0 to 255."""
    import cv2

    (height, width), (rows, columns) = pixels.shape[:2], how.size
    factors = rows / height, columns / width
    factor = {"crop": max(factors), "pad": min(factors)}.get(how.resize)
    to = how.size if factor is None else (max(1, round(height * factor)), max(1, round(width * factor)))
    if how.resize == "crop":  # cut first: of a long strip, the rest would be enlarged for nothing
        keep = min(height, max(1, round(rows / max(factors)))), min(width, max(1, round(columns / max(factors))))
        top, left = (height - keep[0]) // 2, (width - keep[1]) // 2
        pixels, to = pixels[top : top + keep[0], left : left + keep[1]], how.size
    is_smaller = to[0] * to[1] < pixels.shape[0] * pixels.shape[1]
    way = cv2.INTER_AREA if is_smaller else cv2.INTER_CUBIC
    turned = cv2.resize(np.ascontiguousarray(pixels), (to[1], to[0]), interpolation=way).astype(np.float32)
    if to == how.size:
        return turned
    planes = how.mean[0] if len(how.mean) == 1 or how.channels == "grey" else None
    back = np.empty((rows, columns, 3), np.float32)
    back[:] = planes if planes is not None else how.mean[:: -1 if how.channels == "BGR" else 1]
    top, left = (rows - to[0]) // 2, (columns - to[1]) // 2
    back[top : top + to[0], left : left + to[1]] = turned
    return back


def audio_input(source: str | bytes, how: Preprocessing, limits: Limits) -> npt.NDArray[np.float32]:
    """A sound as the model wants it: (frames,) mono."""
    from dataimp_gui.core.features.audio_mel import mono

    samples = mono(source, how.sample_rate, limits, how.seconds or MAX_SECONDS)
    length = round(how.seconds * how.sample_rate) or len(samples)
    return np.pad(samples[:length], (0, max(0, length - len(samples))))


def text_of(source: str | bytes, limits: Limits) -> str:
    """A text, from its file or its bytes. Raises MediaError where it is none, or empty."""
    from dataimp_gui.core.media import text
    from dataimp_gui.core.media.files import MediaError, read

    found = text.decode(source if isinstance(source, bytes) else read(source, limits)[0], limits)
    if not found.strip():
        raise MediaError("It has no text.")
    return found


def _near(source: str | bytes, size: tuple[int, int], limits: Limits) -> npt.NDArray[np.uint8]:
    """A picture not much larger than needed: a JPEG is decoded at a fraction of its size."""
    from dataimp_gui.core.media import image
    from dataimp_gui.core.media.files import read
    from dataimp_gui.core.media.headers import header

    data = source if isinstance(source, bytes) else read(source, limits)[0]
    found = header(data, limits)
    shorter, longer = sorted((found.width, found.height))
    enough = -(-max(size) * longer // max(1, shorter))
    return image.thumbnail(data, enough, limits) if enough < longer else image.decode(data, limits)


def _of_rank(values: Array, rank: int) -> Array:
    if not values.ndim <= rank <= values.ndim + 2:
        raise FormatError(
            f"The input of the model has {rank} dimensions; {values.ndim + 1} are wanted.",
            hint="A model for pictures takes (1, 3, height, width) or (1, height, width, 3), for sounds (1, frames).",
        )
    return values.reshape((1,) * (rank - values.ndim) + values.shape)


def _refused(name: str, error: Exception) -> DataimpError:
    said = " ".join(str(error).split())[:300]
    return FormatError(
        f"{name} cannot be run by onnxruntime: {said}",
        hint="Check the file and its preprocessing; a model with operations of its own cannot be used.",
    )


@lru_cache(maxsize=1)
def _session(path: str) -> "onnxruntime.InferenceSession":
    return open_session(path)
