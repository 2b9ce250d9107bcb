"""The third step of an import: files of predictions, each read once to see what it holds."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats import runs
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons, parts
from dataimp_gui.ui.kit.jobs import Jobs
from dataimp_gui.ui.kit.parts import icon_button, small_button, text

FILE = Qt.ItemDataRole.UserRole


class PredictionsStep(QWidget):
    file_wanted = Signal()

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.list = QListWidget()
        self.list.setAccessibleName("Files of predictions")
        self.list.setWordWrap(True)
        self.setAcceptDrops(True)
        self.list.setAcceptDrops(False)  # the step takes files, wherever they are dropped on it
        add, self._remove = small_button("Add file…", icon="plus"), icon_button("minus", "Remove the chosen file")
        add.clicked.connect(self.file_wanted)
        self._remove.clicked.connect(self._drop)
        self._remove.setEnabled(False)
        self.list.currentRowChanged.connect(lambda row: self._remove.setEnabled(row >= 0))
        head = parts.row(gap=8)
        head.addWidget(text("Predictions", strong=True))
        head.addWidget(text("one file a model: CSV, Parquet, JSON lines, NPY or NPZ", size="small", colour="muted"))
        head.addStretch(1)
        head.addWidget(self._remove)
        head.addWidget(add)
        about = text(
            "A row holds the id of an example and a column per class, a list of probabilities or the predicted label "
            "alone; arrays are in the order of the examples. Predictions can be added later too.",
            colour="secondary",
        )
        about.setWordWrap(True)
        column = parts.column(self, gap=8)
        column.addLayout(head)
        column.addWidget(about)
        column.addWidget(self.list, 1)

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(Path(self.list.item(n).data(FILE)) for n in range(self.list.count()))

    def add(self, file: Path) -> None:
        if file in self.files:
            return
        item = QListWidgetItem(f"{theme.one_line(file.name)}\nReading…")
        item.setData(FILE, str(file))
        item.setToolTip(parts.plain_tip(str(file)))
        self.list.addItem(item)
        self.list.setCurrentItem(item)

        def read(progress: Progress) -> runs.RunFound:
            engine = Engine()
            try:
                return runs.read_run(file, engine, (), progress)
            finally:
                engine.close()

        self._jobs.start(read, partial(self._show, item), failed=partial(self._show_error, item), key=f"run {file}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.setAccepted(bool(_files(event)))

    def dropEvent(self, event: QDropEvent) -> None:
        for file in _files(event):
            self.add(file)
        event.acceptProposedAction()

    def _show(self, item: QListWidgetItem, found: runs.RunFound) -> None:
        rows = f"{found.rows:,} {'prediction' if found.rows == 1 else 'predictions'}"
        order = "by id" if found.has_ids else "in the order of the examples"
        shares = f"probabilities of {len(found.classes):,} classes" if found.classes else "labels alone"
        aside = f"; {len(found.rejected):,} kept aside" if found.rejected else ""
        self._say(item, f"{rows} {order}, {shares}{aside}", "warning" if found.rejected else "check")

    def _show_error(self, item: QListWidgetItem, error: Exception) -> None:
        if not isinstance(error, DataimpError):
            raise error
        self._say(item, error.whole, "cross")

    def _say(self, item: QListWidgetItem, said: str, icon: str) -> None:
        colour = {"check": "ok.text", "warning": "warn.text", "cross": "err.text"}[icon]
        item.setText(f"{theme.one_line(Path(item.data(FILE)).name)}\n{theme.one_line(said)}")
        item.setIcon(icons.icon(icon, colour))

    def _drop(self) -> None:
        item = self.list.takeItem(self.list.currentRow())
        if item is not None:
            self._jobs.cancel(f"run {Path(item.data(FILE))}")


def _files(event: QDropEvent) -> list[Path]:
    found = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [file for file in found if file.is_file()]
