"""Parts that show rates and shares: bars with intervals, areas, shares of one bar, figures side by side."""

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.interval_bar import Rate, full_of, paint_interval
from dataimp_gui.ui.kit.segments import Segments
from dataimp_gui.ui.kit.share_bar import ShareBar
from dataimp_gui.ui.kit.treemap import Block, Cell, Treemap, squarified
from dataimp_gui.ui.kit.twin_bars import TwinBars, Twins


def test_areas_are_in_proportion_and_fill_the_room():
    counts, area = [60, 25, 10, 4, 1], QRectF(10, 20, 300, 150)
    placed = squarified(counts, area)
    for count, rect in zip(counts, placed, strict=True):
        assert rect.width() * rect.height() == pytest.approx(300 * 150 * count / 100)
        assert area.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(rect)
    for number, rect in enumerate(placed):
        assert not any(rect.adjusted(1e-6, 1e-6, -1e-6, -1e-6).intersects(other) for other in placed[number + 1 :])


def test_nothing_has_no_area():
    assert squarified([], QRectF(0, 0, 10, 10)) == []
    assert all(rect.isEmpty() for rect in squarified([0, 0], QRectF(0, 0, 10, 10)))


def test_the_bar_ends_at_the_rate_and_the_whisker_at_its_interval(qapp):
    theme.apply(qapp, "dark")
    image = QImage(201, 30, QImage.Format.Format_RGB32)
    image.fill(theme.color("bg.window"))
    painter = QPainter(image)
    paint_interval(painter, QRect(0, 0, 200, 30), Rate(0.5, 0.4, 0.7), overall=0.1, full=1.0)
    painter.end()
    middle = QRect(0, 0, 200, 30).center().y()
    err, line = theme.color("err.base"), theme.color("text.primary")
    below = middle + 2
    reach = max(x for x in range(200) if QColor(image.pixel(x, below)) == err)
    assert reach == pytest.approx(99, abs=2)
    on = [x for x in range(201) if QColor(image.pixel(x, middle)) == line]
    assert (min(x for x in on if x > 30), max(on)) == (pytest.approx(80, abs=1), pytest.approx(140, abs=1))
    assert any(QColor(image.pixel(20, y)) == line for y in range(middle - 9, middle + 9))


def test_a_table_shares_one_round_scale():
    assert full_of([0.03, 0.11]) == 0.2
    assert full_of([0.9]) == 1.0
    assert full_of([]) == 0.05


def test_parts_of_a_bar_are_picked_by_click_and_by_key(qtbot):
    bar = ShareBar("Predicted instead")
    qtbot.addWidget(bar)
    bar.resize(200, 22)
    bar.show_shares([("coat", 3), ("dress", 1)])
    assert (bar.part_rect(0).width(), bar.part_rect(1).width()) == (150, 50)
    with qtbot.waitSignal(bar.picked) as picked:
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, bar.part_rect(1).center())
    assert picked.args == [1]
    with qtbot.waitSignal(bar.picked) as picked:
        qtbot.keyClick(bar, Qt.Key.Key_Right)
        qtbot.keyClick(bar, Qt.Key.Key_Return)
    assert picked.args == [1]
    assert bar.accessibleDescription() == "coat 3, dress 1"


def test_arrows_move_through_the_areas_and_enter_opens_one(qtbot):
    areas = Treemap("Where the errors are")
    qtbot.addWidget(areas)
    areas.resize(300, 200)
    areas.show_blocks(
        [Block("shirt", 9, 1.0, [Cell("coat", 6), Cell("dress", 3)]), Block("bag", 2, 0.1, [Cell("hat", 2)])]
    )
    assert areas.accessibleDescription() == "shirt, coat: 6"
    qtbot.keyClick(areas, Qt.Key.Key_Right)
    qtbot.keyClick(areas, Qt.Key.Key_Right)
    assert areas.accessibleDescription() == "bag, hat: 2"
    with qtbot.waitSignal(areas.opened) as opened:
        qtbot.keyClick(areas, Qt.Key.Key_Return)
    assert opened.args == [1, 0]


def test_figures_side_by_side_are_said(qtbot):
    bars = TwinBars("Against the rest")
    qtbot.addWidget(bars)
    bars.show_lines([Twins("Error", 1.0, 0.2, "50.1%", "8.7%")])
    assert bars.accessibleDescription() == "Error 50.1% against 8.7%"
    assert bars.sizeHint().height() > 20


def test_one_of_several_segments_is_chosen(qtbot):
    segments = Segments("Samples", {"errors": "Errors", "correct": "Correct"})
    qtbot.addWidget(segments)
    assert segments.key == "errors"
    with qtbot.waitSignal(segments.chosen) as chosen:
        qtbot.mouseClick(segments.buttons["correct"], Qt.MouseButton.LeftButton)
    assert (chosen.args, segments.key) == (["correct"], "correct")
