"""The examples of a slice as one CSV table, for a spreadsheet or a colleague."""

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dataimp_gui.core.model import Rows
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

BLOCK: Final = 5_000
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


def write_examples(project: "Project", rows: Rows, file: Path, progress: Progress) -> int:
    """Every column that a clause can name, issues' scores apart, in the order of ``rows``; how many were written.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, as in every export. The file is
    whole or is not there. Raises OSError.
    """
    names = [column.name for column in project.query.columns() if column.kind != "issue"]
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("w", newline="", encoding="utf-8") as out:
            table = csv.writer(out)
            table.writerow([_cell(name) for name in names])
            for start in progress.track(range(0, len(rows), BLOCK), "Writing the examples"):
                found = project.query.values(names, rows[start : start + BLOCK])
                table.writerows(map(_cell, line) for line in zip(*(found[name] for name in names), strict=True))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return len(rows)


def _cell(value: Any) -> Any:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return _cell("; ".join(map(str, value)))
        case str():
            return f"'{value}" if _FORMULA.match(value) else value
        case _:
            return value
