"""Wrong labels are found, explained and ranked, with whatever evidence there is."""

import numpy as np
import pytest

from dataimp_gui.core.issues.findings import Evidence, Findings, Neighbours
from dataimp_gui.core.issues.label import detect
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

CLASSES = ("Coat", "Shirt", "Bag")


def made(count=600, wrong=30, seed=0, spread=0.25, classes=3):
    """Blobs on a sphere, some with a wrong label: vectors, labels, the true labels."""
    generator = np.random.default_rng(seed)
    true = np.arange(count) % classes
    centres = np.eye(max(classes, 8), dtype=np.float32)[:classes]
    vectors = centres[true] + generator.normal(0, spread, (count, centres.shape[1]))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = true.copy()
    flipped = generator.choice(count, wrong, replace=False)
    labels[flipped] = (true[flipped] + generator.integers(1, classes, wrong)) % classes
    return vectors.astype(np.float32), labels.astype(np.int32), true


def evidence(labels, classes=CLASSES, **more):
    n = len(labels)
    given = {"excluded": np.zeros(n, bool), "splits": np.full(n, -1, np.int32), **more}
    return Evidence(modality=Modality.IMAGE, labels=np.asarray(labels, np.int32), classes=classes, **given)


def found(*args, **more) -> Findings:
    return detect(evidence(*args, **more), Progress())


def test_finds_the_wrong_labels_from_an_embedding_alone_and_suggests_the_true_ones():
    vectors, labels, true = made()
    findings = found(labels, embedding=vectors)
    wrong = set(np.flatnonzero(labels != true))
    assert len(wrong & set(findings.rows)) >= 0.9 * len(wrong)
    assert len(wrong & set(findings.rows)) >= 0.8 * len(findings)
    right = findings.suggested == true[findings.rows]
    assert right[[row in wrong for row in findings.rows]].mean() > 0.95


def nearest(vectors, k=10):
    cosine = vectors @ vectors.T
    np.fill_diagonal(cosine, -2)
    rows = np.argsort(-cosine, axis=1)[:, :k]
    return Neighbours(rows, np.take_along_axis(cosine, rows, axis=1))


def test_says_why_in_one_sentence_of_facts():
    vectors, labels, true = made()
    findings = found(labels, embedding=vectors, neighbours=nearest(vectors))
    first = findings.rows[0]
    assert f"nearest neighbours are {CLASSES[true[first]]}" in findings.reasons[0]
    assert findings.reasons[0].endswith(".")


def test_lists_the_worst_first_and_an_example_once():
    vectors, labels, _ = made()
    findings = found(labels, embedding=vectors)
    assert (np.diff(findings.score) <= 0).all()
    assert len(set(findings.rows)) == len(findings)
    assert ((findings.severity >= 0) & (findings.severity <= 1)).all()


def test_says_nothing_of_excluded_and_unlabelled_examples():
    vectors, labels, true = made()
    wrong = np.flatnonzero(labels != true)
    excluded = np.zeros(len(labels), bool)
    excluded[wrong[:10]] = True
    labels[wrong[10:15]] = -1
    findings = found(labels, embedding=vectors, excluded=excluded)
    assert not set(wrong[:15]) & set(findings.rows)
    assert set(wrong[15:]) & set(findings.rows)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
def test_copes_with_very_few_examples(count):
    vectors, labels, _ = made(count=count, wrong=0)
    assert len(found(labels, embedding=vectors)) == 0
