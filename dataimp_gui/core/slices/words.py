"""Words and phrases of two words whose texts are predicted wrongly more often than others."""

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from dataimp_gui.core.engine import literal
from dataimp_gui.core.model import Mask, Rows
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import Material, Proposal
from dataimp_gui.core.slices.slice import Source
from dataimp_gui.progress import Progress

KEPT: Final = 40
TERMS: Final = 50_000
MOST_TEXTS: Final = 100_000
"""Of the searched half; of more, evenly many are read."""

_LONGEST: Final = 20_000  # characters of a text


def propose(material: Material, half: Half, least: int, progress: Progress) -> list[Proposal]:
    """The terms that go with errors, each with the clause that finds it."""
    if material.texts is None:
        return []
    places = np.linspace(0, half.n - 1, min(half.n, MOST_TEXTS)).astype(np.int64)
    progress.phase("Reading texts")
    counts, terms = _counts(_read(material, half.rows[places]), max(2, least * len(places) // half.n))
    if not terms:
        return []
    progress.check()
    sample = Half(half.rows[places], half.errors[places], None if half.loss is None else half.loss[places])
    n = np.asarray(counts.sum(axis=0)).ravel().astype(np.int64)
    score = sample.surprise(n, np.asarray(counts.T @ sample.lost).ravel())
    best = [i for i in np.argsort(-score, kind="stable")[:KEPT].tolist() if score[i] > 0]
    rows = np.flatnonzero(material.counted)
    texts = [text.lower() for text in _read(material, rows)]
    found = []
    for term in progress.track([terms[i] for i in best], "Looking for words"):
        mask: Mask = np.zeros(len(material.counted), dtype=np.bool_)
        mask[rows] = _having(texts, term)
        found.append(Proposal(Source.WORDS, len(terms), (), mask, _clause(term), f"“{term}”"))
    return found


def _read(material: Material, rows: Rows) -> Sequence[str]:
    assert material.texts is not None
    return [text[:_LONGEST] for text in material.texts(rows)]


def _counts(texts: Sequence[str], least: int) -> tuple[Any, list[str]]:
    """Which text has which term, sparse (texts, terms) of 0 and 1, and the terms."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(
        binary=True, ngram_range=(1, 2), min_df=least, max_df=0.5, max_features=TERMS, token_pattern=r"\b\w\w+\b"
    )
    try:
        counts = vectorizer.fit_transform(texts)
    except ValueError:  # no term is frequent enough
        return None, []
    return counts.astype(np.float64), vectorizer.get_feature_names_out().tolist()


def _having(texts: Sequence[str], term: str) -> Mask:
    if not term.isascii():
        return np.array([term in text for text in texts], dtype=np.bool_)
    first = term.split(" ", maxsplit=1)[0]
    search = re.compile(_pattern(term), re.ASCII).search
    return np.array([first in text and search(text) is not None for text in texts], dtype=np.bool_)


def _clause(term: str) -> str:
    """The database knows the edges of words of plain letters only; others are looked for anywhere."""
    if term.isascii():
        return f"regexp_matches(lower(text), {literal(_pattern(term))})"
    return f"contains(lower(text), {literal(term)})"


def _pattern(term: str) -> str:
    return r"\b" + term.replace(" ", r"\W+") + r"\b"
