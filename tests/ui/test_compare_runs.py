"""Two runs put beside each other: what became of the examples from one to the other, as filters."""

import csv

import numpy as np
import pytest
from PySide6.QtCore import Qt

from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError
from dataimp_gui.ui.clauses import BROKEN, CHANGED, FIXED, RUNS, Where

LEFT = Qt.MouseButton.LeftButton
CLASSES = ("bag", "coat", "shirt")


@pytest.fixture
def two_runs(pictures, tmp_path):
    """The first run is wrong on numbers 0, 5, 10 of each class; the second on 1 and 5, there with another label."""
    said = tmp_path / "second.csv"
    with said.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["id", "predicted"])
        for code, name in enumerate(CLASSES):
            for number in range(12):
                shift = {1: 1, 5: 2}.get(number, 0)
                lines.writerow([f"{name}/{number:02d}.png", CLASSES[(code + shift) % 3]])
    with Project.open(pictures) as project:
        project.add_run(said, "second")
    return pictures


def numbers(project, where):
    return sorted({int(id_[-6:-4]) for id_ in project.ids(project.rows(where))})


def test_a_clause_names_what_the_run_before_predicted(two_runs):
    with Project.open(two_runs) as project:
        assert project.run.name == "second"
        assert project.before.name == project.runs[0].name
        assert numbers(project, "error and label = predicted_before") == [1]
        assert numbers(project, "correct and label <> predicted_before") == [0, 10]
        assert numbers(project, "predicted <> predicted_before") == [0, 1, 5, 10]
        project.use_run(project.runs[0].name)
        assert project.before.name == "second"
        assert numbers(project, "error and label = predicted_before") == [0, 10]


def test_an_edit_counts_in_the_comparison_at_once(two_runs):
    with Project.open(two_runs) as project:
        row = project.row("bag/00.png")
        project.relabel(np.array([row]), "coat")  # as the first run said
        assert row in project.rows("error and label = predicted_before")


def test_the_run_to_compare_with_can_be_chosen(two_runs, pictures_source):
    with Project.open(two_runs) as project:
        project.add_run(pictures_source / "said.csv", "third")
        assert project.before.name == "second"
        project.compare_with(project.runs[0].name)
        assert not len(project.rows("predicted <> predicted_before"))
        with pytest.raises(DataimpError):
            project.compare_with("fourth")


def test_a_project_of_one_run_has_nothing_to_compare_with(pictures):
    with Project.open(pictures) as project:
        assert project.before is None
        assert "predicted_before" not in [column.name for column in project.query.columns()]


@pytest.mark.parametrize("chosen", [[BROKEN], [FIXED], [BROKEN, CHANGED], [BROKEN, FIXED, CHANGED]])
def test_the_window_reads_the_conditions_that_it_writes(chosen):
    where = Where.parse(str(Where.parse("width > 3").choose(RUNS, chosen, [])))
    assert where.chosen(RUNS) == set(chosen)
    assert where.refused(RUNS) == set()
    assert Where.parse(str(Where().choose(RUNS, [], chosen))).refused(RUNS) == set(chosen)


def test_a_click_shows_what_was_right_and_is_wrong_now(open_window, two_runs, qtbot):
    window = open_window(two_runs, size=(1440, 900))
    filters = window.page.filters
    qtbot.waitUntil(lambda: RUNS in filters.shown(), timeout=15_000)
    facet = filters.facet(RUNS)
    qtbot.waitUntil(lambda: facet.rows() == [(BROKEN, 3), (FIXED, 6), (CHANGED, 12)], timeout=15_000)
    qtbot.waitUntil(lambda: facet.rect().contains(facet.row_rect(2)), timeout=15_000)
    qtbot.mouseClick(facet, LEFT, pos=facet.row_rect(0).center())
    qtbot.waitUntil(lambda: len(window.session.rows) == 3, timeout=15_000)
    assert numbers(window.session.project, window.session.shown) == [1]
    qtbot.mouseClick(facet, LEFT, Qt.KeyboardModifier.ControlModifier, facet.row_rect(1).center())
    qtbot.waitUntil(lambda: len(window.session.rows) == 9, timeout=15_000)


def test_the_run_that_was_chosen_is_the_one_to_compare_with_after_a_restart(
    open_window, two_runs, pictures_source, qtbot
):
    with Project.open(two_runs) as project:
        project.add_run(pictures_source / "said.csv", "third")
    window = open_window(two_runs)
    other = window.page.filters.runs.other
    assert other.currentText() == "second"
    place = other.findText(window.session.project.runs[0].name)
    other.setCurrentIndex(place)
    other.activated.emit(place)
    qtbot.waitUntil(lambda: window.session.project.before.number == 1, timeout=60_000)
    qtbot.waitUntil(lambda: not window.session.writes.running, timeout=60_000)
    window.close()
    again = open_window(two_runs)
    qtbot.waitUntil(lambda: again.session.project.before.number == 1, timeout=60_000)
    qtbot.waitUntil(lambda: again.page.filters.runs.other.currentText() == other_name(again), timeout=60_000)


def other_name(window):
    return window.session.project.runs[0].name
