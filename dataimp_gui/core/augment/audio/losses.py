"""What gets lost on the way: packets, a longer stretch, a channel."""

import re
from typing import Final

import numpy as np

from dataimp_gui.core.augment.audio.signal import Samples
from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality

FADE_S: Final = 0.001
SIDES: Final = frozenset(
    {"left", "right", "links", "rechts", "gauche", "droite", "izquierda", "derecha", "sinistra", "destra"}
)


def dropouts(sound: Sound, values: Values, draw: Draw) -> Sound:
    """Packets of one length are lost at random; ``filled`` says what plays instead."""
    length = max(1, round(values.number("length") / 1000 * sound.rate))
    packets = -(-len(sound.samples) // length)
    lost = draw.uniform(0, 1, packets) < values.number("share") / 100
    made = sound.samples.copy()
    for number in np.flatnonzero(lost).tolist():
        start, end = number * length, min((number + 1) * length, len(made))
        made[start:end] = 0
        if values.text("filled") == "the packet before" and number:
            made[start:end] = made[start - length : start][: end - start] * np.float32(0.7)
    return Sound(made, sound.rate)


def gap(sound: Sound, values: Values, draw: Draw) -> Sound:
    """One stretch falls silent, faded so that it does not click."""
    count = len(sound.samples)
    length = round(values.number("share") / 100 * count)
    start = round(draw.uniform(0, 1) * (count - length))
    made = sound.samples.copy()
    made[start : start + length] *= _faded(length, sound.rate)
    return Sound(made, sound.rate)


def _faded(count: int, rate: int) -> Samples:
    """From 1 to 0 and back to 1, within a millisecond each (count, 1)."""
    fade = min(max(1, round(FADE_S * rate)), count // 2)
    gains = np.zeros((count, 1), np.float32)
    if fade:
        gains[:fade, 0] = np.linspace(1, 0, fade)
        gains[-fade:, 0] = np.linspace(0, 1, fade)
    return gains


def one_microphone(sound: Sound, _values: Values, _draw: Draw) -> Sound:
    """All channels hear the same: their mean."""
    mean = sound.samples.mean(axis=1, keepdims=True, dtype=np.float32)
    return Sound(np.repeat(mean, sound.samples.shape[1], axis=1), sound.rate)


def swapped_channels(sound: Sound, _values: Values, _draw: Draw) -> Sound:
    return Sound(np.ascontiguousarray(sound.samples[:, ::-1]), sound.rate)


def _names_a_side(label: str, _values: Values) -> bool:
    return not SIDES.isdisjoint(re.split(r"[\W_]+", label.lower()))


def dead_channel(sound: Sound, _values: Values, draw: Draw) -> Sound:
    """One of several channels falls silent; a single one never does."""
    channels = sound.samples.shape[1]
    if channels < 2:
        return sound
    made = sound.samples.copy()
    made[:, draw.choice(channels)] = 0
    return Sound(made, sound.rate)


OPERATIONS: Final = (
    Operation(
        "dropouts",
        "Drop-outs",
        Modality.AUDIO,
        "Packets that internet calls and wireless microphones lose.",
        (
            Parameter("share", "Packets lost", "%", 0, 100, (1, 8)),
            Parameter("length", "Length of a packet", "ms", 1, 500, (10, 40), log=True),
            Parameter("filled", "Filled with", choices=("silence", "the packet before")),
        ),
        Keeps.LABEL,
        dropouts,
    ),
    Operation(
        "gap",
        "Gap",
        Modality.AUDIO,
        "A connection that breaks for a moment; a longer gap may take the word that mattered.",
        (Parameter("share", "Share of the length", "%", 0, 100, (2, 12)),),
        Keeps.MAY_DESTROY,
        gap,
    ),
    Operation(
        "one_microphone",
        "One microphone",
        Modality.AUDIO,
        "Stereo recordings that were stored from one microphone.",
        (),
        Keeps.LABEL,
        one_microphone,
        takes="stereo or more channels; mono stays as it is",
    ),
    Operation(
        "swapped_channels",
        "Channels swapped",
        Modality.AUDIO,
        "Plugs in the wrong sockets, and headsets worn the wrong way round.",
        (),
        Keeps.SOME_CLASSES,
        swapped_channels,
        takes="stereo or more channels; mono stays as it is",
        spoils=_names_a_side,
    ),
    Operation(
        "dead_channel",
        "Dead channel",
        Modality.AUDIO,
        "A cable that broke: one of the channels is silent.",
        (),
        Keeps.LABEL,
        dead_channel,
        takes="stereo or more channels; mono stays as it is",
    ),
)
