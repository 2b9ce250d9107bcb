"""Which words of a text speak for a prediction and which against it, by a simple model that imitates the run.

A multinomial logistic regression on TF-IDF of words and pairs of words (Salton and Buckley, 1988), fitted to what the
run predicts. A word's weight is what it adds to the score of one class over the mean of all classes. This explains the
imitation, not the run itself (a global surrogate; Craven and Shavlik, 1996): hence `agreement`, which is measured on
texts that were not fitted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.features.embedding_space import one_thread
from dataimp_gui.core.model import Codes
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

LEARNED: Final = 20_000  # texts that are fitted
JUDGED: Final = 5_000  # texts on which the agreement is measured
TERMS: Final = 20_000
CLASSES: Final = 200  # the most predicted ones; the others count as one, of which nothing is explained
FEWEST: Final = 20  # texts with a prediction
LONGEST: Final = 5_000  # characters of a text that are fitted
SPOKEN: Final = 100_000  # characters of a text whose words are looked at
PENALTY: Final = 1e-4
SEED: Final = 0

WORD: Final = re.compile(r"\w+")

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word at characters ``start`` to ``end`` of a text: positive speaks for the class, negative against it."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Surrogate:
    """``agreement`` is the share of ``judged`` unseen texts of which it says what the run says, ``guessing`` that of
    always saying what the run says most often; ``codes`` are the classes that it knows."""

    terms: dict[str, int]
    rarity: Floats
    weights: Floats  # (terms, classes)
    codes: tuple[int, ...]
    agreement: float
    guessing: float
    judged: int

    def knows(self, code: int) -> bool:
        return code in self.codes

    def speaking(self, text: str, code: int) -> list[Spoken]:
        """The words of a text that have a weight for a class, in reading order; none for a class it does not know."""
        if code not in self.codes:
            return []
        words = [(found.start(), found.end(), _plain(found.group())) for found in WORD.finditer(text[:SPOKEN])]
        places, owners = [], []
        for number, (_, _, word) in enumerate(words):
            pair = f"{word} {words[number + 1][2]}" if number + 1 < len(words) else ""
            for term, of in ((word, (number,)), (pair, (number, number + 1))):
                if term in self.terms:
                    places.append(self.terms[term])
                    owners.append(of)
        if not places:
            return []
        terms, back, counts = np.unique(places, return_inverse=True, return_counts=True)
        values = (1 + np.log(counts)) * self.rarity[terms]
        values /= np.linalg.norm(values)
        adds = values * self.weights[terms, self.codes.index(code)] / counts  # shared by all places of a term
        sums = np.zeros(len(words))
        for which, of in zip(back.tolist(), owners, strict=True):
            sums[list(of)] += adds[which] / len(of)
        return [Spoken(start, end, float(sums[k])) for k, (start, end, _) in enumerate(words) if sums[k]]


def fit(texts: Sequence[str], codes: Codes, progress: Progress | None = None) -> Surrogate:
    """Imitate the run that gives ``codes`` (n,), -1 without a prediction, to ``texts``; "" is no text.

    Raises DataimpError when there is too little to learn from, Cancelled.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    progress = progress or Progress()
    has_text = np.fromiter((bool(text) for text in texts), np.bool_, len(texts))
    rows = np.random.default_rng(SEED).permutation(np.flatnonzero((codes >= 0) & has_text))
    if len(rows) < FEWEST or len(np.unique(codes[rows])) < 2:
        raise DataimpError(
            "There are too few predictions to learn from which words speak for them.",
            hint=f"It takes {FEWEST} texts with a prediction, and two labels among the predictions.",
        )
    judged = rows[: min(JUDGED, len(rows) // 4)]
    learned = rows[len(judged) : len(judged) + LEARNED]
    progress.phase("Learning which words speak for a prediction")
    vectorizer = TfidfVectorizer(
        tokenizer=_words, token_pattern=None, lowercase=False, ngram_range=(1, 2), max_features=TERMS,
        min_df=2 if len(learned) > 200 else 1, sublinear_tf=True, dtype=np.float32,
    )  # fmt: skip
    try:
        x = vectorizer.fit_transform([texts[row][:LONGEST] for row in learned.tolist()])
    except ValueError as error:  # an empty vocabulary
        raise DataimpError("The texts share no words.") from error
    progress.check()
    seen, amounts = np.unique(codes[learned], return_counts=True)
    kept = np.sort(seen[np.argsort(-amounts, kind="stable")[:CLASSES]])
    with one_thread():
        weights = _regressed(x, _among(kept, codes[learned]), progress)
    said = _among(kept, codes[judged])
    guess = (vectorizer.transform([texts[row][:LONGEST] for row in judged.tolist()]) @ weights[:-1]) + weights[-1]
    agreement = float((np.argmax(guess, axis=1) == said).mean())
    usual = int(np.argmax(np.bincount(_among(kept, codes[learned]))))
    centred = weights[:-1] - weights[:-1].mean(axis=1, keepdims=True)
    terms = {str(term): int(place) for term, place in vectorizer.vocabulary_.items()}
    rarity = np.asarray(vectorizer.idf_, np.float32)
    return Surrogate(
        terms, rarity, centred, tuple(kept.tolist()), agreement, float((said == usual).mean()), len(judged)
    )


def _among(kept: npt.NDArray[Any], codes: Codes) -> npt.NDArray[np.int64]:
    """The place of each code among those kept, which are sorted; one more for all others."""
    place = np.searchsorted(kept, codes)
    found = kept[np.minimum(place, len(kept) - 1)] == codes
    return np.where(found, place, len(kept)).astype(np.int64)


def _regressed(x: Any, y: npt.NDArray[np.int64], progress: Progress) -> Floats:
    """Weights (terms + 1, classes) that are penalised, but for the last row, the constants."""
    from scipy.optimize import minimize

    classes, rows, shape = int(y.max()) + 1, np.arange(len(y)), (x.shape[1] + 1, int(y.max()) + 1)
    turned = x.T.tocsr()

    def cost(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        progress.check()
        b = flat.reshape(shape)
        z = x @ b[:-1].astype(np.float32) + b[-1].astype(np.float32)
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        total = p.sum(axis=1, keepdims=True)
        loss = float((np.log(total[:, 0]) - z[rows, y]).mean(dtype=np.float64))
        p /= total
        p[rows, y] -= 1
        slope = np.empty(shape)
        slope[:-1] = (turned @ p) / len(y) + PENALTY * b[:-1]
        slope[-1] = p.mean(axis=0, dtype=np.float64)
        return loss + PENALTY * float((b[:-1] ** 2).sum()) / 2, slope.ravel()

    options = {"maxiter": 60 if classes <= 20 else 30, "maxcor": 5}
    best = minimize(cost, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options=options).x
    weights: Floats = best.reshape(shape).astype(np.float32)
    return weights


def _words(text: str) -> list[str]:
    return [_plain(word) for word in WORD.findall(text)]


def _plain(word: str) -> str:
    return word.casefold()
