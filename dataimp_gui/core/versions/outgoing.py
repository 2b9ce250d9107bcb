"""What one export writes: the examples of a version in the order of their ids, their files, and where they go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.contract import PROVENANCE, Contract
from dataimp_gui.core.engine import Engine, parquet, quoted
from dataimp_gui.core.model import Modality, Rows
from dataimp_gui.core.storage import columns
from dataimp_gui.core.versions import content
from dataimp_gui.core.versions.draft import metadata_columns
from dataimp_gui.core.versions.manifest import Committed
from dataimp_gui.errors import DataimpError, ProjectError
from dataimp_gui.progress import Progress

TABLE: Final = "outgoing"
"""_place, row, id, label, split, tags, sha256, _metadata, media, [text], metadata; `_file` once files have names."""

_LINES_A_FETCH: Final = 10_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part of a version: ``rows`` are what the clause ``where``, if any, gave."""

    where: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class Outgoing:
    """``metadata`` maps the metadata columns to SQL types; ``folder`` is where the writer puts its files."""

    engine: Engine
    folder: Path
    contract: Contract
    metadata: Mapping[str, str]
    count: int
    has_splits: bool
    has_tags: bool
    embed: bool
    progress: Progress
    notes: dict[str, Any] = field(default_factory=dict)  # what the writer tells a reader, for manifest.json

    @property
    def modality(self) -> Modality:
        return self.contract.modality

    @property
    def has_media(self) -> bool:
        return self.modality in (Modality.IMAGE, Modality.AUDIO)

    def columns(self, *, media: str = "media") -> dict[str, str]:
        """What a table of this export has: name to SQL over `outgoing`. ``media`` names the column of files.

        A metadata column of a name that is taken so gets another.
        """
        chosen = {"id": "id"}
        if self.has_media:
            chosen[media] = "_file"
        if self.modality is Modality.TEXT:
            chosen["text"] = '"text"'
        chosen["label"] = "label"
        if self.has_splits:
            chosen["split"] = "split"
        if self.has_tags:
            chosen["tags"] = "tags"
        taken = {name.lower() for name in (*chosen, *self.metadata)}
        for name in self.metadata:
            free = name
            while free.lower() in chosen or (free != name and free.lower() in taken):
                free += "_"
            chosen[free] = quoted(name)
        return chosen

    def select(self, chosen: Mapping[str, str], where: str = "true") -> str:
        listed = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in chosen.items())
        return f"SELECT {listed} FROM {TABLE} WHERE {where} ORDER BY _place"

    def json_lines(self, chosen: Mapping[str, str], where: str = "true") -> Iterator[str]:
        """One JSON object a row, many lines in one text."""
        line = self.json_object(chosen)
        yield from self.lines(line, f"(SELECT * FROM {TABLE} WHERE {where} ORDER BY _place)")

    def json_object(self, chosen: Mapping[str, str]) -> str:
        """SQL over `outgoing` for a JSON object; NaN and the infinities become null, as JSON has none."""
        content.define_json_text(self.engine)
        types = dict(self.engine.columns(f"SELECT * FROM ({self.select(chosen)}) LIMIT 0"))
        return content.json_object({name: _json(sql, types[name]) for name, sql in chosen.items()})

    def lines(self, line: str, relation: str = TABLE) -> Iterator[str]:
        """The text that the SQL ``line`` gives for each row of ``relation``, each with a line end, many in one text."""
        for batch in self.engine.batches(f"SELECT {line} FROM {relation}", size=_LINES_A_FETCH):
            yield "\n".join([row[0] for row in batch]) + "\n"
            self.progress.advance(len(batch))


def hide_labels(leaving: Outgoing, rows: Rows) -> None:
    """What is to be predicted leaves without its label."""
    leaving.engine.register("hidden", {"hidden_row": rows})
    leaving.engine.run(f'UPDATE {TABLE} SET label = NULL WHERE "row" IN (SELECT hidden_row FROM hidden)')
    leaving.engine.forget("hidden")
    leaving.notes["unlabelled"] = len(rows)


def load(
    engine: Engine,
    version: Committed,
    tables: list[Path],
    folder: Path,
    embed: bool,
    progress: Progress,
    only: Chosen | None = None,
) -> Outgoing:
    """Make the table `outgoing`. Raises ProjectError when a text or metadata is not what the version says."""
    progress.phase("Reading the version")
    types = columns.names(engine, tables)
    metadata = metadata_columns(version.contract, types)
    content.define_json_text(engine)
    texts = 't."text",' if version.contract.modality is Modality.TEXT else ""
    made: dict[str, str] = {name: types[name] for name in PROVENANCE if name in types}
    extra = "".join(f"t.{quoted(name)}, " for name in (*metadata, *made))
    among = ""
    if only is not None:
        engine.register("chosen", {"chosen_row": only.rows})
        among = 'AND m."row" IN (SELECT chosen_row FROM chosen)'
    engine.run(
        f"""CREATE TABLE {TABLE} AS
        SELECT (row_number() OVER (ORDER BY m.id) - 1)::BIGINT AS _place, m."row", m.id, m.label, m.split, m.tags,
               m.sha256, m.metadata AS _metadata, m.media, {texts} {extra} NULL::VARCHAR AS _file
        FROM {version.relation} m
        JOIN (SELECT *, (row_number() OVER () - 1)::INTEGER AS _row FROM {parquet(*tables)}) t ON t._row = m."row"
        WHERE NOT m.excluded {among} ORDER BY m.id""",
        progress=progress,
    )
    differs = f"_metadata IS DISTINCT FROM {content.metadata_hash(metadata)}"
    if texts:
        differs += ' OR sha256 IS DISTINCT FROM sha256("text")'
    if wrong := engine.rows(f"SELECT id FROM {TABLE} WHERE {differs} LIMIT 1", progress=progress):
        raise ProjectError(
            f"The project's table was changed: {wrong[0][0]!r} is not what {version.info.name} says.",
            hint="Restore the tables folder from a backup.",
        )
    count, splits, tags = engine.rows(
        f"SELECT count(*), count(split) > 0, coalesce(bool_or(len(tags) > 0), false) FROM {TABLE}"
    )[0]
    if only is not None:
        engine.forget("chosen")
        if not count:
            raise DataimpError(f"{version.info.name} holds no example that this selects.", hint="Change the clause.")
    if not count:
        raise DataimpError(f"{version.info.name} holds no examples.", hint="Include some, and commit again.")
    if made and engine.value(f"SELECT count({PROVENANCE[0]}) FROM {TABLE}"):
        metadata |= made  # no metadata of the contract, but who trains on variants should know them
    notes = {"where": only.where} if only is not None and only.where else {}
    return Outgoing(engine, folder, version.contract, metadata, count, splits, tags, embed, progress, notes)


def name_files(outgoing: Outgoing, files: list[str]) -> None:
    """Fill the column `_file`: one path for each place, in their order."""
    arrays: dict[str, npt.NDArray[Any]] = {"path": np.array(files, dtype=object), "place": np.arange(len(files))}
    outgoing.engine.register("named", arrays)
    outgoing.engine.run(f"UPDATE {TABLE} SET _file = named.path FROM named WHERE named.place = {TABLE}._place")
    outgoing.engine.forget("named")


def _json(sql: str, sql_type: str) -> str:
    if sql_type in ("DOUBLE", "FLOAT"):
        return f"CASE WHEN isfinite({sql}) THEN ({sql})::DOUBLE::VARCHAR ELSE 'null' END"
    if sql_type == "VARCHAR[]":
        return content.json_list(sql)
    return content.json_value(sql, sql_type)
