"""What coding leaves behind: telephone codecs, ADPCM, MP3 and Vorbis, low rates; with the real coders of libsndfile."""

import io
from typing import Final

import numpy as np

from dataimp_gui.core.augment.audio.signal import Samples, filtered, fitted, high_pass, low_pass, recorded, resampled
from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality

CALLS: Final = {"mu-law (North America, Japan)": "ULAW", "A-law (elsewhere)": "ALAW", "GSM (mobile)": "GSM610"}
CALL_RATE: Final = 8000
LOSSY: Final = {"MP3": ("MP3", "MPEG_LAYER_III"), "Ogg Vorbis": ("OGG", "VORBIS")}
LOSSY_RATES: Final = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
BLOCK: Final = 1 << 15  # frames written at once; the Vorbis coder overflows its stack on very long blocks
LEAST: Final = 4096  # frames; coders with long windows lose shorter sounds


def phone_call(sound: Sound, values: Values, _draw: Draw) -> Sound:
    """At 8 kHz, from 300 to 3,400 Hz, through the codec of a line."""
    line = filtered(
        resampled(sound.samples, sound.rate, CALL_RATE),
        CALL_RATE,
        lambda each: high_pass(each, 300, 4) * low_pass(each, 3400, 10),
    )
    return _back(sound, coded(line, CALL_RATE, "WAV", CALLS[values.text("codec")]), CALL_RATE)


def adpcm(sound: Sound, values: Values, _draw: Draw) -> Sound:
    """Four bits a sample, each the difference from the one before (IMA ADPCM)."""
    rate = min(sound.rate, round(values.number("rate")))
    return _back(sound, coded(resampled(sound.samples, sound.rate, rate), rate, "WAV", "IMA_ADPCM"), rate)


def lossy(sound: Sound, values: Values, _draw: Draw) -> Sound:
    rate = min(LOSSY_RATES, key=lambda each: abs(each - sound.rate))
    kind, subtype = LOSSY[values.text("codec")]
    samples = resampled(sound.samples, sound.rate, rate)
    return _back(sound, coded(samples, rate, kind, subtype, values.number("strength") / 100), rate)


def low_rate(sound: Sound, values: Values, _draw: Draw) -> Sound:
    rate = min(sound.rate, round(values.number("rate")))
    return _back(sound, resampled(sound.samples, sound.rate, rate), rate)


def coded(samples: Samples, rate: int, kind: str, subtype: str, strength: float | None = None) -> Samples:
    """Written and read again, stereo together, more channels each by itself; ``strength`` from 0 to 1, if any."""
    import soundfile

    if samples.shape[1] > 2 or (subtype == "GSM610" and samples.shape[1] > 1):
        return np.concatenate([coded(each[:, None], rate, kind, subtype, strength) for each in samples.T], axis=1)
    long = np.clip(fitted(samples, max(LEAST, len(samples))), -1, 1)
    extra = {} if strength is None else {"compression_level": strength}
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, samples.shape[1], subtype=subtype, format=kind, **extra) as writer:
        for start in range(0, len(long), BLOCK):
            writer.write(long[start : start + BLOCK])
    file.seek(0)
    return fitted(soundfile.read(file, dtype="float32", always_2d=True)[0], len(samples))


def _back(sound: Sound, samples: Samples, rate: int) -> Sound:
    return recorded(sound, fitted(resampled(samples, rate, sound.rate), len(sound.samples)))


OPERATIONS: Final = (
    Operation(
        "phone_call",
        "Phone call",
        Modality.AUDIO,
        "What a call centre hears: a narrow band at 8 kHz through the codec of the line.",
        (Parameter("codec", "Codec", choices=tuple(CALLS)),),
        Keeps.LABEL,
        phone_call,
    ),
    Operation(
        "adpcm",
        "Voice recorder (ADPCM)",
        Modality.AUDIO,
        "Dictation devices, toys and radios that store four bits a sample.",
        (Parameter("rate", "Sample rate", "Hz", 4000, 48000, (8000, 16000), log=True),),
        Keeps.LABEL,
        adpcm,
    ),
    Operation(
        "lossy",
        "MP3 or Vorbis",
        Modality.AUDIO,
        "Recordings that were sent through messengers and stored small.",
        (
            Parameter("strength", "Compression", "%", 0, 99, (60, 95)),  # the MP3 coder refuses 100
            Parameter("codec", "Codec", choices=tuple(LOSSY)),
        ),
        Keeps.LABEL,
        lossy,
    ),
    Operation(
        "low_rate",
        "Low sample rate",
        Modality.AUDIO,
        "Recordings made at 8 or 11 kHz and stored at a higher rate later.",
        (Parameter("rate", "Sample rate", "Hz", 2000, 48000, (6000, 16000), log=True),),
        Keeps.LABEL,
        low_rate,
    ),
)
