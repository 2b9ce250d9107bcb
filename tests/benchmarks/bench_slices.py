"""Slices: how fast they are found, how many planted ones, how often chance is taken for one, beside sliceline."""

import os
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import cv2
import label_data
import numpy as np
from slice_tables import Planted, adult, failing, jaccard, planted
from table import Table, apart, median

from dataimp_gui.core.features import embedders
from dataimp_gui.core.slices.material import Column, Material
from dataimp_gui.core.slices.search import Search, find, least_size
from dataimp_gui.core.slices.slice import Source
from dataimp_gui.progress import Progress

SEEDS = int(os.environ.get("DATAIMP_SEEDS", "40"))
SHUFFLED = 200
SPEED = f"""
import sys, time
import numpy as np
sys.path.insert(0, {str(Path(__file__).parent)!r})
from slice_tables import planted
from dataimp_gui.core.slices.search import Search, find
from dataimp_gui.progress import Progress
import scipy.stats, sklearn
count, width, conditions = map(int, sys.argv[1:4])
find(planted(2000, 4, 0).material, Search(), Progress())
material = planted(count, width, 0).material
def memory(what):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if what in line) / 1024
open("/proc/self/clear_refs", "w").write("5")  # the peak begins anew
before = memory("VmRSS")
start = time.perf_counter()
find(material, Search(conditions=conditions), Progress())
took = time.perf_counter() - start
print(took if sys.argv[4] == "time" else memory("VmHWM") - before)
"""


def run(table: Table, folder: Path) -> None:
    for count, width, conditions, limit in ((100_000, 20, 2, 1.0), (1_000_000, 10, 2, 3.0), (100_000, 20, 3, 10.0)):
        took, _ = apart(SPEED, str(count), str(width), str(conditions), "time")
        table.add(f"slices: {conditions} conditions, {count:,} x {width} columns", took, limit, "s")
    beyond, _ = apart(SPEED, "1000000", "10", "2", "memory")
    table.add("slices: memory beyond the data, 1,000,000 x 10 columns", beyond, 300, "MiB")
    recovered(table)
    by_chance(table)
    in_words(table)
    in_pixels(table, folder)
    if find_spec("sliceline"):
        against_sliceline(table)
    else:
        print("sliceline is not installed: the comparison with it is left out")
    census()


def recovered(table: Table) -> None:
    """Three planted slices a table; one counts as found when one of the first five shares half its examples with it."""
    hits, sought, confirmed, false = 0, 0, 0, 0
    for seed in range(SEEDS):
        made = planted(50_000, 10, seed)
        found = find(made.material, Search(seed=seed), Progress())[0]
        hits += sum(any(jaccard(each.mask, mask) >= 0.5 for each in found[:5]) for mask in made.masks)
        sought += len(made.masks)
        sure = [each.mask for each in found if each.p_adjusted < 0.01]
        confirmed += len(sure)
        false += sum(_fails_no_more(made, mask) for mask in sure)
    table.add("slices: planted ones not in the first five, share", 1 - hits / sought, 0.05, "", f"of {sought}")
    table.add("slices: confirmed without a cause, share", false / max(1, confirmed), 0.05, "", f"of {confirmed}")


def by_chance(table: Table) -> None:
    runs = 0
    for seed in range(SHUFFLED):
        rng = np.random.default_rng(seed)
        made = planted(5000, 10, seed).material
        shuffled = failing(dict(made.columns), rng.permutation(made.errors), rng)
        found = find(shuffled, Search(seed=seed), Progress())[0]
        runs += any(each.p_adjusted < 0.05 for each in found)
    table.add("slices: shuffled errors with one, share of runs", runs / SHUFFLED, 0.05, "", f"of {SHUFFLED}")


def in_words(table: Table) -> None:
    """In the messages of the demo, those with one word of 3 to 10 % fail; no column says so."""
    from sklearn.feature_extraction.text import CountVectorizer

    texts = np.array(label_data.messages().sources, dtype=object)
    vectorizer = CountVectorizer(binary=True, min_df=0.03, max_df=0.10)
    has = vectorizer.fit_transform(texts).toarray().astype(bool)
    hits = []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        mask = has[:, rng.integers(has.shape[1])]
        errors = rng.random(len(texts)) < np.where(mask, 0.4, 0.08)
        material = failing({}, errors, rng, texts=lambda rows: texts[rows].tolist())
        found = find(material, Search(seed=seed), Progress())[0]
        hits.append(any(jaccard(each.mask, mask) >= 0.5 for each in found[:5]))
    table.add(
        "slices: planted in words, not in the first five, share",
        hits.count(False) / len(hits),
        0.05,
        "",
        f"of {len(hits)}",
    )


def in_pixels(table: Table, folder: Path) -> None:
    """In the clothing of the demo, half of the pictures of one class lie on their side and fail; no column says so."""
    data = label_data.clothing()
    pictures = [cv2.imdecode(np.frombuffer(each, np.uint8), cv2.IMREAD_GRAYSCALE) for each in data.sources]
    lying = [cv2.imencode(".png", np.rot90(each))[1].tobytes() for each in pictures]
    name = embedders.default(data.modality, data.sources, labels=data.labels)
    vectors = embedders.embed(name, [*data.sources, *lying], folder).vectors
    count, hits = len(pictures), []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        mask = (data.labels == rng.integers(data.labels.max() + 1)) & (rng.random(count) < 0.5)
        errors = rng.random(count) < np.where(mask, 0.4, 0.08)
        seen = vectors[np.arange(count) + mask * count]
        found = find(failing({}, errors, rng, vectors=seen), Search(seed=seed), Progress())[0]
        hits.append(any(jaccard(each.mask, mask) >= 0.5 for each in found[:5]))
    table.add(
        "slices: planted in pixels, not in the first five, share",
        hits.count(False) / len(hits),
        0.05,
        "",
        f"of {len(hits)}",
    )


def against_sliceline(table: Table) -> None:
    """Columns of few words only, as it takes nothing else; both look for two conditions and the same least size."""
    made = planted(100_000, 20, 1)
    words = {name: each for name, each in made.material.columns.items() if each.codes is not None}
    material = failing(words, made.material.errors, np.random.default_rng(0))
    alike = Search(min_size=least_size(100_000), finders=(Source.RULES,))
    ours = median(lambda: find(material, alike, Progress()), 3)
    start = time.perf_counter()
    theirs, _ = sliceline_top(material, 1)[0]
    took = time.perf_counter() - start
    table.add("slices: time beside sliceline, 100,000 x 10 of words", ours, took / 50, "s", f"sliceline {took:.1f} s")
    near = max(jaccard(each.mask, theirs) for each in find(material, alike, Progress())[0])
    table.add("slices: sliceline's first slice, 1 - likeness to ours", 1 - near, 0.5, "")


def sliceline_top(material: Material, count: int) -> list[tuple[np.ndarray, str]]:
    from sliceline.slicefinder import Slicefinder

    chosen = [each for each in material.columns.values() if each.codes is not None]
    codes = np.column_stack([each.codes + 1 for each in chosen])
    finder = Slicefinder(alpha=0.95, k=count, max_l=2, min_sup=least_size(len(codes)), verbose=False)
    finder.fit(codes, material.errors.astype(np.float64))
    found = []
    for values in finder.top_slices_:
        said = [(j, int(value)) for j, value in enumerate(values) if value is not None]
        mask = np.all([codes[:, j] == value for j, value in said], axis=0)
        words = [f"{chosen[j].name} = {chosen[j].words[value - 1] if value else None!r}" for j, value in said]
        found.append((mask, " AND ".join(words)))
    return found


def census() -> None:
    material = adult()
    if material is None:
        print("adult is left out: DATAIMP_DATA names no folder with it")
        return
    n, wrong = len(material.errors), material.errors
    print(f"\nUCI Adult, out-of-fold errors of a decision tree: {wrong.mean():.1%} of {n:,}")
    for each in find(material, Search(), Progress())[0][:10]:
        print(
            f"  {np.count_nonzero(each.mask):6,} {wrong[each.mask].mean():6.1%}  {each.p_adjusted:8.1e}  {each.where}"
        )
    if find_spec("sliceline"):
        print("  sliceline, of the columns of words and the label")
        label = Column("label", codes=material.labels, words=material.classes)
        words = {name: each for name, each in material.columns.items() if each.codes is not None}
        named = replace(material, columns={"label": label, **words})
        for mask, told in sliceline_top(named, 10):
            print(f"  {np.count_nonzero(mask):6,} {wrong[mask].mean():6.1%}  {'':8}  {told}")


def _fails_no_more(made: Planted, mask: np.ndarray) -> bool:
    """Whether its true chance of an error is less than a tenth above that of the rest."""
    return bool(made.chance[mask].mean() < 1.1 * made.chance[~mask].mean())
