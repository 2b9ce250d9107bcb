"""Parts of a version are chosen in the export dialog: splits, and what changed since the version before."""

import csv

import numpy as np
import pytest
from PySide6.QtCore import Qt

from dataimp_gui.core.project import Project
from dataimp_gui.ui.dialogs.export_dialog import ExportDialog

LEFT = Qt.MouseButton.LeftButton
LONG = 60_000


@pytest.fixture
def dialog(pictures, open_window, qtbot):
    """Of v2, in which two coats in train and one in test are shirts now."""
    with Project.open(pictures) as project:
        rows = np.arange(project.count)
        project.set_split(rows[rows % 3 > 0], "train")
        project.set_split(rows[rows % 3 == 0], "test")
        project.commit("as it came")
        project.relabel(project.rows("id in ('coat/01.png', 'coat/02.png', 'coat/00.png')"), "shirt")
        project.commit("coats were shirts")
    window = open_window(pictures)
    window.commands.find("window.export").trigger()
    dialog = window.findChildren(ExportDialog)[0]
    qtbot.waitUntil(lambda: bool(dialog.parts.boxes) and dialog.go.isEnabled(), timeout=LONG)
    return dialog


def exported(qtbot, dialog, place):
    made = []
    dialog.exported.connect(lambda _words, folder: made.append(folder))
    next(each for each in dialog.formats.buttons() if each.property("format") == "csv").setChecked(True)
    dialog.folder.setText(str(place))
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: bool(made), timeout=LONG)
    with (place / "examples.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_split_is_left_out(dialog, qtbot, tmp_path):
    assert list(dialog.parts.boxes) == ["train", "test"]
    dialog.parts.boxes["test"].click()
    assert dialog.about.text() == "24 examples"
    dialog.parts.boxes["train"].click()
    assert not dialog.go.isEnabled()
    dialog.parts.boxes["train"].click()
    found = exported(qtbot, dialog, tmp_path / "out")
    assert len(found) == 24
    assert {row["split"] for row in found} == {"train"}


def test_only_what_changed_leaves(dialog, qtbot, tmp_path):
    assert dialog.parts.since.text() == "Only what changed since v1"
    dialog.parts.since.click()
    assert dialog.about.text() == "3 examples"
    found = exported(qtbot, dialog, tmp_path / "out")
    assert {row["id"] for row in found} == {"coat/00.png", "coat/01.png", "coat/02.png"}
    assert {row["label"] for row in found} == {"shirt"}


def test_the_first_version_offers_no_changes_and_all_of_its_splits(dialog, qtbot):
    dialog.version.setCurrentIndex(dialog.version.findData("v1"))
    dialog.version.activated.emit(dialog.version.currentIndex())
    qtbot.waitUntil(dialog.parts.since.isHidden, timeout=LONG)
    assert [box.isChecked() for box in dialog.parts.boxes.values()] == [True, True]
