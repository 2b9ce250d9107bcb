"""The window on a real X server, as a process of its own: filter, relabel by keyboard, undo, restart, all as it was."""

import os
import shutil
import subprocess
import sys

import pytest

import dataimp_gui

WORK = """
import sys
from pathlib import Path
from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt
from PySide6.QtTest import QTest
from dataimp_gui.ui import theme
from dataimp_gui.ui.app import application
from dataimp_gui.ui.main_window import MainWindow

project, config, expected = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
app = application()
theme.apply(app, "light")
window = MainWindow(config)
window.show()
window.open(project)


def until(done):
    deadline = QDeadlineTimer(20_000)
    while not done():
        assert not deadline.hasExpired(), "waited 20 s in vain"
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


window.activateWindow()
until(window.isActiveWindow)  # without it, no shortcut is heard
until(lambda: window.session is not None and window.session.ready)
session = window.session
assert (session.project.state.labels != session.project.state.given_labels).sum() == expected
session.ask("label = 'coat'")
until(lambda: session.shown == "label = 'coat'")
view = window.page.gallery.view
view.setFocus()
QTest.keyClick(view, Qt.Key.Key_Home)
for number in range(10):
    before = len(session.project.history())
    QTest.keyClick(view, Qt.Key.Key_1 if number % 2 else Qt.Key.Key_3)
    until(lambda: len(session.project.history()) == before + 1)
QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
until(lambda: len(session.project.history()) == before + 2)
print(app.platformName(), window.isVisible())
window.close()
"""


@pytest.fixture
def x_server():
    """The name of a display of our own."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed; packaging/test.py installs it as root with apt-get")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told, server:
        yield f":{told.readline().strip()}"
        server.terminate()


def test_ten_relabels_by_keyboard_survive_a_restart_in_a_real_window(x_server, pictures, tmp_path):
    environ = {**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": x_server}

    def work(expected):
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", WORK, str(pictures), str(tmp_path / "config"), str(expected)],
            env=environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    first = work(0)
    assert (first.returncode, first.stdout) == (0, "xcb True\n"), first.stderr
    with dataimp_gui.open(pictures) as project:
        changed = project.rows("edited")
        actions = [edit.action for edit in project.history()]
        assert actions == ["do"] * 10 + ["undo"]
        assert len(changed) == 9
    second = work(9)
    assert second.returncode == 0, second.stderr
