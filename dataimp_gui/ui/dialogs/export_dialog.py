"""Write a version as a dataset that other programs read: which version, format, folder, and how media are brought."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from dataimp_gui.core.model import Modality, VersionInfo
from dataimp_gui.core.project import Project
from dataimp_gui.core.versions import writers
from dataimp_gui.core.versions.export import Exported
from dataimp_gui.errors import DataimpError, QueryError
from dataimp_gui.progress import Progress
from dataimp_gui.ui import theme
from dataimp_gui.ui.dialogs.export_parts import Parts, PartsChoice, count
from dataimp_gui.ui.kit.amounts import size_words
from dataimp_gui.ui.kit.jobs import Job
from dataimp_gui.ui.kit.parts import button, column, row, small_button, text
from dataimp_gui.ui.session import Session

TOP: Final = 96  # of the window, below its bars
MARGIN: Final = 12


class ExportDialog(QDialog):
    """Stands beside what it exports. Stays usable while the export runs; closing it leaves that to the status bar."""

    exported = Signal(str, Path)

    def __init__(self, session: Session, parent: QWidget | None = None, version: str = "") -> None:
        """``version`` is offered at first, the newest where it is empty."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle("Export")
        self.setMinimumWidth(400)
        self._session, self._wanted = session, version
        session.destroyed.connect(self.close)
        self._job: Job | None = None
        self._versions: dict[str, VersionInfo] = {}
        self._size = 0  # of the media as they stand now, in bytes
        self._title = text("Export", size="title", strong=True)
        lines = column(self, gap=8, margins=(16, 16, 16, 16))
        lines.addWidget(self._title)
        self._add_choices(lines)
        self._add_target(lines)
        lines.addStretch(1)
        lines.addLayout(self._build_buttons())
        self.go.setDefault(True)  # only now does it know its dialog
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.export)
        session.reads.progressed.connect(self._progress)
        self._look()
        session.reads.start(lambda _: session.project.versions(), self._show_versions, key="versions")
        session.reads.start(lambda _: _bytes(session.project), self._show_size, key="export size")

    def _add_choices(self, lines: QVBoxLayout) -> None:
        self.version = QComboBox()
        self.version.setAccessibleName("Version")
        self.version.activated.connect(lambda _: self._choose_version())
        self.formats = QButtonGroup(self)
        lines.addWidget(text("Version", size="small", colour="secondary"))
        lines.addWidget(self.version)
        self.behind = text("Edits since the last version are not part of it.", size="small", colour="warn")
        self.behind.hide()
        lines.addWidget(self.behind)
        lines.addWidget(text("Format", size="small", colour="secondary"))
        for number, (name, format_) in enumerate(writers.formats().items()):
            choice = QRadioButton(format_.title)
            choice.setProperty("format", name)
            choice.setChecked(number == 0)
            self.formats.addButton(choice, number)
            lines.addWidget(choice)

    def _add_target(self, lines: QVBoxLayout) -> None:
        self.parts = PartsChoice()
        self.parts.moved.connect(self._show_about)
        self.parts.moved.connect(self._look)
        self.only = QCheckBox()
        self.only.toggled.connect(lambda _: self._show_about())
        self.only.setHidden(not self._session.shown)
        self.only.setText(f"Only the {len(self._session.rows):,} examples that the query selects")
        self.only.setToolTip(theme.one_line(self._session.shown))
        self.link = QCheckBox("Link files instead of copying them where the disk can")
        self.folder = QLineEdit()
        self.folder.setAccessibleName("Save to")
        self.folder.textChanged.connect(lambda _: self._look())
        choose = small_button("Choose…")
        choose.clicked.connect(self._choose_folder)
        place = row()
        place.addWidget(self.folder, 1)
        place.addWidget(choose)
        self.licence = QLineEdit(self._session.project.licence)
        self.licence.setAccessibleName("Licence")
        self.licence.setPlaceholderText("e.g. CC BY 4.0")
        self.wrong = text(colour="err")
        self.wrong.setWordWrap(True)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Export progress")
        lines.addWidget(self.parts)
        lines.addWidget(self.only)
        lines.addWidget(self.link)
        lines.addWidget(text("Licence, for the data card", size="small", colour="secondary"))
        lines.addWidget(self.licence)
        lines.addWidget(text("Save to", size="small", colour="secondary"))
        lines.addLayout(place)
        lines.addWidget(self.wrong)
        lines.addWidget(self._bar)
        self.link.setHidden(self._session.project.modality not in (Modality.IMAGE, Modality.AUDIO))
        self.wrong.hide()
        self._bar.hide()

    def _build_buttons(self) -> QHBoxLayout:
        self.about = text(size="small", colour="muted")
        self.stop = button("Cancel")
        self.stop.clicked.connect(self._cancel)
        self.go = button("Export", kind="primary", key="Enter")
        self.go.clicked.connect(self.export)
        buttons = row()
        buttons.addWidget(self.about)
        buttons.addStretch(1)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.go)
        return buttons

    def _show_versions(self, versions: Sequence[VersionInfo]) -> None:
        self._versions = {version.name: version for version in versions}
        for version in versions:
            words = theme.one_line(f"{version.name}  {version.message}")
            self.version.addItem(words, version.name)
        self.version.setCurrentIndex(max(0, self.version.findData(self._wanted)))
        if not versions:
            self._tell("There is no version to export yet.", "Commit one first (Ctrl+S).")
        self._choose_version()

    def _choose_version(self) -> None:
        name = self.version.currentData()
        if name:
            project = self._session.project
            self._title.setText(f"Export {name}")
            self.folder.setText(str(_free(project.path.resolve().parent / f"{project.name}-{name}")))
            parent = self._versions[name].parent
            self._session.reads.start(
                lambda _: count(project, name, parent), self._show_parts, key="export parts", failed=self._failed
            )
        newest = next(iter(self._versions), "")
        self.behind.setVisible(self._session.is_draft and name == newest)
        self._show_about()
        self._look()

    def _show_size(self, size: int) -> None:
        self._size = size
        self._show_about()

    def _show_parts(self, found: Parts) -> None:
        self.parts.show_parts(found)
        self.adjustSize()

    def open_beside(self, window: QWidget) -> None:
        """At the right edge of a window, which stays usable."""
        self.adjustSize()
        corner = window.mapToGlobal(QPoint(window.width() - self.width() - MARGIN, TOP))
        self.move(corner)
        self.show()
        self.activateWindow()
        self.go.setFocus()

    def _show_about(self) -> None:
        if version := self._versions.get(str(self.version.currentData())):
            held, is_exact = self.parts.examples
            held = held or version.examples  # while they are not counted
            said = f"{held:,} examples" if is_exact else f"at most {held:,} examples"
            if self._size and held == version.examples:
                said += f", about {size_words(self._size)}"
            self.about.setText("Those of them that the version has" if self.only.isChecked() else said)

    def _look(self) -> None:
        is_whole = self.version.count() > 0 and bool(self.folder.text().strip()) and not self.parts.is_empty
        self.go.setEnabled(is_whole and self._job is None)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Save to")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = Path(self.folder.text()).name
        dialog.fileSelected.connect(lambda folder: self.folder.setText(str(Path(folder) / name)))
        dialog.open()

    def export(self) -> None:
        if not self.go.isEnabled():
            return
        project, version = self._session.project, str(self.version.currentData())
        format_ = writers.names()[self.formats.checkedId()]
        dest, link = Path(self.folder.text().strip()).expanduser(), self.link.isChecked()
        where = self._session.shown if self.only.isChecked() else ""
        splits, since = self.parts.splits, self.parts.parent_version
        licence = self.licence.text().strip()
        self.wrong.hide()

        def work(progress: Progress) -> Exported:
            return project.export(
                version,
                dest,
                format_,
                link=link,
                where=where,
                splits=splits,
                since=since,
                licence=licence,
                progress=progress,
            )

        self._job = self._session.reads.start(
            work, self._done, failed=self._failed, key="export", title=f"Exporting {version}"
        )
        self._bar.setRange(0, 0)
        self._bar.show()
        self._look()

    def _progress(self, job: Job) -> None:
        if job is self._job and job.report:
            self._bar.setRange(0, job.report.total)
            self._bar.setValue(job.report.done)

    def _done(self, made: Exported) -> None:
        words = f"Exported {made.version}: {made.examples:,} examples, {size_words(made.bytes)}"
        self._job = None
        self.exported.emit(f"{words}. {made.note}" if made.note else words, made.dest)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._job = None
        self._bar.hide()
        self._look()
        if not isinstance(error, DataimpError):
            raise error
        self._tell(str(error), error.hint)

    def _tell(self, message: str, hint: str) -> None:
        self.wrong.setText(f"{message} {hint}".strip())
        self.wrong.show()

    def _cancel(self) -> None:
        """Stops a running export and stays; else closes."""
        if self._job is None:
            self.reject()
            return
        self._session.reads.cancel(self._job)
        self._job = None
        self._bar.hide()
        self._look()
        self._tell("Stopped.", "Exported to the same place again, it goes on from here.")


def _bytes(project: Project) -> int:
    """The size of the media of all examples that are not excluded, 0 when it is not known."""
    try:
        edges = project.query.values(["size"], np.flatnonzero(~project.state.excluded))["size"]
    except (KeyError, QueryError):
        return 0
    return sum(size for size in edges if isinstance(size, int))


def _free(folder: Path) -> Path:
    candidate, number = folder, 2
    while candidate.exists():
        candidate, number = folder.with_name(f"{folder.name}-{number}"), number + 1
    return candidate
