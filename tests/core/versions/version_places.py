"""Small projects made by hand, with real files, that versions are made of."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dataimp_gui.core.contract import Column, Contract
from dataimp_gui.core.editing import Editing
from dataimp_gui.core.engine import Engine, parquet, quoted
from dataimp_gui.core.model import Modality
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.locations import Locations, sources
from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.core.storage.state import State
from dataimp_gui.core.versions.commit import Result, commit
from dataimp_gui.core.versions.diff import Diff, diff
from dataimp_gui.core.versions.draft import Draft
from dataimp_gui.core.versions.export import Exported, export
from dataimp_gui.progress import Progress

SQL_TYPES = {"text": "VARCHAR", "number": "DOUBLE", "flag": "BOOLEAN", "time": "TIMESTAMP", "whole": "BIGINT"}


class Place:
    """A project folder, open for writing."""

    def __init__(self, folder: Path, contract: Contract, author: str = "ada") -> None:
        self.folder, self.contract = folder, contract
        self.database = Database(folder)
        self.sources = sources(self.database)
        self.objects = Objects(folder / "objects")
        words = {field: self.database.words(field) for field in ("label", "split", "note")}
        engine = Engine()
        tables = [folder / "tables" / source.file for source in self.sources]
        given = {field: columns.codes(engine, tables, field, words[field]) for field in ("label", "split")}
        self.ids = [row[0] for row in engine.rows(f"SELECT id FROM {parquet(*tables)}")]
        engine.close()
        self.state = State(len(self.ids), given, words)
        self.editing = Editing(self.database, self.state, author, lambda edit, change: None)

    def rows(self, *ids: str) -> Any:
        return np.array([self.ids.index(id_) for id_ in ids])

    def relabel(self, id_: str, label: str) -> None:
        self.editing.set_word("label", self.rows(id_), label)

    def move(self, id_: str, split: str) -> None:
        self.editing.set_word("split", self.rows(id_), split)

    def flag(self, id_: str, column: str, on: bool = True) -> None:
        self.editing.set_flag(column, self.rows(id_), on)

    def draft(self) -> Draft:
        locations = Locations(self.sources, self.objects)
        return Draft.now(self.folder, self.contract, self.state, self.editing.journal, self.sources, locations)

    def commit(self, message: str = "", author: str = "ada", **options: Any) -> Result:
        return commit(
            self.database, self.draft(), message=message, author=author, progress=options.pop("progress", Progress()),
            **options,
        )  # fmt: skip

    def diff(self, a: str, b: str, **options: Any) -> Diff:
        return diff(self.database, self.draft(), a, b, Progress(), **options)

    def export(self, version: str, dest: Path, format_: str = "csv", **options: Any) -> Exported:
        return export(
            self.database, self.draft(), version, dest, format_, progress=options.pop("progress", Progress()), **options
        )


Rows = Sequence[Mapping[str, Any]]
Make = Callable[..., Place]


def new_project(folder: Path, rows: Rows, modality: Modality, root: Path, metadata: Mapping[str, str]) -> Contract:
    folder.mkdir(parents=True)
    root.mkdir(parents=True, exist_ok=True)
    types = {"id": "VARCHAR"}
    if modality in (Modality.IMAGE, Modality.AUDIO):
        types |= {"media": "VARCHAR"}
    if modality is Modality.TEXT:
        types |= {"text": "VARCHAR"}
    types |= {"label": "VARCHAR", "split": "VARCHAR"}
    if modality is not Modality.TABLE:
        types |= {"sha256": "VARCHAR", "size": "BIGINT", "mtime_ns": "BIGINT"}
    types |= {column: SQL_TYPES[kind] for column, kind in metadata.items()}
    whole = [_with_file(dict(row), root) for row in rows]
    engine = Engine()
    listed = ", ".join(f"{quoted(name)} {kind}" for name, kind in types.items())
    engine.run(f"CREATE TABLE t ({listed})")
    marks = ", ".join("?" for _ in types)
    for row in whole:
        engine.run(f"INSERT INTO t VALUES ({marks})", [row.get(name) for name in types])
    columns.write(engine, "SELECT * FROM t", folder / "tables" / "examples-0001.parquet")
    engine.close()
    words = {field: sorted({row[field] for row in rows if row.get(field)}) for field in ("label", "split")}
    kinds = {name: "number" if kind == "whole" else kind for name, kind in metadata.items()}
    contract = Contract(
        modality, tuple(words["label"]), tuple(Column(name, name, kind) for name, kind in kinds.items())
    )
    database = Database(folder, create=True)
    database.put("contract", contract.to_json())
    for field, found in words.items():
        database.add_words(field, found)
    database.execute(
        "INSERT INTO source VALUES (1, 'somewhere', 'csv', 'examples-0001.parquet', ?, 0, ?, 'then')",
        (str(root), len(rows)),
    )
    database.close()
    return contract


def _with_file(row: dict[str, Any], root: Path) -> dict[str, Any]:
    if "bytes" in row:
        row.setdefault("media", row["id"])
        path = root / row["media"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(row["bytes"])
        status = os.stat(path)
        row |= {
            "sha256": hashlib.sha256(row["bytes"]).hexdigest(),
            "size": status.st_size,
            "mtime_ns": status.st_mtime_ns,
        }
    if "text" in row:
        row["sha256"] = hashlib.sha256(row["text"].encode()).hexdigest()
    return row


PNG = b"\x89PNG\r\n\x1a\n"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found
