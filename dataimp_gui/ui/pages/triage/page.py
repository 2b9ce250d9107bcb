"""Triage: look at examples beside what was predicted for them, and put right what is wrong."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.model import ColumnInfo, EditInfo, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.ui.kit.number_keys import NumberKeys
from dataimp_gui.ui.kit.picker import Picker
from dataimp_gui.ui.pages.page import Page
from dataimp_gui.ui.pages.triage.filters import Filters
from dataimp_gui.ui.pages.triage.gallery import Gallery
from dataimp_gui.ui.pages.triage.inspector import Inspector
from dataimp_gui.ui.session import FLAGGED, Session


class TriagePage(Page):
    predictions_wanted = Signal()
    tile_resized = Signal(int)

    def __init__(self, session: Session, tile_width: int, parent: QWidget | None = None) -> None:
        self._session = session
        self.keys = NumberKeys(session.project.classes)
        self.picker: Picker | None = None  # the one that was opened last
        self.filters = Filters(session)
        self.gallery = Gallery(session, tile_width)
        self.inspector = Inspector(session, self.keys)
        super().__init__("triage", self.filters, self.gallery, self.inspector, parent)
        self.inspector.stepped.connect(self.gallery.step)
        self.inspector.labelled.connect(self.relabel)
        self.inspector.listing.connect(self.list_labels)
        self.inspector.tagging.connect(self.list_tags)
        self.inspector.flagged.connect(self.flag)
        self.inspector.excluded.connect(self.exclude)
        self.gallery.opened.connect(lambda: self.show_right(True))
        self.gallery.predictions_wanted.connect(self.predictions_wanted)
        self.filters.predictions_wanted.connect(self.predictions_wanted)
        self.gallery.resized.connect(self.tile_resized)
        session.answered.connect(self._read_columns)
        session.changed.connect(self._learn_classes)

    def _read_columns(self) -> None:
        self._session.reads.start(lambda _: self._session.project.query.columns(), self._show_columns, key="columns")

    def _show_columns(self, columns: tuple[ColumnInfo, ...]) -> None:
        self.filters.show_columns(columns)
        self.gallery.show_columns(columns)

    def _learn_classes(self, _change: object) -> None:
        self.keys.refresh(self._session.project.classes)

    # edits

    def has_subject(self) -> bool:
        return bool(len(self._session.subject))

    def _edit(self, work: Callable[[Project, Rows], EditInfo | None]) -> None:
        if self.has_subject():
            self._session.edit_rows(self._session.subject, work)

    def relabel(self, label: str, *, fresh: bool = False) -> None:
        """Give the selection a label; with one example the next one becomes current."""
        if not label or not self.has_subject():
            return
        alone = len(self._session.subject) == 1
        self._edit(lambda project, rows: project.relabel(rows, label, new_class=fresh))
        self.keys.use(label)
        if alone:
            self.gallery.step(1)

    def relabel_by_key(self, key: str) -> None:
        self.relabel(self.keys.label(key))

    def exclude(self) -> None:
        """Exclude the selection, or take it in again when all of it is excluded."""
        excluded = self._session.project.state.codes("excluded")
        self._edit(Project.include if excluded[self._session.subject].all() else Project.exclude)

    def flag(self) -> None:
        self.tag(FLAGGED)

    def tag(self, tag: str) -> None:
        """Put a tag on the selection, or take it away when all of it has it."""
        mask = self._session.project.state.tags.get(tag)
        untag = mask is not None and bool(mask[self._session.subject].all())
        self._edit(lambda project, rows: (project.untag if untag else project.tag)(rows, tag))

    def review(self) -> None:
        on = not self._session.project.state.codes("reviewed")[self._session.subject].all()
        self._edit(lambda project, rows: project.review(rows, on=on))

    def list_labels(self) -> None:
        if self.has_subject():
            picker = self.picker = Picker("Relabel as", "New class", self)
            picker.chosen.connect(lambda word, fresh: self.relabel(word, fresh=fresh))
            recent = [name for name in self.keys.recent if name in self._session.project.classes]
            others = [name for name in self._session.project.classes if name not in recent]
            picker.open_at(self._beside_inspector(), recent + others)

    def list_tags(self) -> None:
        if self.has_subject():
            picker = self.picker = Picker("Tag with", "New tag", self)
            picker.chosen.connect(lambda word, _: self.tag(word))
            picker.open_at(self._beside_inspector(), list(self._session.project.state.tags))

    def copy_ids(self) -> None:
        """Onto the clipboard, one a line."""
        if self.has_subject():
            project, rows = self._session.project, self._session.subject
            self._session.reads.start(lambda _: project.ids(rows), _copy, key="ids")

    def write_note(self) -> None:
        if self._session.current >= 0:
            self.show_right(True)
            self.inspector.write_note()

    def _beside_inspector(self) -> QPoint:
        corner = self.gallery.mapTo(self.window(), self.gallery.rect().topRight())
        return corner + QPoint(-300, 48)

    def previous(self) -> None:
        self.gallery.step(-1)

    def next(self) -> None:
        self.gallery.step(1)

    def select_all(self) -> None:
        self.gallery.choose(np.arange(len(self._session.rows)), self.gallery.view.currentIndex().row())

    def select_none(self) -> None:
        self.gallery.choose(np.empty(0, dtype=np.int64), self.gallery.view.currentIndex().row())


def _copy(ids: Sequence[str]) -> None:
    QGuiApplication.clipboard().setText("\n".join(ids))
