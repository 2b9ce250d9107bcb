"""How raw descriptions become vectors to compare: few directions, evened out, of unit length."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.features.embedding import Floats, unit

Raw = npt.NDArray[Any]
"""Descriptions as they were made, float16 or float32, one row each, all finite."""

Turn = Callable[[Raw], Floats]
"""Rows (m, d) into vectors (m, k); each row on its own."""

DIMS: Final = 128
EVENING: Final = 0.5
"""0 keeps the share that each direction has, 1 makes all equal. Half-way was best or near it on all of our data."""

FIT_ROWS: Final = 20_000


def directions(raw: Raw, dims: int = DIMS, evening: float = EVENING) -> Turn:
    """What turns rows like those of ``raw`` (m, d) into ``dims`` numbers, fewer where there is less to tell apart.

    Rows are made unit length, projected on the leading eigenvectors of their second moments about the origin (the
    singular value decomposition of latent semantic analysis: Deerwester et al., 1990), and divided by the singular
    values to the power ``evening``. About the origin, so that one example, or many equal ones, have a direction too.
    """
    rows = unit(raw)
    rows = rows[np.isfinite(rows).all(axis=1)]
    if not len(rows):
        return unit
    with one_thread():
        if len(rows) < rows.shape[1]:  # the small one of the two products has the same eigenvalues
            values, left = np.linalg.eigh((rows @ rows.T).astype(np.float64) / len(rows))
            vectors = rows.T @ left / np.sqrt(np.maximum(values * len(rows), 1e-300))
        else:
            values, vectors = np.linalg.eigh((rows.T @ rows).astype(np.float64) / len(rows))
    keep = np.flatnonzero(values > values[-1] * 1e-6)[::-1][:dims]  # what is less is rounding
    scale = values[keep] ** (-evening / 2)
    vectors = vectors[:, keep]
    vectors *= np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(len(keep))])  # else the sign is arbitrary
    turn = (vectors * scale).astype(np.float32)
    return lambda block: unit(unit(block) @ turn)


def one_thread() -> AbstractContextManager[object]:
    """For linear algebra inside: the same bits with any number of processors. On a busy machine it is also faster, by
    20 times where threads wait for one that does not get a processor."""
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(1, "blas")
    return limits


def evened_columns(raw: Raw) -> tuple[Floats, Floats]:
    """(mean, scale) of each column; ``(raw - mean) * scale`` has mean 0 and deviation 1. A constant column stays."""
    values = np.asarray(raw, np.float64)
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    is_flat = deviation <= 1e-6 * np.maximum(np.abs(mean), 1e-6)
    if is_flat.all():  # one example, or equal ones
        return np.zeros(values.shape[1], np.float32), np.ones(values.shape[1], np.float32)
    scale = np.where(is_flat, 0.0, 1 / np.where(is_flat, 1.0, deviation))
    return mean.astype(np.float32), scale.astype(np.float32)
