"""The Slices page: the search on the first visit, the table, the panel beside it, saving, combining, opening."""

import csv
import shutil
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from dataimp_gui.progress import Progress

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
LONG = 60_000
RULE = "colour = 'red'"


def write_source(folder, *, wrong_when_red=0.6, wrong_else=0.05):
    """1,200 rows of words and numbers in four classes; the run fails mostly where the colour is red."""
    rng = np.random.default_rng(5)
    classes = ("a", "b", "c", "d")
    folder.mkdir(parents=True)
    with (folder / "data.csv").open("w", newline="") as data, (folder / "run.csv").open("w", newline="") as run:
        rows, said = csv.writer(data), csv.writer(run)
        rows.writerow(["id", "label", "colour", "weight"])
        said.writerow(["id", "predicted"])
        for number in range(1200):
            label = int(rng.integers(4))
            colour = str(rng.choice(["red", "green", "blue", "grey", "black"]))
            rows.writerow([f"r{number}", classes[label], colour, round(float(rng.normal()), 3)])
            is_wrong = rng.random() < (wrong_when_red if colour == "red" else wrong_else)
            said.writerow([f"r{number}", classes[(label + is_wrong) % 4]])
    return folder


def imported(source, target, *, run=True):
    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    options = ImportOptions(predictions=(source / "run.csv",) if run else ())
    import_dataset(source / "data.csv", target, options, Progress())
    return target


@pytest.fixture(scope="module")
def flawed_source(tmp_path_factory):
    return write_source(tmp_path_factory.mktemp("flawed") / "source")


@pytest.fixture(scope="module")
def searched(flawed_source, tmp_path_factory):
    """A project whose slices were found already."""
    from dataimp_gui.core.project import Project

    target = imported(flawed_source, tmp_path_factory.mktemp("searched") / "flawed.dataimp")
    with Project.open(target) as project:
        project.slices.find()
    return target


@pytest.fixture
def flawed(searched, tmp_path):
    return shutil.copytree(searched, tmp_path / "flawed.dataimp")


def go(qtbot, window):
    """To the Slices page, by its button."""
    qtbot.mouseClick(window.rail.button("slices"), LEFT)
    assert window.page.key == "slices"
    return window.page


@pytest.fixture
def window(open_window, flawed, qtbot):
    return open_window(flawed, size=(1440, 900))


@pytest.fixture
def page(window, qtbot):
    page = go(qtbot, window)
    qtbot.waitUntil(lambda: bool(page.content.table.table.lines), timeout=LONG)
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    return page


def lines(page):
    return page.content.table.table.lines


def rules(page):
    return [line.rule for line in lines(page)]


def click(qtbot, page, place, key="name", modifier=NONE):
    from dataimp_gui.ui.pages.slices.table_model import KEYS

    table = page.content.table
    where = table.visualRect(table.table.index(place, KEYS.index(key))).center()
    qtbot.mouseClick(table.viewport(), LEFT, modifier, where)


def dialog(qtbot, window):
    from dataimp_gui.ui.dialogs.slice_dialog import SliceDialog

    qtbot.waitUntil(lambda: bool(window.findChildren(SliceDialog)), timeout=LONG)
    return window.findChildren(SliceDialog)[-1]


def save_as(qtbot, window, name, rule=None):
    """Fill in the dialog that is open, and wait until it has closed."""
    from dataimp_gui.ui.dialogs.slice_dialog import SliceDialog

    opened = dialog(qtbot, window)
    opened.name.setText(name)
    if rule is not None:
        opened.rule.setPlainText(rule)
    qtbot.mouseClick(opened.go, LEFT)
    qtbot.waitUntil(lambda: name in [each.name for each in window.session.project.slices.saved()], timeout=LONG)
    qtbot.waitUntil(lambda: not window.findChildren(SliceDialog), timeout=LONG)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)


def saved(page, qtbot, name):
    """The line of a saved slice, once the table has it."""
    qtbot.waitUntil(lambda: any(line.is_saved and line.name == name for line in lines(page)), timeout=LONG)
    return next(line for line in lines(page) if line.is_saved and line.name == name)


def test_the_first_visit_searches_and_shows_what_was_planted(open_window, flawed_source, tmp_path, qtbot):
    window = open_window(imported(flawed_source, tmp_path / "fresh.dataimp"), size=(1440, 900))
    assert window.session.project.slices.found is None
    page = go(qtbot, window)
    qtbot.waitUntil(lambda: bool(lines(page)) and not page.finding.board.is_checking, timeout=LONG)
    first = lines(page)[0]
    assert "red" in first.rule
    assert first.measured.status.value == "confirmed"
    assert page.content.summary.figures[0].accessibleName().startswith(f"{100 * page.finding.board.errors / 1200:.1f}%")


def test_a_search_can_be_stopped(open_window, flawed_source, tmp_path, qtbot, monkeypatch):
    from dataimp_gui.core.slicing import Slices

    def endless(self, search=None, where="", run="", progress=None, checking=None):
        while True:
            progress.check()

    monkeypatch.setattr(Slices, "find", endless)
    window = open_window(imported(flawed_source, tmp_path / "fresh.dataimp"), size=(1440, 900))
    page = go(qtbot, window)
    qtbot.waitUntil(lambda: page.finding.is_searching, timeout=LONG)
    qtbot.waitUntil(page.content.empty.stop.isVisible, timeout=LONG)
    qtbot.mouseClick(page.content.toolbar.stop, LEFT)
    qtbot.waitUntil(lambda: not page.finding.is_searching, timeout=LONG)
    assert page.content.empty.title.text() == "Not searched yet"


def test_rows_come_while_the_search_runs_and_stay_tested_when_it_is_stopped(
    open_window, flawed_source, tmp_path, qtbot, monkeypatch
):
    from dataimp_gui.core.slicing import Slices

    real, gate = Slices.find, threading.Event()

    def held(self, search=None, where="", run="", progress=None, checking=None):
        def tell(found):
            checking(found)
            gate.wait(60)

        return real(self, search, where, run, progress, tell)

    monkeypatch.setattr(Slices, "find", held)
    window = open_window(imported(flawed_source, tmp_path / "fresh.dataimp"), size=(1440, 900))
    page = go(qtbot, window)
    qtbot.waitUntil(lambda: bool(lines(page)), timeout=LONG)
    assert {line.measured.status.value for line in lines(page)} == {"checking"}
    assert "red" in rules(page)[0]
    assert page.content.summary.figures[3].accessibleName().endswith(f"{len(page.finding.board.lines):,} being checked")
    qtbot.waitUntil(lambda: "not tested yet" in page.content.news.words.accessibleName(), timeout=LONG)
    page.grab()
    qtbot.mouseClick(page.content.toolbar.stop, LEFT)
    gate.set()
    qtbot.waitUntil(lambda: not page.finding.is_searching, timeout=LONG)
    qtbot.waitUntil(lambda: "confirmed" in {line.measured.status.value for line in lines(page)}, timeout=LONG)
    assert "The search was stopped" in page.content.news.words.accessibleName()


def test_what_was_found_is_there_at_once_the_next_time(window, qtbot):
    page = go(qtbot, window)
    qtbot.waitUntil(lambda: bool(lines(page)), timeout=LONG)
    assert not page.finding.is_searching
    assert page.finding.board.is_searched


def test_ctrl_2_and_enter_open_the_worst_slice_in_triage(window, qtbot):
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = window.page
    assert page.key == "slices"
    qtbot.waitUntil(lambda: bool(lines(page)), timeout=LONG)
    rows = len(lines(page)[0].rows)
    qtbot.keyClick(page.content.table, Qt.Key.Key_Return)
    assert window.page.key == "triage"
    qtbot.waitUntil(lambda: "red" in window.session.shown, timeout=LONG)
    assert len(window.session.rows) == rows
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.page is page
    qtbot.waitUntil(lambda: "not of what the query bar shows" in page.content.news.words.accessibleName())


def test_a_click_on_a_column_sorts_by_it_and_a_second_one_turns_it_round(page, qtbot):
    page.content.toolbar.overlap.setChecked(False)
    qtbot.waitUntil(lambda: len(lines(page)) > 2, timeout=LONG)
    head = page.content.table.horizontalHeader()

    def press(section):
        at = head.sectionViewportPosition(section) + head.sectionSize(section) // 2
        qtbot.mouseClick(head.viewport(), LEFT, NONE, head.rect().center().__class__(at, head.height() // 2))

    press(2)
    sizes = [line.measured.n for line in lines(page)]
    assert sizes == sorted(sizes, reverse=True)
    press(2)
    assert [line.measured.n for line in lines(page)] == sorted(sizes)


def test_typing_a_part_of_a_rule_leaves_the_slices_that_have_it(page, qtbot):
    qtbot.keyClicks(page.content.toolbar.field, "nowhere")
    qtbot.waitUntil(lambda: not lines(page), timeout=LONG)
    assert page.content.empty.title.text() == "No slice matches"
    qtbot.mouseClick(page.content.empty.button, LEFT)
    qtbot.waitUntil(lambda: bool(lines(page)), timeout=LONG)


def test_the_panel_says_what_would_be_won_and_how_the_slice_differs(page, qtbot):
    line = page.current
    qtbot.waitUntil(lambda: bool(page.detail.instead.shares), timeout=LONG)
    board, detail = page.finding.board, page.detail
    assert f"{line.measured.fixable:,.0f} of its" in detail.headroom.words.text()
    assert detail.versus.lines[0].title == "Error"
    assert detail.versus.lines[0].second_words == f"{100 * board.rest_rate(line.measured):.1f}%"
    assert sum(count for _, count in detail.instead.shares) == line.measured.errors
    assert detail.samples.strips[0].thumbs


def test_a_found_slice_is_saved_under_a_name_and_that_is_undone(page, window, qtbot):
    rule = page.current.rule
    qtbot.keyClick(window, Qt.Key.Key_S)
    save_as(qtbot, window, "Red ones")
    assert saved(page, qtbot, "Red ones").rule == rule
    assert rules(page).count(rule) == 1
    assert window.toast.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not any(line.is_saved for line in lines(page)), timeout=LONG)


def test_a_new_slice_says_how_many_it_has_and_refuses_a_rule_it_cannot_understand(page, window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_N)
    opened = dialog(qtbot, window)
    opened.rule.setPlainText("colur = 'red'")
    qtbot.waitUntil(lambda: "colour" in opened.wrong.text(), timeout=LONG)
    opened.rule.setPlainText(RULE)
    qtbot.waitUntil(lambda: "examples now" in opened.about.text(), timeout=LONG)
    count = len(window.session.project.rows(RULE))
    assert opened.about.text().startswith(f"{count:,} examples now")
    save_as(qtbot, window, "Red", RULE)
    assert len(saved(page, qtbot, "Red").rows) == count


def test_a_taken_name_is_refused_in_the_dialog(page, window, qtbot):
    window.session.project.slices.save("Red", RULE)
    qtbot.keyClick(window, Qt.Key.Key_N)
    opened = dialog(qtbot, window)
    opened.name.setText("Red")
    opened.rule.setPlainText("weight > 0")
    qtbot.mouseClick(opened.go, LEFT)
    qtbot.waitUntil(lambda: "There is a slice" in opened.wrong.text(), timeout=LONG)
    opened.reject()


def test_a_saved_slice_is_renamed_and_removed(page, window, qtbot):
    window.session.project.slices.save("Red", RULE)
    line = saved(page, qtbot, "Red")
    page.content.table.go_to(line.key)
    qtbot.keyClick(window, Qt.Key.Key_F2)
    save_as(qtbot, window, "Rouge")
    line = saved(page, qtbot, "Rouge")
    assert [each.name for each in window.session.project.slices.saved()] == ["Rouge"]
    page.content.table.go_to(line.key)
    page.content.table.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not window.session.project.slices.saved(), timeout=LONG)


def test_ticked_slices_become_one(page, window, qtbot):
    slices = window.session.project.slices
    slices.save("Red", RULE)
    slices.save("Small", "weight < 0")
    saved(page, qtbot, "Small")
    for name in ("Red", "Small"):
        click(qtbot, page, lines(page).index(saved(page, qtbot, name)), "tick")
    assert page.content.ticked.isVisible()
    qtbot.mouseClick(page.content.ticked.buttons["intersect"], LEFT)
    save_as(qtbot, window, "Small and red")
    made = saved(page, qtbot, "Small and red")
    assert np.array_equal(made.rows, window.session.project.rows(f"{RULE} and weight < 0"))


def test_another_rule_is_measured_beside_the_slice_and_can_be_saved(page, window, qtbot):
    detail = page.detail
    detail.rule.setFocus()
    detail.rule.selectAll()
    qtbot.keyClicks(detail.rule, "weight > 1")
    qtbot.keyClick(detail.rule, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.current is not None and page.current.rule == "weight > 1", timeout=LONG)
    assert page.current.measured.n == len(window.session.project.rows("weight > 1"))
    assert not window.session.project.slices.saved()
    page.save()
    save_as(qtbot, window, "Large")
    assert saved(page, qtbot, "Large").rule == "weight > 1"
    qtbot.waitUntil(lambda: rules(page).count("weight > 1") == 1, timeout=LONG)


def test_counts_follow_edits(page, window, qtbot):
    project = window.session.project
    before = page.finding.board.errors
    wrong = project.rows(f"{RULE} and error")[:10]
    window.session.edit_rows(wrong, lambda project, rows: project.exclude(rows))
    qtbot.waitUntil(lambda: page.finding.board.errors == before - 10, timeout=LONG)


def test_review_starts_with_the_examples_of_the_slice(page, window, qtbot):
    qtbot.waitUntil(lambda: bool(page.detail.instead.shares), timeout=LONG)
    errors = page.current.measured.errors
    qtbot.keyClick(window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: window.reviewing.page is not None, timeout=LONG)
    assert len(window.reviewing.page.walk.rows) == errors
    window.reviewing.close()
    assert window.page is page


def test_a_project_without_predictions_says_so(open_window, flawed_source, tmp_path, qtbot):
    window = open_window(imported(flawed_source, tmp_path / "bare.dataimp", run=False))
    page = go(qtbot, window)
    qtbot.waitUntil(lambda: page.content.empty.title.text() == "No predictions", timeout=LONG)
    page.predictions_wanted.disconnect()  # it would open a dialog of files
    with qtbot.waitSignal(page.predictions_wanted):
        qtbot.mouseClick(page.content.empty.button, LEFT)


def test_a_run_without_errors_says_so(open_window, tmp_path, qtbot):
    source = write_source(tmp_path / "perfect", wrong_when_red=0, wrong_else=0)
    window = open_window(imported(source, tmp_path / "perfect.dataimp"))
    page = go(qtbot, window)
    qtbot.waitUntil(lambda: page.content.empty.title.text() == "No errors", timeout=LONG)


def test_errors_at_random_give_no_slice(open_window, tmp_path, qtbot):
    source = write_source(tmp_path / "random", wrong_when_red=0.15, wrong_else=0.15)
    window = open_window(imported(source, tmp_path / "random.dataimp"))
    page = go(qtbot, window)
    qtbot.waitUntil(lambda: page.finding.board.is_searched, timeout=LONG)
    assert not [line for line in lines(page) if line.measured.status.value == "confirmed"]


def test_no_two_keys_of_the_page_clash():
    from dataimp_gui.ui.kit.actions import clashes
    from dataimp_gui.ui.pages.slices.actions import ACTIONS
    from dataimp_gui.ui.window_actions import ACTIONS as WINDOW

    assert clashes((*ACTIONS, *WINDOW)) == {}


def test_a_selection_in_triage_is_saved_as_fixed_examples(window, qtbot):
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    rows = window.session.rows[[3, 1, 8]]
    window.session.select(rows, int(rows[0]))
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert dialog(qtbot, window).rule.isHidden()
    save_as(qtbot, window, "Three")
    slices = window.session.project.slices
    assert slices.rows("Three").tolist() == sorted(rows.tolist())
    page = go(qtbot, window)
    page.content.table.go_to(saved(page, qtbot, "Three").key)
    qtbot.waitUntil(lambda: page.current is not None and page.current.name == "Three", timeout=LONG)
    qtbot.keyClick(page.content.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.shown == "slice = 'Three'" and len(window.session.rows) == 3, timeout=LONG)


def test_the_filter_in_triage_is_saved_as_a_rule(window, qtbot):
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    window.session.ask(RULE)
    qtbot.waitUntil(lambda: window.session.shown == RULE, timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_S)
    save_as(qtbot, window, "Red")
    assert window.session.project.slices.slice("Red").where == RULE


def test_costs_are_set_by_hand_shown_in_the_table_and_undone(page, window, qtbot):
    from dataimp_gui.ui.dialogs.costs_dialog import CostsDialog
    from dataimp_gui.ui.pages.slices.table_model import KEYS

    table, project = page.content.table, window.session.project
    assert table.isColumnHidden(KEYS.index("cost"))
    window.commands.find("window.costs").trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(CostsDialog)), timeout=LONG)
    opened = window.findChildren(CostsDialog)[0]
    qtbot.waitUntil(lambda: opened.pairs is not None, timeout=LONG)
    qtbot.keyClicks(opened.field, "a")
    model = opened.table.model()
    place = next(
        n for n in range(model.rowCount()) if (model.index(n, 0).data(), model.index(n, 1).data()) == ("a", "b")
    )
    errors = int(model.index(place, 2).data())
    assert errors == len(project.rows("label = 'a' and predicted = 'b'"))
    assert not model.setData(model.index(place, 3), "-1")
    assert not model.setData(model.index(place, 3), "nonsense")
    assert model.setData(model.index(place, 3), "2.5")
    assert opened.total.text() == f"All errors cost {page.finding.board.errors + 1.5 * errors:,.6g}"
    qtbot.mouseClick(opened.go, LEFT)
    qtbot.waitUntil(lambda: project.contract.costs == {"a": {"b": 2.5}}, timeout=LONG)
    qtbot.waitUntil(lambda: not table.isColumnHidden(KEYS.index("cost")), timeout=LONG)
    window.undo()
    qtbot.waitUntil(lambda: not project.contract.costs, timeout=LONG)


def test_the_areas_hold_all_errors_and_one_opens_in_triage(page, window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_V)
    areas = page.content.areas
    qtbot.waitUntil(lambda: bool(areas.map.blocks), timeout=LONG)
    board = page.finding.board
    assert sum(block.count for block in areas.map.blocks) == board.errors
    areas.by.setCurrentIndex(areas.by.findData("colour"))
    areas.by.activated.emit(areas.by.currentIndex())
    qtbot.waitUntil(lambda: areas.map.blocks[0].name == "red", timeout=LONG)
    assert areas.map.blocks[0].shade == 1
    wanted = areas.map.blocks[0].cells[0]
    where = areas.map.cell_rect(0, 0).center()
    qtbot.mouseClick(areas.map, LEFT, NONE, where)
    assert areas.map.accessibleDescription().startswith(f"colour red, label {wanted.name}")
    qtbot.mouseDClick(areas.map, LEFT, NONE, where)
    qtbot.waitUntil(lambda: "colour = 'red'" in window.session.shown, timeout=LONG)
    assert len(window.session.rows) == wanted.count


def test_saved_slices_are_filters_in_triage(window, qtbot):
    slices, project = window.session.project.slices, window.session.project
    filters = window.page.filters
    qtbot.waitUntil(lambda: "colour" in filters.shown(), timeout=LONG)
    assert "slice" not in filters.shown()
    slices.save("Red", RULE)
    slices.save("Heavy", "weight > 1")
    red, heavy = len(project.rows(RULE)), len(project.rows("weight > 1"))
    qtbot.waitUntil(lambda: "slice" in filters.shown(), timeout=LONG)
    facet = filters.facet("slice")
    qtbot.waitUntil(lambda: facet.rows() == [("Red", red), ("Heavy", heavy)], timeout=LONG)
    qtbot.waitUntil(lambda: facet.isVisible() and facet.height() >= facet.sizeHint().height(), timeout=LONG)
    qtbot.mouseClick(facet, LEFT, NONE, facet.row_rect(0).center())
    qtbot.waitUntil(lambda: window.session.shown == "slice = 'Red'" and len(window.session.rows) == red, timeout=LONG)
    qtbot.waitUntil(lambda: facet.accessibleDescription() == "Only Red", timeout=LONG)
    qtbot.mouseClick(facet, LEFT, Qt.KeyboardModifier.AltModifier, facet.row_rect(1).center())
    both = len(project.rows(f"{RULE} and weight > 1"))
    qtbot.waitUntil(lambda: len(window.session.rows) == red - both, timeout=LONG)
    qtbot.mouseClick(facet, LEFT, Qt.KeyboardModifier.AltModifier, facet.row_rect(1).center())
    qtbot.waitUntil(lambda: window.session.shown == "slice = 'Red'", timeout=LONG)


def test_the_map_is_coloured_by_saved_slices(flawed):
    from dataimp_gui.core.project import Project
    from dataimp_gui.progress import Progress
    from dataimp_gui.ui.pages.triage.map.colours import SLICE_COLUMN, colouring, offered

    with Project.open(flawed) as project:
        project.slices.save("Red", RULE)
        project.slices.save("Heavy", "weight > 1")
        found = colouring(project, None, SLICE_COLUMN, Progress())
        assert found.names == ("Red", "Heavy")
        red = np.isin(np.arange(project.count), project.rows(RULE))
        heavy = np.isin(np.arange(project.count), project.rows("weight > 1"))
        assert np.array_equal(found.codes == 0, red)
        assert np.array_equal(found.codes == 1, heavy & ~red)
        assert "slice" in offered(project.query.columns(), has_run=True, has_slices=True)


def test_the_examples_of_a_slice_are_exported_to_a_table(page, window, qtbot, tmp_path):
    window.session.project.note(page.current.rows[:1], "=1+1")
    page.export_to(page.current, tmp_path / "slice.csv")
    qtbot.waitUntil(lambda: (tmp_path / "slice.csv").exists() and window.toast.isVisible(), timeout=LONG)
    with (tmp_path / "slice.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert [line["id"] for line in table] == window.session.project.ids(page.current.rows)
    assert table[0]["note"] == "'=1+1"
    assert sum(line["error"] == "true" for line in table) == page.current.measured.errors
    with qtbot.waitSignal(window.session.reads.failed, timeout=LONG) as failed:
        page.export_to(page.current, tmp_path / "nowhere" / "slice.csv")
    assert "cannot be written" in str(failed.args[0])


def test_examples_are_compared_before_another_search_where_that_helps(page, window, qtbot, monkeypatch):
    from dataimp_gui.core.analysis import Analysis

    compared = []
    monkeypatch.setattr(Analysis, "embed", lambda self, name="", progress=None: compared.append(name))
    page.finding.board = replace(page.finding.board, notes=("There is no embedding.",), can_compare=True)
    page.finding.learned.emit()
    qtbot.waitUntil(page.content.news.compare.isVisible, timeout=LONG)
    found = window.session.project.slices.found
    qtbot.mouseClick(page.content.news.compare, LEFT)
    qtbot.waitUntil(lambda: bool(compared) and not page.finding.is_searching, timeout=LONG)
    qtbot.waitUntil(lambda: window.session.project.slices.found is not found, timeout=LONG)


def test_the_status_stays_in_sight_in_the_smallest_window(open_window, flawed, qtbot):
    from dataimp_gui.ui.pages.slices.table_model import KEYS

    window = open_window(flawed, size=(1120, 700))
    page = go(qtbot, window)
    qtbot.waitUntil(lambda: bool(lines(page)), timeout=LONG)
    table = page.content.table
    qtbot.waitUntil(lambda: not table.isColumnHidden(KEYS.index("status")), timeout=LONG)
    assert table.isColumnHidden(KEYS.index("source"))


def test_the_end_of_a_review_leads_back_to_slices(page, window, qtbot):
    from dataimp_gui.ui.session import Queue

    window.session.review_wanted.emit(Queue("One of them", page.current.rows[:1]))
    qtbot.waitUntil(lambda: window.reviewing.page is not None, timeout=LONG)
    review = window.reviewing.page
    qtbot.waitUntil(lambda: review.walk.frame is not None and window.isActiveWindow(), timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: any(button.text() == "Back to Slices" for button in review.finish.buttons()), timeout=LONG)
    back = next(button for button in review.finish.buttons() if button.text() == "Back to Slices")
    qtbot.mouseClick(back, LEFT)
    assert window.page is page
    assert page.isVisible()


def test_the_trend_is_over_runs_and_versions_and_says_what_changed(open_window, flawed, flawed_source, qtbot):
    from dataimp_gui.core.project import Project

    other = write_source(flawed.parent / "other", wrong_when_red=0.1)
    head, *said = (other / "run.csv").read_text().splitlines()
    sure = [f"{head},confidence", *(f"{each},{0.25 + number % 2 / 2}" for number, each in enumerate(said))]
    (other / "run.csv").write_text("\n".join(sure))
    with Project.open(flawed) as project:
        project.add_run(other / "run.csv", name="better")
        project.commit("before")
        wrong = project.rows("colour = 'red' and error")
        for row in wrong:
            project.relabel(np.array([row]), project.classes[project.predictions().codes[row]])
        project.commit("after")
        runs = [each.name for each in project.runs]
        of_run = project.slices.measure([project.slices.found.slices[0].slice])[0].errors
    window = open_window(flawed, size=(1440, 900))
    page = go(qtbot, window)
    qtbot.waitUntil(lambda: bool(page.content.table.table.lines), timeout=LONG)
    line = next(line for line in lines(page) if line.rule == RULE)
    assert line.measured.errors == of_run  # of the run that is shown, though another one was searched
    click(qtbot, page, lines(page).index(line))
    trend = page.detail.trend
    qtbot.waitUntil(lambda: len(trend.bars.lines) == 2, timeout=LONG)
    assert [line.title for line in trend.bars.lines] == runs
    confidence = next(line for line in page.detail.versus.lines if line.title == "Confidence")
    rows = line.rows
    assert confidence.first_words == f"{(0.25 + rows % 2 / 2).mean():.2f}"
    found = trend.difference
    assert found.ci[1] < -0.2
    assert f"The error fell by {-100 * found.change:.1f} points" in trend.change.text()
    trend.grab()
    qtbot.waitUntil(trend.which.buttons["versions"].isEnabled, timeout=LONG)
    qtbot.mouseClick(trend.which.buttons["versions"], LEFT)
    assert [line.title for line in trend.bars.lines] == ["v1", "v2", "now"]
    assert "No clear change: +0.0 points" in trend.change.text()  # from v2 to now
    trend.before.setFocus()
    qtbot.keyClick(trend.before, Qt.Key.Key_Up)
    assert trend.before.currentText() == "v1"
    assert trend.difference.after == 0
    assert trend.difference.before > 0


def test_likely_wrong_labels_of_a_slice_stand_beside_those_of_the_rest_and_are_reviewed_first(
    open_window, tmp_path, qtbot
):
    from dataimp_gui.core.model import IssueKind
    from dataimp_gui.core.project import Project

    source = write_source(tmp_path / "source", wrong_when_red=0.15)
    said = [line.split(",") for line in (source / "run.csv").read_text().split()[1:]]
    sure = [",".join([id_, *("0.97" if name == each else "0.01" for name in "abcd")]) for id_, each in said]
    (source / "run.csv").write_text("\n".join(["id,a,b,c,d", *sure]))
    target = imported(source, tmp_path / "sure.dataimp")
    with Project.open(target) as project:
        project.analysis.find_issues(progress=Progress())
        issues = project.analysis.issue_rows(IssueKind.LABEL)
        red = project.rows(RULE)
        within = np.count_nonzero(np.isin(red, issues))
        rest = (len(issues) - within) / (project.count - len(red))
        project.slices.save("Red", RULE)
    window = open_window(target, size=(1440, 900))
    page = go(qtbot, window)
    line = saved(page, qtbot, "Red")
    page.content.table.go_to(line.key)
    versus = page.detail.versus
    qtbot.waitUntil(lambda: "Label issues" in [each.title for each in versus.lines], timeout=LONG)
    said = next(each for each in versus.lines if each.title == "Label issues")
    assert (said.first_words, said.second_words) == (f"{100 * within / len(red):.1f}%", f"{100 * rest:.1f}%")
    assert 0 < within < len(red)
    assert f"{within:,} with a likely wrong label first" in page.detail.review.toolTip()
    qtbot.waitUntil(lambda: window.isActiveWindow() and page.detail.line.name == "Red", timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: window.reviewing.page is not None, timeout=LONG)
    assert set(window.reviewing.page.walk.rows[:within].tolist()) == set(issues[np.isin(issues, red)].tolist())
    window.reviewing.close()


def test_a_rule_whose_column_went_away_is_struck_and_says_which_while_the_rest_works(open_window, flawed, qtbot):
    from dataimp_gui.core.project import Project

    with Project.open(flawed) as project:
        project.query.add_column("sharp", np.linspace(0, 1, project.count))
        project.slices.save("Sharp", "sharp > 0.5")
        project.slices.save("Red", RULE)
    window = open_window(flawed, size=(1440, 900))
    page = go(qtbot, window)
    line = saved(page, qtbot, "Sharp")
    assert "No column is called sharp" in line.broken
    page.content.table.go_to(line.key)
    page.grab()
    assert "No column is called sharp" in page.detail.why.text()
    assert not page.detail.review.isEnabled()
    assert saved(page, qtbot, "Red").measured.status.value == "confirmed"


@pytest.mark.parametrize(
    ("wrong", "title", "sentence"),
    [(1.0, "No slice stands out", "Every prediction is an error"), (0.02, "No slice stands out", "")],
)
def test_where_there_is_nothing_to_tell_apart_the_page_says_so(open_window, tmp_path, qtbot, wrong, title, sentence):
    source = write_source(tmp_path / "source", wrong_when_red=wrong, wrong_else=wrong)
    window = open_window(imported(source, tmp_path / "p.dataimp"))
    page = go(qtbot, window)
    qtbot.waitUntil(lambda: page.finding.board.is_searched and not page.finding.is_searching, timeout=LONG)
    qtbot.waitUntil(lambda: page.content.empty.title.text() == title, timeout=LONG)
    assert sentence in page.content.empty.words.text()
    assert "0 were tried" not in page.content.empty.words.text()


def test_augmenting_and_collecting_are_offered_where_somebody_listens(page, window, qtbot):
    assert page.detail.augment.isVisible()
    assert not page.detail.collect.isVisible()
    asked = []
    page.augment_wanted.connect(asked.append)
    page.collection_wanted.connect(asked.append)
    go(qtbot, window)
    qtbot.mouseClick(window.rail.button("triage"), LEFT)
    go(qtbot, window)
    assert page.detail.collect.isVisible()
    chosen = page.current.slice.where
    qtbot.keyClick(window, Qt.Key.Key_C)
    qtbot.keyClick(window, Qt.Key.Key_A)
    assert [each.where for each in asked] == [chosen, chosen]


def test_a_p_value_just_below_the_bound_is_not_rounded_to_it():
    from dataimp_gui.ui.pages.slices import words

    assert [words.chance(p) for p in (None, 0.00002, 0.0004, 0.0098, 0.0123)] == [
        "–",
        "< 0.0001",
        "0.0004",
        "0.0098",
        "0.012",
    ]
