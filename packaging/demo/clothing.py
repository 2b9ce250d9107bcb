"""The clothing demo: 4,000 photos of Fashion-MNIST with predictions, measured columns and their own wrong labels."""

import gzip
import math
from pathlib import Path

import cv2
import duckdb
import fetch
import numpy as np
import predictions
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

PACKAGE = "dataset-fashion-mnist"
CLASSES = ("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot")
PER_CLASS = {"train": 280, "val": 40, "test": 80}
POOL_PER_CLASS = 1600  # the model is cross-validated on more images than are shipped
Images = NDArray[np.uint8]


def read(folder: Path, name: str) -> tuple[Images, NDArray[np.uint8]]:
    """uint8 (n, 28, 28) and uint8 (n,) from the IDX files of ``train`` or ``t10k``."""
    where = folder / "usr/share/datasets/fashion-mnist"
    images = gzip.decompress((where / f"{name}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((where / f"{name}-labels-idx1-ubyte.gz").read_bytes())
    return np.frombuffer(images, np.uint8, offset=16).reshape(-1, 28, 28), np.frombuffer(labels, np.uint8, offset=8)


def choose(labels: NDArray[np.uint8], generator: np.random.Generator, per_class: int) -> NDArray[np.int64]:
    """Positions of ``per_class`` examples of each class, shuffled within the class."""
    return np.concatenate(
        [generator.choice(np.flatnonzero(labels == code), per_class, replace=False) for code in range(len(CLASSES))]
    )


def gradients(images: Images) -> NDArray[np.float32]:
    """float32 (n, 637): oriented gradients of 7 x 7 overlapping cells (Dalal and Triggs 2005), and half-size pixels."""
    values = images.astype(np.float32) / 255
    down, across = np.gradient(values, axis=(1, 2))
    strength = np.hypot(across, down)
    bins = (np.mod(np.arctan2(down, across), np.pi) / np.pi * 9).astype(np.int64) % 9
    by_bin = np.stack([np.where(bins == code, strength, 0) for code in range(9)], axis=-1)
    halves = by_bin.reshape(len(images), 7, 4, 7, 4, 9).sum(axis=(2, 4))
    cells = halves / np.sqrt((halves**2).sum(axis=-1, keepdims=True) + 0.1)
    small = values.reshape(len(images), 14, 2, 14, 2).mean(axis=(2, 4))
    return np.concatenate([cells.reshape(len(images), -1), small.reshape(len(images), -1)], axis=1)


def measure(image: Images) -> dict[str, float]:
    """What a person can see in a photo on black, each from 0 to 1 but ``aspect`` (height / width of the garment)."""
    values = image / 255.0
    cloth = image > 12
    rows, columns = np.flatnonzero(cloth.any(axis=1)), np.flatnonzero(cloth.any(axis=0))
    inside = values[cloth]
    mirrored = values[:, ::-1]
    return {
        "brightness": round(float(inside.mean()), 3),
        "contrast": round(float(inside.std()), 3),
        "fill": round(float(cloth.mean()), 3),
        "aspect": round(float((rows[-1] - rows[0] + 1) / (columns[-1] - columns[0] + 1)), 2),
        "symmetry": round(1 - float(np.abs(values - mirrored).sum() / (values + mirrored).sum()), 3),
        "sharpness": round(float(np.abs(cv2.Laplacian(values, cv2.CV_64F)).mean()), 3),
    }


def png(image: Images) -> bytes:
    done, data = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    if not done:
        raise ValueError("a PNG could not be written")
    return data.tobytes()


def make(raw: Path, target: Path) -> str:
    folder = fetch.debian(PACKAGE, raw)
    generator = np.random.default_rng(predictions.SEED)
    train, train_labels = read(folder, "train")
    test, test_labels = read(folder, "t10k")
    learn, held = POOL_PER_CLASS - PER_CLASS["test"], PER_CLASS["test"]
    from_train, from_test = choose(train_labels, generator, learn), choose(test_labels, generator, held)

    images = np.concatenate([train[from_train], test[from_test]])
    labels = np.array(CLASSES)[np.concatenate([train_labels[from_train], test_labels[from_test]])]
    ids = [f"train-{row:05d}" for row in from_train] + [f"test-{row:05d}" for row in from_test]
    place = np.concatenate([np.arange(len(from_train)) % learn, np.arange(len(from_test)) % held + learn])
    split = np.select(
        [place < PER_CLASS["train"], place < PER_CLASS["train"] + PER_CLASS["val"], place >= learn],
        ["train", "val", "test"],
        "",
    )
    model = make_pipeline(
        StandardScaler(), MLPClassifier((96,), alpha=2.0, early_stopping=True, random_state=predictions.SEED)
    )
    probabilities = predictions.out_of_fold(model, gradients(images), labels)

    shipped = np.flatnonzero(split != "")
    shipped = generator.permutation(shipped)
    classes = sorted(CLASSES)
    predictions.write(target / "predictions.csv", [ids[row] for row in shipped], classes, probabilities[shipped])
    write_parquet(
        target / "clothing.parquet",
        [
            (
                ids[row],
                png(images[row]),
                str(labels[row]),
                str(split[row]),
                *measure(images[row]).values(),
            )
            for row in shipped
        ],
        tuple(measure(images[0])),
    )
    return predictions.summary(labels[shipped], classes, probabilities[shipped])


def write_parquet(path: Path, rows: list[tuple[object, ...]], measured: tuple[str, ...]) -> None:
    """``image`` is ``{bytes, path}``, as Hugging Face writes it."""
    with duckdb.connect(config={"threads": "1"}) as connection:
        numbers = ", ".join(f"{name} DOUBLE" for name in measured)
        connection.execute(f"CREATE TABLE t (id VARCHAR, png BLOB, label VARCHAR, split VARCHAR, {numbers})")
        for start in range(0, len(rows), 500):
            batch = rows[start : start + 500]
            marks = ", ".join(["(" + ", ".join("?" * len(rows[0])) + ")"] * len(batch))
            connection.execute(f"INSERT INTO t VALUES {marks}", [value for row in batch for value in row])
        columns = ", ".join(["id", "{'bytes': png, 'path': id || '.png'} AS image", "label", "split", *measured])
        form = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {math.ceil(len(rows) / 1000) * 1000}"
        connection.execute(f"COPY (SELECT {columns} FROM t) TO '{path}' ({form})")
