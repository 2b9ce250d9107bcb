"""What texts are like as numbers: of many at once, since most texts are short."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.media.statistics import garbling, language

Floats = npt.NDArray[np.float64]

_BLANK, _DIGIT, _UPPER, _LOWER, _MARK, _OTHER, _UNSEEN = range(7)
_KINDS: Final = np.full(0x110000, _UNSEEN, np.uint8)  # of each code point; filled as they are met

_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_RUN: Final = re.compile(r"(\S)\1{3,}", re.DOTALL)


def measure(texts: Sequence[str], *, words: bool = True) -> tuple[dict[str, Floats], dict[str, list[str]]]:
    """Numbers (n,) by name, NaN where there is none, and if wanted words by name, empty where there is none."""
    counts, beyond_ascii = _counts(texts)
    seen = counts.sum(axis=1) - counts[:, _BLANK]
    cased = counts[:, _UPPER] + counts[:, _LOWER]
    rows = np.array([_one(text) for text in texts], np.float64).reshape(len(texts), 4)
    numbers = {
        "length": counts.sum(axis=1),
        "words": rows[:, 0],
        "digits": _share(counts[:, _DIGIT], seen),
        "upper_case": _share(counts[:, _UPPER], cased),
        "punctuation": _share(counts[:, _MARK], seen),
        "urls": rows[:, 1],
        "non_ascii": _share(beyond_ascii, seen),
        "repetition": np.fmax(rows[:, 2], _share(_in_runs(texts), seen)),
        "ocr_noise": rows[:, 3],
    }
    return numbers, {"language": [language.of(_ADDRESS.sub(" ", text)) for text in texts]} if words else {}


def _counts(texts: Sequence[str]) -> tuple[Floats, Floats]:
    """How many characters of each kind a text has (n, kinds), and how many beyond ASCII (n,)."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4")
    kinds = _KINDS[codes]
    if (kinds == _UNSEEN).any():
        for code in np.unique(codes[kinds == _UNSEEN]).tolist():
            _KINDS[code] = _kind(chr(code))
        kinds = _KINDS[codes]
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    counts = np.bincount(owners * _UNSEEN + kinds, minlength=len(texts) * _UNSEEN).reshape(-1, _UNSEEN)
    return counts.astype(np.float64), np.bincount(owners[codes > 127], minlength=len(texts)).astype(np.float64)


def _kind(character: str) -> int:
    category = unicodedata.category(character)
    if character.isspace() or category[0] == "Z":
        return _BLANK
    if category == "Nd":
        return _DIGIT
    if category in ("Lu", "Lt"):
        return _UPPER
    if category == "Ll":
        return _LOWER
    return _MARK if category[0] in "PS" else _OTHER


def _share(part: Floats, whole: Floats) -> Floats:
    share: Floats = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return share


def _one(text: str) -> tuple[float, float, float, float]:
    """Words, addresses, repeated runs of words and the share of garbled words."""
    words = text.split()
    if not words:
        return 0, 0, np.nan, np.nan
    addresses = sum(1 for _ in _ADDRESS.finditer(text)) if "://" in text or "www." in text.lower() else 0
    lower = text.lower().split()
    threes = len(lower) - 2
    repeated = 1 - len(set(zip(lower, lower[1:], lower[2:], strict=False))) / threes if threes > 0 else 0.0
    return len(words), addresses, repeated, sum(map(_is_garbled, words)) / len(words)


_is_garbled = lru_cache(maxsize=65_536)(garbling.is_garbled)  # few words make up most of what is said


def _in_runs(texts: Sequence[str]) -> Floats:
    return np.array([sum(len(run.group()) for run in _RUN.finditer(text)) for text in texts], np.float64)
