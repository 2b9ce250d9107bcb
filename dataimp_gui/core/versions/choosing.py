"""Which part of a version leaves it: some of its splits, with or without what was made, what differs from another
version, what a clause selected."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dataimp_gui.core.engine import Engine, literal
from dataimp_gui.core.model import Rows
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.locations import AUGMENTED
from dataimp_gui.core.versions import manifest, registry
from dataimp_gui.core.versions.manifest import Committed
from dataimp_gui.core.versions.outgoing import Chosen
from dataimp_gui.errors import DataimpError

MADE: Final = (AUGMENTED, "synthetic")
"""Origins of examples that nobody collected, which can be left out."""

_CONTENT: Final = ("label", "split", "tags", "sha256", "metadata")


@dataclass(frozen=True, slots=True)
class Held:
    """How many examples of a version are in each split ("" for none), by origin, and how many ``bytes`` their media are
    as far as that is known; ``excluded`` ones are not in it."""

    examples: Mapping[tuple[str, str], int]
    bytes: Mapping[tuple[str, str], int]
    excluded: int


def held(database: Database, folder: Path, version: str) -> Held:
    """``folder`` is that of the project."""
    committed = manifest.read(folder, registry.find(database, version))
    with closing(Engine()) as engine:
        found = engine.rows(
            f"SELECT coalesce(split, ''), origin, count(*), coalesce(sum(size), 0)::BIGINT FROM {committed.relation} "
            "WHERE NOT excluded GROUP BY ALL ORDER BY ALL"
        )
        excluded = engine.value(f"SELECT count(*) FROM {committed.relation} WHERE excluded")
    counts = {(split, origin): count for split, origin, count, _ in found}
    return Held(counts, {(split, origin): size for split, origin, _, size in found}, int(excluded))


def changed(database: Database, folder: Path, version: str, since: str) -> int:
    """How many examples of a version another one lacks, or holds with another content."""
    both = [manifest.read(folder, registry.find(database, name)) for name in (version, since)]
    with closing(Engine()) as engine:
        _take(engine, both)
        return len(_differing(engine))


def choose(
    version: Committed,
    since: Committed | None,
    wanted: Sequence[str],
    only: Chosen | None,
    without: Sequence[str] = (),
) -> tuple[Chosen | None, dict[str, Any]]:
    """What leaves of ``version`` when just the splits ``wanted``, "" for none, or all where none is named, what differs
    from ``since``, and the rows of ``only`` do, but for the origins ``without``; and what manifest.json says of that:
    the content id of ``since`` and the ids that such an export of it had and this version has no more.

    Raises DataimpError for a split that the version lacks, and where nothing is left.
    """
    if since is None and not wanted and not without:
        return only, {}
    if unknown := [origin for origin in without if origin not in MADE]:
        raise DataimpError(f'"{unknown[0]}" cannot be left out.', hint=f"These can: {', '.join(MADE)}.")
    notes: dict[str, Any] = {"only_splits": list(wanted)} if wanted else {}
    notes |= {"without": sorted(without)} if without else {}
    both = [version] if since is None else [version, since]
    with closing(Engine()) as engine:
        known = _splits(engine, version)
        if unknown := [split for split in wanted if split not in known]:
            listed = ", ".join(split for split in known if split) or "none"
            raise DataimpError(f'{version.info.name} has no split "{unknown[0]}".', hint=f"It has: {listed}.")
        _take(engine, both, wanted, only, without)
        if since is None:
            rows = engine.arrays('SELECT "row" FROM part0')["row"]
        else:
            rows = _differing(engine)
            gone = engine.rows("SELECT id FROM part1 WHERE id NOT IN (SELECT id FROM part0) ORDER BY id")
            notes |= {"since": since.info.content, "gone": [row[0] for row in gone]}
    if since is not None and not len(rows):
        raise DataimpError(
            f"What is chosen of {version.info.name} holds nothing that {since.info.name} lacks.",
            hint=f"{len(notes['gone']):,} of its examples are gone." if notes["gone"] else "Choose another version.",
        )
    return Chosen("" if only is None else only.where, rows), notes


def _splits(engine: Engine, version: Committed) -> dict[str, int]:
    found = engine.rows(
        f"SELECT coalesce(split, ''), count(*) FROM {version.relation} WHERE NOT excluded GROUP BY 1 ORDER BY 1"
    )
    return {split: int(count) for split, count in found}


def _take(
    engine: Engine,
    versions: Sequence[Committed],
    wanted: Sequence[str] = (),
    only: Chosen | None = None,
    without: Sequence[str] = (),
) -> None:
    """Make the tables `part0`, `part1`: what the splits, the origins and the rows leave of each version."""
    among = f" AND coalesce(split, '') IN ({', '.join(map(literal, wanted))})" if wanted else ""
    among += f" AND origin NOT IN ({', '.join(map(literal, without))})" if without else ""
    if only is not None:
        engine.register("chosen", {"chosen_row": only.rows})
        among += ' AND "row" IN (SELECT chosen_row FROM chosen)'
    for place, version in enumerate(versions):
        engine.run(f"CREATE TABLE part{place} AS SELECT * FROM {version.relation} WHERE NOT excluded{among}")
    if only is not None:
        engine.forget("chosen")


def _differing(engine: Engine) -> Rows:
    differs = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in _CONTENT)
    sql = f'SELECT a."row" AS "row" FROM part0 a LEFT JOIN part1 b ON a.id = b.id WHERE b.id IS NULL OR {differs}'
    return engine.arrays(sql)["row"]
