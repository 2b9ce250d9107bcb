"""Pairs of texts that say the same in the same words, but for case, spaces, digits and a few letters."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Rows
from dataimp_gui.progress import Progress

SHINGLE: Final = 5  # bytes
SHORTEST: Final = 20  # bytes of a text, below which only equal wording counts
OVERLAP: Final = 0.7  # shared shingles of all shingles of both (Jaccard)

_BANDS, _ROWS = 10, 3  # finds 0.99 of pairs with an overlap of 0.7
_BLOCK_BYTES: Final = 8_000_000
_LONGEST: Final = 20_000  # characters that are compared
_APART: Final = re.compile(r"[\W_]+")
_DIGITS: Final = re.compile(r"\d")

Numbers = npt.NDArray[np.uint64]


def wording(texts: Sequence[str | None]) -> list[str]:
    """Each text in lower case, letters and digits alone, a space between words; "" where there is none."""
    return [_APART.sub(" ", (text or "").casefold()).strip() for text in texts]


def codes(words: Sequence[str]) -> npt.NDArray[np.int64]:
    """Equal numbers for equal texts; -1 for empty ones."""
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(each, len(seen)) if each else -1 for each in words], np.int64)


def close_pairs(words: Sequence[str], progress: Progress) -> tuple[Rows, Rows, npt.NDArray[np.float64]]:
    """Pairs whose shingles overlap by at least `OVERLAP`, digits counting as one letter: first < second, overlap.

    Candidates are those that agree in one of `_BANDS` groups of minima of hashed shingles (A. Broder, On the
    resemblance and containment of documents, 1997); in a crowd of equal groups each is compared with its next ones.
    """
    encoded = [_DIGITS.sub("0", each[:_LONGEST]).encode() for each in words]
    long = np.flatnonzero(np.array([len(each) >= SHORTEST for each in encoded], np.bool_))
    minima = _minima([encoded[row] for row in long.tolist()], progress)
    keys: list[npt.NDArray[np.int64]] = []
    count = max(1, len(words))
    for band in range(_BANDS):
        mixed = np.zeros(len(long), np.uint64)
        for column in range(band * _ROWS, (band + 1) * _ROWS):
            mixed = _mix(mixed ^ minima[:, column])
        order = np.argsort(mixed, kind="stable")
        for step in (1, 2, 3):
            same = np.flatnonzero(mixed[order[step:]] == mixed[order[:-step]])
            one, other = long[order[same]], long[order[same + step]]
            keys.append(np.minimum(one, other) * count + np.maximum(one, other))
    pairs = np.unique(np.concatenate(keys)) if keys else np.zeros(0, np.int64)
    first, second = pairs // count, pairs % count
    place = np.full(len(words), -1, np.int64)
    place[long] = np.arange(len(long))
    agree = np.zeros(len(first))
    for column in range(minima.shape[1]):
        agree += minima[place[first], column] == minima[place[second], column]
    likely = agree / minima.shape[1] >= OVERLAP - 0.2
    first, second = first[likely], second[likely]
    pairs_ = list(zip(first.tolist(), second.tolist(), strict=True))
    overlap = np.array(
        [_overlap(encoded[one], encoded[other]) for one, other in progress.track(pairs_, "Comparing texts")], np.float64
    )
    enough = overlap >= OVERLAP
    return first[enough], second[enough], overlap[enough]


def _minima(texts: list[bytes], progress: Progress) -> Numbers:
    """The least of each of 30 hashes over the shingles of each text: (n, 30)."""
    minima = np.empty((len(texts), _BANDS * _ROWS), np.uint64)
    salts = np.random.default_rng(0).integers(1, 2**63, _BANDS * _ROWS).astype(np.uint64)
    lengths = np.array([len(text) for text in texts], np.int64)
    progress.phase("Reading texts", len(texts))
    start = 0
    while start < len(texts):
        room = np.searchsorted(np.cumsum(lengths[start:]), _BLOCK_BYTES, "right")
        end = start + max(1, int(room))
        grams = _grams(b"".join(texts[start:end]))
        # shingles that reach into the next text belong to the former; a few of them change no minimum that matters
        begins = np.concatenate([[0], np.cumsum(lengths[start:end])[:-1]])
        for column, salt in enumerate(salts):
            minima[start:end, column] = np.minimum.reduceat(_mix(grams ^ salt), np.minimum(begins, len(grams) - 1))
        progress.advance(end - start)
        start = end
    return minima


def _grams(joined: bytes) -> Numbers:
    """The `SHINGLE` bytes from each place on, as one number."""
    letters = np.frombuffer(joined, np.uint8).astype(np.uint64)
    grams = np.zeros(len(letters) - SHINGLE + 1, np.uint64)
    for at in range(SHINGLE):
        grams = (grams << np.uint64(8)) | letters[at : at + len(grams)]
    return grams


def _mix(values: Numbers) -> Numbers:
    """A number that looks drawn at random for each (the finaliser of S. Vigna's splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _overlap(one: bytes, other: bytes) -> float:
    shingles = [{text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1)} for text in (one, other)]
    return len(shingles[0] & shingles[1]) / max(1, len(shingles[0] | shingles[1]))
