"""The rows kept aside at import: listed with reasons, and saved for whoever mends the source."""

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from dataimp_gui.core.project import Project
from dataimp_gui.ui.dialogs.quarantine_dialog import QuarantineDialog

LEFT = Qt.MouseButton.LeftButton
LONG_MS = 60_000


@pytest.fixture
def dialog(open_window, tmp_path, qtbot):
    source = tmp_path / "shop.csv"
    rows = ["id,kind", *(f"{n},{('bag', 'coat')[n % 2]}" for n in range(6))]
    source.write_text("\n".join([*rows, "=1+1,bag", "=1+1,coat"]))
    project, summary = Project.create(tmp_path / "shop.dataimp", source)
    project.close()
    assert summary.quarantined == 1
    window = open_window(tmp_path / "shop.dataimp")
    window.commands.find("window.quarantine").trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(QuarantineDialog)), timeout=LONG_MS)
    dialog = window.findChildren(QuarantineDialog)[0]
    qtbot.waitUntil(dialog.save.isEnabled, timeout=LONG_MS)
    yield dialog
    dialog.accept()


def test_the_list_is_saved_where_the_person_says_and_no_cell_is_a_formula(dialog, tmp_path, qtbot):
    qtbot.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil(lambda: bool(dialog.findChildren(QFileDialog)), timeout=LONG_MS)
    chooser = dialog.findChildren(QFileDialog)[0]
    file = tmp_path / "list.csv"
    chooser.fileSelected.emit(str(file))
    chooser.reject()
    qtbot.waitUntil(file.exists, timeout=LONG_MS)
    with file.open(newline="") as written:
        (line,) = csv.DictReader(written)
    assert line["id"] == "'=1+1"
    assert line["reason"] == "duplicate id"
    assert line["hint"]
    qtbot.waitUntil(lambda: "1 row saved" in dialog.message.text(), timeout=LONG_MS)


def test_a_list_that_cannot_be_saved_says_so_and_leaves_nothing(dialog, tmp_path, qtbot):
    dialog.save_list(tmp_path / "no such folder" / "list.csv")
    qtbot.waitUntil(lambda: "not saved" in dialog.message.text(), timeout=LONG_MS)
    assert not list(tmp_path.glob("*.csv.part"))
