"""What one message to a worker asks for: the statistics of a few media, as many as a second is enough for."""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media.files import MediaError, read
from dataimp_gui.core.media.statistics.table import STATISTICS
from dataimp_gui.core.model import Modality

Source = Path | bytes | str | None
"""A file, its bytes, or nothing. A str is the text itself when the modality is text, else a path."""

Item = list[Any]
"""What it is, and its bytes."""

BATCH_S: Final = 1.0  # what is not begun by then goes back, to be shared out anew

_PATH, _DATA, _TEXT, _NONE = range(4)


def item(source: Source, modality: Modality) -> Item:
    """``source`` as plain values."""
    match source:
        case None:
            return [_NONE, b""]
        case bytes():
            return [_DATA, source]
        case str() if modality is Modality.TEXT:
            return [_TEXT, source.encode("utf-8", "surrogatepass")]
    return [_PATH, os.fsencode(source)]


def measure_plain(items: list[Item], modality: str, limits: dict[str, Any]) -> list[Any]:
    """As `measure`, of plain values: what a worker is asked."""
    if modality == Modality.IMAGE:
        import cv2

        cv2.setNumThreads(1)  # the workers are as many as the processors; threads of theirs would only wait
    return measure(items, Modality(modality), Limits(**limits))


def measure(items: list[Item], modality: Modality, limits: Limits) -> list[Any]:
    """[how many were done, numbers (done, …), words, signatures, which have one, [place, reason] of those that failed].

    At least one is done; those behind it while there is time.
    """
    found = _Found(len(items), modality)
    match modality:
        case Modality.IMAGE:
            _measure_pictures(items, limits, found)
        case Modality.AUDIO:
            _measure_sounds(items, limits, found)
        case Modality.TEXT:
            _measure_texts(items, limits, found)
    return found.answer()


class _Found:
    def __init__(self, count: int, modality: Modality) -> None:
        self._names = [one.name for one in STATISTICS[modality] if one.kind == "number"]
        self._values = np.full((count, len(self._names)), np.nan, np.float32)
        self._words = [[""] * count for one in STATISTICS[modality] if one.kind == "text"]
        self._signatures = np.zeros(count, np.uint64)
        self._has_signature = np.zeros(count, np.bool_)
        self._failed: list[list[Any]] = []
        self._done = 0

    def contents(self, items: list[Item], limits: Limits) -> Iterator[tuple[int, bytes, bool]]:
        """Place, bytes, and whether they are text already; the caller tells with `fail` what is wrong with them."""
        start = time.monotonic()
        for place, (kind, content) in enumerate(items):
            if place and time.monotonic() - start > BATCH_S:
                return
            self._done = place + 1
            if kind == _NONE:
                continue
            try:
                yield place, read(content, limits)[0] if kind == _PATH else content, kind == _TEXT
            except MediaError as error:
                self.fail(place, error)

    def fail(self, place: int, error: MediaError) -> None:
        self._failed.append([place, str(error)])

    def put(self, places: list[int], columns: dict[str, Any]) -> None:
        self._values[places] = np.stack([columns[name] for name in self._names], axis=1)

    def say(self, places: list[int], words: Sequence[list[str]]) -> None:
        for said, column in zip(self._words, words, strict=True):
            for place, word in zip(places, column, strict=True):
                said[place] = word

    def sign(self, places: list[int], signatures: Any, has_signature: Any) -> None:
        self._signatures[places], self._has_signature[places] = signatures, has_signature

    def answer(self) -> list[Any]:
        done = self._done
        words = [column[:done] for column in self._words]
        return [done, self._values[:done], words, self._signatures[:done], self._has_signature[:done], self._failed]


def _measure_pictures(items: list[Item], limits: Limits, found: _Found) -> None:
    from dataimp_gui.core.media.statistics import pictures

    def seen() -> Iterator[tuple[int, pictures.Seen]]:
        for place, data, _ in found.contents(items, limits):
            try:
                yield place, pictures.look(data, limits)
            except MediaError as error:
                found.fail(place, error)

    for places, columns in pictures.measure(seen()):
        found.put(places, columns)
        found.sign(places, columns["signature"], columns["has_signature"])


def _measure_sounds(items: list[Item], limits: Limits, found: _Found) -> None:
    from dataimp_gui.core.media.statistics import sounds

    for place, data, _ in found.contents(items, limits):
        try:
            columns, signed = sounds.measure(data, limits)
        except MediaError as error:
            found.fail(place, error)
            continue
        found.put([place], {name: [value] for name, value in columns.items()})
        found.sign([place], signed or 0, signed is not None)


def _measure_texts(items: list[Item], limits: Limits, found: _Found) -> None:
    from dataimp_gui.core.media import text
    from dataimp_gui.core.media.statistics import texts

    places, said = [], []
    for place, data, is_text in found.contents(items, limits):
        try:
            said.append(data.decode("utf-8", "surrogatepass") if is_text else text.decode(data, limits))
        except MediaError as error:
            found.fail(place, error)
            continue
        places.append(place)
    if said:
        numbers, words = texts.measure(said)
        found.put(places, numbers)
        found.say(places, list(words.values()))
