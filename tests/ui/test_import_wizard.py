"""The import in three steps: what the check says before anything is imported, and what can be chosen otherwise."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QToolButton

from dataimp_gui.core.model import Role
from dataimp_gui.ui.dialogs.import_columns import CHECK, USE
from dataimp_gui.ui.dialogs.import_dialog import MATCH, PREDICTIONS, SOURCE, ImportDialog
from dataimp_gui.ui.dialogs.quarantine_dialog import QuarantineDialog

LEFT = Qt.MouseButton.LeftButton
LONG_MS = 60_000


def until(qtbot, fact):
    qtbot.waitUntil(fact, timeout=LONG_MS)


def dialog_of(qtbot, window, kind):
    until(qtbot, lambda: any(d.isVisible() for d in window.findChildren(kind)))
    return next(d for d in window.findChildren(kind) if d.isVisible())


@pytest.fixture
def shop(tmp_path):
    source = tmp_path / "shop.csv"
    rows = [f"{n},{('bag', 'coat', 'Coat')[n % 3]},{n if n % 4 else ''}" for n in range(1500)]
    source.write_text("\n".join(["id,kind,weight", *rows, "3,bag,1", "4,bag,1"]))
    return source


@pytest.fixture
def dialog(open_window, shop, qtbot):
    window = open_window()
    window.import_source(shop)
    dialog = dialog_of(qtbot, window, ImportDialog)
    until(qtbot, lambda: dialog.checking.whole is not None)
    return dialog


def said_of(dialog):
    model = dialog.columns
    return {model.column(n).name: model.index(n, CHECK).data() for n in range(model.rowCount())}


def use(dialog, name, role):
    model = dialog.columns
    at = next(n for n in range(model.rowCount()) if model.column(n).name == name)
    model.setData(model.index(at, USE), role.value)


def test_guesses_are_filled_in_and_each_column_has_its_check(dialog, qtbot):
    use(dialog, "kind", Role.LABEL)
    assert said_of(dialog)["id"] == "checking…"
    until(qtbot, lambda: dialog.checking.whole is not None)
    assert said_of(dialog) == {"id": "unique", "kind": "3 spellings, 2 labels", "weight": "375 empty"}
    assert dialog.start.text() == "Import 1,500 rows"
    assert dialog.check.chips["err"].text() == "2 rows kept aside"
    use(dialog, "weight", Role.SKIP)
    until(qtbot, lambda: said_of(dialog)["weight"] == "skipped")


def test_what_the_button_promises_is_what_is_imported(dialog, open_window, qtbot):
    window = dialog.parent()
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: window.session is not None and window.session.ready)
    assert window.session.project.count == 1500
    assert len(window.session.project.quarantine()) == 2


def test_the_first_rows_are_told_before_the_rest(open_window, shop, qtbot):
    window = open_window()
    window.import_source(shop)
    dialog = dialog_of(qtbot, window, ImportDialog)
    told = []
    dialog.checking.checked.connect(lambda trial, whole: told.append((trial.looked_at, whole)))
    until(qtbot, lambda: len(told) == 2)
    assert told == [(1000, False), (1502, True)]
    dialog.reject()


def test_the_rows_kept_aside_can_be_seen_and_saved_before_the_import(dialog, tmp_path, qtbot):
    qtbot.mouseClick(dialog.check.view_rows, LEFT)
    aside = dialog_of(qtbot, dialog, QuarantineDialog)
    until(qtbot, aside.save.isEnabled)
    assert aside.table.model().rowCount() == 2
    assert dialog.check.view_rows.text() == "View 2 rows"
    aside.save_list(tmp_path / "list.csv")
    until(qtbot, (tmp_path / "list.csv").exists)
    assert "duplicate id" in (tmp_path / "list.csv").read_text()
    aside.accept()


def test_the_list_is_saved_from_the_wizard_itself(dialog, tmp_path, qtbot):
    qtbot.mouseClick(next(b for b in dialog.check.findChildren(QPushButton) if b.text() == "Save list…"), LEFT)
    until(qtbot, lambda: bool(dialog.findChildren(QFileDialog)))
    chooser = dialog.findChildren(QFileDialog)[0]
    chooser.fileSelected.emit(str(tmp_path / "no such folder" / "list.csv"))
    until(qtbot, lambda: any("not saved" in label.text() for label in dialog.findChildren(QLabel)))
    chooser.fileSelected.emit(str(tmp_path / "list.csv"))
    chooser.reject()
    until(qtbot, lambda: any("list.csv." in label.accessibleName() for label in dialog.findChildren(QLabel)))
    assert (tmp_path / "list.csv").read_text().count("duplicate id") == 2


def test_a_source_that_was_mended_is_checked_again(dialog, shop, qtbot):
    shop.write_text("\n".join(shop.read_text().splitlines()[:-2]))
    qtbot.mouseClick(next(b for b in dialog.check.findChildren(object) if again(b)), LEFT)
    until(qtbot, lambda: dialog.checking.whole is not None)
    assert not dialog.check.chips["err"].isVisible()
    assert dialog.start.text() == "Import 1,500 rows"


def again(widget):
    return getattr(widget, "accessibleName", str)() == "Check again"


def test_steps_are_gone_to_by_button_and_by_their_signs(dialog, qtbot):
    assert dialog.source_step.isHidden()
    assert [step.done for step in dialog.steps.steps] == [True, False, False]
    qtbot.mouseClick(dialog.next, LEFT)
    assert dialog.predictions_step.isVisible()
    assert not dialog.next.isVisible()
    qtbot.mouseClick(dialog.steps.steps[SOURCE], LEFT)
    assert dialog.source_step.isVisible()
    qtbot.keyClick(dialog.steps.steps[MATCH], Qt.Key.Key_Space)
    assert dialog.match_step.isVisible()
    qtbot.mouseClick(dialog.back, LEFT)
    assert dialog.source.isVisible()
    assert not dialog.back.isVisible()


def test_a_file_of_predictions_says_what_it_holds(dialog, tmp_path, qtbot):
    good, bad = tmp_path / "said.csv", tmp_path / "said.npy"
    good.write_text("id,predicted\n1,bag\n2,coat\n")
    bad.write_bytes(b"no array")
    dialog.go_to(PREDICTIONS)
    for file in (good, bad, good):
        dialog.add_predictions(file)
    items = [dialog.predictions_step.list.item(n) for n in range(dialog.predictions_step.list.count())]
    until(qtbot, lambda: not any("Reading" in item.text() for item in items))
    assert items[0].text() == "said.csv\n2 predictions by id, labels alone"
    assert items[1].text().startswith("said.npy\nsaid.npy ")
    assert dialog.predictions_step.files == (good, bad)


def test_another_encoding_and_delimiter_are_offered_for_a_file_that_is_not_understood(open_window, tmp_path, qtbot):
    source = tmp_path / "shop.list"
    source.write_bytes("id:kind\n1:été\n2:hiver\n".encode("cp850"))
    window = open_window()
    window.import_source(source)
    dialog = dialog_of(qtbot, window, ImportDialog)
    until(qtbot, dialog.message.isVisible)
    assert not dialog.next.isEnabled()
    step = dialog.source_step
    for box, key in ((step.separator, ":"), (step.encoding, "cp850")):
        assert box.isVisible()
        box.setCurrentIndex(box.findData(key))
    step.encoding.activated.emit(step.encoding.currentIndex())
    until(qtbot, lambda: dialog.columns.rowCount() == 2)
    use(dialog, "kind", Role.LABEL)
    until(qtbot, lambda: dialog.checking.whole is not None)
    assert dialog.columns.column(1).samples == ("été", "hiver")
    qtbot.mouseClick(dialog.start, LEFT)
    until(qtbot, lambda: window.session is not None and window.session.ready)
    assert window.session.project.classes == ("hiver", "été")


def test_a_choice_that_no_import_could_follow_is_told_beside_the_columns(open_window, tmp_path, qtbot):
    source = tmp_path / "parts.csv"
    source.write_text("id,part\n" + "\n".join(f"{n},p{n}" for n in range(300)))
    window = open_window()
    window.import_source(source)
    dialog = dialog_of(qtbot, window, ImportDialog)
    until(qtbot, lambda: dialog.checking.whole is not None)
    use(dialog, "part", Role.SPLIT)
    until(qtbot, dialog.check.wrong.isVisible)
    assert "it is no split" in dialog.check.wrong.text()
    assert said_of(dialog)["part"] is None
    assert [b.text() for b in dialog.check.findChildren(QPushButton) if b.isVisible()] == []
    dialog.reject()


def test_the_first_pictures_stand_beside_their_paths(open_window, pictures_source, tmp_path, qtbot):
    source = tmp_path / "list.csv"
    source.write_text("file,kind\n" + "\n".join(f"bag/{n:02d}.png,bag" for n in range(8)))
    window = open_window()
    window.import_source(source)
    dialog = dialog_of(qtbot, window, ImportDialog)
    until(qtbot, lambda: dialog.columns.rowCount() == 2)
    use(dialog, "file", Role.MEDIA)

    def faces():
        return dialog.columns.index(0, 1).data(Qt.ItemDataRole.DecorationRole)

    until(qtbot, lambda: dialog.checking.whole is not None)
    assert faces() is None  # there is none where the list lies
    dialog.use_media(pictures_source / "data")
    until(qtbot, lambda: faces() is not None)
    assert faces().deviceIndependentSize().width() == 4 * 27
    until(qtbot, lambda: dialog.checking.whole is not None)
    assert said_of(dialog)["file"] == "8 files open"
    use(dialog, "file", Role.METADATA)
    assert faces() is None


def test_files_of_predictions_are_dropped_on_the_step_and_taken_away(dialog, tmp_path, qtbot):
    step = dialog.predictions_step
    remove = next(each for each in step.findChildren(QToolButton) if each.accessibleName() == "Remove the chosen file")
    assert not remove.isEnabled()
    file = tmp_path / "said.csv"
    file.write_text("id,predicted\n1,a\n2,b\n")
    data = QMimeData()
    data.setUrls(
        [QUrl.fromLocalFile(str(file)), QUrl.fromLocalFile(str(tmp_path)), QUrl("https://example.org/run.csv")]
    )
    keys, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, Qt.MouseButton.LeftButton, keys)
    QApplication.sendEvent(step, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(step, QDropEvent(QPointF(5, 5), copy, data, Qt.MouseButton.LeftButton, keys))
    assert step.files == (file,)
    assert remove.isEnabled()
    remove.click()
    assert step.files == ()
    assert not remove.isEnabled()
