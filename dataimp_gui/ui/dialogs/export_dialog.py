"""Write a version as a dataset that other programs read: which version, format, folder, and how media are brought."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dataimp_gui.core.model import Modality, VersionInfo
from dataimp_gui.core.versions.export import Exported
from dataimp_gui.errors import DataimpError
from dataimp_gui.ui import theme
from dataimp_gui.ui.dialogs.export_formats import FormatChoice
from dataimp_gui.ui.dialogs.export_parts import Parts, PartsChoice, count
from dataimp_gui.ui.kit.amounts import size_words
from dataimp_gui.ui.kit.jobs import Job
from dataimp_gui.ui.kit.parts import Elided, button, column, key_button, row, small_button, text
from dataimp_gui.ui.session import Session

TOP: Final = 96  # of the window, below its bars
MARGIN: Final = 12
WIDTH: Final = 440


class ExportDialog(QDialog):
    """Stands beside what it exports. Stays usable while the export runs; closing it leaves that to the status bar."""

    exported = Signal(str, Path)

    def __init__(self, session: Session, parent: QWidget | None = None, version: str = "") -> None:
        """``version`` is offered at first, the newest where it is empty."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle("Export")
        self.setMinimumWidth(WIDTH)
        self._session, self._wanted = session, version
        session.destroyed.connect(self.close)
        self._job: Job | None = None
        self._versions: dict[str, VersionInfo] = {}
        self._most = 0  # its height, once it is known
        self._title = text("Export", size="title", strong=True)
        self._inner = _Inner()
        self._inner.rearranged.connect(self._fit)
        lines = column(self._inner, gap=8, margins=(16, 0, 16, 8))
        self._add_choices(lines)
        self._add_target(lines)
        lines.addStretch(1)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inner)
        whole = column(self, gap=8, margins=(0, 16, 0, 16))
        whole.addLayout(_inset(self._title))
        whole.addWidget(self._scroll, 1)
        whole.addLayout(_inset(self._build_buttons()))
        self.go.setDefault(True)  # only now does it know its dialog
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.export)
        session.reads.progressed.connect(self._progress)
        self._look()
        session.reads.start(lambda _: session.project.versions(), self._show_versions, key="versions")

    def _add_choices(self, lines: QVBoxLayout) -> None:
        self.version = QComboBox()
        self.version.setAccessibleName("Version")
        self.version.activated.connect(lambda _: self._choose_version())
        lines.addWidget(text("Version", size="small", colour="secondary"))
        lines.addWidget(self.version)
        self.behind = text("Edits since the last version are not part of it.", size="small", colour="warn")
        self.behind.hide()
        lines.addWidget(self.behind)
        media = self._session.project.modality in (Modality.IMAGE, Modality.AUDIO)
        self.format = FormatChoice(has_media=media)
        self.parts = PartsChoice()
        self.parts.moved.connect(self._show_about)
        self.parts.moved.connect(self._look)
        lines.addWidget(self.format)
        lines.addWidget(self.parts)

    def _add_target(self, lines: QVBoxLayout) -> None:
        self.only = QCheckBox()
        self.only.toggled.connect(lambda _: self._show_about())
        self.only.setHidden(not self._session.shown)
        self.only.setText(f"Only the {len(self._session.rows):,} examples that the query selects")
        self.only.setToolTip(theme.one_line(self._session.shown))
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
        self.failing = text(size="small", colour="warn")
        self.wrong = text(colour="err")
        for label in (self.failing, self.wrong):
            label.setWordWrap(True)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Export progress")
        lines.addWidget(self.only)
        lines.addWidget(text("Licence, for the data card", size="small", colour="secondary"))
        lines.addWidget(self.licence)
        lines.addWidget(text("Save to", size="small", colour="secondary"))
        lines.addLayout(place)
        lines.addWidget(self.failing)
        lines.addWidget(self.wrong)
        lines.addWidget(self._bar)
        for widget in (self.failing, self.wrong, self._bar):
            widget.hide()

    def _build_buttons(self) -> QHBoxLayout:
        self.about = Elided(size="small", colour="muted")
        self.stop = button("Cancel")
        self.stop.clicked.connect(self._cancel)
        self.go = key_button("Export", "Enter", kind="primary")
        self.go.clicked.connect(self.export)
        buttons = row()
        buttons.addWidget(self.about, 1)
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

    def _show_parts(self, found: Parts) -> None:
        self.parts.show_parts(found)
        many = f"{len(found.failed)} gate{'' if len(found.failed) == 1 else 's'}"
        self.failing.setText(f"{self.version.currentData()} fails {many}. The data card will say so.")
        self.failing.setVisible(bool(found.failed))

    def open_beside(self, window: QWidget) -> None:
        """At the right edge of a window, which stays usable."""
        self._most = window.height() - TOP - MARGIN
        self._fit()
        corner = window.mapToGlobal(QPoint(window.width() - self.width() - MARGIN, TOP))
        self.move(corner)
        self.show()
        self.activateWindow()
        self.go.setFocus()

    def _fit(self) -> None:
        """As high as what it holds, and no higher than the window; the rest is scrolled to."""
        if self._most:
            over = self.sizeHint().height() - self._scroll.sizeHint().height()
            self.resize(self.width(), min(over + self._inner.sizeHint().height(), self._most))

    def _show_about(self) -> None:
        if version := self._versions.get(str(self.version.currentData())):
            held, is_exact = self.parts.examples
            held = held or version.examples  # while they are not counted
            said = f"{held:,} examples" if is_exact else f"at most {held:,} examples"
            if size := self.parts.media_size:
                said += f", about {size_words(size)}"
            self.about.show_words("Those of them that the version has" if self.only.isChecked() else said)

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
        dest = Path(self.folder.text().strip()).expanduser()
        work = partial(
            project.export,
            version,
            dest,
            self.format.name,
            link=self.format.links,
            embed=self.format.embeds,
            where=self._session.shown if self.only.isChecked() else "",
            splits=self.parts.splits,
            since=self.parts.parent_version,
            without=self.parts.without,
            list_excluded=self.parts.lists_excluded,
            licence=self.licence.text().strip(),
        )
        self.wrong.hide()
        self._job = self._session.reads.start(
            lambda progress: work(progress=progress),
            self._done,
            failed=self._failed,
            key="export",
            title=f"Exporting {version}",
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


class _Inner(QWidget):
    rearranged = Signal()  # it may want another height

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.rearranged.emit()
        return handled


def _inset(what: QWidget | QLayout) -> QHBoxLayout:
    line = row(margins=(16, 0, 16, 0))
    if isinstance(what, QWidget):
        line.addWidget(what)
    else:
        line.addLayout(what)
    return line


def _free(folder: Path) -> Path:
    candidate, number = folder, 2
    while candidate.exists():
        candidate, number = folder.with_name(f"{folder.name}-{number}"), number + 1
    return candidate
