"""Says that variants keep the label that their example had, and takes them along when that is wanted."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dataimp_gui.core.model import Change, Field, Rows
from dataimp_gui.ui.session import Session

if TYPE_CHECKING:
    from dataimp_gui.ui.main_window import MainWindow


class LeftBehind(QObject):
    def __init__(self, window: "MainWindow", session: Session) -> None:
        super().__init__(session)
        self._window, self._session = window, session
        session.changed.connect(self._follow)

    def _follow(self, change: Change) -> None:
        session = self._session
        if change.touches(Field.LABEL) and not session.project.read_only and session.project.state.brought.any():
            session.writes.start(lambda _: None, lambda _: self._look(change.rows))  # once the edit itself was told

    def _look(self, rows: Rows) -> None:
        augment = self._session.project.augment
        self._session.reads.start(lambda _: len(augment.behind(rows)), partial(self._tell, rows))

    def _tell(self, rows: Rows, count: int) -> None:
        if not count:
            return
        many = "1 variant" if count == 1 else f"{count:,} variants"
        whose = "Its" if len(rows) == 1 else "Their"
        said = f"{whose} {many.removeprefix('1 ')} {'has' if count == 1 else 'have'} another label."
        offer = (f"Relabel {many}", lambda: self._session.edit(lambda project: project.augment.follow(rows)))
        self._window.toast.tell(said, icon="sparkle", colour="warn.text", offer=offer)
