"""Loudness and full scale: gain, compression, clipping, polarity, few bits."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.audio.signal import DIGITS, factor, peak, recorded
from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality

BLOCK_S: Final = 0.002  # a compressor looks at the level this often


def gain(sound: Sound, values: Values, _draw: Draw) -> Sound:
    return recorded(sound, sound.samples * factor(values.number("level")))


def peak_level(sound: Sound, values: Values, _draw: Draw) -> Sound:
    loudest = peak(sound.samples)
    return recorded(sound, sound.samples * (factor(values.number("level")) / loudest)) if loudest else sound


def compression(sound: Sound, values: Values, _draw: Draw) -> Sound:
    """What lies above the threshold rises only by a ``ratio``-th; the loudest sample is as loud as before."""
    samples, threshold = sound.samples, values.number("threshold")
    if not len(samples):
        return sound
    size = max(1, round(BLOCK_S * sound.rate))
    starts = np.arange(0, len(samples), size)
    levels = np.maximum.reduceat(np.abs(samples).max(axis=1), starts).astype(np.float64)
    decibels = 20 * np.log10(np.maximum(levels, 1e-6))
    wanted = np.maximum(0.0, decibels - threshold) * (1 - 1 / values.number("ratio"))
    reduced = _followed(wanted, values.number("attack") / 1000 / BLOCK_S, values.number("release") / 1000 / BLOCK_S)
    gains = np.round(10 ** (-np.interp(np.arange(len(samples)), starts, reduced) / 20), DIGITS)
    made = samples * gains[:, None]
    return recorded(sound, made * (peak(samples) / max(peak(made), 1e-9)))


def _followed(wanted: npt.NDArray[np.float64], attack: float, release: float) -> npt.NDArray[np.float64]:
    """The reduction as it rises within ``attack`` blocks and falls within ``release`` blocks."""
    rise, fall = np.exp(-1 / max(attack, 1e-3)), np.exp(-1 / max(release, 1e-3))
    made, now = [], 0.0
    for goal in wanted.tolist():
        now = goal + (rise if goal > now else fall) * (now - goal)
        made.append(now)
    return np.array(made)


def clipping(sound: Sound, values: Values, _draw: Draw) -> Sound:
    """The loudest ``share`` percent of all samples are cut to one height; the peak stays where it was."""
    loudness = np.abs(sound.samples)
    limit = float(np.quantile(loudness, 1 - values.number("share") / 100)) if loudness.size else 0.0
    if not limit:
        return sound
    return recorded(sound, np.clip(sound.samples, -limit, limit) * (peak(sound.samples) / limit))


def polarity(sound: Sound, _values: Values, _draw: Draw) -> Sound:
    return Sound(-sound.samples, sound.rate)


def bit_depth(sound: Sound, values: Values, _draw: Draw) -> Sound:
    steps = 2 ** (values.number("bits") - 1)
    return recorded(sound, np.clip(np.round(sound.samples * steps), -steps, steps - 1) / steps)


OPERATIONS: Final = (
    Operation(
        "gain",
        "Louder or quieter",
        Modality.AUDIO,
        "Speakers farther from the microphone, and recorders set to other levels.",
        (Parameter("level", "Change", "dB", -60, 40, (-12, 6)),),
        Keeps.LABEL,
        gain,
    ),
    Operation(
        "peak_level",
        "Peak level",
        Modality.AUDIO,
        "Apps that bring every recording to one level.",
        (Parameter("level", "Loudest sample", "dBFS", -60, 0, (-12, -0.1)),),
        Keeps.LABEL,
        peak_level,
    ),
    Operation(
        "compression",
        "Dynamic compression",
        Modality.AUDIO,
        "Phones, meetings and broadcasts that make quiet parts nearly as loud as loud ones.",
        (
            Parameter("threshold", "Threshold", "dBFS", -60, 0, (-36, -18)),
            Parameter("ratio", "Ratio", ": 1", 1, 20, (2, 8), log=True),
            Parameter("attack", "Attack", "ms", 0.1, 200, (2, 20), log=True),
            Parameter("release", "Release", "ms", 5, 2000, (50, 300), log=True),
        ),
        Keeps.LABEL,
        compression,
    ),
    Operation(
        "clipping",
        "Clipping",
        Modality.AUDIO,
        "A recorder set too high, or a shout close to the microphone.",
        (Parameter("share", "Samples cut off", "%", 0, 50, (1, 10)),),
        Keeps.LABEL,
        clipping,
    ),
    Operation(
        "polarity",
        "Polarity turned around",
        Modality.AUDIO,
        "Microphones and cables wired the other way: nobody hears it, a model may.",
        (),
        Keeps.LABEL,
        polarity,
    ),
    Operation(
        "bit_depth",
        "Few bits",
        Modality.AUDIO,
        "Old sound cards, toys and embedded recorders with coarse converters.",
        (Parameter("bits", "Bits a sample", "bit", 2, 16, (6, 10), integer=True),),
        Keeps.LABEL,
        bit_depth,
    ),
)
