"""How variants that were made become examples of the project: objects, a table, and an edit that undo takes back."""

import secrets
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core import edits
from dataimp_gui.core.augment.policy import Policy, content_id, to_json
from dataimp_gui.core.augmenting import making
from dataimp_gui.core.contract import PROVENANCE
from dataimp_gui.core.engine import Engine, parquet, quoted
from dataimp_gui.core.model import EditInfo, Modality, Rows
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.locations import AUGMENTED
from dataimp_gui.core.storage.objects import PREFIX, Objects
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

SHORT: Final = 8
"""Digits of the policy's content id in the id of a variant."""

_PART: Final = ".making-"


@dataclass(slots=True)
class Batch:
    """A line for each variant that was made: the place of its example among the rows that were varied, the draw, the
    hash of its file or its text, and what `making.MEASURED` names. ``skipped`` counts, by reason, those that were not.
    """

    sources: list[int]
    draws: list[int]
    contents: list[str]
    measures: list[list[float]]
    skipped: Counter[str]


@contextmanager
def place(project: "Project") -> Iterator[Path]:
    """A folder for files on the disk of the objects; what an earlier writing left is removed."""
    objects = project.path / "objects"
    for left in objects.glob(f"{_PART}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = objects / f"{_PART}{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise making.unwritten(error) from error
    try:
        yield folder
    finally:
        gone = folder.with_name(f"{folder.name}-gone")  # machines that were not told yet find no place to go on in
        with suppress(OSError):
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def join(
    project: "Project",
    policy: Policy,
    rows: Rows,
    made: Batch,
    folder: Path,
    progress: Progress,
    why: str,
    emptied: Sequence[str] = (),
) -> EditInfo:
    """Files become objects, then the rows a table, then that a part of the project. Columns of ``emptied`` are not
    carried over."""
    order = np.lexsort((made.draws, made.sources))
    objects = Objects(project.path / "objects")
    fresh: list[str] = []
    number = max(source.number for source in project.sources) + 1
    table = project.path / "tables" / f"examples-{number:04d}.parquet"
    is_joined = False
    try:
        marks: list[tuple[int, int]] = []
        if policy.modality is not Modality.TEXT:
            progress.phase("Keeping files", len(made.contents))
            for digest in dict.fromkeys(made.contents):
                if objects.adopt(folder / digest, digest):
                    fresh.append(digest)
                progress.advance()
            objects.sync()
            marks = [(found.st_size, found.st_mtime_ns) for found in (objects.path(d).stat() for d in made.contents)]
        progress.phase("Writing examples")
        with closing(Engine(temp=folder / "spill")) as engine, columns.writing(table.name):
            _register(engine, project, policy, rows, made, order, marks)
            columns.write(engine, _select(engine, project, policy, emptied), table, progress)
        progress.check()
        title = (
            f'Added {counted(len(order), "variant")} of {counted(len(set(made.sources)), "example")} by "{policy.name}"'
        )
        edit = project.join(table.name, len(order), AUGMENTED, to_json(policy), title, why=why)
        is_joined = True
        return edit
    except OSError as error:
        raise making.unwritten(error) from error
    finally:
        if not is_joined and not project.database.rows("SELECT 1 FROM source WHERE file = ?", (table.name,)):
            table.unlink(missing_ok=True)
            table.with_name(table.name + ".part").unlink(missing_ok=True)
            for digest in fresh:
                objects.path(digest).unlink(missing_ok=True)


def _register(
    engine: Engine,
    project: "Project",
    policy: Policy,
    rows: Rows,
    made: Batch,
    order: npt.NDArray[np.int64],
    marks: list[tuple[int, int]],
) -> None:
    """The table `made`: what is new of each variant."""
    sources = np.array(made.sources, np.int64)[order]
    arrays: dict[str, npt.NDArray[Any]] = {
        "place": np.arange(len(order)),
        "source": rows[sources],
        "draw": np.array(made.draws, np.int64)[order],
        "content": np.array(made.contents, object)[order],
    }
    if marks:
        sizes_and_times = np.array(marks, np.int64)[order]
        arrays |= {"size": sizes_and_times[:, 0], "mtime_ns": sizes_and_times[:, 1]}
    measured = np.array(made.measures, np.float64)[order]
    arrays |= {name: measured[:, place] for place, name in enumerate(making.MEASURED[policy.modality])}
    state = project.state
    for column in (edits.LABEL, edits.SPLIT):
        words = np.array([*state.words(column), ""], object)
        arrays[column] = words[state.codes(column)[arrays["source"]]]
    engine.register("made", arrays)


def _select(engine: Engine, project: "Project", policy: Policy, emptied: Sequence[str]) -> str:
    """The rows of the new table: all columns of those that are there, metadata as those of the source."""
    tables = [project.path / "tables" / source.file for source in project.sources]
    identity = content_id(policy)
    fresh = dict.fromkeys(emptied, "NULL") | {
        "id": f"t.id || '~{identity[:SHORT]}-' || m.draw",
        "label": "nullif(m.label, '')",
        "split": "nullif(m.split, '')",
        **{name: f"m.{name}" for name in making.MEASURED[policy.modality]},
    }
    if policy.modality is Modality.TEXT:
        fresh["text"] = "m.content"
    else:
        fresh |= {"media": f"'{PREFIX}' || m.content", "sha256": "m.content"}
        fresh |= {name: f"m.{name}" for name in ("size", "mtime_ns")}
    provenance = dict(zip(PROVENANCE, ("t.id", f"'{identity}'", "m.draw"), strict=True))
    parts = [
        f"CAST({fresh.get(name) or f't.{quoted(name)}'} AS {kind}) AS {quoted(name)}"
        for name, kind in columns.names(engine, tables).items()
        if name not in PROVENANCE
    ]
    parts += [f"{sql} AS {name}" for name, sql in provenance.items()]
    numbered = f"(SELECT *, row_number() OVER () - 1 AS _row FROM {parquet(*tables)})"
    return f"SELECT {', '.join(parts)} FROM made m JOIN {numbered} t ON t._row = m.source ORDER BY m.place"


def counted(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 or what == "more" else "s")
