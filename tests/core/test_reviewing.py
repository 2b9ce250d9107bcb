"""Queues, decisions and agreement: what survives, what one undo takes back, what is compared."""

import math

import numpy as np
import pytest

from dataimp_gui.core.model import IssueKind
from dataimp_gui.core.project import Project
from dataimp_gui.core.reviewing import Verb
from dataimp_gui.core.reviewing.agreement import agreement, kappa
from dataimp_gui.core.reviewing.decisions import answers, verb_of
from dataimp_gui.errors import DataimpError, ProjectError

ROWS = np.array([7, 3, 11, 5])


@pytest.fixture
def project(shirts):
    with Project.open(shirts) as project:
        yield project


def another(project, row):
    """A label that the example does not have."""
    return next(name for code, name in enumerate(project.classes) if code != project.state.labels[row])


def label(project, row):
    return project.state.word("label", int(project.state.labels[row]))


def test_a_queue_keeps_its_order_and_the_same_rows_are_the_same_queue(project):
    queue = project.reviews.open("Odd ones", ROWS, IssueKind.LABEL)
    assert project.reviews.rows(queue).tolist() == ROWS.tolist()
    assert project.reviews.open("Odd ones again", ROWS, IssueKind.LABEL) == queue
    assert project.reviews.open("Odd ones", ROWS[::-1], IssueKind.LABEL) != queue
    assert project.reviews.open("Odd ones", ROWS) != queue


def test_keep_closes_the_finding_that_was_shown_though_the_queue_is_of_no_kind(project):
    queue = project.reviews.open("A filter", ROWS)
    project.reviews.decide(queue, 3, Verb.KEEP, kind=IssueKind.LABEL)
    assert project.state.codes("kept:label")[3]
    project.reviews.decide(queue, 5, Verb.KEEP)
    assert not project.state.codes("kept:label")[5]


def test_a_relabel_marks_reviewed_and_one_undo_takes_both_back(project):
    queue = project.reviews.open("Odd ones", ROWS)
    before, after = label(project, 7), another(project, 7)
    decision = project.reviews.decide(queue, 7, Verb.RELABEL, after)
    assert (label(project, 7), project.state.reviewed[7]) == (after, True)
    assert project.rows(f"reviewed and label = '{after}'").tolist() == [7]
    assert project.reviews.decisions(queue) == [decision]
    project.undo()
    assert (label(project, 7), project.state.reviewed[7], project.undo_title) == (before, False, "")
    assert project.reviews.decisions(queue) == []
    project.redo()
    assert project.reviews.decisions(queue) == [decision]
    assert project.state.reviewed[7]


@pytest.mark.parametrize(
    ("verb", "column"),
    [(Verb.KEEP, "kept:label"), (Verb.EXCLUDE, "excluded"), (Verb.FLAG, "tag:flagged"), (Verb.SKIP, "")],
)
def test_each_decision_changes_what_it_says_and_can_be_withdrawn(project, verb, column):
    queue = project.reviews.open("Odd ones", ROWS, IssueKind.LABEL)
    decision = project.reviews.decide(queue, 3, verb)
    looked = verb in (Verb.KEEP, Verb.EXCLUDE)
    assert bool(decision.edit) == bool(column)
    assert project.state.reviewed[3] == looked
    if column:
        assert project.state.codes(column)[3] == 1
    project.reviews.withdraw(decision)
    assert project.reviews.decisions(queue) == []
    assert not project.state.reviewed[3]
    if column:
        assert project.state.codes(column)[3] == 0


def test_a_decision_is_not_withdrawn_over_edits_that_came_after_it(project):
    queue = project.reviews.open("Odd ones", ROWS)
    decision = project.reviews.decide(queue, 3, Verb.EXCLUDE)
    project.tag(np.array([3]), "later")
    with pytest.raises(DataimpError, match="Something else was edited"):
        project.reviews.withdraw(decision)
    assert project.state.excluded[3]


def test_decisions_are_there_after_a_restart_and_tell_where_to_go_on(shirts):
    with Project.open(shirts, author="ada") as project:
        queue = project.reviews.open("Odd ones", ROWS)
        project.reviews.decide(queue, 7, Verb.SKIP)
        project.reviews.decide(queue, 3, Verb.KEEP)
    with Project.open(shirts, author="ada") as project:
        assert [decision.row for decision in project.reviews.decisions(queue, "ada")] == [7, 3]
        assert project.reviews.unfinished() == [queue]
        for row in (11, 5):
            project.reviews.decide(queue, row, Verb.KEEP)
        assert project.reviews.unfinished() == []
        assert project.reviews.of_others() == []
    with Project.open(shirts, author="ben") as project:
        assert project.reviews.unfinished() == []
        assert project.reviews.of_others() == [queue]


def test_a_new_class_has_to_be_wanted(project):
    queue = project.reviews.open("Odd ones", ROWS)
    with pytest.raises(DataimpError, match="no class"):
        project.reviews.decide(queue, 7, Verb.RELABEL, "Cape")
    decision = project.reviews.decide(queue, 7, Verb.RELABEL, "Cape", new_class=True)
    assert project.classes[decision.label] == label(project, 7) == "Cape"


def test_a_read_only_project_and_an_empty_queue_are_refused(shirts, project):
    with pytest.raises(DataimpError, match="nothing to review"):
        project.reviews.open("None", np.array([], dtype=np.int64))
    with Project.open(shirts, read_only=True) as reading, pytest.raises(ProjectError, match="read-only"):
        reading.reviews.open("Odd ones", ROWS)


def test_two_reviewers_are_compared_and_their_disagreements_settled(project):
    reviews = project.reviews
    queue = reviews.open("Odd ones", ROWS)
    given = {row: label(project, row) for row in ROWS.tolist()}
    for row in ROWS.tolist():
        reviews.decide(queue, row, Verb.KEEP)
    project.sign_as("ben")
    reviews.decide(queue, 7, Verb.KEEP)
    reviews.decide(queue, 3, Verb.RELABEL, another(project, 3))
    reviews.decide(queue, 11, Verb.EXCLUDE)
    reviews.decide(queue, 5, Verb.FLAG)  # says nothing of the label
    (found,) = reviews.agreement(queue)
    assert (found.first, found.second, found.compared, found.agreed) == ("mira", "ben", 3, 1)
    assert found.raw == pytest.approx(1 / 3)
    assert reviews.disagreements(queue).tolist() == [3, 11]
    assert reviews.opinions(queue, 3) == [("mira", given[3]), ("ben", label(project, 3))]
    assert reviews.opinions(queue, 11)[1] == ("ben", "excluded")
    settling = reviews.open("To settle", reviews.disagreements(queue), settles=queue.number)
    assert reviews.opinions(settling, 3) == reviews.opinions(queue, 3)
    reviews.decide(settling, 3, Verb.RELABEL, given[3])
    assert reviews.disagreements(queue).tolist() == [11]
    assert label(project, 3) == given[3]
    (after,) = reviews.agreement(queue)
    assert (after.compared, after.agreed, after.kappa) == (found.compared, found.agreed, found.kappa)


def test_blind_answers_are_compared_with_what_was_hidden(project):
    queue = project.reviews.open("Odd ones", ROWS)
    assert project.reviews.blind(queue) is None
    run = project.predictions()
    agree = 0
    for row in ROWS.tolist():
        before, said = int(project.state.labels[row]), 0
        agree += before == said
        verb = verb_of(said, before=before, suggested=-1)
        project.reviews.decide(queue, row, verb, project.classes[said], blind=True)
    found = project.reviews.blind(queue)
    assert (found.n, found.label, found.predicted_n) == (4, agree, 4)
    assert found.predicted == int((run.codes[ROWS] == 0).sum())


def test_kappa_is_that_of_the_textbook():
    """20 and 15 times both, 5 and 10 apart: p_o 0.7, p_e 0.5, kappa 0.4."""
    first = np.repeat([1, 1, 0, 0], [20, 5, 10, 15])
    second = np.repeat([1, 0, 1, 0], [20, 5, 10, 15])
    assert kappa(first, second) == pytest.approx(0.4)
    assert kappa(first, first) == pytest.approx(1.0)
    assert kappa(first[:0], first[:0]) is None
    assert kappa(np.ones(5), np.ones(5)) is None
    assert kappa(np.array([0, 1]), np.array([1, 0])) == pytest.approx(-1.0)


def test_kappa_matches_scikit_learn_on_many_answers():
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(4)
    first = rng.integers(-2, 9, 500)
    second = np.where(rng.random(500) < 0.6, first, rng.integers(-2, 9, 500))
    assert kappa(first, second) == pytest.approx(cohen_kappa_score(first, second))


def test_only_examples_that_both_answered_are_compared():
    rows, codes = np.array([1, 4, 9]), np.array([0, 1, 1], dtype=np.int32)
    found = agreement("ada", (rows, codes), "ben", (np.array([4, 9, 12]), np.array([1, 2, 0], dtype=np.int32)))
    assert (found.compared, found.agreed, found.disagreed.tolist()) == (2, 1, [9])
    nothing = agreement("ada", (rows, codes), "ben", answers([]))
    assert (nothing.raw, nothing.interval, nothing.kappa) == (None, None, None)
    assert not math.isnan(found.raw)
