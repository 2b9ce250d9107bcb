"""Which versions a project has, as its database lists them."""

import json
import re
from typing import Final

from dataimp_gui.core.model import VersionInfo
from dataimp_gui.core.storage.database import Database
from dataimp_gui.errors import DataimpError

_CONTENT_START: Final = re.compile(r"[0-9a-f]{4,64}")


def versions(database: Database) -> list[VersionInfo]:
    """Newest first."""
    found = database.rows("SELECT name, content, parent, message, author, at, counts FROM version ORDER BY number DESC")
    return [VersionInfo(*texts, **json.loads(counts)) for *texts, counts in found]


def find(database: Database, name: str) -> VersionInfo:
    """By its name, or by four or more first characters of its content id; the newest where several have that content.

    Raises DataimpError when there is none, or when the characters fit different contents.
    """
    known = versions(database)
    for version in known:
        if version.name == name:
            return version
    start = name.lower()
    fitting = (
        [version for version in known if version.content.startswith(start)] if _CONTENT_START.fullmatch(start) else []
    )
    if len({version.content for version in fitting}) > 1:
        listed = ", ".join(f"{version.name} ({version.content[:12]})" for version in fitting[:6])
        raise DataimpError(f"{name} is the start of several content ids.", hint=f"They are: {listed}.")
    if fitting:
        return fitting[0]
    listed = ", ".join(version.name for version in known[:12])
    raise DataimpError(
        f'There is no version "{name}".',
        hint=f"The versions are: {listed}." if listed else "Make one with: dataimp commit PROJECT -m TEXT",
    )


def add(database: Database, number: int, version: VersionInfo, edit: int) -> None:
    """Inside a transaction of the caller."""
    counts = {
        "examples": version.examples,
        "added": version.added,
        "removed": version.removed,
        "relabelled": version.relabelled,
        "augmented": version.augmented,
        "synthetic": version.synthetic,
    }
    database.execute(
        "INSERT INTO version (number, name, content, parent, message, author, at, edit, counts) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number, version.name, version.content, version.parent, version.message, version.author, version.at, edit,
            json.dumps(counts),
        ),
    )  # fmt: skip


def next_number(database: Database) -> int:
    return int(database.rows("SELECT coalesce(max(number), 0) + 1 FROM version")[0][0])
