"""The window around the pages: what it remembers, what it tells, how it opens and closes."""

import shutil
import threading

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
)

from dataimp_gui.core.project import Project
from dataimp_gui.ui import settings, theme
from dataimp_gui.ui.kit.actions import clashes
from dataimp_gui.ui.kit.notify import CrashReport
from dataimp_gui.ui.pages.triage.actions import ACTIONS as TRIAGE_ACTIONS
from dataimp_gui.ui.settings import Settings
from dataimp_gui.ui.window_actions import ACTIONS

LONG_MS = 20_000


def test_no_two_actions_share_an_id_or_a_shortcut():
    rows = [*ACTIONS, *TRIAGE_ACTIONS]
    assert len({row.id for row in rows}) == len(rows)
    assert clashes(rows) == {}


def test_every_action_is_a_command(open_window, pictures, qtbot):
    window = open_window(pictures)
    window.commands.show_palette()
    palette = window.commands.palette
    qtbot.keyClicks(palette.field, "exclude")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    state = window.session.project.state
    qtbot.waitUntil(lambda: state.codes("excluded")[window.session.current] == 1, timeout=LONG_MS)


def test_panels_hide_and_the_window_comes_back_as_it_was_left(open_window, pictures, qtbot):
    window = open_window(pictures)
    qtbot.keyClick(window, Qt.Key.Key_I)
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert window.page.right.isHidden()
    assert window.page.left.isHidden()
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    window.resize(1280, 760)
    window.close()
    again = open_window(pictures, size=None)
    assert again.height() == 760
    assert again.page.right.isHidden()
    assert not again.page.left.isHidden()


def test_a_narrow_page_gives_up_the_right_panel_before_the_left_one(open_window, pictures):
    window = open_window(pictures)
    page = window.page
    page.resize(700, 600)
    assert (page.left.isHidden(), page.right.isHidden()) == (False, True)
    page.resize(500, 600)
    assert (page.left.isHidden(), page.right.isHidden()) == (True, True)
    page.resize(1280, 600)
    assert (page.left.isHidden(), page.right.isHidden()) == (False, False)


def test_closing_waits_for_the_edits_that_still_stand_in_line(open_window, pictures):
    window = open_window(pictures)
    gate = threading.Event()
    window.session.writes.start(lambda _: gate.wait(10), lambda _: None)
    row = int(window.session.rows[0])
    window.session.edit(lambda project: project.relabel([row], "shirt"))
    threading.Timer(0.2, gate.set).start()
    window.close()
    with Project.open(pictures) as project:
        assert project.state.word("label", int(project.state.labels[row])) == "shirt"


def test_a_dropped_project_opens(open_window, pictures, qtbot):
    window = open_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pictures))])
    action, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPoint(300, 300), action, data, buttons, Qt.KeyboardModifier.NoModifier))
    qtbot.waitUntil(lambda: window.session is not None and window.session.ready, timeout=LONG_MS)
    assert window.session.project.name == "pictures"


def test_a_project_that_cannot_be_opened_says_why(open_window, tmp_path, qtbot):
    (tmp_path / "empty.dataimp").mkdir()
    window = open_window()
    window.open(tmp_path / "empty.dataimp")
    qtbot.waitUntil(lambda: "is not a Dataimp project" in window.message_bar.words, timeout=LONG_MS)
    assert window.session is None


def test_a_second_window_on_the_same_project_is_refused_with_a_sentence(open_window, pictures, qtbot):
    open_window(pictures)
    second = open_window()
    second.open(pictures)
    qtbot.waitUntil(second.message_bar.isVisible, timeout=LONG_MS)
    assert "open" in second.message_bar.words


def test_a_bug_in_a_handler_becomes_a_report_and_the_window_goes_on(open_window, pictures, qtbot, caplog):
    window = open_window(pictures)
    window.errors.show(ValueError("a made-up bug"))
    assert "Your edits are saved" in window.message_bar.words
    qtbot.mouseClick(
        next(b for b in window.findChildren(QAbstractButton) if b.text() == "Show report"), Qt.MouseButton.LeftButton
    )
    report = window.findChild(CrashReport)
    assert "ValueError" in report.report
    assert [file.read_text() for file in window.config.glob("reports/*.txt")] == [report.report]
    report.close()
    caplog.clear()
    window.session.ask("error")
    qtbot.waitUntil(lambda: window.session.shown == "error", timeout=LONG_MS)


def test_closing_a_project_leads_back_to_the_start_page(open_window, pictures, qtbot):
    window = open_window(pictures)
    window.close_project()
    assert window.session is None
    assert window.start.isVisible()
    with Project.open(pictures) as project:
        assert project.count == 36


def test_the_other_theme_is_in_force_at_once(open_window, pictures, qapp, qtbot):
    window = open_window(pictures)
    dark = window.grab().toImage().pixelColor(5, 300)
    window.use_settings(Settings(theme="light"))
    assert theme.mode() == "light"
    qtbot.waitUntil(lambda: window.grab().toImage().pixelColor(5, 300) != dark, timeout=LONG_MS)
    assert window.grab().toImage().pixelColor(5, 300) == theme.color("bg.rail")
    theme.apply(qapp, "dark")


def test_settings_are_saved_sparsely_and_survive_damage(tmp_path):
    settings.save(Settings(author="mira", font_scale=120), tmp_path)
    assert (tmp_path / settings.NAME).read_text() == '{\n  "font_scale": 120,\n  "author": "mira"\n}'
    assert settings.load(tmp_path) == Settings(author="mira", font_scale=120)
    (tmp_path / settings.NAME).write_text('{"theme": "pink", "font_scale": 9000, "author": 7, "old": 1}')
    assert settings.load(tmp_path) == Settings(font_scale=200)
    (tmp_path / settings.NAME).write_text("{")
    assert settings.load(tmp_path) == Settings()


def test_every_control_has_a_name(open_window, pictures):
    window = open_window(pictures)
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QPlainTextEdit)
    inner = (QScrollBar, QLineEdit)
    controls = [
        control
        for kind in kinds
        for control in window.findChildren(kind)
        if not (isinstance(control, QScrollBar) or isinstance(control.parent(), inner))
    ]
    assert len(controls) > 15
    nameless = [control for control in controls if not (control.accessibleName() or getattr(control, "text", str)())]
    assert nameless == []


def test_a_window_that_is_closed_while_a_project_arrives_lets_it_go(open_window, pictures, qtbot):
    window = open_window()
    window.opening.opened.connect(lambda _: window.close())
    window.open(pictures)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    with Project.open(pictures) as project:  # its lock is free
        assert project.count == 36


def test_a_project_that_is_asked_for_while_another_arrives_takes_its_place(open_window, pictures, tmp_path, qtbot):
    other = shutil.copytree(pictures, tmp_path / "other.dataimp")
    window = open_window()
    window.opening.opened.connect(
        lambda opened: window.open(other) if opened.project.path.name == "pictures.dataimp" else None
    )
    window.open(pictures)
    qtbot.waitUntil(lambda: window.session is not None and window.session.project.name == "other", timeout=20_000)
    qtbot.waitUntil(lambda: window.session.ready, timeout=20_000)
    Project.open(pictures).close()


def test_a_button_that_goes_away_gives_the_keyboard_back_to_the_page(open_window, pictures, qtbot):
    window = open_window(pictures)
    view = window.page.gallery.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_2)
    qtbot.waitUntil(window.status.undo.isVisible, timeout=60_000)
    window.status.undo.setFocus()
    qtbot.keyClick(window.status.undo, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not window.status.undo.isVisible(), timeout=60_000)
    assert QApplication.focusWidget() is view
    qtbot.keyClick(view, Qt.Key.Key_Tab)  # as ever, to what comes next
    assert QApplication.focusWidget() is not view
