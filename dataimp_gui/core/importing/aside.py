"""The rows that were kept aside, as a CSV file that a person works through beside the source."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dataimp_gui.core.model import Rejected

HEADERS: Final = ("source", "place", "id", "reason", "hint")
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


def write_list(rejected: Iterable[Rejected], file: Path) -> None:
    """Whole or not at all. A text that a spreadsheet would take for a formula gets an apostrophe in front, as in
    every export. Raises OSError.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("w", newline="", encoding="utf-8", errors="backslashreplace") as out:
            table = csv.writer(out)
            table.writerow(HEADERS)
            table.writerows(map(_cell, (r.source, r.place, r.id, r.reason, r.hint)) for r in rejected)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _cell(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
