"""What a text says: its words and pieces of words, weighed by how rare they are, in a few directions.

TF-IDF of words and pairs of words, and of 2 to 5 letters inside words (robust to spelling), each with logarithmic
counts (Salton and Buckley, 1988); latent semantic analysis (Deerwester et al., 1990) on both side by side.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features.embedding import Floats, Source, Sources, unit
from dataimp_gui.core.features.embedding_each import NO_MEDIUM, Made, content_keys
from dataimp_gui.core.features.embedding_kept import Kept, digest
from dataimp_gui.core.features.embedding_space import DIMS, one_thread
from dataimp_gui.core.media import text as text_files
from dataimp_gui.core.media.files import MediaError, read
from dataimp_gui.progress import Progress

FIT_TEXTS: Final = 20_000
TERMS: Final = 50_000  # of each sort
LONGEST: Final = 5_000  # characters of a text that are looked at
BATCH: Final = 1024

NO_TEXT: Final = "It has no text."
NO_TERMS: Final = "It shares no word and no piece of a word with the other texts."

Turn = Callable[[list[str]], Floats]


def embed(sources: Sources, folder: Path, limits: Limits, progress: Progress) -> Made:
    """As an embedder: the space is fitted to the texts themselves, so that other texts make another space."""
    import time

    keys, has_medium = content_keys(sources)
    missing: dict[int, str] = {int(row): NO_MEDIUM for row in np.flatnonzero(~has_medium)}
    texts: dict[int, str] = {}
    progress.phase("Reading texts", len(sources))
    for row in np.flatnonzero(has_medium).tolist():
        try:
            text = _text(sources[row], limits)
            if text.strip():
                texts[row] = text
            else:
                missing[row] = NO_TEXT
        except MediaError as error:
            missing[row] = str(error)
        progress.advance()
    rows = np.fromiter(texts, np.int64, len(texts))
    sample = rows[np.linspace(0, len(rows) - 1, min(len(rows), FIT_TEXTS)).astype(np.int64)] if len(rows) else rows
    kept = Kept(folder, digest(keys[sample]))
    todo = rows[~np.isin(keys[rows], kept.keys)]
    todo = todo[np.sort(np.unique(keys[todo], return_index=True)[1])]
    started = time.monotonic()
    if len(todo):
        progress.phase("Learning the words", 0)
        turn = fit([texts[row] for row in sample.tolist()], progress)
        progress.phase("Embedding", len(todo))
        for start in range(0, len(todo), BATCH):
            block = todo[start : start + BATCH]
            kept.add(keys[block].tolist(), list(turn([texts[row] for row in block.tolist()])), {})
            progress.advance(len(block))
    seconds = (time.monotonic() - started) / len(todo) if len(todo) else 0.0
    found = kept.rows(keys[rows]) if len(rows) else np.empty((0, 0), np.float32)
    vectors = np.full((len(sources), found.shape[1]), np.nan, np.float32)
    vectors[rows] = found
    nowhere = rows[~np.isfinite(vectors[rows]).all(axis=1)].tolist()
    missing |= dict.fromkeys(nowhere, NO_TERMS)
    return Made(vectors, dict(sorted(missing.items())), digest(np.where(has_medium, keys, 0)), seconds)


def fit(texts: list[str], progress: Progress | None = None) -> Turn:
    """What turns texts into vectors (m, d) of unit length, d at most DIMS; NaN for a text of unknown terms only."""
    from scipy import sparse
    from sklearn.utils.extmath import randomized_svd

    progress = progress or Progress()
    sorts = [
        found
        for options in (
            {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
            {"ngram_range": (2, 5), "analyzer": "char_wb"},
        )
        if (found := _terms(texts, options, progress)) is not None
    ]
    if not sorts:  # nothing but punctuation, say
        return lambda some: np.full((len(some), 1), np.nan, np.float32)

    def counts(some: list[str]) -> Any:
        return sparse.hstack([vectorizer.transform(some) for vectorizer in sorts], format="csr")

    matrix = counts(texts)
    progress.check()
    with one_thread():
        _, values, axes = randomized_svd(matrix, min(DIMS, *matrix.shape), n_iter=4, random_state=0)
    axes = axes[values > values[0] * 1e-6].T
    return lambda some: unit(counts(some) @ axes)


def _terms(texts: list[str], options: dict[str, Any], progress: Progress) -> Any:
    """A fitted vectorizer, None when the texts have no such terms; terms of one text alone are left out if possible."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    for least in (2, 1):
        progress.check()
        vectorizer = TfidfVectorizer(
            **options, min_df=least, max_features=TERMS, sublinear_tf=True, strip_accents="unicode", dtype=np.float32
        )
        try:
            return vectorizer.fit(texts)
        except ValueError:  # an empty vocabulary
            continue
    return None


def _text(source: Source, limits: Limits) -> str:
    if isinstance(source, str):
        return source[:LONGEST]
    assert source is not None
    data = source if isinstance(source, bytes) else read(source, limits)[0]
    return text_files.decode(data, limits)[:LONGEST]
