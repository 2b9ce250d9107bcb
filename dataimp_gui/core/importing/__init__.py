"""How a source becomes a project: what was found is loaded, checked against the contract, and written whole."""

import os
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from dataimp_gui.core import formats
from dataimp_gui.core.compute import Pool, working
from dataimp_gui.core.contract import Contract
from dataimp_gui.core.engine import Engine, quoted
from dataimp_gui.core.formats.found import INCOMING, PLACE, Found
from dataimp_gui.core.importing import checks, examples, media
from dataimp_gui.core.importing.fetching import fetch, is_url
from dataimp_gui.core.importing.options import ImportOptions, ImportSummary, RunSummary, counted
from dataimp_gui.core.importing.runs import add_run, in_order, now, place_number, quarantine, stopped
from dataimp_gui.core.model import Modality, Rejected, Role
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.core.storage.parts import Part, part
from dataimp_gui.errors import DataimpError, ProjectError
from dataimp_gui.progress import Progress

__all__ = ["ImportOptions", "ImportSummary", "RunSummary", "add_run", "import_dataset"]

MEMORY: str = "1200MB"
_EXAMPLES = "examples-0001.parquet"


def import_dataset(
    source: Path | str, path: Path, options: ImportOptions | None = None, progress: Progress | None = None
) -> ImportSummary:
    """Make a new project at ``path`` from a file, a folder or a URL, with the runs that the options name.

    Broken rows are kept aside with reasons. When it is cancelled or fails, nothing is left. Raises DataimpError.
    """
    started = time.monotonic()
    progress = progress or Progress()
    with part(_free(path)) as place:
        engine = Engine(temp=place.temp, memory_limit=MEMORY)
        try:
            return Import(str(source), options or ImportOptions(), place, engine, progress).run(started)
        finally:
            engine.close()


class Import:
    """One import into ``place``; a rehearsal goes no further than `check`."""

    def __init__(self, source: str, options: ImportOptions, place: Part, engine: Engine, progress: Progress) -> None:
        self._source = source
        self._options = options
        self._place = place
        self._engine = engine
        self._progress = progress
        self._objects = Objects(place.folder / "objects")

    def run(self, started: float) -> ImportSummary:
        found = self.look()
        options, engine, progress = self._options, self._engine, self._progress
        rejected, notes = self.check(found, copy=options.copy_media or is_url(self._source))
        if options.stop_on_bad and rejected:
            raise stopped(rejected)
        id_expression, note = examples.id_sql(engine, found)
        plan = examples.layout(engine, found, id_expression)
        notes += [note, *plan.notes] if note else plan.notes

        progress.phase("Writing examples")
        count = examples.write(engine, plan, self._place.folder / "tables" / _EXAMPLES, progress)
        if not count:
            raise _nothing(self._source, rejected)
        contract = self._contract(found, plan)
        splits = self._splits(found)
        engine.run(f"DROP TABLE {checks.BAD}")
        runs = self._write(found, contract, splits, count, rejected)
        self._place.finish()
        left_out = len(rejected) + sum(run.quarantined for run in runs)
        reasons = counted(rejected)
        for run in runs:
            notes += [f"{run.name}: {run_note}" for run_note in run.notes]
            for reason, number in run.by_reason.items():
                reasons[reason] = reasons.get(reason, 0) + number
        return ImportSummary(
            count,
            left_out,
            reasons,
            tuple(notes),
            plan.renamed,
            time.monotonic() - started,
            found.format,
            found.modality,
            {column.name: column.role.value for column in found.columns},
            runs,
        )

    def check(self, found: Found, *, copy: bool, most: int = 0) -> tuple[list[Rejected], list[str]]:
        """Load the rows and judge each, or the first ``most``: those that stay out, in order, and notes."""
        options, engine, progress = self._options, self._engine, self._progress
        notes = list(found.notes)
        with self._workers(found) as pool:
            rejected = formats.load(found, engine, self._objects, progress)
            if most:
                rejected = self._cut(rejected, most)
            progress.phase("Checking rows")
            checks.start(engine)
            checks.check_rows(engine, found, options.classes, options.limits, progress)
            if column := found.column(Role.MEDIA):
                notes += media.check_media(
                    engine, found, column, self._objects, options.limits, progress, copy=copy, pool=pool
                )
        if column := found.column(Role.ID):
            checks.check_ids(engine, column.name, found.place, progress)
        rejected = in_order([*rejected, *self._left_out(found)])
        if is_url(self._source):  # and not the copy of it, which is gone by then
            rejected = [replace(row, source=self._source) for row in rejected]
        return rejected, notes

    def _cut(self, rejected: list[Rejected], most: int) -> list[Rejected]:
        """Forget all but the first ``most`` of the rows that were read; which of ``rejected`` lie among them."""
        engine = self._engine
        engine.run(f"CREATE TABLE first_rows AS SELECT * FROM {INCOMING} ORDER BY {PLACE} LIMIT {most}")
        formats.forget_incoming(engine)
        engine.run(f"ALTER TABLE first_rows RENAME TO {INCOMING}")
        last = engine.value(f"SELECT max({PLACE}) FROM {INCOMING}") or most
        return [row for row in rejected if place_number(row) <= last][:most]

    def _workers(self, found: Found) -> AbstractContextManager[Pool | None]:
        """Worker processes for the media, which start while the rows are read."""
        return working(most=self._options.workers) if found.column(Role.MEDIA) else nullcontext()

    def look(self) -> Found:
        options = self._options
        if is_url(self._source):
            source = fetch(self._source, self._place.temp / "source", self._progress)
        else:
            source = Path(os.path.abspath(self._source.removeprefix("file://")))
        self._progress.phase(f"Looking at {source.name}")
        found = formats.inspect(source, self._engine, format=options.format, writing=options.writing)
        if options.modality is Modality.TABLE:
            plain = {c.name: Role.METADATA for c in found.columns if c.role in (Role.MEDIA, Role.TEXT)}
            found = found.with_roles({name: role for name, role in plain.items() if name not in options.roles})
        found = found.with_roles(options.roles)
        if options.media_root is not None:
            if not options.media_root.is_dir():
                raise DataimpError(f"There is no folder {options.media_root} for the media.")
            found = replace(found, media_root=Path(os.path.abspath(options.media_root)))
        return replace(found, modality=self._modality(found))

    def _modality(self, found: Found) -> Modality:
        """As given, if the columns for it are there; else by what they are."""
        media_column, text = found.column(Role.MEDIA), found.column(Role.TEXT)
        given = self._options.modality
        if given in (Modality.IMAGE, Modality.AUDIO) and media_column is None:
            raise DataimpError(
                f"No column of {found.path.name} holds {given} files.", hint="Say which one does with --media."
            )
        if given is Modality.TEXT and text is None and media_column is None:
            raise DataimpError(f"No column of {found.path.name} holds texts.", hint="Say which one does with --text.")
        if given is not None:
            return given
        if media_column is not None:
            return (
                found.modality if found.modality in (Modality.IMAGE, Modality.AUDIO, Modality.TEXT) else Modality.IMAGE
            )
        return Modality.TEXT if text else Modality.TABLE

    def _left_out(self, found: Found) -> list[Rejected]:
        """The bad rows of the loaded table, in the order of the source."""
        column = found.column(Role.ID) or found.column(Role.MEDIA)
        name = f"i.{quoted(column.name)}" if column else "''"
        rows = self._engine.rows(
            f"SELECT b.{PLACE}, coalesce({name}, ''), b.reason, b.hint FROM {checks.BAD} b "
            f"JOIN {INCOMING} i ON i.{PLACE} = b.{PLACE} ORDER BY 1"
        )
        return [
            Rejected(str(found.path), f"{found.place} {place}" if found.place else "", str(id_), reason, hint)
            for place, id_, reason, hint in rows
        ]

    def _contract(self, found: Found, plan: examples.Layout) -> Contract:
        classes = self._options.classes
        column = found.column(Role.LABEL)
        words = checks.words(self._engine, column.name) if column and classes is None else []
        return Contract(
            found.modality,
            tuple(dict.fromkeys(filter(None, classes)) if classes is not None else words),
            plan.columns,
            closed=classes is not None,
            limits=self._options.limits,
        )

    def _splits(self, found: Found) -> list[str]:
        column = found.column(Role.SPLIT)
        if column is None:
            return []
        splits = checks.words(self._engine, column.name)
        checks.check_splits(splits, column.name)
        return examples.split_order(splits)

    def _write(
        self, found: Found, contract: Contract, splits: list[str], count: int, rejected: list[Rejected]
    ) -> tuple[RunSummary, ...]:
        options, folder = self._options, self._place.folder
        self._objects.sync()
        database = Database(folder, create=True)
        try:
            with database.transaction():
                database.put("contract", contract.to_json())
                database.put("created", now())
                database.add_words("label", contract.classes)
                database.add_words("split", splits)
                root = "" if is_url(self._source) else str(found.media_root or "")
                location = self._source if is_url(self._source) else str(found.path)
                database.execute(
                    "INSERT INTO source VALUES (1, ?, ?, ?, ?, 0, ?, ?)",
                    (location, found.format, _EXAMPLES, root, count, now()),
                )
                quarantine(database, rejected)
            formats.forget_incoming(self._engine)
            self._engine.run("DROP TABLE IF EXISTS incoming_rows")
            return tuple(
                add_run(
                    folder,
                    database,
                    Path(os.path.abspath(file)),
                    progress=self._progress,
                    stop_on_bad=options.stop_on_bad,
                    engine=self._engine,
                )
                for file in options.predictions
            )
        finally:
            database.close()


def _free(path: Path) -> Path:
    """``path`` as a place for a new project. Raises ProjectError when it is none."""
    target = Path(os.path.abspath(path))
    if target.exists() or target.is_symlink():
        raise ProjectError(f"{target} exists already.", hint="Choose another name, or remove it first.")
    if not target.parent.is_dir():
        raise ProjectError(f"There is no folder {target.parent} to put the project in.", hint="Make it first.")
    return target


def _nothing(source: str, rejected: list[Rejected]) -> DataimpError:
    name = Path(source).name
    if not rejected:
        return DataimpError(f"{name} holds no examples.", hint="It has columns, but no rows.")
    reasons = "; ".join(f"{reason} ({count:,})" for reason, count in list(counted(rejected).items())[:3])
    return DataimpError(
        f"None of the {len(rejected):,} rows of {name} could be imported: {reasons}.", hint=rejected[0].hint
    )
