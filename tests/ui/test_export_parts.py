"""Parts of a version are chosen in the export dialog: splits, and what changed since the version before."""

import csv
import json

import numpy as np
import pytest
from PySide6.QtCore import Qt

from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.evaluate.gates import Gates
from dataimp_gui.core.model import Modality
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
    return opened(open_window(pictures), qtbot)


def opened(window, qtbot):
    window.commands.find("window.export").trigger()
    dialog = window.findChildren(ExportDialog)[0]
    qtbot.waitUntil(lambda: bool(dialog.parts.boxes) and dialog.go.isEnabled(), timeout=LONG)
    return dialog


def pick(dialog, name):
    next(each for each in dialog.format.group.buttons() if each.property("format") == name).click()


def exported(qtbot, dialog, place):
    made = []
    dialog.exported.connect(lambda _words, folder: made.append(folder))
    pick(dialog, "csv")
    dialog.folder.setText(str(place))
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: bool(made), timeout=LONG)
    with (place / "examples.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_split_is_left_out(dialog, qtbot, tmp_path):
    assert list(dialog.parts.boxes) == ["train", "test"]
    dialog.parts.boxes["test"].click()
    assert dialog.about.text().startswith("24 examples")
    dialog.parts.boxes["train"].click()
    assert not dialog.go.isEnabled()
    dialog.parts.boxes["train"].click()
    found = exported(qtbot, dialog, tmp_path / "out")
    assert len(found) == 24
    assert {row["split"] for row in found} == {"train"}


def test_only_what_changed_leaves(dialog, qtbot, tmp_path):
    assert dialog.parts.since.text() == "Only what changed since v1"
    dialog.parts.since.click()
    assert dialog.about.text().startswith("3 examples")
    found = exported(qtbot, dialog, tmp_path / "out")
    assert {row["id"] for row in found} == {"coat/00.png", "coat/01.png", "coat/02.png"}
    assert {row["label"] for row in found} == {"shirt"}


@pytest.fixture
def crowded(pictures, open_window, qtbot):
    """Of v2, to which twelve variants came, from which one example went, and which fails a gate."""
    with Project.open(pictures) as project:
        rows = np.arange(project.count)
        project.set_split(rows[rows % 3 > 0], "train")
        project.set_split(rows[rows % 3 == 0], "test")
        project.commit("as it came")
        project.augment.write(Policy("Dim", Modality.IMAGE, steps=(Step("dim", ranges={"gain": (0.4, 0.5)}),)), "", 1)
        project.exclude(project.rows("id = 'coat/01.png'"), why="torn")
        project.evaluation.set_gates(Gates(overall=0.9))
        project.commit("dim ones")
        project.evaluation.run("v2", seeds=1)
    window = open_window(pictures, size=(1120, 700))
    return opened(window, qtbot)


def test_variants_are_left_out_and_what_is_excluded_is_listed(crowded, qtbot, tmp_path):
    parts = crowded.parts
    assert list(parts.made) == ["augmented"]
    parts.made["augmented"].click()
    parts.excluded.click()
    found = exported(qtbot, crowded, tmp_path / "out")
    assert len(found) == 35
    told = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (told["without"], [line["why"] for line in told["excluded"]]) == (["augmented"], ["torn"])


def test_the_panel_says_which_gates_fail_and_stays_inside_the_window(crowded):
    assert crowded.failing.text() == "v2 fails 1 gate. The data card will say so."
    window = crowded.parentWidget()
    assert crowded.geometry().bottom() <= window.mapToGlobal(window.rect().bottomRight()).y()
    assert crowded.rect().contains(crowded.go.mapTo(crowded, crowded.go.rect().bottomRight()))


def test_media_go_into_the_table_of_a_format_that_can_hold_them(crowded, qtbot, tmp_path):
    assert (crowded.format.embed.isHidden(), crowded.format.link.isHidden()) == (True, False)
    pick(crowded, "parquet")
    crowded.format.embed.click()
    assert crowded.format.link.isHidden()
    made = []
    crowded.exported.connect(lambda _words, folder: made.append(folder))
    crowded.folder.setText(str(tmp_path / "out"))
    qtbot.mouseClick(crowded.go, LEFT)
    qtbot.waitUntil(lambda: bool(made), timeout=LONG)
    assert not (tmp_path / "out" / "media").exists()


def test_the_first_version_offers_no_changes_and_all_of_its_splits(dialog, qtbot):
    dialog.version.setCurrentIndex(dialog.version.findData("v1"))
    dialog.version.activated.emit(dialog.version.currentIndex())
    qtbot.waitUntil(dialog.parts.since.isHidden, timeout=LONG)
    assert [box.isChecked() for box in dialog.parts.boxes.values()] == [True, True]
