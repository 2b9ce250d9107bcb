"""Which of several policies to try first: a guess, without any label of the target, at how much a model would gain."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.realism.describing import Floats
from dataimp_gui.core.augment.realism.labels import Judge, learn
from dataimp_gui.core.model import Codes
from dataimp_gui.progress import Progress

SPLITS: Final = 12
RIGHT: Final = 0.5


@dataclass(frozen=True, slots=True)
class Promise:
    """``value`` is None where it would mean nothing; then ``reason`` says why, in a sentence."""

    value: float | None
    reason: str = ""


def promise(
    original: Floats,
    labels: Codes,
    variants: Floats,
    has_variant: npt.NDArray[np.bool_],
    target: Floats,
    progress: Progress,
) -> Promise:
    """How much more often two models that learned from originals and variants agree about an example of the target
    than about two different ones: 0 to below 1, and only the order means anything.

    None where models that learn from the originals are wrong more often than right about others of them: those can
    agree for wrong reasons.

    Variants unlike the target leave the models as far apart on it as they were; those that lost their label set them
    apart, or make all answers one. That models which agree more are right more often, also on shifted examples, is from
    Jiang and others and from Baek and others (2022).
    ``original`` (n, e) is what examples with ``labels`` (n,) show, ``variants`` what those of ``has_variant`` (n,)
    show when varied. Each model learns from one half, and is asked about ``target`` (m, e).
    """
    right = float(Judge(original, labels).tells.mean())
    if right < RIGHT:
        return Promise(
            None,
            f"A model is right about {right:.0%} of the examples that it did not learn from: with less than half, "
            "whether models agree tells nothing.",
        )
    varied = original.copy()
    varied[has_variant] = variants
    codes = np.unique(labels)
    votes = np.zeros((len(target), len(codes)))
    for seed in range(SPLITS):
        order = np.random.default_rng(seed).permutation(len(original))
        for half in (order[0::2], order[1::2]):
            progress.check()
            twice = half[has_variant[half]]
            shown, named = (
                np.concatenate([original[half], varied[twice]]),
                np.concatenate([labels[half], labels[twice]]),
            )
            said = learn(shown, named).says(target)
            votes[np.arange(len(target)), np.searchsorted(codes, said)] += 1
    models = 2 * SPLITS
    same = (np.square(votes).sum(axis=1) - models).mean() / (models * (models - 1))
    other = np.square(votes.mean(axis=0) / models).sum()
    return Promise(float(same - other))
