"""Sets whose test half was taken under other conditions than what a model learns from, as projects, and policies.

Those of `TUNED_ON` have served to choose how a policy's promise is found; `reported_sets` has those that have not.
"""

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from dataimp_gui import resources
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.demos import create_demo
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

LEARNED, JUDGED = 1200, 1000  # at most


@dataclass(frozen=True, slots=True)
class Shifted:
    """``project`` is None where the data are not there; the policies are those of the modality."""

    name: str
    modality: Modality
    make: Callable[[Path], Path | None]


def clothing(folder: Path) -> Path:
    """The clothes of the demo; the test half blurred and in poor light."""
    import dataimp_gui

    made = create_demo(folder=folder)
    with dataimp_gui.open(made.project, read_only=True) as project:
        loaded = project.augment.load(np.arange(project.count))
    pairs = list(zip(loaded.values, loaded.names, strict=True))
    return pictures(folder / "clothing", pairs, blurred_and_dim)


def characters(folder: Path) -> Path | None:
    """Characters cut from photographs, those of good quality to learn from and the bad ones to be tested on: a natural
    shift (chars74k)."""
    source = data("chars74k-photo-64")
    if source is None:
        return None
    place = folder / "characters"
    for file in sorted(source.glob("images/*/*.png")):
        split = "test" if file.name.startswith("bad") else "train"
        dest = place / "source" / split / file.parent.name / file.name
        dest.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, dest)
    return imported(place, "source")


def digits(folder: Path) -> Path | None:
    """Spoken digits (the free spoken digit dataset); the test half in a live room with noise."""
    source = data("fsdd")
    return source and sounds(folder / "digits", sorted(source.glob("recordings/*.wav")), lambda file: file.name[0])


def spam(folder: Path) -> Path | None:
    """Short messages, as many of either kind; the test half typed in a hurry."""
    import pandas as pd

    source = data("sms-spam")
    if source is None:
        return None
    table = pd.read_csv(source / "sms.csv").drop_duplicates("text")
    fewest = table.label.value_counts().min()
    table = table.groupby("label").sample(fewest, random_state=1)
    return texts(folder / "spam", list(zip(table.text, table.label, strict=True)))


def handwriting(folder: Path) -> Path | None:
    """Handwritten digits; the test half blurred and in poor light."""
    import gzip

    source = data("mnist-test-label-errors")
    if source is None:
        return None
    raw = gzip.decompress((source / "t10k-images-idx3-ubyte.gz").read_bytes())
    levels = np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 28, 28)
    labels = np.load(source / "mnist_test_set_original_labels.npy")
    pairs = [(np.repeat(each[..., None], 3, axis=2), str(label)) for each, label in zip(levels, labels, strict=True)]
    return pictures(folder / "handwriting", pairs, blurred_and_dim)


def languages(folder: Path) -> Path:
    """The voices of the demo; the test half in a live room with noise."""
    import pandas as pd

    table = pd.read_csv(resources.path("demo", "voices", "metadata.csv"))
    label = dict(zip(table.file_name, table.label, strict=True))
    place = resources.path("demo", "voices")
    return sounds(
        folder / "languages", [place / each for each in label], lambda file: label[str(file.relative_to(place))]
    )


def letters(folder: Path) -> Path:
    """The e-mails of the demo; the test half typed in a hurry."""
    import pandas as pd

    table = pd.read_csv(resources.path("demo", "messages", "messages.csv"))
    return texts(folder / "letters", list(zip(table.text, table.label, strict=True)))


TUNED_ON = (
    Shifted("handwriting, blurred and in poor light", Modality.IMAGE, handwriting),
    Shifted("languages in a noisy room", Modality.AUDIO, languages),
    Shifted("e-mails typed in a hurry", Modality.TEXT, letters),
    Shifted("clothes, blurred and in poor light", Modality.IMAGE, clothing),
    Shifted("photographed characters, good and bad", Modality.IMAGE, characters),
    Shifted("spoken digits in a noisy room", Modality.AUDIO, digits),
    Shifted("short messages typed in a hurry", Modality.TEXT, spam),
)


def blurred_and_dim(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    soft = cv2.GaussianBlur(picture, (0, 0), random.uniform(1.0, 2.0))
    levels = soft * random.uniform(0.3, 0.6) + random.normal(0, 2, picture.shape)
    return np.clip(levels, 0, 255).astype(np.uint8)


def in_a_noisy_room(samples: np.ndarray, rate: int, random: np.random.Generator) -> np.ndarray:
    """Noise that dies away by 60 dB in 0.3 to 0.8 s as the answer of the room, then a hiss at 8 to 25 dB."""
    long = round(rate * random.uniform(0.3, 0.8))
    tail = random.normal(0, 1, long) * 10 ** (-3 * np.arange(long) / long)
    answer = tail / np.sqrt(np.square(tail).sum()) * random.uniform(0.3, 0.7)
    answer[0] = 1
    wet = np.convolve(samples, answer)[: len(samples)]
    hiss = np.cumsum(random.normal(0, 1, len(wet)))
    hiss = np.diff(hiss, prepend=0) + 0.2 * (hiss - np.convolve(hiss, np.ones(200) / 200, "same"))
    level = np.sqrt(np.square(wet).mean() / max(np.square(hiss).mean(), 1e-12))
    wet = wet + hiss * level * 10 ** (-random.uniform(8, 25) / 20)
    return np.asarray(0.5 * wet / max(np.abs(wet).max(), 1e-9), np.float32)


def in_a_hurry(text: str, random: np.random.Generator) -> str:
    """Of 100 letters, 3 to 15 are left out, doubled, exchanged with the next or hit beside."""
    rows = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    share, letters = random.uniform(0.03, 0.15), list(text)
    place = 0
    while place < len(letters):
        if letters[place].isalpha() and random.random() < share:
            match random.integers(4):
                case 0:
                    letters[place] = ""
                case 1:
                    letters[place] *= 2
                case 2 if place + 1 < len(letters):
                    letters[place], letters[place + 1] = letters[place + 1], letters[place]
                    place += 1
                case _:
                    row = next((each for each in rows if letters[place].lower() in each), "")
                    if row:
                        at = row.index(letters[place].lower())
                        letters[place] = row[max(0, min(len(row) - 1, at + random.choice((-1, 1))))]
        place += 1
    return "".join(letters)


def policies(modality: Modality) -> list[Policy]:
    """Fourteen: near what the made shifts are, half and far beyond, a part of it, and what is nothing like it."""
    return [Policy(name, modality, 42, tuple(steps)) for name, steps in _POLICIES[modality]]


def _step(op: str, choices: dict[str, str] | None = None, **ranges: tuple[float, float]) -> Step:
    return Step(op, ranges=ranges, choices={name: (each,) for name, each in (choices or {}).items()})


_POLICIES = {
    Modality.IMAGE: [
        ("soft and dim", [_step("blur", radius=(0.8, 2)), _step("dim", gain=(0.3, 0.6))]),
        ("half so soft and dim", [_step("blur", radius=(0.3, 0.9)), _step("dim", gain=(0.6, 0.85))]),
        ("far too soft and dim", [_step("blur", radius=(3, 5)), _step("dim", gain=(0.08, 0.2))]),
        ("soft", [_step("blur", radius=(0.8, 2))]),
        ("dim", [_step("dim", gain=(0.3, 0.6))]),
        ("soft, dim and noisy", [_step("blur", radius=(0.8, 2)), _step("dim", gain=(0.3, 0.6)), _step("pixel_noise")]),
        ("noise", [_step("pixel_noise", sigma=(0.1, 0.25))]),
        ("poor JPEG", [_step("jpeg", quality=(5, 20))]),
        ("coarse", [_step("low_resolution", factor=(0.25, 0.5))]),
        ("turned and moved", [_step("affine")]),
        ("quarter turns", [_step("quarter_turn")]),
        ("negative", [_step("invert")]),
        ("covered", [_step("patches", count=(3, 6), size=(25, 50))]),
        ("cut out", [_step("crop", area=(25, 60))]),
    ],
    Modality.AUDIO: [
        ("room and noise", [_step("room", reverberation=(0.3, 0.8), direct=(3, 10)), _step("noise", snr=(8, 25))]),
        ("half so much", [_step("room", reverberation=(0.1, 0.3), direct=(10, 18)), _step("noise", snr=(20, 35))]),
        ("far too much", [_step("room", reverberation=(2, 4), direct=(-15, -8)), _step("noise", snr=(-15, -5))]),
        ("room", [_step("room", reverberation=(0.3, 0.8), direct=(3, 10))]),
        ("noise", [_step("noise", snr=(8, 25))]),
        ("echo", [_step("echo")]),
        ("telephone", [_step("telephone_band")]),
        ("muffled", [_step("muffled", cut=(400, 1000))]),
        ("pitch", [_step("pitch", semitones=(-4, 4))]),
        ("speed", [_step("speed", factor=(0.7, 1.4))]),
        ("clipping", [_step("clipping", share=(10, 40))]),
        ("drop-outs", [_step("dropouts", share=(20, 50), length=(20, 60))]),
        ("cut short", [_step("cut", start=(10, 40), end=(10, 40))]),
        ("low rate", [_step("low_rate", rate=(2000, 3000))]),
    ],
    Modality.TEXT: [
        ("typing slips", [_step(each, share=(1, 4)) for each in
                          ("neighbour_key", "missed_letter", "doubled_letter", "swapped_letters")]),
        ("half so many", [_step(each, share=(0.3, 1)) for each in
                          ("neighbour_key", "missed_letter", "doubled_letter", "swapped_letters")]),
        ("far too many", [_step(each, share=(15, 25)) for each in
                          ("neighbour_key", "missed_letter", "doubled_letter", "swapped_letters")]),
        ("keys beside", [_step("neighbour_key", share=(3, 12))]),
        ("missed letters", [_step("missed_letter", share=(3, 12))]),
        ("scanned", [_step("scanned", share=(3, 12))]),
        ("look-alikes", [_step("homoglyphs", share=(20, 60))]),
        ("capitals", [_step("case", {"kind": "ALL CAPITALS"})]),
        ("lost blanks", [_step("lost_spaces", share=(20, 60))]),
        ("fewer words", [_step("word_drop", share=(30, 70))]),
        ("other order", [_step("word_swap", share=(20, 60))]),
        ("cut off", [_step("cut_off", share=(50, 90))]),
        ("fillers", [_step("fillers", share=(20, 50))]),
        ("letters as digits", [_step("leetspeak", share=(20, 60))]),
    ],
}  # fmt: skip


def data(name: str) -> Path | None:
    place = Path(os.environ.get("DATAIMP_DATA", "")) / name
    return place if os.environ.get("DATAIMP_DATA") and place.is_dir() else None


def halves(count: int) -> Iterable[tuple[int, str]]:
    """Places in a random order, with their split."""
    order = np.random.default_rng(3).permutation(count)[: LEARNED + JUDGED].tolist()
    learned = len(order) * LEARNED // (LEARNED + JUDGED)
    return [(place, "train" if at < learned else "test") for at, place in enumerate(order)]


def pictures(
    place: Path,
    pairs: list[tuple[np.ndarray, str]],
    shift: Callable[[np.ndarray, np.random.Generator], np.ndarray],
) -> Path:
    random = np.random.default_rng(5)
    for at, split in halves(len(pairs)):
        picture, label = pairs[at]
        file = place / "source" / split / label / f"{at}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(file), (shift(picture, random) if split == "test" else picture)[..., ::-1])
    return imported(place, "source")


def sounds(place: Path, files: list[Path], label_of: Callable[[Path], str], every: int = 2) -> Path:
    """The first of ``every`` so many; sounds take longer. Those above 16 kHz are brought to 8."""
    import soundfile
    from scipy.signal import resample_poly

    random = np.random.default_rng(5)
    for at, split in halves(len(files)):
        if at % every:
            continue
        samples, rate = soundfile.read(files[at], dtype="float32", always_2d=True)
        samples = samples.mean(axis=1)
        if rate > 16_000:
            samples, rate = resample_poly(samples, 8000, rate), 8000
        file = place / "source" / split / label_of(files[at]) / f"{at}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        heard = in_a_noisy_room(samples, rate, random) if split == "test" else samples
        soundfile.write(file, heard, rate)
    return imported(place, "source")


def texts(place: Path, pairs: list[tuple[str, str]]) -> Path:
    import pandas as pd

    random = np.random.default_rng(5)
    rows = []
    for at, split in halves(len(pairs)):
        text, label = pairs[at]
        rows.append((str(at), in_a_hurry(text, random) if split == "test" else text, label, split))
    place.mkdir(parents=True)
    pd.DataFrame(rows, columns=["id", "text", "label", "split"]).to_csv(place / "source.csv", index=False)
    return imported(place, "source.csv")


def imported(place: Path, source: str) -> Path:
    import_dataset(place / source, place / "made.dataimp", ImportOptions(), Progress())
    return place / "made.dataimp"
