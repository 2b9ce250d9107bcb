"""The versions as the page sees them: read anew when something changed, while somebody looks."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from dataimp_gui.errors import DataimpError
from dataimp_gui.ui.pages.versions import reading, standing
from dataimp_gui.ui.pages.versions.reading import Reading
from dataimp_gui.ui.pages.versions.standing import Entry, Standing
from dataimp_gui.ui.session import Session

REST_MS: Final = 250  # edits often come several at a time
KEPT: Final = 12  # readings of versions; they never change


class Following(QObject):
    """``standing`` is what is known by now."""

    learned = Signal()  # another `standing`
    seen = Signal(object)  # Reading of the version that was asked for
    failed = Signal(str)  # why it cannot be read, as a sentence for people

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._is_looked_at, self._is_old = False, True
        self._kept: dict[tuple[str, str], Reading] = {}
        self.standing = Standing()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.read)
        session.changed.connect(self._notice)
        session.edited.connect(self._notice)
        session.committed.connect(self._notice)

    def look(self, on: bool) -> None:
        """Whether somebody sees the versions."""
        self._is_looked_at = on
        if on and self._is_old:
            self.read()

    def read(self) -> None:
        session = self._session
        project, is_draft = session.project, session.is_draft if session.version else None
        self._is_old = False
        session.reads.start(lambda _: standing.read(project, is_draft=is_draft), self._know, key="versions page")

    def _know(self, found: Standing) -> None:
        self.standing = found
        self.learned.emit()

    def _notice(self, _change: object = None) -> None:
        if self._is_looked_at:
            self._rest.start()
        else:
            self._is_old = True

    def see(self, entry: Entry | None) -> None:
        """Read what became different in a version; it arrives in `seen`."""
        session = self._session
        if entry is None:
            session.reads.cancel("version")
        elif kept := self._kept.get((entry.name, entry.parent)):
            session.reads.cancel("version")
            self.seen.emit(kept)
        else:
            session.reads.start(
                lambda progress: reading.read(session.project, entry, progress),
                lambda found: self._see(entry, found),
                key="version",
                failed=self._fail,
            )

    def _see(self, entry: Entry, found: Reading) -> None:
        if not entry.is_draft:
            while len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[entry.name, entry.parent] = found
        self.seen.emit(found)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, DataimpError):
            self.failed.emit(error.whole)
        else:
            self._session.reads.failed.emit(error)
