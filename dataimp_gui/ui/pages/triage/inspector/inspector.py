"""The right panel: the current example whole, its label rows, tags, note, fields and history."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QScrollArea,
    QWidget,
)

from dataimp_gui.core.model import Change, Example, Field, Modality
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.number_keys import NumberKeys
from dataimp_gui.ui.kit.parts import Elided, chip, clear, flow, icon_button, section_title, small_button, text
from dataimp_gui.ui.pages.triage.inspector import detail
from dataimp_gui.ui.pages.triage.inspector.detail import Detail
from dataimp_gui.ui.pages.triage.inspector.fields_view import FieldsView
from dataimp_gui.ui.pages.triage.inspector.findings_view import FindingsView
from dataimp_gui.ui.pages.triage.inspector.header import Header
from dataimp_gui.ui.pages.triage.inspector.history_view import HistoryView
from dataimp_gui.ui.pages.triage.inspector.label_rows import LabelRows, rows_for
from dataimp_gui.ui.pages.triage.inspector.note_line import NoteLine
from dataimp_gui.ui.pages.triage.inspector.picture_view import PictureView
from dataimp_gui.ui.pages.triage.inspector.runs_view import RunsView
from dataimp_gui.ui.pages.triage.inspector.sound_view import SoundView
from dataimp_gui.ui.pages.triage.inspector.text_view import TextView
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
        self._titles = Titles()
        self._shown: Detail | None = None
        self._noting = -1  # the row whose note is being written
        column = parts.column(self, gap=0)
        self._header = Header()
        self._header.stepped.connect(self.stepped)
        column.addWidget(self._header)
        self.medium = self._build_medium()
        if self.medium is not None:
            column.addWidget(self.medium)
        column.addWidget(self._build_body(), 1)
        session.moved.connect(self._read)
        session.changed.connect(self._notice)
        session.predicted.connect(self.reread)
        session.selected.connect(self._count)
        session.answered.connect(self._count)
        self._show(None)

    # building

    def _build_medium(self) -> PictureView | SoundView | TextView | None:
        """What shows the example itself; None for a row of a table."""
        flag = icon_button("flag", "Flag", raised=True)
        exclude = icon_button("slash", "Exclude", raised=True)
        flag.clicked.connect(self.flagged)
        exclude.clicked.connect(self.excluded)
        match self._session.project.modality:
            case Modality.IMAGE:
                return PictureView(self._session, (flag, exclude))
            case Modality.AUDIO:
                return SoundView(self._session, (flag, exclude))
            case Modality.TEXT:
                return TextView(self._session, (flag, exclude))
            case _:
                return None

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
        self.fields = FieldsView()
        self._edits = text(size="small", colour="muted")
        self.history = HistoryView()
        self.runs = RunsView()

        column.addLayout(_titled("Label", self._how))
        column.addWidget(self.labels)
        column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.runs)
        column.addWidget(self.findings)
        column.addLayout(_titled("Tags", tag))
        column.addWidget(self._tags)
        column.addLayout(_titled("Note", self._reviewed))
        column.addWidget(self.note)
        column.addLayout(_titled("Metadata"))
        column.addWidget(self.fields)
        column.addLayout(_titled("History", self._edits))
        column.addWidget(self.history)
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
            self._header.place.setText(f"{len(session.rows):,}")
            return
        at = session.place(session.current)
        self._header.place.setText(f"{at + 1:,} / {len(session.rows):,}" if at >= 0 else "not in filter")

    def _show(self, shown: Detail | None) -> None:
        self._shown = shown
        self._body.setEnabled(shown is not None)
        if self.medium is not None:
            self.medium.show_detail(shown)
        self.runs.show_detail(shown)
        self.history.show_detail(shown)
        if shown is None:
            self._header.show_example("No example", "")
            self.labels.show_rows([])
            self.note.setText("")
            self._reviewed.setChecked(False)
            self.fields.empty()
            clear(self._tag_flow)
            self._edits.setText("")
            return
        example = shown.example
        self._header.show_example(example.id, example.split)
        self._count()
        self._show_labels(example)
        self._show_tags(example)
        if self._noting < 0:
            self.note.setText(example.note)
        self._reviewed.setChecked(example.reviewed)
        self._show_fields(example)
        self._edits.setText(f"{len(shown.history):,} edit" + ("" if len(shown.history) == 1 else "s"))

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
        self.fields.show_fields(example.metadata, self._titles, max(280, self._body.width() - 24))

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

    @property
    def ways(self) -> dict[str, object]:
        """What a person chose of how examples are shown."""
        return self.medium.ways if self.medium is not None else {}

    def restore_ways(self, ways: Mapping[str, object]) -> None:
        if self.medium is not None:
            self.medium.restore_ways(ways)

    def play(self) -> None:
        """Play the sound of the current example, or pause."""
        if isinstance(self.medium, SoundView):
            self.medium.toggle()

    def id_words(self) -> str:
        return self._header.id_words()

    def missing_words(self) -> str:
        """Why there is no picture, empty when there is one."""
        return self._shown.missing if self._shown else ""

    def picture(self) -> QImage | None:
        return self._shown.picture if self._shown else None


def _titled(title: str, *right: QWidget) -> QHBoxLayout:
    row = parts.row(gap=8, margins=(0, 6, 0, 2))
    row.addWidget(section_title(title))
    if not any(isinstance(widget, Elided) for widget in right):
        row.addStretch(1)
    for widget in right:
        row.addWidget(widget, 1 if isinstance(widget, Elided) else 0)
    return row
