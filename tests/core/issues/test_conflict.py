"""Copies with different labels are found, and the label with more behind it is suggested."""

import numpy as np
import pytest
from issue_evidence import evidence

from dataimp_gui.core.issues.conflict import detect
from dataimp_gui.progress import Progress


def found(content, labels, **more):
    given = evidence(len(labels), content=np.array(content), labels=np.array(labels, np.int32), **more)
    return detect(given, Progress())


def test_the_odd_one_out_is_found_and_told_the_label_of_the_others():
    findings = found([1, 1, 1, 2, 2], [0, 0, 1, 2, 2])
    assert findings.rows.tolist() == [2]
    assert findings.suggested.tolist() == [0]
    assert findings.others.tolist() == [0, 1]
    assert findings.reasons == ["It is labelled b, but 2 near-duplicates of it are a."]
    assert findings.fix == "relabel"


def test_of_an_even_pair_both_are_reported_without_a_suggestion_at_half_the_severity():
    findings = found([1, 1], [0, 1])
    assert findings.rows.tolist() == [0, 1]
    assert findings.suggested.tolist() == [-1, -1]
    assert findings.severity.tolist() == [0.5, 0.5]


def test_a_model_decides_an_even_pair():
    said = np.array([[0.02, 0.98, 0.0], [0.03, 0.97, 0.0]], np.float32)
    findings = found([1, 1], [0, 1], probabilities=said)
    assert findings.rows.tolist()[0] == 0
    assert findings.suggested.tolist()[0] in (1, -1)
    assert findings.reasons[0] == "It is labelled a, but its near-duplicate is b."


def test_a_reviewed_label_decides_an_even_pair():
    findings = found([1, 1], [0, 1], reviewed=np.array([False, True]))
    assert findings.rows.tolist() == [0]
    assert findings.suggested.tolist() == [1]


@pytest.mark.parametrize(
    ("content", "labels"),
    [
        ([1, 1], [0, 0]),
        ([1, 2], [0, 1]),
        ([1, 1], [0, -1]),
        ([1, 1], [-1, -1]),
        ([-1, -1], [0, 1]),
        ([1], [0]),
        ([], []),
    ],
)
def test_there_is_no_conflict_without_two_labels_for_one_thing(content, labels):
    assert len(found(np.array(content, np.int64), labels)) == 0


def test_excluding_one_of_them_ends_the_conflict():
    assert len(found([1, 1], [0, 1], excluded=np.array([True, False]))) == 0


def test_a_thousand_classes_are_no_trouble():
    classes = tuple(f"class {number}" for number in range(1000))
    labels = np.repeat(np.arange(1000), 2)
    labels[1::200] = (labels[1::200] + 1) % 1000
    findings = found(np.repeat(np.arange(1000), 2), labels, classes=classes)
    assert len(findings) == 20
    assert "class 100" in " ".join(findings.reasons)
