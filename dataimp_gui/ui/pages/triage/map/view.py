"""The examples as points: what is alike lies near, and what is drawn around is selected."""

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLabel, QStackedLayout, QWidget

from dataimp_gui.core.model import Change, ColumnInfo, Field, Rows
from dataimp_gui.progress import Progress
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import icon_button
from dataimp_gui.ui.kit.scatter import Hand, Scatter
from dataimp_gui.ui.kit.strip import Thumb
from dataimp_gui.ui.pages.triage import kin
from dataimp_gui.ui.pages.triage.map import colours
from dataimp_gui.ui.pages.triage.map.card import LassoCard
from dataimp_gui.ui.pages.triage.map.colours import OUTCOME, Colouring
from dataimp_gui.ui.pages.triage.map.parts import MapLegend, Peek
from dataimp_gui.ui.pages.triage.study import Study, Task
from dataimp_gui.ui.pages.triage.titles import Titles
from dataimp_gui.ui.session import Session

KEY: Final = "map"
PLACING: Final = "The examples are being placed. The first map comes in a moment."
WAITS: Final = "The map comes as soon as the work that is running is done."
NAMED: Final = {OUTCOME: "Outcome", colours.SLICES: "Slices"}
HANDS: Final = ((Hand.LASSO, "lasso", "Draw around"), (Hand.BOX, "box", "Draw a box"), (Hand.PAN, "hand", "Move"))


class MapView(QWidget):
    review_wanted = Signal()
    slice_wanted = Signal()
    opened = Signal()
    _stepped = Signal(object)  # a layout on its way, from the worker

    def __init__(self, session: Session, study: Study, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._study = session, study
        self._columns: dict[str, ColumnInfo] = {}
        self._titles: Titles | None = None
        self._laid_out = False  # or on its way
        self._xy: npt.NDArray[np.float32] | None = None
        self._coloured: Colouring | None = None
        self._telling = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._stepped.connect(self._show_step)  # a bound method of this object: it runs on its thread
        self.scatter = Scatter()
        self.card = LassoCard(self.scatter)
        self._legend = MapLegend(self.scatter)
        self._peek = Peek(self.scatter)
        self.colour = QComboBox()
        self.colour.setAccessibleName("Colour by")
        self.colour.setMinimumWidth(150)
        self._title = parts.Elided(size="small", colour="muted")
        column = parts.column(self, gap=0)
        column.addLayout(self._build_head())
        self._stack = QStackedLayout()
        column.addLayout(self._stack, 1)  # before its pages: one without a parent would be shown as a window
        self._stack.addWidget(self.scatter)
        self._stack.addWidget(self._build_nothing())
        self.colour.activated.connect(lambda _: self._colour())
        self.scatter.lassoed.connect(self._choose)
        self.scatter.clicked.connect(self._click)
        self.scatter.opened.connect(self._open)
        self.scatter.hovered.connect(self._hover)
        self.scatter.moved.connect(self._peek.hide)
        self.card.review_wanted.connect(self.review_wanted)
        self.card.slice_wanted.connect(self.slice_wanted)
        self.card.closed.connect(self._close_card)
        session.answered.connect(self._show_rows)
        session.predicted.connect(self._colour)
        session.changed.connect(self._follow)
        session.selected.connect(self._follow_selection)
        study.learned.connect(self._lay_out)
        study.changed.connect(self._lay_out)

    def _build_head(self) -> QHBoxLayout:
        head = parts.row(gap=8, margins=(16, 10, 16, 6))
        head.addWidget(parts.text("Map", size="title", strong=True))
        head.addWidget(self._title, 1)
        head.addWidget(self.colour)
        self._hands = QButtonGroup(self)
        for hand, icon, words in HANDS:
            made = icon_button(icon, words, checkable=True)
            made.setChecked(hand is self.scatter.hand)
            made.clicked.connect(lambda _=False, hand=hand: self.use(hand))
            self._hands.addButton(made)
            head.addWidget(made)
        fit = icon_button("fit", "Show all", key="Home")
        fit.clicked.connect(self.scatter.fit)
        head.addWidget(fit)
        return head

    def _build_nothing(self) -> QWidget:
        nothing = QWidget()
        middle = parts.column(nothing, gap=12)
        self.words = QLabel("", alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.compute = parts.button("Compute embeddings", kind="primary")
        self.compute.clicked.connect(self._embed)
        middle.addStretch(1)
        middle.addWidget(self.words)
        middle.addWidget(self.compute, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        return nothing

    def _embed(self) -> None:
        self.setFocus()  # the button goes away
        self._study.start(Task.EMBED)

    def take_focus(self) -> None:
        """The keyboard goes to the map, or to what stands in its place."""
        shown = self._stack.currentWidget() is self.scatter
        (self.scatter if shown else self.compute if self.compute.isVisible() else self).setFocus()

    def use(self, hand: Hand) -> None:
        """What a drag does from now on."""
        self.scatter.hand = hand
        for button, (other, _, _) in zip(self._hands.buttons(), HANDS, strict=True):
            button.setChecked(hand is other)

    # the layout

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()
        self._show_rows()

    def _lay_out(self) -> None:
        """Ask for the map, or say what it needs."""
        if not self.isVisible() or self._laid_out:
            return
        if not self._study.standing.is_embedded:
            self._say_what_is_missing()
            return
        self._laid_out = True
        if self._xy is None:
            self._tell(WAITS if self._study.running else PLACING)
        project = self._session.project
        count = project.size
        self._session.reads.start(
            lambda progress: project.analysis.projection(progress, self._stepped.emit),
            self._show_last,
            key=KEY,
            title=f"Laying out {count:,} examples",
            failed=self._fail,
        )

    def _say_what_is_missing(self) -> None:
        study, standing = self._study, self._study.standing
        coming = study.is_coming(Task.EMBED) or study.is_coming(Task.SEARCH)
        if coming:
            words = "The examples are being compared. The map comes right after."
        elif study.failure:
            words = study.failure
        elif standing.can_embed:
            words = "The map needs embeddings: what each example looks like, in numbers."
        else:
            words = (
                "These examples have nothing that could be compared. Add an embedding of your own with dataimp embed."
            )
        self.words.setText(words)
        time = f", {standing.embed_words}" if standing.embed_words else ""
        self.compute.setText(f"Compute embeddings{time}")
        self.compute.setVisible(standing.can_embed and not coming)
        self._stack.setCurrentIndex(1)

    def _tell(self, words: str) -> None:
        """In the place of the map, with nothing to be done about it."""
        self.words.setText(words)
        self.compute.hide()
        self._stack.setCurrentIndex(1)

    def _fail(self, error: Exception) -> None:
        self._laid_out = False
        self._tell(str(error))

    def _show_step(self, xy: npt.NDArray[np.float32]) -> None:
        self._show(xy, "first layout, still moving")

    def _show_last(self, xy: npt.NDArray[np.float32]) -> None:
        embedding = self._session.project.analysis.embedding
        self._show(xy, f"t-SNE of {embedding.name}" if embedding else "")

    def _show(self, xy: npt.NDArray[np.float32], words: str) -> None:
        first = self._xy is None
        self._xy = xy
        self._stack.setCurrentIndex(0)
        if self.hasFocus():
            self.scatter.setFocus()
        self.scatter.set_points(xy)
        missing = int((~np.isfinite(xy).all(axis=1)).sum())
        gone = f" · {missing:,} cannot be placed" if missing else ""
        self._title.show_words(f"{words}{gone}")
        if first or self._coloured is None:
            self._colour()
        else:
            self._paint()
        self._show_rows()

    # colours

    def show_columns(self, columns: tuple[ColumnInfo, ...], titles: Titles) -> None:
        self._titles = titles
        self._columns = {column.name: column for column in columns}
        project = self._session.project
        self._columns.setdefault(colours.SLICES, colours.SLICE_COLUMN)
        has_slices = self._columns[colours.SLICES] is colours.SLICE_COLUMN and bool(project.slices.saved())
        names = colours.offered(columns, has_run=bool(project.runs), has_slices=has_slices)
        kept = self.colour.currentData()
        self.colour.clear()
        for name in names:
            self.colour.addItem(NAMED.get(name) or theme.one_line(titles.of(name)), name)
        at = self.colour.findData(kept)
        self.colour.setCurrentIndex(at if at >= 0 else 0)
        if self._coloured is None:
            self._colour()

    def _colour(self) -> None:
        name = self.colour.currentData()
        if self._xy is None or name is None:
            return
        project, run, column = self._session.project, self._session.predictions, self._columns.get(name)
        self._session.reads.start(
            lambda progress: colours.colouring(project, run, None if name == OUTCOME else column, progress),
            self._show_colours,
            key="map colours",
        )

    def _show_colours(self, coloured: Colouring) -> None:
        self._coloured = coloured
        self._paint()

    def _paint(self) -> None:
        coloured, xy = self._coloured, self._xy
        if coloured is None or xy is None or len(coloured.codes) != len(xy):
            return
        self.scatter.set_colours(coloured.codes, coloured.palette(), coloured.crossed)
        self._legend.show_colours(coloured)
        self._label()

    def _label(self) -> None:
        """Names in the middle of their classes, whatever the colours say."""
        if self._xy is None:
            return
        project, xy, rows = self._session.project, self._xy, self._session.rows
        shown = np.zeros(len(xy), dtype=np.bool_)
        shown[rows] = True

        def middles(progress: Progress) -> list[tuple[float, float, str]]:
            label = self._columns.get("label")
            coloured = self._coloured
            if coloured is None or coloured.column == OUTCOME or coloured.shades:
                coloured = colours.colouring(project, None, label, progress) if label else coloured
            return colours.centres(xy, coloured, shown) if coloured else []

        self._session.reads.start(middles, self.scatter.set_labels, key="map labels")

    def _follow(self, change: Change) -> None:
        if change.touches(Field.SLICE) and self._titles is not None:
            self.show_columns(tuple(c for c in self._columns.values() if c is not colours.SLICE_COLUMN), self._titles)
        if change.touches(Field.LABEL | Field.RUN | Field.TAG | Field.SPLIT | Field.SLICE) and self._xy is not None:
            self._colour()
        if change.touches(Field.EMBEDDING):
            self._laid_out, self._xy = False, None
            self._lay_out()

    # what is shown and chosen

    def _show_rows(self) -> None:
        if self._xy is None:
            return
        rows, count = self._session.rows, len(self._xy)
        if len(rows) == count:
            self.scatter.set_shown(None)
        else:
            shown = np.zeros(count, dtype=np.bool_)
            shown[rows] = True
            self.scatter.set_shown(shown)
        self._label()
        self._show_chosen()

    def _show_chosen(self) -> None:
        self.scatter.set_chosen(self._session.selection)

    def _follow_selection(self) -> None:
        self._show_chosen()
        if not self._telling:
            self._close_card()

    def _choose(self, points: Rows, add: bool) -> None:
        rows = np.concatenate([self._session.selection, points]) if add else points
        ordered = self._session.rows[self._session.places(rows)]
        self._telling = True
        self._session.select(ordered, int(ordered[0]) if len(ordered) else -1)
        self._telling = False
        if len(ordered):
            self.card.tell(self._session, ordered)
        else:
            self._close_card()

    def _click(self, point: int, add: bool) -> None:
        if point < 0:
            if not add:
                self._session.select(self._session.rows[:0], self._session.current)
            return
        chosen = self._session.selection
        if add:
            chosen = chosen[chosen != point] if point in chosen else np.append(chosen, point)
        else:
            chosen = np.array([point], dtype=np.int64)
        self._session.select(chosen, point)

    def _open(self, point: int) -> None:
        self._click(point, False)
        self.opened.emit()

    def _close_card(self) -> None:
        self.card.hide()
        self.scatter.forget_outline()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.card.place()
        self._legend.place()

    # the mouse over a point

    def _hover(self, point: int) -> None:
        self._peek.hide()
        if point < 0:
            self._session.reads.cancel("peek")
            return
        project, run = self._session.project, self._session.predictions
        self._session.reads.start(
            lambda progress: kin.thumbs(project, [point], run, progress)[point],
            lambda thumb: self._show_peek(point, thumb),
            key="peek",
        )

    def _show_peek(self, point: int, thumb: Thumb) -> None:
        if self._xy is not None:
            x, y = map(float, self._xy[point])
            self._peek.tell(thumb, self.scatter.to_view(x, y).toPoint())
