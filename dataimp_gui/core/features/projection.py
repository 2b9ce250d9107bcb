"""A map of the examples in two dimensions: principal components at once, then t-SNE, which moves while one looks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from dataimp_gui.core.compute.pool import available
from dataimp_gui.core.features.embedding import Floats
from dataimp_gui.core.features.neighbours import neighbours
from dataimp_gui.core.model import Mask, Rows
from dataimp_gui.progress import Progress

FITTED: Final = 50_000  # examples that t-SNE moves; the others of more are placed among them
FEWEST: Final = 10  # with fewer examples the principal components say as much
NEAR: Final = 15  # neighbours that pull each other
AMONG: Final = 5  # neighbours that say where an example is placed
SHARPNESS: Final = 8.0  # the last of them weighs exp(-8) of the first; with exp(-4), half more land in a wrong group
STEP: Final = 25  # iterations between two layouts that are shown
PHASES: Final = (("Laying out: finding groups", 250, 12.0), ("Laying out: refining", 500, 1.0))
"""Title, iterations, how much stronger neighbours pull than they otherwise would."""

FAST_FROM: Final = 15_000  # examples from which forces by interpolation beat those by a tree
AT_ONCE: Final = 5  # iterations that cannot be interrupted
SPANNING: Final = 100_000  # examples that the principal components are found from
CHUNK: Final = 16_384  # vectors at a time


def pca(vectors: Floats) -> Floats:
    """The first two principal components (n, 2); rows that are not finite become NaN.

    By subspace iteration (Halko, Martinsson and Tropp, "Finding structure with randomness", 2011, algorithm 4.4) with
    a fixed start. The sign is such that the largest loading is positive. Components that there are not are 0.
    """
    known, dims = _known(vectors), vectors.shape[1]
    flat = np.full((len(vectors), 2), np.nan, np.float32)
    if not known.any() or not dims:
        return flat
    rows = np.flatnonzero(known)
    sample = vectors[rows[:: -(-len(rows) // SPANNING)]]
    mean = sample.mean(axis=0, dtype=np.float64).astype(np.float32)
    axes = np.linalg.qr(np.random.default_rng(0).standard_normal((dims, min(12, dims))))[0]
    for _ in range(8):
        scatter = np.zeros_like(axes)
        for start in range(0, len(sample), CHUNK):
            part = sample[start : start + CHUNK]
            scatter += part.T @ (part @ axes.astype(np.float32) - mean @ axes.astype(np.float32))
        axes, spread, _ = np.linalg.svd(scatter, full_matrices=False)
    axes = axes[:, :2] * (spread[:2] > 1e-6 * len(sample))  # rounding is not a component
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    for start in range(0, len(rows), CHUNK):
        part = vectors[rows[start : start + CHUNK]] - mean
        flat[rows[start : start + CHUNK]] = np.pad(part @ axes.astype(np.float32), ((0, 0), (0, 2 - axes.shape[1])))
    return flat


def project(vectors: Floats, progress: Progress, on_step: Callable[[Floats], None] = lambda _: None) -> Floats:
    """Where each example lies on the map (n, 2), near to those whose vectors (n, d) have a similar direction.

    ``on_step`` gets the principal components at once, and then each new layout, an array of its own. t-SNE (van der
    Maaten, "Accelerating t-SNE using tree-based algorithms", 2014) that starts from them (Kobak and Berens, "The art of
    using t-SNE for single-cell transcriptomics", 2019), with equal forces between neighbours (Boehm, Berens and Kobak,
    "Attraction-repulsion spectrum in neighbor embeddings", 2022); of more than `FITTED` examples, a sample of them.
    The same machine gives the same map. Rows that are not finite, or of length 0, are NaN. Raises Cancelled.
    """
    progress.phase("Finding principal components")
    flat = pca(vectors)
    flat[~np.any(vectors, axis=1)] = np.nan
    on_step(flat.copy())
    placeable = np.flatnonzero(np.isfinite(flat[:, 0]))
    if len(placeable) < FEWEST:
        return flat
    fitted = placeable
    if len(placeable) > FITTED:
        fitted = np.sort(np.random.default_rng(0).choice(placeable, FITTED, replace=False))
    others = np.setdiff1d(placeable, fitted, assume_unique=True)
    anchors = _Anchors.of(vectors[fitted], vectors[others], progress) if len(others) else None
    layout = np.full_like(flat, np.nan)
    for moved in _layouts(vectors[fitted], flat[fitted], progress):
        layout[fitted] = moved
        if anchors is not None:
            layout[others] = anchors.middle(moved)
        on_step(layout.copy())
    return layout


def place(layout: Floats, vectors: Floats, progress: Progress) -> Floats:
    """``layout`` (n, 2) with a place for each row that has none (NaN) but has a vector: amid its nearest neighbours.

    What is on the map stays where it is. Raises Cancelled.
    """
    there = np.isfinite(layout).all(axis=1)
    old, new = np.flatnonzero(there), np.flatnonzero(~there & _known(vectors))
    whole = layout.copy()
    if len(old) and len(new):
        whole[new] = _Anchors.of(vectors[old], vectors[new], progress).middle(layout[old])
    return whole


@dataclass(frozen=True, slots=True)
class _Anchors:
    """What says where others lie: positions ``rows`` (m, k) among the placed ones, and ``weights`` that sum to 1."""

    rows: Rows
    weights: Floats

    @classmethod
    def of(cls, placed: Floats, others: Floats, progress: Progress) -> "_Anchors":
        near = neighbours(placed, AMONG, progress, query=others)
        apart = 2 - 2 * near.similarity  # squared distance of the directions
        first, last = np.nanmin(apart, axis=1, initial=2), np.nanmax(apart, axis=1, initial=0)
        scale = np.maximum(last - first, np.float32(1e-6))
        weights = np.exp(-SHARPNESS * (apart - first[:, None]) / scale[:, None])
        weights[near.rows < 0] = 0
        with np.errstate(invalid="ignore"):
            return cls(near.rows, weights / weights.sum(axis=1, keepdims=True))

    def middle(self, layout: Floats) -> Floats:
        """The weighted mean (m, 2); NaN where nothing is near."""
        return np.asarray(np.einsum("mk,mkd->md", self.weights, layout[self.rows]), np.float32)


def _layouts(vectors: Floats, flat: Floats, progress: Progress) -> Iterator[Floats]:
    """Each `STEP` iterations the layout (n, 2); the last one is the result."""
    from openTSNE import TSNEEmbedding

    pull = _pull(vectors, progress)
    start = flat.astype(np.float64)
    start /= start.std(axis=0)[0] or 1
    start += 1e-2 * np.random.default_rng(0).standard_normal(start.shape)  # equals would never part
    moving = TSNEEmbedding(
        1e-4 * start,
        pull,
        negative_gradient_method="fft" if len(vectors) >= FAST_FROM else "bh",
        n_jobs=max(1, available() - 1),  # the window needs one
        random_state=0,
    )
    for title, iterations, exaggeration in PHASES:
        progress.phase(title, iterations)
        for done in range(AT_ONCE, iterations + 1, AT_ONCE):
            moving.optimize(AT_ONCE, inplace=True, exaggeration=exaggeration)
            progress.advance(AT_ONCE)
            if done % STEP == 0:
                yield np.asarray(moving, np.float32)


def _pull(vectors: Floats, progress: Progress) -> Any:
    """Equal forces between each example and its neighbours, in both directions."""
    from openTSNE.affinity import PrecomputedAffinities
    from scipy.sparse import csr_matrix

    near = neighbours(vectors, min(NEAR, len(vectors) - 1), progress).rows
    line, column = np.nonzero(near >= 0)
    forces = csr_matrix((np.ones(len(line)), (line, near[line, column])), shape=(len(vectors), len(vectors)))
    return PrecomputedAffinities(forces + forces.T)


def _known(vectors: Floats) -> Mask:
    known = np.zeros(len(vectors), np.bool_)
    for start in range(0, len(vectors), CHUNK):
        known[start : start + CHUNK] = np.isfinite(vectors[start : start + CHUNK]).all(axis=1)
    return known
