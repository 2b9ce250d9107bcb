"""What the columns of a table are for, guessed from their names and values, with the evidence in words."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dataimp_gui.core.formats.found import SUFFIXES, FoundColumn
from dataimp_gui.core.model import Modality, Role


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ID: Final = _words("id uuid guid exampleid sampleid itemid rowid uid key")
_LABEL: Final = _words(
    "label labels class target category classname labelname classlabel y groundtruth gold sentiment intent"
)
_SPLIT: Final = _words("split subset partition splitname")
_GROUP: Final = _words(
    "group groupid patient patientid subject subjectid speaker speakerid user userid session sessionid author"
)
_TEXT: Final = _words(
    "text sentence message content body review utterance document comment tweet sms prompt question description"
)
_MEDIA: Final = _words(
    "path file filename filepath media image img imagepath imagefile audio audiopath clip wav url source"
)
_SPLITS: Final = frozenset(_words("train training val valid validation dev test testing eval evaluation holdout"))
_KINDS: Final = {suffix: modality for modality, suffixes in SUFFIXES.items() for suffix in suffixes}
_SOUND_MAGIC: Final = (b"fLaC", b"OggS", b"ID3", b"FORM", b".snd", b"\xff\xfb", b"\xff\xf3", b"caff")
_MEDIA_FOLDERS: Final = ("", "images", "image", "img", "audio", "media", "data", "files", "clips", "recordings")
_MAX_GUESSED_CLASSES: Final = 50


@dataclass(frozen=True, slots=True)
class Sampled:
    """A column with a sample of its values as written; ``head`` is the beginning of an embedded value, if any."""

    name: str
    type: str
    values: tuple[str, ...]
    head: bytes = b""


@dataclass(frozen=True, slots=True)
class Guess:
    columns: tuple[FoundColumn, ...]
    modality: Modality
    media_root: Path | None


def guess(columns: Sequence[Sampled], folder: Path) -> Guess:
    """Roles for the columns of a table that lies in ``folder``. Each role but metadata is given to one column."""
    roles: dict[str, tuple[Role, str]] = {}

    def give(role: Role, pick: tuple[Sampled, str] | None) -> Sampled | None:
        if pick is not None:
            roles[pick[0].name] = (role, pick[1])
        return pick[0] if pick else None

    def left() -> list[Sampled]:
        return [column for column in columns if column.name not in roles]

    media, root = _media(columns, folder)
    chosen = give(Role.MEDIA, media)
    give(Role.ID, _id(left()))
    give(Role.SPLIT, _split(left()))
    give(Role.LABEL, _named(left(), _LABEL, _is_class))
    modality = _modality(chosen) if chosen else Modality.TABLE
    if not chosen and (give(Role.TEXT, _text(left()))):
        modality = Modality.TEXT
    give(Role.GROUP, _named(left(), _GROUP))
    if not any(role is Role.LABEL for role, _ in roles.values()):
        give(Role.LABEL, _unnamed_label(left()))
    for column in left():
        if column.type == "bytes":
            roles[column.name] = (Role.SKIP, "bytes beside the media are not kept")
    return Guess(
        tuple(
            FoundColumn(
                column.name,
                column.type,
                roles.get(column.name, (Role.METADATA, ""))[0],
                column.values[:5],
                roles.get(column.name, (Role.METADATA, ""))[1],
            )
            for column in columns
        ),
        modality,
        root,
    )


def kind_of(path: str) -> Modality | None:
    """The modality that the ending of a path or URL speaks of."""
    return _KINDS.get(os.path.splitext(path.split("?", 1)[0])[1].lower())


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _named(
    columns: Sequence[Sampled], names: Sequence[str], fits: Callable[[Sampled], bool] = lambda _: True
) -> tuple[Sampled, str] | None:
    by_key = {_key(column.name): column for column in reversed(columns) if column.type != "bytes" and fits(column)}
    return next(((by_key[name], "by its name") for name in names if name in by_key), None)


def _media(columns: Sequence[Sampled], folder: Path) -> tuple[tuple[Sampled, str] | None, Path | None]:
    for column in columns:
        if column.type == "bytes":
            return (column, "it holds the bytes themselves"), folder
    best: tuple[tuple[float, bool, float], Sampled, str, Path] | None = None
    for column in columns:
        values = [value for value in column.values if value]
        if column.type != "text" or not values:
            continue
        share = sum(kind_of(value) is not None and "\n" not in value for value in values) / len(values)
        is_named = _key(column.name) in _MEDIA
        if share < 0.8 and not (is_named and share >= 0.3):
            continue
        root, found = _root(values[:50], folder)
        if not found and not is_named:
            continue
        why = f"{share:.0%} of its values end like media files" + (", and they are there" if found else "")
        rank = (found, is_named, share)
        if best is None or rank > best[0]:
            best = (rank, column, why, root)
    return ((best[1], best[2]), best[3]) if best else (None, folder)


def _root(values: Sequence[str], folder: Path) -> tuple[Path, float]:
    """The folder that most of the paths start from, and their share that is there."""
    best = (folder, 0.0)
    for name in _MEDIA_FOLDERS:
        root = folder / name if name else folder
        if name and not root.is_dir():
            continue
        share = sum(_is_inside(root, value) for value in values) / len(values)
        if share > best[1]:
            best = (root, share)
    return best


def _is_inside(root: Path, value: str) -> bool:
    path = value.replace("\\", "/")
    if "\0" in path or path.startswith("/") or ".." in path.split("/"):
        return False
    return os.path.isfile(os.path.join(root, path))


def _modality(column: Sampled) -> Modality:
    if column.head:
        if column.head[:4] == b"RIFF":
            return Modality.AUDIO if column.head[8:12] == b"WAVE" else Modality.IMAGE
        return Modality.AUDIO if column.head.startswith(_SOUND_MAGIC) else Modality.IMAGE
    kinds = [kind for value in column.values if (kind := kind_of(value))]
    return max(set(kinds), key=kinds.count) if kinds else Modality.IMAGE


def _id(columns: Sequence[Sampled]) -> tuple[Sampled, str] | None:
    if found := _named(columns, _ID):
        return found
    for column in columns:
        key = _key(column.name)
        unique = len(column.values) > 1 and len(set(column.values)) == len(column.values)
        if key.endswith("id") and unique and key not in _GROUP:
            return column, "by its name, and its values are unique"
    return None


def _split(columns: Sequence[Sampled]) -> tuple[Sampled, str] | None:
    for column in columns:
        values = {value.lower() for value in column.values if value}
        if values and values <= _SPLITS:
            return column, "its values are names of splits"
    return _named(columns, _SPLIT, lambda column: len(set(column.values)) <= 10)


def _text(columns: Sequence[Sampled]) -> tuple[Sampled, str] | None:
    texts = [column for column in columns if column.type == "text"]
    if found := _named(texts, _TEXT):
        return found
    for column in texts:
        values = [value for value in column.values if value]
        words = sum(len(value.split()) for value in values) / max(1, len(values))
        if words >= 5 and len(set(values)) > len(values) / 2:
            return column, f"its values are texts of {words:.0f} words"
    return None


def _is_class(column: Sampled) -> bool:
    """Most of its values are short; one that is not is a bad row, and no reason to overlook the column."""
    return 2 * sum(len(value) > 200 for value in column.values) <= len(column.values)


def _unnamed_label(columns: Sequence[Sampled]) -> tuple[Sampled, str] | None:
    """The only column of few words, or the last of the table where there are several, which is where people put it."""
    few = []
    for column in columns:
        distinct = len(set(column.values))
        if column.type == "text" and 2 <= distinct <= _MAX_GUESSED_CLASSES and len(column.values) >= 5 * distinct:
            few.append((column, f"it has {distinct} different values"))
    if len(few) == 1 or (few and few[-1][0] is columns[-1]):
        return few[-1]
    return None
