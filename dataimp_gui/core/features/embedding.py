"""What an embedding is: examples as vectors of unit length, with the name and version of what made them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

Source = Path | bytes | str | None
"""The medium of one example: a file, its content, a text (of text examples), or none."""

Sources = Sequence[Source]


@dataclass(frozen=True, slots=True)
class Embedding:
    """``vectors`` float32 (n, d): rows of length 1, rows of NaN where an example has none.

    ``made_by`` is a sentence about how; ``missing`` tells why a row has no vector, by row.
    """

    name: str
    version: str
    vectors: Floats
    made_by: str
    missing: Mapping[int, str] = field(default_factory=dict)

    @property
    def has_vector(self) -> npt.NDArray[np.bool_]:
        """One flag a row."""
        if not self.vectors.shape[1]:
            return np.zeros(len(self.vectors), np.bool_)
        return np.isfinite(self.vectors[:, 0])


def unit(vectors: npt.NDArray[np.floating]) -> Floats:
    """Rows divided by their length, as float32; a row that is not finite, or has no length, becomes NaN."""
    values = np.asarray(vectors, np.float32)
    largest = np.abs(values).max(axis=1, keepdims=True, initial=0)  # so that no square overflows or vanishes
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = values / largest
        scaled /= np.sqrt(np.einsum("ij,ij->i", scaled, scaled))[:, None]
    scaled[~np.isfinite(scaled).all(axis=1)] = np.nan
    return np.asarray(scaled, np.float32)
