"""Which part of a version leaves it: some of its splits, what differs from another version, what a clause selected."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from dataimp_gui.core.engine import Engine, literal
from dataimp_gui.core.model import Rows
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.versions import manifest, registry
from dataimp_gui.core.versions.manifest import Committed
from dataimp_gui.core.versions.outgoing import Chosen
from dataimp_gui.errors import DataimpError

_CONTENT: Final = ("label", "split", "tags", "sha256", "metadata")


def splits(database: Database, folder: Path, version: str) -> dict[str, int]:
    """How many examples of a version are in each split, "" for none. ``folder`` is that of the project."""
    committed = manifest.read(folder, registry.find(database, version))
    with closing(Engine()) as engine:
        return _splits(engine, committed)


def changed(database: Database, folder: Path, version: str, since: str) -> int:
    """How many examples of a version another one lacks, or holds with another content."""
    both = [manifest.read(folder, registry.find(database, name)) for name in (version, since)]
    with closing(Engine()) as engine:
        _take(engine, both)
        return len(_differing(engine))


def choose(
    version: Committed, since: Committed | None, wanted: Sequence[str], only: Chosen | None
) -> tuple[Chosen | None, dict[str, Any]]:
    """What leaves of ``version`` when just the splits ``wanted``, "" for none, or all where none is named, what differs
    from ``since``, and the rows of ``only`` do; and what manifest.json says of that: the content id of ``since`` and
    the ids that such an export of it had and this version has no more.

    Raises DataimpError for a split that the version lacks, and where nothing is left.
    """
    if since is None and not wanted:
        return only, {}
    notes: dict[str, Any] = {"only_splits": list(wanted)} if wanted else {}
    both = [version] if since is None else [version, since]
    with closing(Engine()) as engine:
        known = _splits(engine, version)
        if unknown := [split for split in wanted if split not in known]:
            listed = ", ".join(split for split in known if split) or "none"
            raise DataimpError(f'{version.info.name} has no split "{unknown[0]}".', hint=f"It has: {listed}.")
        _take(engine, both, wanted, only)
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
    engine: Engine, versions: Sequence[Committed], wanted: Sequence[str] = (), only: Chosen | None = None
) -> None:
    """Make the tables `part0`, `part1`: what the splits and the rows leave of each version."""
    among = f" AND coalesce(split, '') IN ({', '.join(map(literal, wanted))})" if wanted else ""
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
