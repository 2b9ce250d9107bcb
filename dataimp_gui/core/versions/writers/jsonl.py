"""One JSON object a line, with the files beside it."""

from typing import Final

from dataimp_gui.core.versions.outgoing import Outgoing

LEVELS: Final = ()
FILE: Final = "examples.jsonl"


def base(_outgoing: Outgoing) -> str:
    return "media"


def has_files(outgoing: Outgoing) -> bool:
    return outgoing.has_media


def write(outgoing: Outgoing) -> None:
    outgoing.progress.phase("Writing the table", outgoing.count)
    with (outgoing.folder / FILE).open("w", encoding="utf-8", newline="") as out:
        out.writelines(outgoing.json_lines(outgoing.columns()))
    outgoing.notes["table"] = FILE
