"""Five sets on which the order of promise was told once, before it fell silent where models are mostly wrong.

Where the data are to be had: ``trashnet-256`` and ``fsdd`` are photographs and recordings of their authors, in folders
of these names; ``fortunes`` is /usr/share/games/fortunes of Debian's packages fortunes and fortunes-min, ``drumkits``
/usr/share/hydrogen/data/drumkits of hydrogen-drumkits; the written digits ship with scikit-learn.
"""

import re
from pathlib import Path

import cv2
import numpy as np
from shifted_sets import Shifted, blurred_and_dim, data, imported, pictures, sounds, texts

from dataimp_gui.core.model import Modality

SIDE = 32  # pixels, the longer one of a photograph
SUBJECTS = ("computers", "definitions", "people", "songs-poems")
DRUMS = (
    ("hihat", r"hi-?hat|hhat|hat|^hh|_hh|ohh|chh"),
    ("crash", r"crash|^cra|splash|china"),
    ("ride", r"ride|^rd"),
    ("kick", r"kick|bass-?drum|^bd|_k_"),
    ("snare", r"snare|^sn|^sd"),
    ("tom", r"tom|^tm"),
)


def rubbish(folder: Path) -> Path | None:
    """Photographs of what is thrown away (TrashNet); the test half blurred and in poor light."""
    source = data("trashnet-256")
    if source is None:
        return None
    pairs = []
    for file in sorted(source.glob("images/*/*.jpg")):
        picture = cv2.imread(str(file))[..., ::-1]
        scale = SIDE / max(picture.shape[:2])
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        pairs.append((small, file.parent.name))
    return pictures(folder / "rubbish", pairs, blurred_and_dim)


def written(folder: Path) -> Path:
    """Written digits of 43 people (Alpaydin and Kaynak, 1998); the test half as photographs of a phone."""
    from sklearn.datasets import load_digits

    found = load_digits()
    pairs = []
    for levels, label in zip(found.images, found.target, strict=True):
        grey = cv2.resize(np.asarray(levels * 255 / 16, np.uint8), (32, 32), interpolation=cv2.INTER_CUBIC)
        pairs.append((np.repeat(grey[..., None], 3, axis=2), str(label)))
    return pictures(folder / "written", pairs, photographed)


def drums(folder: Path) -> Path | None:
    """Strokes on drums and cymbals, told by the names of their files; the test half in a live room with noise."""
    source = data("drumkits")
    if source is None:
        return None
    files = [each for each in sorted(source.glob("*/*")) if each.suffix in (".wav", ".flac", ".aiff")]
    return sounds(folder / "drums", [each for each in files if _drum(each)], _drum, every=1)


def speakers(folder: Path) -> Path | None:
    """Spoken digits, learned from four speakers and tested on two others: a natural shift (fsdd)."""
    import soundfile

    source = data("fsdd")
    if source is None:
        return None
    place = folder / "speakers"
    for file in sorted(source.glob("recordings/*.wav")):
        digit, name, number = file.stem.split("_")
        if int(number) % 2:
            continue
        dest = place / "source" / ("test" if name in ("lucas", "yweweler") else "train") / digit / file.name
        dest.parent.mkdir(parents=True, exist_ok=True)
        samples, rate = soundfile.read(file, dtype="float32")
        soundfile.write(dest, samples, rate)
    return imported(place, "source")


def sayings(folder: Path) -> Path | None:
    """Sayings of four kinds; the test half typed in a hurry."""
    source = data("fortunes")
    if source is None:
        return None
    pairs = []
    for subject in SUBJECTS:
        said = (source / subject).read_text("utf-8", errors="replace").split("\n%\n")
        pairs += [(each.strip(), subject) for each in said if each.strip()]
    return texts(folder / "sayings", pairs)


SEEN = (
    Shifted("photographed rubbish, blurred and in poor light", Modality.IMAGE, rubbish),
    Shifted("written digits photographed with a phone", Modality.IMAGE, written),
    Shifted("drums in a noisy room", Modality.AUDIO, drums),
    Shifted("spoken digits of other speakers", Modality.AUDIO, speakers),
    Shifted("sayings typed in a hurry", Modality.TEXT, sayings),
)


def photographed(picture: np.ndarray, random: np.random.Generator, aside: float = 0.2) -> np.ndarray:
    """From ``aside``, in light that falls off to one side, a little soft, noisy and compressed."""
    high, wide = picture.shape[:2]
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    moved = corners + random.uniform(-aside, aside, (4, 2)).astype(np.float32) * (wide, high)
    turn = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    seen = cv2.warpPerspective(picture, turn, (wide, high), borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    down, across = np.mgrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j]
    angle = random.uniform(0, 2 * np.pi)
    light = 0.75 + random.uniform(0.1, 0.3) * (across * np.cos(angle) + down * np.sin(angle))
    soft = cv2.GaussianBlur(seen * light[..., None].astype(np.float32), (0, 0), random.uniform(0.8, 1.6))
    levels = np.clip(soft + 20 + random.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", levels, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(20, 50))])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def _drum(file: Path) -> str:
    return next((name for name, pattern in DRUMS if re.search(pattern, file.name.lower())), "")
