"""The gallery in groups: headers with counts, folding, selecting a whole group, by mouse and by keyboard."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from dataimp_gui.core.project import Project

KEY = Qt.Key


@pytest.fixture
def window(open_window, pictures, qtbot):
    window = open_window(pictures)
    until(qtbot, lambda: window.page.gallery.group.findData("predicted") >= 0)
    return window


def until(qtbot, fact):
    qtbot.waitUntil(fact, timeout=20_000)


def group_by(qtbot, window, column):
    box = window.page.gallery.group
    box.setCurrentIndex(box.findData(column))
    box.activated.emit(box.currentIndex())
    until(qtbot, lambda: window.session.grouped_by == column and (window.session.groups is not None) == bool(column))


def predicted(window, rows):
    codes = window.session.predictions.codes
    words = window.session.project.state.words("label")
    return [words[code] for code in codes[rows]]


def test_groups_are_the_largest_first_and_the_sort_goes_on_within(shirts):
    with Project.open(shirts) as project:
        groups = project.query.groups("camera", "error", order_by="brightness", descending=True)
        sizes = np.diff(groups.starts)
        assert (np.diff(sizes) <= 0).all()
        assert sorted(groups.rows.tolist()) == project.rows("error").tolist()
        cameras = project.query.values(["camera", "brightness"], groups.rows)
        for number, name in enumerate(groups.names):
            part = slice(groups.starts[number], groups.starts[number + 1])
            assert set(cameras["camera"][part]) == {name}
            assert cameras["brightness"][part] == sorted(cameras["brightness"][part], reverse=True)
        assert project.query.groups("camera", "brightness > 2").names == ()


def test_a_number_makes_five_groups_of_about_equal_size_from_low_to_high(shirts):
    with Project.open(shirts) as project:
        groups = project.query.groups("brightness", "camera = 'phone'", order_by="brightness", descending=True)
        assert np.diff(groups.starts).tolist() == [6, 6, 6, 6, 6]
        assert groups.names[0] == "0.017 – 0.183"
        assert groups.names[-1] == "0.817 – 0.983"
        values = project.query.values(["brightness"], groups.rows)["brightness"]
        assert [max(values[start : start + 6]) for start in groups.starts[:-1]] == values[::6]
        assert sorted(groups.rows.tolist()) == project.rows("camera = 'phone'").tolist()
        assert project.query.groups("brightness", "brightness > 2").names == ()


def test_few_numbers_are_groups_by_value_and_what_has_none_comes_last(tmp_path):
    source = tmp_path / "shop.csv"
    numbers = [f"{n},{n % 3},{n if n % 4 else ''},{7 if n < 39 else n}" for n in range(60)]
    source.write_text("\n".join(["id,stars,weight,price", *numbers]))
    with Project.create(tmp_path / "shop.dataimp", source)[0] as project:
        assert set(project.query.groups("stars").names) == {"0", "1", "2"}
        weights = project.query.groups("weight")
        assert weights.names[-1] is None
        assert np.diff(weights.starts).tolist() == [9, 9, 9, 9, 9, 15]
        assert project.query.values(["weight"], weights.rows[-15:])["weight"] == [None] * 15
        prices = project.query.groups("price")  # most are equal: they stay together
        assert prices.names[0] == "7"
        assert np.diff(prices.starts)[0] == 39
        assert len(set(prices.names)) == len(prices.names)


def test_the_gallery_shows_a_header_with_the_count_over_each_group(window, qtbot):
    window.session.ask("error")
    group_by(qtbot, window, "predicted")
    until(qtbot, lambda: len(window.session.rows) == 9)
    view = window.page.gallery.view
    assert view.groups == 3
    assert window.page.gallery.head_words(0) == "predicted bag 3 · 33%"
    said = predicted(window, window.session.rows)
    assert said == ["bag"] * 3 + ["coat"] * 3 + ["shirt"] * 3
    tops = [view.head_rect(number).top() for number in range(3)]
    first = [view.visualRect(view.model().index(place, 0)).top() for place in (0, 3, 6)]
    assert all(head < cell for head, cell in zip(tops, first, strict=True))
    group_by(qtbot, window, "")
    assert view.groups == 0


def test_the_headers_over_groups_of_a_number_say_from_where_to_where_each_goes(open_window, shirts, qtbot):
    window = open_window(shirts)
    box = window.page.gallery.group
    until(qtbot, lambda: box.findData("brightness") >= 0)
    window.session.ask("camera = 'phone'")
    until(qtbot, lambda: len(window.session.rows) == 30)
    group_by(qtbot, window, "brightness")
    until(qtbot, lambda: window.page.gallery.view.groups == 5)
    said = [window.page.gallery.head_words(number) for number in range(5)]
    assert said[0] == "brightness 0.017 – 0.183 6 · 20%"
    assert said[-1] == "brightness 0.817 – 0.983 6 · 20%"
    ends = [float(end) for words in said for end in (words.split()[1], words.split()[3])]
    assert ends == sorted(ends)


def test_a_click_on_a_header_folds_its_group_and_another_unfolds_it(window, qtbot):
    group_by(qtbot, window, "label")
    view = window.page.gallery.view
    until(qtbot, lambda: view.groups == 3)
    before = view.head_rect(1).top()
    at = view.head_rect(0).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.head_rect(1).top() == view.head_rect(0).bottom() + 1
    assert 0 not in view.visible()
    window.session.refresh()
    qtbot.waitSignal(window.session.answered, timeout=20_000).wait()
    assert 0 not in view.visible()  # the same groups: what was folded stays so
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.head_rect(1).top() == before


def test_select_all_of_a_header_selects_its_group_and_ctrl_adds_another(window, qtbot):
    group_by(qtbot, window, "label")
    view, session = window.page.gallery.view, window.session
    until(qtbot, lambda: view.groups == 3)
    for number, modifier in ((0, Qt.KeyboardModifier.NoModifier), (1, Qt.KeyboardModifier.ControlModifier)):
        rect = view.head_rect(number)
        at = QPoint(rect.right() - 12, rect.center().y())
        until(qtbot, lambda at=at: view.viewport().rect().contains(at))
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, at)
        until(qtbot, lambda number=number: len(session.selection) == 12 * (number + 1))
    assert session.selection.tolist() == session.rows[:24].tolist()


def test_keys_select_and_fold_the_group_of_the_current_example_and_arrows_cross_groups(window, qtbot):
    group_by(qtbot, window, "label")
    view, session = window.page.gallery.view, window.session
    until(qtbot, lambda: view.groups == 3)
    until(qtbot, window.isActiveWindow)
    view.setFocus()
    window.page.gallery.choose(np.array([11]), 11)
    qtbot.keyClick(view, KEY.Key_Right)
    until(qtbot, lambda: session.current == session.rows[12])
    qtbot.keyClick(view, KEY.Key_G, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: session.selection.tolist() == session.rows[12:24].tolist())
    qtbot.keyClick(view, KEY.Key_G)
    assert 12 not in view.visible()
    qtbot.keyClick(view, KEY.Key_Left)
    until(qtbot, lambda: session.current == session.rows[11])
    qtbot.keyClick(view, KEY.Key_Right)
    until(qtbot, lambda: session.current == session.rows[24])


def test_tiles_go_from_48_to_512_pixels(window, qtbot):
    gallery = window.page.gallery
    for width in (48, 512):
        gallery.set_tile_width(width)
        cell = gallery.view.visualRect(gallery.view.model().index(0, 0))
        assert width <= cell.width() - 8 <= max(64, gallery.view.width())
        until(qtbot, lambda: gallery.model.face(0) is not None)
        gallery.view.grab()
