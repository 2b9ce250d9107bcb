"""Recordings of the person's that operations draw from: which there are, and a part of one at another rate."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from dataimp_gui.core.augment.audio.signal import Samples, resampled
from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.media.audio import decode, opened
from dataimp_gui.core.media.files import MediaError
from dataimp_gui.errors import DataimpError

LONGEST_S: Final = 10.0  # no room rings on for longer
MOST_FILES: Final = 10_000
MOST_SEEN: Final = 200_000  # a folder that holds everything is not searched to its end
ENDINGS: Final = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff")


def recordings(path: Path) -> tuple[Path, ...]:
    """The file itself, or the sounds in the folder and below, by name. Raises DataimpError when there are none."""
    if path.is_file():
        return (path,)
    if not path.is_dir():
        raise DataimpError(f"There is no file or folder {path}.", hint="Choose the folder of recordings again.")
    found = _listed(path, path.stat().st_mtime_ns)
    if not found:
        raise DataimpError(f"There is no sound in {path}.", hint="Sounds can be WAV, FLAC, Ogg, MP3 or AIFF.")
    return found


@lru_cache(maxsize=16)
def _listed(folder: Path, _changed: int) -> tuple[Path, ...]:
    found: list[Path] = []
    seen = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        seen += len(names)
        found += [Path(place, name) for name in sorted(names) if name.lower().endswith(ENDINGS)]
        if len(found) >= MOST_FILES or seen >= MOST_SEEN:
            break
    return tuple(found[:MOST_FILES])


def excerpt(path: Path, rate: int, count: int, draw: Draw) -> Samples:
    """``count`` frames at ``rate``, mono (count, 1), from somewhere in one of the recordings; repeated if too short."""
    files = recordings(path)
    chosen, place = files[draw.choice(len(files))], draw.uniform(0, 1)
    try:
        with opened(chosen) as sound:
            needed = min(sound.frames, int(count / rate * sound.samplerate) + 2)
            sound.seek(int(place * (sound.frames - needed)))
            samples, own = sound.read(needed, dtype="float32", always_2d=True), sound.samplerate
    except MediaError as error:
        raise _unusable(chosen, error) from error
    samples = np.nan_to_num(samples, posinf=0, neginf=0)
    mono = resampled(samples.mean(axis=1, keepdims=True), own, rate)
    return np.resize(mono, (count, 1)) if len(mono) else np.zeros((count, 1), np.float32)


def whole(path: Path, rate: int) -> Samples:
    """All of a short recording at ``rate``, mono (n, 1)."""
    return _whole(path, path.stat().st_mtime_ns, rate)


@lru_cache(maxsize=16)
def _whole(path: Path, _changed: int, rate: int) -> Samples:
    try:
        samples, own = decode(path, seconds=LONGEST_S)
    except MediaError as error:
        raise _unusable(path, error) from error
    return resampled(np.nan_to_num(samples, posinf=0, neginf=0).mean(axis=1, keepdims=True), own, rate)


def _unusable(path: Path, error: MediaError) -> DataimpError:
    return DataimpError(f"{path.name} cannot be used. {error}", hint=error.hint)
