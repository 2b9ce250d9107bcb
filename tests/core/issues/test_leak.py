"""What a held-out split shares with another one is found: copies, near copies, and groups."""

import numpy as np
import pytest
from issue_evidence import evidence, with_twins

from dataimp_gui.core.issues.leak import detect
from dataimp_gui.progress import Progress

NAMES = ("train", "validation", "test")


def found(count, splits, **more):
    return detect(evidence(count, splits=np.array(splits, np.int32), split_names=NAMES, **more), Progress())


def test_the_copy_to_learn_from_is_reported_and_not_the_one_to_test_with():
    findings = found(4, [2, 0, 0, 2], content=np.array([1, 1, 2, 3]))
    assert findings.rows.tolist() == [1]
    assert findings.others.tolist() == [0]
    assert findings.reasons == ["It is in train, and an equal one is in test."]
    assert findings.fix == "exclude"


def test_validation_gives_way_to_test_and_train_to_both():
    findings = found(3, [0, 1, 2], content=np.array([1, 1, 1]))
    assert sorted(findings.rows.tolist()) == [0, 1]
    assert set(findings.others.tolist()) == {2}


def test_near_copies_leak_too():
    splits = np.arange(600) % 3
    findings = found(600, splits, embedding=with_twins(600, [(3, 500), (6, 300)]))
    assert findings.rows.tolist() == [3]  # 500 is in test; 6 and 300 are both in train
    assert findings.severity[0] > 0.8


@pytest.mark.parametrize("splits", [[-1, -1], [0, 0], [2, 2], [0, -1]])
def test_without_two_splits_nothing_leaks(splits):
    assert len(found(2, splits, content=np.array([1, 1]))) == 0


def test_excluded_copies_do_not_leak():
    assert len(found(2, [0, 2], content=np.array([1, 1]), excluded=np.array([True, False]))) == 0


def test_a_group_in_two_splits_is_reported_where_it_has_fewer():
    groups = np.array([0, 0, 0, 1, 1, 2, 2, -1], np.int32)
    findings = found(8, [0, 0, 2, 0, 0, 2, 2, 2], groups=groups)
    assert findings.rows.tolist() == [2]
    assert findings.others.tolist() == [0, 1]
    assert findings.reasons == ["It is in test, and 2 of its group are in train."]
    assert findings.severity[0] > 0.8
    assert findings.warnings == ()


def test_when_most_groups_are_shared_it_is_said_once_and_weighs_less():
    groups = np.repeat(np.arange(10), 6).astype(np.int32)
    findings = found(60, np.tile([0, 0, 0, 0, 1, 2], 10), groups=groups)
    assert len(findings) == 20
    assert findings.severity.max() == 0.5
    assert findings.warnings == ("10 of 10 groups are in more than one split: the splits were not made by group.",)


def test_a_copy_of_the_same_group_is_reported_once_as_a_copy():
    findings = found(3, [0, 0, 2], content=np.array([1, 5, 1]), groups=np.array([7, 7, 7], np.int32))
    assert sorted(findings.rows.tolist()) == [0, 2]
    assert findings.reasons[0] == "It is in train, and an equal one is in test."
