"""From a file or folder to a project: what was found, what each column is used as, predictions, the target."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from dataimp_gui.core import formats
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.core.model import Modality, Role
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui import theme
from dataimp_gui.ui.dialogs.import_columns import USE, ColumnsModel, RoleDelegate
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.jobs import Job, Jobs
from dataimp_gui.ui.kit.parts import button, icon_button, small_button, text

WIDTH: Final = 840
FORMATS: Final = {
    "class-folders": "Class folders",
    "delimited": "CSV or TSV",
    "jsonlines": "JSON lines",
    "parquet": "Parquet",
    "arrow": "Arrow",
    "hugging-face": "Hugging Face folder",
    "label-studio": "Label Studio",
    "dataimp-export": "Dataimp export",
}
FOLDERS: Final = frozenset(("class-folders", "hugging-face", "dataimp-export"))  # their media can be nowhere else
WORDS: Final = {
    Modality.IMAGE: "Images",
    Modality.AUDIO: "Sounds",
    Modality.TEXT: "Texts",
    Modality.TABLE: "Table only",
}


class Importer(Protocol):
    """Who does the work; the window's `Opening`."""

    jobs: Jobs

    def make(
        self,
        source: Path,
        path: Path,
        options: ImportOptions,
        done: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> Job: ...
    def cancel(self) -> None: ...


class ImportDialog(QDialog):
    """Closes itself when the project is there; a failure is told inside it, and everything chosen stays."""

    def __init__(self, importer: Importer, source: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Import")
        self.resize(WIDTH, 620)
        self._importer = importer
        self._found: Found | None = None
        self._job: Job | None = None
        self._looked = ""
        self.columns = ColumnsModel(self)
        self.columns.dataChanged.connect(self._look_at_roles)
        body = parts.column(gap=10, margins=(16, 16, 16, 12))
        self._title = text("Import", size="title", strong=True)
        body.addWidget(self._title)
        body.addLayout(self._build_paths())
        body.addLayout(self._build_found())
        body.addWidget(self._build_table(), 1)
        body.addLayout(self._build_predictions())
        self.unlabelled = text("No column is the label yet; choose one under Use as.", size="small", colour="warn")
        self.unlabelled.hide()
        body.addWidget(self.unlabelled)
        self.message = text(colour="err")
        self.message.setWordWrap(True)
        self.message.hide()
        body.addWidget(self.message)
        column = parts.column(self, gap=0)
        column.addLayout(body, 1)
        column.addWidget(self._build_footer())
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.go)
        importer.jobs.progressed.connect(self._progress)
        self.start.setDefault(True)  # only now does it know its dialog; else Enter presses the first button
        self._show_running(False)
        if source is not None:
            self.look_at(source)

    # building

    def _build_paths(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        self.source = QLineEdit(placeholderText="A file, or a folder of class folders")
        self.media = QLineEdit()
        self.target = QLineEdit(placeholderText="NAME.dataimp")
        self.source.editingFinished.connect(self._look_at_typed)
        self.target.textChanged.connect(lambda _: self._show_button())
        file, folder = small_button("File…"), small_button("Folder…")
        root, place = small_button("Choose…"), small_button("Choose…")
        file.clicked.connect(lambda: self._choose("Import a file", QFileDialog.FileMode.ExistingFile, self.look_at))
        folder.clicked.connect(lambda: self._choose("Import a folder", QFileDialog.FileMode.Directory, self.look_at))
        root.clicked.connect(lambda: self._choose("Media folder", QFileDialog.FileMode.Directory, self.use_media))
        place.clicked.connect(lambda: self._choose("Put the project in", QFileDialog.FileMode.Directory, self._put_in))
        lines: tuple[tuple[str, QLineEdit, tuple[QWidget, ...]], ...] = (
            ("Source", self.source, (file, folder)),
            ("Media folder", self.media, (root,)),
            ("Project", self.target, (place,)),
        )
        self._media_row: list[QWidget] = []
        for line, (name, field, buttons) in enumerate(lines):
            label = text(name, size="small", colour="secondary")
            label.setBuddy(field)
            field.setAccessibleName(name)
            grid.addWidget(label, line, 0)
            grid.addWidget(field, line, 1)
            for number, widget in enumerate(buttons):
                grid.addWidget(widget, line, 2 + number)
            if field is self.media:
                self._media_row = [label, field, *buttons]
        for widget in self._media_row:
            widget.hide()
        return grid

    def _build_found(self) -> QHBoxLayout:
        row = parts.row(gap=8)
        self._what = text(colour="secondary")
        self._what.setWordWrap(True)
        self.modality = QComboBox()
        self.modality.setAccessibleName("Kind of data")
        for kind, word in WORDS.items():
            self.modality.addItem(word, kind)
        self.copy = QCheckBox("Copy media into the project")
        row.addWidget(self._what, 1)
        row.addWidget(self.copy)
        row.addWidget(self.modality)
        return row

    def _build_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("columns")
        table.setModel(self.columns)
        table.setItemDelegateForColumn(USE, RoleDelegate(table))
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.CurrentChanged
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAccessibleName("Columns and what they are used as")
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(32)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for number, width in enumerate((140, 210, 130, 84)):
            header.resizeSection(number, width)
        header.setStretchLastSection(True)
        table.setWordWrap(False)
        return table

    def _build_predictions(self) -> QVBoxLayout:
        self.predictions = QListWidget()
        self.predictions.setAccessibleName("Files of predictions")
        self.predictions.setMaximumHeight(64)
        column = parts.column(gap=6)
        head = parts.row(gap=8)
        add, drop = small_button("Add file…", icon="plus"), icon_button("minus", "Remove the chosen file")
        add.clicked.connect(
            lambda: self._choose("Predictions", QFileDialog.FileMode.ExistingFile, self.add_predictions)
        )
        drop.clicked.connect(lambda: self.predictions.takeItem(self.predictions.currentRow()))
        head.addWidget(text("Predictions", strong=True))
        head.addWidget(text("one file a model: CSV, Parquet, JSON lines, NPY or NPZ", size="small", colour="muted"))
        head.addStretch(1)
        head.addWidget(drop)
        head.addWidget(add)
        column.addLayout(head)
        column.addWidget(self.predictions)
        return column

    def _build_footer(self) -> QWidget:
        footer = QWidget()
        footer.setObjectName("dialogFooter")
        row = parts.row(footer, gap=8, margins=(16, 10, 16, 12))
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Import progress")
        self._bar.setFixedWidth(160)
        self._phase = text(size="small", colour="secondary")
        self.stop = button("Cancel", kind="quiet")
        self.stop.clicked.connect(self.reject)
        self.start = button("Import", kind="primary", key="Ctrl+Enter")
        self.start.clicked.connect(self.go)
        row.addWidget(self._bar)
        row.addWidget(self._phase)
        row.addStretch(1)
        row.addWidget(self.stop)
        row.addWidget(self.start)
        return footer

    # finding out

    def _look_at_typed(self) -> None:
        """Also called when the focus leaves, so only a path that is another one counts."""
        typed = self.source.text().strip()
        if typed and typed != self._looked and self.isVisible():
            self.look_at(Path(typed).expanduser())

    def look_at(self, source: Path) -> None:
        with QSignalBlocker(self.source):
            self.source.setText(str(source))
        self._looked = str(source)
        self._found = None
        self.message.hide()
        self._what.setText("Looking…")
        self._show_button()

        def inspect(_: Progress) -> Found:
            engine = Engine()
            try:
                return formats.inspect(source, engine)
            finally:
                engine.close()

        self._importer.jobs.start(inspect, self._show_found, failed=self._tell, key="inspect")

    def _show_found(self, found: Found) -> None:
        self._found = found
        self._title.setText(f"Import {theme.one_line(found.path.name)}")
        rows = (f"{found.rows:,} rows",) if found.rows is not None else ()  # counting some would mean reading them
        what = ", ".join((FORMATS.get(found.format, found.format), *rows, f"{len(found.columns):,} columns"))
        self._what.setText(". ".join((what, *found.notes)))
        self.media.setText(str(found.media_root or found.path.parent))
        self.modality.setCurrentIndex(self.modality.findData(found.modality))
        self.copy.setVisible(found.modality in (Modality.IMAGE, Modality.AUDIO))
        self.columns.show_found(found)
        if not self.target.text():
            self.target.setText(str(free_target(found.path)))
        self._look_at_roles()
        self._show_button()

    def _look_at_roles(self) -> None:
        found = self._found
        self.unlabelled.setHidden(found is None or self.columns.has(Role.LABEL))
        for widget in self._media_row:
            widget.setHidden(found is None or found.format in FOLDERS or not self.columns.has(Role.MEDIA))

    def use_media(self, folder: Path) -> None:
        """Paths in the media column start from ``folder``."""
        self.media.setText(str(folder))

    def _show_button(self) -> None:
        rows = self._found.rows if self._found else None
        self.start.setText(f"Import {rows:,} rows" if rows is not None else "Import")
        self.start.setEnabled(self._found is not None and bool(self.target.text().strip()) and self._job is None)

    def add_predictions(self, file: Path) -> None:
        self.predictions.addItem(str(file))

    # going

    def go(self) -> None:
        if self._found is None or not self.start.isEnabled():
            return
        modality = self.modality.currentData()
        options = ImportOptions(
            modality=Modality(modality) if modality != self._found.modality else None,
            roles=self.columns.roles(),
            copy_media=self.copy.isVisible() and self.copy.isChecked(),
            predictions=tuple(Path(self.predictions.item(n).text()) for n in range(self.predictions.count())),
        )
        root = Path(self.media.text().strip()).expanduser()
        if self.media.isVisible() and root != self._found.media_root:
            options = replace(options, media_root=root)
        target = Path(self.target.text().strip()).expanduser()
        target = target if target.suffix == ".dataimp" else target.with_name(target.name + ".dataimp")
        self.message.hide()
        self._job = self._importer.make(self._found.path, target, options, self._done, self._failed)
        self._show_running(True)

    def _progress(self, job: Job) -> None:
        if job is self._job and job.report:
            self._bar.setRange(0, job.report.total)
            self._bar.setValue(job.report.done)
            self._phase.setText(job.report.phase)

    def _show_running(self, on: bool) -> None:
        self._bar.setVisible(on)
        self._bar.setRange(0, 0)
        self._phase.setText("")
        self._show_button()

    def _done(self) -> None:
        self._job = None
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._job = None
        self._show_running(False)
        self._tell(error)

    def _tell(self, error: Exception) -> None:
        if not isinstance(error, DataimpError):
            raise error
        self._what.setText("" if self._found is None else self._what.text())
        self.message.setText(f"{error} {error.hint}".strip())
        self.message.show()

    def reject(self) -> None:
        """While an import runs, Cancel stops it and stays; else it closes."""
        if self._job is not None:
            self._importer.cancel()
            self._job = None
            self._show_running(False)
            self._phase.setText("")
            return
        super().reject()

    def done(self, result: int) -> None:
        self._importer.jobs.cancel("inspect")
        super().done(result)

    def _choose(self, title: str, mode: QFileDialog.FileMode, then: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self, title)
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.open()

    def _put_in(self, folder: Path) -> None:
        self.target.setText(str(folder / Path(self.target.text() or "project.dataimp").name))


def free_target(source: Path) -> Path:
    """A project beside its source, under a name that is not taken."""
    base = source.resolve()
    stem = base.name if base.is_dir() else base.stem
    candidate, number = base.parent / f"{stem}.dataimp", 2
    while candidate.exists():
        candidate, number = base.parent / f"{stem}-{number}.dataimp", number + 1
    return candidate
