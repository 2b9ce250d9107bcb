"""Writing a report from the window."""

from PySide6.QtWidgets import QFileDialog

WAIT = 60_000


def write(window, qtbot, file):
    """By the command, with a file named in its dialog."""
    window.commands.find("window.report").trigger()
    qtbot.waitUntil(lambda: window.findChild(QFileDialog) is not None, timeout=WAIT)
    dialog = window.findChild(QFileDialog)
    assert dialog.selectedFiles()[0].endswith(f"{window.session.project.name}.html")
    dialog.fileSelected.emit(str(file))
    dialog.reject()


def test_a_report_is_written_where_a_person_says_and_told(open_window, pictures, qtbot, tmp_path):
    window = open_window(pictures)
    qtbot.waitUntil(lambda: window.session.ready, timeout=WAIT)
    window.session.project.slices.save("wide ones", "true")
    write(window, qtbot, tmp_path / "told.html")
    qtbot.waitUntil(lambda: window.toast.words == "Wrote told.html", timeout=WAIT)
    page = (tmp_path / "told.html").read_text("utf-8")
    assert "wide ones" in page
    assert "data:image/jpeg;base64," in page


def test_a_report_that_cannot_be_written_is_told_with_the_reason(open_window, pictures, qtbot, tmp_path):
    window = open_window(pictures)
    qtbot.waitUntil(lambda: window.session.ready, timeout=WAIT)
    write(window, qtbot, tmp_path / "nowhere" / "told.html")
    qtbot.waitUntil(lambda: "There is no folder" in window.message_bar.words, timeout=WAIT)
