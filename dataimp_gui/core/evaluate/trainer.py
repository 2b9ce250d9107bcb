"""The built-in trainer: a logistic regression on the embedding, several seeds, the same draws for both versions.

A seed weighs each training example by an exponential number that depends on the seed and its row alone (the Bayesian
bootstrap; Rubin 1981): two versions that share an example share its weight, and what differs between them is the data.
"""

import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Codes, Rows
from dataimp_gui.errors import DataimpError

Floats = npt.NDArray[np.float32]

PENALTY: Final = 3.0  # scikit-learn's C
ROUNDS: Final = 200
MOST_LEARNED: Final = 30_000
"""Training examples; of more, those with the least draws are taken, the same for both versions."""


@dataclass(frozen=True, eq=False)
class Predicted:
    """``codes`` (m,) are predicted classes and ``confidence`` (m,) their probabilities, NaN where there is none;
    ``notes`` are sentences on what could not be used."""

    codes: Codes
    confidence: Floats
    notes: tuple[str, ...] = ()


def predict(vectors: Floats, labels: Codes, training: Rows, judged: Rows, seed: int) -> Predicted:
    """What a model that learned ``labels`` (n,) of the ``training`` rows of ``vectors`` (n, d) says of ``judged``.

    Raises DataimpError when there is nothing to learn from.
    """
    known = np.isfinite(vectors[:, 0])
    training = training[known[training]]
    if not len(training):
        raise DataimpError("There are no training examples with a label.", hint="Look at the splits and the labels.")
    draws = weights(len(vectors), seed)
    if len(training) > MOST_LEARNED:
        training = np.sort(training[np.argsort(draws[training], kind="stable")[:MOST_LEARNED]])
    codes = np.full(len(judged), -1, np.int32)
    confidence = np.full(len(judged), np.nan, np.float32)
    seen = known[judged]
    if seen.any():
        classes, said = probabilities(vectors, labels, training, judged[seen], draws[training])
        codes[seen], confidence[seen] = classes[said.argmax(axis=1)], said.max(axis=1)
    return Predicted(codes, confidence)


def probabilities(
    vectors: Floats, labels: Codes, training: Rows, judged: Rows, draws: npt.NDArray[np.float64] | None = None
) -> tuple[Codes, Floats]:
    """The classes (c,) among the ``training`` rows, and how likely each is for the ``judged`` rows, (m, c).

    All rows have vectors; ``draws`` weigh the training rows.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    classes = np.unique(labels[training])
    if len(classes) < 2:
        return classes, np.ones((len(judged), 1), np.float32)
    learned = vectors[training]
    centre, scale = learned.mean(axis=0), max(float(learned.std()), 1e-9)
    model = LogisticRegression(C=PENALTY, max_iter=ROUNDS)
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit((learned - centre) / scale, labels[training], sample_weight=draws)
    return classes, model.predict_proba((vectors[judged] - centre) / scale).astype(np.float32)


def weights(count: int, seed: int) -> npt.NDArray[np.float64]:
    """One a row, exponential with mean 1; those of the first rows do not depend on ``count``."""
    return np.random.Generator(np.random.Philox(key=seed)).standard_exponential(count, method="inv")
