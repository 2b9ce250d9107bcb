"""What became of the examples from another run to the current one, and the choice of that other run."""

from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from dataimp_gui.core.model import Change, Field
from dataimp_gui.ui import theme
from dataimp_gui.ui.clauses import RUNS
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.pages.triage.filters.facet import Facet
from dataimp_gui.ui.session import Session


class RunsPanel(QWidget):
    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.facet = Facet(RUNS, "what became of examples from another run")
        self.other = QComboBox()
        self.other.setAccessibleName("Run to compare with")
        self.other.setToolTip("The run that the current one is compared with")
        self.other.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # a long name widens nothing
        self.other.activated.connect(self._choose)
        column = parts.column(self, gap=4)
        column.addWidget(self.other)
        column.addWidget(self.facet)
        session.changed.connect(self._follow)
        self._fill()

    def _follow(self, change: Change) -> None:
        if change.touches(Field.RUN):
            self._fill()

    def _fill(self) -> None:
        project = self._session.project
        run, before = project.run, project.before
        self.other.clear()
        for info in project.runs:
            if run is not None and info.number != run.number:
                self.other.addItem(theme.one_line(info.name), str(info.number))
        if before is not None:
            self.other.setCurrentIndex(self.other.findData(str(before.number)))

    def _choose(self, place: int) -> None:
        self._session.compare_with(str(self.other.itemData(place)))
