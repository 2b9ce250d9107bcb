"""What differs between two versions, or between a version and the draft: by id, field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np

from dataimp_gui.core.engine import Engine, literal
from dataimp_gui.core.model import Rows
from dataimp_gui.progress import Progress

LISTED: Final = 1000
"""How many ids of each kind a diff names unless asked for more; the counts are always of all."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A value of one example that became another; an empty text means none.

    Of a relabelled one, ``by`` is who gave the label that it has after, and ``why`` the reason of the edit that gave
    today's label, where somebody said one.
    """

    id: str
    before: str
    after: str
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Tagged:
    id: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """From ``a`` to ``b``. An example counts as part of a version while it is not excluded.

    * added, removed        became part or ceased to be part; those in ``included`` and ``excluded`` only by that flag,
      the variants among those added are also counted as ``augmented``
    * relabelled, moved, tagged, media   of examples that both list, whether excluded or not; ``moved`` means the split,
      ``media`` that the file has other bytes
    * counts    of each kind, also where the lists stop at their limit
    * labels    (before, after, how many) of the relabelled ones, most frequent first
    * slices    (name, counts of each kind) of the saved slices in which something changed
    * in_test   how many that are or were in a test split changed in more than their tags; None without such a split
    """

    a: str
    b: str
    counts: dict[str, int]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    included: tuple[str, ...]
    excluded: tuple[str, ...]
    relabelled: tuple[Changed, ...]
    moved: tuple[Changed, ...]
    tagged: tuple[Tagged, ...]
    media: tuple[str, ...]
    labels: tuple[tuple[str, str, int], ...]
    slices: tuple[tuple[str, dict[str, int]], ...] = ()
    in_test: int | None = None

    @property
    def is_empty(self) -> bool:
        return not any(self.counts.values())

    def to_json(self) -> dict[str, Any]:
        """For ``dataimp diff A B --json``."""

        def changes(lines: tuple[Changed, ...]) -> list[dict[str, str]]:
            return [{"id": line.id, "from": line.before, "to": line.after} for line in lines]

        return {
            "a": self.a,
            "b": self.b,
            "counts": self.counts,
            "added": list(self.added),
            "removed": list(self.removed),
            "included": list(self.included),
            "excluded": list(self.excluded),
            "relabelled": [
                {**told, "by": line.by, "why": line.why}
                for told, line in zip(changes(self.relabelled), self.relabelled, strict=True)
            ],
            "moved": changes(self.moved),
            "tagged": [asdict(line) for line in self.tagged],
            "media": list(self.media),
            "labels": [{"from": before, "to": after, "count": count} for before, after, count in self.labels],
            "slices": [{"name": name, **counts} for name, counts in self.slices],
            "in_test": self.in_test,
        }


@dataclass(frozen=True, slots=True)
class About:
    """What versions do not say themselves: ``reasons`` for today's labels (why, rows; later ones win), which rows saved
    ``slices`` hold, and which splits are ``tests``."""

    reasons: Sequence[tuple[str, Rows]] = ()
    slices: Mapping[str, Rows] = field(default_factory=dict)
    tests: Sequence[str] = ()


_KINDS: Final = {
    "added": "after_in AND NOT before_in",
    "removed": "before_in AND NOT after_in",
    "included": "after_in AND NOT before_in AND in_both",
    "excluded": "before_in AND NOT after_in AND in_both",
    "relabelled": "in_both AND before_label IS DISTINCT FROM after_label",
    "moved": "in_both AND before_split IS DISTINCT FROM after_split",
    "augmented": "after_in AND NOT before_in AND is_augmented",
    "tagged": "in_both AND before_tags IS DISTINCT FROM after_tags",
    "media": "in_both AND before_sha256 IS DISTINCT FROM after_sha256",
}


def compare(engine: Engine, before: str, after: str, progress: Progress) -> dict[str, int]:
    """Make the table `differing` from two relations with the columns of a manifest, and count each kind of change."""
    progress.phase("Comparing versions")
    fields = ("label", "split", "tags", "sha256")
    pairs = ", ".join(f"a.{name} AS before_{name}, b.{name} AS after_{name}" for name in fields)
    differs = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in (*fields, "excluded"))
    engine.run(
        f"""CREATE OR REPLACE TABLE differing AS
        SELECT coalesce(a.id, b.id) AS id, a.id IS NOT NULL AND b.id IS NOT NULL AS in_both,
               coalesce(NOT a.excluded, false) AS before_in, coalesce(NOT b.excluded, false) AS after_in,
               coalesce(b."row", a."row") AS "row", b.label_by AS after_by,
               coalesce(b.origin = 'augmented', false) AS is_augmented, {pairs}
        FROM {before} a FULL JOIN {after} b ON a.id = b.id
        WHERE a.id IS NULL OR b.id IS NULL OR {differs}""",
        progress=progress,
    )
    counted = ", ".join(f"count(*) FILTER ({condition})" for condition in _KINDS.values())
    return dict(zip(_KINDS, map(int, engine.rows(f"SELECT {counted} FROM differing")[0]), strict=True))


def between(
    engine: Engine,
    names: tuple[str, str],
    before: str,
    after: str,
    progress: Progress,
    *,
    about: About | None = None,
    limit: int = LISTED,
) -> Diff:
    """``before`` and ``after`` are SQL for rows with the columns of a manifest; ``limit`` ids of each kind at most."""
    counts = compare(engine, before, after, progress)
    about = about or About()

    def ids(kind: str) -> tuple[str, ...]:
        found = engine.rows(f"SELECT id FROM differing WHERE {_KINDS[kind]} ORDER BY id LIMIT {limit}")
        return tuple(row[0] for row in found)

    def changes(kind: str, column: str) -> tuple[Changed, ...]:
        found = engine.rows(
            f"SELECT id, coalesce(before_{column}, ''), coalesce(after_{column}, '') FROM differing "
            f"WHERE {_KINDS[kind]} ORDER BY id LIMIT {limit}"
        )
        return tuple(Changed(*row) for row in found)

    tagged = engine.rows(
        f"SELECT id, before_tags, after_tags FROM differing WHERE {_KINDS['tagged']} ORDER BY id LIMIT {limit}"
    )
    labels = engine.rows(
        "SELECT coalesce(before_label, ''), coalesce(after_label, ''), count(*) FROM differing "
        f"WHERE {_KINDS['relabelled']} GROUP BY ALL ORDER BY 3 DESC, 1, 2"
    )
    return Diff(
        *names,
        counts,
        ids("added"),
        ids("removed"),
        ids("included"),
        ids("excluded"),
        _relabelled(engine, about, limit),
        changes("moved", "split"),
        tuple(
            Tagged(id_, tuple(tag for tag in new if tag not in old), tuple(tag for tag in old if tag not in new))
            for id_, old, new in tagged
        ),
        ids("media"),
        tuple((before_, after_, int(count)) for before_, after_, count in labels),
        _of_slices(engine, about),
        _in_test(engine, about.tests) if about.tests else None,
    )


def _relabelled(engine: Engine, about: About, limit: int) -> tuple[Changed, ...]:
    found = engine.rows(
        """SELECT id, coalesce(before_label, ''), coalesce(after_label, ''), coalesce(after_by, ''), "row" """
        f"FROM differing WHERE {_KINDS['relabelled']} ORDER BY id LIMIT {limit}"
    )
    rows = np.array([row for *_, row in found], np.int64)
    why = np.full(len(rows), "", object)
    for said, of in about.reasons:
        why[np.isin(rows, of)] = said
    return tuple(
        Changed(id_, before, after, by, said)
        for (id_, before, after, by, _), said in zip(found, why.tolist(), strict=True)
    )


def _in_test(engine: Engine, splits: Sequence[str]) -> int:
    listed = ", ".join(map(literal, splits))
    counting = " OR ".join(f"({condition})" for kind, condition in _KINDS.items() if kind != "tagged")
    is_test = f"before_split IN ({listed}) OR after_split IN ({listed})"
    return int(engine.value(f"SELECT count(*) FROM differing WHERE ({counting}) AND ({is_test})"))


def _of_slices(engine: Engine, about: About) -> tuple[tuple[str, dict[str, int]], ...]:
    if not about.slices:
        return ()
    flags = ", ".join(f"({condition}) AS {kind}" for kind, condition in _KINDS.items())
    found = engine.arrays(f'SELECT "row", {flags} FROM differing')
    rows = np.asarray(found["row"], np.int64)
    made = []
    for name, of in about.slices.items():
        inside = np.isin(rows, of)
        counts = {kind: int(np.count_nonzero(inside & np.asarray(found[kind], np.bool_))) for kind in _KINDS}
        if any(counts.values()):
            made.append((name, counts))
    return tuple(made)
