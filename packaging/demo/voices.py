"""The voices demo: short spoken prompts of the Asterisk telephone system, and which of five languages is spoken."""

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import fetch
import numpy as np
import predictions
import soundfile
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

PACKAGE = "asterisk-core-sounds-{}-wav"
SPEAKERS = {
    "en": ("English", "Allison", "female"),
    "es": ("Spanish", "Allison", "female"),
    "fr": ("French", "June", "female"),
    "it": ("Italian", "Carlo", "male"),
    "ru": ("Russian", "Maxim", "male"),
}
PER_LANGUAGE = 100
SECONDS = (0.45, 2.2)
RATE = 8000
WINDOW, STEP, BANDS = 256, 80, 24
Wave = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clip:
    id: str
    language: str
    group: str
    wave: Wave


def read(folder: Path, code: str) -> list[Clip]:
    """The clips of one language that are neither too short, too long nor silent, by name."""
    clips = []
    (voice,) = (path for path in (folder / "usr/share/asterisk/sounds").iterdir() if path.is_dir())
    for path in sorted(voice.rglob("*.wav")):
        group = path.parent.relative_to(voice).as_posix()
        wave, rate = soundfile.read(path, dtype="float32")
        loud = wave.size and float(np.sqrt((wave**2).mean())) > 0.01
        if rate == RATE and loud and SECONDS[0] <= wave.size / rate <= SECONDS[1] and group != "silence":
            name = path.stem if group == "." else f"{group}-{path.stem}".replace("/", "-")
            clips.append(Clip(f"{code}-{name}", SPEAKERS[code][0], "prompts" if group == "." else group, wave))
    return clips


def spectrum(wave: Wave) -> NDArray[np.float64]:
    """float64 (frames, bands): logarithm of the energy in bands that are even on the mel scale."""
    frames = np.lib.stride_tricks.sliding_window_view(wave, WINDOW)[::STEP] * np.hanning(WINDOW)
    power = np.abs(np.fft.rfft(frames)) ** 2
    mel = 2595 * np.log10(1 + np.fft.rfftfreq(WINDOW, 1 / RATE) / 700)
    centres = np.linspace(0, mel[-1], BANDS + 2)
    width = centres[1]
    bank = np.clip(1 - np.abs(mel[:, None] - centres[1:-1]) / width, 0, None)
    logarithm: NDArray[np.float64] = np.log(power @ bank + 1e-6)
    return logarithm


def features(wave: Wave) -> NDArray[np.float64]:
    """float64 (features,): how the spectrum moves, less its mean, which would tell the speaker and not the language."""
    energy = spectrum(wave)
    voiced = energy[energy.mean(axis=1) > energy.mean()]
    centred = voiced - voiced.mean(axis=1, keepdims=True)
    change = np.diff(energy, axis=0)
    return np.concatenate([centred.mean(axis=0), centred.std(axis=0), np.abs(change).mean(axis=0)])


def measure(wave: Wave) -> dict[str, float]:
    """``loudness`` in dB of full scale, ``pauses``: the share of quiet frames, ``crossings`` of zero per second."""
    frames = np.lib.stride_tricks.sliding_window_view(wave, WINDOW)[::STEP]
    level = np.sqrt((frames**2).mean(axis=1))
    return {
        "loudness": round(20 * float(np.log10(np.sqrt((wave**2).mean()))), 1),
        "pauses": round(float((level < 0.1 * level.max()).mean()), 3),
        "crossings": round(float((np.diff(np.signbit(wave)) != 0).mean() * RATE)),
    }


def make(raw: Path, target: Path) -> str:
    generator = np.random.default_rng(predictions.SEED)
    chosen: list[Clip] = []
    for code in SPEAKERS:
        clips = read(fetch.debian(PACKAGE.format(code), raw), code)
        chosen += [clips[place] for place in generator.choice(len(clips), PER_LANGUAGE, replace=False)]
    chosen = [chosen[place] for place in generator.permutation(len(chosen))]

    folder = target / "clips"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with (target / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file_name", "id", "label", "split", "speaker", "voice", "kind", *measure(chosen[0].wave)])
        for clip in chosen:
            name = f"clips/{clip.id}.flac"
            soundfile.write(target / name, clip.wave, RATE, subtype="PCM_16")
            _, speaker, voice = SPEAKERS[clip.id[:2]]
            split = str(generator.choice(["train", "val", "test"], p=[0.6, 0.1, 0.3]))
            writer.writerow(
                [name, clip.id, clip.language, split, speaker, voice, clip.group, *measure(clip.wave).values()]
            )

    labels = np.array([clip.language for clip in chosen])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=2000))
    probabilities = predictions.out_of_fold(model, np.stack([features(clip.wave) for clip in chosen]), labels)
    classes = sorted(set(labels.tolist()))
    predictions.write(target / "predictions.csv", [clip.id for clip in chosen], classes, probabilities)
    seconds = [clip.wave.size / RATE for clip in chosen]
    return f"{predictions.summary(labels, classes, probabilities)}, {min(seconds):.2f} to {max(seconds):.2f} s"
