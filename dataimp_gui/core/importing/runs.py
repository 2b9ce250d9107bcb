"""How a file of predictions becomes a run: each row found its example, and everything that did not fit kept aside."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from dataimp_gui.core import contract as contracts
from dataimp_gui.core import edits
from dataimp_gui.core.engine import Engine, parquet
from dataimp_gui.core.formats import runs as files
from dataimp_gui.core.formats.found import PLACE
from dataimp_gui.core.formats.runs import INCOMING_RUN
from dataimp_gui.core.importing.options import RunSummary, counted
from dataimp_gui.core.model import Rejected
from dataimp_gui.core.storage import columns as tables
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.locations import AUGMENTED
from dataimp_gui.errors import DataimpError, FormatError
from dataimp_gui.progress import Progress

_IDS: Final = "example_ids"
_LEFT: Final = "run_left_out"
_PLACE: Final = re.compile(r"(?:line|row) (\d+)")
_FITS: Final = f"r.{PLACE} NOT IN (SELECT {PLACE} FROM {_LEFT})"


@dataclass(frozen=True, slots=True)
class _Labels:
    """The classes of the dataset: ``known`` in the order of their codes; ``closed`` when nothing may join them."""

    known: tuple[str, ...]
    closed: bool


def add_run(
    folder: Path,
    database: Database,
    file: Path,
    name: str = "",
    version: str = "",
    progress: Progress | None = None,
    *,
    stop_on_bad: bool = False,
    engine: Engine | None = None,
    hidden: Sequence[tuple[int, int]] = (),
) -> RunSummary:
    """Read predictions into the project in ``folder`` as its newest run; whole or not at all.

    Rows are found by id, or by their order when the file has no ids. Examples without a row have no prediction, nor
    have those in ``hidden``, the first and last of each run of rows that are not there. Raises FormatError for a file
    that is no run of this dataset, DataimpError with ``stop_on_bad`` when a row is bad.
    """
    progress = progress or Progress()
    for what, text in (("name of the run", name), ("version of the run", version)):
        edits.checked(what, text, edits.MOST_OF_NAME)
    own = engine or Engine(temp=folder / "cache" / "temp")
    try:
        adding = _Adding(folder, database, Path(file), own, progress, hidden)
        return adding.run(name, version, stop_on_bad=stop_on_bad)
    finally:
        own.run(f"DROP VIEW IF EXISTS {INCOMING_RUN}")
        own.run(f"DROP TABLE IF EXISTS {_IDS}")
        if engine is None:
            own.close()


class _Adding:
    def __init__(
        self,
        folder: Path,
        database: Database,
        file: Path,
        engine: Engine,
        progress: Progress,
        hidden: Sequence[tuple[int, int]],
    ) -> None:
        self._folder = folder
        self._database = database
        self._file = file
        self._engine = engine
        self._progress = progress
        self._hidden = hidden
        contract = contracts.from_json(database.get("contract"))
        self._contract = contract
        self._labels = _Labels(tuple(database.words("label")), contract.closed)

    def run(self, name: str, version: str, *, stop_on_bad: bool) -> RunSummary:
        counts = self._load_ids()
        found = files.read_run(self._file, self._engine, self._labels.known, self._progress, counts=counts)
        if not found.rows and not found.rejected:
            raise FormatError(f"{self._file.name} holds no predictions.")
        self._progress.phase("Matching predictions")
        self._engine.run(f"CREATE OR REPLACE TABLE {_LEFT} (_place BIGINT, id VARCHAR, reason VARCHAR, hint VARCHAR)")
        added = self._new_classes(found)
        if added is None:
            self._leave_out_unknown_classes()
            added = ()
        shares = "".join(f", r.p{place}" for place in range(len(found.classes)))
        select = self._by_id(shares) if found.has_ids else self._by_order(found, counts, shares)
        rejected = in_order([*found.rejected, *self._left_out(found)])
        if stop_on_bad and rejected:
            raise stopped(rejected)
        return self._write(select, found, rejected, added, name or self._file.stem, version)

    def _nothing_fits(self, rejected: Sequence[Rejected]) -> FormatError:
        first = rejected[0]
        return FormatError(
            f"No row of {self._file.name} is a prediction for an example of this dataset. "
            f"The first, {first.place}: {first.reason}.",
            hint=first.hint,
        )

    def _load_ids(self) -> list[int]:
        """Make the table of ids; how many examples there are and, where others were made of some, were imported."""
        paths = [
            self._folder / "tables" / file
            for (file,) in self._database.rows("SELECT file FROM source ORDER BY first_row")
        ]
        select = f"SELECT id FROM {parquet(*paths)}"
        if self._hidden:  # they keep their rows, under an id that no file can name
            select = (
                f"SELECT CASE WHEN {_among('_row', self._hidden)} THEN chr(1) || _row ELSE id END AS id "
                f"FROM (SELECT id, row_number() OVER () - 1 AS _row FROM {parquet(*paths)})"
            )
        self._engine.run(f"CREATE OR REPLACE TABLE {_IDS} AS {select}", progress=self._progress)
        hidden = sum(last - first + 1 for first, last in self._hidden)
        total = int(self._engine.value(f"SELECT count(*) FROM {_IDS}"))
        made = sum(last - first + 1 for first, last in self._made())
        return list(dict.fromkeys([total - hidden, total - made]))

    def _made(self) -> list[tuple[int, int]]:
        """First and last row of each part that was made of other examples."""
        found = self._database.rows("SELECT first_row, count FROM source WHERE format = ?", (AUGMENTED,))
        return [(first, first + count - 1) for first, count in found]

    def _new_classes(self, found: files.RunFound) -> tuple[str, ...] | None:
        """Classes that the run brings along; None when it names some that the dataset does not allow."""
        named = set(found.classes) - set(self._labels.known)
        if not self._labels.known and not found.classes:
            rows = self._engine.rows(f"SELECT DISTINCT predicted FROM {INCOMING_RUN} WHERE predicted IS NOT NULL")
            return tuple(sorted(str(row[0]) for row in rows))
        if named and self._labels.closed:
            return None
        return tuple(word for word in found.classes if word in named)

    def _leave_out_unknown_classes(self) -> None:
        self._engine.run(
            "CREATE OR REPLACE TABLE known AS SELECT unnest($1::VARCHAR[]) AS word", [list(self._labels.known)]
        )
        self._engine.run(
            f"INSERT INTO {_LEFT} SELECT {PLACE}, id, 'the predicted class \"' || left(predicted, 60) || "
            "'\" is not in the class list', 'Add it to the class list of the dataset, or correct the run.' "
            f"FROM {INCOMING_RUN} WHERE predicted NOT IN (SELECT word FROM known)"
        )

    def _by_id(self, shares: str) -> str:
        """SELECT of a row for each example, in order; what does not fit goes to `_LEFT`."""
        kept = f"SELECT r.predicted, r.confidence{shares} FROM"
        if not self._engine.value(f"SELECT count(*) FROM {_LEFT}") and self._is_aligned():
            return f"{kept} {INCOMING_RUN} r"
        self._engine.run(
            f"INSERT INTO {_LEFT} SELECT r.{PLACE}, r.id, 'the id is unknown to the dataset', "
            "'Ids are compared exactly as written; check that the run belongs to this dataset.' "
            f"FROM {INCOMING_RUN} r WHERE r.id NOT IN (SELECT id FROM {_IDS}) AND {_FITS}",
            progress=self._progress,
        )
        self._engine.run(
            f"INSERT INTO {_LEFT} SELECT r.{PLACE}, r.id, 'duplicate id', "
            "'An example can have one prediction in a run; the first was kept.' "
            f"FROM {INCOMING_RUN} r JOIN (SELECT r.id, min(r.{PLACE}) AS first FROM {INCOMING_RUN} r "
            f"WHERE {_FITS} GROUP BY r.id HAVING count(*) > 1) twice "
            f"ON r.id = twice.id AND r.{PLACE} != twice.first WHERE {_FITS}",
            progress=self._progress,
        )
        fitting = f"(SELECT * FROM {INCOMING_RUN} r WHERE {_FITS})"
        return f"{kept} {_IDS} e LEFT JOIN {fitting} r ON r.id = e.id ORDER BY e.rowid"

    def _is_aligned(self) -> bool:
        """Whether the run has the ids of the dataset in its order, which is common and needs no join."""
        same = self._engine.value(
            f"SELECT bool_and(coalesce(e.id = r.id, false)) FROM {_IDS} e POSITIONAL JOIN {INCOMING_RUN} r",
            progress=self._progress,
        )
        return bool(same)

    def _by_order(self, found: files.RunFound, counts: Sequence[int], shares: str) -> str:
        """A file with a row for each example, or for each that was imported."""
        rows = found.rows + len(found.rejected)
        files.check_length(self._file.name, rows, counts)
        without = self._hidden if rows == counts[0] else self._made()
        fitting = f"(SELECT * FROM {INCOMING_RUN} r WHERE {_FITS})"
        before = "".join(f" - {last - first + 1} * (e.rowid > {last})::INT" for first, last in without)
        return (
            f"SELECT r.predicted, r.confidence{shares} FROM {_IDS} e LEFT JOIN {fitting} r "
            f"ON r.{PLACE} - 1 = e.rowid{before} AND NOT ({_among('e.rowid', without)}) ORDER BY e.rowid"
        )

    def _left_out(self, found: files.RunFound) -> list[Rejected]:
        word = found.place
        return [
            Rejected(str(self._file), f"{word} {place}", id_ or "", reason, hint)
            for place, id_, reason, hint in self._engine.rows(f"SELECT * FROM {_LEFT} ORDER BY {PLACE}")
        ]

    def _write(
        self,
        select: str,
        found: files.RunFound,
        rejected: Sequence[Rejected],
        added: tuple[str, ...],
        name: str,
        version: str,
    ) -> RunSummary:
        ((number,),) = self._database.rows("SELECT coalesce(max(number), 0) + 1 FROM run")
        path = self._folder / "tables" / f"run-{number:04d}.parquet"
        self._progress.phase("Writing predictions")
        try:
            with tables.writing(path.name):
                tables.write(self._engine, select, path, self._progress)
            covered = int(self._engine.value(f"SELECT count(predicted) FROM {parquet(path)}"))
            if not covered:
                raise self._nothing_fits(rejected)
            with self._database.transaction():
                if added:
                    self._database.add_words("label", added)
                    contract = msgspec.structs.replace(self._contract, classes=(*self._contract.classes, *added))
                    self._database.put("contract", contract.to_json())
                self._database.execute(
                    "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (number, name, version, path.name, json.dumps(found.classes), covered, now()),
                )
                quarantine(self._database, rejected)
        except BaseException:
            if not self._database.rows("SELECT 1 FROM run WHERE number = ?", (number,)):
                path.unlink(missing_ok=True)  # an interrupt can come when the run is listed already
            path.with_name(path.name + ".part").unlink(missing_ok=True)
            raise
        notes = found.notes
        if added:
            notes = (*notes, f"The run brought classes that no label has: {', '.join(added[:8])}.")
        return RunSummary(name, number, covered, len(rejected), counted(rejected), added, notes)


def _among(row: str, ranges: Sequence[tuple[int, int]]) -> str:
    """SQL for whether a row is in one of them."""
    return " OR ".join(f"{row} BETWEEN {first} AND {last}" for first, last in ranges) or "false"


def quarantine(database: Database, rejected: Sequence[Rejected]) -> None:
    """Append to the quarantine, inside a transaction."""
    database.executemany(
        "INSERT INTO quarantine (source, place, id, reason, hint) VALUES (?, ?, ?, ?, ?)",
        ((row.source, row.place, row.id, row.reason, row.hint) for row in rejected),
    )


def in_order(rejected: Sequence[Rejected]) -> list[Rejected]:
    """By the numbers of their places, whoever found them."""
    return sorted(rejected, key=place_number)


def place_number(row: Rejected) -> int:
    """0 where the place is no number."""
    return int(found[1]) if (found := _PLACE.fullmatch(row.place)) else 0


def stopped(rejected: Sequence[Rejected]) -> DataimpError:
    """What --on-bad stop says."""
    first = rejected[0]
    where = f"{Path(first.source).name}, {first.place}" if first.place else Path(first.source).name
    others = len(rejected) - 1
    more = f", and {others:,} more {'row is' if others == 1 else 'rows are'} bad" if others else ""
    return DataimpError(f"Stopped at {where}: {first.reason}{more}.", hint=first.hint)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
