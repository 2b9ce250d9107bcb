"""How a cell of the grid is painted: a picture, the picture of a sound, or a text with what is different in it."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QTextCharFormat, QTextLayout, QTextOption

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.pages.augment.reading import Cell

SIGN: Final = 12
ASIDE: Final = 28  # pixels that an id needs to be worth a beginning
FAINT: Final = 0.25
BADGE: Final = 20
NO_STEPS: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Score:
    """How far a model agrees with the label of a variant, 0 to 1, None where it cannot tell; ``said`` by a person.

    ``is_sure``: it knows the example, or at least the variant, so that its agreement says something.
    """

    score: float | None
    is_lost: bool
    said: bool | None = None
    is_sure: bool = True


def face(
    painter: QPainter,
    rect: QRect,
    cell: Cell,
    score: Score | None,
    *,
    frame: str,
    costly: frozenset[int] = NO_STEPS,
) -> None:
    """``frame`` is its colour; ``costly`` are places of steps that speak against a variant that they were done to."""
    is_out = score is not None and score.said is False
    painter.save()
    if is_out:
        painter.setOpacity(FAINT)
    if cell.picture is None:
        painter.fillRect(rect, theme.color("bg.raised"))
        _words(painter, rect.adjusted(8, 6, -8, -6), cell)
    else:
        painter.fillRect(rect, theme.color("bg.well"))
        size = cell.picture.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(rect.topLeft(), size)
        place.moveCenter(rect.center())
        painter.drawImage(place, cell.picture)
    painter.restore()
    if is_out:
        square = QRect(0, 0, 28, 28)
        square.moveCenter(rect.center())
        icons.paint(painter, "slash", square, theme.color("text.secondary"))
    lost = cell.is_warning or (score is not None and score.is_lost)
    is_current = frame == "accent.base"
    wide = 2 if is_current or lost else 1
    painter.setPen(QPen(theme.color("err.base" if lost and not is_current else frame), wide))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(wide // 2, wide // 2, -1, -1))
    if not costly.isdisjoint(cell.done) and not is_out:
        badge = QRect(rect.left() + 5, rect.top() + 5, BADGE, BADGE)
        if cell.picture is None:  # a text is read from its beginning
            badge.moveBottomRight(rect.bottomRight() - QPoint(5, 5))
        painter.setPen(QPen(theme.color("err.base"), 1))
        painter.setBrush(theme.color("err.tint"))
        painter.drawRoundedRect(badge, 3, 3)
        icons.paint(painter, "warning", badge.adjusted(4, 4, -4, -4), theme.color("err.text"))


def foot(painter: QPainter, rect: QRect, cell: Cell, score: Score | None, costly: frozenset[int] = NO_STEPS) -> None:
    """Whether the label is kept, and what was done."""
    words = QFontMetrics(painter.font())
    said, icon, colour = cell.says, "", "warn.text" if cell.is_warning else "text.secondary"
    if score is not None and not cell.is_warning:
        said, icon, colour = _said(score) or (said, icon, colour)
    x = rect.left()
    if icon:
        icons.paint(painter, icon, QRect(x, rect.center().y() - SIGN // 2, SIGN, SIGN), theme.color(colour))
        x += SIGN + 4
    wanted = words.horizontalAdvance(theme.one_line(said)) if said else 0
    fit = max(0, rect.right() - x - wanted - 4) // (SIGN + 3)
    at = rect.right() - SIGN
    for name, place in reversed(list(zip(cell.signs, cell.done, strict=True))[:fit]):
        tint = theme.color("err.text" if place in costly else "text.muted")
        icons.paint(painter, name, QRect(at, rect.center().y() - SIGN // 2, SIGN, SIGN), tint)
        at -= SIGN + 3
    if cell.aside and (room := rect.right() - x - wanted - 8) > ASIDE:
        painter.setPen(theme.color("text.muted"))
        name = words.elidedText(theme.one_line(cell.aside), Qt.TextElideMode.ElideLeft, room)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), name)
        at = rect.right() - words.horizontalAdvance(name) - SIGN
    painter.setPen(theme.color(colour))
    shown = words.elidedText(theme.one_line(said), Qt.TextElideMode.ElideRight, max(0, at + SIGN - x))
    painter.drawText(rect.adjusted(x - rect.left(), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), shown)


def _said(score: Score) -> tuple[str, str, str] | None:
    if score.said is not None:
        return ("kept, you said", "check", "ok.text") if score.said else ("rejected", "slash", "text.secondary")
    if score.score is None:
        return None
    if score.is_lost:
        return f"{score.score:.2f} label?", "cross", "err.text"
    return (f"{score.score:.2f}", "check", "ok.text") if score.is_sure else (f"{score.score:.2f}", "", "text.muted")


def _words(painter: QPainter, room: QRect, cell: Cell) -> None:
    layout = QTextLayout(cell.words.replace("\r", " ").replace("\n", "\u2028"), painter.font())
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    ranges = []
    for mark in cell.marks:
        looks = QTextCharFormat()
        looks.setForeground(theme.color("aug.text" if mark.came else "warn.text"))
        looks.setBackground(theme.color("aug.tint" if mark.came else "warn.tint"))
        looks.setFontStrikeOut(not mark.came)
        one = QTextLayout.FormatRange()
        one.start, one.length, one.format = mark.start, mark.length, looks
        ranges.append(one)
    layout.setFormats(ranges)
    layout.beginLayout()
    y = 0.0
    while y < room.height() and (line := layout.createLine()).isValid():
        line.setLineWidth(room.width())
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    painter.setPen(theme.color("text.primary"))
    painter.setClipRect(room)
    layout.draw(painter, QPointF(room.topLeft()))
