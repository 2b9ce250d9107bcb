"""Pictures of the real window, offscreen, in light and dark: for the README, and for who has no display.

``.venv/bin/python packaging/screenshots.py [FOLDER [PROJECT]]``. Without arguments it imports the clothing demo into a
temporary folder and writes the README's pictures to docs.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QEventLoop, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.demos import create_demo
from dataimp_gui.core.model import IssueKind, Modality
from dataimp_gui.core.project import Project
from dataimp_gui.progress import Progress
from dataimp_gui.ui import theme
from dataimp_gui.ui.app import application
from dataimp_gui.ui.main_window import MainWindow
from dataimp_gui.ui.pages.augment.page import AugmentPage
from dataimp_gui.ui.pages.slices.page import SlicesPage
from dataimp_gui.ui.pages.triage.page import TriagePage
from dataimp_gui.ui.session import Session

ROOT = Path(__file__).resolve().parent.parent
SIZE = (1440, 900)
PATIENCE_MS = 60_000
QUIET_MS = 400
WRONG = "issue_label is not null"
QUESTION = "label = 'Shirt' and error"
TRAIN = "split = 'train'"
DIM = "split = 'test' and brightness < 0.42"
POLICIES = (
    Policy(
        "Dim shop light",
        Modality.IMAGE,
        steps=(
            Step("dim", 0.9, ranges={"gain": (0.4, 0.75)}),
            Step("pixel_noise", 0.5, ranges={"sigma": (0.08, 0.12)}),  # which the target does not show
            Step("crop", 0.5, on=False),
        ),
    ),
    Policy("Turned and cut", Modality.IMAGE, steps=(Step("crop", 0.7), Step("rotate", 0.5))),
)


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


def press(view: QWidget, *keys: Qt.Key, shift: bool = False) -> None:
    for key in keys:
        QTest.keyClick(view, key, Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier)


def take(app: QApplication, project: Path, target: Path, mode: str, config: Path, *, edit: bool) -> list[Path]:
    """The pages of one window in one theme, each as a PNG; with ``edit``, one example is relabelled on the way."""
    theme.apply(app, mode)
    window = MainWindow(config)
    window.use_settings(replace(window.settings, author="Mira"))
    window.resize(*SIZE)
    window.show()
    made = []

    def save(name: str) -> None:
        path = target / f"{name}-{mode}.png"
        if not picture(app, window).save(str(path)):
            raise OSError(f"{path} could not be written")
        made.append(path)

    save("start")
    open_in(app, window, project)
    session = window.session
    assert session is not None
    session.ask(QUESTION)
    spin(app, lambda: session.shown == QUESTION and len(session.rows) < session.project.count, PATIENCE_MS)
    assert isinstance(window.page, TriagePage)
    view = window.page.gallery.view
    window.activateWindow()  # keys go nowhere else
    spin(app, window.isActiveWindow, PATIENCE_MS)
    view.setFocus()
    picture(app, window)
    if edit:
        splits = session.project.query.values(["split"], session.rows[:100])["split"]
        place = next(place for place in range(7, len(splits)) if splits[place] == "train")  # others are asked about
        view.setCurrentIndex(view.model().index(place, 0))
        spin(app, lambda: session.current == session.rows[place], PATIENCE_MS)
        press(view, Qt.Key.Key_9)  # the classes have the number keys in their order
        spin(app, lambda: session.last.edit is not None, PATIENCE_MS)
    view.setCurrentIndex(view.model().index(9, 0))
    press(view, Qt.Key.Key_Right, Qt.Key.Key_Right, shift=True)
    save("triage")
    if edit:
        save_issues(app, window, save)
        save_slices(app, window, save)
        save_page(app, window, save, "augment")
        close(window)
        put_right(project)
        window = MainWindow(config)
        window.resize(*SIZE)
        window.show()
        open_in(app, window, project)
        save_page(app, window, save, "versions")
    close(window)
    return made


def open_in(app: QApplication, window: MainWindow, project: Path) -> None:
    window.open(project)
    if not spin(app, lambda: window.session is not None and window.session.ready, PATIENCE_MS):
        raise TimeoutError(f"{project} did not open in {PATIENCE_MS // 1000} s")


def close(window: MainWindow) -> None:
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def save_issues(app: QApplication, window: MainWindow, save: Callable[[str], None]) -> None:
    """What was found wrong, a review that puts labels right, and matrix and map beside each other."""
    session, page = window.session, window.page
    assert session is not None
    assert isinstance(page, TriagePage)
    session.sort("issue_label", descending=True)
    session.ask(WRONG)
    spin(app, lambda: session.shown == WRONG and 0 < len(session.rows) < session.project.count, PATIENCE_MS)
    page.gallery.choose(np.array([0]), 0)
    save("issues")
    page.review_shown()
    picture(app, window)
    for _ in range(2):
        press(window, Qt.Key.Key_Space)
        picture(app, window)
    save("review")
    press(window, Qt.Key.Key_Escape)
    session.sort("", descending=False)
    session.ask("")
    spin(app, lambda: len(session.rows) == session.project.count, PATIENCE_MS)
    page.show_view("confusion")
    page.show_view("map", beside=True)
    save("map")


def save_slices(app: QApplication, window: MainWindow, save: Callable[[str], None]) -> None:
    """Where the model fails, searched at the first visit."""
    QTest.mouseClick(window.rail.button("slices"), Qt.MouseButton.LeftButton)
    page = window.page
    assert isinstance(page, SlicesPage)
    spin(app, lambda: page.finding.board.is_searched and not page.finding.is_searching, PATIENCE_MS)
    window.toast.hide()
    page.content.table.go(0)
    spin(app, lambda: bool(page.detail.instead.shares), PATIENCE_MS)
    save("slices")


def save_page(app: QApplication, window: MainWindow, save: Callable[[str], None], name: str) -> None:
    """A page of its own jobs, Augment with a policy measured for dim photos and tried."""
    session = window.session
    assert session is not None
    QTest.mouseClick(window.rail.button(name), Qt.MouseButton.LeftButton)
    rest(app, session)
    page = window.page
    if isinstance(page, AugmentPage):
        session.ask(TRAIN)
        page.scope.match.asked.emit("slice = 'Dim shops'")
        rest(app, session)
        for at in (1, 0):
            page.content.tabs.setCurrentIndex(at)
            rest(app, session)
            window.commands.find("augment.measure").trigger()
            rest(app, session)
        window.commands.find("augment.try").trigger()
        rest(app, session)
    window.toast.hide()
    save(name)


def take_augment(app: QApplication, name: str, target: Path, mode: str, folder: Path) -> Path:
    """The Augment page of another demo, with the first of the policies that ship."""
    theme.apply(app, mode)
    window = MainWindow(folder / f"settings-{name}")
    window.resize(*SIZE)
    window.show()
    open_in(app, window, create_demo(name, folder / name).project)
    session = window.session
    assert session is not None
    QTest.mouseClick(window.rail.button("augment"), Qt.MouseButton.LeftButton)
    page = window.page
    assert isinstance(page, AugmentPage)
    session.ask(TRAIN)
    rest(app, session)
    page.editor.starters.setCurrentIndex(1)
    page.editor.starters.activated.emit(1)
    rest(app, session)
    for each in ("augment.measure", "augment.try"):
        window.commands.find(each).trigger()
        rest(app, session)
    window.toast.hide()
    path = target / f"augment-{name}-{mode}.png"
    if not picture(app, window).save(str(path)):
        raise OSError(f"{path} could not be written")
    close(window)
    return path


def rest(app: QApplication, session: Session) -> None:
    """Until nothing is read or measured any more."""
    spin(app, lambda: bool(session.reads.running), QUIET_MS)
    spin(app, lambda: not session.reads.running, PATIENCE_MS)


def edited_demo(folder: Path) -> Path:
    """The clothing demo after a little work, so that the pictures show what edits and findings look like."""
    path = create_demo("clothing", folder).project
    with Project.open(path, author="Mira") as project:
        project.analysis.find_issues(progress=Progress())
        project.analysis.projection(Progress(), lambda _: None)
        project.tag(project.rows("error and confidence > 0.95"), "likely wrong label")
        project.tag(project.rows("error and confidence < 0.45"), "ambiguous")
        project.review(project.rows("label = 'Shirt' and error and brightness > 0.85"))
        project.slices.save("Dark coats", "label = 'Coat' and measured_brightness < 0.2")
        project.slices.save("Dim shops", DIM)
        for policy in POLICIES:
            project.augment.save(policy)
    return path


def put_right(project: Path) -> None:
    """Two versions of it: as it is, and with the labels that are most probably wrong put right; the second judged."""
    with Project.open(project, author="Mira") as opened:
        opened.commit("As imported")
        for issue in opened.analysis.issues(IssueKind.LABEL):
            opened.relabel([issue.row], issue.suggested, why=issue.reason)
        opened.commit("Put likely wrong labels right")
        opened.evaluation.run("v2", "v1")


def main(arguments: list[str]) -> int:
    target = Path(arguments[0]) if arguments else ROOT / "docs"
    target.mkdir(parents=True, exist_ok=True)
    app = application()
    app.setCursorFlashTime(0)
    with tempfile.TemporaryDirectory(prefix="dataimp-") as folder:
        for mode in ("dark", "light"):
            own = not arguments[1:]
            project = edited_demo(Path(folder) / mode) if own else Path(arguments[1])
            for path in take(app, project, target, mode, Path(folder) / f"settings-{mode}", edit=own):
                print(path, flush=True)
        for name, mode in (("voices", "dark"), ("messages", "light")) if not arguments[1:] else ():
            print(take_augment(app, name, target, mode, Path(folder)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
