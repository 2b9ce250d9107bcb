"""How an example looks in the gallery: picture or text, label, prediction, confidence, signs of what was done to it."""

from collections.abc import Hashable
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.pages.triage.gallery.faces import LINE, MISSING
from dataimp_gui.ui.pages.triage.gallery.model import Facts, GalleryModel

CAPTION_H: Final = 36
WORDS_H: Final = 0.62  # of the width, for a tile of words
GAP: Final = 8
PAD: Final = 6
MARKS: Final = 4  # of slices, on one tile
SIGN: Final = 12
TICK: Final = 18  # that the sign of a selected tile takes from a line of words
BADGE: Final = 22
NARROW: Final = 60  # a line of words with less room says only the last
Index = QModelIndex | QPersistentModelIndex


class TileDelegate(QStyledItemDelegate):
    """Paints from what the model knows; never waits. ``width`` is that of a tile in logical pixels."""

    def __init__(self, model: GalleryModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.width = 0

    def look(self, index: Index) -> Hashable:
        """What the pixels of a tile depend on, so that the view can keep them."""
        face = self._model.face(index.row())
        shown = face.cacheKey() if isinstance(face, QPixmap) else face
        return self.width, theme.mode(), shown, self._model.facts(index.row())

    def cell(self) -> QSize:
        """A tile and the gap right of and below it."""
        face = self.width if self._model.pictures else round(self.width * WORDS_H)
        return QSize(self.width + GAP, face + self.caption_height() + GAP)

    def caption_height(self) -> int:
        return max(CAPTION_H, 2 * QFontMetrics(theme.font("caption")).height() + 8)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self.cell()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place = index.row()
        tile = option.rect.adjusted(0, 0, -GAP, -GAP)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        facts = self._model.facts(place)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._frame(painter, tile, selected=selected)
        well = QRect(tile.left() + 1, tile.top() + 1, tile.width() - 2, tile.height() - 2 - self.caption_height())
        self._face(painter, well, place, facts, selected=selected)
        self._caption(painter, QRect(tile.left() + 1, well.bottom() + 1, well.width(), self.caption_height()), facts)
        self._badges(painter, well, facts)
        self._slices(painter, well, facts)
        self._border(painter, tile, selected=selected, current=current)
        painter.restore()

    def _frame(self, painter: QPainter, tile: QRect, *, selected: bool) -> None:
        painter.setPen(theme.color("line.subtle"))
        painter.setBrush(theme.color("bg.selected" if selected else "bg.panel"))
        painter.drawRoundedRect(QRectF(tile).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _face(self, painter: QPainter, well: QRect, place: int, facts: Facts, *, selected: bool) -> None:
        face, faded = self._model.face(place), facts.excluded
        if face is None:
            painter.fillRect(well, theme.color("bg.raised"))
        elif isinstance(face, QPixmap):
            painter.fillRect(well, theme.color("bg.well"))
            painter.setOpacity(0.3 if faded else 1.0)
            size = face.size().scaled(well.size(), Qt.AspectRatioMode.KeepAspectRatio)
            at = QRect(QPoint(0, 0), size)
            at.moveCenter(well.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(at, face)
            painter.setOpacity(1.0)
        elif face == MISSING and self._model.pictures:
            painter.fillRect(well, theme.color("bg.raised"))
            _sign(painter, "image-broken", well.center(), 24, theme.color("text.muted"))
        else:
            painter.fillRect(well, theme.color("bg.raised"))
            painter.setOpacity(0.4 if faded else 1.0)
            painter.setPen(theme.color("text.primary"))
            beside = (TICK if selected else 0, BADGE * len(_badges_of(facts)))
            _paragraph(painter, well.adjusted(PAD, PAD, -PAD, -PAD), face, theme.font("small"), beside)
            painter.setOpacity(1.0)

    def _caption(self, painter: QPainter, area: QRect, facts: Facts) -> None:
        inner = area.adjusted(PAD - 1, 3, -PAD + 1, -3)
        half = inner.height() // 2
        _runs(painter, QRect(inner.left(), inner.top(), inner.width(), half), _first_line(facts))
        self._second_line(painter, QRect(inner.left(), inner.top() + half, inner.width(), half), facts)

    def _second_line(self, painter: QPainter, area: QRect, facts: Facts) -> None:
        icon, colour = _sign_of(facts)
        x = area.left()
        if icon:
            _sign(painter, icon, QPoint(x + SIGN // 2, area.center().y()), SIGN, theme.color(colour))
            x += SIGN + 4
        right = area.right()
        for tag in reversed(facts.tags[:3]):
            icons.marker(painter, QRect(right - 7, area.center().y() - 3, 8, 8), tag)
            right -= 11
        if facts.reviewed:
            _sign(painter, "eye-check", QPoint(right - 5, area.center().y()), SIGN, theme.color("ok.base"))
            right -= 15
        if facts.confidence is None:
            return
        bar = max(12, min(28, (right - x) // 3))
        track = QRectF(x, area.center().y() - 1.5, bar, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line.default"))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(theme.color("line.strong" if facts.excluded or facts.relabelled else colour))
        painter.drawRoundedRect(QRectF(track.left(), track.top(), max(3.0, bar * facts.confidence), 4), 2, 2)
        painter.setFont(theme.numbers("caption"))
        painter.setPen(theme.color("text.secondary"))
        number = QRect(x + bar + 5, area.top(), right - x - bar - 5, area.height())
        said = f"{facts.confidence:.2f}"
        if painter.fontMetrics().horizontalAdvance(said) <= number.width() + 2:  # else the bar says it alone
            painter.drawText(number, Qt.AlignmentFlag.AlignVCenter, said)

    def _slices(self, painter: QPainter, well: QRect, facts: Facts) -> None:
        """The marks of the saved slices, as in their list among the filters, at the lower left of the picture."""
        shown = facts.slices[:MARKS]
        if not shown:
            return
        ground = QRect(well.left() + 4, well.bottom() - 16, 4 + 12 * len(shown), 13)
        painter.setPen(theme.color("line.default"))
        painter.setBrush(theme.color("bg.panel"))
        painter.drawRoundedRect(QRectF(ground), 3, 3)
        for place, (number, _) in enumerate(shown):
            icons.marker(painter, QRect(ground.left() + 4 + 12 * place, ground.top() + 3, 8, 8), number)

    def _badges(self, painter: QPainter, well: QRect, facts: Facts) -> None:
        x = well.right() - BADGE
        for name in _badges_of(facts):
            box = QRectF(x + 0.5, well.top() + 4.5, 18, 18)
            painter.setPen(theme.color("line.default"))
            painter.setBrush(theme.color("bg.raised"))
            painter.drawRoundedRect(box, 4, 4)
            colour = {
                "slash": "text.secondary",
                "flag": "warn.text",
                "pencil": "accent.text",
                "sparkle": "accent.text",
            }[name]
            _sign(painter, name, box.center().toPoint(), SIGN, theme.color(colour))
            x -= BADGE

    def _border(self, painter: QPainter, tile: QRect, *, selected: bool, current: bool) -> None:
        if not (selected or current):
            return
        painter.setPen(QPen(theme.color("text.primary" if current else "accent.base"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(tile).adjusted(1, 1, -1, -1), 4, 4)
        if selected:
            box = QRectF(tile.left() + 6, tile.top() + 6, 14, 14)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent.fill"))
            painter.drawRoundedRect(box, 3, 3)
            _sign(painter, "check", box.center().toPoint(), 12, theme.color("text.onfill"))


def _first_line(facts: Facts) -> list[tuple[str, str, bool]]:
    """Text, colour and whether it is struck, from left to right."""
    if facts.excluded:
        return [("Excluded", "text.muted", False)]
    if facts.relabelled:
        return [(facts.given or "none", "text.muted", True), (facts.label or "no label", "accent.text", False)]
    if facts.suggested:
        return [
            (facts.label or "no label", "text.secondary", False),
            ("›", "text.muted", False),
            (f"{facts.suggested} ?", "err.text" if facts.suggested == facts.predicted else "accent.text", False),
        ]
    if facts.error:
        return [
            (facts.label, "text.secondary", False),
            ("›", "text.muted", False),
            (facts.predicted, "err.text", False),
        ]
    if facts.correct:
        return [(facts.label, "ok.text", False)]
    if facts.predicted:
        return [("no label", "text.muted", False), ("›", "text.muted", False), (facts.predicted, "text.primary", False)]
    return [(facts.label, "text.primary", False)] if facts.label else [("No label", "text.muted", False)]


def _sign_of(facts: Facts) -> tuple[str, str]:
    if facts.excluded:
        return "slash", "text.muted"
    if facts.relabelled:
        return "pencil", "accent.text"
    if facts.error:
        return "cross", "err.base"
    if facts.correct:
        return "check", "ok.base"
    return "", "accent.base"


def _runs(painter: QPainter, area: QRect, runs: list[tuple[str, str, bool]]) -> None:
    """Words side by side, elided where they do not fit; what comes last keeps at least half of the room."""
    font = theme.font("caption")
    metrics = QFontMetrics(font)
    if area.width() < NARROW:
        runs = runs[-1:]
    x, room = area.left(), area.width()
    for number, (text, colour, struck) in enumerate(runs):
        rest = sum(metrics.horizontalAdvance(word) + 4 for word, _, _ in runs[number + 1 :])
        left = area.right() - x + 1
        most = max(left - rest, min(left, room // 2 - 8)) if rest else left
        shown = metrics.elidedText(theme.one_line(text), Qt.TextElideMode.ElideRight, most)
        styled = QFont(font)
        styled.setStrikeOut(struck)
        painter.setFont(styled)
        painter.setPen(theme.color(colour))
        painter.drawText(QRect(x, area.top(), left, area.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        x += metrics.horizontalAdvance(shown) + 4


def _sign(painter: QPainter, name: str, center: QPoint, size: int, colour: QColor) -> None:
    icons.paint(painter, name, QRect(center.x() - size // 2, center.y() - size // 2, size, size), colour)


def _badges_of(facts: Facts) -> list[str]:
    """The signs at the upper right, from the right."""
    signs = (
        ("slash", facts.excluded),
        ("flag", facts.flagged),
        ("pencil", facts.relabelled),
        ("sparkle", bool(facts.suggested)),
    )
    return [name for name, on in signs if on]


def _paragraph(painter: QPainter, area: QRect, text: str, font: QFont, beside: tuple[int, int]) -> None:
    """Plain text wrapped into ``area``, the last line that fits elided; the first makes room on both sides."""
    metrics = QFontMetrics(font)
    layout = QTextLayout(text[:2000], font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    y, height = 0, metrics.lineSpacing()
    while y + height <= area.height():
        line = layout.createLine()
        if not line.isValid():
            break
        last = y + 2 * height > area.height()
        if last:
            rest, more, _ = text[line.textStart() : line.textStart() + 400].partition(LINE)
            rest += "…" if more else ""
            painter.setFont(font)
            shown = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(QPoint(area.left(), area.top() + y + metrics.ascent()), shown)
            line.setLineWidth(area.width())
            break
        before, behind = beside if y == 0 else (0, 0)
        line.setLineWidth(max(1, area.width() - before - behind))
        line.draw(painter, QPoint(area.left() + before, area.top() + y).toPointF() - line.position())
        y += height
    layout.endLayout()
