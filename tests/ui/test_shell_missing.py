"""Media whose folder was moved while nobody looked: one bar, a folder is chosen, the pictures are back at once."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog

LEFT = Qt.MouseButton.LeftButton
WAIT = 60_000


@pytest.fixture
def moved(tmp_path):
    """A project, the folder its images were imported from, and the one they are in now."""
    from PIL import Image

    from dataimp_gui.core.importing import ImportOptions, import_dataset

    source = tmp_path / "photos"
    for number in range(6):
        (source / "bag").mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 20), (40 * number, 80, 120)).save(source / "bag" / f"{number}.png")
    import_dataset(source, tmp_path / "photos.dataimp", ImportOptions(workers=1))
    shutil.move(source, tmp_path / "elsewhere")
    return tmp_path / "photos.dataimp", source, tmp_path / "elsewhere"


def chosen_folder(qtbot, window, folder):
    """The dialog that the button opens, with a folder taken in it."""
    qtbot.mouseClick(window.missing.locate_button, LEFT)
    qtbot.waitUntil(lambda: window.findChild(QFileDialog) is not None, timeout=WAIT)
    dialog = window.findChild(QFileDialog)
    dialog.fileSelected.emit(str(folder))
    dialog.reject()


def test_the_folder_is_located_and_the_pictures_come_back(moved, open_window, qtbot):
    project, source, now = moved
    window = open_window(project)
    qtbot.waitUntil(lambda: bool(window.missing.words), timeout=WAIT)
    assert window.missing.words == f"6 images are missing. They were looked for in {source}. Edits are safe."
    model = window.page.gallery.model
    qtbot.waitUntil(lambda: model.face(0) == "missing", timeout=WAIT)
    window.page.select_all()
    window.page.tag("seen")
    chosen_folder(qtbot, window, now)
    qtbot.waitUntil(lambda: isinstance(model.face(0), QPixmap), timeout=WAIT)
    qtbot.waitUntil(lambda: not window.missing.words, timeout=WAIT)
    qtbot.waitUntil(lambda: not window.page.inspector.missing_words(), timeout=WAIT)
    assert window.session.project.tags == ("seen",)
    qtbot.waitUntil(lambda: f"The media are in {now}" in window.toast.words, timeout=WAIT)
    assert "undo leaves this as it is" in window.toast.words


def test_a_wrong_folder_is_refused_and_the_bar_stays(moved, open_window, qtbot, tmp_path):
    project, _, _ = moved
    wrong = tmp_path / "a" / "b" / "wrong"
    wrong.mkdir(parents=True)
    window = open_window(project)
    qtbot.waitUntil(lambda: bool(window.missing.words), timeout=WAIT)
    chosen_folder(qtbot, window, wrong)
    qtbot.waitUntil(lambda: "0 of 6" in window.message_bar.words, timeout=WAIT)
    assert window.missing.words
    qtbot.mouseClick(window.missing.close_button, LEFT)
    assert not window.missing.words


def test_nothing_is_said_while_the_files_are_there(open_window, pictures, qtbot):
    window = open_window(pictures)
    looked = []
    window.session.reads.start(window.session.project.missing, looked.append)
    qtbot.waitUntil(lambda: looked == [None], timeout=WAIT)
    assert not window.missing.words
