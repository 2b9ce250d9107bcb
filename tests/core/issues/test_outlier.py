"""What is like nothing else is found, with how far it is; a dataset of one kind has no outliers."""

import numpy as np
import pytest
from issue_evidence import directions, evidence, unit

from dataimp_gui.core.issues.outlier import detect
from dataimp_gui.progress import Progress


def clusters(count=1200, classes=3, spread=(0.15, 0.15, 0.15), seed=0):
    """Vectors around a centre for each class, in 12 of 40 dimensions."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    centres = np.zeros((classes, 40))
    centres[np.arange(classes), np.arange(classes)] = 1
    noise = np.zeros((count, 40))
    noise[:, :12] = generator.normal(size=(count, 12)) * np.array(spread)[labels][:, None]
    return unit(centres[labels] + noise), labels.astype(np.int32)


def strange(count, seed=5):
    """Vectors in dimensions that the clusters do not have."""
    vectors = np.zeros((count, 40))
    vectors[:, 12:] = np.random.default_rng(seed).normal(size=(count, 28))
    return unit(vectors)


def test_what_is_like_nothing_else_is_found_and_little_else():
    vectors, labels = clusters()
    vectors[100:112] = strange(12)
    findings = detect(evidence(1200, embedding=vectors, labels=labels), Progress())
    assert set(range(100, 112)) <= set(findings.rows.tolist())
    assert len(findings) <= 18
    assert set(findings.rows[:12].tolist()) == set(range(100, 112))
    assert findings.severity[:12].min() > 0.8


def test_the_reason_says_how_far_and_for_which_class():
    vectors, labels = clusters()
    vectors[100] = strange(1)
    labels[100] = 2
    findings = detect(evidence(1200, embedding=vectors, labels=labels), Progress())
    assert findings.rows[0] == 100
    assert findings.reasons[0].startswith("Its 20 nearest neighbours reach ")
    assert "times as far as is usual for c" in findings.reasons[0]
    assert findings.fix == "look"


def test_a_sparse_class_is_not_full_of_outliers():
    vectors, labels = clusters(1500, spread=(0.05, 0.1, 0.3))
    findings = detect(evidence(1500, embedding=vectors, labels=labels), Progress())
    assert len(findings) <= 15


@pytest.mark.parametrize("seed", range(3))
def test_a_dataset_of_one_kind_has_hardly_any(seed):
    vectors, labels = clusters(2000, seed=seed)
    assert len(detect(evidence(2000, embedding=vectors, labels=labels), Progress())) <= 10
    assert len(detect(evidence(2000, embedding=directions(2000, 16, seed)), Progress())) <= 10


@pytest.mark.parametrize(
    "vectors",
    [
        np.ones((500, 8), np.float32),
        np.zeros((500, 8), np.float32),
        np.full((500, 8), np.nan, np.float32),
        np.ones((1, 8), np.float32),
        np.eye(8, dtype=np.float32),
        np.zeros((0, 8), np.float32),
    ],
    ids=["constant", "zero", "nan", "one", "few", "none"],
)
def test_vectors_that_tell_nothing_make_no_outliers(vectors):
    assert len(detect(evidence(len(vectors), embedding=vectors), Progress())) == 0


def test_excluded_examples_and_those_without_a_vector_are_left_out():
    vectors, labels = clusters()
    vectors[100:104] = strange(4)
    vectors[300:400] = np.nan
    excluded = np.zeros(1200, np.bool_)
    excluded[[100, 101]] = True
    findings = detect(evidence(1200, embedding=vectors, labels=labels, excluded=excluded), Progress())
    assert set(findings.rows[:2].tolist()) == {102, 103}
    assert not {100, 101} & set(findings.rows.tolist())


def test_classes_of_one_example_and_examples_without_a_label_are_measured_by_all():
    vectors, _ = clusters()
    vectors[5] = strange(1)
    labels = np.arange(1200, dtype=np.int32)
    labels[::2] = -1
    classes = tuple(str(number) for number in range(1200))
    findings = detect(evidence(1200, embedding=vectors, labels=labels, classes=classes), Progress())
    assert findings.rows[0] == 5
    assert "usual here" in findings.reasons[0]
