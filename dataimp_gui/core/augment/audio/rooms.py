"""What a room adds: simulated reverberation, a measured impulse response, one echo. Length and level stay."""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.audio.files import recordings, whole
from dataimp_gui.core.augment.audio.signal import DIGITS, Samples, convolved, factor, peak, recorded, rms
from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality

EARLY_S: Final = 0.05  # reflections that can be told apart come until then
EARLY: Final = 8


def room(sound: Sound, values: Values, draw: Draw) -> Sound:
    channels = sound.samples.shape[1]
    response = simulated(values.number("reverberation"), values.number("direct"), sound.rate, channels, draw)
    return _heard(sound, convolved(sound.samples, response))


def simulated(decay_s: float, direct: float, rate: int, channels: int, draw: Draw) -> npt.NDArray[np.float64]:
    """An impulse response (n, channels): the direct sound, a few reflections, and noise that has fallen by 60 dB
    after ``decay_s`` (RT60), all of what follows ``direct`` decibels below the direct sound in energy."""
    count = max(2, round(decay_s * rate))
    seconds = np.arange(count) / rate
    tail = draw.normal((count, channels)) * np.round(np.exp(-np.log(1000) * seconds / decay_s), DIGITS)[:, None]
    tail *= (np.minimum(seconds / EARLY_S, 1) ** 2)[:, None]
    tail[0] = 0
    places = (draw.uniform(0.003, EARLY_S, EARLY) * rate).astype(int)
    heights = draw.uniform(0.3, 1, EARLY) * np.round(np.exp(-np.log(1000) * places / rate / decay_s), DIGITS)
    heights *= np.abs(tail).max(initial=1e-9) * 2
    for place, height in zip(places, heights, strict=True):
        if 0 < place < count:
            tail[place] += height
    energy = np.sqrt(np.square(tail).sum(axis=0))
    response = np.asarray(tail * (factor(-direct) / np.maximum(energy, 1e-12)))
    response[0] = 1
    return response


def measured_room(sound: Sound, values: Values, draw: Draw) -> Sound:
    if not values.text("responses"):
        return sound
    files = recordings(Path(values.text("responses")))
    response = whole(files[draw.choice(len(files))], sound.rate)
    loudest = int(np.abs(response[:, 0]).argmax()) if len(response) else 0
    response = response[loudest:]  # the way to the microphone is no part of the room
    if not len(response) or not response[0, 0]:
        return sound
    wet = convolved(sound.samples, response / response[0, 0])
    return _heard(sound, wet)


def echo(sound: Sound, values: Values, _draw: Draw) -> Sound:
    late = round(values.number("delay") / 1000 * sound.rate)
    made = sound.samples.copy()
    if 0 < late < len(made):
        made[late:] += sound.samples[:-late] * np.float32(factor(-values.number("level")))
    return _heard(sound, made)


def _heard(sound: Sound, samples: Samples) -> Sound:
    """As long and as loud (RMS) as before, quieter where full scale would be passed."""
    samples = samples[: len(sound.samples)]
    loud = rms(samples)
    if not loud:
        return sound
    limit = max(1.0, peak(sound.samples)) / max(peak(samples), 1e-12)
    return recorded(sound, samples * min(rms(sound.samples) / loud, limit))


OPERATIONS: Final = (
    Operation(
        "room",
        "Simulated room",
        Modality.AUDIO,
        "Speakers some steps away from the microphone in kitchens, offices and halls.",
        (
            Parameter("reverberation", "Reverberation time (RT60)", "s", 0.05, 5, (0.2, 0.8), log=True),
            Parameter("direct", "Direct sound above the room", "dB", -20, 40, (0, 12)),
        ),
        Keeps.LABEL,
        room,
    ),
    Operation(
        "measured_room",
        "Measured room",
        Modality.AUDIO,
        "The very rooms that the model will listen in: a balloon popped and recorded in each is enough.",
        (Parameter("responses", "Impulse response, or a folder of them", text="file"),),
        Keeps.LABEL,
        measured_room,
    ),
    Operation(
        "echo",
        "Echo",
        Modality.AUDIO,
        "One hard wall, or a loudspeaker whose sound comes back into the call.",
        (
            Parameter("delay", "Delay", "ms", 1, 2000, (60, 300), log=True),
            Parameter("level", "Quieter by", "dB", 0, 60, (6, 18)),
        ),
        Keeps.LABEL,
        echo,
    ),
)
