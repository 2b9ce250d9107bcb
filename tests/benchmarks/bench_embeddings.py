"""Built-in embeddings beside simpler ones: do neighbours agree on the label, and do they find labels that were flipped?

Each dataset gets every way of making vectors. 5-NN: the share of examples whose label most of their five nearest
neighbours have. Flips: average precision of "how many of my ten neighbours disagree" where 5 % of the labels were
changed to any other class, mean and 95 % interval over ten seeds. The limits are those of the simplest way: the shipped
choice must be no worse.
"""

import csv
import gzip
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import label_data
import numpy as np
from label_data import Sources
from table import Table

from dataimp_gui import resources
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features.embedders import GRADIENTS, MEL, NETWORK, TERMS, Embedder, default, embed
from dataimp_gui.core.features.embedding import unit
from dataimp_gui.core.features.embedding_choice import agreement
from dataimp_gui.core.features.embedding_each import content_keys
from dataimp_gui.core.features.embedding_kept import Kept
from dataimp_gui.core.features.embedding_space import directions
from dataimp_gui.core.media import image
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

SEEDS = 10
FLIPS = 0.05
NEIGHBOURS = 10

Ways = dict[str, np.ndarray]


@dataclass
class Set:
    """``apart`` are groups whose examples are no neighbours of each other (a speaker, say)."""

    name: str
    modality: Modality
    sources: Sources
    labels: np.ndarray
    apart: np.ndarray | None = None


def run(table: Table, folder: Path) -> None:
    ways_of: dict[Modality, Callable[[Sources, Path], Ways]] = {
        Modality.IMAGE: pictures,
        Modality.TEXT: texts,
        Modality.AUDIO: sounds,
    }
    known: dict[int, Ways] = {}
    for data in list(datasets()):  # all at once: an id is that of one list only while the list lives
        key = id(data.sources)
        if key not in known:
            with tempfile.TemporaryDirectory(dir=folder) as kept:
                known[key] = ways_of[data.modality](data.sources, Path(kept))
        ways = known[key]
        chosen = default(data.modality, data.sources, labels=data.labels)
        plain = next(iter(ways))
        figures = {}
        for name, vectors in ways.items():
            figures[name] = accuracy, precisions = measured(vectors, data)
            margin = 1.96 * precisions.std(ddof=1) / len(precisions) ** 0.5
            mark = " <- chosen" if name == chosen else ""
            said = f"{data.name:<16} {name:<24} 5-NN {accuracy:.3f}   flips {precisions.mean():.3f} ± {margin:.3f}"
            print(said + mark, flush=True)
        missed = [1 - figures[name][0] for name in (chosen, plain)]
        table.add(f"{data.name}: 5-NN errors of {chosen} (limit: {plain})", 100 * missed[0], 100 * missed[1], "%")
        lost = [1 - figures[name][1].mean() for name in (chosen, plain)]
        table.add(f"{data.name}: flips not found first by {chosen} (limit: {plain})", lost[0], lost[1], "")
    speed(table, folder)


def datasets() -> Iterator[Set]:
    for data in label_data.all_there():
        yield Set(data.name, data.modality, data.sources, data.labels)
        if data.name == "fsdd":
            speakers = [Path(source).stem.split("_")[1] for source in data.sources]
            apart = np.unique(speakers, return_inverse=True)[1]
            yield Set("fsdd, other voices", data.modality, data.sources, data.labels, apart)
    given = os.environ.get("DATAIMP_DATA", "")
    for name, make in (("mnist-test-label-errors", digits), ("chars74k-photo-64", letters)):
        if given and (Path(given) / name).is_dir():
            yield make(Path(given) / name)
        else:
            print(f"{name} is left out: DATAIMP_DATA names no folder with it")
    yield topics()


def digits(folder: Path, count: int = 4000) -> Set:
    pixels = np.frombuffer(gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes()), np.uint8, offset=16)
    labels = np.load(folder / "mnist_test_set_original_labels.npy", allow_pickle=False)
    images = [cv2.imencode(".png", each)[1].tobytes() for each in pixels.reshape(-1, 28, 28)[:count]]
    return Set("mnist", Modality.IMAGE, images, labels[:count].astype(np.int32))


def letters(folder: Path) -> Set:
    files = sorted((folder / "images").rglob("*.png"))
    labels = np.unique([file.parent.name for file in files], return_inverse=True)[1]
    return Set("chars74k", Modality.IMAGE, list(files), labels.astype(np.int32))


def topics() -> Set:
    with resources.path("demo", "messages", "messages.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["topic"]]
    labels = np.unique([row["topic"] for row in rows], return_inverse=True)[1]
    return Set("messages, topic", Modality.TEXT, [row["text"] for row in rows], labels.astype(np.int32))


def pictures(sources: Sources, folder: Path) -> Ways:
    edges, seen = described(GRADIENTS, sources, folder / "g"), described(NETWORK, sources, folder / "n")
    both = np.hstack([unit(edges), unit(seen)])
    return {
        "pixels": unit(np.stack([pixels_of(source) for source in sources])),
        "gradients, as counted": unit(edges),
        GRADIENTS.name: directions(edges)(edges),
        "network, as it says": unit(seen.astype(np.float32) ** 2),  # the square of the root that is kept
        "network, centred": directions(seen - seen.mean(axis=0))(seen - seen.mean(axis=0)),
        NETWORK.name: directions(seen)(seen),
        "both": directions(both)(both),
    }


def texts(sources: Sources, folder: Path) -> Ways:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.utils.extmath import randomized_svd

    def apart(**options: object) -> np.ndarray:
        matrix = TfidfVectorizer(sublinear_tf=True, min_df=2, max_features=50_000, **options).fit_transform(sources)
        return unit(matrix @ randomized_svd(matrix, 128, n_iter=4, random_state=0)[2].T)

    return {
        "words": apart(),
        "words and pairs": apart(ngram_range=(1, 2)),
        "pieces of words": apart(ngram_range=(2, 5), analyzer="char_wb"),
        TERMS.name: embed(TERMS, sources, folder).vectors,
    }


def sounds(sources: Sources, folder: Path) -> Ways:
    from dataimp_gui.core.features.audio_mel import BANDS, fit

    raw = described(MEL, sources, folder)
    statistics, course = raw[:, : 3 * BANDS], raw[:, 3 * BANDS :]
    return {
        "mel statistics": unit(statistics),
        "mel statistics, evened": directions(statistics)(statistics),
        "course in time": unit(course),
        "course in time, evened": directions(course)(course),
        MEL.name: fit(raw)(raw),
    }


def described(embedder: Embedder, sources: Sources, folder: Path) -> np.ndarray:
    """What `embed` keeps of each example before it fits the space."""
    embed(embedder, sources, folder)
    return Kept(folder, embedder.embed.stamp).rows(content_keys(sources)[0])


def pixels_of(source: Path | bytes | str | None) -> np.ndarray:
    grey = cv2.cvtColor(image.decode(source), cv2.COLOR_RGB2GRAY)
    return cv2.resize(grey, (28, 28), interpolation=cv2.INTER_AREA).ravel().astype(np.float32)


def measured(vectors: np.ndarray, data: Set) -> tuple[float, np.ndarray]:
    """(5-NN accuracy, average precision for each seed)."""
    similarity = np.nan_to_num(vectors @ vectors.T, nan=-2.0)
    np.fill_diagonal(similarity, -3.0)
    if data.apart is not None:
        similarity[data.apart[:, None] == data.apart] = -3.0
    nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :NEIGHBOURS]
    codes = np.unique(data.labels, return_inverse=True)[1]
    accuracy = agreement(vectors, codes) if data.apart is None else votes(codes[nearest[:, :5]], codes)
    found = []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        is_flipped = rng.random(len(codes)) < FLIPS
        labels = (codes + is_flipped * rng.integers(1, codes.max() + 1, len(codes))) % (codes.max() + 1)
        disagree = (labels[nearest] != labels[:, None]) @ np.linspace(1.2, 0.8, NEIGHBOURS)
        ordered = is_flipped[np.argsort(-disagree, kind="stable")]
        found.append((np.cumsum(ordered) / np.arange(1, len(ordered) + 1))[ordered].mean())
    return accuracy, np.array(found)


def votes(near: np.ndarray, codes: np.ndarray) -> float:
    counts = (near[:, :, None] == np.arange(codes.max() + 1)).sum(axis=1)
    return float((counts.argmax(axis=1) == codes).mean())


def speed(table: Table, folder: Path) -> None:
    """Pictures a second, against onnxruntime with a thread for each processor, which gets them decoded and in batches.

    The limit allows for reading, decoding and starting the processes."""
    from dataimp_gui.core.features.onnx import Preprocessing, image_input

    rng = np.random.default_rng(5)
    files = []
    for number in range(600):
        photo = cv2.resize(rng.integers(0, 255, (12, 16, 3), dtype=np.uint8), (640, 480), interpolation=cv2.INTER_CUBIC)
        files.append(folder / f"{number}.jpg")
        cv2.imwrite(str(files[-1]), photo)
    import onnxruntime

    session = onnxruntime.InferenceSession(resources.path("models", "efficientnet-lite0", "efficientnet-lite0.onnx"))
    how = Preprocessing(mean=(127.0,), std=(128.0,))
    ready = np.stack([image_input(str(file), how, Limits()) for file in files])
    session.run(["embedding"], {"image": ready[:8]})
    start = time.perf_counter()
    for batch in range(0, len(ready), 8):
        session.run(["embedding"], {"image": ready[batch : batch + 8]})
    peer = time.perf_counter() - start
    start = time.perf_counter()
    embed(NETWORK, files, folder / "speed", Limits(), Progress())
    ours = time.perf_counter() - start
    note = f"{len(files) / ours:.0f} pictures a second; the model alone {len(files) / peer:.0f}"
    table.add("embed 600 photos of 640x480 (limit: 1.5 x the model alone + 3 s)", ours, 1.5 * peer + 3, "s", note)
