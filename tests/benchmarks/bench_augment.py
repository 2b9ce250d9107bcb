"""Augmenting pictures: five steps on one, as albumentations does them, and a grid of variants; each step alone."""

import os
import time
import warnings
from importlib import metadata
from pathlib import Path

import cv2
import numpy as np

from dataimp_gui.core.augment.albumentations import VERSION, export
from dataimp_gui.core.augment.applying import apply, variants
from dataimp_gui.core.augment.operations import operations
from dataimp_gui.core.augment.policy import Policy, Step, from_json, to_json
from dataimp_gui.core.compute.heap import keep_freed_blocks
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
    keep_freed_blocks()  # as the window does
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
    took_ms = (time.perf_counter() - started) / TIMES * 1000
    table.add("augment: five steps at 512 px, one thread", took_ms, 25, "ms", _beside_albumentations(pictures))
    for side, limit in ((512, 25), (1024, 100)):
        took = {each.name: _one_step(each.name, _photo(side, 0)) for each in operations(Modality.IMAGE)}
        slowest = sorted(took, key=took.__getitem__, reverse=True)[:5]
        note = ", ".join(f"{name} {took[name]:.0f}" for name in slowest)
        table.add(f"augment: slowest of {len(took)} steps at {side} px", took[slowest[0]], limit, "ms", note)
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


def _beside_albumentations(pictures: list[np.ndarray]) -> str:
    """The same five steps as it reads them from what is exported for it, by turns with ours."""
    installed = {each.metadata["Name"].lower(): each.version for each in metadata.distributions()}
    if installed.get("albumentations") != VERSION or "albumentationsx" in installed:
        return f"albumentations {VERSION} is not installed"
    os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
    import albumentations

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = albumentations.from_dict(export(FIVE).document)
    ours, its = [], []
    for draw in range(TIMES):
        picture = pictures[draw % 4]
        started = time.perf_counter()
        apply(FIVE, picture, "x", draw)
        between = time.perf_counter()
        theirs(image=picture)
        ours.append(between - started)
        its.append(time.perf_counter() - between)
    ours_ms, its_ms = (float(np.median(each[4:])) * 1000 for each in (ours, its))
    return f"by turns: ours {ours_ms:.1f}, albumentations {its_ms:.1f}"


def _one_step(name: str, picture: np.ndarray) -> float:
    """Milliseconds of this thread alone, the slowest of three draws at their quickest."""
    policy, times = Policy(name, Modality.IMAGE, steps=(Step(name),)), []
    for draw in range(3):
        of_draw = []
        for _ in range(2):
            started = time.thread_time()
            apply(policy, picture, "x", draw)
            of_draw.append(time.thread_time() - started)
        times.append(min(of_draw))
    return max(times) * 1000


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
