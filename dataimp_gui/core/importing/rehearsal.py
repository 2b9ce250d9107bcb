"""An import that makes no project: what would come in, what would be kept aside and why, how each column looks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from dataimp_gui.core import formats
from dataimp_gui.core.engine import Engine, quoted
from dataimp_gui.core.formats.found import INCOMING, Found, FoundColumn
from dataimp_gui.core.importing import MEMORY, Import, checks
from dataimp_gui.core.importing.options import ImportOptions, counted
from dataimp_gui.core.model import Rejected, Role
from dataimp_gui.core.storage.parts import Part
from dataimp_gui.progress import Progress

Level = Literal["pass", "warn", "skip"]

_MOST_SHOWN: Final = 5
_SHOWN: Final = 60  # characters of a label


@dataclass(frozen=True, slots=True)
class Judged:
    """How a column looks in the rows that come in: ``short`` for a table, ``said`` in a sentence when it is odd.

    ``then`` is what the import does about it.
    """

    column: str
    level: Level
    short: str
    said: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """``rows`` is how many examples the import would make, of the ``looked_at`` rows of the source."""

    rows: int
    rejected: tuple[Rejected, ...]
    columns: tuple[Judged, ...]
    notes: tuple[str, ...]

    @property
    def looked_at(self) -> int:
        return self.rows + len(self.rejected)

    @property
    def by_reason(self) -> Mapping[str, int]:
        return counted(self.rejected)


def rehearse(
    source: Path | str, options: ImportOptions | None = None, progress: Progress | None = None, *, most: int = 0
) -> Rehearsal:
    """Check a source as `import_dataset` would, predictions apart; media are looked at, never copied.

    ``most`` looks at that many rows from the start only. A source without a single good row is told by counts, not by
    an error. Raises DataimpError.
    """
    progress, options = progress or Progress(), options or ImportOptions()
    with TemporaryDirectory(prefix="dataimp-") as outer:
        place = Part(Path(outer), Path(outer) / "never")
        engine = Engine(temp=place.temp, memory_limit=MEMORY)
        try:
            trial = Import(str(source), options, place, engine, progress)
            found = trial.look()
            rejected, notes = trial.check(found, copy=False, most=most)
            rows = int(engine.value(f"SELECT count(*) FROM {INCOMING} i WHERE {checks.good(engine)}"))
            progress.phase("Looking at the columns")
            _refuse_what_is_none(engine, found, options)
            return Rehearsal(rows, tuple(rejected), tuple(_judge(engine, found, rows, progress)), tuple(notes))
        finally:
            formats.forget_incoming(engine)
            engine.close()


def _refuse_what_is_none(engine: Engine, found: Found, options: ImportOptions) -> None:
    """Too many labels or splits end the import, so they end this too."""
    if (column := found.column(Role.LABEL)) and options.classes is None:
        checks.words(engine, column.name)
    if column := found.column(Role.SPLIT):
        checks.check_splits(checks.words(engine, column.name), column.name)


def _judge(engine: Engine, found: Found, rows: int, progress: Progress) -> Iterator[Judged]:
    used = [column for column in found.columns if column.role is not Role.SKIP]
    counts = ", ".join(f"count(*) FILTER (coalesce(i.{quoted(c.name)}::VARCHAR, '') = '')" for c in used)
    (empty,) = (
        engine.rows(f"SELECT {counts} FROM {INCOMING} i WHERE {checks.good(engine)}", progress=progress)
        if used
        else [()]
    )
    missing = dict(zip((column.name for column in used), map(int, empty), strict=True))
    for column in found.columns:
        match column.role:
            case Role.SKIP:
                yield Judged(column.name, "skip", "skipped")
            case Role.ID:
                yield Judged(column.name, "pass", "unique")
            case Role.MEDIA:
                yield Judged(column.name, "pass", f"{_of(rows, 'file')} open")
            case Role.LABEL:
                yield _label(engine, column, missing[column.name], progress)
            case Role.SPLIT:
                words = checks.words(engine, column.name)
                yield _filled(column, missing[column.name], _of(len(words), "split"))
            case Role.GROUP:
                yield _group(engine, found, column, missing[column.name], progress)
            case _:
                yield _filled(column, missing[column.name], "all filled in")


def _filled(column: FoundColumn, empty: int, otherwise: str) -> Judged:
    if not empty:
        return Judged(column.name, "pass", otherwise)
    return Judged(column.name, "warn", f"{empty:,} empty", f"Empty in {_of(empty, 'row')}.", "They stay empty")


def _label(engine: Engine, column: FoundColumn, empty: int, progress: Progress) -> Judged:
    """Labels that are one word but for case and spaces are odd, and rows without one."""
    value = f"i.{quoted(column.name)}"
    same = f"lower(trim(regexp_replace({value}, '\\s+', ' ', 'g')))"
    families = engine.rows(
        f"SELECT list(DISTINCT {value} ORDER BY {value}) AS words FROM {INCOMING} i "
        f"WHERE {value} != '' AND {checks.good(engine)} GROUP BY {same} ORDER BY words[1]",
        progress=progress,
    )
    spellings = sum(len(words) for (words,) in families)
    doubled = [words for (words,) in families if len(words) > 1]
    if doubled:
        shown = "; ".join(" and ".join(f'"{word[:_SHOWN]}"' for word in words) for words in doubled[:_MOST_SHOWN])
        more = f"; {len(doubled) - _MOST_SHOWN:,} more" if len(doubled) > _MOST_SHOWN else ""
        return Judged(
            column.name,
            "warn",
            f"{spellings:,} spellings, {_of(len(families), 'label')}",
            f"Labels that differ only by case or spaces: {shown}{more}.",
            "Each stays a label of its own",
        )
    if empty:
        short = f"{_of(spellings, 'label')}, {empty:,} empty"
        return Judged(column.name, "warn", short, f"{_of(empty, 'row')} without a label.", "They come in unlabelled")
    return Judged(column.name, "pass", _of(spellings, "label"))


def _group(engine: Engine, found: Found, column: FoundColumn, empty: int, progress: Progress) -> Judged:
    split = found.column(Role.SPLIT)
    if split is not None:
        name, part = f"i.{quoted(column.name)}", f"i.{quoted(split.name)}"
        shared = int(
            engine.value(
                f"SELECT count(*) FROM (SELECT {name} FROM {INCOMING} i WHERE {name} != '' AND {part} != '' "
                f"AND {checks.good(engine)} GROUP BY 1 HAVING count(DISTINCT {part}) > 1)",
                progress=progress,
            )
        )
        if shared:
            said = f"{_of(shared, 'group')} in more than one split: what is measured there may be flattered."
            return Judged(column.name, "warn", f"{shared:,} in several splits", said, "Splits stay as they are")
    return _filled(column, empty, "all filled in")


def _of(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
