"""Search among the values of a facet that has many of them."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from dataimp_gui.core.project import Project
from dataimp_gui.ui.pages.triage.filters.facet import SEARCHED, Facet
from dataimp_gui.ui.pages.triage.filters.facet_search import SearchedFacet

LEFT = Qt.MouseButton.LeftButton
LONG_MS = 60_000


@pytest.fixture
def window(open_window, tmp_path, qtbot):
    source = tmp_path / "shop.csv"
    rows = [f"{n},Place {n % 60:02d} of Oslo,{'ab'[n % 2]}" for n in range(240)]
    source.write_text("\n".join(["id,place,label", *rows]))
    Project.create(tmp_path / "shop.dataimp", source)[0].close()
    window = open_window(tmp_path / "shop.dataimp")
    qtbot.waitUntil(lambda: "place" in window.page.filters.shown(), timeout=LONG_MS)
    window.page.filters.section("place").set_open(True)
    facet = window.page.filters.facet("place")
    qtbot.waitUntil(lambda: facet.rect().contains(facet.row_rect(6).center()), timeout=LONG_MS)
    assert len(facet.rows()) == 6
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG_MS)
    return window


def field_of(facet):
    return facet.parent().field


def test_the_field_is_there_while_all_values_are_shown_and_only_for_many(window, qtbot):
    facet = window.page.filters.facet("place")
    assert field_of(facet).isHidden()
    qtbot.mouseClick(facet, LEFT, pos=facet.row_rect(6).center())
    assert len(facet.rows()) == 60
    assert field_of(facet).isVisible()
    assert QApplication.focusWidget() is field_of(facet)
    qtbot.waitUntil(lambda: facet.rect().contains(facet.row_rect(60).center()), timeout=LONG_MS)
    qtbot.mouseClick(facet, LEFT, pos=facet.row_rect(60).center())
    assert field_of(facet).isHidden()
    assert len(facet.rows()) == 6


def test_a_value_is_found_and_chosen_by_keyboard_alone(window, qtbot):
    facet = window.page.filters.facet("place")
    facet.setFocus()
    for _ in range(6):
        qtbot.keyClick(facet, Qt.Key.Key_Down)
    qtbot.keyClick(facet, Qt.Key.Key_Return)
    field = field_of(facet)
    qtbot.keyClicks(field, "E 4")
    assert [value for value, _ in facet.rows()] == [f"Place 4{n} of Oslo" for n in range(10)]
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.shown == "place = 'Place 47 of Oslo'", timeout=LONG_MS)
    assert len(window.session.rows) == 4
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert len(facet.rows()) == 60
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is facet


def test_arrows_go_among_the_matches_and_no_further(window, qtbot):
    facet = window.page.filters.facet("place")
    qtbot.mouseClick(facet, LEFT, pos=facet.row_rect(6).center())
    field = field_of(facet)
    qtbot.keyClicks(field, "place 05")
    qtbot.keyClick(field, Qt.Key.Key_Down)
    for _ in range(3):
        qtbot.keyClick(facet, Qt.Key.Key_Down)
    qtbot.keyClick(facet, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session.shown == "place = 'Place 05 of Oslo'", timeout=LONG_MS)


def test_words_that_no_value_holds_leave_one_line_that_does_nothing(window, qtbot):
    facet = window.page.filters.facet("place")
    qtbot.mouseClick(facet, LEFT, pos=facet.row_rect(6).center())
    qtbot.keyClicks(field_of(facet), "rome")
    assert facet.rows() == []
    qtbot.mouseClick(facet, LEFT, pos=facet.row_rect(0).center())
    qtbot.keyClick(field_of(facet), Qt.Key.Key_Return)
    assert facet.rows() == []
    assert window.session.shown == ""


def test_a_search_among_very_many_values_is_not_felt(qtbot):
    facet = Facet("place", "place")
    searched = SearchedFacet(facet, "place")
    qtbot.addWidget(searched)
    facet.show_counts([(f"Place number {n}", 1) for n in range(3 * SEARCHED)], frozenset(), frozenset())
    started = time.thread_time()
    searched.field.setText("nowhere")
    assert time.thread_time() - started < 0.2
    assert facet.rows() == []
