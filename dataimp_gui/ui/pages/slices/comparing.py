"""A slice beside the rest, and from run to run, as pairs of bars."""

from collections.abc import Sequence
from typing import Final

from dataimp_gui.core.slicing.contrast import Contrast
from dataimp_gui.core.slicing.measuring import OfRun
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.twin_bars import Twins
from dataimp_gui.ui.pages.slices import words
from dataimp_gui.ui.pages.slices.board import Board, Line
from dataimp_gui.ui.pages.slices.reading import Reading

MOST: Final = 7


def versus_lines(line: Line, board: Board, reading: Reading | None) -> list[Twins]:
    """The error first, then what differs the most."""
    first, second = line.measured.error_rate, board.rest_rate(line.measured)
    lines = []
    if first is not None and second is not None:
        high = max(first, second) or 1.0
        lines.append(
            Twins("Error", first / high, second / high, words.percent(first), words.percent(second), "err.base")
        )
    if reading is not None:
        for title, pair, write in (
            ("Label issues", reading.issues, words.percent),
            ("Confidence", reading.confidence, _number),
        ):
            if pair is not None:
                top = max(pair) or 1.0
                lines.append(Twins(title, pair[0] / top, pair[1] / top, write(pair[0]), write(pair[1])))
        lines += [_twins(each, reading.titles.get(each.column, each.column)) for each in reading.against_rest]
    return lines[:MOST]


def _twins(contrast: Contrast, name: str) -> Twins:
    inside, rest = contrast.inside, contrast.rest
    high = max(abs(inside), abs(rest)) or 1.0
    write = _number if contrast.word is None else words.percent
    title = theme.one_line(name if contrast.word is None else f"{name} {contrast.word}")
    title = title[:1].upper() + title[1:].replace("_", " ")
    return Twins(title, abs(inside) / high, abs(rest) / high, write(inside), write(rest))


def _number(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 100 else f"{value:,.0f}"


def trend_lines(looks: Sequence[OfRun]) -> list[Twins]:
    """The error of the slice above that of all, the oldest first, on one scale."""
    high = max((rate for each in looks for rate in (each.error_rate, each.overall.error_rate) if rate), default=1.0)
    return [
        Twins(
            theme.one_line(each.run),
            (each.error_rate or 0.0) / high,
            (each.overall.error_rate or 0.0) / high,
            words.percent(each.error_rate),
            words.percent(each.overall.error_rate),
            "err.base",
        )
        for each in looks
    ]
