"""Data that the benchmarks make: a table of a million rows, a folder of small pictures."""

from pathlib import Path

import numpy as np

CLASSES = ("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot")


def csv_dataset(folder: Path, count: int) -> tuple[Path, Path]:
    """dataset.csv (id, text, label, split, camera, brightness, batch) and predictions.csv (id and 10 probabilities)."""
    import duckdb

    rng = np.random.default_rng(7)
    labels = rng.integers(0, 10, count).astype(np.int32)
    logits = rng.gumbel(size=(count, 10)).astype(np.float32)
    logits[np.arange(count), labels] += 4
    probabilities = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    db = duckdb.connect()
    db.register("made", {"label": labels, "value": rng.random(count).astype(np.float32), "n": np.arange(count)})
    db.register("p", {f"p{k}": probabilities[:, k] for k in range(10)} | {"n": np.arange(count)})
    dataset, predictions = folder / "dataset.csv", folder / "predictions.csv"
    listed = "[" + ", ".join(f"'{name}'" for name in CLASSES) + "]"
    db.execute(f"""COPY (SELECT 'item-' || lpad(n::VARCHAR, 8, '0') AS id,
        'garment number ' || n || ' from the autumn shoot' AS text, {listed}[label + 1] AS label,
        CASE WHEN n % 10 < 8 THEN 'train' WHEN n % 10 = 8 THEN 'val' ELSE 'test' END AS split,
        'camera ' || (n % 7) AS camera, round(value, 4) AS brightness, n % 365 AS batch
        FROM made ORDER BY n) TO '{dataset}' (HEADER)""")
    columns = ", ".join(f'round(p{k}, 6) AS "{name}"' for k, name in enumerate(CLASSES))
    db.execute(f"""COPY (SELECT 'item-' || lpad(n::VARCHAR, 8, '0') AS id, {columns} FROM p ORDER BY n)
        TO '{predictions}' (HEADER)""")
    db.close()
    return dataset, predictions


def png_folder(folder: Path, count: int, side: int = 28) -> Path:
    """Ten class folders of grey PNGs with soft shapes in them, as real small pictures have."""
    import cv2

    rng = np.random.default_rng(3)
    yy, xx = np.mgrid[0:side, 0:side].astype(np.float32) / side
    for name in CLASSES:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        cx, cy, width, height = rng.uniform(0.3, 0.7, 4)
        shape = np.exp(-(((xx - cx) / width) ** 4 + ((yy - cy) / height) ** 4) * 8)
        picture = (shape * 220 + rng.normal(0, 12, shape.shape)).clip(0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / CLASSES[number % 10] / f"{number:06d}.png"), picture)
    return folder
