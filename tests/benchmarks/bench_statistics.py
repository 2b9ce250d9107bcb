"""Statistics of ten thousand images of 64 px, against decoding them: the same two processes, the same library."""

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from decoding import decode
from made import png_folder
from table import Table

from dataimp_gui.core.compute import Workers
from dataimp_gui.core.media.statistics import measure_all
from dataimp_gui.core.model import Modality

COUNT = 10_000
ROUNDS = 7


def run(table: Table, folder: Path) -> None:
    kinds = {
        "grey PNGs": png_folder(folder / "grey", COUNT, side=64),
        "colour PNGs": colour_folder(folder / "png", COUNT, ".png"),
        "colour JPEGs": colour_folder(folder / "jpeg", COUNT, ".jpg"),
    }
    with Workers(2) as pool:
        for kind, pictures in kinds.items():
            decoded, measured = _compare(sorted(pictures.rglob("*.*")), pool)
            table.add(
                f"statistics of {COUNT:,} {kind} of 64 px (limit: 2 x decoding)",
                measured,
                2 * decoded,
                "s",
                f"decoding {decoded:.2f} s",
            )


def _compare(files: list[Path], pool: Workers) -> tuple[float, float]:
    """Seconds to decode and to measure ``files``, of the median of some rounds that do both; the first one warms up."""
    names = [str(file) for file in files]
    batches = [names[at : at + 64] for at in range(0, len(names), 64)]

    def decode_all() -> None:
        assert sum(map(len, pool.map(decode, batches))) == COUNT

    def measure_them() -> None:
        found = measure_all(files, Modality.IMAGE, pool=pool)
        assert not found.failed
        assert (found.columns["width"] == 64).all()

    rounds = [(_seconds(decode_all), _seconds(measure_them)) for _ in range(ROUNDS + 1)][1:]
    return sorted(rounds, key=lambda pair: pair[1] / pair[0])[ROUNDS // 2]


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def colour_folder(folder: Path, count: int, suffix: str) -> Path:
    """Pictures of coloured shapes on soft light with a little noise."""
    rng = np.random.default_rng(4)
    folder.mkdir(parents=True)
    yy, xx = np.mgrid[0:64, 0:64].astype(np.float32)
    for number in range(count):
        picture = np.repeat((120 + rng.uniform(0.5, 1.5) * (xx - 32))[:, :, None], 3, axis=2)
        for _ in range(4):
            x, y, radius = rng.uniform(0, 64), rng.uniform(0, 64), rng.uniform(5, 18)
            picture[(xx - x) ** 2 + (yy - y) ** 2 < radius**2] = rng.uniform(30, 225, 3)
        picture += rng.standard_normal(picture.shape, np.float32) * 2
        cv2.imwrite(str(folder / f"{number:05d}{suffix}"), picture.clip(0, 255).astype(np.uint8))
    return folder
