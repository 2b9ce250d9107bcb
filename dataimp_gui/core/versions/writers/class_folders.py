"""Files in folders named by their class, with split folders above them where there are splits."""

from typing import Final

from dataimp_gui.core.model import Modality
from dataimp_gui.core.versions.outgoing import Outgoing
from dataimp_gui.errors import DataimpError

LEVELS: Final = ("split", "label")


def base(_outgoing: Outgoing) -> str:
    return ""


def has_files(outgoing: Outgoing) -> bool:
    if outgoing.modality is Modality.TABLE:
        raise DataimpError(
            "Class folders hold files, and this dataset is a table.", hint="Choose csv, jsonl, parquet or hugging-face."
        )
    return True


def write(outgoing: Outgoing) -> None:
    """The folders say it all; ids, and what a name that had to be made safe stands for, are in ``manifest.json``."""
