"""Which formats there are, and which of them a source is. A format is one module here or in an installed package.

A format module has two functions, and no state:

    inspect(path, engine) -> Found | None      None: not mine. FormatError: mine, but broken.
    load(found, engine, objects, progress) -> list[Rejected]

`load` makes the table `incoming`: `_place`, then a column for each found column that is not skipped, under its found
name, in that order. Columns with a role are VARCHAR exactly as written, NULL only where the source has no value;
metadata columns are typed (BIGINT, DOUBLE, BOOLEAN, TIMESTAMP, VARCHAR). Embedded bytes go to ``objects`` and the
column says "sha256:<hex>". Rows that cannot be read at all are returned.
"""

from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats.found import INCOMING, Found, FoundColumn, Writing
from dataimp_gui.core.model import Rejected
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.storage.objects import Objects

__all__ = ["FORMATS", "Found", "FoundColumn", "Writing", "inspect", "load"]

FORMATS: Final = {
    "dataimp-export": "dataimp_gui.core.formats.exported",
    "hugging-face": "dataimp_gui.core.formats.hugging_face",
    "lone-table": "dataimp_gui.core.formats.lone_table",
    "class-folders": "dataimp_gui.core.formats.class_folders",
    "label-studio": "dataimp_gui.core.formats.label_studio",
    "parquet": "dataimp_gui.core.formats.parquet",
    "arrow": "dataimp_gui.core.formats.arrow",
    "jsonlines": "dataimp_gui.core.formats.jsonlines",
    "delimited": "dataimp_gui.core.formats.delimited",
}
"""Name -> module, asked in this order; those of installed packages (entry points `dataimp.formats`) come first."""


class Format(Protocol):
    def inspect(self, path: Path, engine: Engine) -> Found | None: ...
    def load(self, found: Found, engine: Engine, objects: "Objects", progress: Progress) -> list[Rejected]: ...


def names() -> list[str]:
    return [*_installed(), *FORMATS]


def inspect(path: Path, engine: Engine, *, format: str = "", writing: Writing | None = None) -> Found:
    """What ``path`` (a file or a folder) holds, by looking. ``format`` asks one format only; with a ``writing`` it is
    taken for delimited text written so.

    Raises FormatError when no format knows it, or the one that does finds it broken.
    """
    if not path.exists():
        raise FormatError(f"There is no file or folder {path}.", hint="Check the path; relative paths start from here.")
    if path.suffix == ".dataimp" and (path / "project.sqlite").exists():
        raise FormatError(f"{path} is a Dataimp project, not a source.", hint=f"Open it instead: dataimp open {path}")
    if format and format not in names():
        raise FormatError(f'There is no format "{format}".', hint=f"Formats are: {', '.join(names())}.")
    if writing is not None:
        from dataimp_gui.core.formats import delimited

        return delimited.inspect_as(path, writing)
    for name in [format] if format else names():
        found = _format(name).inspect(path, engine)
        if found is not None:
            return found
    what = "folder" if path.is_dir() else "file"
    raise FormatError(
        f"Nothing in the {what} {path} looks like a dataset that Dataimp knows.",
        hint="It reads class folders, CSV, TSV, JSON lines, Parquet, Arrow, Hugging Face folders, Label Studio JSON.",
    )


def load(found: Found, engine: Engine, objects: "Objects", progress: Progress) -> list[Rejected]:
    """Make the table `incoming` from what `inspect` found (roles may have been changed since)."""
    forget_incoming(engine)
    return _format(found.format).load(found, engine, objects, progress)


def forget_incoming(engine: Engine) -> None:
    """Drop what is incoming, table or view."""
    kind = engine.value(f"SELECT table_type FROM information_schema.tables WHERE table_name = '{INCOMING}'")
    if kind:
        engine.run(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {INCOMING}")


def _installed() -> dict[str, str]:
    return {point.name: point.value for point in metadata.entry_points(group="dataimp.formats")}


def _format(name: str) -> Format:
    return cast("Format", import_module(FORMATS.get(name) or _installed()[name]))
