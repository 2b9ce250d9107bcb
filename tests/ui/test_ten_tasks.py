"""Common tasks done by hand, with their clicks and keys counted: none may take more than its budget."""

import shutil

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPolygon
from PySide6.QtWidgets import QApplication, QTableView

from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.core.project import Project
from dataimp_gui.ui.dialogs.slice_dialog import SliceDialog

LEFT = Qt.MouseButton.LeftButton
KEY, MODIFIER = Qt.Key, Qt.KeyboardModifier
LONG_MS = 60_000


class Hand:
    """Real clicks and keys on a window, counted."""

    def __init__(self, qtbot, window):
        self.qtbot, self.window = qtbot, window
        self.clicks = self.keys = self.drags = 0

    def until(self, fact):
        self.qtbot.waitUntil(fact, timeout=LONG_MS)

    def click(self, widget, at, modifier=MODIFIER.NoModifier):
        self.clicks += 1
        self.qtbot.mouseClick(widget, LEFT, modifier, at)

    def drag(self, widget, corners):
        self.drags += 1
        self.qtbot.mousePress(widget, LEFT, MODIFIER.NoModifier, corners[0])
        for corner in [*corners[1:], corners[0]]:
            self.qtbot.mouseMove(widget, corner)
        self.qtbot.mouseRelease(widget, LEFT, MODIFIER.NoModifier, corners[0])

    def press(self, key, modifier=MODIFIER.NoModifier):
        self.keys += 1
        self.until(lambda: QApplication.activeWindow() is not None and QApplication.activePopupWidget() is None)
        self.qtbot.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), key, modifier)

    def click_value(self, column, value):
        facet = self.window.page.filters.facet(column)
        self.until(lambda: value in [row[0] for row in facet.rows()])
        place = facet.row_rect([row[0] for row in facet.rows()].index(value))
        self.until(lambda: facet.rect().contains(place))
        self.click(facet, place.center())

    def click_tile(self, place, modifier=MODIFIER.NoModifier):
        view = self.window.page.gallery.view
        self.click(view.viewport(), view.visualRect(view.model().index(place, 0)).center(), modifier)

    @property
    def done(self):
        return self.clicks, self.keys


@pytest.fixture
def hand(open_window, pictures, qtbot):
    window = open_window(pictures, size=(1440, 900))
    hand = Hand(qtbot, window)
    hand.until(lambda: "label" in window.page.filters.shown() and window.session.predictions is not None)
    return hand


def labels(hand):
    return hand.window.session.project.state.labels


def test_1_open_the_demo_with_one_key(open_window, qtbot):
    window = open_window()
    hand = Hand(qtbot, window)
    hand.press(KEY.Key_D)
    hand.until(lambda: window.session is not None and window.session.ready and window.session.predictions is not None)
    hand.until(lambda: "outcome" in window.page.filters.shown())
    hand.until(lambda: dict(window.page.filters.facet("outcome").rows()).get("error", 0) > 0)
    assert hand.done == (0, 1)


def test_2_show_the_errors_of_one_label_with_two_clicks(hand):
    hand.click_value("outcome", "error")
    hand.until(lambda: len(hand.window.session.rows) == 9)
    hand.click_value("label", "coat")
    hand.until(lambda: len(hand.window.session.rows) == 3)
    assert hand.done == (2, 0)


def test_3_fix_one_label_with_one_key(hand):
    session = hand.window.session
    hand.click_tile(4)
    hand.until(lambda: session.current == 4)
    hand.clicks = 0  # the example is looked at already
    hand.press(KEY.Key_3)
    hand.until(lambda: labels(hand)[4] == 2)
    assert hand.done == (0, 1)


def test_4_fix_many_alike_with_two_clicks_and_a_key(hand):
    hand.click_tile(0)
    hand.click_tile(7, MODIFIER.ShiftModifier)
    hand.until(lambda: len(hand.window.session.selection) == 8)
    hand.press(KEY.Key_2)
    hand.until(lambda: set(labels(hand)[:8].tolist()) == {1})
    assert hand.done == (2, 1)


def test_5_review_a_queue_with_one_key_each_after_the_first(hand):
    window = hand.window
    hand.click_value("outcome", "error")
    hand.until(lambda: len(window.session.rows) == 9)
    hand.clicks = 0  # the queue is what is shown
    hand.press(KEY.Key_R)
    hand.until(lambda: window.reviewing.page is not None)
    walk = window.reviewing.page.walk
    for number in range(9):
        hand.until(lambda: walk.can_decide)
        hand.press(KEY.Key_K)
        hand.until(lambda number=number: len(walk.decided) == number + 1)
    hand.until(lambda: walk.is_done)
    assert hand.done == (0, 1 + 9)


def test_6_find_slices_and_open_the_worst_with_two_keys(open_window, tmp_path, qtbot):
    colours = ("red", "green", "blue", "grey", "black")
    rows = [(f"r{n}", "ab"[n % 2], colours[n % 5], "ab"[(n + (n % 5 == 0)) % 2]) for n in range(1000)]
    (tmp_path / "data.csv").write_text("\n".join(["id,label,colour", *(",".join(row[:3]) for row in rows)]))
    (tmp_path / "run.csv").write_text("\n".join(["id,predicted", *(f"{row[0]},{row[3]}" for row in rows)]))
    options = ImportOptions(predictions=(tmp_path / "run.csv",))
    Project.create(tmp_path / "shop.dataimp", tmp_path / "data.csv", options)[0].close()
    window = open_window(tmp_path / "shop.dataimp")
    hand = Hand(qtbot, window)
    hand.press(KEY.Key_2, MODIFIER.ControlModifier)
    hand.until(lambda: window.session.project.slices.found is not None)
    hand.until(lambda: bool(window.findChildren(QTableView, "slices")))
    hand.until(lambda: window.findChildren(QTableView, "slices")[0].model().rowCount() > 0)
    hand.press(KEY.Key_Return)
    hand.until(lambda: len(window.session.rows) == 200)
    assert set(window.session.project.query.values(["colour"], window.session.rows)["colour"]) == {"red"}
    assert hand.done == (0, 2)


def test_7_save_a_region_of_the_map_as_a_slice_with_a_drag_a_key_its_name_and_enter(
    open_window, pictures, tmp_path, qtbot
):
    with Project.open(pictures) as project:
        rng = np.random.default_rng(5)
        vectors = np.eye(3, 8, dtype=np.float32)[project.state.labels] + rng.normal(0, 0.02, (36, 8))
        np.save(tmp_path / "vectors.npy", vectors.astype(np.float32))
        project.analysis.add_embedding(tmp_path / "vectors.npy", "given")
    window = open_window(pictures, size=(1440, 900))
    hand = Hand(qtbot, window)
    window.page.views.buttons["map"].click()  # the map is looked at already
    view = window.page.map
    hand.until(lambda: view.scatter.isVisible() and "t-SNE" in view._title.accessibleName())
    hand.until(window.isActiveWindow)
    coats = [view.scatter.to_view(*map(float, view._xy[row])).toPoint() for row in range(12, 24)]
    box = QPolygon(coats).boundingRect().adjusted(-12, -12, 12, 12)
    hand.drag(view.scatter, [box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()])
    hand.until(lambda: sorted(window.session.selection.tolist()) == list(range(12, 24)))
    hand.press(KEY.Key_S)
    hand.until(lambda: any(dialog.isVisible() for dialog in window.findChildren(SliceDialog)))
    dialog = window.findChildren(SliceDialog)[0]
    hand.until(lambda: QApplication.focusWidget() is dialog.name)
    qtbot.keyClicks(dialog.name, "Coats on the map")
    hand.press(KEY.Key_Return)
    hand.until(lambda: [each.name for each in window.session.project.slices.saved()] == ["Coats on the map"])
    assert sorted(window.session.project.slices.saved()[0].rows.tolist()) == list(range(12, 24))
    assert (hand.drags, *hand.done) == (1, 0, 2)


def test_8_see_variants_of_a_slice_with_a_key_and_drop_a_step_with_a_click(open_window, pictures, qtbot):
    with Project.open(pictures) as project:
        project.slices.save("coats", "label = 'coat'")
    window = open_window(pictures, size=(1440, 900))
    hand = Hand(qtbot, window)
    window.paging.turn_to("augment")  # a policy is open already
    page, starters = window.page, window.page.editor.starters
    starters.setCurrentIndex(starters.findText("Camera at night"))
    starters.activated.emit(starters.currentIndex())
    window.paging.turn_to("slices")
    table = window.findChildren(QTableView, "slices")[0]
    hand.until(lambda: table.model().rowCount() == 1 and table.currentIndex().isValid())
    window.activateWindow()
    hand.press(KEY.Key_A)
    hand.until(lambda: window.page is page)
    hand.until(lambda: page.content.grid.shown is not None and not page.previewing.is_reading)
    assert window.session.shown == "label = 'coat'"
    first = page.editor.cards[0]
    hand.click(first.on, QPoint(8, first.on.height() // 2))
    hand.until(lambda: not page.draft.policy.steps[0].on and not page.previewing.is_reading)
    assert all(step.on for step in page.draft.policy.steps[1:])
    assert hand.done == (1, 1)


def test_10_export_a_version_with_two_keys(open_window, pictures, tmp_path, qtbot):
    from dataimp_gui.ui.dialogs.export_dialog import ExportDialog

    here = shutil.copytree(pictures, tmp_path / "work" / "pictures.dataimp")
    with Project.open(here) as project:
        project.commit("as it came")
    window = open_window(here)
    hand = Hand(qtbot, window)
    hand.press(KEY.Key_E, MODIFIER.ControlModifier)
    hand.until(lambda: bool(window.findChildren(ExportDialog)))
    dialog = window.findChildren(ExportDialog)[0]
    made = []
    dialog.exported.connect(lambda _words, place: made.append(place))
    hand.until(lambda: dialog.go.isEnabled() and QApplication.activeWindow() is dialog)
    hand.press(KEY.Key_Return)
    hand.until(lambda: bool(made))
    assert made[0].exists()
    assert hand.done == (0, 2)
