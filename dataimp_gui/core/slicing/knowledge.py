"""What a search for slices may use of the examples: their columns, statistics, tags, vectors, texts and groups."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from dataimp_gui.core.analysis import material as materials
from dataimp_gui.core.engine import literal
from dataimp_gui.core.model import ColumnInfo, Modality, Role, Rows
from dataimp_gui.core.query.words import written
from dataimp_gui.core.slices.material import Column, Material
from dataimp_gui.core.slicing.scope import Scope
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

MOST_WORDS: Final = 20_000
"""A text column with more different values is a name or a remark, and no rule is made of it."""

_STATE: Final = ("split",)
_KINDS: Final = ("metadata", "media")
_FLAG: Final = ("false", "true")


def gather(project: "Project", scope: Scope, progress: Progress) -> tuple[Material, tuple[str, ...]]:
    """And sentences about what was left out."""
    found, notes = columns(project, progress)
    for name, column in tuple(found.items()):
        if column.sql and column.flag and not (scope.counted & ~scope.errors)[column.codes == 1].any():
            del found[name]
            notes += (f"The tag {name.removesuffix(' IN tags')} is on errors only, tells nothing, and was left out.",)
    embedding, analysis = project.analysis.embedding, project.analysis
    if analysis.statistics and not analysis.is_measured:
        notes += ("The examples were not measured, so no rule speaks of what their media are like.",)
    if embedding is None and project.modality != Modality.TABLE:
        notes += ("There is no embedding, so no groups of similar examples were looked at.",)
    material = replace(
        outcomes(project, scope),
        columns=found,
        vectors=embedding.vectors if embedding else None,
        texts=_Texts(project) if project.modality == Modality.TEXT else None,
    )
    return material, notes


def outcomes(project: "Project", scope: Scope) -> Material:
    """What a test needs: how the run did, what it cost, and who belongs together."""
    return Material(
        columns={},
        labels=scope.labels,
        predicted=scope.predicted,
        classes=scope.classes,
        errors=scope.errors,
        counted=scope.counted,
        loss=scope.loss if project.contract.costs else None,
        groups=materials.groups(project),
    )


def columns(project: "Project", progress: Progress) -> tuple[dict[str, Column], tuple[str, ...]]:
    """What was imported or measured of the examples, their split and tags; and sentences about what was left out."""
    found: dict[str, Column] = {}
    notes: list[str] = []
    skipped = {each.name for each in project.contract.columns if each.role in (Role.GROUP, Role.ID, Role.SKIP)}
    usable = [each for each in project.query.columns() if _is_usable(each) and each.name not in skipped]
    for info in progress.track(usable, "Reading columns"):
        column = _column(project, info, progress)
        if column is None:
            notes.append(f"{info.name} has more than {MOST_WORDS:,} different values and was left out.")
        else:
            found[info.name] = column
    for tag, mask in project.state.tags.items():
        if mask.any():
            sql = f"{literal(tag)} IN tags"
            found[sql] = Column(sql, codes=mask.astype(np.int32), words=_FLAG, flag=True, sql=sql)
    return found, tuple(notes)


class _Texts:
    def __init__(self, project: "Project") -> None:
        self._project = project

    def __call__(self, rows: Rows) -> list[str]:
        return ["" if text is None else str(text) for text in self._project.query.values(["text"], rows)["text"]]


def _is_usable(info: ColumnInfo) -> bool:
    named = info.kind in _KINDS and info.name not in ("media", "text")
    return info.name in _STATE or (named and info.type in ("number", "text", "flag", "time"))


def _column(project: "Project", info: ColumnInfo, progress: Progress) -> Column | None:
    name = written(info.name)
    match info.type:
        case "text":
            found = project.query.codes(info.name, MOST_WORDS, progress)
            return Column(info.name, codes=found[0], words=found[1]) if found else None
        case "flag":
            values = project.query.numbers(f"CAST({name} AS DOUBLE)", progress)
            codes = np.where(np.isnan(values), -1, values).astype(np.int32)
            return Column(info.name, codes=codes, words=_FLAG, flag=True)
        case "time":
            return Column(info.name, numbers=project.query.numbers(f"epoch({name})", progress), sql=f"epoch({name})")
    return Column(info.name, numbers=project.query.numbers(info.name, progress))
