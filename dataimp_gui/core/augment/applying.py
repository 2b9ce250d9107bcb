"""A policy applied to one example: which steps were drawn, with which values, and what came out."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final

import numpy as np

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.exact import exact
from dataimp_gui.core.augment.operations import Operation, Values, find
from dataimp_gui.core.augment.policy import Policy, Step, chosen, fault, limits
from dataimp_gui.core.augment.values import Picture, Sound, Value
from dataimp_gui.progress import Progress

_THREADS: Final = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Did:
    """A step that was done: its ``place`` in the policy, and what was drawn for it."""

    place: int
    op: str
    values: tuple[tuple[str, float | str], ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """``warnings`` are sentences about steps that could not be done and were left out; ``failed`` are their places."""

    value: Value
    steps: tuple[Did, ...]
    warnings: tuple[str, ...] = ()
    failed: tuple[int, ...] = ()


def apply(
    policy: Policy, value: Value, example_id: str, draw: int, label: str = "", *, is_quick: bool = False
) -> Applied:
    """Variant number ``draw`` of an example. The given value is not changed.

    Each step draws from a stream of its own, keyed by the seed, the operation, its how-many-th use in the policy, the
    example and the draw: moving a step or switching one off leaves the draws of the others as they were. A step that
    would spoil ``label`` is left out. Bits are the same on every processor, but of pictures that are just looked at:
    ``is_quick`` takes a third less time, and some values may be a level off.
    """
    done: list[Did] = []
    warnings: dict[int, str] = {}
    used: dict[str, int] = {}
    for place, step in enumerate(policy.steps):
        turn = used[step.op] = used.get(step.op, -1) + 1
        if not step.on:
            continue
        wrong = fault(step, policy.modality, place)
        if wrong:
            warnings[place] = f"Step {place + 1}: {wrong.message}"
            continue
        operation = find(step.op)
        key = (policy.seed, step.op, turn, example_id, draw)
        values = drawn(step, operation, Draw("values", *key))
        if values is None or _spoils(operation, step, label, values):
            continue
        try:
            with nullcontext() if is_quick or not isinstance(value, np.ndarray) else exact():
                made = _like(value, operation.apply(value, values, Draw("noise", *key)))
        except Exception as error:  # whatever an installed package raises: the other steps are still worth seeing
            warnings[place] = f"{operation.title} could not be done: {error}"
            continue
        value = made
        done.append(Did(place, step.op, values.items()))
    return Applied(value, tuple(done), tuple(warnings.values()), tuple(warnings))


def variants(
    policy: Policy, examples: Sequence[tuple[Value, str, str]], draws: Sequence[int], progress: Progress
) -> list[list[Applied]]:
    """Of each example (value, id, label) the variant of each of ``draws``, on as many threads as there are cores: what
    takes long in a step lets others run. Raises Cancelled."""

    def one(example: tuple[Value, str, str], draw: int) -> Applied:
        progress.check()
        value, id_, label = example
        return apply(policy, value, id_, draw, label, is_quick=True)

    with ThreadPoolExecutor(_THREADS) as pool:
        jobs = [[pool.submit(one, example, draw) for draw in draws] for example in examples]
        try:
            return [[job.result() for job in line] for line in jobs]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def drawn(step: Step, operation: Operation, draw: Draw) -> Values | None:
    """What the step does this time; None when chance leaves it out, or the file that it needs was not given.

    One number for the chance and one for each parameter: a range that is moved shifts the values, nothing else.
    """
    shares = draw.uniform(0, 1, 1 + len(operation.parameters)).tolist()
    if shares[0] >= step.chance:
        return None
    found: dict[str, float | str] = {}
    for share, parameter in zip(shares[1:], operation.parameters, strict=True):
        if parameter.is_number:
            found[parameter.name] = parameter.at(share, *limits(step, parameter))
        else:
            among = chosen(step, parameter)
            if parameter.text and not any(among):
                return None
            found[parameter.name] = among[min(int(share * len(among)), len(among) - 1)]
    return Values(found)


def _like(given: Value, made: object) -> Value:
    """``made``, of whatever size, as the next step and the file take it. Raises ValueError for another kind of thing
    than ``given``: a package may give back anything."""
    if isinstance(given, str) and isinstance(made, str):
        return made
    if isinstance(given, Sound) and isinstance(made, Sound):
        if made.rate == given.rate and _is_like(given.samples, made.samples, sides=1):
            return Sound(np.ascontiguousarray(made.samples), made.rate)
    elif isinstance(given, np.ndarray) and isinstance(made, np.ndarray) and _is_like(given, made, sides=2):
        return np.ascontiguousarray(made)
    raise ValueError("what came out is nothing, or has another depth or other channels")


def _is_like(given: Picture, made: Picture, sides: int) -> bool:
    """All but the first ``sides`` of the shape stay, and what is a number stays one."""
    is_alike = made.dtype == given.dtype and made.ndim == given.ndim and made.shape[sides:] == given.shape[sides:]
    is_there = bool(made.size or not given.size)
    return is_alike and is_there and (made.dtype.kind != "f" or bool(np.isfinite(made).all()))


def _spoils(operation: Operation, step: Step, label: str, values: Values) -> bool:
    return bool(label) and (label in step.spare or (operation.spoils is not None and operation.spoils(label, values)))
