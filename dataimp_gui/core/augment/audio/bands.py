"""Which frequencies arrive: telephone lines, small microphones, a closed door, an equaliser."""

from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.audio.signal import filtered, high_pass, low_pass, recorded
from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality

LINES: Final = {"narrow (300–3,400 Hz)": (300.0, 3400.0), "wide (50–7,000 Hz)": (50.0, 7000.0)}

Gains = npt.NDArray[np.float64]


def telephone_band(sound: Sound, values: Values, _draw: Draw) -> Sound:
    low, high = LINES[values.text("line")]
    return recorded(
        sound, filtered(sound.samples, sound.rate, lambda each: high_pass(each, low, 6) * low_pass(each, high, 10))
    )


def microphone(sound: Sound, values: Values, draw: Draw) -> Sound:
    """Rolled off at both ends, with three resonances of its own in between."""
    low, high, ripple = values.number("low"), values.number("high"), values.number("ripple")
    octaves, heights = draw.uniform(np.log2(200), np.log2(8000), 3), draw.uniform(-1, 1, 3) * ripple

    def response(frequencies: Gains) -> Gains:
        gains = high_pass(frequencies, low, 2) * low_pass(frequencies, high, 4)
        for octave, height in zip(octaves, heights, strict=True):
            gains = gains * _bell(frequencies, octave, 0.5, height)
        return gains

    return recorded(sound, filtered(sound.samples, sound.rate, response))


def muffled(sound: Sound, values: Values, _draw: Draw) -> Sound:
    cut = values.number("cut")
    return recorded(sound, filtered(sound.samples, sound.rate, lambda each: low_pass(each, cut, 2)))


def thin(sound: Sound, values: Values, _draw: Draw) -> Sound:
    cut = values.number("cut")
    return recorded(sound, filtered(sound.samples, sound.rate, lambda each: high_pass(each, cut, 3)))


def equaliser(sound: Sound, values: Values, _draw: Draw) -> Sound:
    centre, width, height = np.log2(values.number("centre")), values.number("width"), values.number("height")
    return recorded(sound, filtered(sound.samples, sound.rate, lambda each: _bell(each, centre, width, height)))


def _bell(frequencies: Gains, octave: float, width: float, height: float) -> Gains:
    """``height`` decibels at 2 ** ``octave`` hertz, half of them half a ``width`` (in octaves) away."""
    away = np.log2(np.maximum(frequencies, 1.0)) - octave
    return np.asarray(10 ** (height / 20 * np.exp2(-np.square(2 * away / width))))


OPERATIONS: Final = (
    Operation(
        "telephone_band",
        "Telephone band",
        Modality.AUDIO,
        "Calls over a telephone line, which carries speech but no bass and no treble.",
        (Parameter("line", "Line", choices=tuple(LINES)),),
        Keeps.LABEL,
        telephone_band,
    ),
    Operation(
        "microphone",
        "Another microphone",
        Modality.AUDIO,
        "Laptops, headsets and toys, each with a sound of its own.",
        (
            Parameter("low", "Nothing below", "Hz", 5, 1000, (50, 250), log=True),
            Parameter("high", "Nothing above", "Hz", 1000, 40000, (5000, 14000), log=True),
            Parameter("ripple", "Resonances up to", "dB", 0, 24, (2, 8)),
        ),
        Keeps.LABEL,
        microphone,
    ),
    Operation(
        "muffled",
        "Muffled",
        Modality.AUDIO,
        "A phone in a pocket, a scarf or a mask, a voice behind a door.",
        (Parameter("cut", "Weak above", "Hz", 100, 20000, (800, 4000), log=True),),
        Keeps.LABEL,
        muffled,
    ),
    Operation(
        "thin",
        "Thin",
        Modality.AUDIO,
        "Small loudspeakers, and recorders that filter rumble away.",
        (Parameter("cut", "Weak below", "Hz", 20, 4000, (100, 600), log=True),),
        Keeps.LABEL,
        thin,
    ),
    Operation(
        "equaliser",
        "Equaliser",
        Modality.AUDIO,
        "Rooms and loudspeakers that lift or swallow one range of tones.",
        (
            Parameter("centre", "Around", "Hz", 30, 20000, (150, 6000), log=True),
            Parameter("width", "Width", "octaves", 0.1, 6, (0.5, 2)),
            Parameter("height", "Change", "dB", -24, 24, (-9, 9)),
        ),
        Keeps.LABEL,
        equaliser,
    ),
)
