"""The façade: open a project, ask it things, change it, undo, commit. The window and the command line use just this."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from dataimp_gui.core import contract as contracts
from dataimp_gui.core import edits, pictures
from dataimp_gui.core.contract import Contract
from dataimp_gui.core.editing import Editing
from dataimp_gui.core.edits import Assign
from dataimp_gui.core.engine import EngineError
from dataimp_gui.core.model import (
    Change,
    EditInfo,
    Field,
    HistoryLine,
    IssueKind,
    Modality,
    Rejected,
    Rows,
    RunInfo,
)
from dataimp_gui.core.opening import default_author, imported_state, project_folder
from dataimp_gui.core.query import Query
from dataimp_gui.core.runs import Predictions, Runs
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.locations import Locations, sources
from dataimp_gui.core.storage.lock import WriterLock
from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import DataimpError, ProjectError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

    from dataimp_gui.core.analysis import Analysis
    from dataimp_gui.core.augmenting import Augmenting
    from dataimp_gui.core.evaluate.evaluations import Evaluations
    from dataimp_gui.core.importing import ImportOptions, ImportSummary, RunSummary
    from dataimp_gui.core.locating import Located, Missing
    from dataimp_gui.core.media.image import Pixels
    from dataimp_gui.core.metrics import Metrics
    from dataimp_gui.core.model import VersionInfo
    from dataimp_gui.core.report.writing import Reported
    from dataimp_gui.core.reviewing import Reviews
    from dataimp_gui.core.slices.slice import Slice
    from dataimp_gui.core.slicing import Slices
    from dataimp_gui.core.versions.commit import Result
    from dataimp_gui.core.versions.diff import Diff
    from dataimp_gui.core.versions.draft import Draft
    from dataimp_gui.core.versions.export import Exported
    from dataimp_gui.core.versions.garbage import Garbage
    from dataimp_gui.core.views import Views

Listener = Callable[[Change], None]


class Project:
    """A project folder that is open. Any thread may ask; edits happen one after the other."""

    def __init__(self, path: Path, database: Database, lock: WriterLock | None, author: str) -> None:
        self.path = path
        self.author = author
        self.read_only = lock is None
        self.database = database
        self._lock = lock
        self._listeners: list[Listener] = []
        self._opening = RLock()
        self._query: Query | None = None
        self._analysis: Analysis | None = None
        self._slices: Slices | None = None
        self._augment: Augmenting | None = None
        self._is_closed = False
        with database.snapshot():
            self.state = self._read()
            self.editing = Editing(database, self.state, author, self._seen)
            self.contract = self._contract()
            self._runs = Runs(database, path)
        self.run: RunInfo | None = self._runs.infos[-1] if self._runs.infos else None
        self._before: RunInfo | None = None  # as chosen

    @classmethod
    def open(cls, path: Path | str, *, read_only: bool = False, author: str = "") -> Self:
        """Raises ProjectError when ``path`` is no project, was made by a newer Dataimp, or is written to elsewhere."""
        folder = project_folder(Path(path)).absolute()  # also for workers elsewhere, and after a change of directory
        lock = None if read_only else WriterLock(folder)
        database = None
        try:
            database = Database(folder, read_only=read_only)
            return cls(folder, database, lock, author or default_author())
        except BaseException:
            if database is not None:
                database.close()
            if lock is not None:
                lock.release()
            raise

    @classmethod
    def create(
        cls,
        path: Path | str,
        source: Path | str,
        options: "ImportOptions | None" = None,
        progress: Progress | None = None,
        *,
        author: str = "",
    ) -> "tuple[Self, ImportSummary]":
        """Import ``source`` into a new project at ``path`` and open it. Leaves nothing behind when it fails."""
        from dataimp_gui.core.importing import ImportOptions, import_dataset

        summary = import_dataset(source, Path(path), options or ImportOptions(), progress or Progress())
        return cls.open(path, author=author), summary

    def sign_as(self, author: str) -> None:
        """Edits, decisions and versions from here on are by this person."""
        self.author = self.editing.author = author

    def close(self) -> None:
        with self._opening:
            self._is_closed = True
            if self._analysis is not None:
                self._analysis.close()
            if self._slices is not None:
                self._slices.close()
            if self._query is not None:
                self._query.close()
                self._query = None
        self.database.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # what it is

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(".dataimp")

    @property
    def count(self) -> int:
        """Rows there are places for: also those of examples whose coming was undone."""
        return self.state.count

    @property
    def size(self) -> int:
        """How many examples there are."""
        return self.count - sum(last - first + 1 for first, last in self.state.hidden)

    @property
    def modality(self) -> Modality:
        return self.contract.modality

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the contract, then those that relabelling added, in the order of their codes."""
        return tuple(self.state.words(edits.LABEL))

    @property
    def splits(self) -> tuple[str, ...]:
        return tuple(self.state.words(edits.SPLIT))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that some example has today."""
        return tuple(tag for tag, mask in self.state.tags.items() if mask.any())

    @property
    def runs(self) -> tuple[RunInfo, ...]:
        return self._runs.infos

    def use_run(self, name: str) -> None:
        """Let ``predicted``, ``error`` … speak of this run. Raises DataimpError when there is none of that name."""
        run = self._runs.find(name)
        with self._opening:
            self.run = run
            if self._query is not None:
                self._query.use_run(self._runs.file(run), run.classes, run_name=run.name)
                self._runs.show(self._query, self.before, self.state)
        self.tell(Change(Field.RUN, np.arange(self.count)))

    @property
    def before(self) -> RunInfo | None:
        """The run that the current one is compared with in ``predicted_before``; None when there is no other."""
        return self._runs.before(self.run, self._before)

    def compare_with(self, name: str) -> None:
        """Let ``predicted_before`` speak of this run. Raises DataimpError when there is none of that name."""
        with self._opening:
            self._before = self._runs.find(name)
            if self._query is not None:
                self._runs.show(self._query, self.before, self.state)
        self.tell(Change(Field.RUN, np.arange(self.count)))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every change, on the thread that made it, until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # asking

    @property
    def query(self) -> Query:
        """What there is to ask beside `rows`: columns, facets, histograms, values. Loaded at the first question."""
        with self._opening:
            if self._is_closed:
                raise ProjectError(f"{self.name} is closed.")
            if self._query is None:
                run = (self._runs.file(self.run), self.run.classes) if self.run else (None, ())
                name = self.run.name if self.run else ""
                query = Query(self._tables(), self.state, *run, run_name=name)
                self._runs.show(query, self.before, self.state)
                query.expect_columns(dict.fromkeys(contracts.PROVENANCE, contracts.NO_VARIANTS))
                self.analysis.show(query)
                self.slices.show(query)
                self._query = query
            return self._query

    def rows(
        self, where: str = "", *, order_by: str = "", descending: bool = False, progress: Progress | None = None
    ) -> Rows:
        """Positions of the examples that a WHERE clause selects. Raises QueryError when it cannot be understood."""
        return self.query.rows(where, order_by=order_by, descending=descending, progress=progress)

    def ids(self, rows: Rows) -> list[str]:
        return [str(id_) for id_ in self.query.values(["id"], rows)["id"]]

    def run_file(self, run: RunInfo) -> Path:
        return self._runs.file(run)

    def predictions(self, run: str = "") -> Predictions | None:
        """Of the named run, or of the current one; None when the project has no runs."""
        info = self._runs.find(run) if run else self.run
        return self._runs.predictions(info, self.state) if info else None

    def metrics(self, where: str = "") -> "Metrics":
        """Of the current run on what ``where`` selects. Excluded examples are left out unless it names `excluded`."""
        from dataimp_gui.core.overview import metrics

        return metrics(self, where)

    def info(self) -> dict[str, Any]:
        """What there is, as ``dataimp info`` prints it."""
        from dataimp_gui.core.overview import info

        return info(self)

    def quarantine(self) -> list[Rejected]:
        found = self.database.rows("SELECT source, place, id, reason, hint FROM quarantine ORDER BY number")
        return [Rejected(*row) for row in found]

    def history(self, id_: str = "") -> list[EditInfo] | list[HistoryLine]:
        """Every edit, or what happened to one example; oldest first."""
        return self.editing.history(self.row(id_)) if id_ else self.editing.journal.infos()

    def row(self, id_: str) -> int:
        """The position of an example. Raises DataimpError when no example has that id."""
        rows = self.rows(f"id = '{id_.replace(chr(39), chr(39) * 2)}'")
        if not len(rows):
            raise DataimpError(f"No example has the id {id_!r}.", hint="Ids are compared exactly as written.")
        return int(rows[0])

    def media_path(self, row: int) -> Path | None:
        """The file of an example, None when it has none. Raises DataimpError when it would lie outside its folder."""
        return pictures.path(self, row)

    def missing(self, progress: Progress | None = None) -> "Missing | None":
        """How many examples lost their file; None when a glance at them finds all."""
        from dataimp_gui.core.locating import missing

        return missing(self, progress or Progress())

    def locate(self, folder: Path | str, progress: Progress | None = None) -> "Located":
        """Look for media that are missing in another folder from now on, durably. Raises DataimpError when the files
        there are not the same ones."""
        from dataimp_gui.core.locating import locate

        return locate(self, Path(folder), progress or Progress())

    def thumbnail(self, row: int, size: int) -> "Pixels":
        """An image or the waveform of a sound, uint8 (h, w, 3), the longer side at most ``size``.

        Kept in the project's cache. Raises DataimpError when there is nothing to show or it cannot be read.
        """
        return pictures.thumbnail(self, row, size)

    @property
    def analysis(self) -> "Analysis":
        """What the program finds out by itself: statistics, embeddings, similar examples, issues."""
        from dataimp_gui.core.analysis import Analysis

        with self._opening:
            self._analysis = self._analysis or Analysis(self, self._opening)
            return self._analysis

    @property
    def slices(self) -> "Slices":
        """Named subsets of the examples: saved ones, those that a search finds, and how a run does on them."""
        from dataimp_gui.core.slicing import Slices

        with self._opening:
            self._slices = self._slices or Slices(self, self._opening)
            return self._slices

    @property
    def augment(self) -> "Augmenting":
        """Policies: saved ones, what they make of examples, and how near that comes to what a model will face."""
        from dataimp_gui.core.augmenting import Augmenting

        with self._opening:
            self._augment = self._augment or Augmenting(self)
            return self._augment

    @property
    def reviews(self) -> "Reviews":
        """Queues of examples, what was decided on them by whom, and how far two people agree."""
        from dataimp_gui.core.reviewing import Reviews

        return Reviews(self)

    @property
    def views(self) -> "Views":
        """Ways of looking at the examples that have a name."""
        from dataimp_gui.core.views import Views

        return Views(self)

    def guide(self) -> str:
        """How to label, in the words of whoever leads; empty when nobody wrote it."""
        return self.database.get("guide")

    def set_guide(self, text: str) -> None:
        self.writable()
        self.database.put("guide", edits.checked("guide", text, edits.MOST_OF_NOTE))

    # changing: each returns the edit, or None when nothing was to change

    def relabel(self, rows: Rows, label: str, *, why: str = "", new_class: bool = False) -> EditInfo | None:
        """An empty label takes the label away. Raises DataimpError for an unknown class unless ``new_class``."""
        if label and label not in self.classes and not new_class:
            raise DataimpError(f'There is no class "{label}".', hint=f"The classes are: {_listed(self.classes)}.")
        return self.writable().set_word(edits.LABEL, rows, label, why=why)

    def set_split(self, rows: Rows, split: str, *, why: str = "") -> EditInfo | None:
        return self.writable().set_word(edits.SPLIT, rows, split, why=why)

    def note(self, rows: Rows, text: str, *, why: str = "") -> EditInfo | None:
        return self.writable().set_word(edits.NOTE, rows, text, why=why)

    def tag(self, rows: Rows, tag: str, *, why: str = "") -> EditInfo | None:
        return self.writable().set_flag(edits.TAG + edits.name("tag", tag.strip()), rows, True, why=why)

    def untag(self, rows: Rows, tag: str, *, why: str = "") -> EditInfo | None:
        return self.writable().set_flag(edits.TAG + edits.name("tag", tag.strip()), rows, False, why=why)

    def exclude(self, rows: Rows, *, why: str = "") -> EditInfo | None:
        return self.writable().set_flag(edits.EXCLUDED, rows, True, why=why)

    def include(self, rows: Rows, *, why: str = "") -> EditInfo | None:
        return self.writable().set_flag(edits.EXCLUDED, rows, False, why=why)

    def review(self, rows: Rows, *, on: bool = True, why: str = "") -> EditInfo | None:
        return self.writable().set_flag(edits.REVIEWED, rows, on, why=why)

    def accept(self, rows: Rows, *, why: str = "") -> EditInfo | None:
        """Each gets the label that its issue suggests, in one edit; those without a suggestion stay as they are."""
        codes = self.analysis.suggested
        chosen = np.unique(rows)
        chosen = chosen[codes[chosen] >= 0]
        return self.writable().set_codes(edits.LABEL, chosen, codes[chosen], why=why)

    def keep(self, rows: Rows, kind: IssueKind | None = None, *, on: bool = True, why: str = "") -> EditInfo | None:
        """These are fine as they are: closes their issues of a kind, of every kind that is open there by default."""
        kinds = (kind,) if kind else self.analysis.kinds_of(rows) if on else tuple(IssueKind)
        return self.writable().set_all([(edits.KEPT + each, on) for each in kinds], rows, why=why)

    def set_costs(self, costs: Mapping[str, Mapping[str, float]], *, why: str = "") -> EditInfo | None:
        """What confusions cost, by label, then predicted; one that is not named costs 1, a right prediction 0.

        Raises DataimpError for a class that is not there or a cost below 0.
        """
        text = contracts.costs_text(costs, self.classes)
        count = sum(map(len, costs.values()))
        title = f"Set the cost of {count:,} confusion{'' if count == 1 else 's'}" if count else "Cleared the costs"
        return self.writable().set_document(edits.COSTS, 0, text, title, why=why)

    def undo(self) -> EditInfo:
        """Raises DataimpError when there is nothing to undo."""
        return self.writable().undo()

    def redo(self) -> EditInfo:
        return self.writable().redo()

    @property
    def undo_title(self) -> str:
        """What undo would take back; empty when nothing."""
        journal = self.editing.journal
        return journal.info(journal.first(journal.live[-1])).title if journal.live else ""

    @property
    def redo_title(self) -> str:
        journal = self.editing.journal
        return journal.info(journal.first(journal.undone[-1])).title if journal.undone else ""

    def add_run(
        self, file: Path | str, name: str = "", version: str = "", progress: Progress | None = None
    ) -> "RunSummary":
        """Read another model's predictions and make them the current run."""
        from dataimp_gui.core.importing import add_run

        with self.writable().turn:  # both may add classes
            progress = progress or Progress()
            hidden = self.state.hidden
            summary = add_run(self.path, self.database, Path(file), name, version, progress, hidden=hidden)
            self._runs = Runs(self.database, self.path)
            if summary.classes:
                self.state.add_words(edits.LABEL, summary.classes)
                self.contract = self._contract()
        self.use_run(str(self._runs.infos[-1].number))
        return summary

    def join(self, file: str, count: int, format_: str, location: str, title: str, *, why: str = "") -> EditInfo:
        """Let the ``count`` rows of a file in ``tables`` come behind the others, in an edit that undo takes back.

        ``format_`` and ``location`` say where they come from. Everything is read again as when a project is opened.
        """
        editing = self.writable()
        with editing.turn:
            first = self.count
            number = max(source.number for source in self.sources) + 1

            def beside(_edit: int) -> None:
                self.database.execute(
                    "INSERT INTO source VALUES (?, ?, ?, ?, '', ?, ?, ?)",
                    (number, location, format_, file, first, count, datetime.now(UTC).isoformat(timespec="seconds")),
                )

            rows = np.arange(first, first + count)
            with self._opening:  # who asks meanwhile gets what there was before, or all of what is there now
                before = (self._analysis, self._slices)
                edit = editing.bring(rows, title, self._read, why=why, beside=beside)
                self.state = editing.state
                self._runs = Runs(self.database, self.path)
                self._query = self._analysis = self._slices = None  # a question that is being answered keeps its own
            for each in before:
                if each is not None:
                    each.close()
        self.tell(Change(edits.field_of(edits.PRESENT), np.arange(self.count)))
        return edit

    # versions

    def commit(self, message: str, progress: Progress | None = None) -> "Result":
        """Keep the dataset as it stands. Raises DataimpError for missing media or when nothing changed."""
        from dataimp_gui.core.versions.commit import commit

        self.writable()
        edits.checked("message", message, edits.MOST_OF_NOTE)
        draft = self._draft()
        result = commit(
            self.database, draft, message=message, author=self.author, parent=self.base, progress=progress or Progress()
        )
        self.tell(Change(Field.VERSION, np.empty(0, dtype=np.int64)))
        return result

    @property
    def base(self) -> str:
        """The name of the version that the draft comes from: the newest, or the one that was restored since."""
        from dataimp_gui.core.versions import registry

        return registry.base(self.database, self.editing.journal.live)

    def restore(self, version: str, *, why: str = "") -> EditInfo | None:
        """Make the draft what ``version`` was, in one edit that undo takes back; None when it is that already.

        The next version is then a child of it. Examples that came later are excluded.
        """
        from dataimp_gui.core.versions import manifest, registry, restore

        editing = self.writable()
        info = registry.find(self.database, version)
        with editing.turn:
            used = [source.location for source in self.sources if source.is_made]
            made = restore.assignments(manifest.read(self.path, info), self.state, self.contract, used)

            def beside(edit: int) -> None:
                if edit or self.base != info.name:
                    registry.start_from(self.database, info, edit)

            return editing.set_columns(made, f"Restored {info.name}", why=why, beside=beside)

    @property
    def evaluation(self) -> "Evaluations":
        """How versions do beside each other, the gates they must meet, and which one is in production."""
        from dataimp_gui.core.evaluate.evaluations import Evaluations

        return Evaluations(self)

    def versions(self) -> "list[VersionInfo]":
        """Newest first."""
        from dataimp_gui.core.versions.registry import versions

        return versions(self.database)

    def diff(self, before: str, after: str = "", progress: Progress | None = None) -> "Diff":
        """What became different from one version to another, or to the examples as they stand now: in all, and in the
        saved slices as they are today."""
        from dataimp_gui.core.issues.groups import is_test
        from dataimp_gui.core.versions.diff import About, diff

        slices = {each.name: rows for each, rows in self._saved_slices()}
        tests = [split for split in self.state.words(edits.SPLIT) if is_test(split)]
        about = About(self.editing.journal.reasons(edits.LABEL), slices, tests)
        return diff(self.database, self._draft(), before, after or "draft", progress or Progress(), about=about)

    def frame(self, version: str, progress: Progress | None = None, *, check: bool = True) -> "pd.DataFrame":
        """The examples of a version with the paths of their files, to train on; with ``check`` each file is compared
        with the version first."""
        from dataimp_gui.core.versions.frames import frame

        return frame(self.database, self._draft(), version, progress or Progress(), check=check)

    def gc(self, *, remove: bool = False, progress: Progress | None = None) -> "Garbage":
        """What no example, run or version refers to any more; taken away only with ``remove``."""
        from dataimp_gui.core.versions.garbage import collect

        if not remove:
            return collect(self.path, self.database, progress or Progress(), remove=False)
        with self.writable().turn:  # nothing is added meanwhile
            return collect(self.path, self.database, progress or Progress(), remove=True)

    def export(
        self,
        version: str,
        dest: Path | str,
        format: str,
        *,
        link: bool = False,
        embed: bool = False,
        where: str = "",
        splits: Sequence[str] = (),
        since: str = "",
        without: Sequence[str] = (),
        list_excluded: bool = False,
        unlabelled: Rows | None = None,
        licence: str = "",
        progress: Progress | None = None,
    ) -> "Exported":
        """Write a version as a dataset that other programs read; whole or not at all.

        With ``where`` only those of its examples that a clause selects as the dataset stands now; what is written of
        them is what the version says, but for the labels of ``unlabelled``, which are left out. With ``splits`` only
        those in these splits, with ``since`` only what that version lacks or has otherwise, ``without`` "augmented" or
        "synthetic" ones. ``list_excluded`` names what the version leaves out, with reasons. ``licence`` goes onto the
        data card, as do the saved slices.
        """
        from dataimp_gui.core.versions import registry
        from dataimp_gui.core.versions.card import Beside
        from dataimp_gui.core.versions.export import Chosen, export

        until = registry.edit(self.database, registry.find(self.database, version).name)
        reasons = self.editing.journal.reasons(edits.EXCLUDED, until)
        slices = [(each.name, each.where, rows) for each, rows in self._saved_slices()]
        only = Chosen(where, self.rows(where)) if where.strip() else None
        return export(
            self.database,
            self._draft(),
            version,
            Path(dest),
            format,
            link=link,
            embed=embed,
            only=only,
            splits=splits,
            since=since,
            without=without,
            list_excluded=list_excluded,
            unlabelled=unlabelled,
            beside=Beside(licence or self.licence, slices, reasons),
            progress=progress or Progress(),
        )

    def report(
        self, file: Path | str, where: str = "", *, top: int = 12, progress: Progress | None = None
    ) -> "Reported":
        """Write what the current run gets right and where it fails as one HTML file that needs nothing else."""
        from dataimp_gui.core.report import write

        return write(self, Path(file), where, top, progress or Progress())

    @property
    def licence(self) -> str:
        """What the data may be used for; empty where nobody said."""
        return self.database.get("licence")

    def _saved_slices(self) -> "list[tuple[Slice, Rows]]":
        """But for those whose column went away; the Slices page says so."""
        found = []
        for each in self.slices.saved():
            with suppress(DataimpError):
                found.append((each, self.slices.rows(each)))
        return found

    def _draft(self) -> "Draft":
        from dataimp_gui.core.versions.draft import Draft

        with self.editing.turn:
            journal = self.editing.journal
            return Draft.now(self.path, self.contract, self.state, journal, self.sources, self.locations)

    def _read(self) -> State:
        """Where the examples come from, and how they were before any edit."""
        self.sources = sources(self.database)
        self.locations = Locations(self.sources, Objects(self.path / "objects"))
        return imported_state(self.database, self.path, self.sources)

    def _tables(self) -> list[Path]:
        return [self.path / "tables" / source.file for source in self.sources]

    def writable(self) -> Editing:
        """What makes edits. Raises ProjectError when the project is open read-only."""
        if self.read_only:
            raise ProjectError(f"{self.name} is open read-only.", hint="Close it elsewhere and open it again.")
        return self.editing

    def _contract(self) -> Contract:
        """As it was imported, with the costs and gates that a person set since."""
        given = contracts.from_json(self.database.get("contract"))
        costly = contracts.with_costs(given, self.state.documents(edits.COSTS).get(0, ""))
        return contracts.with_gates(costly, self.state.documents(edits.GATES).get(0, ""))

    def _seen(self, edit: Assign, change: Change) -> None:
        if edit.column in edits.OF_PROJECT:
            if edit.column in (edits.COSTS, edits.GATES):
                self.contract = self._contract()
            with self._opening:
                if self._query is not None:
                    self.slices.show(self._query)
            self.tell(Change(change.fields, np.empty(0, dtype=np.int64)))
            return
        with self._opening:
            followed = self._analysis.follow(edit.rows) if self._analysis else None
            if self._query is not None:
                try:
                    self._query.update(edit)
                    self.analysis.rewrite(self._query, followed)
                except EngineError:  # no memory, say: the edit is on the disk, so the next question loads all anew
                    self._query.close()
                    self._query = None
        self.tell(change)
        if followed is not None and len(followed.rows):
            self.tell(Change(Field.ISSUE, followed.rows))

    def tell(self, change: Change) -> None:
        """To everybody who listens."""
        if self._slices is not None:
            self._slices.follow(change)
        for listener in tuple(self._listeners):
            listener(change)


def _listed(names: Sequence[str], most: int = 12) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest:,} more" if rest > 0 else "")
