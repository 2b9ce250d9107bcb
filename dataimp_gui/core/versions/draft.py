"""The dataset as it stands at one moment, ready to become a version or to be compared with one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dataimp_gui.core import edits
from dataimp_gui.core.contract import PROVENANCE, RESERVED, Contract
from dataimp_gui.core.engine import Engine, parquet, quoted
from dataimp_gui.core.model import Codes, Mask, Modality, Role, Rows
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.journal import Journal
from dataimp_gui.core.storage.locations import AUGMENTED, Locations, Source
from dataimp_gui.core.storage.state import State
from dataimp_gui.core.versions import content

ROWS = "draft_rows"
"""The table that `build` makes."""

_IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Draft:
    """Arrays of ``count`` rows that nobody writes into any more. Make it with `now`, while no edit is being applied."""

    folder: Path
    contract: Contract
    sources: tuple[Source, ...]
    locations: Locations
    count: int
    labels: Codes
    splits: Codes
    notes: Codes
    given_labels: Codes
    present: Mask  # rows that are there; the others are no part of it
    excluded: Mask
    reviewed: Mask
    tags: Mapping[str, Mask]
    words: Mapping[str, Sequence[str]]
    label_authors: Sequence[tuple[str, Rows]]
    policies: Mapping[str, str]  # by content id, in canonical text
    edit: int  # the last line of the journal that it contains

    @classmethod
    def now(
        cls,
        folder: Path,
        contract: Contract,
        state: State,
        journal: Journal,
        sources: Sequence[Source],
        locations: Locations,
    ) -> "Draft":
        return cls(
            folder,
            contract,
            tuple(sources),
            locations,
            state.count,
            state.labels,
            state.splits,
            state.notes,
            state.given_labels,
            state.present,
            state.excluded,
            state.reviewed,
            {tag: mask for tag, mask in state.tags.items() if mask.any()},
            {column: list(state.words(column)) for column in edits.WORDED},
            journal.authors(edits.LABEL),
            _policies(state, sources),
            max((*journal.live, *journal.undone), default=0),
        )

    @property
    def tables(self) -> list[Path]:
        return [self.folder / "tables" / source.file for source in self.sources]

    @property
    def has_media(self) -> bool:
        return self.contract.modality in (Modality.IMAGE, Modality.AUDIO)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """One a row: ``sha256`` in lower-case hex, "" when unknown; ``size`` in bytes and ``mtime_ns``, -1 when unknown."""

    sha256: npt.NDArray[np.object_]
    size: npt.NDArray[np.int64]
    mtime_ns: npt.NDArray[np.int64]


def metadata_columns(contract: Contract, types: Mapping[str, str]) -> dict[str, str]:
    """The metadata columns of the contract that a table has, name to SQL type, in the order of the contract."""
    wanted = [column.name for column in contract.columns if column.role in (Role.METADATA, Role.GROUP)]
    return {name: types[name] for name in wanted if name in types and name not in RESERVED}


def _policies(state: State, sources: Sequence[Source]) -> dict[str, str]:
    """The saved ones, and those that made examples which are there."""
    saved = state.documents(edits.POLICY).values()
    used = [source.location for source in sources if source.is_made and state.present[source.first_row]]
    return {sha256(text.encode()).hexdigest(): text for text in (*saved, *used)}


def build(engine: Engine, draft: Draft, fingerprints: Fingerprints | None = None) -> None:
    """Make the table `draft_rows`: the rows of a manifest, in the order of the rows.

    Without ``fingerprints`` the media are taken to be what they were at import.
    """
    types = columns.names(engine, draft.tables)
    content.define_json_text(engine)
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "place": np.arange(draft.count, dtype=np.int32),
        "is_present": draft.present,
        "label_code": draft.labels,
        "given_code": draft.given_labels,
        "split_code": draft.splits,
        "note_code": draft.notes,
        "is_excluded": draft.excluded,
        "is_reviewed": draft.reviewed,
        "source_number": _source_numbers(draft),
    }
    arrays["author_code"], authors = _authors(draft)
    arrays["tags_code"], tag_lists = _tag_lists(draft)
    if fingerprints is not None:
        arrays |= {
            "new_sha256": fingerprints.sha256,
            "new_size": fingerprints.size,
            "new_mtime_ns": fingerprints.mtime_ns,
        }
        marks = "nullif(s.new_sha256::VARCHAR, ''), nullif(s.new_size, -1), nullif(s.new_mtime_ns, -1)"
    else:
        marks = ", ".join(_remembered(types, name) for name in ("sha256", "size", "mtime_ns"))
    for name, words in (
        ("label", draft.words["label"]),
        ("split", draft.words["split"]),
        ("note", draft.words["note"]),
    ):
        engine.run(f"CREATE OR REPLACE MACRO {name}_word(code) AS getvariable('{name}_words')[code + 1]")
        engine.run(f"SET VARIABLE {name}_words = $1::VARCHAR[]", [words])
    engine.run("SET VARIABLE authors = $1::VARCHAR[]", [[_IMPORTED, *authors]])
    engine.run("SET VARIABLE tag_lists = $1::VARCHAR[][]", [tag_lists])
    engine.register("draft_state", arrays)
    is_made = f't."{PROVENANCE[0]}" IS NOT NULL' if PROVENANCE[0] in types else "false"
    kinds = dict(zip(PROVENANCE, ("VARCHAR", "VARCHAR", "BIGINT"), strict=True))
    provenance = ", ".join(
        (f't."{name}"' if name in types else f"NULL::{kind}") + f" AS {name}" for name, kind in kinds.items()
    )
    media = 't."media"' if "media" in types else "NULL::VARCHAR"
    metadata = content.metadata_hash(metadata_columns(draft.contract, types), of="t.")
    engine.run(f"""
        CREATE OR REPLACE TABLE {ROWS} AS
        SELECT s.place AS "row", t."id", {media} AS media,
               m.* ,
               {metadata} AS metadata,
               label_word(s.label_code) AS label, label_word(s.given_code) AS given_label,
               split_word(s.split_code) AS split,
               getvariable('tag_lists')[s.tags_code + 1] AS tags, s.is_excluded AS excluded,
               s.is_reviewed AS reviewed, note_word(s.note_code) AS note,
               CASE WHEN {is_made} THEN '{AUGMENTED}' ELSE '{_IMPORTED}' END AS origin,
               CASE WHEN s.author_code < 0 AND {is_made} THEN '{AUGMENTED}'
                    ELSE getvariable('authors')[s.author_code + 2] END AS label_by,
               s.source_number AS source, {provenance}
        FROM {parquet(*draft.tables)} t POSITIONAL JOIN draft_state s,
             LATERAL (SELECT {marks}) m(sha256, size, mtime_ns)
        WHERE s.is_present
    """)
    engine.forget("draft_state")


def _remembered(types: Mapping[str, str], name: str) -> str:
    if name == "sha256" and "text" in types:
        return 'coalesce(t."sha256", sha256(t."text"))' if name in types else 'sha256(t."text")'
    kind = "VARCHAR" if name == "sha256" else "BIGINT"
    return f"t.{quoted(name)}" if name in types else f"NULL::{kind}"


def _source_numbers(draft: Draft) -> npt.NDArray[np.int32]:
    return np.repeat(
        np.array([source.number for source in draft.sources], dtype=np.int32),
        [source.count for source in draft.sources],
    )


def _authors(draft: Draft) -> tuple[Codes, list[str]]:
    """Who gave each label as a position in the returned list, -1 for the import."""
    names: dict[str, int] = {}
    codes = np.full(draft.count, -1, dtype=np.int32)
    for author, rows in draft.label_authors:
        codes[rows] = names.setdefault(author, len(names))
    codes[draft.labels == draft.given_labels] = -1
    return codes, list(names)


def _tag_lists(draft: Draft) -> tuple[Codes, list[list[str]]]:
    """The sorted tags of each row as a position in a list of all combinations; position 0 is "no tags"."""
    codes = np.zeros(draft.count, dtype=np.int32)
    lists: list[list[str]] = [[]]
    for tag in sorted(draft.tags):
        rows = np.flatnonzero(draft.tags[tag])
        found, inverse = np.unique(codes[rows], return_inverse=True)
        codes[rows] = (len(lists) + inverse).astype(np.int32)
        lists += [[*lists[code], tag] for code in found]
    return codes, lists
