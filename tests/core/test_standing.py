"""Which findings are open: by what a person did to their examples, and however the edits came about."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataimp_gui.core.analysis.standing import Found, Standing
from dataimp_gui.core.edits import Assign
from dataimp_gui.core.issues.findings import Findings
from dataimp_gui.core.model import IssueKind
from dataimp_gui.core.storage.state import State

COUNT = 8
LABELS = (0, 1, 2, 0, 1, 2, 0, -1)
SPLITS = (0, 0, 1, 1, 0, 1, -1, 0)


def examples():
    given_codes = {"label": np.array(LABELS, dtype=np.int32), "split": np.array(SPLITS, dtype=np.int32)}
    return State(COUNT, given_codes, {"label": ["Bag", "Coat", "Shirt"], "split": ["train", "test"]})


def standing(kind, about, state, suggested=()):
    """``about``: one list a finding, its example first."""
    rows = np.array([members[0] for members in about], dtype=np.int64)
    others = [member for members in about for member in members[1:]]
    starts = np.cumsum([0, *(len(members) - 1 for members in about)]).astype(np.int64)
    findings = Findings(
        kind=kind,
        rows=rows,
        score=np.linspace(1, 0.5, len(rows), dtype=np.float32),
        severity=np.linspace(1, 0.5, len(rows), dtype=np.float32),
        suggested=np.array(suggested or [-1] * len(rows), dtype=np.int32),
        starts=starts,
        others=np.array(others, dtype=np.int64),
        reasons=["It is so."] * len(rows),
        fix="look",
    )
    return Standing(Found(findings, state.labels[rows]), state)


def edit(state, column, rows, code):
    Assign(column, np.array(rows), np.full(len(rows), code, dtype=np.int32)).apply(state)


def test_a_wrong_label_is_open_until_the_label_is_another_the_example_excluded_or_kept():
    state = examples()
    found = standing(IssueKind.LABEL, [[4], [0], [2], [5]], state, [2, 1, 0, 1])
    assert found.open.tolist() == [0, 1, 2, 3]
    edit(state, "label", [4], 2)
    edit(state, "excluded", [0], 1)
    edit(state, "kept:label", [2], 1)
    edit(state, "kept:outlier", [5], 1)
    assert found.follow(np.array([0, 2, 4, 5])).tolist() == [0, 1, 2]
    assert found.open.tolist() == [3]
    assert found.suggested(np.arange(4)).tolist() == [-1, -1, -1, 1]
    np.testing.assert_array_equal(np.isnan(found.scores(np.arange(4))), [True, True, True, False])
    edit(state, "label", [4], 1)
    assert found.follow(np.array([4])).tolist() == [0]
    assert found.open.tolist() == [0, 3]


def test_a_label_that_a_person_gave_is_not_doubted():
    state = examples()
    edit(state, "label", [0], 1)
    found = standing(IssueKind.LABEL, [[0]], state)
    assert found.open.tolist() == []


def test_a_duplicate_is_open_while_another_of_them_is_in_and_not_kept():
    state = examples()
    found = standing(IssueKind.DUPLICATE, [[1, 0, 2], [4, 5]], state)
    edit(state, "excluded", [0], 1)
    assert found.follow(np.array([0])).tolist() == []
    edit(state, "excluded", [2], 1)
    assert found.follow(np.array([2])).tolist() == [0]
    edit(state, "kept:duplicate", [5], 1)
    assert found.follow(np.array([5])).tolist() == [1]
    edit(state, "excluded", [0, 2], 0)
    assert found.follow(np.array([0, 2])).tolist() == [0]
    assert found.open.tolist() == [0]


@pytest.mark.parametrize(("kind", "column", "code"), [(IssueKind.CONFLICT, "label", 1), (IssueKind.LEAK, "split", 0)])
def test_a_conflict_or_a_leak_ends_when_both_have_the_same_label_or_split(kind, column, code):
    state = examples()
    found = standing(kind, [[2, 1], [1, 3]], state)
    assert found.open.tolist() == [0, 1]
    edit(state, column, [2], code)
    assert found.follow(np.array([2])).tolist() == [0]
    edit(state, column, [1], -1)
    found.follow(np.array([1]))
    assert found.open.tolist() == []


def test_a_leak_without_others_stands_by_itself():
    state = examples()
    found = standing(IssueKind.LEAK, [[2]], state)
    assert found.open.tolist() == [0]
    edit(state, "excluded", [2], 1)
    found.follow(np.array([2]))
    assert found.open.tolist() == []


def test_open_findings_of_rows_are_those_whose_own_example_it_is():
    state = examples()
    found = standing(IssueKind.DUPLICATE, [[1, 0], [4, 5], [5, 4]], state)
    assert found.of(np.array([0])).tolist() == []
    assert found.of(np.array([1, 5])).tolist() == [0, 2]
    assert found.others(1).tolist() == [5]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["label", "split", "excluded", "kept:label", "kept:duplicate", "kept:conflict", "kept:leak"]),
        st.lists(st.integers(0, COUNT - 1), min_size=1, max_size=3, unique=True),
        st.integers(0, 1),
    ),
    max_size=12,
)
MEMBERS = st.lists(st.lists(st.integers(0, COUNT - 1), min_size=1, max_size=4, unique=True), max_size=6)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, about=MEMBERS, kind=st.sampled_from(list(IssueKind)))
def test_after_any_edits_the_open_findings_are_those_of_looking_afresh(steps, about, kind):
    about = list({members[0]: members for members in about}.values())
    state = examples()
    found = standing(kind, about, state)
    seen = state.labels[found.findings.rows]
    for column, rows, code in steps:
        edit(state, column, rows, code)
        before = found.is_open
        changed = found.follow(np.array(sorted(rows)))
        assert np.flatnonzero(before != found.is_open).tolist() == changed.tolist()
    assert found.open.tolist() == Standing(Found(found.findings, seen), state).open.tolist()
