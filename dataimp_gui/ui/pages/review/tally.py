"""What was decided in this session, counted."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dataimp_gui.core.reviewing import Verb
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons

LINES: Final = (
    (Verb.ACCEPT, "Accepted", "check", "ok.text"),
    (Verb.RELABEL, "Relabelled otherwise", "pencil", "accent.text"),
    (Verb.KEEP, "Kept", "minus", "text.secondary"),
    (Verb.EXCLUDE, "Excluded", "slash", "text.secondary"),
    (Verb.FLAG, "Flagged", "flag", "warn.text"),
    (Verb.SKIP, "Skipped", "chevron-right", "text.secondary"),
)
SIGNS: Final = {verb: (icon, colour) for verb, _, icon, colour in LINES}


class Tally(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Mapping[Verb, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("This session")

    def show_counts(self, counts: Mapping[Verb, int]) -> None:
        self._counts = dict(counts)
        self.setAccessibleDescription(self.words())
        self.update()

    def words(self) -> str:
        return ", ".join(f"{title} {self._counts.get(verb, 0):,}" for verb, title, _, _ in LINES)

    @property
    def _line(self) -> int:
        return max(22, QFontMetrics(theme.font("small")).height() + 7)

    def sizeHint(self) -> QSize:
        return QSize(240, self._line * len(LINES))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        total = max(1, sum(self._counts.values()))
        metrics = QFontMetrics(theme.font("small"))
        words_w = max(metrics.horizontalAdvance(title) for _, title, _, _ in LINES) + 12
        count_w = max(28, metrics.horizontalAdvance(f"{total:,}") + 4)
        for number, (verb, title, icon, colour) in enumerate(LINES):
            area = QRect(0, number * self._line, self.width(), self._line)
            icons.paint(painter, icon, QRect(0, area.center().y() - 6, 13, 13), theme.color(colour))
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text.secondary"))
            painter.drawText(area.adjusted(22, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), title)
            track = QRectF(22 + words_w, area.center().y() - 1, self.width() - 22 - words_w - count_w - 8, 4)
            count = self._counts.get(verb, 0)
            if track.width() > 12:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("line.default"))
                painter.drawRoundedRect(track, 2, 2)
                if count:
                    track.setWidth(max(4.0, track.width() * count / total))
                    painter.setBrush(theme.color("text.muted"))
                    painter.drawRoundedRect(track, 2, 2)
            painter.setFont(theme.numbers("small"))
            painter.setPen(theme.color("text.primary"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(area, flags, f"{count:,}")
        painter.end()
