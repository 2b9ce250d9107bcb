"""Triage: look at examples beside what was predicted for them, and put right what is wrong."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.model import Change, ColumnInfo, EditInfo, Field, IssueKind, Modality, Rows
from dataimp_gui.core.project import Project
from dataimp_gui.core.slices.slice import Slice
from dataimp_gui.ui.clauses import ISSUES, Where
from dataimp_gui.ui.kit.number_keys import NumberKeys
from dataimp_gui.ui.kit.picker import Picker
from dataimp_gui.ui.pages.page import Page
from dataimp_gui.ui.pages.triage import queues, similarity
from dataimp_gui.ui.pages.triage.confusion import ConfusionView
from dataimp_gui.ui.pages.triage.filters.filters import Filters
from dataimp_gui.ui.pages.triage.gallery.gallery import Gallery
from dataimp_gui.ui.pages.triage.inspector.inspector import Inspector
from dataimp_gui.ui.pages.triage.map.view import MapView
from dataimp_gui.ui.pages.triage.study import Study, Task
from dataimp_gui.ui.pages.triage.table.view import TableView
from dataimp_gui.ui.pages.triage.titles import Titles
from dataimp_gui.ui.pages.triage.tray import Tray
from dataimp_gui.ui.pages.triage.views import Row, Views
from dataimp_gui.ui.session import FLAGGED, Queue, Session

GALLERY: Final = "gallery"
TABLE: Final = "table"
MAP: Final = "map"
CONFUSION: Final = "confusion"
FILED: Final = (Modality.IMAGE, Modality.AUDIO)  # their examples are files
SPLITS: Final = ("train", "val", "test")  # offered where the dataset has none of its own


class TriagePage(Page):
    predictions_wanted = Signal()
    tile_resized = Signal(int)

    def __init__(self, session: Session, tile_width: int, measure_most: int = 0, parent: QWidget | None = None) -> None:
        """``measure_most``: how many examples are measured without being asked for it."""
        self._session = session
        self.study = Study(session, measure_most)
        self.keys = NumberKeys(session.project.classes)
        self._known: tuple[tuple[ColumnInfo, ...], Titles] | None = None
        self._panels = (True, True)  # that were shown before the views were two
        self._table = ""  # how the columns of the table were left
        self._expected = -1  # the row that becomes current when the answer is here
        self.picker: Picker | None = None  # the one that was opened last
        self.filters = Filters(session, self.study)
        self.gallery = Gallery(session, self.study, tile_width)
        self.inspector = Inspector(session, self.study, self.keys)
        self.tray = Tray(session)
        self.views = Views(self._views(session), self.tray)
        super().__init__("triage", self.filters, self.views, self.inspector, parent)
        self.study.setParent(self)
        self.inspector.accepted.connect(self.accept)
        self.inspector.kept.connect(self.keep)
        self.inspector.similar_wanted.connect(self.find_similar)
        self.inspector.picked.connect(self.show_example)
        self.filters.issues.review_wanted.connect(self.review_issues)
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
        self.views.split.connect(self._make_room)
        self.tray.opened.connect(self._open_selected)
        self.tray.review_wanted.connect(self.review_shown)
        self.tray.slice_wanted.connect(self.save_slice)
        session.answered.connect(self._read_columns)
        session.answered.connect(self._meet)
        session.changed.connect(self._learn_classes)
        session.changed.connect(self._notice)

    # views

    def _views(self, session: Session) -> dict[str, Row]:
        def table() -> QWidget:
            made = TableView(session)
            made.opened.connect(lambda: self.show_right(True))
            made.menu_wanted.connect(self.gallery.view.menu_wanted)
            made.restore(self._table)
            if self._known is not None:
                made.show_columns(self._known[0])
            return made

        def confusion() -> QWidget:
            made = ConfusionView(session, self.study)
            made.opened.connect(lambda: self.views.show_view(GALLERY))
            made.predictions_wanted.connect(self.predictions_wanted)
            return made

        def map_() -> QWidget:
            made = MapView(session, self.study)
            made.opened.connect(lambda: self.show_right(True))
            made.review_wanted.connect(self.review_shown)
            made.slice_wanted.connect(self.save_slice)
            if self._known is not None:
                made.show_columns(*self._known)
            return made

        rows = (
            Row(GALLERY, "Gallery", "gallery", "Alt+1", lambda: self.gallery),
            Row(TABLE, "Table", "table", "Alt+2", table),
            Row(MAP, "Map", "map", "Alt+3", map_, tray=True),
            Row(CONFUSION, "Confusion", "matrix", "Alt+4", confusion, tray=True),
        )
        return {row.key: row for row in rows}

    @property
    def table(self) -> TableView:
        made = self.views.view(TABLE)
        assert isinstance(made, TableView)
        return made

    @property
    def map(self) -> MapView:
        made = self.views.view(MAP)
        assert isinstance(made, MapView)
        return made

    def show_view(self, key: str, *, beside: bool = False) -> None:
        self.views.show_view(key, beside=beside)
        self.focus_view()

    def _make_room(self, split: bool) -> None:
        """Two views take the room of the panels, and give it back."""
        if split:
            self._panels = (self.left_shown, self.right_shown)
        left, right = (False, False) if split else self._panels
        self.show_left(left)
        self.show_right(right)

    def focus_view(self) -> None:
        """The keyboard goes to what the page is about."""
        main = self.views.main
        match main:
            case Gallery():
                main.view.setFocus()
            case ConfusionView() | MapView():
                main.take_focus()
            case _:
                main.setFocus()

    def _open_selected(self) -> None:
        """From the tray: what the chosen cells hold, else the selection where it stands, in the gallery."""
        confusion = self.views.view(CONFUSION) if CONFUSION in self.views.shown else None
        if isinstance(confusion, ConfusionView) and confusion.matrix.cells.any():
            confusion.open_cells()
        self.show_view(GALLERY)

    def _read_columns(self) -> None:
        self._session.reads.start(lambda _: _columns(self._session.project), self._show_columns, key="columns")

    def _show_columns(self, known: tuple[tuple[ColumnInfo, ...], Titles]) -> None:
        self.filters.show_columns(*known)
        self.gallery.show_columns(*known)
        if self._known is None or known[0] != self._known[0]:
            self.inspector.show_titles(known[1])
        self._known = known
        if self.views.has(TABLE):
            self.table.show_columns(known[0])
        if self.views.has(MAP):
            self.map.show_columns(*known)

    def _notice(self, change: Change) -> None:
        if change.touches(Field.COLUMNS | Field.ISSUE):
            self._read_columns()

    def remembered(self) -> str:
        """The sections of the filters that a person opened or closed, the views, the columns of the table, how
        examples are shown in the inspector."""
        if self.views.has(TABLE):
            self._table = self.table.saved()
        kept = {"folds": self.filters.folds, "views": self.views.shown, "table": self._table}
        return json.dumps(kept | {"ways": self.inspector.ways})

    def recall(self, remembered: str) -> None:
        try:
            found = json.loads(remembered)
        except ValueError:
            return
        if not isinstance(found, dict):
            return
        if isinstance(folds := found.get("folds"), dict):
            self.filters.restore_folds({str(name): bool(on) for name, on in folds.items()})
        if isinstance(ways := found.get("ways"), dict):
            self.inspector.restore_ways(ways)
        self._table = str(found.get("table", ""))
        shown = found.get("views")
        known = [key for key in shown if key in self.views.buttons] if isinstance(shown, list) else []
        for number, key in enumerate(known[:2]):
            self.views.show_view(key, beside=number > 0)

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
        self.keys.use(label)
        self._session.edit_guarded(
            self._session.subject,
            lambda project, rows: project.relabel(rows, label, new_class=fresh),
            partial(self.gallery.step, 1 if len(self._session.subject) == 1 else 0),
        )

    def relabel_by_key(self, key: str) -> None:
        self.relabel(self.keys.label(key))

    def exclude(self) -> None:
        """Exclude the selection, or take it in again when all of it is excluded."""
        if self._session.project.state.codes("excluded")[self._session.subject].all():
            self._edit(Project.include)
        elif self.has_subject():
            self._session.edit_guarded(self._session.subject, Project.exclude, leaves=True)

    def flag(self) -> None:
        self.tag(FLAGGED)

    def tag(self, tag: str) -> None:
        """Put a tag on the selection, or take it away when all of it has it."""
        mask = self._session.project.state.tags.get(tag)
        untag = mask is not None and bool(mask[self._session.subject].all())
        self._edit(lambda project, rows: (project.untag if untag else project.tag)(rows, tag))

    def move_to_split(self, split: str) -> None:
        self._edit(lambda project, rows: project.set_split(rows, split))

    def mark_reviewed(self) -> None:
        on = not self._session.project.state.codes("reviewed")[self._session.subject].all()
        self._edit(lambda project, rows: project.review(rows, on=on))

    # issues

    def has_suggestion(self) -> bool:
        return bool(len(self.study.standing.suggesting(self._session.subject)))

    def accept(self) -> None:
        """Give the selection the labels that are suggested; with one example the next one becomes current."""
        rows = self.study.standing.suggesting(self._session.subject)
        if not len(rows):
            return
        self._session.edit_guarded(
            rows,
            lambda project, chosen: project.accept(chosen),
            partial(self.gallery.step, 1 if len(self._session.subject) == 1 else 0),
        )

    def has_issue(self) -> bool:
        return self._kind_meant() is not None

    def keep(self, kind: IssueKind | None = None) -> None:
        """The selection is fine as it is: its issues of ``kind``, or of the kind that is looked at, are closed."""
        meant = kind or self._kind_meant()
        if meant is None:
            return
        alone = len(self._session.subject) == 1
        self._edit(lambda project, rows: project.keep(rows, meant))
        if alone and kind is None:
            self.gallery.step(1)

    def _kind_meant(self) -> IssueKind | None:
        """What the filter is about; else wrong labels, where the selection has some; else what the card is about."""
        if not self.has_subject():
            return None
        asked = Where.parse(self._session.shown).chosen(ISSUES)
        if len(asked) == 1:
            return IssueKind(str(next(iter(asked))))
        if self.has_suggestion():
            return IssueKind.LABEL
        return self.inspector.findings.kind

    def find_issues(self) -> None:
        self.study.start(Task.SEARCH)

    def can_train(self) -> bool:
        return self.study.can_train

    def train_baseline(self) -> None:
        self.study.train()

    def find_similar(self) -> None:
        """Show what is most like the selection, the nearest first; without an embedding, compute one before."""
        rows = self._session.subject
        if not len(rows):
            return
        if not self.study.standing.is_embedded:
            self.study.start(Task.EMBED)
            return
        project = self._session.project
        self._session.reads.start(
            lambda progress: similarity.show(project, rows, progress),
            lambda _: self._show_similar(),
            key="find similar",
            title="Finding similar examples",
        )

    def _show_similar(self) -> None:
        self._read_columns()
        self._session.sort(similarity.COLUMN, descending=True)
        self._session.ask(similarity.CLAUSE)

    def show_example(self, row: int) -> None:
        """Make it current; where the filter leaves it out, show it beside the one that is current now."""
        place = self._session.place(row)
        if place >= 0:
            self.gallery.choose(np.array([place]), place)
            return
        pair, project = np.array([self._session.current, row]), self._session.project
        self._session.reads.start(lambda _: project.ids(pair), lambda ids: self._show_pair(ids, row), key="pair")

    def _show_pair(self, ids: Sequence[str], row: int) -> None:
        self._expected = row
        self._session.ask(str(Where().choose("id", ids)))

    def show_within(self, where: str, row: int) -> None:
        """Filter by a clause; ``row`` becomes current once its answer is here, -1 for none."""
        self._expected = row
        self.show_view(GALLERY)
        self._session.ask(where)

    def _meet(self) -> None:
        """The example that was asked for is here: it becomes current."""
        row, self._expected = self._expected, -1
        if row >= 0 and self._session.place(row) >= 0:
            self.show_example(row)

    def review_issues(self) -> None:
        """Start the queue of what has an issue among the examples shown, the worst first."""
        session, where = self._session, Where.parse(self._session.shown)
        session.reads.start(
            lambda progress: queues.of_issues(session.project, where, progress), self._review, key="queue"
        )

    def review_shown(self) -> None:
        """Start a queue of the selection when it has more than one example, else of everything shown."""
        selection = self._session.selection
        if len(selection) > 1:
            self._review(Queue("Selection", selection))
        elif len(self._session.rows):
            self._review(Queue(self._session.shown or "All examples", self._session.rows))

    def save_slice(self) -> None:
        """The selection as fixed examples when it has more than one, else what the filter asks for as a rule."""
        selection = self._session.selection
        made = Slice("", rows=np.sort(selection)) if len(selection) > 1 else Slice("", self._session.shown)
        self._session.slice_wanted.emit(made, False)

    def _review(self, queue: Queue) -> None:
        if len(queue.rows):
            self._session.review_wanted.emit(queue)

    # lists

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

    def list_splits(self) -> None:
        if self.has_subject():
            picker = self.picker = Picker("Move to split", "New split", self)
            picker.chosen.connect(lambda word, _: self.move_to_split(word))
            used = self._session.project.state.words("split")
            picker.open_at(self._beside_inspector(), [*used, *(name for name in SPLITS if name not in used)])

    def copy_ids(self) -> None:
        """Onto the clipboard, one a line."""
        if self.has_subject():
            project, rows = self._session.project, self._session.subject
            self._session.reads.start(lambda _: project.ids(rows), _copy, key="ids")

    def has_file(self) -> bool:
        return self._session.project.modality in FILED and self._session.current >= 0

    def show_in_folder(self) -> None:
        """Where the file of the current example lies."""
        project, row = self._session.project, self._session.current
        self._session.reads.start(lambda _: project.media_path(row), _open_folder, key="folder")

    def write_note(self) -> None:
        if self._session.current >= 0:
            self.show_right(True)
            self.inspector.write_note()

    def has_sound(self) -> bool:
        return self._session.project.modality is Modality.AUDIO and self._session.current >= 0

    def play(self) -> None:
        self.show_right(True)
        self.inspector.play()

    def _beside_inspector(self) -> QPoint:
        corner = self.gallery.mapTo(self.window(), self.gallery.rect().topRight())
        return corner + QPoint(-300, 48)

    def previous(self) -> None:
        self.gallery.step(-1)

    def next(self) -> None:
        self.gallery.step(1)

    def select_all(self) -> None:
        self.gallery.choose(np.arange(len(self._session.rows)), self.gallery.view.currentIndex().row())

    def has_groups(self) -> bool:
        return self.gallery.view.groups > 0 and self.has_subject()

    def select_group(self) -> None:
        """All of the group that the current example is in."""
        view = self.gallery.view
        if view.current >= 0 and view.groups:
            view.select_group(view.group_of(view.current))

    def fold_group(self) -> None:
        view = self.gallery.view
        if view.current >= 0 and view.groups:
            view.fold(view.group_of(view.current))

    def select_none(self) -> None:
        self.gallery.choose(np.empty(0, dtype=np.int64), self.gallery.view.currentIndex().row())


def _columns(project: Project) -> tuple[tuple[ColumnInfo, ...], Titles]:
    """Runs on a worker."""
    return project.query.columns(), Titles(project.analysis.statistics)


def _open_folder(file: Path | None) -> None:
    if file is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))


def _copy(ids: Sequence[str]) -> None:
    QGuiApplication.clipboard().setText("\n".join(ids))
