"""How everything looks: the design tokens as palette, style sheet and lookups for what paints itself."""

import json
import re
from functools import cache
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from dataimp_gui import resources

TOKENS: Final[dict[str, Any]] = json.loads(resources.path("design", "tokens.json").read_text("utf-8"))
METRICS: Final[dict[str, dict[str, int]]] = TOKENS["metrics"]

_ROLES: Final = (
    (QPalette.ColorRole.Window, "bg.window"),
    (QPalette.ColorRole.WindowText, "text.primary"),
    (QPalette.ColorRole.Base, "bg.raised"),
    (QPalette.ColorRole.AlternateBase, "bg.panel"),
    (QPalette.ColorRole.Text, "text.primary"),
    (QPalette.ColorRole.Button, "bg.raised"),
    (QPalette.ColorRole.ButtonText, "text.primary"),
    (QPalette.ColorRole.BrightText, "text.onfill"),
    (QPalette.ColorRole.Highlight, "accent.fill"),
    (QPalette.ColorRole.HighlightedText, "text.onfill"),
    (QPalette.ColorRole.PlaceholderText, "text.muted"),
    (QPalette.ColorRole.ToolTipBase, "bg.tooltip"),
    (QPalette.ColorRole.Link, "accent.text"),
    (QPalette.ColorRole.Light, "line.strong"),
    (QPalette.ColorRole.Mid, "line.default"),
    (QPalette.ColorRole.Dark, "line.subtle"),
)


LINE: Final = 17  # the height of a line of text at the usual size


class _Look:
    """What is in force; paint code asks for it at every stroke."""

    mode = "dark"
    scale = 1.0
    dressed = False


def mode() -> str:
    """ "dark" or "light"."""
    return _Look.mode


def color(name: str, mode: str = "") -> QColor:
    """A colour by its token name, in the theme in force or in the given one."""
    return QColor(_color(name, mode or _Look.mode))


def categorical(number: int) -> tuple[QColor, str]:
    """Colour and marker shape of a tag or category, by its position."""
    listed, shapes = TOKENS["categorical"][_Look.mode], TOKENS["categorical"]["shapes"]
    return QColor(listed[number % len(listed)]), shapes[number % len(shapes)]


def font(size: str = "body", *, weight: int = 400, struck: bool = False) -> QFont:
    """The system font in one of the sizes of the tokens: caption, small, body, title, page, metric."""
    made = QFont(_font(size, weight, _Look.scale))
    made.setStrikeOut(struck)
    return made


def numbers(size: str = "body", *, weight: int = 400) -> QFont:
    """The same with figures of equal width."""
    made = font(size, weight=weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def mono(size: str = "body") -> QFont:
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPixelSize(_pixels(size, _Look.scale))
    return made


def grown(pixels: int) -> int:
    """A length in which text stands, at the text size in force; never shorter than it is at the usual size."""
    return round(pixels * max(1.0, _Look.scale))


def line_height(pixels: int) -> int:
    """The height of what is ``pixels`` high around one line of text at the usual size, at the one in force."""
    return pixels + max(0, round(LINE * (_Look.scale - 1)))


def one_line(text: object) -> str:
    """Text from data for a place of one line: line breaks become spaces, and at most 500 characters."""
    return " ".join(str(text)[:500].split())


def apply(app: QApplication, mode: str = "system", scale: int = 100) -> None:
    """Dress the application: ``mode`` is system, dark or light; ``scale`` the size of text in percent."""
    if mode == "system":
        hints = app.styleHints().colorScheme()
        mode = "light" if hints is Qt.ColorScheme.Light else "dark"
    _Look.mode, _Look.scale = mode, scale / 100
    if not _Look.dressed:  # a style sheet hides the style under it, and to set that anew dresses every widget anew
        app.setStyle("Fusion")
        _Look.dressed = True
    app.setFont(numbers())
    palette = QPalette()
    for role, name in _ROLES:
        palette.setColor(role, color(name))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, color("text.disabled"))
    app.setPalette(palette)
    app.setStyleSheet(style_sheet())


def style_sheet() -> str:
    """The style sheet in the theme in force; ``@name@`` in the template stands for a colour, ``$name$`` for pixels."""
    template = resources.path("design", "style.qss").read_text("utf-8")
    filled = re.sub(r"@([\w.]+)@", lambda found: _color(found[1], _Look.mode), template)
    filled = re.sub(r"\$(\w+)\$", lambda found: f"{_pixels(found[1], _Look.scale)}px", filled)
    icons = resources.path("design", _Look.mode).as_posix()
    return filled.replace("%icons%", icons)


@cache
def _color(name: str, mode: str) -> str:
    return str(TOKENS["color"][mode][name])


def _pixels(size: str, scale: float) -> int:
    size_px: int = TOKENS["font"]["size"][size]
    return round(size_px * scale)


@cache
def _font(size: str, weight: int, scale: float) -> QFont:
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    made.setPixelSize(_pixels(size, scale))
    made.setWeight(QFont.Weight(weight))
    return made
