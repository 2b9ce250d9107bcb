"""A line of small pictures: what fits is shown, a click or the keyboard picks one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from dataimp_gui.ui.kit.strip import Strip, Thumb


@pytest.fixture
def strip(qtbot):
    strip = Strip("Similar examples")
    strip.resize(300, 100)
    qtbot.addWidget(strip)
    picture = QImage(20, 20, QImage.Format.Format_RGB888)
    picture.fill(Qt.GlobalColor.red)
    strip.show_thumbs([Thumb(picture, f"Shirt {n}", "check", "ok.base", f"id {n}") for n in range(9)])
    with qtbot.waitExposed(strip):
        strip.show()
    return strip


def test_a_click_picks_the_thumb_under_it(strip, qtbot):
    with qtbot.waitSignal(strip.picked) as picked:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.thumb_rect(2).center())
    assert picked.args == [2]


def test_only_whole_thumbs_show_and_they_fill_the_line(strip, qtbot):
    assert len(strip.thumbs) == 4
    assert strip.thumb_rect(3).right() < 300
    strip.resize(160, 100)
    assert len(strip.thumbs) == 2
    assert strip.grab().toImage().pixelColor(10, 10).name() == "#ff0000"


def test_arrows_move_and_enter_picks(strip, qtbot):
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert strip.accessibleDescription() == "Shirt 1. id 1"
    with qtbot.waitSignal(strip.picked) as picked:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert picked.args == [1]
    for _ in range(20):
        qtbot.keyClick(strip, Qt.Key.Key_Right)
    with qtbot.waitSignal(strip.picked) as picked:
        qtbot.keyClick(strip, Qt.Key.Key_Space)
    assert picked.args == [3]
