"""Issues in the window: searched, counted, explained, settled by one key, and gone for good."""

import csv
import shutil

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.core.model import IssueKind
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError

KEY = Qt.Key
CLASSES = ("bars", "disc", "rows")
EACH = 20
WRONG = {"04": "rows", "33": "bars"}  # what is really: bars, disc
TWINS = ("10", "60")  # one picture, in train and in test


def until(qtbot, fact, timeout=60_000):
    qtbot.waitUntil(fact, timeout=timeout)


def drawn(name, rng):
    y, x = np.mgrid[:32, :32]
    shift, radius = rng.integers(0, 4), rng.integers(8, 12)
    ground = {
        "bars": (x + shift) // 4 % 2,
        "rows": (y + shift) // 4 % 2,
        "disc": (x - 15) ** 2 + (y - 15 + shift) ** 2 < radius**2,
    }[name]
    return np.clip(ground * 150 + 50 + rng.normal(0, 12, (32, 32)), 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def planted_source(tmp_path_factory):
    """61 pictures of 3 clear kinds; two of them have a wrong label, and one of train is in test again."""
    folder, rng = tmp_path_factory.mktemp("planted"), np.random.default_rng(7)
    (folder / "img").mkdir()
    with (folder / "data.csv").open("w", newline="") as data, (folder / "said.csv").open("w", newline="") as said:
        rows, runs = csv.writer(data), csv.writer(said)
        rows.writerow(["id", "file", "label", "split"])
        runs.writerow(["id", *CLASSES])
        for number in range(3 * EACH):
            id_, real = f"{number:02d}", CLASSES[number // EACH]
            Image.fromarray(drawn(real, rng)).save(folder / "img" / f"{id_}.png")
            rows.writerow([id_, f"img/{id_}.png", WRONG.get(id_, real), "train"])
            runs.writerow([id_, *(0.94 if name == real else 0.03 for name in CLASSES)])
        shutil.copy(folder / "img" / f"{TWINS[0]}.png", folder / "img" / f"{TWINS[1]}.png")
        rows.writerow([TWINS[1], f"img/{TWINS[1]}.png", "bars", "test"])
        runs.writerow([TWINS[1], 0.94, 0.03, 0.03])
    return folder


@pytest.fixture(scope="session")
def planted_made(planted_source, tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "planted.dataimp"
    options = ImportOptions(predictions=(planted_source / "said.csv",))
    project, summary = Project.create(path, planted_source / "data.csv", options)
    project.close()
    assert (summary.examples, summary.quarantined) == (61, 0)
    return path


@pytest.fixture(scope="session")
def searched_made(planted_made, tmp_path_factory):
    path = shutil.copytree(planted_made, tmp_path_factory.mktemp("searched") / "planted.dataimp")
    with Project.open(path) as project:
        project.analysis.find_issues()
        found = {i.id: i.suggested for i in project.analysis.issues(IssueKind.LABEL)}
        assert {"04", "33"} <= found.keys()
    return path


@pytest.fixture
def planted(planted_made, tmp_path):
    return shutil.copytree(planted_made, tmp_path / "planted.dataimp")


@pytest.fixture
def searched(searched_made, tmp_path):
    """The project, its issues found already."""
    return shutil.copytree(searched_made, tmp_path / "planted.dataimp")


@pytest.fixture
def window(open_window, searched, qtbot):
    window = open_window(searched)
    issues = window.page.filters.issues
    until(qtbot, lambda: window.page.study.standing.is_searched)
    until(qtbot, lambda: issues.facet.rows() != [] and issues.facet.isVisible())
    return window


def kinds(window):
    return dict(window.page.filters.issues.facet.rows())


def click_kind(qtbot, window, kind, modifier=Qt.KeyboardModifier.NoModifier):
    facet = window.page.filters.issues.facet

    def place():  # the rows may still change while the search's result is read
        return facet.row_rect([row[0] for row in facet.rows()].index(kind))

    until(qtbot, lambda: facet.rect().contains(place()))
    qtbot.mouseClick(facet, Qt.MouseButton.LeftButton, modifier, place().center())


def go_to(qtbot, window, id_):
    """Make an example current, the filter being what it is."""
    row = window.session.project.row(id_)
    until(qtbot, lambda: window.session.place(row) >= 0)
    window.page.gallery.choose(np.array([window.session.place(row)]), window.session.place(row))
    until(qtbot, lambda: window.page.inspector.findings.row == row)
    return row


def cards(window):
    return window.page.inspector.findings.cards


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    until(qtbot, window.isActiveWindow)
    window.page.gallery.view.setFocus()
    qtbot.keyClick(window.page.gallery.view, key, modifier)


def label_of(window, row):
    state = window.session.project.state
    return state.word("label", int(state.labels[row]))


def click(qtbot, button):
    """A card that just came is laid out first, and waits for the rest of the inspector."""
    until(qtbot, lambda: button.isVisible() and button.isEnabled())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_one_click_searches_once_and_the_kinds_appear_with_their_counts(open_window, planted, qtbot):
    window = open_window(planted)
    issues, study = window.page.filters.issues, window.page.study
    until(qtbot, issues.find_button.isVisible)
    assert issues.words.startswith("Wrong labels")
    begun = []
    window.session.reads.started.connect(lambda job: begun.append(job.title) if job.title else None)
    click(qtbot, issues.find_button)
    window.page.find_issues()  # a second time, from the palette
    assert begun == ["Finding issues in 61 examples"]
    assert not issues.find_button.isVisible()
    assert issues.stop_button.isVisible()
    assert "Finding issues in 61 examples" in window.status.jobs.titles
    press(qtbot, window, KEY.Key_F)  # edits go on meanwhile
    until(qtbot, lambda: window.session.last.edit is not None)
    until(qtbot, lambda: study.standing.is_searched and study.running is None)
    assert study.failure == ""
    until(qtbot, lambda: kinds(window).get("label", 0) >= 2)
    assert begun == ["Finding issues in 61 examples"]
    assert kinds(window)["leak"] >= 1


def test_a_search_can_be_stopped_and_started_again(open_window, planted, qtbot):
    window = open_window(planted)
    issues, study = window.page.filters.issues, window.page.study
    until(qtbot, issues.find_button.isVisible)
    click(qtbot, issues.find_button)
    click(qtbot, issues.stop_button)
    until(qtbot, lambda: study.running is None)
    assert issues.find_button.isVisible()
    assert not study.standing.is_searched
    assert window.status.jobs.titles == []


def test_a_click_on_a_kind_filters_by_its_score_and_modifiers_add_and_exclude(window, qtbot):
    session = window.session
    click_kind(qtbot, window, "label")
    until(qtbot, lambda: session.shown == "issue_label is not null")
    assert len(session.rows) == kinds(window)["label"] >= 2
    click_kind(qtbot, window, "leak", Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: session.shown == "(issue_label is not null or issue_leak is not null)")
    click_kind(qtbot, window, "outlier", Qt.KeyboardModifier.AltModifier)
    until(qtbot, lambda: session.shown.endswith("and issue_outlier is null"))


def test_counts_of_kinds_follow_the_other_filters(window, qtbot):
    window.session.ask("id = '04'")
    until(qtbot, lambda: kinds(window)["label"] == 1)
    window.session.ask("id = '05'")
    until(qtbot, lambda: kinds(window)["label"] == 0)


def test_the_card_says_what_how_sure_and_why_and_space_accepts(window, qtbot):
    click_kind(qtbot, window, "label")
    until(qtbot, lambda: "issue_label" in window.session.shown)
    row = go_to(qtbot, window, "04")
    until(qtbot, lambda: cards(window) != [])
    card = cards(window)[0]
    assert card.issue.suggested == "bars"
    assert card.accessibleName().startswith("Suggested: bars, ")
    assert card.issue.reason in card.accessibleName()
    model = window.page.gallery.model
    assert model.facts(window.session.place(row)).suggested == "bars"
    press(qtbot, window, KEY.Key_Space)
    until(qtbot, lambda: label_of(window, row) == "bars")
    until(qtbot, lambda: model.facts(window.session.place(row)).suggested == "")
    assert window.session.current != row or len(window.session.rows) == 1


def test_keep_by_its_button_closes_the_issue_for_good(window, open_window, searched, qtbot):
    before = kinds(window)["label"]
    row = go_to(qtbot, window, "33")
    until(qtbot, lambda: cards(window) != [])
    click(qtbot, cards(window)[0].keep)
    until(qtbot, lambda: kinds(window)["label"] == before - 1)
    until(qtbot, lambda: all(card.issue.kind is not IssueKind.LABEL for card in cards(window)))
    assert label_of(window, row) == "bars"
    window.close()
    again = open_window(searched)
    until(qtbot, lambda: kinds(again).get("label") == before - 1)
    again.undo()
    until(qtbot, lambda: kinds(again)["label"] == before)


def test_the_key_k_keeps_what_the_filter_is_about_and_moves_on(window, qtbot):
    click_kind(qtbot, window, "label")
    until(qtbot, lambda: "issue_label" in window.session.shown)
    go_to(qtbot, window, "04")
    before = kinds(window)["label"]
    press(qtbot, window, KEY.Key_K)
    until(qtbot, lambda: kinds(window)["label"] == before - 1)
    assert window.session.current != window.session.project.row("04")


def test_many_suggestions_are_accepted_by_one_key_and_undone_by_one(window, qtbot):
    click_kind(qtbot, window, "label")
    until(qtbot, lambda: "issue_label" in window.session.shown)
    press(qtbot, window, KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    rows = [window.session.project.row(id_) for id_ in ("04", "33")]
    until(qtbot, lambda: len(window.session.selection) >= 2)
    said = f"Accept {len(window.session.rows)}"
    until(qtbot, lambda: [card.accept.text() for card in cards(window)][:1] == [said])
    press(qtbot, window, KEY.Key_Space)
    until(qtbot, lambda: [label_of(window, row) for row in rows] == ["bars", "disc"])
    window.undo()
    until(qtbot, lambda: [label_of(window, row) for row in rows] == ["rows", "bars"])


def test_a_leak_shows_the_other_example_and_excludes_this_one(window, qtbot):
    click_kind(qtbot, window, "leak")
    until(qtbot, lambda: window.session.shown == "issue_leak is not null")
    project = window.session.project
    row = int(window.session.rows[0])
    window.page.gallery.choose(np.array([0]), 0)
    until(qtbot, lambda: any(c.issue.kind is IssueKind.LEAK for c in cards(window)))
    card = next(c for c in cards(window) if c.issue.kind is IssueKind.LEAK)
    other = card.issue.others[0]
    assert {row, other} == {project.row(id_) for id_ in TWINS}
    assert card.others.thumbs[0].words.split()[0] == ("test" if row == project.row(TWINS[0]) else "train")
    assert card.accept.text() == "Exclude this one"
    click(qtbot, card.accept)
    until(qtbot, lambda: project.state.codes("excluded")[row] == 1)
    assert project.state.codes("excluded")[other] == 0
    until(qtbot, lambda: kinds(window)["leak"] == 0)


def test_similar_examples_are_shown_the_nearest_first(window, qtbot):
    project = window.session.project
    row = go_to(qtbot, window, TWINS[0])
    findings = window.page.inspector.findings
    until(qtbot, lambda: findings.similar.isVisible() and len(findings.similar.thumbs) > 1)
    press(qtbot, window, KEY.Key_M)
    until(qtbot, lambda: window.session.shown == "similarity is not null")
    rows = window.session.rows.tolist()
    assert rows[:2] in ([row, project.row(TWINS[1])], [project.row(TWINS[1]), row])
    assert len(rows) == 25
    values = project.query.values(["similarity"], window.session.rows)["similarity"]
    assert values == sorted(values, reverse=True)
    assert window.page.gallery.sort.currentData() == "similarity"


def test_a_click_on_a_similar_example_shows_it_also_when_the_filter_leaves_it_out(window, qtbot):
    window.session.ask(f"id = '{TWINS[0]}'")
    until(qtbot, lambda: len(window.session.rows) == 1)
    findings = window.page.inspector.findings
    until(qtbot, lambda: findings.row == window.session.project.row(TWINS[0]))
    until(qtbot, lambda: findings.similar.isVisible() and findings.similar.isEnabled())
    other = findings.similar.thumb_rect(0).center()
    qtbot.mouseClick(findings.similar, Qt.MouseButton.LeftButton, pos=other)
    until(qtbot, lambda: window.session.current == window.session.project.row(TWINS[1]))
    assert len(window.session.rows) == 2


def test_review_these_hands_over_the_worst_first(window, qtbot):
    click_kind(qtbot, window, "label")
    until(qtbot, lambda: "issue_label" in window.session.shown)
    button = window.page.filters.issues.review_button
    until(qtbot, lambda: button.text() == f"Review {kinds(window)['label']:,}")
    with qtbot.waitSignal(window.session.review_wanted, timeout=20_000) as wanted:
        click(qtbot, button)
    queue = wanted.args[0]
    analysis = window.session.project.analysis
    assert queue.rows.tolist() == analysis.issue_rows(IssueKind.LABEL).tolist()
    assert (queue.kind, queue.title) == (IssueKind.LABEL, "Likely wrong labels")


def test_sorting_by_the_score_of_an_issue_begins_with_the_worst(window, qtbot):
    gallery = window.page.gallery
    until(qtbot, lambda: gallery.sort.findData("issue_label") >= 0)
    assert gallery.sort.itemText(gallery.sort.findData("issue_label")) == "Label issue"
    gallery.sort.setCurrentIndex(gallery.sort.findData("issue_label"))
    gallery.sort.activated.emit(gallery.sort.currentIndex())
    worst = window.session.project.analysis.issue_rows(IssueKind.LABEL)
    until(qtbot, lambda: window.session.rows[: len(worst)].tolist() == worst.tolist())


def test_statistics_are_measured_after_opening_and_stand_under_one_heading(open_window, planted, qtbot):
    window = open_window(planted, measure_most=100)
    filters = window.page.filters
    until(qtbot, lambda: window.page.study.standing.is_measured and "brightness" in filters.shown())
    assert filters.statistics.is_open
    section = filters.section("brightness")
    assert not section.is_open
    section.set_open(True)
    until(qtbot, lambda: filters.brush("brightness").would_leave(-1e9, 1e9) == 61)
    filters.statistics.set_open(False)
    assert not filters.brush("brightness").isVisible()
    window.close()
    again = open_window(planted, measure_most=100)
    until(qtbot, lambda: "brightness" in again.page.filters.shown())
    assert not again.page.filters.statistics.is_open
    assert again.page.filters.section("brightness").is_open


def test_more_examples_than_the_setting_allows_are_not_measured_unasked(open_window, planted, qtbot):
    window = open_window(planted, measure_most=60)
    until(qtbot, window.page.filters.issues.find_button.isVisible)
    assert window.page.study.running is None
    assert "brightness" not in window.page.filters.shown()


def test_a_search_that_fails_says_so_in_a_sentence_and_can_be_tried_again(open_window, planted, qtbot, monkeypatch):
    window = open_window(planted)
    issues = window.page.filters.issues
    until(qtbot, issues.find_button.isVisible)

    def fail(**_):
        raise DataimpError("The disk is full.", hint="Free some space.")

    monkeypatch.setattr(window.session.project.analysis, "find_issues", fail)
    click(qtbot, issues.find_button)
    until(qtbot, issues.failure.isVisible)
    assert issues.failure.text() == "The disk is full. Free some space."
    assert issues.find_button.isVisible()
    monkeypatch.undo()
    click(qtbot, issues.find_button)
    until(qtbot, lambda: window.page.study.standing.is_searched)
    assert not issues.failure.isVisible()


def test_a_project_open_read_only_shows_its_issues_and_lets_nothing_be_settled(open_window, searched, qtbot):
    window = open_window()
    window.opening.open(searched, read_only=True)
    until(qtbot, lambda: window.session is not None and window.session.ready)
    until(qtbot, lambda: window.page.study.standing.is_searched and kinds(window) != {})
    go_to(qtbot, window, "04")
    until(qtbot, lambda: cards(window) != [])
    assert not cards(window)[0].accept.isEnabled()
    assert not cards(window)[0].keep.isEnabled()
    assert not window.page.filters.issues.review_button.isVisible()


def test_without_issues_it_says_so(open_window, searched, qtbot):
    with Project.open(searched) as project:
        for kind in IssueKind:
            project.keep(project.analysis.issue_rows(kind), kind)
    window = open_window(searched)
    issues = window.page.filters.issues
    until(qtbot, lambda: issues.words == "No open issues in 61 examples.")
    assert not issues.facet.isVisible()
    assert not issues.review_button.isVisible()


def test_a_table_project_opens_without_a_complaint_and_can_be_searched(open_window, tmp_path, qtbot):
    source = tmp_path / "shop.csv"
    source.write_text("\n".join(["id,weight,label", *(f"{n},{n % 7},{'ab'[n % 2]}" for n in range(40))]))
    Project.create(tmp_path / "shop.dataimp", source)[0].close()
    window = open_window(tmp_path / "shop.dataimp")
    said = []
    window.session.reads.failed.connect(said.append)
    study = window.page.study
    qtbot.waitUntil(lambda: study.standing.can_embed or bool(said), timeout=60_000)
    assert not said
    assert not window.message_bar.isVisible()
