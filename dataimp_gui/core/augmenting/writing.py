"""Variants of training examples as examples of the project: files, a table, and one edit that undo takes back."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.augment.operations import Keeps, find
from dataimp_gui.core.augment.policy import Policy, content_id, missing, to_json
from dataimp_gui.core.augmenting import joining, making, measuring, verdicts
from dataimp_gui.core.augmenting.joining import SHORT, Batch, counted
from dataimp_gui.core.compute import Failure, working
from dataimp_gui.core.contract import PROVENANCE
from dataimp_gui.core.issues.groups import HELD_OUT
from dataimp_gui.core.model import EditInfo, Modality, Rows
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

MOST_EACH: Final = 1000
NAMED: Final = 3
_IN_PICTURES: Final = r"(^|[\W_])(bbox(es)?|boxes|[xy]_?(min|max)|[xy][12]|polygons?|keypoints?|landmarks?)($|[\W_])"
_IN_TIME: Final = r"(^|[\W_])(start|end|onset|offset|spans?)([\W_]?(s|ms|sec|seconds|time|chars?))?($|[\W_])"
_TIMEOUT_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Written:
    """``added`` variants came, of ``examples``; ``refused`` examples are not to be varied, ``skipped`` variants could
    not be made. ``notes`` are sentences that say why."""

    edit: EditInfo
    added: int
    examples: int
    refused: int
    skipped: int
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "written": self.added,
            "edit": self.edit.number,
            "refused": self.refused,
            "skipped": self.skipped,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows to vary, and how many were left aside for which reason."""

    rows: Rows
    refused: int
    notes: tuple[str, ...]


def write(
    project: "Project",
    policy: Policy,
    where: str,
    each: int,
    progress: Progress,
    *,
    without: Collection[tuple[int, int]] = (),
    why: str = "",
) -> Written:
    """``each`` variants of the training examples that ``where`` selects; pairs of row and draw in ``without`` are left
    out.

    Raises QueryError, DataimpError when there is nothing to vary, ProjectError on a full disk, Cancelled; then nothing
    has changed.
    """
    project.writable()
    edits.checked("reason", why, edits.MOST_OF_NOTE)
    edits.name("policy", policy.name)
    if project.modality is Modality.TABLE:
        raise DataimpError("A table alone has nothing to augment.", hint="It takes pictures, sounds or texts.")
    measuring.check(project, policy)
    if not 1 <= each <= MOST_EACH:
        raise DataimpError(f"{each:,} variants of an example cannot be made.", hint=f"From 1 to {MOST_EACH:,} can.")
    _check_files(policy)
    _check_columns(project)
    found = chosen(project, where)
    if not len(found.rows):
        raise DataimpError(" ".join(("There is no example to vary.", *found.notes)), hint="Choose training examples.")
    with joining.place(project) as folder:
        made = _make(project, policy, found.rows, each, set(without), folder, progress)
        if not made.sources:
            raise DataimpError(f"No variant could be made: {made.skipped.most_common(1)[0][0]}.")
        progress.check()
        emptied = moved_columns(project, policy)
        edit = joining.join(project, policy, found.rows, made, folder, progress, why, emptied)
    skipped = sum(made.skipped.values())
    examples = len(set(made.sources))
    notes = (*found.notes, *_skipped(made.skipped), *_emptied(emptied))
    return Written(edit, len(made.sources), examples, found.refused, skipped, notes)


def chosen(project: "Project", where: str) -> Chosen:
    """Of the examples that a clause selects, those that may be varied: of the evaluation splits none, nor variants.

    Without a clause there is nobody to be told of the others. Raises QueryError.
    """
    rows = measuring.rows_of(project, where, variants=True)
    names = [*project.splits, ""]
    is_held_out = np.array([name.lower().startswith(HELD_OUT) for name in names], np.bool_)
    held_out = is_held_out[project.state.splits[rows]]
    is_variant = project.state.brought[rows]
    rest = rows[~held_out & ~is_variant]
    if not where.strip():
        return Chosen(rest, 0, ())
    notes = []
    if refused := int(held_out.sum()):
        splits = ", ".join(sorted({names[code] for code in np.unique(project.state.splits[rows[held_out]]).tolist()}))
        notes.append(
            f"{counted(refused, 'example')} of {splits} {'was' if refused == 1 else 'were'} refused: what a model is "
            "judged on stays real."
        )
    if left := int((is_variant & ~held_out).sum()):
        notes.append(f"{counted(left, 'example')} left out that {'is a variant' if left == 1 else 'are variants'}.")
    return Chosen(rest, refused, tuple(notes))


def rejected(project: "Project", policy: Policy, rows: Rows) -> set[tuple[int, int]]:
    """Of the variants of ``rows``, the row and draw of those that a person said lose their label."""
    lost = [key for key, keeps in verdicts.read(project.state, policy).items() if not keeps]
    if not lost:
        return set()
    wanted = {id_ for id_, _ in lost}
    found = {id_: int(at) for id_, at in zip(project.ids(rows), rows, strict=True) if id_ in wanted}
    return {(found[id_], draw) for id_, draw in lost if id_ in found}


def moved_columns(project: "Project", policy: Policy) -> tuple[str, ...]:
    """Columns of the dataset that by their names tell places in an example, when a step moves what lies there."""
    if not any(step.on and find(step.op).keeps is Keeps.MOVES for step in policy.steps):
        return ()
    telling = _IN_PICTURES if project.modality is Modality.IMAGE else _IN_TIME
    return tuple(each.name for each in project.contract.columns if re.search(telling, each.name, re.IGNORECASE))


def source(project: "Project", row: int, name: object, *, is_text: bool) -> str:
    """The file or the text of an example, "" where it has none."""
    if is_text or not name:
        return str(name or "")
    try:
        return str(project.locations.path(row, str(name)))
    except DataimpError:  # it leads out of its folder by now
        return ""


def _check_files(policy: Policy) -> None:
    for number, step in enumerate(policy.steps, start=1):
        if step.on and (need := missing(step)):
            raise DataimpError(
                f"Step {number}, {find(step.op).title}, has no {need} yet.", hint="Give it one, or turn it off."
            )


def _check_columns(project: "Project") -> None:
    for column in project.contract.columns:
        if column.name.lower() in PROVENANCE:
            raise DataimpError(
                f'The dataset has a column "{column.name}", where it is written what a variant was made of.',
                hint="Import it again: the column then gets another name.",
            )


def _make(
    project: "Project",
    policy: Policy,
    rows: Rows,
    each: int,
    without: set[tuple[int, int]],
    folder: Path,
    progress: Progress,
) -> Batch:
    is_text = policy.modality is Modality.TEXT
    ids = project.ids(rows)
    short = content_id(policy)[:SHORT]
    taken = set(project.ids(project.rows(f"contains(id, '~{short}-')")))
    names = project.query.values(["text" if is_text else "media"], rows)["text" if is_text else "media"]
    classes, labels = project.classes, project.state.labels
    made = Batch([], [], [], [], Counter())
    items: list[list[Any]] = []
    places: list[int] = []
    for place, (row, id_, name) in enumerate(zip(rows.tolist(), ids, names, strict=True)):
        file_or_text = source(project, row, name, is_text=is_text)
        if not file_or_text:
            made.skipped["it has no text" if is_text else "it has no media"] += each
            continue
        draws = [draw for draw in _free(id_, short, each, taken) if (row, draw) not in without]
        if draws:
            code = int(labels[row])
            items.append([file_or_text, id_, classes[code] if code >= 0 else "", draws])
            places.append(place)
    limits = msgspec.to_builtins(project.contract.limits)
    arguments = (to_json(policy), limits, str(folder))
    for number, found in _stream(items, arguments, each, progress):
        if isinstance(found, Failure):
            if making.is_unwritten(found.reason):
                raise DataimpError(found.reason, hint=found.hint)
            made.skipped[f"{ids[places[number]]}: {found.reason.rstrip('.')}"] += len(items[number][3])
            continue
        for one in found:
            if isinstance(one, str):
                made.skipped[one] += 1
                continue
            made.sources.append(places[number])
            made.draws.append(one[0])
            made.contents.append(one[1])
            made.measures.append(one[2:])
    return made


def _stream(
    items: list[list[Any]], arguments: tuple[Any, ...], each: int, progress: Progress
) -> Iterator[tuple[int, Any]]:
    with working(len(items)) as pool:
        yield from pool.stream(
            making.make,
            items,
            arguments=arguments,
            timeout_s=_TIMEOUT_S + each,
            title="Making variants",
            progress=progress,
        )


def _free(id_: str, short: str, each: int, taken: set[str]) -> list[int]:
    """The numbers of the next draws: a policy that is written again goes on where it stopped."""
    first = 0
    while f"{id_}~{short}-{first}" in taken:
        first += 1
    return list(range(first, first + each))


def _emptied(columns: tuple[str, ...]) -> tuple[str, ...]:
    said = ", ".join(columns)
    return (f"Empty in the variants, because a step moves what it tells: {said}.",) if columns else ()


def _skipped(reasons: Counter[str]) -> tuple[str, ...]:
    named = [f"{counted(count, 'variant')} left out: {reason}." for reason, count in reasons.most_common(NAMED)]
    rest = reasons.total() - sum(count for _, count in reasons.most_common(NAMED))
    return (*named, *([f"{counted(rest, 'more')} left out."] if rest else []))
