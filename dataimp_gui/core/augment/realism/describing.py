"""What examples are like as numbers: what a person would say of them, their texture, and what they show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.values import Picture, Sound, Value
from dataimp_gui.core.model import Modality

Floats = npt.NDArray[np.float32]

_BANDS: Final = 4
_BLOCK: Final = 8  # pixels of a side of what JPEG codes at once
_LETTERS: Final = 256
_TERMS: Final = 1024

STATISTICS: Final[dict[Modality, tuple[str, ...]]] = {
    Modality.IMAGE: (
        "brightness",
        "contrast",
        "sharpness",
        "noise",
        "colourfulness",
        "saturation",
        "entropy",
        "border",
    ),
    Modality.AUDIO: ("duration", "loudness", "peak", "clipping", "silence", "snr", "bandwidth"),
    Modality.TEXT: (
        "length",
        "words",
        "digits",
        "upper_case",
        "punctuation",
        "urls",
        "non_ascii",
        "repetition",
        "ocr_noise",
    ),
}
"""Those that noise moves; the size of a picture and the rate of a sound are choices of whoever stores them."""


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """``statistics`` (n, columns) in the order of `STATISTICS`, NaN where missing; ``texture`` (n, d) says how an
    example was recorded; ``content`` (n, e) says what it shows, and is what a label is learned from."""

    statistics: Floats
    texture: Floats
    content: Floats

    def __len__(self) -> int:
        return len(self.statistics)


def describe(values: Sequence[Value], modality: Modality) -> Described:
    """Of examples of one modality, in their order."""
    match modality:
        case Modality.IMAGE:
            return _pictures([rgb(each) for each in values if isinstance(each, np.ndarray)])
        case Modality.AUDIO:
            return _sounds([each for each in values if isinstance(each, Sound)])
        case _:
            return _texts([each for each in values if isinstance(each, str)])


def content(values: Sequence[Value], modality: Modality) -> Floats:
    """Only what examples show, (n, e): all that a label is learned from, at a part of the cost."""
    match modality:
        case Modality.IMAGE:
            return _stacked([_edges(rgb(each)) for each in values if isinstance(each, np.ndarray)])
        case Modality.AUDIO:
            return _without_level(_stacked([_mel(each) for each in values if isinstance(each, Sound)]))
        case _:
            return _terms([each for each in values if isinstance(each, str)])


def rgb(picture: Picture) -> npt.NDArray[np.uint8]:
    """8 bits and three channels; what is transparent is left as it is."""
    match picture.dtype.kind, picture.dtype.itemsize:
        case "u", 2:
            picture = picture >> 8
        case "f", _:
            picture = np.clip(picture, 0, 1) * 255
    picture = picture[..., None] if picture.ndim == 2 else picture
    colours = picture[..., :3] if picture.shape[2] >= 3 else np.repeat(picture[..., :1], 3, axis=2)
    return np.ascontiguousarray(colours, dtype=np.uint8)


def _pictures(pictures: Sequence[npt.NDArray[np.uint8]]) -> Described:
    from dataimp_gui.core.media.statistics import pixels

    names = STATISTICS[Modality.IMAGE]
    statistics = np.full((len(pictures), len(names)), np.nan, np.float32)
    alike: dict[tuple[int, ...], list[int]] = {}
    for place, each in enumerate(pictures):
        alike.setdefault(each.shape, []).append(place)
    for places in alike.values():
        for start in range(0, len(places), 64):
            some = places[start : start + 64]
            found = pixels.measure(np.stack([pictures[place] for place in some]))
            statistics[some] = np.stack([found[name] for name in names], axis=1)
    texture = [_texture(each) for each in pictures]
    shown = [_edges(each) for each in pictures]
    return Described(statistics, _stacked(texture), _stacked(shown))


def _edges(picture: npt.NDArray[np.uint8]) -> Floats:
    """Of length 1 a column, so that contrast is no matter."""
    from dataimp_gui.core.features import image_gradients

    found = image_gradients.of_pixels(picture)
    return np.asarray(found * (np.sqrt(len(found)) / np.linalg.norm(found)), np.float32)


def _texture(picture: npt.NDArray[np.uint8]) -> Floats:
    """How strong each octave of detail is and how peaked, the edges between blocks, tones and tints."""
    import cv2

    levels = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)
    found = [np.percentile(levels, (5, 50, 95)) / 255, picture.mean(axis=(0, 1))[[0, 2]] / 255 - levels.mean() / 255]
    found.append(np.array([_blocks(levels), _blocks(levels.T)]))
    for _ in range(_BANDS):
        soft = np.asarray(cv2.GaussianBlur(levels, (0, 0), 1.0), np.float32)
        band = levels - soft
        spread = float(band.std()) + 0.3
        found.append(np.array([np.log(spread), np.log((float(np.abs(band).mean()) + 0.1) / spread)]))
        levels = np.ascontiguousarray(soft[::2, ::2])
    return np.concatenate(found).astype(np.float32)


def _blocks(levels: Floats) -> float:
    """How much steeper the steps between blocks are than the others: a logarithm, 0 without blocks."""
    if levels.shape[1] <= 2 * _BLOCK:
        return 0.0
    steps = np.abs(np.diff(levels, axis=1)).mean(axis=0) + 0.1
    between = np.zeros(len(steps), np.bool_)
    between[_BLOCK - 1 :: _BLOCK] = True
    return float(np.log(steps[between].mean() / steps[~between].mean()))


def _sounds(sounds: Sequence[Sound]) -> Described:
    from dataimp_gui.core.features import audio_mel
    from dataimp_gui.core.media.statistics import sounds as statistics

    rows = []
    for sound in sounds:
        found = statistics.of_samples(_heard(sound), sound.rate)
        rows.append(np.array([found[name] for name in STATISTICS[Modality.AUDIO]]))
    described = _stacked([_mel(each) for each in sounds])
    return Described(_stacked(rows), described[:, : 3 * audio_mel.BANDS], _without_level(described))


def _without_level(described: Floats) -> Floats:
    """What sounds are like, but for how loud they are."""
    from dataimp_gui.core.features import audio_mel

    found = described.copy()
    levels = found[:, : audio_mel.BANDS]
    levels -= levels.mean(axis=1, keepdims=True)
    return found


def _mel(sound: Sound) -> Floats:
    from dataimp_gui.core.features import audio_mel

    return audio_mel.of_samples(audio_mel.at_rate(_heard(sound).mean(axis=1), sound.rate, audio_mel.RATE))


def _heard(sound: Sound) -> Floats:
    """The samples; one of silence where there are none."""
    return sound.samples if len(sound.samples) else np.zeros((1, 1), np.float32)


def _texts(texts: Sequence[str]) -> Described:
    from dataimp_gui.core.media.statistics import texts as statistics

    found, _ = statistics.measure(texts, words=False)
    columns = np.stack([found[name] for name in STATISTICS[Modality.TEXT]], axis=1).astype(np.float32)
    pairs = _hashed(_LETTERS, analyzer="char", ngram_range=(1, 2), lowercase=False)
    return Described(columns, pairs(texts), _terms(texts))


def _terms(texts: Sequence[str]) -> Floats:
    return _hashed(_TERMS, analyzer="word", ngram_range=(1, 1), lowercase=True)(texts)


def _hashed(columns: int, **options: Any) -> Callable[[Sequence[str]], Floats]:
    from sklearn.feature_extraction.text import HashingVectorizer

    counted = HashingVectorizer(n_features=columns, alternate_sign=False, norm="l1", **options)
    return lambda texts: np.sqrt(np.asarray(counted.transform(texts).toarray(), np.float32))


def _stacked(rows: Sequence[npt.NDArray[Any]]) -> Floats:
    return np.stack(rows).astype(np.float32) if len(rows) else np.zeros((0, 1), np.float32)
