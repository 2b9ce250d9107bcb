"""Dataimp: triage errors, relabel, version and export a dataset. ``open`` a project and ask it, without a window."""

from typing import TYPE_CHECKING

from dataimp_gui.about import VERSION

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from dataimp_gui.core.augment.loading import Augment
    from dataimp_gui.core.project import Project

__all__ = ["load", "load_policy", "open"]
__version__ = VERSION


def open(path: "str | Path", *, read_only: bool = False, author: str = "") -> "Project":
    """Open the project folder at ``path``. Raises ProjectError when it is none, is newer, or is open elsewhere."""
    from dataimp_gui.core.project import Project

    return Project.open(path, read_only=read_only, author=author)


def load(path: "str | Path", version: str, *, check: bool = True) -> "pd.DataFrame":
    """The examples of a version of the project at ``path``, by id, with the paths of their files; to train on.

    With ``check`` every file is read once (about a gigabyte a second). Raises DataimpError for an unknown version, and
    for files that are missing or no longer what the version says.
    """
    with open(path, read_only=True) as project:
        return project.frame(version, check=check)


def load_policy(path: "str | Path") -> "Augment":
    """An augmentation policy as a function of an example, its id and the number of a variant.

    Raises DataimpError for a file that is no policy, or one that cannot be applied here.
    """
    from dataimp_gui.core.augment import loading

    return loading.load_policy(path)
