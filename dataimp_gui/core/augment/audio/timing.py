"""When it sounds: speed, tempo, pitch, shifts, silence around it, parts cut off, a wobbling tape."""

import re
from typing import Final

import numpy as np

from dataimp_gui.core.augment.audio.signal import Samples, fitted, recorded, resampled
from dataimp_gui.core.augment.audio.stretch import stretched
from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality

VOICES: Final = frozenset({"male", "female", "man", "woman", "men", "women", "boy", "girl", "child", "adult"})

_NOTE: Final = re.compile(r"[A-Ha-h](#|b|♯|♭|is|es)?-?\d")


def speed(sound: Sound, values: Values, _draw: Draw) -> Sound:
    """Played faster: shorter and higher."""
    made = resampled(sound.samples, sound.rate * values.number("factor"), sound.rate)
    return recorded(sound, made if len(made) else sound.samples[:1])


def tempo(sound: Sound, values: Values, _draw: Draw) -> Sound:
    """Spoken faster: shorter, as high as before."""
    return recorded(sound, stretched(sound.samples, sound.rate, values.number("factor")))


def pitch(sound: Sound, values: Values, _draw: Draw) -> Sound:
    """Higher or lower, as long as before."""
    ratio = 2 ** (values.number("semitones") / 12)
    slow = stretched(sound.samples, sound.rate, 1 / ratio)
    return recorded(sound, fitted(resampled(slow, sound.rate * ratio, sound.rate), len(sound.samples)))


def _names_a_pitch(label: str, _values: Values) -> bool:
    """A note (A4, C#3) or whose voice it is."""
    words = re.split(r"[\s_/.,-]+", label)
    return any(word.lower() in VOICES or _NOTE.fullmatch(word) for word in words)


def time_shift(sound: Sound, values: Values, _draw: Draw) -> Sound:
    """Later, or earlier where negative; silence takes the place."""
    count = round(values.number("time") / 1000 * sound.rate)
    made = np.zeros_like(sound.samples)
    if abs(count) < len(made):
        if count >= 0:
            made[count:] = sound.samples[: len(made) - count]
        else:
            made[:count] = sound.samples[-count:]
    return Sound(made, sound.rate)


def silence(sound: Sound, values: Values, _draw: Draw) -> Sound:
    parts = [_silent(sound, values.number("before")), sound.samples, _silent(sound, values.number("after"))]
    return Sound(np.concatenate(parts), sound.rate)


def cut(sound: Sound, values: Values, _draw: Draw) -> Sound:
    """At least one frame stays."""
    count = len(sound.samples)
    start = min(round(values.number("start") / 100 * count), max(0, count - 1))
    end = max(start + 1, count - round(values.number("end") / 100 * count))
    return Sound(sound.samples[start:end], sound.rate)


def flutter(sound: Sound, values: Values, draw: Draw) -> Sound:
    """The speed swings by ``depth`` percent, ``rate`` times a second."""
    count, rate = len(sound.samples), values.number("rate")
    place = np.arange(count, dtype=np.float64)
    swing = values.number("depth") / 100 * sound.rate / (2 * np.pi * rate)
    place += swing * np.sin(2 * np.pi * rate * place / sound.rate + draw.uniform(0, 2 * np.pi))
    return recorded(sound, _between(sound.samples, np.clip(place, 0, count - 1)))


def _between(samples: Samples, place: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Samples:
    """The samples at places between frames, by the cubic through the four nearest (Catmull and Rom)."""
    last = len(samples) - 1
    first = place.astype(np.int64)
    part = (place - first).astype(np.float32)[:, None]
    a, b, c, d = (samples[np.clip(first + offset, 0, last)] for offset in (-1, 0, 1, 2))
    return np.asarray(b + 0.5 * part * (c - a + part * (2 * a - 5 * b + 4 * c - d + part * (3 * (b - c) + d - a))))


def _silent(sound: Sound, milliseconds: float) -> Samples:
    return np.zeros((round(milliseconds / 1000 * sound.rate), sound.samples.shape[1]), np.float32)


OPERATIONS: Final = (
    Operation(
        "speed",
        "Speed",
        Modality.AUDIO,
        "Tapes and players that run too fast or too slow; also other voices, as pitch moves along.",
        (Parameter("factor", "Speed", "×", 0.25, 4, (0.9, 1.1), log=True),),
        Keeps.MOVES,
        speed,
        spoils=_names_a_pitch,
    ),
    Operation(
        "tempo",
        "Tempo",
        Modality.AUDIO,
        "People who speak or play faster or slower; the pitch stays.",
        (Parameter("factor", "Tempo", "×", 0.25, 4, (0.85, 1.2), log=True),),
        Keeps.MOVES,
        tempo,
    ),
    Operation(
        "pitch",
        "Pitch",
        Modality.AUDIO,
        "Higher and lower voices, and instruments out of tune.",
        (Parameter("semitones", "Change", "semitones", -12, 12, (-2, 2)),),
        Keeps.SOME_CLASSES,
        pitch,
        spoils=_names_a_pitch,
    ),
    Operation(
        "time_shift",
        "Shift in time",
        Modality.AUDIO,
        "Recordings that begin a little before or after the sound.",
        (Parameter("time", "Later by", "ms", -10000, 10000, (-100, 100)),),
        Keeps.MOVES,
        time_shift,
    ),
    Operation(
        "silence",
        "Silence around it",
        Modality.AUDIO,
        "Recorders that run before and after: nothing tells them where the sound begins.",
        (
            Parameter("before", "Before", "ms", 0, 60000, (0, 500)),
            Parameter("after", "After", "ms", 0, 60000, (0, 500)),
        ),
        Keeps.MOVES,
        silence,
    ),
    Operation(
        "cut",
        "Cut at the ends",
        Modality.AUDIO,
        "Push-to-talk pressed too late and let go too early.",
        (
            Parameter("start", "Off the beginning", "%", 0, 90, (0, 8)),
            Parameter("end", "Off the end", "%", 0, 90, (0, 8)),
        ),
        Keeps.MAY_DESTROY,
        cut,
    ),
    Operation(
        "flutter",
        "Wow and flutter",
        Modality.AUDIO,
        "Worn tapes and turntables whose speed wobbles.",
        (
            Parameter("depth", "Swing of the speed", "%", 0, 10, (0.2, 1.5)),
            Parameter("rate", "Swings a second", "Hz", 0.1, 100, (0.5, 8), log=True),
        ),
        Keeps.LABEL,
        flutter,
    ),
)
