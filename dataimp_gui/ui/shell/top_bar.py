"""The bar across the top: project and version, the query with its count, the run, undo and redo, commands."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QToolButton, QWidget

from dataimp_gui.about import VERSION
from dataimp_gui.core.model import Change, ColumnInfo, Field
from dataimp_gui.errors import QueryError
from dataimp_gui.progress import Progress
from dataimp_gui.ui import clauses, theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import button, chip, icon_button, text
from dataimp_gui.ui.session import Outcome, Session
from dataimp_gui.ui.shell.query_bar import QueryBar

HEIGHT = 48
VALUES = 500  # of a column that completion knows
SLICE = "slice"  # in a clause, what is compared with the name of a slice
LONGEST = 24  # label that is shown in the example of a filter


class _Bar(QWidget):
    """As high as a line of text needs."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(theme.line_height(HEIGHT))


class StartBar(_Bar):
    """The same bar while no project is open."""

    commands_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._fit()
        commands = button("Commands", icon="search", key="Ctrl+K")
        commands.clicked.connect(self.commands_wanted)
        row = parts.row(self, gap=8, margins=(12, 0, 12, 0))
        row.addWidget(text("Dataimp", size="title", strong=True))
        row.addWidget(text(VERSION, size="small", colour="muted"))
        row.addStretch(1)
        row.addWidget(commands)


def _example(session: Session) -> str:
    """A filter that finds something here."""
    project = session.project
    said = [f"label = {clauses.quote(name)}" for name in project.classes[:1] if len(name) <= LONGEST]
    return " and ".join([*said, *(["error"] if project.runs else [])]) or "not excluded"


class TopBar(_Bar):
    commands_wanted = Signal()

    def __init__(self, session: Session, menu_button: QToolButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._fit()
        self._session = session
        self._name = text(theme.one_line(session.project.name), strong=True)
        self._name.setMaximumWidth(220)
        self._version = chip("draft")
        self.query = QueryBar(_example(session))
        self._count = text(strong=True)
        self._count.setAccessibleName("Examples shown")
        self._of = text(colour="secondary")
        self.run = QComboBox()
        self.run.setObjectName("runSelector")
        self.run.setAccessibleName("Run")
        self.run.activated.connect(lambda _: session.use_run(str(self.run.currentData())))
        self.undo = icon_button("undo", "Undo", key="Ctrl+Z")
        self.redo = icon_button("redo", "Redo", key="Ctrl+Shift+Z")
        self.undo.clicked.connect(session.undo)
        self.redo.clicked.connect(session.redo)
        commands = button("Commands", icon="search", key="Ctrl+K")
        commands.clicked.connect(self.commands_wanted)
        row = parts.row(self, gap=8, margins=(12, 0, 12, 0))
        row.addWidget(self._name)
        row.addWidget(self._version)
        row.addWidget(menu_button)
        row.addWidget(self.query, 1)
        row.addWidget(self._count)
        row.addWidget(self._of)
        row.addSpacing(4)
        for widget in (self.run, self.undo, self.redo, commands):
            row.addWidget(widget)
        self.query.asked.connect(session.ask)
        self.query.values_wanted.connect(self._find_values)
        session.answered.connect(self._find_columns)
        session.changed.connect(self._learn)
        session.asked.connect(self.query.show_query)
        session.answered.connect(self._show_count)
        session.refused.connect(self._refuse)
        session.edited.connect(self._show_edit)
        session.changed.connect(self._show_state)
        session.committed.connect(self._show_state)
        self._show_state()
        self._show_titles()

    def count_words(self) -> str:
        return f"{self._count.text()} {self._of.text()}"

    def _show_count(self) -> None:
        self._count.setText(f"{len(self._session.rows):,}")
        self._of.setText(f"/ {self._session.project.size:,}")
        self.query.show_error(None, 0)

    def _find_columns(self) -> None:
        project = self._session.project

        def columns(_: Progress) -> list[ColumnInfo]:
            known = list(project.query.columns())
            named = any(column.name.lower() == SLICE for column in known)  # a column of that name comes first
            return known if named or not project.slices.saved() else [*known, ColumnInfo(SLICE, "text", "state")]

        self._session.reads.start(columns, self.query.know_columns, key="known columns")

    def _learn(self, change: Change) -> None:
        self.query.forget_values()
        if change.touches(Field.COLUMNS | Field.RUN | Field.ISSUE | Field.SLICE):
            self._find_columns()

    def _find_values(self, column: str) -> None:
        """The most frequent ones, for completion."""
        project = self._session.project

        def values(progress: Progress) -> list[str]:
            if column == SLICE and all(each.name != SLICE for each in project.query.columns()):
                return [each.name for each in project.slices.saved()]
            found = project.query.facet(clauses.name(column), limit=VALUES, progress=progress)
            return [value for value, _ in found if value is not None]

        self._session.reads.start(
            values, lambda found: self.query.know_values(column, found), key=f"values of {column}"
        )

    def _refuse(self, error: QueryError) -> None:
        self.query.show_error(error, len(self._session.rows))

    def _show_state(self, _change: object = None) -> None:
        project, version = self._session.project, self._session.version
        self._version.setText(self._session.draft_name)
        self._version.setToolTip(f"Last version: {version.name}" if version else "No version yet")
        if self.run.count() != len(project.runs):
            self.run.clear()
            for run in reversed(project.runs):
                words = theme.one_line(f"{run.name} · {run.version}" if run.version else run.name)
                self.run.addItem(words, str(run.number))
        if project.run:
            self.run.setCurrentIndex(self.run.findData(str(project.run.number)))
        self.run.setVisible(len(project.runs) > 1)

    def _show_edit(self, _outcome: Outcome) -> None:
        self._show_state()
        self._show_titles()

    def _show_titles(self) -> None:
        last = self._session.last
        self.undo.setEnabled(bool(last.undo_title))
        self.redo.setEnabled(bool(last.redo_title))
        self.undo.setToolTip(f"Undo: {last.undo_title}" if last.undo_title else "Nothing to undo")
        self.redo.setToolTip(f"Redo: {last.redo_title}" if last.redo_title else "Nothing to redo")
