"""How the current run does on the labels of earlier versions: whether relabelling a slice made it better."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.model import NONE, Codes, Rows, VersionInfo
from dataimp_gui.core.slicing.scope import Scope, scope
from dataimp_gui.core.storage import columns
from dataimp_gui.core.versions import manifest
from dataimp_gui.errors import ProjectError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project


class Past:
    """Each version is read once: kept is where its labels differ from those of the first look. Any thread may ask."""

    def __init__(self, project: "Project") -> None:
        self._project = project
        self._first: Codes | None = None
        self._known: dict[tuple[object, ...], tuple[Codes, Rows, Codes]] = {}

    def scopes(self, where: str, progress: Progress) -> Iterator[tuple[VersionInfo, Scope]]:
        """Of each version that can still be read, the oldest first: its labels without those it excludes, beside
        today's run, on the examples that ``where`` selects today."""
        project = self._project
        today = scope(project, where, "")
        inside = np.zeros(project.count, dtype=np.bool_)
        inside[project.rows(where)] = True
        for info in reversed(project.versions()):
            progress.check()
            with suppress(ProjectError):
                labels = self._labels(info)
                counted = inside & (labels >= 0) & (today.predicted >= 0)
                errors = counted & (labels != today.predicted)
                yield info, replace(today, labels=labels, counted=counted, errors=errors)

    def _labels(self, info: VersionInfo) -> Codes:
        project, first = self._project, self._first
        if first is None or len(first) != project.count:
            first = self._first = project.state.labels.copy()
        key = (info.name, project.classes, project.count)
        if key not in self._known:
            labels = _labels(project, info)
            apart = np.flatnonzero(labels != first)
            self._known[key] = first, apart, labels[apart]
        first, rows, codes = self._known[key]
        labels = first.copy()
        labels[rows] = codes
        return labels


def _labels(project: "Project", info: VersionInfo) -> Codes:
    """Raises ProjectError when the version is damaged."""
    committed = manifest.read(project.path, info)
    engine = Engine()
    try:
        with columns.reading([committed.manifest]):
            found = engine.arrays(f'SELECT "row", excluded FROM {committed.relation}')
        codes = columns.codes(engine, [committed.manifest], edits.LABEL, project.classes)
    finally:
        engine.close()
    labels = np.full(project.count, NONE, dtype=np.int32)
    labels[np.asarray(found["row"], dtype=np.int64)] = np.where(found["excluded"], NONE, codes)
    return labels
