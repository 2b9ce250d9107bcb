"""The slices of a project: saved by a person, searched for by the program, measured on its runs."""

from dataimp_gui.core.slicing.slices import Slices

__all__ = ["Slices"]
