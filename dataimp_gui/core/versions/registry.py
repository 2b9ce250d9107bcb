"""Which versions a project has, as its database lists them."""

import json
import re
from collections.abc import Sequence
from typing import Final

from dataimp_gui.core.model import VersionInfo
from dataimp_gui.core.storage.database import Database
from dataimp_gui.errors import DataimpError

PRODUCTION: Final = "production"
"""The name under which the version that is in production is found, too."""

_BASE: Final = "draft_base"
_CONTENT_START: Final = re.compile(r"[0-9a-f]{4,64}")


def versions(database: Database) -> list[VersionInfo]:
    """Newest first."""
    found = database.rows("SELECT name, content, parent, message, author, at, counts FROM version ORDER BY number DESC")
    return [VersionInfo(*texts, **json.loads(counts)) for *texts, counts in found]


def find(database: Database, name: str) -> VersionInfo:
    """By its name, by `PRODUCTION`, or by four or more first characters of its content id; the newest where several
    have that content.

    Raises DataimpError when there is none, or when the characters fit different contents.
    """
    known = versions(database)
    wanted = production(database) if name == PRODUCTION else name
    if not wanted and name == PRODUCTION:
        raise DataimpError("No version is in production.", hint="Put one there: dataimp promote PROJECT VERSION")
    for version in known:
        if version.name == wanted:
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


def production(database: Database) -> str:
    """The name of the version that is in production; empty when none is."""
    found = database.rows("SELECT version FROM move ORDER BY number DESC LIMIT 1")
    return str(found[0][0]) if found else ""


def add(database: Database, number: int, version: VersionInfo, edit: int) -> None:
    """Inside a transaction of the caller. The draft comes from it from then on."""
    counts = {
        "examples": version.examples,
        "added": version.added,
        "removed": version.removed,
        "relabelled": version.relabelled,
        "augmented": version.augmented,
        "synthetic": version.synthetic,
    }
    database.put(_BASE, "")
    database.execute(
        "INSERT INTO version (number, name, content, parent, message, author, at, edit, counts) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number, version.name, version.content, version.parent, version.message, version.author, version.at, edit,
            json.dumps(counts),
        ),
    )  # fmt: skip


def start_from(database: Database, version: VersionInfo, edit: int) -> None:
    """Inside a transaction of the caller: the draft comes from ``version`` as long as ``edit`` is not undone."""
    database.put(_BASE, json.dumps({"version": version.name, "edit": edit}))


def base(database: Database, live: Sequence[int]) -> str:
    """The name of the version that the draft comes from, ``live`` the edits that count; empty without versions."""
    text = database.get(_BASE)
    if text:
        started = json.loads(text)
        if not started["edit"] or started["edit"] in live:
            return str(started["version"])
    known = versions(database)
    return known[0].name if known else ""


def edit(database: Database, version: str) -> int:
    """The last line of the journal that a version contains."""
    return int(database.rows("SELECT edit FROM version WHERE name = ?", (version,))[0][0])


def evaluation(database: Database, version: str) -> str:
    """The document of the newest evaluation of a version, empty without one."""
    found = database.rows("SELECT document FROM evaluation WHERE version = ? ORDER BY number DESC LIMIT 1", (version,))
    return str(found[0][0]) if found else ""


def next_number(database: Database) -> int:
    return int(database.rows("SELECT coalesce(max(number), 0) + 1 FROM version")[0][0])
