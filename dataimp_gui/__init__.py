"""Dataimp: triage errors, relabel, version and export a dataset. ``open`` a project and ask it, without a window."""

from typing import TYPE_CHECKING

from dataimp_gui.about import VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from dataimp_gui.core.project import Project

__all__ = ["open"]
__version__ = VERSION


def open(path: "str | Path", *, read_only: bool = False, author: str = "") -> "Project":
    """Open the project folder at ``path``. Raises ProjectError when it is none, is newer, or is open elsewhere."""
    from dataimp_gui.core.project import Project

    return Project.open(path, read_only=read_only, author=author)
