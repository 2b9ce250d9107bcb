"""In which formats a version can be exported. A format is one module here or in an installed package.

A writer module has:

    LEVELS                      the columns whose values become folders above the files: "split", "label"
    base(outgoing)              the folder that all files lie in, "" for the top
    has_files(outgoing)         whether each example becomes a file (media, or a text written out)
    write(outgoing)             the tables and documents; the files are there already. Raises DataimpError when the
                                dataset cannot be said in this format
"""

from dataclasses import dataclass
from importlib import import_module, metadata
from typing import Final, Protocol, cast

from dataimp_gui.core.versions.outgoing import Outgoing
from dataimp_gui.errors import DataimpError

_HERE: Final = "dataimp_gui.core.versions.writers"


@dataclass(frozen=True, slots=True)
class Format:
    """What people call it, the module that writes it, which is imported at the first export, a few words on who reads
    it, and whether its tables can hold the media themselves."""

    title: str
    module: str
    about: str = ""
    embeds: bool = False


FORMATS: Final = {
    "class-folders": Format("Class folders", f"{_HERE}.class_folders", "A folder for each label: torchvision, Keras"),
    "csv": Format("CSV", f"{_HERE}.csv", "A table for pandas and spreadsheets"),
    "jsonl": Format("JSON lines", f"{_HERE}.jsonl", "An object for each example"),
    "parquet": Format("Parquet", f"{_HERE}.parquet", "A table for pandas, DuckDB and Polars", embeds=True),
    "hugging-face": Format("Hugging Face folder", f"{_HERE}.hugging_face", "Loads with datasets.load_dataset"),
    "label-studio": Format("Label Studio", f"{_HERE}.label_studio", "Tasks with their labels, to label on"),
    "webdataset": Format("WebDataset shards", f"{_HERE}.webdataset", "Tar files of 256 MB, to stream"),
}
"""By name; installed packages add to it (entry points `dataimp.writers`, whose name is the title)."""


class Writer(Protocol):
    @property
    def LEVELS(self) -> tuple[str, ...]: ...  # noqa: N802

    def base(self, outgoing: Outgoing) -> str: ...
    def has_files(self, outgoing: Outgoing) -> bool: ...
    def write(self, outgoing: Outgoing) -> None: ...


def names() -> list[str]:
    return list(formats())


def formats() -> dict[str, Format]:
    return FORMATS | {name: each for name, each in _installed().items() if name not in FORMATS}


def writer(name: str) -> Writer:
    """Raises DataimpError for a format that nobody writes."""
    found = formats().get(name)
    if found is None:
        raise DataimpError(f'There is no export format "{name}".', hint=f"Formats are: {', '.join(names())}.")
    return cast("Writer", import_module(found.module))


def _installed() -> dict[str, Format]:
    return {point.name: Format(point.name, point.value) for point in metadata.entry_points(group="dataimp.writers")}
