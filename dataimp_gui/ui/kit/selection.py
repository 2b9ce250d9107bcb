"""Which places of a list are selected: one byte a place, so that half of a million scattered ones cost nothing."""

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


class Selection:
    """Every change says whether it changed anything.

    Extending starts at the anchor, the place last clicked or moved to, and leaves what was selected besides.
    """

    def __init__(self, count: int = 0) -> None:
        self._mask: Mask = np.zeros(count, dtype=np.bool_)
        self._kept: Mask = self._mask.copy()  # what an extension or a rubber band adds to
        self._anchor = 0
        self._chosen = 0

    def __len__(self) -> int:
        return self._chosen

    def __contains__(self, place: int) -> bool:
        return bool(self._mask[place])

    @property
    def places(self) -> Places:
        """int64 (k,), ascending."""
        return np.flatnonzero(self._mask).astype(np.int64, copy=False)

    def clear(self) -> bool:
        return self._become(np.zeros_like(self._mask))

    def all(self) -> bool:
        return self._become(np.ones_like(self._mask))

    def only(self, place: int) -> bool:
        self._anchor = place
        self._kept = np.zeros_like(self._mask)
        return self._become(self._with(slice(place, place + 1)))

    def replace(self, places: Places, anchor: int = -1) -> bool:
        """``places`` int64 (k,), each in range. The anchor goes to ``anchor``, or to the first of them."""
        self._kept = np.zeros_like(self._mask)
        self._anchor = anchor if anchor >= 0 else int(places[0]) if len(places) else 0
        return self._become(self._with(places))

    def toggle(self, place: int) -> bool:
        mask = self._mask.copy()
        mask[place] = not mask[place]
        self._anchor, self._kept = place, mask
        return self._become(mask)

    def extend(self, place: int) -> bool:
        """Everything from the anchor to ``place`` in reading order, and what was kept."""
        first, last = sorted((self._anchor, place))
        return self._become(self._with(slice(first, last + 1)))

    def hold(self, *, adding: bool) -> None:
        """A rubber band begins; ``adding`` keeps what is selected."""
        self._kept = self._mask.copy() if adding else np.zeros_like(self._mask)

    def band(self, places: Places) -> bool:
        """The rubber band now touches ``places``."""
        return self._become(self._with(places))

    def _with(self, more: "slice | Places") -> Mask:
        mask = self._kept.copy()
        mask[more] = True
        return mask

    def _become(self, mask: Mask) -> bool:
        changed = not np.array_equal(mask, self._mask)
        self._mask = mask
        self._chosen = int(np.count_nonzero(mask))
        return changed
