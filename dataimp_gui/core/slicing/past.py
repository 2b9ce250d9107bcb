"""How the current run does on the labels of earlier versions: whether relabelling a slice made it better."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dataimp_gui.core import edits
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.model import NONE, Codes, VersionInfo
from dataimp_gui.core.slicing.scope import Scope, scope
from dataimp_gui.core.storage import columns
from dataimp_gui.core.versions import manifest
from dataimp_gui.errors import ProjectError

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project


def scopes(project: "Project", where: str) -> Iterator[tuple[VersionInfo, Scope]]:
    """Of each version that can still be read, the oldest first: its labels without those it excludes, beside today's
    run, on the examples that ``where`` selects today."""
    today = scope(project, where, "")
    inside = np.zeros(project.count, dtype=np.bool_)
    inside[project.rows(where)] = True
    for info in reversed(project.versions()):
        with suppress(ProjectError):
            labels = _labels(project, info)
            counted = inside & (labels >= 0) & (today.predicted >= 0)
            errors = counted & (labels != today.predicted)
            yield info, replace(today, labels=labels, counted=counted, errors=errors)


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
