"""The conditions of a filter, taken out one by one with the mouse or the keyboard."""

import pytest
from PySide6.QtCore import QPoint, Qt

from dataimp_gui.ui import theme
from dataimp_gui.ui.shell.query_parts import spans, without

LEFT = Qt.MouseButton.LeftButton
WAIT = 60_000
CLAUSE = "label = 'bag' and error and confidence between 0.1 and 0.9"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("error", []),
        ("error or correct", []),
        ("error and (label = 'a' or label = 'b and c')", ["error", "(label = 'a' or label = 'b and c')"]),
        (CLAUSE, ["label = 'bag'", "error", "confidence between 0.1 and 0.9"]),
        ("error  and error", ["error", "error"]),
    ],
)
def test_each_condition_is_a_part(text, parts):
    assert [text[start:end] for start, end in spans(text)] == parts


def test_one_part_is_taken_out():
    assert without(CLAUSE, spans(CLAUSE)[1]) == "label = 'bag' and confidence between 0.1 and 0.9"


@pytest.fixture
def bar(open_window, pictures, qtbot):
    window = open_window(pictures, size=(1440, 900))
    window.session.ask(CLAUSE)
    qtbot.waitUntil(lambda: window.session.shown == CLAUSE, timeout=WAIT)
    return window.top.query


def test_a_click_takes_out_the_condition_under_the_mouse(bar, qtbot):
    window = bar.window()
    assert bar.parts.button.isHidden()
    place = bar.parts.rect(spans(CLAUSE)[1]).center()
    qtbot.mouseMove(bar.field.viewport(), QPoint(2, 2))
    qtbot.mouseMove(bar.field.viewport(), place)
    qtbot.waitUntil(bar.parts.button.isVisible, timeout=WAIT)
    assert "error" in bar.parts.button.toolTip()
    qtbot.mouseClick(bar.parts.button, LEFT)
    rest = "label = 'bag' and confidence between 0.1 and 0.9"
    qtbot.waitUntil(lambda: window.session.shown == rest, timeout=WAIT)
    assert bar.text() == rest
    assert bar.parts.button.isHidden()


def test_a_key_takes_out_the_condition_at_the_cursor(bar, qtbot):
    window = bar.window()
    bar.field.setFocus()
    qtbot.keyClick(bar.field, Qt.Key.Key_End)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(bar.field, Qt.Key.Key_Backspace, held)
    qtbot.waitUntil(lambda: window.session.shown == "label = 'bag' and error", timeout=WAIT)
    qtbot.keyClick(bar.field, Qt.Key.Key_Backspace, held)
    qtbot.waitUntil(lambda: window.session.shown == "label = 'bag'", timeout=WAIT)


def test_each_condition_stands_in_a_frame_until_the_text_is_written_in(bar, qtbot):
    field, chips = bar.field, bar.chips
    qtbot.waitUntil(lambda: chips.size() == field.viewport().size(), timeout=WAIT)
    assert [CLAUSE[start:end] for start, end in chips.framed()] == [CLAUSE[start:end] for start, end in spans(CLAUSE)]
    place = bar.parts.rect(spans(CLAUSE)[1])
    shown = field.viewport().grab().toImage()
    line = theme.color("line.strong").rgb()
    ratio = shown.devicePixelRatio()
    edge = [shown.pixel(round(place.center().x() * ratio), y) for y in range(shown.height())]
    assert line in edge
    qtbot.waitUntil(bar.window().isActiveWindow, timeout=WAIT)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus, timeout=WAIT)
    assert chips.framed() == []
