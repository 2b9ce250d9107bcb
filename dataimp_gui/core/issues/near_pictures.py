"""Pairs of pictures looked at point by point, where signatures and vectors leave it open whether they are one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core.compute import Failure, Workers, available
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media import matching
from dataimp_gui.core.model import Rows
from dataimp_gui.progress import Progress

AT_MOST: Final = 10_000  # pairs are looked at, the closest first: some 15 ms each
AT_ONCE: Final = 500
FEWEST: Final = 0.01  # of those at once; with less the rest, which is less close, is not worth its time

SHARES: Final = (0.15, 0.25, 0.3, 0.4)
LIKELY: Final = (0.05, 0.5, 0.8, 0.97)
"""How likely a pair is one, by the share of points found again; measured on photos (docs/issues.md)."""


def likely(
    first: Rows, second: Rows, sources: Sequence[Path | bytes | str | None], limits: Limits, progress: Progress
) -> npt.NDArray[np.float64]:
    """(m,): the chance that each pair shows the same scene in the same view; NaN where the pictures do not tell.

    Pairs come in the order in which they are worth a look; when nearly none of `AT_ONCE` are one, the rest stays NaN.
    """
    first, second = first[:AT_MOST], second[:AT_MOST]
    pairs = [(sources[one], sources[other]) for one, other in zip(first.tolist(), second.tolist(), strict=True)]
    there = [place for place, pair in enumerate(pairs) if pair[0] is not None and pair[1] is not None]
    values = np.full(len(first), np.nan)
    if not there:
        return values
    inner = Progress()  # counts within one round
    progress.phase("Comparing pictures", len(there))
    with progress.stopping(inner.cancel), Workers(min(available(), len(there))) as pool:
        for start in range(0, len(there), AT_ONCE):
            places = there[start : start + AT_ONCE]
            shares = pool.map(
                matching.compare,
                [[_plain(source) for source in pairs[place]] for place in places],
                arguments=(msgspec.to_builtins(limits),),
                timeout_s=limits.decode_timeout_s,
                progress=inner,
            )
            for place, share in zip(places, shares, strict=True):
                if share is not None and not isinstance(share, Failure):
                    values[place] = np.interp(share, SHARES, LIKELY)
            progress.advance(len(places))
            if np.count_nonzero(values[places] >= 0.5) < FEWEST * len(places):
                break
    return values


def _plain(source: Path | bytes | str | None) -> bytes | str | None:
    return str(source) if isinstance(source, Path) else source
