"""From a file or folder to a project in three steps: the source, what its columns are, predictions."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QProgressBar, QStackedWidget, QWidget

from dataimp_gui.core import formats
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats import Found
from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.core.importing.rehearsal import Rehearsal
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui.dialogs.import_aside import AsideRows
from dataimp_gui.ui.dialogs.import_checking import KEY, Checking
from dataimp_gui.ui.dialogs.import_match import MatchStep
from dataimp_gui.ui.dialogs.import_predictions import PredictionsStep
from dataimp_gui.ui.dialogs.import_source import SourceStep
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.jobs import Job, Jobs
from dataimp_gui.ui.kit.parts import Elided, button, key_button, text
from dataimp_gui.ui.kit.steps import Steps

SIZE: Final = (980, 700)
SOURCE, MATCH, PREDICTIONS = range(3)


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
        self.resize(*SIZE)
        self._importer = importer
        self._found: Found | None = None
        self._job: Job | None = None
        self._step = SOURCE
        self.checking = Checking(importer.jobs, self)
        self._aside = AsideRows(importer.jobs, self.checking, self)
        self.steps = Steps(("Source", "Match columns", "Predictions"))
        self.source_step, self.match_step = SourceStep(), MatchStep()
        self.predictions_step = PredictionsStep(importer.jobs)
        self.source, self.target = self.source_step.path, self.source_step.target
        self.modality, self.copy = self.source_step.modality, self.source_step.copy
        self.columns, self.media = self.match_step.columns, self.match_step.media
        self.unlabelled, self.check = self.match_step.unlabelled, self.match_step.check
        self._pages = QStackedWidget()
        for page in (self.source_step, self.match_step, self.predictions_step):
            self._pages.addWidget(page)
        self._title = Elided("Import", size="title", strong=True)
        head = parts.row(gap=12)
        head.addWidget(self._title, 1)
        head.addWidget(self.steps)
        self.message = text(colour="err")
        self.message.setWordWrap(True)
        self.message.hide()
        body = parts.column(gap=14, margins=(16, 14, 16, 12))
        body.addLayout(head)
        body.addWidget(self._pages, 1)
        body.addWidget(self.message)
        column = parts.column(self, gap=0)
        column.addLayout(body, 1)
        column.addWidget(self._build_footer())
        self._connect()
        self.start.setDefault(True)  # only now does it know its dialog; else Enter presses the first button
        self._show_running(False)
        self.go_to(SOURCE)
        self.source.setFocus()
        if source is not None:
            self.look_at(source)

    # building

    def _build_footer(self) -> QWidget:
        footer = QWidget()
        footer.setObjectName("dialogFooter")
        row: QHBoxLayout = parts.row(footer, gap=8, margins=(16, 10, 16, 12))
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Import progress")
        self._bar.setFixedWidth(160)
        self._phase = Elided(size="small", colour="secondary")
        self.stop = button("Cancel", kind="quiet")
        self.back = button("Back", icon="chevron-left")
        self.next = button("Next")
        self.start = key_button("Import", "Ctrl+Enter", kind="primary")
        for widget in (self._bar, self._phase, self.stop, self.back, self.next, self.start):
            row.addWidget(widget, 1 if widget is self._phase else 0)
        return footer

    def _connect(self) -> None:
        self.stop.clicked.connect(self.reject)
        self.back.clicked.connect(lambda: self.go_to(self._step - 1))
        self.next.clicked.connect(lambda: self.go_to(self._step + 1))
        self.start.clicked.connect(self.go)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.go)
        self.steps.chosen.connect(self.go_to)
        file, folder = QFileDialog.FileMode.ExistingFile, QFileDialog.FileMode.Directory
        source, match = self.source_step, self.match_step
        source.looked.connect(self.look_at)
        source.file_wanted.connect(partial(self._choose, "Import a file", file, self.look_at))
        source.folder_wanted.connect(partial(self._choose, "Import a folder", folder, self.look_at))
        source.place_wanted.connect(partial(self._choose, "Put the project in", folder, self._put_in))
        source.target.textChanged.connect(lambda _: self._show_button())
        source.decided.connect(self._rehearse)
        match.media_wanted.connect(partial(self._choose, "Media folder", folder, match.use_media))
        match.matched.connect(self._rehearse)
        match.check.again.connect(self._rehearse)
        match.check.view.connect(self._aside.view)
        match.check.save.connect(self._aside.save)
        self._aside.told.connect(self._phase.show_words)
        self.predictions_step.file_wanted.connect(partial(self._choose, "Predictions", file, self.add_predictions))
        self.checking.checked.connect(self._show_rehearsal)
        self.checking.refused.connect(self._not_checked)
        self.checking.seen.connect(self.columns.show_faces)
        self._importer.jobs.progressed.connect(self._progress)

    # the steps

    def go_to(self, step: int) -> None:
        self._step = step
        self._pages.setCurrentIndex(step)
        self._show_button()

    def _show_button(self) -> None:
        """The real number of rows as soon as all of them are checked."""
        whole = self.checking.whole
        rows = whole.rows if whole else None
        self.start.setText("Import" if rows is None else f"Import {rows:,} {'row' if rows == 1 else 'rows'}")
        self.start.setAccessibleName(self.start.text())
        found = self._found is not None
        self.start.setEnabled(found and rows != 0 and bool(self.target.text().strip()) and self._job is None)
        self.steps.show_at(self._step, reach=PREDICTIONS if found else SOURCE)
        self.back.setVisible(self._step > SOURCE)
        self.next.setVisible(self._step < PREDICTIONS)
        self.next.setEnabled(found)
        if self._job is None:
            self._phase.show_words(f"Into {self.target.text().strip()}" if found else "")

    # finding out

    def look_at(self, source: Path) -> None:
        self.source_step.show_path(source)
        self._found = None
        self.checking.forget()
        self.message.hide()
        self.go_to(SOURCE)
        writing = self.source_step.writing

        def inspect(_: Progress) -> Found:
            engine = Engine()
            try:
                return formats.inspect(source, engine, writing=writing)
            finally:
                engine.close()

        self._importer.jobs.start(inspect, self._show_found, failed=self._not_found, key="inspect")

    def _show_found(self, found: Found) -> None:
        self._found = found
        self._title.show_words(f"Import {found.path.name}")
        self.source_step.show_found(found)
        self.match_step.show_found(found)
        self.go_to(MATCH)
        self.match_step.table.setFocus()
        self._rehearse()

    def _not_found(self, error: Exception) -> None:
        self.source_step.show_nothing()
        self.source_step.show_writing(Path(self.source.text()).is_file())
        self._tell(error)

    def _rehearse(self) -> None:
        """Check the first rows, then all of them; another choice begins anew."""
        if self._found is None or self._job is not None:
            return
        self.columns.wait()
        self.check.show_running(True)
        options = self._options()
        found = replace(self._found.with_roles(options.roles), modality=options.modality or self._found.modality)
        self.checking.start(found, options)
        self._show_button()

    def _show_rehearsal(self, trial: Rehearsal, whole: bool) -> None:
        self.columns.show_judged(trial.columns)
        self.check.show_rehearsal(trial, whole=whole)
        self.check.show_running(not whole)
        self._show_button()

    def _not_checked(self, said: str) -> None:
        self.check.show_running(False)
        self.columns.show_judged(())
        self.check.show_error(said)

    def use_media(self, folder: Path) -> None:
        """Paths in the media column start from ``folder``."""
        self.match_step.use_media(folder)

    def add_predictions(self, file: Path) -> None:
        self.predictions_step.add(file)

    # going

    def _options(self) -> ImportOptions:
        assert self._found is not None
        modality = self.modality.currentData()
        options = ImportOptions(
            writing=self.source_step.writing,
            modality=Modality(modality) if modality != self._found.modality else None,
            roles=self.columns.roles(),
            copy_media=not self.copy.isHidden() and self.copy.isChecked(),
            predictions=self.predictions_step.files,
        )
        return replace(options, media_root=self.match_step.root)

    def go(self) -> None:
        if self._found is None or not self.start.isEnabled():
            return
        self.checking.cancel()
        self.check.show_running(False)
        target = Path(self.target.text().strip()).expanduser()
        target = target if target.suffix == ".dataimp" else target.with_name(target.name + ".dataimp")
        self.message.hide()
        self._job = self._importer.make(self._found.path, target, self._options(), self._done, self._failed)
        self._show_running(True)

    def _progress(self, job: Job) -> None:
        if job is self._job and job.report:
            self._bar.setRange(0, job.report.total)
            self._bar.setValue(job.report.done)
            self._phase.show_words(job.report.phase)
        elif job.key == KEY and job.report:
            self.check.show_progress(job.report)

    def _show_running(self, on: bool) -> None:
        self._bar.setVisible(on)
        self._bar.setRange(0, 0)
        self._phase.show_words("")
        self._pages.setDisabled(on)
        self.steps.setDisabled(on)
        self.back.setDisabled(on)
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
        self.message.setText(error.whole)
        self.message.show()

    def reject(self) -> None:
        """While an import runs, Cancel stops it and stays; else it closes."""
        if self._job is not None:
            self._importer.cancel()
            self._job = None
            self._show_running(False)
            return
        super().reject()

    def done(self, result: int) -> None:
        self.checking.cancel()
        self._aside.cancel()
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
