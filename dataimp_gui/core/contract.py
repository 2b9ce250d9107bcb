"""What the data promises: columns, classes, media limits, costs. A JSON document inside the project."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from dataimp_gui.core.model import Modality, Role
from dataimp_gui.errors import DataimpError, ProjectError

RESERVED: Final = frozenset(
    {
        *("row", "rowid", "id", "media", "text", "sha256", "size", "mtime_ns"),
        *("label", "given_label", "split", "tags", "excluded", "reviewed", "edited", "note"),
        *("predicted", "confidence", "error", "correct"),
    }
)
"""Names that the program gives a meaning to; a metadata column of that name is renamed at import."""

RESERVED_PREFIXES: Final = ("p_", "issue_", "_")


class Column(msgspec.Struct, frozen=True):
    """A column of the dataset: its ``name`` here, its ``source`` name in the file, its type and its role."""

    name: str
    source: str
    type: str  # text, number, flag, time
    role: Role = Role.METADATA


Costs = dict[str, dict[str, float]]


class Limits(msgspec.Struct, frozen=True):
    """What a decoder may be asked to do: beyond it, a file is quarantined instead of opened."""

    max_bytes: int = 256 * 2**20
    max_pixels: int = 100_000_000
    max_seconds: float = 4 * 3600.0
    max_characters: int = 1_000_000
    decode_timeout_s: float = 20.0


class Contract(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``costs[label][predicted]`` is the cost of that confusion; unnamed confusions cost 1, correct ones 0."""

    modality: Modality
    classes: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    closed: bool = False  # True: a label outside ``classes`` is quarantined (they were given, not found)
    limits: Limits = Limits()
    costs: Costs = {}
    gates: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET  # as `core.evaluate.gates` writes them, once they are set

    def to_json(self) -> str:
        return msgspec.json.encode(self, order="sorted").decode()


def from_json(text: str) -> Contract:
    try:
        return msgspec.json.decode(text, type=Contract)
    except msgspec.DecodeError as error:
        raise ProjectError(f"The contract of this project cannot be read: {error}") from error


def with_costs(contract: Contract, text: str) -> Contract:
    """``contract`` with the costs that `costs_text` wrote; as it is when ``text`` is empty or no such thing."""
    try:
        return msgspec.structs.replace(contract, costs=msgspec.json.decode(text, type=Costs)) if text else contract
    except msgspec.DecodeError:
        return contract


def with_gates(contract: Contract, text: str) -> Contract:
    """``contract`` with gates as they were written; as it is when ``text`` is empty or no such thing."""
    try:
        return (
            msgspec.structs.replace(contract, gates=msgspec.json.decode(text, type=dict[str, Any]))
            if text
            else contract
        )
    except msgspec.DecodeError:
        return contract


def costs_text(costs: Mapping[str, Mapping[str, float]], classes: Sequence[str]) -> str:
    """Raises DataimpError for a class that is not among ``classes`` and for what is no cost."""
    for name in dict.fromkeys(name for label, row in costs.items() for name in (label, *row)):
        if name not in classes:
            raise DataimpError(f'There is no class "{name}".', hint="A cost is of two classes of the contract.")
    for label, row in costs.items():
        for said, cost in row.items():
            if not 0 <= cost < math.inf:
                raise DataimpError(
                    f'"{label}" taken for "{said}" cannot cost {cost}.', hint="A cost is a number from 0 up."
                )
    plain = {label: {said: float(cost) for said, cost in row.items()} for label, row in costs.items() if row}
    return msgspec.json.encode(plain, order="sorted").decode()


@dataclass(frozen=True, slots=True)
class Renamed:
    """A metadata column that could not keep its name."""

    source: str
    name: str


PROVENANCE: Final = ("augmented_from", "augmented_by", "augmented_draw")
"""Columns of examples that were made of others: the id of the one they were made of, the content id of the policy, and
the number of the draw."""

NO_VARIANTS: Final = "Add variants of examples first: dataimp augment PROJECT --policy FILE --write N"

AVOIDED: Final = RESERVED | {"slice", *PROVENANCE}
"""Names that a column does not get at import; a clause reads ``slice = 'a name'`` where no column is called so."""


def free_name(name: str, taken: set[str]) -> str:
    """``name``, or the nearest name that is neither avoided nor in ``taken`` (lower case), which it joins."""
    base = name.strip() or "column"
    candidate, number = base, 2
    while candidate.lower() in AVOIDED | taken or candidate.lower().startswith(RESERVED_PREFIXES):
        prefix = "x" if base.lower().startswith(RESERVED_PREFIXES) else ""
        candidate = (
            f"{prefix}{base}"
            if prefix and number == 2 and f"{prefix}{base}".lower() not in taken
            else (f"{prefix}{base}_{number}")
        )
        number += 1
    taken.add(candidate.lower())
    return candidate
