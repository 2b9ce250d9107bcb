"""Datasets whose labels are spoiled on purpose, each with a model that somebody might have trained on it."""

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import duckdb
import numpy as np
import soundfile

from dataimp_gui import resources
from dataimp_gui.core.model import Modality

FOLDS = 5
Sources = list[Path | bytes | str | None]


@dataclass
class Data:
    """``features`` and ``model(seed)`` are what a person would have trained; "vectors" for those of the embedding."""

    name: str
    modality: Modality
    sources: Sources
    labels: np.ndarray
    features: object
    model: Callable[[int], object]


def all_there() -> list[Data]:
    """The demos, and what lies in the folder that the environment names as DATAIMP_DATA."""
    makers = [clothing, messages, voices]
    given = os.environ.get("DATAIMP_DATA", "")
    for folder, maker in (("trashnet-256", trashnet), ("sms-spam", sms), ("fsdd", fsdd)):
        if given and (Path(given) / folder).is_dir():
            makers.append(lambda maker=maker, folder=folder: maker(Path(given) / folder))
        else:
            print(f"{folder} is left out: DATAIMP_DATA names no folder with it")
    return [make() for make in makers]


def clothing() -> Data:
    file = resources.path("demo", "clothing", "clothing.parquet")
    rows = duckdb.sql(f"SELECT image.bytes, label FROM '{file}'").fetchall()
    pixels = [cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE).ravel() / 255 for data, _ in rows]
    return Data("clothing", Modality.IMAGE, [row[0] for row in rows], codes(rows, 1), np.stack(pixels), network)


def trashnet(folder: Path) -> Data:
    files = sorted((folder / "images").rglob("*.jpg"))
    names = [("".join(letter for letter in file.stem if letter.isalpha()),) for file in files]
    return Data("trashnet", Modality.IMAGE, list(files), codes(names, 0), "vectors", network)


def messages() -> Data:
    return texts("messages", resources.path("demo", "messages", "messages.csv"))


def sms(folder: Path) -> Data:
    return texts("sms-spam", folder / "sms.csv")


def texts(name: str, file: Path) -> Data:
    from sklearn.feature_extraction.text import TfidfVectorizer

    with file.open(encoding="utf-8", newline="") as opened:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(opened)]
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2).fit_transform([row[0] for row in rows])
    return Data(name, Modality.TEXT, [row[0] for row in rows], codes(rows, 1), words, regression)


def voices() -> Data:
    folder = resources.path("demo", "voices")
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as opened:
        rows = [(folder / row["file_name"], row["label"]) for row in csv.DictReader(opened)]
    return sounds("voices", [row[0] for row in rows], codes(rows, 1))


def fsdd(folder: Path) -> Data:
    files = sorted((folder / "recordings").glob("*.wav"))
    return sounds("fsdd", files, np.array([int(file.name[0]) for file in files], np.int32))


def sounds(name: str, files: list[Path], labels: np.ndarray) -> Data:
    return Data(name, Modality.AUDIO, list(files), labels, np.stack([spectrum(file) for file in files]), network)


def spectrum(file: Path) -> np.ndarray:
    """The log spectrum in 24 bands, as means and deviations of four stretches of time."""
    wave, _ = soundfile.read(file)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(wave, (0, max(0, 512 - len(wave)))), 256)[::100]
    power = np.abs(np.fft.rfft(frames * np.hanning(256))) ** 2
    edges = np.unique(np.geomspace(2, 129, 25).astype(int))
    bands = np.log(np.add.reduceat(power, edges[:-1], axis=1) + 1e-6)
    parts = np.array_split(bands, 4)
    return np.concatenate([values for part in parts for values in (part.mean(axis=0), part.std(axis=0))])


def codes(rows: list[tuple], column: int) -> np.ndarray:
    return np.unique([row[column] for row in rows], return_inverse=True)[1].astype(np.int32)


def network(seed: int) -> object:
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), MLPClassifier((96,), alpha=2.0, early_stopping=True, random_state=seed))


def regression(seed: int) -> object:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=30.0, max_iter=500)


def out_of_fold(model: object, features: object, labels: np.ndarray, seed: int) -> np.ndarray:
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    return cross_val_predict(model, features, labels, cv=folds, method="predict_proba").astype(np.float32)


def confusion(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The chance of each other class for an example of a class (the row), by what a model takes it for."""
    sums = np.stack([probabilities[labels == code].sum(axis=0) for code in range(probabilities.shape[1])])
    np.fill_diagonal(sums, 0)
    return sums / sums.sum(axis=1, keepdims=True)


def flipped(labels: np.ndarray, confused: np.ndarray, rate: float, seed: int) -> np.ndarray:
    """Labels of which a share ``rate`` became that of a class with which the class is confused."""
    generator = np.random.default_rng(1000 + seed)
    found = labels.copy()
    for row in np.flatnonzero(generator.random(len(labels)) < rate):
        found[row] = generator.choice(len(confused), p=confused[labels[row]])
    return found


@dataclass
class RealErrors:
    """The MNIST test set with cross-validated probabilities, and which labels people found wrong."""

    images: list[bytes]
    labels: np.ndarray
    probabilities: np.ndarray
    wrong: np.ndarray


def real_errors() -> RealErrors | None:
    import gzip

    folder = Path(os.environ.get("DATAIMP_DATA", "")) / "mnist-test-label-errors"
    if not os.environ.get("DATAIMP_DATA") or not folder.is_dir():
        print("mnist-test-label-errors is left out: DATAIMP_DATA names no folder with it")
        return None
    data = gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes())
    pixels = np.frombuffer(data, np.uint8, offset=16).reshape(-1, 28, 28)
    labels = np.load(folder / "mnist_test_set_original_labels.npy", allow_pickle=False).astype(np.int32)
    wrong = np.zeros(len(labels), bool)
    with (folder / "label_errors.csv").open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            wrong[int(row["index"])] = row["is_error"] == "1"
    probabilities = np.load(folder / "mnist_test_set_pyx.npy", allow_pickle=False).astype(np.float32)
    return RealErrors([cv2.imencode(".png", image)[1].tobytes() for image in pixels], labels, probabilities, wrong)
