"""Wrong labels: ranked, listed and suggested, beside cleanlab on the same probabilities; and the time of a million."""

import os
from dataclasses import dataclass
from pathlib import Path

import label_data
import numpy as np
from label_data import Data
from table import Table, apart

from dataimp_gui.core.features import embedders
from dataimp_gui.core.features.neighbours import Neighbours, neighbours
from dataimp_gui.core.issues.findings import Evidence
from dataimp_gui.core.issues.label import LISTED
from dataimp_gui.core.issues.label_scores import Scores, scores
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

SEEDS = int(os.environ.get("DATAIMP_SEEDS", "10"))
RATE = 0.05
SPEED = """
import sys, time
import numpy as np
from dataimp_gui.core.issues.findings import Evidence
from dataimp_gui.core.issues.label import detect
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress
n, k = 1_000_000, 10
r = np.random.default_rng(0)
labels = r.integers(0, k, n)
logits = r.normal(0, 1.5, (n, k)).astype(np.float32)
logits[np.arange(n), labels] += 5
logits = np.exp(logits)
p = logits / logits.sum(axis=1, keepdims=True)
del logits
wrong = r.random(n) < 0.05
labels[wrong] = r.integers(0, k, wrong.sum())
if sys.argv[1] == "cleanlab":
    from cleanlab.filter import find_label_issues
    p = p.astype(np.float64)
    start = time.perf_counter()
    find_label_issues(labels, p, return_indices_ranked_by="self_confidence", n_jobs=1)
else:
    evidence = Evidence(modality=Modality.TABLE, labels=labels.astype(np.int32), classes=[str(i) for i in range(k)],
                        excluded=np.zeros(n, bool), splits=np.full(n, -1, np.int32), probabilities=p)
    start = time.perf_counter()
    detect(evidence, Progress())
print(time.perf_counter() - start)
"""


@dataclass
class Known:
    """What the program has made of a dataset before it looks at labels."""

    modality: Modality
    vectors: np.ndarray
    near: Neighbours
    embedding: str


def run(table: Table, folder: Path) -> None:
    speed(table)
    sets = [spoiled(data, folder) for data in label_data.all_there()]
    print(f"\n{'':12}{'average precision':>31}   listed: precision / recall")
    print(f"{'':12}{'cleanlab':>15} {'ours':>15}   {'cleanlab':>11} {'ours':>11}   suggested   ECE  embedding")
    stays, told = {}, {}
    flips, hits, right, right_listed = 0.0, 0.0, 0.0, 0.0
    for data in sets:
        found = [one_seed(data, seed) for seed in range(SEEDS)]
        mean = {key: float(np.mean([each[key] for each in found])) for key in found[0]}
        show(data, found, mean)
        table.add(f"label issues, {data.name}: 1 - average precision", 1 - mean["ours"], 1 - mean["theirs"], "")
        stays[data.name] = (1 - mean["ours"]) / (1 - mean["theirs"])
        flips, right = flips + mean["flips"], right + mean["suggested"] * mean["flips"]
        hits, right_listed = hits + mean["hits"], right_listed + mean["suggested listed"] * mean["hits"]
        told[data.name] = suspected(data)
    real(table, folder)
    left = float(np.mean(list(stays.values())))
    table.add("label issues: what stays of cleanlab's distance to 1, mean", left, 0.9, "")
    table.add("label issues: wrong suggestions for flips that are listed", 1 - right_listed / hits, 0.07, "")
    table.add("label issues: wrong suggestions for all flips", 1 - right / flips, 0.07, "")
    runs, missed, alarms = 2 * len(told), sum(each[0] for each in told.values()), sum(each[1] for each in told.values())
    table.add("in-sample runs that pass for honest", missed, 0.1 * runs, "", f"of {runs}")
    table.add("honest runs that are suspected", alarms, 0.05 * runs, "", f"of {runs}")


def show(data: "Spoiled", found: list[dict[str, float]], mean: dict[str, float]) -> None:
    print(
        f"{data.name:12}{interval(found, 'theirs')} {interval(found, 'ours')}"
        f"   {mean['their precision']:.2f} / {mean['their recall']:.2f} {mean['precision']:.2f} / {mean['recall']:.2f}"
        f"   {mean['suggested']:.3f} / {mean['suggested listed']:.3f}  {mean['ece']:.3f}  {data.known.embedding}"
    )
    others = ("margin", "found first", "run alone", "no run", "accuracy")
    print(f"{'':12}" + ", ".join(f"{key} {mean[key]:.3f}" for key in others), flush=True)


@dataclass
class Spoiled:
    """A dataset, what is known of it, and how its classes are confused by the model of a person."""

    name: str
    data: Data
    known: Known
    features: object
    confused: np.ndarray

    def labels(self, seed: int) -> np.ndarray:
        return label_data.flipped(self.data.labels, self.confused, RATE, seed)


def spoiled(data: Data, folder: Path) -> Spoiled:
    known = look(data.modality, data.sources, data.labels, folder / data.name)
    features = known.vectors if isinstance(data.features, str) else data.features
    clean = label_data.out_of_fold(data.model(0), features, data.labels, 99)
    return Spoiled(data.name, data, known, features, label_data.confusion(clean, data.labels))


def look(modality: Modality, sources: label_data.Sources, labels: np.ndarray, folder: Path) -> Known:
    name = embedders.default(modality, sources, labels=labels)
    embedding = embedders.embed(name, sources, folder)
    return Known(modality, embedding.vectors, neighbours(embedding.vectors, 20), name)


def judged(labels: np.ndarray, probabilities: np.ndarray | None, known: Known | None, classes: int) -> Scores:
    evidence = Evidence(
        modality=known.modality if known else Modality.TABLE,
        labels=labels.astype(np.int32),
        classes=[str(code) for code in range(classes)],
        excluded=np.zeros(len(labels), bool),
        splits=np.full(len(labels), -1, np.int32),
        probabilities=probabilities,
        embedding=known.vectors if known else None,
        neighbours=known.near if known else None,
    )
    return scores(evidence, Progress())


def one_seed(data: Spoiled, seed: int) -> dict[str, float]:
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores
    from sklearn.metrics import average_precision_score as average_precision

    true, known, labels = data.data.labels, data.known, data.labels(seed)
    probabilities = label_data.out_of_fold(data.data.model(seed), data.features, labels, seed)
    wrong = labels != true
    classes = probabilities.shape[1]
    exact = probabilities.astype(np.float64)
    theirs = 1 - get_label_quality_scores(labels, exact)
    margin = 1 - get_label_quality_scores(labels, exact, method="normalized_margin")
    listed = find_label_issues(labels, exact, n_jobs=1)
    both = judged(labels, probabilities, known, classes)
    ours = both.severity >= LISTED
    suggested = both.suggested == true
    return {
        "accuracy": (probabilities.argmax(axis=1) == true).mean(),
        "theirs": average_precision(wrong, theirs),
        "margin": average_precision(wrong, margin),
        "found first": average_precision(wrong, theirs + listed),
        "ours": average_precision(wrong, both.doubt),
        "run alone": average_precision(wrong, judged(labels, probabilities, None, classes).doubt),
        "no run": average_precision(wrong, judged(labels, None, known, classes).doubt),
        "their precision": wrong[listed].mean(),
        "their recall": listed[wrong].mean(),
        "precision": wrong[ours].mean(),
        "recall": ours[wrong].mean(),
        "suggested": suggested[wrong].mean(),
        "suggested listed": suggested[wrong & ours].mean(),
        "flips": wrong.sum(),
        "hits": (wrong & ours).sum(),
        "ece": calibration_error(both.severity, wrong),
    }


def suspected(data: Spoiled) -> tuple[int, int]:
    """Of two overfitted models: in-sample probabilities that were not told of, honest ones that were suspected."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.neighbors import KNeighborsClassifier

    features, known, labels = data.features, data.known, data.labels(SEEDS)
    missed = alarms = 0
    for model in (RandomForestClassifier(100, random_state=0), KNeighborsClassifier(5, weights="distance")):
        learned = model.fit(features, labels).predict_proba(features).astype(np.float32)
        honest = label_data.out_of_fold(model, features, labels, 0)
        for probabilities, told in ((learned, True), (honest, False)):
            memory = judged(labels, probabilities, known, honest.shape[1]).memory
            missed += told and not memory.found
            alarms += memory.found and not told
    return missed, alarms


def real(table: Table, folder: Path) -> None:
    """The 15 labels of the MNIST test set that people found wrong."""
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores
    from sklearn.metrics import average_precision_score as average_precision

    data = label_data.real_errors()
    if data is None:
        return
    known = look(Modality.IMAGE, list(data.images), data.labels, folder / "mnist")
    exact = data.probabilities.astype(np.float64)
    theirs = 1 - get_label_quality_scores(data.labels, exact)
    listed = find_label_issues(data.labels, exact, n_jobs=1)
    both = judged(data.labels, data.probabilities, known, 10)
    ours = both.severity >= LISTED
    precisions = [average_precision(data.wrong, values) for values in (both.doubt, theirs)]
    note = (
        f"theirs lists {listed.sum()}, {data.wrong[listed].sum()} of them wrong; ours {ours.sum()},"
        f" {data.wrong[ours].sum()} of them wrong; by {known.embedding}"
    )
    table.add("label issues, MNIST's own: 1 - average precision", 1 - precisions[0], 1 - precisions[1], "", note)


def speed(table: Table) -> None:
    (theirs, their_memory), (ours, memory) = (apart(SPEED, who) for who in ("cleanlab", "ours"))
    note = f"cleanlab {theirs:.1f} s and {their_memory:,.0f} MiB"
    table.add("label issues of 1,000,000 x 10 probabilities", ours, 5, "s", note)
    table.add("label issues of 1,000,000 x 10 probabilities, memory", memory, their_memory, "MiB")


def calibration_error(chance: np.ndarray, true: np.ndarray) -> float:
    """Expected calibration error in ten bins of equal width."""
    place = np.minimum((chance * 10).astype(int), 9)
    return sum(abs((chance[place == each] - true[place == each]).sum()) for each in range(10)) / len(chance)


def interval(found: list[dict[str, float]], key: str) -> str:
    """The mean over seeds and half the width of its 95 % interval (Student's t)."""
    from scipy.stats import t

    values = np.array([each[key] for each in found])
    half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return f"{values.mean():.3f} ± {half:.3f}"
