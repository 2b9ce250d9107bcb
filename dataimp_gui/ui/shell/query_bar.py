"""The one filter of the window: a line of SQL with its values and fields coloured, and what is wrong with it below."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QWidget

from dataimp_gui.core.model import ColumnInfo
from dataimp_gui.errors import QueryError
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import icon_button, sign
from dataimp_gui.ui.shell import completing
from dataimp_gui.ui.shell.completing import Offer, Offers
from dataimp_gui.ui.shell.offers import LINES, OfferList
from dataimp_gui.ui.shell.query_chips import QueryChips
from dataimp_gui.ui.shell.query_line import Highlighter, QueryLine
from dataimp_gui.ui.shell.query_note import QueryNote
from dataimp_gui.ui.shell.query_parts import QueryParts

HEIGHT: Final = 32
PAUSE_MS: Final = 150
MOST_REMEMBERED: Final = 50


class QueryBar(QFrame):
    """``columns`` and the values that were asked for complete what is typed. Plain words are searched for."""

    asked = Signal(str)
    values_wanted = Signal(str)  # of a column; `know_values` brings them

    def __init__(self, example: str = "label = 'Shirt' and error", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queryBar")
        self._fit()
        self.field = QueryLine()
        self.field.setPlaceholderText(f"Filter examples, e.g.  {example}")
        self.field.setAccessibleName("Filter examples")
        self._colours = Highlighter(self.field.document())
        self.parts = QueryParts(self.field)
        self.chips = QueryChips(self.field, self.parts)
        self.parts.dropped.connect(self._replace)
        self._clear = icon_button("close", "Clear the filter")
        self._clear.clicked.connect(self.clear)
        self.bookmark = icon_button("bookmark", "Saved views", key="Ctrl+D", checkable=True)
        self._wrong = QueryNote(self)
        self._error: QueryError | None = None
        self._sent = ""
        self._meant = ""  # the clause that plain words stand for
        self._columns: Sequence[ColumnInfo] = ()
        self._values: dict[str, Sequence[str]] = {}
        self._asked_values: set[str] = set()
        self.history: list[str] = []  # newest first
        self.offers = OfferList(self)
        self.offers.picked.connect(self._take)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._send)
        row = parts.row(self, gap=6, margins=(9, 0, 3, 0))
        row.addWidget(sign("search", "text.muted"))
        row.addWidget(self.field, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.bookmark)
        row.addWidget(self._clear)
        self.field.textChanged.connect(self._typed)
        self.field.entered.connect(self._enter)
        self.field.accepts = self._accept
        self.field.stepped.connect(self._step)
        self.field.closes = self._close_offers
        self.field.focused.connect(self._show_focus)
        self._clear.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._colours.rehighlight()
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(theme.line_height(HEIGHT))

    def text(self) -> str:
        return self.field.toPlainText()

    def clear(self) -> None:
        self._replace("")

    def _replace(self, query: str) -> None:
        self.field.setPlainText(query)
        self.field.moveCursor(QTextCursor.MoveOperation.End)
        self.offers.hide()
        self._send()

    def show_query(self, query: str) -> None:
        """What somebody else wrote into the one text; nothing is asked."""
        self._sent = query
        if query and query == self._meant and self.field.hasFocus():
            return  # the plain words stay as long as they are typed
        self._meant = ""
        if query != self.text().strip():  # a space at the end belongs to the word that comes next
            self.field.setPlainText(query)
            self.field.moveCursor(QTextCursor.MoveOperation.End)
        self._pause.stop()
        self.show_error(None, 0)

    def show_error(self, error: QueryError | None, still: int) -> None:
        """Below the line, with the place marked; ``still`` is how many examples the last valid filter shows."""
        self._error = error
        self._mark("wrong", error is not None)
        self._colours.mark(error.start if error else -1, error.length if error else 0)
        if error is None:
            self._wrong.hide()
        elif not self.offers.shown:
            self._wrong.tell(error, f"Results below still show the last valid filter, {still:,}")

    # completion

    def know_columns(self, columns: Sequence[ColumnInfo]) -> None:
        self._columns = columns

    def know_values(self, column: str, values: Sequence[str]) -> None:
        self._values[column] = values
        if self.field.hasFocus() and column in self._asked_values:
            self._offer()

    def forget_values(self) -> None:
        """They may have become others."""
        self._values.clear()
        self._asked_values.clear()

    def _found(self) -> Offers:
        return completing.offers(self.text(), self.field.textCursor().position(), self._columns, self._values.get)

    def _offer(self) -> None:
        found = self._found()
        if found.missing and found.missing not in self._asked_values:
            self._asked_values.add(found.missing)
            self.values_wanted.emit(found.missing)
        begun = self.text()[found.start : found.start + found.length]
        done = len(found.offers) == 1 and found.offers[0].insert.strip() == begun
        self.offers.show_offers(() if done else found.offers)
        if self.offers.shown:
            self._wrong.hide()

    def _step(self, by: int) -> None:
        """The arrows open the list: in an empty field that of what was asked before, then what can begin a filter."""
        if not self.offers.shown:
            past = [Offer(query, "asked before") for query in self.history[:LINES]] if not self.text().strip() else []
            self.offers.show_offers((*past, *self._found().offers))
        if self.offers.shown:
            self._wrong.hide()
            self.offers.step(by)

    def _take(self, words: str) -> None:
        """Write an offer in place of what was begun; one that was asked before takes the place of all."""
        found = self._found()
        cursor = self.field.textCursor()
        if words in self.history and words not in [offer.insert for offer in found.offers]:
            cursor.select(QTextCursor.SelectionType.Document)
        else:
            cursor.setPosition(found.start)
            cursor.setPosition(found.start + found.length, QTextCursor.MoveMode.KeepAnchor)
        space = "" if words.endswith((" ", "(", "%")) else " "
        cursor.insertText(words + space)
        self.field.setTextCursor(cursor)
        self.offers.hide()
        self._offer_next(words)

    def _offer_next(self, words: str) -> None:
        """After a column or a sign what follows is known; after a value the filter may be done."""
        if not words.startswith("'") and words not in self.history:
            self._offer()

    def _accept(self) -> bool:
        """At Tab."""
        if not self.offers.shown:
            return self._put_right()
        begun = self._found().length
        words = self.offers.chosen or (self.offers.shown[0] if begun else "")
        if words:
            self._take(words)
        else:
            self.offers.hide()
        return bool(words)

    def _close_offers(self) -> bool:
        """At Esc: the list goes first, then the focus."""
        was = bool(self.offers.shown)
        self.offers.hide()
        return was

    def _enter(self) -> None:
        if self.offers.chosen:
            self._take(self.offers.chosen)
            return
        self.offers.hide()
        self._send()
        self._remember()

    def _remember(self) -> None:
        """What was asked, newest first; plain words become the clause that they stand for."""
        if self._meant and self._sent == self._meant:
            self._meant = ""
            self.show_query(self._sent)
        if query := self._sent.strip():
            self.history = [query, *(other for other in self.history if other != query)][:MOST_REMEMBERED]

    def _put_right(self) -> bool:
        """Writes what was probably meant over what was written, when that is known and still stands there."""
        error, text = self._error, self.text()
        if error is None or not error.instead or text.strip() != self._sent.strip() or self._wrong.isHidden():
            return False
        cursor = self.field.textCursor()
        cursor.setPosition(len(text) - len(text.lstrip()) + error.start)
        cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, error.length)
        cursor.insertText(error.instead)
        self._send()
        return True

    def _show_focus(self, on: bool) -> None:
        self._mark("active", on)
        if not on:
            self._wrong.hide()
            self.offers.hide()
            if self._error is None:
                self._remember()

    def _mark(self, name: str, on: bool) -> None:
        self.setProperty(name, "true" if on else "false")
        self.style().unpolish(self)
        self.style().polish(self)

    @property
    def error_shown(self) -> str:
        return self._wrong.message if not self._wrong.isHidden() else ""

    def _typed(self) -> None:
        self._clear.setVisible(bool(self.text()))
        if self.text().strip() != self._sent.strip():
            self._pause.start()
        if self.field.hasFocus():
            self._offer() if self.text().strip() else self.offers.hide()

    def _send(self) -> None:
        self._pause.stop()
        query = self.text().strip()
        meant = completing.search(query, self._columns)
        self._meant, query = meant, meant or query
        if query != self._sent.strip():
            self._sent = query
            self.asked.emit(query)
