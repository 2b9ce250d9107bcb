"""The projects that were open lately, newest first, kept in a small JSON file."""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from dataimp_gui.ui.settings import replace_text

NAME: Final = "recent.json"
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Recent:
    """A project as it was when last open. ``at`` is an ISO time, ``version`` the last version or the draft of the next.

    ``accuracy`` is that of its run on the splits ``part`` ("" is all of it), ``failing`` how many gates its newest
    evaluation fails; None is what is not known.
    """

    path: str
    name: str
    modality: str
    examples: int
    classes: int
    version: str
    at: str
    accuracy: float | None = None
    part: str = ""
    failing: int | None = None

    @property
    def missing(self) -> bool:
        return not Path(self.path).is_dir()


def load(folder: Path) -> list[Recent]:
    """What the file remembers; a damaged file is an empty list, a damaged entry is left out."""
    try:
        saved = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return []
    found = []
    for entry in saved if isinstance(saved, list) else []:
        with suppress(msgspec.ValidationError):
            found.append(msgspec.convert(entry, Recent))
    return found


def face(path: str, folder: Path) -> Path:
    """Where the picture of a project is kept."""
    return folder / "faces" / f"{hashlib.sha256(path.encode()).hexdigest()[:16]}.png"


def remember(project: Recent, folder: Path) -> None:
    others = [entry for entry in load(folder) if entry.path != project.path]
    _save([project, *others][:MOST], folder)


def forget(path: str, folder: Path) -> None:
    _save([entry for entry in load(folder) if entry.path != path], folder)


def _save(entries: list[Recent], folder: Path) -> None:
    kept = {face(entry.path, folder).name for entry in entries}
    for left in (folder / "faces").glob("*.png"):
        if left.name not in kept:
            left.unlink(missing_ok=True)
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
