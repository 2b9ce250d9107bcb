"""Policies that ship with Dataimp, to begin with: one for a place or a way of working that data come from."""

from functools import cache

from dataimp_gui import resources
from dataimp_gui.core.augment.policy import Policy, load
from dataimp_gui.core.model import Modality


@cache
def starters(modality: Modality) -> tuple[Policy, ...]:
    """In the order of their names."""
    files = sorted(resources.path("policies").glob(f"{modality.value}_*.json"))
    return tuple(sorted((load(file) for file in files), key=lambda each: each.name))
