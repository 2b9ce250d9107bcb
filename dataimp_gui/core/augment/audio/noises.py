"""What sounds at the same time: noise of a colour, mains hum, wind, clicks, and recordings of the person's."""

from pathlib import Path
from typing import Final

import numpy as np

from dataimp_gui.core.augment.audio.files import excerpt
from dataimp_gui.core.augment.audio.signal import Samples, coloured, factor, mixed, peak, recorded, times
from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality

COLOURS: Final = {"white": 0.0, "pink": 1.0, "brown": 2.0, "blue": -1.0, "violet": -2.0}
PERIOD: Final = 1 << 22  # frames; longer sounds hear the same noise again


def noise(sound: Sound, values: Values, draw: Draw) -> Sound:
    white = _white(draw, *sound.samples.shape)
    made = coloured(white, sound.rate, COLOURS[values.text("colour")])
    return mixed(sound, _repeated(made, len(sound.samples)), values.number("snr"))


def hum(sound: Sound, values: Values, draw: Draw) -> Sound:
    """A mains frequency and its overtones, each half as loud as the one before, in phases of their own."""
    base = float(values.text("mains").split()[0])
    turns = np.exp(2j * np.pi * base * np.arange(len(sound.samples)) / sound.rate).astype(np.complex64)
    tone, made = turns.copy(), np.zeros(len(turns), np.float32)
    for number, phase in enumerate(draw.uniform(0, 2 * np.pi, 8), start=1):
        if base * number < sound.rate / 2:
            height = 0.6 ** (number - 1)
            made += tone.real * np.float32(height * np.sin(phase)) + tone.imag * np.float32(height * np.cos(phase))
        tone = times(tone, turns)
    return mixed(sound, made[:, None], values.number("snr"))


def wind(sound: Sound, values: Values, draw: Draw) -> Sound:
    """Noise below about 100 Hz in gusts of half a second, the same on all channels."""
    count = len(sound.samples)
    made = coloured(_white(draw, count, 1), sound.rate, 3.0, corner=100)
    knots = max(4, round(count / sound.rate * 2) + 2)
    gusts = np.interp(np.linspace(0, knots - 1, len(made)), np.arange(knots), draw.uniform(0.05, 1, knots) ** 2)
    return mixed(sound, _repeated(made * gusts[:, None].astype(np.float32), count), values.number("snr"))


def clicks(sound: Sound, values: Values, draw: Draw) -> Sound:
    """Single short bursts at random places, as loud as ``level`` says against the loudest sample."""
    samples = sound.samples.copy()
    count = int(values.number("rate") * len(samples) / sound.rate + draw.uniform(0, 1))
    height = peak(samples) * factor(values.number("level"))
    length = max(1, round(0.003 * sound.rate))
    fading = np.exp(-np.arange(length) * 5 / length)
    for place in (draw.uniform(0, 1, count) * len(samples)).astype(int):
        burst = draw.uniform(-1, 1, length) * fading * height
        part = samples[place : place + length]
        part += burst[: len(part), None].astype(np.float32)
    return recorded(sound, samples)


def background(sound: Sound, values: Values, draw: Draw) -> Sound:
    if not values.text("folder"):
        return sound
    made = excerpt(Path(values.text("folder")), sound.rate, len(sound.samples), draw)
    return mixed(sound, made, values.number("snr"))


def _white(draw: Draw, count: int, channels: int) -> Samples:
    return np.asarray(draw.normal((min(count, PERIOD), channels)), np.float32)


def _repeated(samples: Samples, count: int) -> Samples:
    return samples if len(samples) >= count else np.resize(samples, (count, samples.shape[1]))


_SNR: Final = Parameter("snr", "Sound above noise", "dB", -20, 80, (5, 30))

OPERATIONS: Final = (
    Operation(
        "noise",
        "Noise",
        Modality.AUDIO,
        "The hiss of cheap microphones and amplifiers (white, blue), traffic and air conditioning (pink, brown).",
        (_SNR, Parameter("colour", "Colour", choices=tuple(COLOURS))),
        Keeps.LABEL,
        noise,
    ),
    Operation(
        "hum",
        "Mains hum",
        Modality.AUDIO,
        "Badly shielded cables and chargers near the recorder.",
        (_SNR, Parameter("mains", "Mains", choices=("50 Hz", "60 Hz"))),
        Keeps.LABEL,
        hum,
    ),
    Operation(
        "wind",
        "Wind and rumble",
        Modality.AUDIO,
        "Recordings outdoors, in a moving car, or with a hand on the microphone.",
        (Parameter("snr", "Sound above wind", "dB", -20, 80, (0, 20)),),
        Keeps.LABEL,
        wind,
    ),
    Operation(
        "clicks",
        "Clicks",
        Modality.AUDIO,
        "Loose contacts, worn records and keys pressed near the microphone.",
        (
            Parameter("rate", "Clicks a second", "/s", 0, 100, (1, 8)),
            Parameter("level", "Height against the loudest sample", "dB", -60, 6, (-18, -3)),
        ),
        Keeps.LABEL,
        clicks,
    ),
    Operation(
        "background",
        "Recorded background",
        Modality.AUDIO,
        "The places where the model will listen: record a minute in each of them.",
        (_SNR, Parameter("folder", "Folder of recordings", text="folder")),
        Keeps.LABEL,
        background,
    ),
)
