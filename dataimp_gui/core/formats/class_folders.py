"""Folders of images, sounds or texts whose folder names are the classes, with or without split folders above them.

    root/<class>/...            root/<split>/<class>/...            root/... (no classes: an unlabelled dataset)

A folder has splits only when all folders at its top have split names (train, val, test ...).
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats import filling, walking
from dataimp_gui.core.formats.found import PLACE, Found, FoundColumn
from dataimp_gui.core.media import text
from dataimp_gui.core.media.files import LIMITS, MediaError
from dataimp_gui.core.model import Modality, Rejected, Role
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.storage.objects import Objects

NAME: Final = "class-folders"

_NO_CLASS: Final = "images imgs img pictures photos data dataset files media audio sounds clips wavs recordings texts"
_WRAPPERS: Final = frozenset(_NO_CLASS.split())
_NO_DATA: Final = "readme license licence copying notice citation changelog sha256sums md5sums"
_ABOUT: Final = frozenset(_NO_DATA.split())
_TABLES: Final = frozenset((".csv", ".tsv", ".json", ".jsonl", ".parquet", ".xlsx"))
_WORDS: Final = {Modality.IMAGE: "image", Modality.AUDIO: "sound", Modality.TEXT: "text"}
_PEEKED_FOLDERS: Final = 400
_PEEKED_FILES: Final = 40
_TEXTS_BYTES: Final = 32 * 2**20


def inspect(path: Path, _engine: Engine) -> Found | None:
    """Looks at the top folders and a bounded number of files; reads all of them only in `load`."""
    if not path.is_dir():
        return None
    base, tops = _base(path)
    has_splits = bool(tops) and all(top.lower() in walking.SPLITS for top in tops)
    folders = (
        [f"{top}/{name}" for top in tops for name in walking.listing(path / base / top)[0]] if has_splits else tops
    )
    classes = sorted({folder.rsplit("/", 1)[-1] for folder in folders})
    if has_splits and len(classes) == 1 and classes[0].lower() in _WRAPPERS:
        classes = []

    peeked = list(_peeked(path / base, folders, tops))
    kinds = Counter(kind for file in peeked if (kind := _kind(path, file.relative_to(path).as_posix())))
    if not kinds:
        return None
    modality = max(kinds, key=lambda kind: kinds[kind])
    shown = [name for file in peeked if _kind(path, name := file.relative_to(path).as_posix()) is modality][:3]
    columns = [FoundColumn("id", role=Role.ID, samples=tuple(shown), why="the path inside the folder")]
    if modality is Modality.TEXT:
        columns.append(FoundColumn("text", role=Role.TEXT, why="the content of the files"))
    else:
        columns.append(FoundColumn("media", role=Role.MEDIA, samples=tuple(shown), why="the files of the folder"))
    if classes:
        why = f"the names of {len(classes)} folders"
        columns.append(FoundColumn("label", role=Role.LABEL, samples=tuple(classes[:5]), why=why))
    if has_splits:
        columns.append(FoundColumn("split", role=Role.SPLIT, samples=tuple(tops[:5]), why="the split folders"))
    options = {"base": base, "has_splits": has_splits, "has_classes": bool(classes)}
    notes = (
        (f'The folder "{base}" holds everything; what is inside it was taken as classes and splits.',) if base else ()
    )
    return Found(NAME, path, modality, tuple(columns), path, None, "", options, notes)


def load(found: Found, engine: Engine, _objects: "Objects", progress: Progress) -> list[Rejected]:
    """Ids and media are paths relative to the folder (POSIX), in sorted order; files of another kind are returned."""
    walked = walking.walk(found.path, progress)
    rejected = walked.rejected
    kept = []
    progress.phase("Sorting files", len(walked.paths))
    for path in walked.paths:
        if _kind(found.path, path) is found.modality:
            kept.append(path)
        elif not _is_about(path):
            rejected.append(_refusal(found, path))
        progress.advance()

    types = {column.name: "VARCHAR" for column in found.columns if column.role is not Role.SKIP}
    filling.create(engine, types)
    place = 1
    for paths, texts in _with_texts(found, kept, rejected, progress) if "text" in types else [(kept, kept)]:
        labels, splits = _meanings(paths, found)
        values: dict[str, list[str] | list[str | None]] = {"id": paths, "media": paths, "text": texts}
        values |= {"label": labels, "split": splits}
        places = list(range(place, place + len(paths)))
        filling.append(engine, types, {PLACE: places, **{name: values[name] for name in types}}, progress)
        place += len(paths)
    return rejected


def _base(path: Path) -> tuple[str, list[str]]:
    """The folder inside ``path`` that wraps everything else ("" for none), and the names of the folders in it."""
    base = ""
    folders, files = walking.listing(path)
    while len(folders) == 1 and folders[0].lower() in _WRAPPERS:
        inside = {walking.kind(file) for file in walking.peek(path / base / folders[0], _PEEKED_FILES)}
        if any((kind := _kind(path, f"{base}{name}")) and kind in inside for name in files):
            break
        base += folders[0] + "/"
        folders, files = walking.listing(path / base)
    return base.rstrip("/"), folders


def _peeked(base: Path, folders: list[str], tops: list[str]) -> Iterator[Path]:
    """Some files of each class folder (of the first few hundred), and some that lie in none."""
    for folder in folders[:_PEEKED_FOLDERS]:
        yield from walking.peek(base / folder, _PEEKED_FILES)
    for folder in {"", *(tops[:20] if folders != tops else ())}:
        yield from (base / folder / name for name in walking.listing(base / folder)[1][: 10 * _PEEKED_FILES])


def _kind(root: Path, path: str) -> Modality | None:
    return None if _is_about(path) else walking.kind(f"{root}/{path}")


def _is_about(path: str) -> bool:
    """A file at the top that tells of the dataset and is no part of it."""
    return "/" not in path and path.split(".", 1)[0].lower() in _ABOUT


def _meanings(paths: list[str], found: Found) -> tuple[list[str | None], list[str | None]]:
    """The label and the split of each path, None where its folders give none."""
    base = f"{found.options['base']}/" if found.options["base"] else ""
    has_splits, has_classes = found.options["has_splits"], found.options["has_classes"]
    labels: list[str | None] = []
    splits: list[str | None] = []
    for path in paths:
        folders = path[len(base) :].split("/")[:-1] if path.startswith(base) else []
        splits.append(folders.pop(0) if has_splits and folders else None)
        labels.append(folders[0] if has_classes and folders else None)
    return labels, splits


def _refusal(found: Found, path: str) -> Rejected:
    hint = "Import it apart, or remove it from the folder."
    if Path(path).suffix.lower() in _TABLES:
        hint = "If this table holds the labels, import it instead of the folder."
    words = _WORDS[found.modality], _WORDS[found.modality]
    return Rejected(str(found.path), path, path, f"not {_a(words[0])}; the folder was taken as {words[1]}s", hint)


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _with_texts(
    found: Found, paths: list[str], rejected: list[Rejected], progress: Progress
) -> Iterator[tuple[list[str], list[str]]]:
    """Paths and their texts, a few megabytes at a time; files that are too long or no text are rejected."""
    progress.phase("Reading texts", len(paths))
    good: list[str] = []
    texts: list[str] = []
    size = 0
    for path in paths:
        content, reason, hint = _text(found.path / path)
        if reason:
            rejected.append(Rejected(str(found.path), path, path, reason, hint))
        else:
            good.append(path)
            texts.append(content)
            size += len(content)
        if size >= _TEXTS_BYTES:
            yield good, texts
            good, texts, size = [], [], 0
        progress.advance()
    yield good, texts


def _text(path: Path) -> tuple[str, str, str]:
    """(text, reason, hint); the reason is "" when the text could be read."""
    try:
        with path.open("rb") as file:
            data = file.read(4 * LIMITS.max_characters + 5)
        return text.decode(data), "", ""
    except OSError as error:
        return "", f"the file cannot be read: {error.strerror}", "Check the permissions."
    except MediaError as error:
        return "", str(error), error.hint
