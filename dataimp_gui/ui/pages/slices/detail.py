"""The panel beside the table: one slice, what would be won by it, what to do about it, and why it fails."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QScrollArea, QStackedWidget, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, icon_button, key_button, section_title, text
from dataimp_gui.ui.kit.share_bar import ShareBar
from dataimp_gui.ui.kit.twin_bars import TwinBars
from dataimp_gui.ui.pages.slices import words
from dataimp_gui.ui.pages.slices.board import Board, Line
from dataimp_gui.ui.pages.slices.comparing import versus_lines
from dataimp_gui.ui.pages.slices.headroom import Headroom
from dataimp_gui.ui.pages.slices.reading import Reading
from dataimp_gui.ui.pages.slices.samples import Samples
from dataimp_gui.ui.pages.slices.trend import Trend

MOST_INSTEAD: Final = 8


class Detail(QWidget):
    review_wanted = Signal()
    save_wanted = Signal()
    open_wanted = Signal()
    export_wanted = Signal()
    rename_wanted = Signal()
    remove_wanted = Signal()
    tried = Signal(str)  # another rule for this slice
    instead_picked = Signal(str)  # a class that is predicted instead
    example_picked = Signal(int)  # a row

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.line: Line | None = None
        self.title = Elided(strong=True)
        self._badge = parts.row(gap=0)
        self.rename = icon_button("pencil", "Rename the slice", key="F2")
        self.rename.clicked.connect(self.rename_wanted)
        self.remove = icon_button("close", "Remove the slice", key="Del")
        self.remove.clicked.connect(self.remove_wanted)
        head = QWidget()
        head.setObjectName("panelHeader")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head.setFixedHeight(44)
        top = parts.row(head, gap=8, margins=(16, 0, 8, 0))
        top.addWidget(self.title)
        top.addLayout(self._badge)
        top.addStretch(1)
        top.addWidget(self.rename)
        top.addWidget(self.remove)
        self._body = self._made_body()
        self._empty = text("Choose a slice to see how it differs from the rest", colour="muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._body)
        self._stack.addWidget(scroll)
        column = parts.column(self, gap=0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        self.show_line(None, Board())

    def _made_body(self) -> QWidget:
        body = QWidget()
        body.setObjectName("panelBody")
        self.rule = QLineEdit()
        self.rule.setFont(theme.mono("small"))
        self.rule.setAccessibleName("Rule of the slice")
        self.rule.returnPressed.connect(self._try)
        self.why = text(size="small", colour="muted")
        self.why.setWordWrap(True)
        self.headroom = Headroom()
        self.review = key_button("Review labels", "R", kind="primary")
        self.save = key_button("Save", "S")
        self.augment = key_button("Augment", "A")
        self.augment.setToolTip("Augment for this slice (A)")
        self.collect = key_button("Plan collection", "C")
        self.collect.setToolTip("Plan a collection for this slice (C)")
        self.open = key_button("Open in Triage", "Enter")
        self.export = key_button("Export…", "E")
        self.export.setToolTip("Write the examples of the slice to a CSV file (E)")
        for button, signal in (
            (self.review, self.review_wanted),
            (self.save, self.save_wanted),
            (self.open, self.open_wanted),
            (self.export, self.export_wanted),
        ):
            button.clicked.connect(signal)
        actions = QGridLayout()
        actions.setSpacing(8)
        for place, button in enumerate((self.review, self.save, self.augment, self.collect, self.open, self.export)):
            actions.addWidget(button, place // 2, place % 2)
        self.versus = TwinBars("Slice against the rest")
        self._versus = _part("Slice vs rest", "upper bar: slice, lower: rest", self.versus)
        self.instead = ShareBar("Predicted instead")
        self.instead.picked.connect(lambda number: self.instead_picked.emit(self.instead.shares[number][0]))
        self._instead = _part("Why it fails", "predicted instead", self.instead)
        self.samples = Samples()
        self.samples.picked.connect(self.example_picked)
        self.trend = Trend()
        column = parts.column(body, gap=12, margins=(16, 12, 16, 16))
        column.addWidget(self.rule)
        column.addWidget(self.why)
        column.addWidget(self.headroom)
        column.addLayout(actions)
        for widget in (self._versus, self._instead, self.samples, self.trend):
            column.addWidget(widget)
        column.addStretch(1)
        return body

    # what is shown

    def show_line(self, line: Line | None, board: Board) -> None:
        """What the table knows by itself; the rest follows with `show_reading`."""
        same = line is not None and self.line is not None and line.key == self.line.key
        self.line = line
        self._stack.setCurrentIndex(0 if line is None else 1)
        for widget in (self.rename, self.remove):
            widget.setVisible(line is not None and line.is_saved)
        parts.clear(self._badge)
        if line is None:
            self.title.show_words("No slice")
            return
        measured = line.measured
        self.title.show_words(line.name)
        kind, icon = words.BADGES[measured.status]
        chip = parts.chip(measured.status.value, kind, icon)
        chip.setToolTip(words.about(measured))
        self._badge.addWidget(chip)
        self.rule.setText(line.slice.where)
        self.rule.setCursorPosition(0)
        self.rule.setPlaceholderText("" if line.slice.where else line.rule)
        self.rule.setReadOnly(not line.slice.where)
        self.rule.setToolTip("Change the rule and press Enter to measure it")
        self.rule.setProperty("wrong", "true" if line.broken else "false")
        self.rule.style().polish(self.rule)
        said = line.broken or words.sentences(line.slice.why, measured.reason)
        self.why.setText(said)
        self.why.setVisible(bool(said))
        self.headroom.show_figures(measured, board)
        self.headroom.setVisible(not line.broken)
        self.save.setEnabled(not line.is_saved and not line.broken)
        self.save.setToolTip("It is saved" if line.is_saved else "Keep this slice under a name (S)")
        for button in (self.review, self.augment, self.collect, self.open, self.export):
            button.setEnabled(bool(len(line.rows)))
        if not same:
            self.show_reading(None, board)

    def show_reading(self, reading: Reading | None, board: Board) -> None:
        """None while it is being read."""
        line = self.line
        if line is None:
            return
        versus = versus_lines(line, board, reading) if not line.broken else []
        self.versus.show_lines(versus)
        self._versus.setVisible(bool(versus))
        instead = list(reading.instead[:MOST_INSTEAD]) if reading else []
        if reading and (others := sum(count for _, count in reading.instead[MOST_INSTEAD:])):
            instead.append(("others", others))
        self.instead.show_shares(instead)
        self._instead.setVisible(bool(instead))
        self.samples.show_reading(reading)
        self.trend.show_reading(reading)
        if reading is not None and len(line.rows):
            found = len(reading.suspects)
            likely = f", {found:,} with a likely wrong label first" if found else ""
            self.review.setToolTip(f"Review {words.errors(len(reading.errors))} of this slice{likely} (R)")

    def _try(self) -> None:
        typed = self.rule.text().strip()
        if typed and self.line is not None and typed != self.line.slice.where:
            self.tried.emit(typed)


def _part(title: str, note: str, content: QWidget) -> QFrame:
    made = QFrame()
    head = parts.row(gap=8)
    head.addWidget(section_title(title))
    head.addStretch(1)
    head.addWidget(text(note, size="caption", colour="muted"))
    column = parts.column(made, gap=6)
    column.addLayout(head)
    column.addWidget(content)
    return made
