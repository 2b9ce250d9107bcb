"""``manifest.json`` and ``SHA256SUMS``: what an export holds, for people, readers and ``sha256sum -c``."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class File:
    """A file of an export: ``path`` with ``/``, relative to it; ``example`` is the id of the one it belongs to."""

    path: str
    size: int
    sha256: str
    example: str = ""


def write_manifest(folder: Path, document: dict[str, Any], files: Iterable[File]) -> None:
    """``document`` as JSON with the ``files`` as its last entry, one a line."""
    head = json.dumps(document, ensure_ascii=False, indent=1).removesuffix("\n}")
    with (folder / MANIFEST).open("w", encoding="utf-8", newline="\n") as out:
        out.write(head + ',\n "files": [')
        for place, file in enumerate(files):
            entry: dict[str, Any] = {"path": file.path, "size": file.size, "sha256": file.sha256}
            if file.example:
                entry["id"] = file.example
            out.write((",\n  " if place else "\n  ") + json.dumps(entry, ensure_ascii=False))
        out.write("\n ]\n}\n")


def write_sums(folder: Path, files: Iterable[File]) -> None:
    """One line a file, in the byte order of their paths."""
    with (folder / SUMS).open("w", encoding="utf-8", newline="\n") as out:
        for file in sorted(files, key=lambda file: file.path.encode()):
            out.write(f"{file.sha256}  {file.path}\n")
