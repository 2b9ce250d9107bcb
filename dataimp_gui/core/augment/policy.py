"""A policy: what is done to an example, in which order, how often and how strongly. A JSON document.

{"format": 1, "name": "Dim phone light", "modality": "image", "seed": 42,
 "steps": [{"op": "blur", "chance": 0.7, "ranges": {"radius": [0.4, 0.9]}}]}
"""

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from dataimp_gui.core.augment.operations import Operation, Parameter, find
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError

FORMAT: Final = 1
MOST_BYTES: Final = 1 << 20
MOST_STEPS: Final = 100

_A_POLICY: Final = "A policy is a JSON file with steps."


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One operation, done with probability ``chance``.

    ``ranges`` and ``choices`` name only what differs from the operation's defaults; a value is drawn evenly from its
    range, or from what was chosen. ``spare`` are labels that the step never touches.
    """

    op: str
    chance: float = 1.0
    on: bool = True
    ranges: dict[str, tuple[float, float]] = {}
    choices: dict[str, tuple[str, ...]] = {}
    spare: tuple[str, ...] = ()


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``seed`` and the operations say all: the same policy makes the same variants everywhere."""

    name: str
    modality: Modality
    seed: int = 42
    steps: tuple[Step, ...] = ()
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a step cannot be done. ``place`` counts from 0."""

    place: int
    message: str
    hint: str = ""


def to_json(policy: Policy) -> str:
    """The canonical text: keys sorted, the same for equal policies."""
    return msgspec.json.encode(policy, order="sorted").decode()


def content_id(policy: Policy) -> str:
    """SHA-256 over the canonical text."""
    return hashlib.sha256(to_json(policy).encode()).hexdigest()


def from_json(text: str | bytes) -> Policy:
    """Raises DataimpError, with the place, for what is no policy or one of a newer Dataimp."""

    class Head(msgspec.Struct):
        format: int = FORMAT

    try:
        if msgspec.json.decode(text, type=Head).format > FORMAT:
            raise DataimpError("The policy was made by a newer Dataimp.", hint="Open it with that version.")
        return msgspec.json.decode(text, type=Policy)
    except RecursionError as error:
        raise DataimpError("This is not a policy: it is nested too deeply.", hint=_A_POLICY) from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise DataimpError(f"This is not a policy: {error}.", hint=_A_POLICY) from error


def load(path: Path | str) -> Policy:
    """Read and checked. Raises DataimpError for a file that cannot be read or used."""
    try:
        with Path(path).open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DataimpError(f"{path} cannot be read: {error.strerror}.", hint="Look at its place and rights.") from error
    if len(text) > MOST_BYTES:
        raise DataimpError(f"{path} is too large for a policy.", hint="A policy is a small JSON file.")
    return checked(from_json(text))


def save(policy: Policy, path: Path | str) -> None:
    text = msgspec.json.format(to_json(policy).encode(), indent=2)
    try:
        Path(path).write_bytes(text + b"\n")
    except OSError as error:
        raise DataimpError(f"{path} cannot be written: {error.strerror}.", hint="Choose another place.") from error


def checked(policy: Policy) -> Policy:
    """The policy itself. Raises DataimpError for the first step that cannot be done."""
    if len(policy.steps) > MOST_STEPS:
        raise DataimpError(f"A policy has at most {MOST_STEPS} steps, this one {len(policy.steps):,}.")
    for fault in faults(policy):
        raise DataimpError(f"Step {fault.place + 1}: {fault.message}", hint=fault.hint)
    return policy


def faults(policy: Policy) -> tuple[Fault, ...]:
    """What is wrong with the steps that are on, at most one a step."""
    found = (fault(step, policy.modality, place) for place, step in enumerate(policy.steps) if step.on)
    return tuple(each for each in found if each)


def fault(step: Step, modality: Modality, place: int = 0) -> Fault | None:
    try:
        operation = find(step.op)
    except DataimpError as error:
        return Fault(place, str(error), error.hint)
    if operation.modality is not modality:
        message = f'"{operation.title}" is for {operation.modality.value}, the policy for {modality.value}.'
        return Fault(place, message, "Take the step out.")
    if not 0 <= step.chance <= 1:
        return Fault(place, f"A chance of {step.chance:g} is no probability.", "It lies between 0 and 1.")
    for name, given in step.ranges.items():
        message = _wrong_range(operation, name, given)
        if message:
            return Fault(place, message, "Move the range within its limits.")
    for name, chosen in step.choices.items():
        parameter = operation.parameter(name)
        if parameter is None or parameter.is_number:
            return Fault(place, f'"{operation.title}" has no choice called "{name}".', _parameters(operation))
        unknown = [each for each in chosen if parameter.choices and each not in parameter.choices]
        if unknown or not chosen:
            said = f'"{unknown[0]}" is no choice' if unknown else "Nothing is chosen"
            return Fault(place, f'{said} for "{parameter.title}".', f"There are: {', '.join(parameter.choices)}.")
    return None


def limits(step: Step, parameter: Parameter) -> tuple[float, float]:
    """From where to where a step draws this parameter."""
    return step.ranges.get(parameter.name, parameter.default)


def chosen(step: Step, parameter: Parameter) -> tuple[str, ...]:
    """What a step draws this parameter from; the first choice where nothing is said."""
    return step.choices.get(parameter.name) or parameter.choices[:1] or ("",)


def missing(step: Step) -> str:
    """What is to be given before the step does anything, "folder" say; empty when nothing is."""
    try:
        parameters = find(step.op).parameters
    except DataimpError:
        return ""
    return next((each.text for each in parameters if each.text and not any(chosen(step, each))), "")


def unfinished(policy: Policy) -> list[str]:
    """Sentences about the steps that are on and do nothing, since a file or folder was not given."""
    wanted = ((step, missing(step)) for step in policy.steps if step.on)
    return [f'"{find(step.op).title}" does nothing: no {need} was given.' for step, need in wanted if need]


def _wrong_range(operation: Operation, name: str, given: tuple[float, float]) -> str:
    parameter = operation.parameter(name)
    if parameter is None or not parameter.is_number:
        return f'"{operation.title}" has no number called "{name}". {_parameters(operation)}'
    low, high = given
    unit = f" {parameter.unit}" if parameter.unit else ""
    if not (math.isfinite(low) and math.isfinite(high)):
        return f"{parameter.title} from {low} to {high} is no range."
    if low > high:
        return f"{parameter.title} goes backwards, from {low:g} to {high:g}{unit}."
    if low < parameter.low or high > parameter.high:
        return (
            f"{parameter.title} from {low:g} to {high:g}{unit} is beyond {parameter.low:g} to {parameter.high:g}{unit}."
        )
    return ""


def _parameters(operation: Operation) -> str:
    return f"It has: {', '.join(each.name for each in operation.parameters) or 'nothing to set'}."
