"""The right panel: the current example whole, its label rows, tags, note, fields and history."""

from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from dataimp_gui.core.model import Change, Example, Field, Modality
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.number_keys import NumberKeys
from dataimp_gui.ui.kit.parts import Elided, chip, clear, flow, icon_button, section_title, small_button, text
from dataimp_gui.ui.pages.triage.inspector import detail
from dataimp_gui.ui.pages.triage.inspector.detail import Detail
from dataimp_gui.ui.pages.triage.inspector.fields_view import FieldsView
from dataimp_gui.ui.pages.triage.inspector.findings_view import FindingsView
from dataimp_gui.ui.pages.triage.inspector.label_rows import LabelRows, rows_for
from dataimp_gui.ui.pages.triage.inspector.well import Well
from dataimp_gui.ui.pages.triage.study import Study
from dataimp_gui.ui.pages.triage.titles import Titles
from dataimp_gui.ui.session import FLAGGED, Session

SHOWN: Final = (
    Field.LABEL | Field.TAG | Field.EXCLUDED | Field.SPLIT | Field.NOTE | Field.REVIEWED | Field.RUN | Field.MEDIA
)


class Inspector(QWidget):
    stepped = Signal(int)  # -1 previous, 1 next
    labelled = Signal(str)
    tagging = Signal()
    listing = Signal()  # the list of all labels is wanted
    flagged = Signal()
    excluded = Signal()
    accepted = Signal()  # the suggested label is right
    kept = Signal(object)  # IssueKind: nothing of that kind is wrong
    similar_wanted = Signal()
    picked = Signal(int)  # another example is wanted on the screen

    def __init__(self, session: Session, study: Study, keys: NumberKeys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._session, self._keys = session, keys
        self.findings = FindingsView(session, study)
        self.findings.accepted.connect(self.accepted)
        self.findings.kept.connect(self.kept)
        self.findings.similar_wanted.connect(self.similar_wanted)
        self.findings.picked.connect(self.picked)
        self._is_sound = session.project.modality is Modality.AUDIO
        self._titles = Titles()
        self._shown: Detail | None = None
        self._noting = -1  # the row whose note is being written
        column = parts.column(self, gap=0)
        column.addWidget(self._build_header())
        column.addWidget(self._build_medium())
        column.addWidget(self._build_body(), 1)
        session.moved.connect(self._read)
        session.changed.connect(self._notice)
        session.predicted.connect(self.reread)
        session.selected.connect(self._count)
        session.answered.connect(self._count)
        self._show(None)

    # building

    def _build_header(self) -> QWidget:
        header = QWidget()
        header.setObjectName("panelHeader")
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        header.setFixedHeight(40)
        row = parts.row(header, gap=6, margins=(12, 0, 8, 0))
        self._id = Elided(strong=True)
        self._id.setFont(theme.mono())
        self._split = chip("")
        self._place = text(size="small", colour="secondary")
        back, on = icon_button("chevron-left", "Previous example"), icon_button("chevron-right", "Next example")
        back.clicked.connect(lambda: self.stepped.emit(-1))
        on.clicked.connect(lambda: self.stepped.emit(1))
        row.addWidget(self._id, 1)
        for widget in (self._split, self._place, back, on):
            row.addWidget(widget)
        return header

    def _build_medium(self) -> QWidget:
        self._well = Well()
        self.reading = QPlainTextEdit(readOnly=True)
        self.reading.setObjectName("reading")
        self.reading.setAccessibleName("Text of this example")
        self.reading.setMinimumHeight(160)
        self.reading.setMaximumHeight(260)
        exact = icon_button("zoom-in", "One picture pixel on one screen pixel", checkable=True, raised=True)
        exact.setParent(self._well)
        exact.setHidden(self._is_sound)
        flag = icon_button("flag", "Flag", raised=True)
        exclude = icon_button("slash", "Exclude", raised=True)
        exact.toggled.connect(self._well.set_exact)
        flag.clicked.connect(self.flagged)
        exclude.clicked.connect(self.excluded)
        for button in (flag, exclude) if self._is_sound else (exact, flag, exclude):
            self._well.add_button(button)
        modality = self._session.project.modality
        frame = QFrame()
        box = parts.column(frame, gap=0)
        box.addWidget(self._well)
        box.addWidget(self.reading)
        self._well.setHidden(modality not in (Modality.IMAGE, Modality.AUDIO))
        self.reading.setHidden(modality is not Modality.TEXT)
        return frame

    def _build_body(self) -> QWidget:
        body = QWidget()
        body.setObjectName("panelBody")
        column = parts.column(body, gap=4, margins=(12, 8, 12, 12))
        self._how = Elided(size="small", colour="muted")
        self._how.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.labels = LabelRows()
        self.labels.chosen.connect(self.labelled)
        more = small_button("All labels…", key="L")
        more.clicked.connect(self.listing)
        self._tags = QWidget()
        self._tag_flow = flow(self._tags)
        tag = small_button("Tag…", key="T")
        tag.clicked.connect(self.tagging)
        self.note = NoteLine(placeholder="Note")
        self.note.textEdited.connect(self._begin_note)
        self.note.finished.connect(self._write_note)
        self.note.dropped.connect(self._drop_note)
        self._reviewed = QCheckBox("Reviewed")
        self._reviewed.clicked.connect(self._mark_reviewed)
        self._fields = FieldsView()
        self._edits = text(size="small", colour="muted")
        self._history = QWidget()
        self._lines = parts.column(self._history, gap=4)

        column.addLayout(_titled("Label", self._how))
        column.addWidget(self.labels)
        column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.findings)
        column.addLayout(_titled("Tags", tag))
        column.addWidget(self._tags)
        column.addLayout(_titled("Note", self._reviewed))
        column.addWidget(self.note)
        column.addLayout(_titled("Metadata"))
        column.addWidget(self._fields)
        column.addLayout(_titled("History", self._edits))
        column.addWidget(self._history)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setObjectName("panelScroll")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        self._body = body
        return scroll

    # what is shown

    def show_titles(self, titles: Titles) -> None:
        """What its fields are called; asked for again when there may be more of them."""
        self._titles = titles
        self.reread()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self._shown is not None:
            self._show_fields(self._shown.example)  # another size of text leaves other room

    def reread(self) -> None:
        self._read(self._session.current)

    def _read(self, row: int) -> None:
        self._count()
        if row != self._noting:
            self._write_note()
        if row < 0:
            self._session.reads.cancel("detail")
            self._show(None)
            return
        project = self._session.project
        self._session.reads.start(lambda progress: detail.read(project, row, progress), self._show, key="detail")

    def _notice(self, change: Change) -> None:
        if change.touches(SHOWN) and self._session.current in change.rows:
            self.reread()

    def _count(self) -> None:
        session = self._session
        amount = len(session.selection)
        self._how.show_words(f"number key relabels {amount:,} selected" if amount > 1 else "number key relabels")
        if self._shown is None or session.current < 0:
            self._place.setText(f"{len(session.rows):,}")
            return
        at = session.place(session.current)
        self._place.setText(f"{at + 1:,} / {len(session.rows):,}" if at >= 0 else "not in filter")

    def _show(self, shown: Detail | None) -> None:
        self._shown = shown
        self._body.setEnabled(shown is not None)
        if shown is None:
            self._id.show_words("No example")
            self._split.hide()
            self._well.show_image(None)
            self.reading.setPlainText("")
            self.labels.show_rows([])
            self.note.setText("")
            self._reviewed.setChecked(False)
            self._fields.empty()
            for layout in (self._tag_flow, self._lines):
                clear(layout)
            self._edits.setText("")
            return
        example = shown.example
        self._id.show_words(example.id)
        self._split.setText(example.split)
        self._split.setVisible(bool(example.split))
        self._count()
        if self._well.isVisibleTo(self):
            self._well.show_image(shown.picture, shown.missing, _clip_words(example) if self._is_sound else "")
        if self.reading.isVisibleTo(self) and self.reading.toPlainText() != example.text[: detail.LONGEST]:
            self.reading.setPlainText(example.text[: detail.LONGEST])
        self._show_labels(example)
        self._show_tags(example)
        if self._noting < 0:
            self.note.setText(example.note)
        self._reviewed.setChecked(example.reviewed)
        self._show_fields(example)
        self._show_history(shown)

    def _show_labels(self, example: Example) -> None:
        run = example.prediction
        self.labels.show_rows(
            rows_for(
                self._keys.held,
                run.probabilities if run else {},
                label=example.label,
                given=example.given_label,
                predicted=run.label if run else "",
            )
        )

    def _show_tags(self, example: Example) -> None:
        clear(self._tag_flow)
        names = [*example.tags, *(["excluded"] if example.excluded else [])]
        for name in names:
            self._tag_flow.addWidget(chip(name, kind="warn" if name == FLAGGED else ""))
        self._tags.setVisible(bool(names))

    def _show_fields(self, example: Example) -> None:
        self._fields.show_fields(example.metadata, self._titles, max(280, self._body.width() - 24))

    def _show_history(self, shown: Detail) -> None:
        clear(self._lines)
        self._edits.setText(f"{len(shown.history):,} edit" + ("" if len(shown.history) == 1 else "s"))
        for line in list(reversed(shown.history))[:20]:
            self._lines.addLayout(_history_row(detail.told(line), f"{line.author} · {detail.when(line.at)}"))
            if line.why:
                why = text(line.why, size="small", colour="muted")
                why.setWordWrap(True)
                self._lines.addWidget(why)
        given = shown.example.given_label
        self._lines.addLayout(_history_row(f"Imported as {given}" if given else "Imported without a label", ""))

    # edits

    def _begin_note(self) -> None:
        self._noting = self._session.current

    def _write_note(self) -> None:
        """Of the example that it was begun for, whichever is current by now."""
        row, note = self._noting, self.note.text().strip()
        self._noting = -1
        state = self._session.project.state
        if row >= 0 and note != state.word("note", int(state.notes[row])):
            self._session.edit_rows(np.array([row]), lambda project, rows: project.note(rows, note))

    def _drop_note(self) -> None:
        row, state = self._noting, self._session.project.state
        self._noting = -1
        if row >= 0:
            self.note.setText(state.word("note", int(state.notes[row])))

    def _mark_reviewed(self, on: bool) -> None:
        if self._session.current >= 0:
            self._session.edit_rows(
                np.array([self._session.current]), lambda project, rows: project.review(rows, on=on)
            )

    def write_note(self) -> None:
        self.note.setFocus()
        self.note.selectAll()

    def id_words(self) -> str:
        return self._id.accessibleName()

    def missing_words(self) -> str:
        """Why there is no picture, empty when there is one."""
        return self._shown.missing if self._shown else ""

    def picture(self) -> QImage | None:
        return self._shown.picture if self._shown else None


class NoteLine(QLineEdit):
    """Hands over what was written when Enter is pressed or the focus leaves."""

    finished = Signal()
    dropped = Signal()  # Esc: what was written is not wanted

    def __init__(self, *, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, placeholderText=placeholder)
        self.setAccessibleName("Note on this example")
        self.returnPressed.connect(self._leave)

    def event(self, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() is QEvent.Type.ShortcutOverride:  # whatever Esc does elsewhere
            event.accept()
            return True
        if escape and event.type() is QEvent.Type.KeyPress:
            self.dropped.emit()
            self._leave()
            return True
        return super().event(event)

    def _leave(self) -> None:
        """The next number key is about the example again."""
        self.window().setFocus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.finished.emit()


def _clip_words(example: Example) -> str:
    """How long a clip is and how it was sampled, as far as that is known."""
    seconds, rate = example.metadata.get("duration"), example.metadata.get("sample_rate")
    said = [f"{seconds:,.2f} s"] if isinstance(seconds, float) else []
    return " · ".join([*said, f"{rate / 1000:g} kHz"] if isinstance(rate, int) else said)


def _titled(title: str, *right: QWidget) -> QHBoxLayout:
    row = parts.row(gap=8, margins=(0, 6, 0, 2))
    row.addWidget(section_title(title))
    if not any(isinstance(widget, Elided) for widget in right):
        row.addStretch(1)
    for widget in right:
        row.addWidget(widget, 1 if isinstance(widget, Elided) else 0)
    return row


def _history_row(said: str, who: str) -> QHBoxLayout:
    row = parts.row(gap=8)
    words = text(said, size="small")
    words.setWordWrap(True)
    row.addWidget(words, 1)
    if who:
        by: QLabel = text(who, size="small", colour="muted")
        row.addWidget(by, 0, Qt.AlignmentFlag.AlignTop)
    return row
