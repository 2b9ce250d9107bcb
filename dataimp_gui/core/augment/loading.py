"""A policy for training code: a file in, a function out. Needs neither a project nor a window."""

import warnings
from pathlib import Path
from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.audio.signal import as_sound
from dataimp_gui.core.augment.policy import Policy, load, unfinished
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError

_TAKEN: Final = {Modality.IMAGE: np.ndarray, Modality.AUDIO: Sound, Modality.TEXT: str}
_SLACK: Final = 0.1  # that resizing may swing over
_HINT: Final = (
    "It takes pictures of uint8, uint16 or float32 (height, width[, channels]), pairs (samples, rate) or texts."
)


class Augment:
    """What `load_policy` gives: call it with a picture, a ``(samples, rate)`` pair or a text."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        for said in unfinished(policy):
            warnings.warn(said, stacklevel=3)

    @overload
    def __call__(self, value: str, example_id: str, draw: int, label: str = "") -> str: ...
    @overload
    def __call__(self, value: npt.NDArray[Any], example_id: str, draw: int, label: str = "") -> npt.NDArray[Any]: ...
    @overload
    def __call__(self, value: tuple[Any, int], example_id: str, draw: int, label: str = "") -> Sound: ...
    def __call__(self, value: Any, example_id: str, draw: int, label: str = "") -> Any:
        """Variant number ``draw`` (an epoch, say). Sounds are float32 (frames, channels) with their rate.

        Without the ``label`` a step cannot leave alone what it would make wrong, as a mirror does a 7. Raises
        DataimpError for another kind of value; a step that cannot be done is left out, with a Python warning.
        """
        if isinstance(value, tuple):
            value = as_sound(*value)
        _check(value, self.policy.modality)
        made = apply(self.policy, value, example_id, draw, label)
        for said in made.warnings:
            warnings.warn(said, stacklevel=2)
        return made.value


def _check(value: object, modality: Modality) -> None:
    if not isinstance(value, _TAKEN.get(modality, ())):
        raise DataimpError(f"The policy is for {modality.value}, which a {type(value).__name__} is not.", hint=_HINT)
    if isinstance(value, np.ndarray):
        is_picture = value.ndim == 2 or (value.ndim == 3 and value.shape[2] <= 4)
        if value.dtype not in (np.uint8, np.uint16, np.float32) or not is_picture or not value.size:
            kind = " x ".join(map(str, value.shape)) + f" of {value.dtype}"
            raise DataimpError(f"This is no picture that a policy can change: {kind}.", hint=_HINT)
        if value.dtype.kind == "f" and not (value.min() >= -_SLACK and value.max() <= 1 + _SLACK):
            raise DataimpError("A picture of floats has values outside of 0 to 1.", hint="Divide it by its white.")


def load_policy(path: Path | str) -> Augment:
    """Raises DataimpError for a file that is no policy, or one that cannot be applied here."""
    return Augment(load(path))
