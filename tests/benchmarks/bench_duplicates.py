"""Near-duplicates: time and memory beside cleanlab's Datalab, and what is found of copies planted among real media."""

import io
import os
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import cv2
import label_data
import numpy as np
import soundfile
from table import Table, apart

from dataimp_gui.core.features import embedders
from dataimp_gui.core.features.neighbours import neighbours
from dataimp_gui.core.issues import Evidence
from dataimp_gui.core.issues.alike import near
from dataimp_gui.core.media.statistics import measure_all
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

PLANTED = 80  # of each kind of change
REPORTED = 0.5
PROMISED = ("photos", "voices")

SPEED = """
import sys, time
import numpy as np
n, d = int(sys.argv[2]), 128
r = np.random.default_rng(0)
x = r.standard_normal((n, 16), dtype=np.float32) @ r.standard_normal((16, d), dtype=np.float32)
x += 0.3 * r.standard_normal((n, d), dtype=np.float32)
copies = n // 100
x[-copies:] = x[:copies] + 0.05 * r.standard_normal((copies, d), dtype=np.float32)
x /= np.linalg.norm(x, axis=1, keepdims=True)
if sys.argv[1] == "cleanlab":
    from cleanlab import Datalab
    start = time.perf_counter()
    lab = Datalab({"x": x[:, :1]}, verbosity=0)
    lab.find_issues(features=x, issue_types={"near_duplicate": {}})
    took = time.perf_counter() - start
    found = int(lab.get_issues("near_duplicate")["is_near_duplicate_issue"].sum())
else:
    from dataimp_gui.core.features.neighbours import neighbours
    from dataimp_gui.core.issues import Evidence, find
    from dataimp_gui.core.model import IssueKind, Modality
    from dataimp_gui.progress import Progress
    start = time.perf_counter()
    given = Evidence(modality=Modality.TABLE, labels=np.zeros(n, np.int32), classes=["a"], excluded=np.zeros(n, bool),
                     splits=np.full(n, -1, np.int32), embedding=x, neighbours=neighbours(x, 20, Progress()))
    found = len(find(given, [IssueKind.DUPLICATE, IssueKind.OUTLIER], Progress())[IssueKind.DUPLICATE])
    took = time.perf_counter() - start
print(f"found {found} of {copies}")
print(found / copies)
print(took)
"""


def run(table: Table, folder: Path) -> None:
    speed(table)
    given = os.environ.get("DATAIMP_DATA", "")
    if given and (Path(given) / "trashnet-256").is_dir():
        files = sorted((Path(given) / "trashnet-256" / "images").rglob("*.jpg"))
        planted(table, "photos", Modality.IMAGE, [file.read_bytes() for file in files], PICTURES, folder)
    else:
        print("photos are left out: DATAIMP_DATA names no folder with trashnet-256")
    for data in label_data.all_there():
        if data.name == "clothing":
            planted(table, "clothing (28 px)", Modality.IMAGE, data.sources, PICTURES, folder)
        if data.name in ("voices", "fsdd"):
            sounds = [Path(source).read_bytes() for source in data.sources]
            planted(table, data.name, Modality.AUDIO, sounds, SOUNDS, folder)


def speed(table: Table) -> None:
    took, memory = apart(SPEED, "ours", "50000")
    table.add("near-duplicates of 50,000 x 128, exact neighbours and all", took, 20, "s")
    table.add("  its memory", memory, 600, "MiB")
    if find_spec("cleanlab"):
        theirs, their_memory = apart(SPEED, "cleanlab", "50000")
        table.add("  time beside cleanlab's Datalab", took, theirs, "s", f"which takes {their_memory:,.0f} MiB")
    took, memory = apart(SPEED, "ours", "1000000")
    table.add("near-duplicates and outliers of 1,000,000 x 128: memory", memory, 4096, "MiB", f"in {took:,.0f} s")


def planted(
    table: Table,
    name: str,
    modality: Modality,
    sources: list[bytes],
    changes: dict[str, Callable[[bytes, np.random.Generator], bytes]],
    folder: Path,
) -> None:
    """Copies of some of ``sources``, each changed in one way, put among them; which are found, and what else is."""
    generator = np.random.default_rng(0)
    count = min(PLANTED, len(sources) // (3 * len(changes)))
    originals = generator.permutation(len(sources))[: count * len(changes)]
    copies = [
        change(sources[row], generator)
        for change, rows in zip(changes.values(), np.split(originals, len(changes)), strict=True)
        for row in rows.tolist()
    ]
    start = time.perf_counter()
    everything = [*sources, *copies]
    found = among(modality, everything, folder / name)
    pairs = {*zip(found.first.tolist(), found.second.tolist(), found.likely.tolist(), strict=True)}
    sure = {(one, other) for one, other, likely in pairs if likely >= REPORTED}
    hits = [(row, len(sources) + at) in sure for at, row in enumerate(originals.tolist())]
    by_change = dict(zip(changes, np.reshape(hits, (len(changes), count)).mean(axis=1).tolist(), strict=True))
    before = sum(max(pair) < len(sources) for pair in sure)
    print(
        f"{name}: {', '.join(f'{change} {share:.3f}' for change, share in by_change.items())}; "
        f"{before} pairs among the {len(sources):,} originals ({time.perf_counter() - start:,.0f} s)",
        flush=True,
    )
    if name in PROMISED:
        table.add(f"near-duplicates, {name}: planted copies that are missed", 1 - float(np.mean(hits)), 0.01, "")
    else:  # so alike by nature, or so short, that a copy cannot always be told: then none must be seen where none is
        table.add(f"near-duplicates, {name}: pairs among 1,000 originals", 1000 * before / len(sources), 2, "")


def among(modality: Modality, sources: list[bytes], folder: Path):
    """The pairs, from all that the program would know: signatures, embedding, neighbours and the media themselves."""
    measured = measure_all(sources, modality)
    labels = np.zeros(len(sources), np.int32)
    which = embedders.default(modality, sources)
    vectors = embedders.embed(which, sources, folder).vectors
    return near(
        Evidence(
            modality=modality,
            labels=labels,
            classes=["a"],
            excluded=np.zeros(len(sources), np.bool_),
            splits=np.full(len(sources), -1, np.int32),
            embedding=vectors,
            neighbours=neighbours(vectors, 20, Progress()),
            signatures=measured.signatures,
            has_signature=measured.has_signature,
            sources=sources,
        ),
        Progress(),
    )


def of_pixels(change: Callable[[np.ndarray, np.random.Generator], np.ndarray]):
    def changed(data: bytes, generator: np.random.Generator) -> bytes:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        return cv2.imencode(".png", change(pixels, generator))[1].tobytes()

    return changed


def cropped(pixels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """90 to 95 % of each side, from anywhere."""
    part = generator.uniform(0.9, 0.95)
    height, width = (round(side * part) for side in pixels.shape[:2])
    top, left = (
        int(generator.integers(0, whole - cut + 1)) for whole, cut in zip(pixels.shape, (height, width), strict=False)
    )
    return pixels[top : top + height, left : left + width]


def resized(pixels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    factor = float(generator.choice([0.4, 0.6, 1.5]))
    return cv2.resize(
        pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    )


def compressed(pixels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    quality = int(generator.integers(25, 60))
    return cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def brightened(pixels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    factor = float(generator.choice([0.7, 0.85, 1.15, 1.25]))
    return np.clip(pixels.astype(np.float32) * factor, 0, 255).astype(np.uint8)


PICTURES = {
    "crops": of_pixels(cropped),
    "resizes": of_pixels(resized),
    "recompressions": of_pixels(compressed),
    "brightness shifts": of_pixels(brightened),
}


def of_samples(
    change: Callable[[np.ndarray, int, np.random.Generator], np.ndarray], format: str = "WAV", subtype: str = "PCM_16"
):
    def changed(data: bytes, generator: np.random.Generator) -> bytes:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
        written = io.BytesIO()
        soundfile.write(written, change(samples, rate, generator), rate, format=format, subtype=subtype)
        return written.getvalue()

    return changed


SOUNDS = {
    "quieter": of_samples(lambda samples, rate, generator: 0.4 * samples),
    "silence around": of_samples(
        lambda samples, rate, generator: np.pad(samples, ((rate // 4, rate // 3), (0, 0))),
    ),
    "compressed": of_samples(lambda samples, rate, generator: samples, "OGG", "VORBIS"),
    "noise of -30 dB": of_samples(
        lambda samples, rate, generator: (
            samples + (generator.normal(0, 0.0316 * np.sqrt(np.mean(samples**2)), samples.shape)).astype(np.float32)
        )
    ),
}
