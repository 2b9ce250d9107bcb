"""The Versions page: the history, what a version changed, and what is done with it, by clicks and keys."""

import shutil
import sys

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from dataimp_gui.core.project import Project

LEFT = Qt.MouseButton.LeftButton
KEY, MODIFIER = Qt.Key, Qt.KeyboardModifier
LONG = 60_000


@pytest.fixture
def versioned(pictures, tmp_path):
    """v1 as imported; v2 with two coats relabelled and a bag excluded; since then one shirt was relabelled."""
    here = shutil.copytree(pictures, tmp_path / "work" / "pictures.dataimp")
    with Project.open(here, author="Mira") as project:
        project.commit("as it came")
        project.relabel(project.rows("label = 'coat'")[:2], "shirt", why="they are")
        project.exclude(project.rows("label = 'bag'")[:1])
        project.commit("two coats were shirts")
        project.relabel(project.rows("id = 'shirt/05.png'"), "bag")
    return here


def go(qtbot, window):
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    qtbot.keyClick(window, KEY.Key_6, MODIFIER.ControlModifier)
    assert window.page.key == "versions"
    qtbot.waitUntil(lambda: window.page.current is not None, timeout=LONG)
    return window.page


def test_before_the_first_version_the_words_about_it_are_shown_whole(open_window, pictures, qtbot):
    page = go(qtbot, open_window(pictures, size=(1440, 900)))
    qtbot.waitUntil(page.middle.first.isVisible, timeout=LONG)
    words = next(label for label in page.middle.first.findChildren(QLabel) if label.wordWrap())
    qtbot.waitUntil(lambda: words.height() >= words.heightForWidth(words.width()), timeout=LONG)


@pytest.fixture
def window(open_window, versioned):
    return open_window(versioned, size=(1440, 900))


@pytest.fixture
def page(window, qtbot):
    return go(qtbot, window)


def choose(qtbot, page, name):
    """By a click on its line; waits until what it changed is read."""
    names = [entry.name for entry in page.history.list.standing.entries]
    place = page.history.visualRect(page.history.list.index(names.index(name))).center()
    qtbot.mouseClick(page.history.viewport(), LEFT, MODIFIER.NoModifier, place)
    assert page.current.name == name
    read(qtbot, page)


def read(qtbot, page):
    entry = page.current
    qtbot.waitUntil(lambda: page.side.shown == entry.name, timeout=LONG)


def tile(page, word):
    return page.content.tiles.tiles[word].figure.text()


def test_the_history_lists_the_draft_and_the_versions(page):
    said = [page.history.list.data(page.history.list.index(n), Qt.ItemDataRole.AccessibleTextRole) for n in range(3)]
    assert said[0].startswith("v3, draft, now, from v2")
    assert said[1].startswith("v2, ")
    assert "Mira, from v1, two coats were shirts" in said[1]
    assert said[2].endswith("as it came")
    assert page.current.is_draft


def test_a_version_shows_what_it_changed(page, qtbot):
    choose(qtbot, page, "v2")
    assert {word: tile(page, word) for word in ("added", "relabelled", "removed")} == {
        "added": "0", "relabelled": "2", "removed": "1",
    }  # fmt: skip
    assert page.content.tiles.tiles["relabelled"].about.accessibleName() == "coat → shirt 2"
    assert page.window().status.selection.text() == "v2, 3 changes since v1"
    assert "from v1" in page.content.header.facts.accessibleName()
    assert "35 examples" in page.content.header.facts.accessibleName()
    assert [(line.title, line.now, line.before) for line in page.side.balance.lines] == [
        ("shirt", 14, 12), ("coat", 10, 12), ("bag", 11, 12),
    ]  # fmt: skip


def test_the_draft_shows_what_a_commit_would_keep_and_follows_edits(page, window, qtbot):
    read(qtbot, page)
    assert (page.content.header.title.text(), tile(page, "relabelled")) == ("v3", "1")
    window.session.edit(lambda project: project.relabel(project.rows("id = 'shirt/06.png'"), "bag"))
    qtbot.waitUntil(lambda: tile(page, "relabelled") == "2", timeout=LONG)


def test_changed_examples_are_shown_by_kind_and_open_in_triage(page, window, qtbot):
    choose(qtbot, page, "v2")
    samples = page.content.samples
    assert {kind for kind, button in samples.which.buttons.items() if not button.isHidden()} == {
        "relabelled",
        "removed",
    }
    assert [thumb.words for thumb in samples.strip.thumbs] == ["shirt", "shirt"]
    qtbot.mouseClick(samples.which.buttons["removed"], LEFT)
    assert [thumb.about for thumb in samples.strip.thumbs] == ["bag/00.png: excluded"]
    qtbot.mouseClick(samples.strip, LEFT, MODIFIER.NoModifier, samples.strip.thumb_rect(0).center())
    assert window.page.key == "triage"
    row = int(window.session.project.rows("id = 'bag/00.png'")[0])
    qtbot.waitUntil(lambda: window.session.current == row, timeout=LONG)


def test_arrows_and_brackets_walk_through_the_history(page, qtbot):
    qtbot.waitUntil(page.history.hasFocus, timeout=LONG)
    qtbot.keyClick(page.history, KEY.Key_Down)
    assert page.current.name == "v2"
    qtbot.keyClick(page.history, KEY.Key_BracketRight)
    assert page.current.name == "v1"
    qtbot.keyClick(page.history, KEY.Key_BracketLeft)
    assert page.current.name == "v2"


def test_a_commit_on_the_page_adds_a_line_and_the_draft_goes(page, window, qtbot):
    from dataimp_gui.ui.dialogs.commit_dialog import CommitDialog

    qtbot.mouseClick(page.content.header.commit, LEFT)
    qtbot.waitUntil(lambda: bool(window.findChildren(CommitDialog)), timeout=LONG)
    dialog = window.findChildren(CommitDialog)[0]
    dialog.message.setPlainText("a bag after all")
    choose(qtbot, page, "v1")
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(
        lambda: [entry.name for entry in page.history.list.standing.entries] == ["v3", "v2", "v1"], timeout=LONG
    )
    assert page.current.name == "v3"
    assert page.content.header.message.accessibleName() == "a bag after all"


def test_without_a_version_the_import_is_offered_as_the_first_one(open_window, pictures, qtbot):
    from dataimp_gui.ui.dialogs.commit_dialog import CommitDialog

    window = open_window(pictures)
    page = go(qtbot, window)
    assert page.content.first.isVisible()
    about = page.content.first.findChildren(QLabel)[1]
    assert about.height() >= about.heightForWidth(about.width())
    qtbot.mouseClick(page.content.first.go, LEFT)
    qtbot.waitUntil(lambda: bool(window.findChildren(CommitDialog)), timeout=LONG)
    window.findChildren(CommitDialog)[0].reject()


def test_the_version_that_is_looked_at_is_the_one_that_is_exported(page, window, qtbot, tmp_path):
    from dataimp_gui.ui.dialogs.export_dialog import ExportDialog

    choose(qtbot, page, "v1")
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    qtbot.keyClick(page.history, KEY.Key_E, MODIFIER.ControlModifier)
    qtbot.waitUntil(lambda: bool(window.findChildren(ExportDialog)), timeout=LONG)
    dialog = window.findChildren(ExportDialog)[0]
    qtbot.waitUntil(lambda: dialog.go.isEnabled() and QApplication.activeWindow() is dialog, timeout=LONG)
    assert dialog.version.currentData() == "v1"
    assert not dialog.isModal()
    made = []
    dialog.exported.connect(lambda _words, place: made.append(place))
    qtbot.keyClick(QApplication.focusWidget() or dialog, KEY.Key_Return)
    qtbot.waitUntil(lambda: bool(made), timeout=LONG)
    assert '"name": "v1"' in (made[0] / "version.json").read_text("utf-8")


def test_a_version_whose_files_were_changed_says_so_and_the_page_stays(versioned, open_window, qtbot):
    (versioned / "versions" / "v1" / "manifest.parquet").write_bytes(b"no")
    page = go(qtbot, open_window(versioned))
    names = [entry.name for entry in page.history.list.standing.entries]
    page.history.go(names.index("v2"))
    qtbot.waitUntil(lambda: "v1 were changed" in page.content.wrong.words, timeout=LONG)
    page.history.go(names.index("draft"))
    read(qtbot, page)
    assert not page.content.wrong.words


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ([("d", "c"), ("c", "b"), ("b", "a"), ("a", "")], {"d": 0, "c": 0, "b": 0, "a": 0}),
        ([("e", "c"), ("d", "b"), ("c", "b"), ("b", "a"), ("a", "")], {"e": 0, "d": 1, "c": 0, "b": 0, "a": 0}),
        ([("e", "a"), ("d", "a"), ("c", "b"), ("b", "a"), ("a", "")], {"e": 0, "d": 1, "c": 2, "b": 2, "a": 0}),
    ],
)
def test_branches_get_a_line_of_their_own(tree, expected):
    from dataimp_gui.ui.pages.versions.lanes import lanes

    assert lanes(tree) == expected


def test_lines_of_a_random_tree_never_run_over_each_other():
    from dataimp_gui.ui.pages.versions.lanes import lanes

    rng = np.random.default_rng(1)
    for _ in range(200):
        many = int(rng.integers(1, 30))
        tree = [(str(n), str(int(rng.integers(n))) if n else "") for n in reversed(range(many))]
        lane, place = lanes(tree), {name: at for at, (name, _) in enumerate(tree)}
        crossed = {(lane[name], at) for name, parent in tree if parent for at in range(place[name] + 1, place[parent])}
        for name, _ in tree:
            above = [child for child, parent in tree if lane[child] == lane[name] and place[child] < place[name]]
            on_it = [child for child in above if place[dict(tree)[child]] > place[name]] if above else []
            assert not on_it, (tree, lane, crossed)


# evaluation, gates, production


@pytest.fixture(scope="module")
def judged_made(pictures_made, tmp_path_factory):
    """v1, v2 and v3 of split pictures; v2 was evaluated and fails the gate that asks for 90 points more."""
    from dataimp_gui.core.evaluate.gates import Gates

    here = shutil.copytree(pictures_made, tmp_path_factory.mktemp("judged") / "pictures.dataimp")
    with Project.open(here, author="Mira") as project:
        rows = np.arange(project.count)
        project.set_split(rows[rows % 3 > 0], "train")
        project.set_split(rows[rows % 3 == 0], "test")
        project.commit("as it came")
        project.relabel(project.rows("label = 'coat' and split = 'train'")[:2], "shirt", why="they are")
        project.commit("two coats were shirts")
        project.evaluation.set_gates(Gates(overall=0.9))
        project.evaluation.run("v2", seeds=1)
        project.relabel(project.rows("label = 'bag' and split = 'train'")[:1], "shirt")
        project.commit("a bag was a shirt")
    return here


@pytest.fixture
def judged(judged_made, tmp_path):
    return shutil.copytree(judged_made, tmp_path / "judged" / "pictures.dataimp")


@pytest.fixture
def judged_page(open_window, judged, qtbot):
    page = go(qtbot, open_window(judged, size=(1440, 900)))
    choose(qtbot, page, "v2")
    return page


def dialog_of(qtbot, page, kind):
    qtbot.waitUntil(lambda: bool(page.findChildren(kind)), timeout=LONG)
    dialog = page.findChildren(kind)[-1]
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog, timeout=LONG)
    return dialog


def press(qtbot, page, key):
    qtbot.waitUntil(page.window().isActiveWindow, timeout=LONG)
    qtbot.keyClick(page.history, key)


def badges(page, name):
    from dataimp_gui.ui.pages.versions import history

    return [words for words, _, _ in history.badges(page.following.standing.find(name))]


def test_an_evaluation_is_shown_with_its_intervals_and_gates(judged_page):
    page = judged_page
    overall = page.content.evaluation.figures.table.lines[0]
    assert (overall.name, overall.n, overall.allowed, overall.result) == ("Overall", 12, "+90.0", "fail")
    assert badges(page, "v2") == ["1 gate"]
    assert {line.gate.title: line.gate.result for line in page.side.gates.lines}["No leak"] == "pass"
    assert "wanted is +90.0" in page.content.failing.words
    index = page.content.evaluation.figures.table.index(0, 0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Overall: from ")
    assert said.endswith("+90.0: fail.")


def test_it_is_said_whether_the_test_split_was_touched(judged_page, qtbot):
    facts = judged_page.content.header.facts
    assert facts.accessibleName().endswith("test split untouched")
    session = judged_page.window().session
    rows = session.project.rows("label = 'bag' and split = 'test'")
    session.edit(lambda project: project.tag(rows, "seen"))
    session.edit(lambda project: project.relabel(rows[:1], "coat"))
    qtbot.waitUntil(lambda: judged_page.following.standing.find("draft") is not None, timeout=LONG)
    choose(qtbot, judged_page, "draft")
    qtbot.waitUntil(lambda: facts.accessibleName().endswith("1 changed in the test split"), timeout=LONG)


def test_a_line_of_the_table_opens_its_examples(judged_page, qtbot):
    window, figures = judged_page.window(), judged_page.content.evaluation.figures
    place = next(n for n, line in enumerate(figures.table.lines) if line.name == "bag")
    qtbot.mouseClick(
        figures.viewport(), LEFT, MODIFIER.NoModifier, figures.visualRect(figures.table.index(place, 0)).center()
    )
    qtbot.keyClick(figures, KEY.Key_Return)
    assert window.page.key == "triage"
    qtbot.waitUntil(lambda: window.session.shown == "label = 'bag'", timeout=LONG)


def test_a_version_is_evaluated_in_the_background_with_one_key_and_enter(judged_page, qtbot):
    from dataimp_gui.ui.pages.versions.trying import TryingDialog

    page = judged_page
    choose(qtbot, page, "v3")
    assert page.content.evaluation.go.isVisible()
    press(qtbot, page, KEY.Key_E)
    dialog = dialog_of(qtbot, page, TryingDialog)
    assert dialog.against.currentData() == "v2"
    dialog.seeds.setValue(1)
    qtbot.keyClick(dialog.go, KEY.Key_Return)
    qtbot.waitUntil(lambda: page.current.judged is not None, timeout=LONG)
    assert page.content.evaluation.figures.isVisible()
    assert not page.content.evaluation.go.isVisible()
    assert page.content.evaluation.about.accessibleName() == "v2 to v3, 1 seed, 95 % interval"


def test_a_trainer_that_fails_says_why_and_what_was_there_stays(judged_page, qtbot):
    from dataimp_gui.ui.pages.versions.trying import TryingDialog

    page = judged_page
    qtbot.mouseClick(page.content.evaluation.again, LEFT)
    dialog = dialog_of(qtbot, page, TryingDialog)
    qtbot.mouseClick(dialog.own, LEFT, MODIFIER.NoModifier, dialog.own.rect().center() * 0.2)
    assert not dialog.go.isEnabled()
    dialog.command.setText(f"{shutil.which('false')} {{dataset}} {{predictions}}")
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: bool(page.evaluating.failure), timeout=LONG)
    assert page.content.evaluation.wrong.text() == page.evaluating.failure
    assert page.content.evaluation.figures.isVisible()


def test_predictions_of_ones_own_are_compared(judged_page, qtbot, tmp_path):
    from dataimp_gui.ui.pages.versions.trying import TryingDialog

    page, project = judged_page, judged_page.window().session.project
    ids = project.ids(np.arange(project.count))
    for name, wrong in (("v1", 4), ("v2", 0)):
        said = [f"{id_},{'coat' if place < 3 * wrong else id_.split('/')[0]}" for place, id_ in enumerate(ids)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["id,predicted", *said]))
    press(qtbot, page, KEY.Key_E)
    dialog = dialog_of(qtbot, page, TryingDialog)
    dialog.brought.click()
    assert not dialog.go.isEnabled()
    for field, name in zip(dialog.bringing.fields, ("v2", "v1"), strict=True):
        assert field.accessibleName() == f"File of predictions for {name}"
        field.setText(str(tmp_path / f"{name}.csv"))
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: page.evaluating.job is None and page.current.judged.seeds == 1, timeout=LONG)
    qtbot.waitUntil(lambda: page.content.evaluation.figures.table.lines[0].before < 100, timeout=LONG)
    assert page.evaluating.failure == ""
    before = project.evaluation.kept("v2")[0].overall.before
    assert (project.evaluation.kept("v2")[0].trainer, before) == ("runs", 8 / 12)
    qtbot.mouseClick(page.content.evaluation.again, LEFT)
    dialog = dialog_of(qtbot, page, TryingDialog)
    assert dialog.brought.isChecked()  # as the last time
    assert dialog.go.isEnabled()  # both are there by now
    dialog.reject()


def test_an_evaluation_that_runs_shows_its_progress_and_can_be_stopped(judged_page, qtbot):
    from dataimp_gui.ui.pages.versions.evaluating import Trial

    page = judged_page
    wait = f"{sys.executable} -uc 'import time; print(\"epoch 1\"); time.sleep(600)' {{dataset}} {{predictions}}"
    page.evaluating.start(Trial("v2", "v1", wait, 1))
    qtbot.waitUntil(page.content.evaluation.stop.isVisible, timeout=LONG)
    said = page.content.evaluation.left
    qtbot.waitUntil(lambda: said.accessibleName() == "Training on v1, seed 1: epoch 1", timeout=LONG)
    assert not page.can_evaluate()
    qtbot.mouseClick(page.content.evaluation.stop, LEFT)
    qtbot.waitUntil(lambda: page.evaluating.job is None, timeout=LONG)
    assert not page.content.evaluation.stop.isVisible()
    assert (page.evaluating.failure, page.current.judged.against) == ("", "v1")


def test_a_failed_gate_asks_for_a_reason_that_is_kept(judged_page, qtbot):
    from dataimp_gui.ui.pages.versions.asking import Asking

    page = judged_page
    press(qtbot, page, KEY.Key_P)
    dialog = dialog_of(qtbot, page, Asking)
    assert any("wanted is +90.0" in said.text() for said in dialog.said)
    assert not dialog.go.isEnabled()
    qtbot.keyClicks(dialog.reason, "shirts matter more")
    qtbot.keyClick(dialog.reason, KEY.Key_Return, MODIFIER.ControlModifier)
    qtbot.waitUntil(lambda: page.current.is_production, timeout=LONG)
    assert badges(page, "v2") == ["production", "1 gate"]
    move = page.window().session.project.evaluation.moves()[0]
    assert (move.version, move.reason, move.failed) == ("v2", "shirts matter more", ("Overall",))
    qtbot.waitUntil(lambda: page.window().toast.words == "v2 is in production", timeout=LONG)
    told = [label.text() for label in page.side.moves.findChildren(QLabel)]
    assert any("v2 promoted by" in said and "although it failed Overall: shirts matter more" in said for said in told)


def test_production_rolls_back_to_what_it_was(judged, open_window, qtbot):
    from dataimp_gui.ui.pages.versions.asking import Asking

    with Project.open(judged) as project:
        project.evaluation.promote("v1")
        project.evaluation.promote("v2", "in a hurry")
    page = go(qtbot, open_window(judged))
    choose(qtbot, page, "v2")
    assert not page.content.header.promote.isVisible()
    qtbot.mouseClick(page.content.header.rollback, LEFT)
    dialog = dialog_of(qtbot, page, Asking)
    assert dialog.go.text() == "Roll back to v1"
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: page.following.standing.production == "v1", timeout=LONG)
    assert not page.content.header.rollback.isVisible()
    assert page.window().session.project.evaluation.production() == "v1"


def test_a_restored_version_is_the_draft_until_undo(judged_page, qtbot):
    from dataimp_gui.ui.dialogs.commit_dialog import CommitDialog
    from dataimp_gui.ui.pages.versions.asking import Asking

    page, project = judged_page, judged_page.window().session.project
    assert page.following.standing.find("draft") is None
    choose(qtbot, page, "v1")
    press(qtbot, page, KEY.Key_R)
    qtbot.keyClick(dialog_of(qtbot, page, Asking).go, KEY.Key_Return)
    qtbot.waitUntil(lambda: page.following.standing.find("draft") is not None, timeout=LONG)
    assert page.following.standing.entries[0].parent == "v1"
    assert project.diff("v1").is_empty
    page.window().commands.find("window.commit").trigger()
    commit = dialog_of(qtbot, page.window(), CommitDialog)
    qtbot.waitUntil(lambda: commit.changes.text() == "Since v1: nothing changed.", timeout=LONG)
    commit.reject()
    page.window().activateWindow()
    qtbot.waitUntil(page.window().isActiveWindow, timeout=LONG)
    qtbot.keyClick(page.history, KEY.Key_Z, MODIFIER.ControlModifier)
    qtbot.waitUntil(lambda: project.diff("v3").is_empty, timeout=LONG)


def test_gates_are_edited_in_a_form(judged_page, qtbot):
    from dataimp_gui.core.evaluate.gates import Gates
    from dataimp_gui.ui.pages.versions.limits import GatesDialog

    page, project = judged_page, judged_page.window().session.project
    press(qtbot, page, KEY.Key_G)
    dialog = dialog_of(qtbot, page, GatesDialog)
    assert dialog.fields["overall"].value() == 90
    dialog.fields["overall"].setValue(-0.5)
    dialog.on["balance"].setChecked(True)
    dialog.fields["balance"].setValue(3)
    dialog.on["leak"].setChecked(False)
    qtbot.mouseClick(dialog.go, LEFT)
    wanted = Gates(overall=-0.005, balance=3.0, leak=False)
    qtbot.waitUntil(lambda: project.evaluation.gates() == wanted, timeout=LONG)
    qtbot.waitUntil(lambda: page.following.standing.gates == wanted, timeout=LONG)


def test_nothing_of_a_version_is_cut_in_a_small_window(judged, open_window, qtbot):
    page = go(qtbot, open_window(judged, size=(1120, 700)))
    choose(qtbot, page, "v2")
    inner = page.content.header.parentWidget()
    shown = inner.parentWidget().width()
    qtbot.waitUntil(lambda: inner.width() <= shown, timeout=LONG)
    for widget in (page.content.header.promote, page.content.evaluation.again, page.content.failing.close_button):
        assert widget.isVisible()
        assert widget.mapTo(inner, widget.rect().bottomRight()).x() <= shown


def test_a_slice_gets_a_limit_of_its_own_and_loses_it(judged, open_window, qtbot):
    from dataimp_gui.ui.pages.versions.limits import GatesDialog

    with Project.open(judged) as project:
        project.slices.save("bags & coats", "label in ('bag', 'coat')")
        project.slices.save("shirts", "label = 'shirt'")
    page = go(qtbot, open_window(judged, size=(1440, 900)))
    project = page.window().session.project
    page.edit_gates()
    dialog = dialog_of(qtbot, page, GatesDialog)
    offered = dialog.least.more
    assert [offered.itemText(n) for n in range(1, offered.count())] == ["bags & coats", "shirts"]
    offered.activated.emit(1)
    dialog.least.fields["bags & coats"].setValue(-2)
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: project.evaluation.gates().least == {"bags & coats": -0.02}, timeout=LONG)
    qtbot.waitUntil(lambda: page.following.standing.gates.least == {"bags & coats": -0.02}, timeout=LONG)
    page.edit_gates()
    dialog = dialog_of(qtbot, page, GatesDialog)
    assert dialog.least.fields["bags & coats"].value() == -2
    remove = next(each for each in dialog.least.findChildren(QToolButton) if "bags" in each.accessibleName())
    qtbot.mouseClick(remove, LEFT)
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: project.evaluation.gates().least == {}, timeout=LONG)


def test_the_evidence_of_a_gate_opens_in_triage(judged, open_window, qtbot):
    with Project.open(judged) as project:
        from dataimp_gui.core.evaluate.gates import Gates

        project.evaluation.set_gates(Gates(reviewed=True))
        project.evaluation.run("v3", "v1", seeds=1)
    window = open_window(judged, size=(1440, 900))
    page = go(qtbot, window)
    choose(qtbot, page, "v3")
    line = next(line for line in page.side.gates.lines if line.gate.title == "Relabels reviewed")
    assert line.gate.result == "fail"
    qtbot.mouseClick(line.show_examples, LEFT)
    assert window.page.key == "triage"
    qtbot.waitUntil(lambda: len(window.session.rows) == 3, timeout=LONG)
