"""How the window was left: its place, the panels and views of each page, and what was asked of each project."""

import hashlib
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui.pages.page import Page
from dataimp_gui.ui.session import Session

FILE: Final = "window.ini"


class Remembered:
    """A file in the folder of settings; what is missing or broken in it is as at the first start."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._kept = QSettings(str(config / FILE), QSettings.Format.IniFormat)

    def restore_window(self, window: QWidget) -> None:
        if isinstance(geometry := self._kept.value("geometry"), QByteArray):
            window.restoreGeometry(geometry)

    def save_window(self, window: QWidget) -> None:
        self._kept.setValue("geometry", window.saveGeometry())

    def restore_page(self, page: Page) -> None:
        if isinstance(splitter := self._kept.value(f"{page.key}/splitter"), QByteArray):
            page.restoreState(splitter)
        page.recall(str(self._kept.value(f"{page.key}/state", "")))
        page.show_left(bool(self._kept.value(f"{page.key}/left", True, bool)))
        page.show_right(bool(self._kept.value(f"{page.key}/right", True, bool)))

    def save_page(self, page: Page) -> None:
        self._kept.setValue(f"{page.key}/splitter", page.saveState())
        self._kept.setValue(f"{page.key}/state", page.remembered())
        self._kept.setValue(f"{page.key}/left", page.left_shown)
        self._kept.setValue(f"{page.key}/right", page.right_shown)

    def queries(self, project: Path) -> list[str]:
        """What was asked of a project, newest first."""
        found = self._kept.value(_queries(project), [])
        return [str(query) for query in found] if isinstance(found, list) else [str(found)] if found else []

    def save_queries(self, project: Path, queries: list[str]) -> None:
        self._kept.setValue(_queries(project), queries)

    def restore_comparison(self, session: Session) -> None:
        """Compare with the run that was chosen the last time, and remember the one that is chosen next."""
        key = f"compared/{_mark(session.project.path)}"
        chosen, current = str(self._kept.value(key, "")), session.project.run
        if current is not None and chosen in {str(run.number) for run in session.project.runs if run != current}:
            session.compare_with(chosen)
        session.compared.connect(lambda number: self._kept.setValue(key, number))

    @property
    def was_asked_name(self) -> bool:
        """Whether somebody was asked who edits here."""
        return bool(self._kept.value("asked-name", False, bool))

    @was_asked_name.setter
    def was_asked_name(self, asked: bool) -> None:
        self._kept.setValue("asked-name", asked)

    def sync(self) -> None:
        self._kept.sync()


def _queries(project: Path) -> str:
    return f"queries/{_mark(project)}"


def _mark(project: Path) -> str:
    return hashlib.sha256(str(project.resolve()).encode()).hexdigest()[:16]
