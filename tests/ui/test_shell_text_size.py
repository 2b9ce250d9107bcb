"""The frame of the window at twice the text size, changed while it is open: nothing is cut off, and back again."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QScrollArea

from dataimp_gui.ui import theme
from dataimp_gui.ui.shell.rail import RailButton

WAIT = 60_000


@pytest.fixture
def window(open_window, pictures, qapp):
    yield open_window(pictures, size=(1440, 900))
    theme.apply(qapp, "dark")


def cut_off(window):
    """Parts of the frame that are smaller than their words."""
    small = [
        made.text()
        for made in window.rail.findChildren(RailButton)
        if made.width() < QFontMetrics(theme.font("caption")).horizontalAdvance(made.text())
    ]
    line = QFontMetrics(theme.mono("small")).height()
    parts = {"query": window.top.query.height() - 4, "field": window.top.query.field.height()}
    status = QFontMetrics(window.status.selection.font()).height()
    return [
        *small,
        *(name for name, height in parts.items() if height < line),
        *(["status"] if window.status.height() < status else []),
        *(["top"] if window.top.height() < window.top.query.height() + 8 else []),
    ]


def test_the_frame_grows_with_the_text(window, qtbot):
    usual = (window.rail.width(), window.top.height(), window.status.height())
    assert usual == (64, 48, 28)
    assert cut_off(window) == []
    window.use_settings(replace(window.settings, font_scale=200))
    qtbot.waitUntil(lambda: window.rail.width() > 64 and window.top.height() > 48, timeout=WAIT)
    assert cut_off(window) == []
    window.use_settings(replace(window.settings, font_scale=100))
    qtbot.waitUntil(lambda: (window.rail.width(), window.top.height(), window.status.height()) == usual, timeout=WAIT)


def test_the_panels_grow_with_the_text_and_shrink_again(window, qtbot):
    page = window.page
    left, right = page.left, page.right
    usual = (left.width(), right.width())
    window.use_settings(replace(window.settings, font_scale=150))
    qtbot.waitUntil(
        lambda: left.width() == round(usual[0] * 1.5) and right.width() == round(usual[1] * 1.5), timeout=WAIT
    )
    facet = page.filters.facet("label")
    qtbot.waitUntil(lambda: facet.width() <= facet.parentWidget().parentWidget().width() <= left.width(), timeout=WAIT)
    assert page.filters.findChild(QScrollArea).widget().width() <= left.width()
    window.use_settings(replace(window.settings, font_scale=100))
    qtbot.waitUntil(lambda: abs(left.width() - usual[0]) <= 2 and abs(right.width() - usual[1]) <= 2, timeout=WAIT)
