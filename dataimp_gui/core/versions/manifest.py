"""A version on disk: ``versions/vN/manifest.parquet``, one row an example, and ``version.json`` that vouches for it."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from dataimp_gui import about
from dataimp_gui.core import contract as contracts
from dataimp_gui.core.contract import Contract
from dataimp_gui.core.engine import Engine, parquet
from dataimp_gui.core.model import VersionInfo
from dataimp_gui.core.storage import columns
from dataimp_gui.core.storage.objects import sync_file, sync_folder
from dataimp_gui.core.versions import draft
from dataimp_gui.errors import ProjectError
from dataimp_gui.progress import Progress

FOLDER: Final = "versions"
MANIFEST: Final = "manifest.parquet"
VERSION: Final = "version.json"
FORMAT: Final = 1

_RESTORE: Final = "Restore the versions folder from a backup."


@dataclass(frozen=True, slots=True)
class Committed:
    """A version whose files are there and say what they said when it was committed."""

    info: VersionInfo
    contract: Contract
    manifest: Path
    policies: Mapping[str, Any] = field(default_factory=dict)  # documents by content id

    @property
    def relation(self) -> str:
        """SQL for the rows of the manifest, in their order."""
        return parquet(self.manifest)


def write(engine: Engine, folder: Path, info: VersionInfo, current: draft.Draft, progress: Progress) -> None:
    """Write `draft_rows` and what ``info`` and the draft say into ``folder``; on the disk when it returns."""
    path = folder / MANIFEST
    columns.write(engine, f'SELECT * FROM {draft.ROWS} ORDER BY "row"', path, progress)
    counts = ("examples", "added", "removed", "relabelled", "augmented", "synthetic")
    told = asdict(info)
    document = {
        "format": FORMAT,
        "program": f"dataimp {about.VERSION}",
        **{key: value for key, value in told.items() if key not in counts},
        "counts": {key: told[key] for key in counts},
        "manifest": {"file": MANIFEST, "size": path.stat().st_size, "sha256": sha256_of(path)},
        "contract": msgspec.to_builtins(current.contract),
        "policies": {identity: json.loads(text) for identity, text in current.policies.items()},
    }
    document["check"] = _check(document)
    target = folder / VERSION
    target.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sync_file(target)
    sync_folder(folder)


def read(project: Path, info: VersionInfo) -> Committed:
    """Raises ProjectError when a file of the version is missing or was changed since it was committed."""
    folder = project / FOLDER / info.name
    try:
        document: dict[str, Any] = json.loads((folder / VERSION).read_bytes())
        is_same = document.pop("check") == _check(document)
        if document["format"] > FORMAT:
            raise ProjectError(f"{info.name} was committed by a newer Dataimp.", hint="Update Dataimp.")
        vouched, content = document["manifest"]["sha256"], document["content"]
        contract = contracts.from_json(json.dumps(document["contract"]))
        policies = document.get("policies", {})
        path = folder / MANIFEST
        whole = is_same and content == info.content and vouched == sha256_of(path)
    except FileNotFoundError as error:
        name = os.path.basename(error.filename or VERSION)
        raise ProjectError(f"{name} of {info.name} is missing.", hint=_RESTORE) from error
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise ProjectError(f"{info.name} cannot be read: {VERSION} is damaged.", hint=_RESTORE) from error
    if not whole:
        raise ProjectError(f"The files of {info.name} were changed since it was committed.", hint=_RESTORE)
    return Committed(info, contract, path, policies)


def _check(document: dict[str, Any]) -> str:
    """SHA-256 of all that the document says, however its lines are broken."""
    return hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def sha256_of(path: Path | str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
