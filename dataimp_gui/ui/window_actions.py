"""What can be done from anywhere in the window, as rows, and the dialogs and news that belong to it."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.kit.keymap import Table
from dataimp_gui.ui.session import Outcome, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from dataimp_gui.core.importing import ImportSummary, RunSummary
    from dataimp_gui.core.report.writing import Reported
    from dataimp_gui.progress import Progress
    from dataimp_gui.ui.main_window import MainWindow


def tell_edit(window: "MainWindow", outcome: Outcome) -> None:
    if outcome.edit is None or window.reviewing.page is not None:  # a review shows what it did in its queue
        return
    said, action = outcome.edit.title, outcome.edit.action
    icon = {"undo": "undo", "redo": "redo"}.get(action, "pencil")
    back = ("Redo", window.redo) if action == "undo" else ("Undo", window.undo)
    window.toast.tell(said, icon=icon, colour="accent.text", offer=back)


def tell_import(window: "MainWindow", summary: "ImportSummary") -> None:
    words = f"Imported {summary.examples:,} examples in {summary.seconds:.1f} s"
    _tell_aside(window, words, summary.quarantined)


def _tell_run(window: "MainWindow", summary: "RunSummary") -> None:
    _tell_aside(window, f"{summary.name} predicts {summary.covered:,} examples", summary.quarantined)


def _tell_aside(window: "MainWindow", words: str, aside: int) -> None:
    if not aside:
        window.toast.tell(words)
        return
    rows = "1 row was" if aside == 1 else f"{aside:,} rows were"
    offer = ("Show why", lambda: show_quarantine(window))
    window.toast.tell(f"{words}; {rows} kept aside", icon="warning", colour="warn.text", offer=offer)


def _with_session(do: "Callable[[MainWindow, Session], object]") -> "Callable[[MainWindow], None]":
    def run(window: "MainWindow") -> None:
        if window.session is not None:
            do(window, window.session)

    return run


def _commit(window: "MainWindow", session: Session) -> None:
    from dataimp_gui.ui.dialogs.commit_dialog import CommitDialog

    dialog = CommitDialog(session, window)
    dialog.committed.connect(lambda words: window.toast.tell(words, icon="commit"))
    dialog.open()


def _export(window: "MainWindow", session: Session) -> None:
    from dataimp_gui.ui.dialogs.export_dialog import ExportDialog
    from dataimp_gui.ui.pages.versions.page import VersionsPage

    def tell(words: str, folder: Path) -> None:
        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

        window.toast.tell(words, icon="export", offer=("Open folder", show))

    chosen = window.page.chosen if isinstance(window.page, VersionsPage) else ""
    dialog = ExportDialog(session, window, chosen)
    dialog.exported.connect(tell)
    dialog.open_beside(window)


def _import_predictions(window: "MainWindow", session: Session) -> None:
    dialog = QFileDialog(window, "Import predictions")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: session.add_run(Path(name), lambda summary: _tell_run(window, summary)))
    dialog.open()


def _costs(window: "MainWindow", session: Session) -> None:
    from dataimp_gui.ui.dialogs.costs_dialog import CostsDialog

    CostsDialog(session, window).open()


def _report(window: "MainWindow", session: Session) -> None:
    """Of the examples that the last search for slices looked at, else of all."""

    def write(name: str) -> None:
        def work(progress: "Progress") -> "Reported":
            found = session.project.slices.found
            return session.project.report(name, found.where if found else "", progress=progress)

        session.reads.start(work, tell, title="Writing the report", key="report")

    def tell(made: "Reported") -> None:
        show = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(made.file.resolve())))
        window.toast.tell(f"Wrote {made.file.name}", icon="export", offer=("Open report", show))

    dialog = QFileDialog(window, "Write a report", f"{session.project.name}.html", "HTML (*.html)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("html")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(write)
    dialog.open()


def _quarantine(window: "MainWindow", session: Session) -> None:
    from dataimp_gui.ui.dialogs.quarantine_dialog import QuarantineDialog

    QuarantineDialog(session.reads, session.project.quarantine, session.project.name, window).open()


def key_tables() -> list[Table]:
    """Every action that there is, by where its keys work."""
    from dataimp_gui.ui.pages.review.actions import ACTIONS as REVIEW
    from dataimp_gui.ui.shell.paging import ENTRIES

    pages = [Table(entry.title, entry.actions) for entry in ENTRIES]
    return [Table("Everywhere", ACTIONS, everywhere=True), *pages, Table("Review", REVIEW)]


def _change_keys(window: "MainWindow") -> None:
    from dataimp_gui.ui.dialogs.keys_dialog import KeysDialog

    dialog = KeysDialog(key_tables(), window.settings.keys, window)
    dialog.changed.connect(lambda keys: window.use_settings(replace(window.settings, keys=keys)))
    dialog.open()


def show_settings(window: "MainWindow") -> None:
    from dataimp_gui.ui.dialogs.settings_dialog import SettingsDialog

    dialog = SettingsDialog(window.settings, key_tables(), window)
    dialog.changed.connect(window.use_settings)
    dialog.open()


def _show_views(window: "MainWindow") -> None:
    if window.views is not None:
        window.views.open()


import_predictions = _with_session(_import_predictions)
show_quarantine = _with_session(_quarantine)


def _row(id_: str, text: str, run: "Callable[[MainWindow], object]", **more: Any) -> "ActionSpec[MainWindow]":
    return ActionSpec(f"window.{id_}", text, run, **more)


def _project_row(id_: str, text: str, run: "Callable[[MainWindow], object]", **more: Any) -> "ActionSpec[MainWindow]":
    return _row(id_, text, run, enabled=lambda window: window.session is not None, **more)


def _triage_row(id_: str, text: str, run: "Callable[[MainWindow], object]", **more: Any) -> "ActionSpec[MainWindow]":
    return _row(id_, text, run, enabled=lambda w: w.session is not None and w.reviewing.page is None, **more)


ACTIONS: "Final[tuple[ActionSpec[MainWindow], ...]]" = (
    _row("open", "Open project…", lambda w: w.start.choose_project(), menu="Project", shortcut="Ctrl+O", icon="folder"),
    _row("import", "Import…", lambda w: w.import_source(), menu="Project", shortcut="Ctrl+I", icon="import"),
    _row("demo", "Open demo", lambda w: w.open_demo(), shortcut="D", icon="play", enabled=lambda w: w.session is None),
    _project_row("add-run", "Import predictions…", import_predictions, menu="Project", icon="play"),
    _project_row("costs", "Costs of confusions…", _with_session(_costs), menu="Project", icon="matrix"),
    _project_row("quarantine", "Rows kept aside…", show_quarantine, menu="Project", icon="warning"),
    _project_row("locate", "Locate media folder…", lambda w: w.missing.choose(), menu="Project", icon="folder"),
    _project_row("close", "Close project", lambda w: w.close_project(), menu="Project", shortcut="Ctrl+W"),
    _project_row(
        "commit", "Commit a version…", _with_session(_commit), menu="Versions", shortcut="Ctrl+S", icon="commit"
    ),
    _project_row("export", "Export…", _with_session(_export), menu="Versions", shortcut="Ctrl+E", icon="export"),
    _project_row("report", "Write a report…", _with_session(_report), menu="Versions", icon="export"),
    _project_row("resume", "Resume the last review", lambda w: w.reviewing.resume(), menu="Project", icon="clock"),
    _project_row("second", "Review again as a second reviewer", lambda w: w.reviewing.second(), icon="user"),
    _project_row("triage", "Go to Triage", lambda w: w.paging.turn_to("triage"), shortcut="Ctrl+1", icon="triage"),
    _project_row("slices", "Go to Slices", lambda w: w.paging.turn_to("slices"), shortcut="Ctrl+2", icon="slices"),
    _project_row("augment", "Go to Augment", lambda w: w.paging.turn_to("augment"), shortcut="Ctrl+3", icon="sparkle"),
    _project_row(
        "versions", "Go to Versions", lambda w: w.paging.turn_to("versions"), shortcut="Ctrl+6", icon="versions"
    ),
    _project_row("undo", "Undo", lambda w: w.undo(), shortcut="Ctrl+Z", icon="undo"),
    _project_row("redo", "Redo", lambda w: w.redo(), shortcut="Ctrl+Shift+Z", icon="redo"),
    _triage_row("find", "Filter", lambda w: w.find_examples(), shortcut="/", more=("Ctrl+F",), icon="search"),
    _triage_row("views", "Saved views…", _show_views, menu="Project", shortcut="Ctrl+D", icon="bookmark"),
    _triage_row("refresh", "Filter again", lambda w: w.refresh(), shortcut="F5", icon="refresh"),
    _project_row("left", "Show or hide filters", lambda w: w.toggle_left(), shortcut="Ctrl+B", icon="panel-left"),
    _project_row("right", "Show or hide inspector", lambda w: w.toggle_right(), shortcut="I", icon="panel-right"),
    _row("commands", "Commands", lambda w: w.commands.show_palette(), shortcut="Ctrl+K", icon="search"),
    _row("keys", "All keys", lambda w: w.commands.show_keys(), menu="Program", shortcut="?", more=("F1",), icon="help"),
    _row("change-keys", "Change keys…", _change_keys, menu="Program", icon="settings"),
    _row("settings", "Settings…", show_settings, menu="Program", shortcut="Ctrl+,", icon="settings"),
    _row("quit", "Quit", lambda w: w.close(), menu="Program", shortcut="Ctrl+Q"),
)
