"""The right panel: the labels with their keys, what else can be done with an example, the count of this session."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QScrollArea, QWidget

from dataimp_gui.core.reviewing import Verb
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import chip, clear, flow, section_title, text
from dataimp_gui.ui.pages.review.keyed import KeyedButton
from dataimp_gui.ui.pages.review.labels import Choice, Choices
from dataimp_gui.ui.pages.review.tally import Tally
from dataimp_gui.ui.session import FLAGGED


class Deciding(QWidget):
    chosen = Signal(str)
    listing = Signal()
    excluded = Signal()
    flagged = Signal()
    skipped = Signal()
    tagging = Signal()
    noted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = parts.column(self, gap=0)
        column.addWidget(self._build_header())
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setObjectName("panelScroll")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._build_body())
        column.addWidget(self._scroll, 1)

    def _build_header(self) -> QWidget:
        header = QWidget()
        header.setObjectName("panelHeader")
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        header.setFixedHeight(40)
        row = parts.row(header, gap=8, margins=(14, 0, 14, 0))
        row.addWidget(text("Label", strong=True))
        row.addStretch(1)
        self._how = text("model probability", size="small", colour="muted")
        row.addWidget(self._how)
        return header

    def _build_body(self) -> QWidget:
        body = QWidget()
        body.setObjectName("panelBody")
        column = parts.column(body, gap=6, margins=(12, 10, 12, 12))
        self.choices = Choices()
        self.choices.chosen.connect(self.chosen)
        self.all = KeyedButton("All labels…", "L")
        self.all.clicked.connect(self.listing)
        self.exclude = KeyedButton("Exclude", "X", icon="slash")
        self.flag = KeyedButton("Flag", "F", icon="flag")
        self.skip = KeyedButton("Skip", "S", icon="chevron-right")
        for button, signal in ((self.exclude, self.excluded), (self.flag, self.flagged), (self.skip, self.skipped)):
            button.clicked.connect(signal)
        self.tag = KeyedButton("Tag…", "T", icon="tag")
        self.tag.clicked.connect(self.tagging)
        self.note = NoteField()
        self.note.finished.connect(self.noted)
        pairs = QGridLayout()
        pairs.setSpacing(6)
        for place, button in enumerate((self.exclude, self.flag, self.skip, self.tag)):
            pairs.addWidget(button, place // 2, place % 2)
        self._tags = QWidget()
        self._tag_flow = flow(self._tags)
        self.tally = Tally()
        self._note = text(size="small", colour="secondary")
        self._note.setWordWrap(True)
        column.addWidget(self.choices)
        column.addWidget(self.all, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(pairs)
        column.addWidget(self.note)
        column.addWidget(self._tags)
        column.addSpacing(6)
        column.addWidget(section_title("This session"))
        column.addWidget(self.tally)
        column.addWidget(self._note)
        column.addStretch(1)
        return body

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        rest = self.tally.sizeHint().height() + 40 + 240  # the header, the buttons, titles and gaps
        self.choices.set_room(self.height() - rest)

    def show_choices(self, choices: Sequence[Choice], *, more: bool) -> None:
        """``more``: there are labels that no key holds."""
        self.choices.show_choices(choices)
        self.all.setVisible(more)
        self._how.setVisible(any(choice.probability is not None for choice in choices))

    def show_example(self, tags: Sequence[str], note: str) -> None:
        clear(self._tag_flow)
        for name in tags:
            self._tag_flow.addWidget(chip(name, kind="warn" if name == FLAGGED else ""))
        self._tags.setVisible(bool(tags))
        self.note.show_note(note)

    def show_tally(self, counts: Mapping[Verb, int], unreadable: int) -> None:
        self.tally.show_counts(counts)
        changed = counts.get(Verb.ACCEPT, 0) + counts.get(Verb.RELABEL, 0)
        said = [f"{changed:,} label{'' if changed == 1 else 's'} changed. Re-run the model to measure."] * bool(changed)
        said += [f"{unreadable:,} could not be read and was left out."] * bool(unreadable)
        self._note.setText("\n".join(said))
        self._note.setVisible(bool(said))

    def show_enabled(self, on: bool) -> None:
        for widget in (self.choices, self.all, self.exclude, self.flag, self.skip, self.tag, self.note):
            widget.setEnabled(on)


class NoteField(QLineEdit):
    """Enter or leaving it hands over what was written; Esc drops it."""

    finished = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, placeholderText="Note  (N)")
        self.setAccessibleName("Note on this example")
        self._before = ""
        self.returnPressed.connect(self._leave)

    def show_note(self, note: str) -> None:
        self._before = note
        self.setText(note)

    def _leave(self) -> None:
        """The next key is about the example again."""
        self.window().setFocus()

    def event(self, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() is QEvent.Type.ShortcutOverride:  # whatever Esc does elsewhere
            event.accept()
            return True
        if escape and event.type() is QEvent.Type.KeyPress:
            self.setText(self._before)
            self._leave()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        words = self.text().strip()
        if words != self._before:
            self._before = words
            self.finished.emit(words)
