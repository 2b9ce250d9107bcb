"""What a step can do: one table of operations, those that come with Dataimp and those of installed packages.

A package adds operations with the entry point `dataimp.transforms`, whose value is an `Operation` or a tuple of them.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module, metadata
from pkgutil import iter_modules
from typing import Any, Final

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError

ENTRY_POINTS: Final = "dataimp.transforms"


class Keeps(StrEnum):
    """What an operation does to the label of an example."""

    LABEL = "keeps the label"
    SOME_CLASSES = "keeps it for some classes"
    MOVES = "moves boxes or time spans"
    MAY_DESTROY = "may destroy it"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number between the hard limits ``low`` and ``high``, one of ``choices``, or a ``text`` (file or list).

    ``default`` is the range that a new step draws from; with ``log`` the draw is even in ratios.
    """

    name: str
    title: str
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    default: tuple[float, float] = (0.0, 1.0)
    integer: bool = False
    log: bool = False
    choices: tuple[str, ...] = ()
    text: str = ""  # what is to be given, "file" say; the value is free text

    @property
    def is_number(self) -> bool:
        return not self.choices and not self.text

    def at(self, share: float, low: float, high: float) -> float:
        """The value at ``share`` (0 to 1) of the way from ``low`` to ``high``."""
        if self.integer:
            first, last = math.ceil(low), math.floor(high)
            return min(last, first + math.floor(share * (last - first + 1)))
        if self.log and low > 0:
            return low * math.exp(math.log(high / low) * share)
        return low + (high - low) * share


class Values:
    """What was drawn for the parameters of one step."""

    __slots__ = ("_drawn",)

    def __init__(self, drawn: Mapping[str, float | str]) -> None:
        self._drawn = drawn

    def number(self, name: str) -> float:
        return float(self._drawn[name])

    def whole(self, name: str) -> int:
        return round(float(self._drawn[name]))

    def text(self, name: str) -> str:
        return str(self._drawn[name])

    def items(self) -> tuple[tuple[str, float | str], ...]:
        return tuple(self._drawn.items())


@dataclass(frozen=True, slots=True)
class Operation:
    """One way to change an example. ``noise`` is a sentence about the real noise that it models.

    ``apply(value, values, draw)`` returns a new value and leaves the given one alone. ``spoils`` says of a label
    whether the operation would make it wrong with these values, for those that keep some classes only.
    """

    name: str
    title: str
    modality: Modality
    noise: str
    parameters: tuple[Parameter, ...]
    keeps: Keeps
    apply: Callable[[Any, Values, Draw], Any]
    takes: str = ""  # shapes that it needs, when it cannot do with all
    icon: str = ""
    spoils: Callable[[str, Values], bool] | None = None

    def parameter(self, name: str) -> Parameter | None:
        return next((each for each in self.parameters if each.name == name), None)


def operations(modality: Modality) -> tuple[Operation, ...]:
    """Those for a modality: the built-in ones in the order of their files, then those of installed packages."""
    return tuple(each for each in table().values() if each.modality is modality)


def find(name: str) -> Operation:
    """Raises DataimpError when there is none of that name."""
    found = table().get(name)
    if found is None:
        near = [each for each in table() if name.lower() in each or each in name.lower()]
        hint = f'There is "{near[0]}".' if near else _unloaded() or "Its package may not be installed here."
        raise DataimpError(f'There is no operation "{name}".', hint=hint)
    return found


@cache
def table() -> dict[str, Operation]:
    """Name -> operation. A built-in one keeps its name when a package brings one that is called the same."""
    found: dict[str, Operation] = {}
    for modality in (Modality.IMAGE, Modality.AUDIO, Modality.TEXT):
        package = import_module(f"dataimp_gui.core.augment.{modality.value}")
        for module in iter_modules(package.__path__):
            for each in getattr(import_module(f"{package.__name__}.{module.name}"), "OPERATIONS", ()):
                found[each.name] = each
    for point in metadata.entry_points(group=ENTRY_POINTS):
        try:
            given = point.load()
        except Exception:  # whatever a package of somebody else's does: it is as good as not installed
            continue
        for each in given if isinstance(given, tuple) else (given,):
            if isinstance(each, Operation):
                found.setdefault(each.name, each)
    return found


def _unloaded() -> str:
    """A sentence about installed operations that cannot be loaded, if there are any."""
    for point in metadata.entry_points(group=ENTRY_POINTS):
        try:
            point.load()
        except Exception as error:  # as in `table`
            return f'"{point.name}" of an installed package could not be loaded: {error}.'
    return ""
