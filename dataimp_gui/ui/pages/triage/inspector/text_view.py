"""The text in the inspector: read whole, searched, and coloured by the words that speak for the prediction."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QToolButton, QWidget

from dataimp_gui.core.features.text_surrogate import Spoken, Surrogate
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import icon_button, text
from dataimp_gui.ui.pages.triage.inspector import detail
from dataimp_gui.ui.pages.triage.inspector.detail import Detail
from dataimp_gui.ui.session import Session

Line = QTextCharFormat.UnderlineStyle

KEY: Final = "words that speak"
MOST_SPOKEN: Final = 300  # words that are coloured
WEAKEST: Final = 0.12  # of the strongest word's weight
MOST_MARKED: Final = 1000  # places of what was searched that are coloured; all are counted


class TextView(QWidget):
    def __init__(self, session: Session, tools: Sequence[QToolButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._row = session, -1
        self._places: list[tuple[int, int]] = []
        self._here = -1
        self._spoken: list[Spoken] = []
        self.reading = QPlainTextEdit(readOnly=True)
        self.reading.setObjectName("reading")
        self.reading.setAccessibleName("Text of this example")
        self.reading.setMinimumHeight(160)
        self.reading.setMaximumHeight(260)
        self.field = QLineEdit(placeholderText="Find in this text", clearButtonEnabled=True)
        self.field.setAccessibleName("Find in this text")
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.count = text(size="small", colour="secondary")
        self.back, self.on = icon_button("chevron-up", "Previous place"), icon_button("chevron-down", "Next place")
        self.back.clicked.connect(lambda: self.step(-1))
        self.on.clicked.connect(lambda: self.step(1))
        self.speaking = icon_button("sparkle", "Colour the words that speak for the prediction", checkable=True)
        self.speaking.toggled.connect(self._speak)
        self.legend = text(size="small", colour="secondary")
        self.legend.setWordWrap(True)
        self.legend.setContentsMargins(12, 0, 12, 4)
        self.legend.hide()
        self.cut = text(size="small", colour="warn")
        self.cut.setContentsMargins(12, 4, 12, 0)
        self.cut.hide()
        line = QWidget()
        row = parts.row(line, gap=4, margins=(8, 4, 8, 4))
        row.addWidget(self.field, 1)
        for widget in (self.count, self.back, self.on, self.speaking, *tools):
            row.addWidget(widget)
        column = parts.column(self, gap=0)
        column.addWidget(self.reading)
        column.addWidget(self.cut)
        column.addWidget(line)
        column.addWidget(self.legend)
        self._search()

    def show_detail(self, shown: Detail | None) -> None:
        self._row = -1 if shown is None else shown.example.row
        amount = len(shown.example.text) if shown else 0
        self.cut.setText(f"Only the first {detail.LONGEST:,} of {amount:,} characters are shown.")
        self.cut.setVisible(amount > detail.LONGEST)
        words = shown.example.text[: detail.LONGEST] if shown else ""
        if self.reading.toPlainText() != words:
            self.reading.setPlainText(words)
            self._spoken = []
            self._search()
        self._speak()

    @property
    def ways(self) -> dict[str, object]:
        return {"words": self.speaking.isChecked()}

    def restore_ways(self, ways: Mapping[str, object]) -> None:
        self.speaking.setChecked(ways.get("words") is True)

    # words that speak

    def _speak(self) -> None:
        """Ask which words do; the first time, the imitation of the run is learned, which is shown as a job."""
        self.legend.setVisible(self.speaking.isChecked())
        self._session.reads.cancel(KEY)
        row = self._row
        if not self.speaking.isChecked() or row < 0:
            self._spoken = []
            self.legend.setText("")
            self._mark()
            return
        analysis = self._session.project.analysis
        is_new = analysis.speaking.known is None
        if is_new:
            self.legend.setText("Learning which words speak for the predictions of this run…")
        self._session.reads.start(
            lambda progress: analysis.speaking.words(row, progress),
            lambda found: self._show_spoken(row, *found),
            key=KEY,
            title="Learning which words speak for a prediction" if is_new else "",
            failed=self._show_failure,
        )

    def _show_spoken(self, row: int, model: Surrogate, predicted: str, spoken: list[Spoken]) -> None:
        if row != self._row:
            return
        self._spoken = _strongest(spoken)
        self.legend.setText(_legend(model, predicted, bool(self._spoken)))
        self._mark()

    def _show_failure(self, error: Exception) -> None:
        self._spoken = []
        self.legend.setText(" ".join((str(error), getattr(error, "hint", ""))).strip())
        self._mark()

    def spoken(self) -> list[tuple[str, float]]:
        """The words that are coloured with their weight, in reading order."""
        whole = self.reading.toPlainText()
        return [(whole[each.start : each.end], each.weight) for each in self._spoken]

    # searching

    def _search(self) -> None:
        """What was typed stays when another text comes: the same words are often looked for in all of them."""
        whole, wanted = self.reading.toPlainText(), self.field.text()
        found = list(re.finditer(re.escape(wanted), whole, re.IGNORECASE)) if wanted else []
        units = _units(whole)
        self._places = [(int(units[each.start()]), int(units[each.end()])) for each in found]
        self.back.setEnabled(bool(found))
        self.on.setEnabled(bool(found))
        self._here = -1
        self._mark()
        self.step(1)

    def step(self, by: int) -> None:
        """To the next place, or the one before, round the ends."""
        if not self._places:
            self.count.setText("none" if self.field.text() else "")
            cursor = self.reading.textCursor()
            cursor.clearSelection()
            self.reading.setTextCursor(cursor)
            return
        self._here = (self._here + by) % len(self._places)
        cursor = self.reading.textCursor()
        start, end = self._places[self._here]
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.reading.setTextCursor(cursor)
        self.reading.ensureCursorVisible()
        self.count.setText(f"{self._here + 1:,} of {len(self._places):,}")

    def _mark(self) -> None:
        """What speaks, and over it what is found; for and against differ by their line as well as by colour."""
        units = _units(self.reading.toPlainText()).tolist()
        last = len(units) - 1
        most = max((abs(each.weight) for each in self._spoken), default=1.0)
        marks = []
        for each in self._spoken:
            ground = theme.color("accent.base" if each.weight > 0 else "err.base")
            ground.setAlphaF(0.12 + 0.43 * abs(each.weight) / most)
            line = Line.SingleUnderline if each.weight > 0 else Line.DashUnderline
            marks.append(self._coloured(units[min(each.start, last)], units[min(each.end, last)], ground, line))
        found = self._places[:MOST_MARKED]
        marks += [self._coloured(start, end, theme.color("warn.tint"), Line.NoUnderline) for start, end in found]
        self.reading.setExtraSelections(marks)

    def _coloured(self, start: int, end: int, ground: QColor, line: Line) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.reading.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(ground)
        form.setUnderlineStyle(line)
        mark = QTextEdit.ExtraSelection()
        mark.cursor, mark.format = cursor, form
        return mark

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Enter and Shift+Enter walk through the places, Esc empties the field."""
        if not isinstance(event, QKeyEvent):
            return False
        is_key = event.type() is QEvent.Type.KeyPress
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if is_key:
                self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
            case Qt.Key.Key_Escape if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            case Qt.Key.Key_Escape if is_key:
                self.field.clear()
                self.window().setFocus()
                return True
        return False


def _strongest(spoken: Sequence[Spoken]) -> list[Spoken]:
    """Weak words are left without colour, so that the strong ones are seen; in reading order."""
    most = max((abs(each.weight) for each in spoken), default=0.0)
    strong = [each for each in spoken if abs(each.weight) >= WEAKEST * most]
    chosen = sorted(strong, key=lambda each: -abs(each.weight))[:MOST_SPOKEN]
    return sorted(chosen, key=lambda each: each.start)


def _legend(model: Surrogate, predicted: str, has_words: bool) -> str:
    about = (
        f"This is a simple word model that imitates the run, not the run itself: on {model.judged:,} texts that it had "
        f"not seen it agrees with the run on {model.agreement:.1%} (always the most usual label: {model.guessing:.1%})."
    )
    if not predicted:
        return f"The run predicts nothing here. {about}"
    if not has_words:
        return f"No word of this text speaks for or against {theme.one_line(predicted)}. {about}"
    return f"Underlined blue speaks for {theme.one_line(predicted)}, dashed orange against it. {about}"


def _units(words: str) -> npt.NDArray[np.int64]:
    """Where each character, and the end, lies in the UTF-16 units that Qt counts."""
    points = np.frombuffer(words.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.concatenate([[0], np.cumsum(1 + (points > 0xFFFF))]).astype(np.int64)
