"""A policy for training code: a file in, a function out. Needs neither a project nor a window."""

from pathlib import Path
from typing import Any, overload

import numpy.typing as npt

from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.audio.signal import as_sound
from dataimp_gui.core.augment.policy import Policy, load
from dataimp_gui.core.augment.values import Sound


class Augment:
    """What `load_policy` gives: call it with a picture, a ``(samples, rate)`` pair or a text."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    @overload
    def __call__(self, value: str, example_id: str, draw: int, label: str = "") -> str: ...
    @overload
    def __call__(self, value: npt.NDArray[Any], example_id: str, draw: int, label: str = "") -> npt.NDArray[Any]: ...
    @overload
    def __call__(self, value: tuple[Any, int], example_id: str, draw: int, label: str = "") -> Sound: ...
    def __call__(self, value: Any, example_id: str, draw: int, label: str = "") -> Any:
        """Variant number ``draw`` (an epoch, say). Sounds are float32 (frames, channels) with their rate."""
        if isinstance(value, tuple):
            value = as_sound(*value)
        return apply(self.policy, value, example_id, draw, label).value


def load_policy(path: Path | str) -> Augment:
    """Raises DataimpError for a file that is no policy, or one that cannot be applied here."""
    return Augment(load(path))
