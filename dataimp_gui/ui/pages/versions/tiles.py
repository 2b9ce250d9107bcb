"""How many examples a version added, relabelled, removed, augmented and made, as large figures."""

from typing import Final

from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from dataimp_gui.core.model import VersionInfo
from dataimp_gui.core.versions.diff import Diff
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, text

COUNTED: Final = {
    "added": ("plus", "ok.text"),
    "relabelled": ("pencil", "accent.text"),
    "removed": ("minus", "err.text"),
    "augmented": ("sparkle", "aug.text"),
    "synthetic": ("text", "synth.text"),
}
SMALLEST: Final = 62
MARGIN: Final = 8
ABOUT_W: Final = 78  # of the words below a figure, at least, where they need that


class _Tile(QFrame):
    def __init__(self, icon: str, colour: str, word: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setMinimumWidth(SMALLEST)
        self._word = word
        self.figure = text(size="title", strong=True)
        self.about = Elided(size="caption", colour="muted")
        first = parts.row(gap=8)
        first.addWidget(parts.sign(icon, colour))
        first.addWidget(self.figure, 1)
        column = parts.column(self, gap=2, margins=(MARGIN,) * 4)
        column.addLayout(first)
        column.addWidget(Elided(word, size="caption", colour="secondary"))
        column.addWidget(self.about)

    def tell(self, count: int | None, about: str) -> None:
        self.figure.setText("–" if count is None else f"{count:,}")
        self.about.show_words(about)
        around = 2 * MARGIN + 2 * self.frameWidth()
        words = min(ABOUT_W, self.about.fontMetrics().horizontalAdvance(about) + 1)
        self.setMinimumWidth(max(SMALLEST, self.minimumSizeHint().width(), words + around))
        self.setAccessibleName(theme.one_line(f"{self.figure.text()} {self._word}. {about}"))


class Tiles(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles = {word: _Tile(*look, word) for word, look in COUNTED.items()}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        for place, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, 0, place)
            self._grid.setColumnStretch(place, 1)

    def show_counts(self, info: VersionInfo | None, diff: Diff | None) -> None:
        """What the version says of itself at once, the diff when it is there."""
        for word, tile in self.tiles.items():
            count = getattr(info, word) if info is not None else diff.counts.get(word, 0) if diff else None
            tile.tell(count, _about(word, diff) if diff else "")


def _about(word: str, diff: Diff) -> str:
    """The most telling detail of a count."""
    if word == "relabelled" and diff.labels:
        before, after, count = diff.labels[0]
        return f"{before or 'no label'} → {after or 'no label'} {count:,}"
    if word == "added" and diff.counts["included"]:
        return f"{diff.counts['included']:,} included again"
    if word == "removed" and diff.counts["excluded"]:
        is_all = diff.counts["excluded"] == diff.counts["removed"]
        return "all excluded" if is_all else f"{diff.counts['excluded']:,} excluded"
    return ""
