"""What differs between two versions, or between a version and the draft: by id, field by field."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from dataimp_gui.core.engine import Engine
from dataimp_gui.progress import Progress

LISTED: Final = 1000
"""How many ids of each kind a diff names unless asked for more; the counts are always of all."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A value of one example that became another; an empty text means none."""

    id: str
    before: str
    after: str


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
            "relabelled": changes(self.relabelled),
            "moved": changes(self.moved),
            "tagged": [asdict(line) for line in self.tagged],
            "media": list(self.media),
            "labels": [{"from": before, "to": after, "count": count} for before, after, count in self.labels],
        }


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
               coalesce(b.origin = 'augmented', false) AS is_augmented, {pairs}
        FROM {before} a FULL JOIN {after} b ON a.id = b.id
        WHERE a.id IS NULL OR b.id IS NULL OR {differs}""",
        progress=progress,
    )
    counted = ", ".join(f"count(*) FILTER ({condition})" for condition in _KINDS.values())
    return dict(zip(_KINDS, map(int, engine.rows(f"SELECT {counted} FROM differing")[0]), strict=True))


def between(
    engine: Engine, names: tuple[str, str], before: str, after: str, progress: Progress, *, limit: int = LISTED
) -> Diff:
    """``before`` and ``after`` are SQL for rows with the columns of a manifest; ``limit`` ids of each kind at most."""
    counts = compare(engine, before, after, progress)

    def ids(kind: str) -> tuple[str, ...]:
        found = engine.rows(f"SELECT id FROM differing WHERE {_KINDS[kind]} ORDER BY id LIMIT {limit}")
        return tuple(row[0] for row in found)

    def changes(kind: str, field: str) -> tuple[Changed, ...]:
        found = engine.rows(
            f"SELECT id, coalesce(before_{field}, ''), coalesce(after_{field}, '') FROM differing "
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
        changes("relabelled", "label"),
        changes("moved", "split"),
        tuple(
            Tagged(id_, tuple(tag for tag in new if tag not in old), tuple(tag for tag in old if tag not in new))
            for id_, old, new in tagged
        ),
        ids("media"),
        tuple((before_, after_, int(count)) for before_, after_, count in labels),
    )
