"""In which formats a version can be exported. A format is one module here or in an installed package.

A writer module has:

    TITLE                       what people call it
    LEVELS                      the columns whose values become folders above the files: "split", "label"
    base(outgoing)              the folder that all files lie in, "" for the top
    has_files(outgoing)         whether each example becomes a file (media, or a text written out)
    write(outgoing)             the tables and documents; the files are there already. Raises DataimpError when the
                                dataset cannot be said in this format
"""

from importlib import import_module, metadata
from typing import Final, Protocol, cast

from dataimp_gui.core.versions.outgoing import Outgoing
from dataimp_gui.errors import DataimpError

FORMATS: Final = {
    "class-folders": "dataimp_gui.core.versions.writers.class_folders",
    "csv": "dataimp_gui.core.versions.writers.csv",
    "jsonl": "dataimp_gui.core.versions.writers.jsonl",
    "parquet": "dataimp_gui.core.versions.writers.parquet",
    "hugging-face": "dataimp_gui.core.versions.writers.hugging_face",
    "label-studio": "dataimp_gui.core.versions.writers.label_studio",
    "webdataset": "dataimp_gui.core.versions.writers.webdataset",
}
"""Name -> module; installed packages add to it (entry points `dataimp.writers`)."""


class Writer(Protocol):
    @property
    def TITLE(self) -> str: ...  # noqa: N802
    @property
    def LEVELS(self) -> tuple[str, ...]: ...  # noqa: N802

    def base(self, outgoing: Outgoing) -> str: ...
    def has_files(self, outgoing: Outgoing) -> bool: ...
    def write(self, outgoing: Outgoing) -> None: ...


def names() -> list[str]:
    return [*FORMATS, *_installed()]


def writer(name: str) -> Writer:
    """Raises DataimpError for a format that nobody writes."""
    module = FORMATS.get(name) or _installed().get(name)
    if module is None:
        raise DataimpError(f'There is no export format "{name}".', hint=f"Formats are: {', '.join(names())}.")
    return cast("Writer", import_module(module))


def _installed() -> dict[str, str]:
    return {point.name: point.value for point in metadata.entry_points(group="dataimp.writers")}
