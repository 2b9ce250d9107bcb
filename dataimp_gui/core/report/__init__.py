"""A page that says of a project what a run gets right and where it fails, to read without Dataimp."""

from dataimp_gui.core.report.writing import write

__all__ = ["write"]
