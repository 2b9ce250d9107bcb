"""The projects that were open lately, newest first, kept in a small JSON file."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Final

from dataimp_gui.ui.settings import replace_text

NAME: Final = "recent.json"
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Recent:
    """A project as it was when last open. ``at`` is an ISO time, ``version`` the newest version or empty."""

    path: str
    name: str
    modality: str
    examples: int
    classes: int
    version: str
    at: str

    @property
    def missing(self) -> bool:
        return not Path(self.path).is_dir()


def load(folder: Path) -> list[Recent]:
    """What the file remembers; a damaged file is an empty list, a damaged entry is left out."""
    try:
        saved = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return []
    kinds = {field.name: int if field.type is int else str for field in fields(Recent)}
    entries = [entry for entry in saved if isinstance(entry, dict)] if isinstance(saved, list) else []
    return [
        Recent(**{name: entry[name] for name in kinds})
        for entry in entries
        if all(type(entry.get(name)) is kind for name, kind in kinds.items())
    ]


def remember(project: Recent, folder: Path) -> None:
    others = [entry for entry in load(folder) if entry.path != project.path]
    _save([project, *others][:MOST], folder)


def forget(path: str, folder: Path) -> None:
    _save([entry for entry in load(folder) if entry.path != path], folder)


def _save(entries: list[Recent], folder: Path) -> None:
    replace_text(folder / NAME, json.dumps([asdict(entry) for entry in entries], indent=1, ensure_ascii=False))


def day(at: str) -> str:
    """An ISO time as the time today, "yesterday", or the day."""
    try:
        moment = datetime.fromisoformat(at).astimezone()
    except ValueError:
        return ""
    days = (datetime.now().astimezone().date() - moment.date()).days
    if days <= 0:
        return f"{moment:%H:%M}"
    return "yesterday" if days == 1 else f"{moment.day} {moment:%b %Y}"
