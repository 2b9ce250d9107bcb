"""The examples of a slice as a table: which file, the job, and what is said when it cannot be written."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from dataimp_gui.core.slicing.examples_file import write_examples
from dataimp_gui.core.versions.names import safe
from dataimp_gui.errors import DataimpError
from dataimp_gui.ui.pages.slices import words
from dataimp_gui.ui.pages.slices.board import Line
from dataimp_gui.ui.session import Session


def ask_file(line: Line, then: Callable[[Path], None], parent: QWidget) -> None:
    dialog = QFileDialog(parent, "Export the examples of the slice", "", "CSV table (*.csv)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.selectFile(f"{safe(line.name)}.csv")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.open()


def export(session: Session, line: Line, file: Path, done: Callable[[str, Path], None]) -> None:
    """``done`` gets what was done in words, and the folder."""
    project, failed = session.project, session.reads.failed

    def refuse(error: Exception) -> None:
        if isinstance(error, OSError):
            said = error.strerror or str(error)
            error = DataimpError(f"The file cannot be written: {said}.", hint="Choose another folder.")
        failed.emit(error)

    session.reads.start(
        lambda progress: write_examples(project, line.rows, file, progress),
        lambda count: done(f"Exported {words.examples(count)} of “{line.name}”", file.parent),
        key="export slice",
        title="Exporting examples",
        failed=refuse,
    )
