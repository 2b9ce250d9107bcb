"""Pictures of the real window, offscreen, in light and dark: for the README, and for who has no display.

``.venv/bin/python packaging/screenshots.py [FOLDER [PROJECT]]``. Without arguments it imports the clothing demo into a
temporary folder and writes the README's pictures to docs.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from dataimp_gui.core.demos import create_demo
from dataimp_gui.ui import theme
from dataimp_gui.ui.main_window import MainWindow

ROOT = Path(__file__).resolve().parent.parent
SIZE = (1440, 900)
PATIENCE_MS = 60_000
QUIET_MS = 400
QUESTION = "label = 'Shirt' and error"


def spin(app: QApplication, done: Callable[[], bool], milliseconds: int) -> bool:
    """Let the window work until ``done`` or for so long; whether it was done."""
    deadline = QDeadlineTimer(milliseconds)
    while not done() and not deadline.hasExpired():
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
    return done()


def picture(app: QApplication, window: QWidget) -> QImage:
    """The window once it has been still for a while."""
    deadline = QDeadlineTimer(PATIENCE_MS)
    seen = window.grab().toImage()
    while not deadline.hasExpired():
        spin(app, lambda: False, QUIET_MS)
        now = window.grab().toImage()
        if now == seen:
            break
        seen = now
    return seen


def take(app: QApplication, project: Path, target: Path, mode: str, config: Path) -> list[Path]:
    """The pages of one window in one theme, each as a PNG."""
    theme.apply(app, mode)
    window = MainWindow(config)
    window.resize(*SIZE)
    window.show()
    made = []

    def save(name: str) -> None:
        path = target / f"{name}-{mode}.png"
        if not picture(app, window).save(str(path)):
            raise OSError(f"{path} could not be written")
        made.append(path)

    save("start")
    window.open(project)
    if not spin(app, lambda: window.session is not None and window.session.ready, PATIENCE_MS):
        raise TimeoutError(f"{project} did not open in {PATIENCE_MS // 1000} s")
    session = window.session
    assert session is not None
    session.ask(QUESTION)
    spin(app, lambda: session.shown == QUESTION, PATIENCE_MS)
    session.select(session.rows[4:7], int(session.rows[6]))
    save("triage")
    window.close()
    spin(app, lambda: False, QUIET_MS)
    window.deleteLater()
    return made


def main(arguments: list[str]) -> int:
    target = Path(arguments[0]) if arguments else ROOT / "docs"
    target.mkdir(parents=True, exist_ok=True)
    app = QApplication(["dataimp"])
    app.setCursorFlashTime(0)
    with tempfile.TemporaryDirectory(prefix="dataimp-") as folder:
        project = Path(arguments[1]) if len(arguments) > 1 else create_demo("clothing", Path(folder)).project
        for mode in ("dark", "light"):
            for path in take(app, project, target, mode, Path(folder) / f"settings-{mode}"):
                print(path, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
