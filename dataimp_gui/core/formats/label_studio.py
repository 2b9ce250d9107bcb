"""Label Studio exports: a JSON list of tasks with their annotations, in the full form and in the short one (JSON-MIN).

The label of a task is the one choice of its newest annotation that was not skipped. A task without annotation comes in
unlabelled; one whose annotation is something else (several choices, boxes, spans) is kept aside with the reason.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats import encoding, filling, roles, values
from dataimp_gui.core.formats.found import PLACE, Found, FoundColumn
from dataimp_gui.core.model import Rejected, Role
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.storage.objects import Objects

NAME: Final = "label-studio"
ID: Final = "id"

_TASKS: Final = "incoming_tasks"
_SAMPLED: Final = 500
_SHORT_KEYS: Final = frozenset(("annotator", "annotation_id", "created_at", "updated_at", "lead_time"))
_LABEL_WORDS: Final = ("label", "class", "category", "choice", "choices", "sentiment")
_MEDIA_FOLDERS: Final = ("", "images", "media", "data", "files", "audio")


class _Result(msgspec.Struct):
    type: str = ""
    from_name: str = ""
    value: dict[str, Any] = {}


class _Annotation(msgspec.Struct):
    result: list[_Result] = []
    was_cancelled: bool = False
    created_at: str | int | float | None = None
    updated_at: str | int | float | None = None


class _Task(msgspec.Struct):
    data: dict[str, msgspec.Raw]
    id: int | str | None = None
    annotations: list[_Annotation] | None = None
    completions: list[_Annotation] | None = None


class _Parsed(msgspec.Struct):
    """A task in words: its fields as written, what each control says, and what kinds of annotation it has."""

    id: str | None
    fields: dict[str, str | None]
    answers: dict[str, list[str]]
    kinds: set[str]


def inspect(path: Path, _engine: Engine) -> Found | None:
    """Reads the whole file, and the first few hundred tasks of it closely."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return None
    tasks = _read(path)
    if not tasks:
        return None
    parse = _form(tasks[0])
    if parse is None:
        return None
    parsed = [task for raw in tasks[:_SAMPLED] if isinstance(task := _tried(parse, raw), _Parsed)]
    fields = list(dict.fromkeys(name for task in parsed for name in task.fields))
    controls = Counter(name for task in parsed for name in task.answers)
    label = next((name for name in controls if name.lower() in _LABEL_WORDS), "") or max(
        controls, key=lambda name: controls[name], default=""
    )
    has_ids = any(task.id is not None for task in parsed)
    uploads = [
        value for task in parsed for value in task.fields.values() if value and value.startswith("/data/upload/")
    ]
    dropped = _dropped(uploads[:50], path.parent)

    sampled = []
    for name in fields:
        seen = [_local(value, dropped) for task in parsed if (value := task.fields.get(name)) is not None]
        sampled.append(roles.Sampled(name, values.reading(seen).type, tuple(seen)))
    guessed = roles.guess(sampled, path.parent)
    own = (Role.ID, Role.LABEL)
    columns = [replace(c, role=Role.METADATA, why="") if c.role in own else c for c in guessed.columns]
    named = dict(zip(fields, _free(fields, {ID} if has_ids else set()), strict=True))
    columns = [replace(column, name=named[column.name]) for column in columns]
    answers = dict(zip(controls, _free(list(controls), {ID, *named.values()}), strict=True))
    for name in controls:
        seen = [", ".join(task.answers[name]) for task in parsed if name in task.answers]
        role, why = (Role.LABEL, "the choices of the annotators") if name == label else (Role.METADATA, "")
        columns.append(FoundColumn(answers[name], "text", role, tuple(dict.fromkeys(seen))[:5], why))
    if has_ids:
        ids = tuple(task.id for task in parsed[:5] if task.id is not None)
        columns.insert(0, FoundColumn(ID, "text", Role.ID, ids, "the number of the task"))
    readings = {named[s.name]: values.reading(s.values) for s in sampled if named[s.name] in {c.name for c in columns}}
    options = {"fields": named, "answers": answers, "label": label, "dropped": dropped, "readings": readings}
    modality = guessed.modality
    return Found(NAME, path, modality, tuple(columns), guessed.media_root, len(tasks), "task", options)


def load(found: Found, engine: Engine, _objects: "Objects", progress: Progress) -> list[Rejected]:
    """Places count tasks from 1. Paths into Label Studio's storage become relative to where the files lie."""
    tasks = _read(found.path)
    parse = _form(tasks[0]) if tasks else None
    if not tasks or parse is None:
        raise FormatError(f"{found.path.name} is no Label Studio export any more.", hint="Import it again.")
    rejected: list[Rejected] = []
    wanted = [column.name for column in found.columns]
    types = dict.fromkeys(wanted, "VARCHAR")
    rows: dict[str, list[Any]] = {PLACE: [], **{name: [] for name in wanted}}
    filling.create(engine, types, _TASKS)
    progress.phase(f"Reading {found.path.name}", len(tasks))
    for place, raw in enumerate(tasks, 1):
        task = _tried(parse, raw)
        reason = task if isinstance(task, str) else _refusal(task, str(found.options["label"]))
        if isinstance(task, str) or reason:
            id = "" if isinstance(task, str) else task.id or ""
            hint = "Correct the annotation in Label Studio and export again." if reason else ""
            rejected.append(Rejected(str(found.path), f"task {place}", id, reason, hint))
        else:
            cells = _cells(task, found.options)
            rows[PLACE].append(place)
            for name in wanted:
                rows[name].append(cells.get(name))
        if len(rows[PLACE]) == filling.BATCH_ROWS or place == len(tasks):
            filling.append(engine, types, rows, progress, _TASKS)
            rows = {name: [] for name in rows}
        progress.advance()
    columns = {column.name: column.role for column in found.columns}
    values.fill(
        engine, lambda: f"(SELECT * EXCLUDE ({PLACE}) FROM {_TASKS})", columns, values.readings(found), progress
    )
    values.show(engine, columns, PLACE, beside=f"(SELECT {PLACE} FROM {_TASKS})")
    return rejected


def _read(path: Path) -> list[msgspec.Raw] | None:
    """The elements of the list that the file holds; None when it holds something else."""
    data = path.read_bytes()
    written = encoding.guess(data[: 64 * 2**10])
    try:
        if written not in ("", "utf-8"):
            data = data.decode(written).encode()
        if not data.lstrip().startswith(b"["):
            return None
        return msgspec.json.decode(data, type=list[msgspec.Raw])
    except RecursionError:
        said = "it is nested too deeply"
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        said = str(error)
    raise FormatError(f"{path.name} is no valid JSON: {said}.", hint="Export it again from where it came.")


def _form(raw: msgspec.Raw) -> Callable[[msgspec.Raw], _Parsed] | None:
    """How to parse the tasks of a file that begins with this one; None when it is not from Label Studio."""
    try:
        first = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if "data" in first and bytes(first["data"]).startswith(b"{"):
        return _parse_full
    if _SHORT_KEYS & first.keys() and ID in first and ("annotator" in first or "annotation_id" in first):
        return _parse_short
    return None


def _tried(parse: Callable[[msgspec.Raw], _Parsed], raw: msgspec.Raw) -> _Parsed | str:
    """The task, or why it cannot be read."""
    try:
        return parse(raw)
    except RecursionError:
        return "the task is nested too deeply"
    except (msgspec.DecodeError, UnicodeError) as error:
        return f"this is no task: {error}"


def _parse_full(raw: msgspec.Raw) -> _Parsed:
    task = msgspec.json.decode(raw, type=_Task)
    answers: dict[str, list[str]] = {}
    kinds: set[str] = set()
    valid = [each for each in (task.annotations or task.completions or []) if not each.was_cancelled]
    if valid:
        newest = max(valid, key=lambda each: str(each.updated_at or each.created_at or ""))
        for result in newest.result:
            kinds.add(result.type or "something unknown")
            if result.type in ("choices", "rating", "number", "textarea", "datetime"):
                key = "text" if result.type == "textarea" else result.type
                answers.setdefault(result.from_name or "label", []).extend(_answer(result.value.get(key)))
    fields = {name: _text(value) for name, value in task.data.items()}
    return _Parsed(None if task.id is None else str(task.id), fields, answers, kinds)


def _parse_short(raw: msgspec.Raw) -> _Parsed:
    task = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    names = [name for name in task if name not in _SHORT_KEYS]
    split = names.index(ID) if ID in names else len(names)  # the fields stand above the id, the answers below it
    answers: dict[str, list[str]] = {}
    kinds: set[str] = set()
    for name in names[split + 1 :]:
        value = msgspec.json.decode(task[name])
        if isinstance(value, dict) and "choices" in value:
            value = value["choices"]
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, dict) for each in value)):
            kinds.add(name)
        elif value is not None:
            kinds.add("choices")
            answers[name] = _answer(value)
    fields = {name: _text(task[name]) for name in names[:split]}
    return _Parsed(_text(task[ID]) if ID in task else None, fields, answers, kinds)


def _answer(value: object) -> list[str]:
    given = value if isinstance(value, list) else [] if value is None else [value]
    return [each if isinstance(each, str) else msgspec.json.encode(each).decode() for each in given]


def _text(raw: msgspec.Raw) -> str | None:
    """A JSON value as text: strings as they are, numbers as written, anything nested as JSON; None for null."""
    written = bytes(raw)
    if written == b"null":
        return None
    return msgspec.json.decode(written, type=str) if written.startswith(b'"') else written.decode()


def _refusal(task: _Parsed, label: str) -> str:
    """Why the annotation gives no label; "" when it does, or when there is none."""
    choices = task.answers.get(label, [])
    if len(choices) > 1:
        return f"the annotation has {len(choices)} choices ({', '.join(choices)[:80]}), not one"
    if not choices and task.kinds and not task.answers:
        return f"it is annotated with {', '.join(sorted(task.kinds))[:80]}, not with one choice"
    return ""


def _cells(task: _Parsed, options: Mapping[str, Any]) -> dict[str, str | None]:
    cells: dict[str, str | None] = {ID: task.id}
    for name, value in task.fields.items():
        if name in options["fields"]:
            cells[options["fields"][name]] = None if value is None else _local(value, options["dropped"])
    for name, given in task.answers.items():
        if name in options["answers"] and given:
            cells[options["answers"][name]] = ", ".join(given)
    return cells


def _local(value: str, dropped: int) -> str:
    """A path into Label Studio's storage without what stands for the server; any other text as it is.

    Of uploads, the first ``dropped`` folders do not exist where the files are.
    """
    if value.startswith("/data/local-files/"):
        path = parse_qs(urlsplit(value).query).get("d", [""])[0]
        return path.lstrip("/") or value
    if value.startswith("/data/upload/"):
        return "/".join(value.removeprefix("/data/").split("/")[dropped:]) or value
    return value


def _dropped(uploads: Sequence[str], folder: Path) -> int:
    """How many folders of upload/<project>/<file> to leave out so that the files are found beside the export."""

    def there(dropped: int) -> int:
        paths = [_local(upload, dropped) for upload in uploads]
        return sum(any((folder / name / path).is_file() for name in _MEDIA_FOLDERS) for path in paths)

    return max((0, 1, 2), key=there) if uploads else 0


def _free(names: Sequence[str], taken: set[str]) -> list[str]:
    """The names, changed where they clash (without regard to case) with each other or with those taken."""
    used = {name.lower() for name in taken} | {PLACE}
    free = []
    for name in names:
        wanted = candidate = re.sub(r"\s+", " ", name).strip() or "column"
        number = 2
        while candidate.lower() in used:
            candidate = f"{wanted}_{number}"
            number += 1
        used.add(candidate.lower())
        free.append(candidate)
    return free
