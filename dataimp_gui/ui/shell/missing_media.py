"""The bar that says that media files are missing, and how their folder is found again."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget

from dataimp_gui.core.locating import Located, Missing
from dataimp_gui.core.model import Change, Field, Modality
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import icon_button, row, sign, small_button, text
from dataimp_gui.ui.session import Session

if TYPE_CHECKING:
    from dataimp_gui.ui.main_window import MainWindow


class MissingMedia(QWidget):
    """Stays until all are found or it is closed; the examples can be worked on meanwhile."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self._session: Session | None = None
        self._words = text(size="small")
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.locate_button = small_button("Locate folder…", icon="folder")
        self.locate_button.clicked.connect(self.choose)
        self.close_button = icon_button("close", "Continue without them")
        self.close_button.clicked.connect(self.hide)
        line = row(self, margins=(12, 4, 8, 4))
        line.addWidget(sign("image-broken", "warn.text"))
        line.addWidget(self._words, 1)
        line.addWidget(self.locate_button)
        line.addWidget(self.close_button)
        self.hide()

    @property
    def words(self) -> str:
        """What it says, empty while it is away."""
        return "" if self.isHidden() else self._words.text()

    def follow(self, session: Session) -> None:
        self._session = session
        session.changed.connect(self._notice)
        self.look()

    def end(self) -> None:
        """The project is about to close."""
        self._session = None
        self.hide()

    def look(self) -> None:
        """Are the files there?"""
        if (session := self._session) is not None:
            session.reads.start(session.project.missing, self._tell, key="missing media")

    def choose(self) -> None:
        dialog = QFileDialog(self._window, "Locate folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.locate(Path(name)))
        dialog.open()

    def locate(self, folder: Path) -> None:
        if (session := self._session) is not None:
            session.writes.start(
                lambda progress: session.project.locate(folder, progress),
                self._found,
                key="locate",
                title="Looking for the media",
            )

    def _found(self, located: Located) -> None:
        if not located.missing:
            words = f"The media are in {located.folder}. No example was changed, so undo leaves this as it is"
            self._window.toast.tell(theme.one_line(words), icon="folder")

    def _notice(self, change: Change) -> None:
        if change.touches(Field.MEDIA):
            self.look()

    def _tell(self, missing: Missing | None) -> None:
        if self._session is not None and missing is not None:
            what = "sound" if self._session.project.modality is Modality.AUDIO else "image"
            amount = f"1 {what} is" if missing.count == 1 else f"{missing.count:,} {what}s are"
            self._words.setText(
                theme.one_line(f"{amount} missing. They were looked for in {missing.folder}. Edits are safe.")
            )
            self.setAccessibleName(self._words.text())
        self.setVisible(missing is not None)
