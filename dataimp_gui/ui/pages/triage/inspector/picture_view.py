"""The picture in the inspector: fitted or closer, its contrast, its histogram, and the tools for them."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QToolButton, QWidget

from dataimp_gui.core.media.image import decode
from dataimp_gui.core.project import Project
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import icon_button
from dataimp_gui.ui.kit.pixels import image
from dataimp_gui.ui.kit.stage import Stage
from dataimp_gui.ui.kit.tones import Tones
from dataimp_gui.ui.pages.triage.inspector.detail import Detail
from dataimp_gui.ui.session import Session

HEIGHT: Final = 184


class PictureView(QWidget):
    def __init__(self, session: Session, tools: Sequence[QToolButton], parent: QWidget | None = None) -> None:
        """``tools`` stand over the picture below its own."""
        super().__init__(parent)
        self._session, self._row = session, -1
        self.stage = Stage(least=HEIGHT)
        self.stage.setFixedHeight(HEIGHT)
        self.stage.setAccessibleName("Picture")
        self.tones = Tones()
        self.tones.hide()
        self.exact = icon_button("zoom-in", "One picture pixel on one screen pixel", checkable=True, raised=True)
        self.contrast = icon_button("contrast", "Stretch the contrast", checkable=True, raised=True)
        self.counts = icon_button("sort-up", "Show the histogram", checkable=True, raised=True)
        self.exact.toggled.connect(self.stage.set_exact)
        self.contrast.toggled.connect(self.stage.set_stretched)
        self.counts.toggled.connect(self.tones.setVisible)
        for tool in (self.exact, self.contrast, self.counts, *tools):
            self.stage.add_tool(tool)
        self.stage.detail_wanted.connect(self._read_all)
        column = parts.column(self, gap=0)
        column.addWidget(self.stage)
        column.addWidget(self.tones)
        self.stage.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def show_detail(self, shown: Detail | None) -> None:
        """The same picture again keeps the place that was looked at."""
        if shown is None:
            self._row = -1
            self.stage.show_image(None, (0, 0))
            self.tones.show_counts(None)
        elif shown.example.row != self._row or (shown.picture is None) != (self.stage.image is None):
            self._row = shown.example.row
            self.stage.show_image(shown.picture, shown.full, shown.missing)
            self.tones.show_counts(shown.tones)

    @property
    def ways(self) -> dict[str, object]:
        """What a person chose of how pictures are shown."""
        buttons = {"exact": self.exact, "contrast": self.contrast, "histogram": self.counts}
        return {name: button.isChecked() for name, button in buttons.items()}

    def restore_ways(self, ways: Mapping[str, object]) -> None:
        self.exact.setChecked(ways.get("exact") is True)
        self.contrast.setChecked(ways.get("contrast") is True)
        self.counts.setChecked(ways.get("histogram") is True)

    def _read_all(self) -> None:
        project, row = self._session.project, self._row
        self._session.reads.start(
            lambda progress: _whole(project, row, progress),
            lambda picture: self._show_all(row, picture),
            key="whole picture",
            failed=lambda _error: None,  # the smaller one stays
        )

    def _show_all(self, row: int, picture: QImage | None) -> None:
        if row == self._row and picture is not None:
            self.stage.show_detail(picture)


def _whole(project: Project, row: int, progress: Progress) -> QImage | None:
    """Every pixel of an image. For a worker."""
    file = project.media_path(row)
    progress.check()
    return image(decode(file, project.contract.limits)) if file is not None else None
