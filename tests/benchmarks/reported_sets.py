"""The sets on which the order of promise is told: none of them was ranked before all of this was written down.

Where the data are to be had: ``typefaces`` is a folder of the fonts (.ttf, .otf) of 38 packages fonts-* of Debian 12;
``emoji`` has emoji.json and the folders google and twitter of npm's emoji-datasource-google and -twitter 16.0.0
(img/*/64); ``fillets-ng`` is /usr/share/games/fillets-ng of Debian's fillets-ng-data-cs and -nl; ``packages`` holds
packages.txt, which is what ``apt-cache dumpavail`` prints on Debian 12.
"""

import json
import re
import string
from collections import defaultdict
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from seen_sets import photographed
from shifted_sets import Shifted, blurred_and_dim, data, halves, imported, pictures, sounds, texts

from dataimp_gui.core.model import Modality

SIDE = 32  # pixels
ASIDE = 0.08  # of the width: how far a corner of a capital is off in its photograph
SECTIONS = ("games", "science", "sound", "fonts", "perl")
FISH = {"m": "small fish", "v": "big fish"}


def printed(folder: Path) -> Path | None:
    """Capitals in many typefaces; the test half as photographs of a phone."""
    from PIL import Image, ImageDraw, ImageFont

    source = data("typefaces")
    if source is None:
        return None
    pairs = []
    for file in sorted(source.glob("**/*.[ot]tf")):
        try:
            font = ImageFont.truetype(str(file), 24)
        except OSError:
            continue
        for letter in string.ascii_uppercase:
            canvas = Image.new("L", (SIDE, SIDE), 235)
            ImageDraw.Draw(canvas).text((SIDE / 2, SIDE / 2), letter, fill=30, font=font, anchor="mm")
            pairs.append((np.repeat(np.asarray(canvas)[..., None], 3, axis=2), letter))
    return pictures(folder / "printed", pairs, partial(photographed, aside=ASIDE))


def emoji(folder: Path) -> Path | None:
    """Emoji of eight kinds as one vendor draws them; the test half blurred and in poor light."""
    found = _emoji("google")
    return found and pictures(folder / "emoji", list(found.values()), blurred_and_dim)


def vendors(folder: Path) -> Path | None:
    """Emoji of one vendor to learn from, tested on other ones as another vendor draws them: a natural shift."""
    google, twitter = _emoji("google"), _emoji("twitter")
    if google is None or twitter is None:
        return None
    place, names = folder / "vendors", sorted(google.keys() & twitter.keys())
    for at, split in halves(len(names)):
        picture, label = (google if split == "train" else twitter)[names[at]]
        file = place / "source" / split / label / names[at]
        file.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(file), picture[..., ::-1])
    return imported(place, "source")


def fish(folder: Path) -> Path | None:
    """What two fish say in Czech, each spoken by one actor; the test half in a live room with noise."""
    said = _said("cs")
    return said and sounds(folder / "fish", list(said), said.__getitem__, every=1)


def actors(folder: Path) -> Path | None:
    """The same two, learned from the Czech actors and tested on the Dutch ones: a natural shift."""
    learned, judged = _said("cs"), _said("nl")
    if not learned or not judged:
        return None
    import soundfile
    from scipy.signal import resample_poly

    place = folder / "actors"
    for split, said in (("train", learned), ("test", judged)):
        for number, (file, label) in enumerate(said.items()):
            if number % 2:
                continue
            samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
            dest = place / "source" / split / label / f"{number}.wav"
            dest.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(dest, resample_poly(samples.mean(axis=1), 8000, rate), 8000)
    return imported(place, "source")


def described(folder: Path) -> Path | None:
    """Short descriptions of programs and libraries of five sections; the test half typed in a hurry."""
    source = data("packages")
    if source is None:
        return None
    found = defaultdict(list)
    for each in (source / "packages.txt").read_text("utf-8").split("\n\n"):
        section = re.search(r"^Section: (.*)$", each, re.MULTILINE)
        words = re.search(r"^Description: (.*)$", each, re.MULTILINE)
        if section and words and section[1] in SECTIONS:
            found[section[1]].append(words[1])
    fewest = min(map(len, found.values()))
    chosen = np.random.default_rng(1)
    pairs = [(each, label) for label in SECTIONS for each in chosen.permutation(sorted(set(found[label])))[:fewest]]
    return texts(folder / "described", [(str(text), label) for text, label in pairs])


REPORTED = (
    Shifted("printed capitals photographed with a phone", Modality.IMAGE, printed),
    Shifted("emoji, blurred and in poor light", Modality.IMAGE, emoji),
    Shifted("emoji of another vendor", Modality.IMAGE, vendors),
    Shifted("voices of two actors in a noisy room", Modality.AUDIO, fish),
    Shifted("voices of other actors", Modality.AUDIO, actors),
    Shifted("descriptions of packages typed in a hurry", Modality.TEXT, described),
)


def _emoji(vendor: str) -> dict[str, tuple[np.ndarray, str]] | None:
    """By the name of its file, on white: those without a colour of skin, but no flags and parts."""
    source = data("emoji")
    if source is None:
        return None
    found = {}
    for each in json.loads((source / "emoji.json").read_text("utf-8")):
        picture = cv2.imread(str(source / vendor / each["image"]), cv2.IMREAD_UNCHANGED)
        if picture is None or picture.ndim < 3 or each["category"] in ("Flags", "Component"):
            continue
        share = picture[..., 3:].astype(np.float32) / 255
        seen = (picture[..., :3] * share + 255 * (1 - share)).astype(np.uint8)[..., ::-1]
        small = cv2.resize(seen, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        found[each["image"]] = (small, each["category"].replace(" & ", " and "))
    return found


def _said(language: str) -> dict[Path, str]:
    source = data("fillets-ng")
    files = sorted(source.glob(f"sound/*/{language}/*-[mv]-*.ogg")) if source else []
    return {file: FISH[name] for file in files if (name := file.name.split("-")[1]) in FISH}
