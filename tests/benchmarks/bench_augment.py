"""Augmenting pictures: five steps on one, and what is on the screen after a slider moves."""

import time
from pathlib import Path

import cv2
import numpy as np

from dataimp_gui.core.augment.applying import apply, variants
from dataimp_gui.core.augment.operations import operations
from dataimp_gui.core.augment.policy import Policy, Step, from_json, to_json
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

FIVE = Policy(
    "Five steps",
    Modality.IMAGE,
    steps=(Step("affine"), Step("brightness"), Step("blur"), Step("jpeg"), Step("flip_horizontal")),
)
SEVEN = Policy(
    "Seven steps",
    Modality.IMAGE,
    steps=tuple(map(Step, ("rotate", "perspective", "side_shadow", "dim", "blur", "jpeg", "pixel_noise"))),
)
TIMES = 40


def run(table, folder: Path) -> None:
    cv2.setNumThreads(1)
    try:
        _measure(table)
    finally:
        cv2.setNumThreads(-1)


def _measure(table) -> None:
    pictures = [_photo(512, seed) for seed in range(4)]
    apply(FIVE, pictures[0], "first", 0)
    started = time.perf_counter()
    for draw in range(TIMES):
        apply(FIVE, pictures[draw % 4], "x", draw)
    table.add("augment: five steps at 512 px, one thread", (time.perf_counter() - started) / TIMES * 1000, 25, "ms")
    for side, limit in ((224, 150), (1024, 400)):
        shown = [_photo(side, seed) for seed in range(5)]
        given = [(picture, str(number), "") for number, picture in enumerate(shown)]
        took = []
        for turn in range(3):
            started = time.perf_counter()
            variants(SEVEN, given, range(10 * turn, 10 * turn + 4), Progress())
            took.append(time.perf_counter() - started)
        table.add(f"augment: 5 x 4 variants of seven steps at {side} px", float(np.median(took)) * 1000, limit, "ms")
    rng = np.random.default_rng(5)
    made = [_random_policy(rng) for _ in range(500)]
    kept = sum(from_json(to_json(each)) == each and to_json(from_json(to_json(each))) == to_json(each) for each in made)
    table.add("augment: policies lost in a round trip of 500", 1 - kept / len(made), 0.0001, "")


def _random_policy(rng: np.random.Generator) -> Policy:
    known = operations(Modality.IMAGE)
    steps = []
    for place in rng.integers(len(known), size=rng.integers(1, 8)):
        ranges = {
            each.name: tuple(sorted(rng.uniform(each.low, each.high, 2).tolist()))
            for each in known[place].parameters
            if each.is_number and rng.random() < 0.7
        }
        steps.append(Step(known[place].name, float(rng.random()), bool(rng.random() < 0.8), ranges))
    return Policy(f"Policy {rng.integers(1000)} é", Modality.IMAGE, int(rng.integers(2**53)), tuple(steps))


def _photo(side: int, seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).integers(0, 256, (side // 8, side // 8, 3), dtype=np.uint8)
    return cv2.resize(drawn, (side, side), interpolation=cv2.INTER_CUBIC)
