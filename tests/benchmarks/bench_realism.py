"""Realism: false alarms, power, verdicts on steps and time, on the demo's pictures or those of DATAIMP_PICTURES."""

import os
from dataclasses import fields
from pathlib import Path

import cv2
import numpy as np
from table import Table, median

from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.augment.realism.angles import angles
from dataimp_gui.core.augment.realism.closing import LEVEL, realism, same
from dataimp_gui.core.augment.realism.densities import densities
from dataimp_gui.core.augment.realism.describing import Described, describe
from dataimp_gui.core.augment.realism.labels import Judge
from dataimp_gui.core.augment.realism.naming import by_statistic
from dataimp_gui.core.augment.realism.steps import Verdict, blame
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

SPLITS = 200
N = 300
SMALL_SPLITS, SMALL = 1000, 60
RUNS = 20
BLUR = Step("blur", ranges={"radius": (0.8, 1.2)})
DIM = Step("dim", ranges={"gain": (0.5, 0.8)})
NOISE = Step("pixel_noise")
BLUR_1 = Step("blur", ranges={"radius": (1.0, 1.0)})
JPEG_40 = Step("jpeg", ranges={"quality": (40, 40)})


def run(table: Table, folder: Path) -> None:
    pictures = load(folder)
    everything = seen(pictures)
    order = np.random.default_rng(11)
    alarms = 0
    for split in range(SPLITS):
        chosen = order.permutation(len(pictures))[: 2 * N]
        alarms += same(some(everything, chosen[:N]), some(everything, chosen[N:]), split) <= LEVEL
    share = 100 * alarms / SPLITS
    note = f"called different: {share:.1f} % of {SPLITS}"
    table.add("real against real: false alarms, away from 5 %", abs(share - 5), 2, "%", note)
    alarms = 0
    for split in range(SMALL_SPLITS):
        chosen = order.permutation(len(pictures))[: 2 * SMALL]
        alarms += same(some(everything, chosen[:SMALL]), some(everything, chosen[SMALL:]), split) <= LEVEL
    share = 100 * alarms / SMALL_SPLITS
    note = f"called different: {share:.1f} % of {SMALL_SPLITS}, {SMALL} against {SMALL}"
    table.add("more and smaller splits: false alarms, away from 5 %", abs(share - 5), 2, "%", note)
    for name, step in (("blur of sigma 1", BLUR_1), ("JPEG quality 40", JPEG_40)):
        changed = seen(variants([step], pictures))
        found = 0
        for split in range(RUNS):
            chosen = order.permutation(len(pictures))[: 2 * N]
            found += same(some(everything, chosen[:N]), some(changed, chosen[N:]), split) <= LEVEL
        table.add(f"{name}, n = {N}: not noticed", 100 * (1 - found / RUNS), 10, "%", f"{RUNS} splits")
    large = [cv2.resize(each, (64, 64)) for each in pictures[:800]]

    def measured() -> None:
        first, second = seen(large[:400]), seen(large[400:])
        found = realism(first, first, second)
        named = by_statistic(first, first, second, Modality.IMAGE)
        angles(first, first, second, found)
        densities(first, first, second, Modality.IMAGE, named)

    table.add("measuring 400 against 400 of 64 px", median(measured, 3), 3, "s")
    unseen, accused = verdicts(pictures, order)
    note = f"{RUNS} runs"
    table.add("a step that the target never shows: not flagged", 100 * (1 - unseen / RUNS), 5, "%", note)
    table.add("steps that it does show: flagged", 100 * accused / (2 * RUNS), 5, "%", note)


def verdicts(pictures: list[np.ndarray], order: np.random.Generator) -> tuple[int, int]:
    """How often noise is called not seen, and how often blur or dimness, beside a target that is blurred and dim."""
    unseen = accused = 0
    for seed in range(RUNS):
        chosen = order.permutation(len(pictures))[: 2 * 200]
        ours, theirs = [pictures[place] for place in chosen[:200]], [pictures[place] for place in chosen[200:]]
        target = seen(variants([BLUR, DIM], theirs, seed + 1000))
        policy = Policy("three", Modality.IMAGE, seed, (BLUR, DIM, NOISE))

        def vary(one: Policy, mine: list[np.ndarray] = ours, seed: int = seed) -> Described:
            return seen(variants(one.steps, mine, seed))

        original = seen(ours)
        judge = Judge(original.content, np.full(len(ours), -1, np.int32))
        said = [each.verdict for each in blame(policy, vary(policy), original, target, judge, vary, Progress())]
        unseen += said[2] is Verdict.UNSEEN
        accused += sum(each is Verdict.UNSEEN for each in said[:2])
    return unseen, accused


def load(folder: Path) -> list[np.ndarray]:
    given = os.environ.get("DATAIMP_PICTURES")
    if given:
        files = sorted(each for each in Path(given).rglob("*") if each.suffix in (".png", ".jpg"))
        return [cv2.cvtColor(cv2.imread(str(each)), cv2.COLOR_BGR2RGB) for each in files[:2600]]
    import dataimp_gui
    from dataimp_gui.core.demos import create_demo

    made = create_demo(folder=folder)
    with dataimp_gui.open(made.project, read_only=True) as project:
        return list(project.augment.load(np.arange(project.count)).values)


def variants(steps: tuple[Step, ...] | list[Step], pictures: list[np.ndarray], seed: int = 42) -> list[np.ndarray]:
    policy = Policy("made", Modality.IMAGE, seed, tuple(steps))
    return [apply(policy, each, str(place), 0).value for place, each in enumerate(pictures)]


def seen(pictures: list[np.ndarray]) -> Described:
    return describe(pictures, Modality.IMAGE)


def some(described: Described, rows: np.ndarray) -> Described:
    return Described(**{each.name: getattr(described, each.name)[rows] for each in fields(Described)})
