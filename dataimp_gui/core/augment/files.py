"""Policies in files: of Dataimp, and of albumentations for images."""

import json
from pathlib import Path
from typing import Literal

from dataimp_gui.core.augment import albumentations
from dataimp_gui.core.augment.policy import MOST_BYTES, Policy, load, save
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError

Kind = Literal["dataimp", "albumentations", "python"]


def write(policy: Policy, file: Path, kind: Kind = "dataimp") -> tuple[str, ...]:
    """As a policy of ours, or as albumentations takes it: its own JSON, or (of a file .py always) a snippet of Python.

    Sentences about steps that it has not, or does in another way. Raises DataimpError.
    """
    if kind == "dataimp" and file.suffix != ".py":
        save(policy, file)
        return ()
    found = albumentations.export(policy)
    words = json.dumps(found.document, indent=2) + "\n" if kind == "albumentations" else albumentations.snippet(policy)
    try:
        file.write_text(words, encoding="utf-8")
    except OSError as error:
        raise DataimpError(f"{file} cannot be written: {error.strerror}.", hint="Choose another place.") from error
    return (*found.left_out, *found.differs)


def read(file: Path, modality: Modality) -> tuple[Policy, tuple[str, ...]]:
    """A policy, and sentences about what was left out of a file of albumentations. Raises DataimpError."""
    left_out: tuple[str, ...] = ()
    if (theirs := _theirs(file)) is not None:
        found = albumentations.from_json(theirs, file.stem)
        policy, left_out = found.policy, found.left_out
    else:
        policy = load(file)
    if policy.modality is not modality:
        raise DataimpError(f"The policy is for {policy.modality.value}, the project holds {modality.value}.")
    return policy, left_out


def _theirs(file: Path) -> bytes | None:
    """What stands in a file of albumentations, None for any other."""
    try:
        with file.open("rb") as opened:
            text = opened.read(MOST_BYTES + 1)
        document = json.loads(text) if len(text) <= MOST_BYTES else None
    except (OSError, ValueError, RecursionError):
        return None
    return text if isinstance(document, dict) and "transform" in document else None
