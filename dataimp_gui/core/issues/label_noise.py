"""How labels come about: what is known of an example makes its class likely, and sometimes another label is given.

The classes follow a log-linear pool of the sources, p(j | x) ~ exp(sum of w_s L_s(x, j)); a label is wrong with one
rate for all, and of class j it is then i with chance R[j, i]. Weights, rate and R are those that make the given labels
most likely, found by expectation maximisation (Dempster, Laird and Rubin 1977; the model of one noisy annotator of
Dawid and Skene 1979). R starts from, and is held near, confident learning's joint and the pool's own confusions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.issues import confident
from dataimp_gui.core.issues.findings import Floats
from dataimp_gui.core.model import Codes

Array = npt.NDArray[np.float64]

ROUNDS: Final = 12
WARM: Final = 3  # rounds after which the pool is good enough to say what is confused with what
FIRST_RATE: Final = 0.05
USUAL_RATE: Final = 0.02  # of wrong labels, before any evidence ...
USUAL_COUNT: Final = 150.0  # ... which counts like so many examples
LEAST_RATE: Final = 0.003
ASSUMED_RATE: Final = 0.01
"""What judging assumes at least: sources that learned from a few wrong labels take these for doubts of their own, so
the rate comes out too low. Ten well-known test sets had 0.15 % to 10 % (Northcutt, Athalye and Mueller 2021)."""
CONFUSIONS: Final = 400.0  # wrong labels of one class that outweigh what R was held near
EVEN: Final = 8.0  # wrong labels of one class, spread evenly over the labels by their frequency, that R starts from
STIFFNESS: Final = 3.0  # of the weights: examples that outweigh "all sources alike"


@dataclass(frozen=True, slots=True)
class Noise:
    """``weights`` (sources,); ``given`` (classes, classes): the chance of label i (column) for class j (row); ``rate``
    of wrong labels, as estimated."""

    weights: Array
    given: Array
    rate: float


@dataclass(frozen=True, slots=True)
class Judged:
    """Of each of m examples: ``wrong``, the chance that its label is; ``own``, the probability of its label's class
    before one knew the label; ``suggested``, the likeliest other class, and its ``chance``; ``doubt``, higher where the
    label fits worse, the log of the odds."""

    wrong: Floats
    own: Floats
    suggested: Codes
    doubt: Floats


def fit(logits: Sequence[npt.NDArray[np.floating]], given: Codes) -> Noise:
    """The model of ``given`` (n,) labels. ``logits``: a float array (n, classes) a source, log-probabilities but for a
    constant a row, made without looking at the label of the row."""
    sources = np.stack(logits).astype(np.float64)
    count = len(sources)
    even = np.full(count, 1 / count)
    weights, rate = even, FIRST_RATE
    pool = softmax(np.tensordot(weights, sources, 1))
    near = spread = _confusions(pool, given)
    for step in range(ROUNDS):
        if step == WARM:
            near = _confusions(pool, given)
        posterior = _posterior(pool, _chances(spread, rate), given)
        wrong = _counts(posterior, given)
        np.fill_diagonal(wrong, 0)
        rate = (wrong.sum() + USUAL_RATE * USUAL_COUNT) / (len(given) + USUAL_COUNT)
        rate = float(np.clip(rate, LEAST_RATE, 0.5))
        spread = wrong + CONFUSIONS * near
        spread /= spread.sum(axis=1, keepdims=True)
        for _ in range(2):
            weights = _climbed(weights, sources, pool, posterior, even)
            pool = softmax(np.tensordot(weights, sources, 1))
    return Noise(weights, _chances(spread, max(rate, ASSUMED_RATE)), rate)


def judge(noise: Noise, logits: Sequence[Floats], given: Codes) -> Judged:
    """What the model says of examples with these ``logits`` (sources, m, classes) and labels (m,)."""
    rows = np.arange(len(given))
    pool = logits[0] * np.float32(noise.weights[0])
    for weight, source in zip(noise.weights[1:], logits[1:], strict=True):
        if weight:
            pool += source * np.float32(weight)
    pool -= pool.max(axis=1, keepdims=True)
    np.exp(pool, out=pool)
    total = pool.sum(axis=1)
    own = pool[rows, given] / total
    pool *= np.ascontiguousarray(noise.given.T.astype(np.float32))[given]
    right = pool[rows, given].copy()
    pool[rows, given] = 0
    wrong = pool.sum(axis=1)
    tiny = np.float32(1e-30)
    odds = np.log(np.maximum(wrong, tiny)) - np.log(np.maximum(right, tiny))
    # half-way between the odds that know what is confused with what, and those of the pool alone
    doubt = odds + np.log(np.maximum(1 - own, tiny)) - np.log(np.maximum(own, tiny))
    return Judged(wrong / (wrong + right + tiny), own, pool.argmax(axis=1).astype(np.int32), doubt / 2)


def softmax(logits: Array) -> Array:
    raised: Array = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Array = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _chances(spread: Array, rate: float) -> Array:
    chances = spread * rate
    np.fill_diagonal(chances, 1 - rate)
    return chances


def _posterior(pool: Array, chances: Array, given: Codes) -> Array:
    weighed: Array = chances.T[given] * pool
    shares: Array = weighed / weighed.sum(axis=1, keepdims=True)
    return shares


def _counts(posterior: Array, given: Codes) -> Array:
    """Expected examples of class j (row) with label i (column)."""
    classes = posterior.shape[1]
    order = np.argsort(given, kind="stable")
    present, starts = np.unique(given[order], return_index=True)
    counts = np.zeros((classes, classes))
    counts[:, present] = np.add.reduceat(posterior[order], starts, axis=0).T
    return counts


def _confusions(pool: Array, given: Codes) -> Array:
    """R before wrong labels are known: the pool's doubts about the examples of a class, and the confident joint."""
    confused = _counts(pool, given).T / 2 + confident.joint(pool, given)
    confused += EVEN * (np.bincount(given, minlength=pool.shape[1]) / len(given)) + 1e-9
    np.fill_diagonal(confused, 0)
    shares: Array = confused / np.maximum(confused.sum(axis=1, keepdims=True), 1e-30)
    return shares


def _climbed(weights: Array, sources: Array, pool: Array, posterior: Array, even: Array) -> Array:
    """One Newton step up the expected log-likelihood of the classes; no weight below 0."""
    centred = sources - np.einsum("snk,nk->sn", sources, pool)[:, :, None]
    slope = np.einsum("snk,nk->s", sources, posterior - pool) + STIFFNESS * (even - weights)
    curve = np.einsum("snk,tnk,nk->st", centred, centred, pool, optimize=True)
    curve += (STIFFNESS + 1e-6 * np.trace(curve)) * np.eye(len(weights))
    return np.maximum(weights + np.linalg.solve(curve, slope), 0)
