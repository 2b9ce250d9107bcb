"""The variants of one example as files or texts: what a worker process does with it."""

import errno
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.policy import Policy, from_json
from dataimp_gui.core.augment.values import Sound, Value
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media import lossless
from dataimp_gui.core.media.files import read
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import ProjectError

Made = list[Any]
"""Of a draw: its number, the hash of its file or its text, and what `MEASURED` names."""

MEASURED: Mapping[Modality, tuple[str, ...]] = {
    Modality.IMAGE: ("width", "height"),
    Modality.AUDIO: ("duration", "sample_rate", "channels"),
    Modality.TEXT: ("length",),
}

SAME = "the policy left it as it was"


def make(item: Sequence[Any], policy: str, limits: Mapping[str, Any], folder: str) -> list[Made | str]:
    """``item`` is the file or text of an example, its id, its label and the draws; files go into ``folder``, named by
    their hash. In place of a variant that there is no use for, a few words say why.

    Raises MediaError for what cannot be read, ProjectError where nothing more can be written.
    """
    source, id_, label, draws = item
    done = _policy(policy)
    kept = msgspec.convert(limits, Limits)
    bits = 16
    value: Value
    if done.modality is Modality.TEXT:
        value = source
    else:
        data = read(source, kept)[0]
        if done.modality is Modality.IMAGE:
            value = lossless.picture(data, kept, whole=True)
        else:
            samples, rate, bits = lossless.sound(data, kept)
            value = Sound(samples, rate)
    found: list[Made | str] = []
    for draw in draws:
        applied = apply(done, value, id_, draw, label)
        if applied.warnings or not applied.steps:  # without a step that was asked for it is another variant
            found.append("; ".join(each.rstrip(".") for each in applied.warnings) or SAME)
        elif isinstance(applied.value, str):
            found.append(_text(applied.value, value, draw))
        else:
            found.append(_file(applied.value, draw, bits, Path(folder)))
    return found


@cache
def _policy(text: str) -> Policy:
    return from_json(text)


def _text(made: str, value: Value, draw: int) -> Made | str:
    try:
        made.encode()
    except UnicodeEncodeError:
        return "it became a text with a broken character"
    if not made.strip():
        return "nothing was left of the text"
    return SAME if made == value else [draw, made, len(made)]


def _file(made: Value, draw: int, bits: int, folder: Path) -> Made:
    measured: list[float]
    if isinstance(made, Sound):
        data = lossless.sound_bytes(made.samples, made.rate, bits)
        measured = [len(made.samples) / made.rate, made.rate, made.samples.shape[1]]
    else:
        assert not isinstance(made, str)
        data = lossless.picture_bytes(made)
        measured = [made.shape[1], made.shape[0]]
    digest = hashlib.sha256(data).hexdigest()
    try:
        (folder / digest).write_bytes(data)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO):
            raise
        raise unwritten(error) from error
    return [draw, digest, *measured]


def unwritten(error: OSError) -> ProjectError:
    return ProjectError(
        f"The variants could not be written: {error.strerror}.",
        hint="Check the free space on that disk; nothing was added.",
    )


def is_unwritten(reason: str) -> bool:
    """Whether a worker failed because nothing more can be written."""
    return reason.startswith("The variants could not be written")
