"""The map of examples: what it needs, how it is drawn around, coloured, filtered."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from dataimp_gui.core.project import Project
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.scatter import Hand, Scatter

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def embedded(pictures, tmp_path):
    """Three well separated groups, one a class."""
    with Project.open(pictures) as project:
        rng = np.random.default_rng(5)
        centres = np.eye(3, 8, dtype=np.float32)
        vectors = centres[project.state.labels] + rng.normal(0, 0.02, (36, 8)).astype(np.float32)
        np.save(tmp_path / "vectors.npy", vectors)
        project.analysis.add_embedding(tmp_path / "vectors.npy", "given")
    return pictures


@pytest.fixture
def window(open_window, embedded, qtbot):
    window = open_window(embedded, size=(1440, 900))
    qtbot.waitUntil(lambda: window.session.predictions is not None)
    qtbot.mouseClick(window.page.views.buttons["map"], LEFT)
    view = window.page.map
    qtbot.waitUntil(lambda: view.scatter.isVisible() and "t-SNE" in view._title.accessibleName(), timeout=60_000)
    return window


def draw(qtbot, scatter, corners):
    qtbot.mousePress(scatter, LEFT, NONE, corners[0])
    for corner in [*corners[1:], corners[0]]:
        qtbot.mouseMove(scatter, corner)
    qtbot.mouseRelease(scatter, LEFT, NONE, corners[0])


def around(scatter):
    margin = 2
    return [
        QPoint(margin, margin),
        QPoint(scatter.width() - margin, margin),
        QPoint(scatter.width() - margin, scatter.height() - margin),
        QPoint(margin, scatter.height() - margin),
    ]


def test_drawing_around_selects_and_says_how_many_errors_there_are(window, qtbot):
    draw(qtbot, window.page.map.scatter, around(window.page.map.scatter))
    qtbot.waitUntil(lambda: len(window.session.selection) == 36)
    card = window.page.map.card
    assert card.isVisible()
    assert card.title.text() == "36 examples"
    assert card.errors.text().startswith("9 errors, 25.0%")


def test_a_click_on_a_point_makes_it_current_in_every_view(window, qtbot):
    scatter, row = window.page.map.scatter, 7
    at = scatter.to_view(*map(float, window.page.map._xy[row])).toPoint()
    meant = scatter.nearest(at.toPointF())
    qtbot.mouseClick(scatter, LEFT, NONE, at)
    qtbot.waitUntil(lambda: window.session.current == meant)
    assert window.session.project.state.labels[meant] == window.session.project.state.labels[row]


def test_examples_that_the_filter_leaves_out_cannot_be_chosen(window, qtbot):
    window.session.ask("label = 'coat'")
    qtbot.waitUntil(lambda: len(window.session.rows) == 12)
    draw(qtbot, window.page.map.scatter, around(window.page.map.scatter))
    qtbot.waitUntil(lambda: len(window.session.selection) == 12)


def test_colours_follow_the_column_that_is_asked_for(window, qtbot):
    view = window.page.map
    qtbot.waitUntil(lambda: view._coloured is not None and view._coloured.names == ("correct", "error"))
    view.colour.setCurrentIndex(view.colour.findData("label"))
    view.colour.activated.emit(view.colour.currentIndex())
    qtbot.waitUntil(lambda: view._coloured.names == ("bag", "coat", "shirt"))
    view.colour.setCurrentIndex(view.colour.findData("confidence"))
    view.colour.activated.emit(view.colour.currentIndex())
    qtbot.waitUntil(lambda: view._coloured.column == "confidence" and view._coloured.shades)


def test_what_is_alike_lies_near(window):
    xy, labels = window.page.map._xy, window.session.project.state.labels
    away = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    np.fill_diagonal(away, np.inf)
    assert (labels[away.argmin(axis=1)] == labels).all()


def test_without_an_embedding_the_map_says_what_it_needs_and_computes_it(open_window, pictures, qtbot):
    window = open_window(pictures)
    qtbot.mouseClick(window.page.views.buttons["map"], LEFT)
    view = window.page.map
    qtbot.waitUntil(lambda: "needs embeddings" in view.words.text())
    qtbot.mouseClick(view.compute, LEFT)
    qtbot.waitUntil(lambda: view._xy is not None, timeout=60_000)
    assert view.scatter.isVisible()


def test_until_there_is_a_map_its_place_says_that_it_comes(open_window, embedded, qtbot):
    window = open_window(embedded)
    qtbot.waitUntil(lambda: window.page.study.standing.is_embedded, timeout=60_000)
    qtbot.mouseClick(window.page.views.buttons["map"], LEFT)
    view = window.page.map
    assert view.words.isVisible()
    assert view.words.text().startswith("The examples are being placed.")
    assert not view.compute.isVisible()
    qtbot.waitUntil(view.scatter.isVisible, timeout=60_000)


@pytest.fixture
def scatter(qtbot, qapp):
    theme.apply(qapp, "dark")
    made = Scatter()
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitExposed(made):
        made.show()
    rng = np.random.default_rng(0)
    points = rng.normal(size=(500, 2)).astype(np.float32)
    points[::50] = np.nan
    made.set_points(points)
    return made


def test_a_lasso_finds_what_a_polygon_test_finds_and_never_a_point_without_a_place(scatter, qtbot):
    corners = [QPoint(120, 60), QPoint(320, 90), QPoint(280, 240), QPoint(100, 200)]
    with qtbot.waitSignal(scatter.lassoed) as told:
        draw(qtbot, scatter, corners)
    found, add = told.args
    import cv2

    line = np.array([[c.x(), c.y()] for c in corners], dtype=np.float32)
    inside = []
    for row, (x, y) in enumerate(scatter._xy):
        if np.isfinite(x):
            at = scatter.to_view(float(x), float(y))
            if cv2.pointPolygonTest(line, (at.x(), at.y()), True) > 1.5:
                inside.append(row)
    assert not add
    assert set(inside) <= set(found.tolist())
    assert len(found) <= len(inside) + 12  # those on the line itself
    assert np.isfinite(scatter._xy[found]).all()


def test_a_box_takes_what_lies_in_it(scatter, qtbot):
    scatter.hand = Hand.BOX
    with qtbot.waitSignal(scatter.lassoed) as told:
        qtbot.mousePress(scatter, LEFT, NONE, QPoint(10, 10))
        qtbot.mouseMove(scatter, QPoint(390, 290))
        qtbot.mouseRelease(scatter, LEFT, NONE, QPoint(390, 290))
    assert len(told.args[0]) == 490


def test_zooming_keeps_the_place_under_the_mouse(scatter):
    at = QPoint(80, 70).toPointF()
    before = scatter.sight.to_plane(at)
    scatter.zoom(3.0, at)
    after = scatter.sight.to_plane(at)
    assert (before.x(), before.y()) == pytest.approx((after.x(), after.y()))
    scatter.fit()
    assert len(scatter.inside([c.toPointF() for c in around(scatter)])) == 490


def test_the_map_fills_the_room_that_it_gets_and_keeps_what_a_person_zoomed_to(scatter):
    scale = scatter.sight.scale
    for size in ((200, 300), (400, 150), (400, 300)):
        scatter.resize(*size)
        assert len(scatter.inside([c.toPointF() for c in around(scatter)])) == 490
    assert scatter.sight.scale == pytest.approx(scale)
    scatter.zoom(3.0)
    for size in ((200, 300), (400, 150), (400, 300)):
        scatter.resize(*size)
    assert scatter.sight.scale == pytest.approx(3 * scale)


@pytest.mark.parametrize("count", [10, 60_000])
def test_few_points_and_very_many_are_seen(scatter, count):
    rng = np.random.default_rng(1)
    scatter.set_points(rng.normal(size=(count, 2)).astype(np.float32))
    codes = (np.arange(count) % 2).astype(np.int32)
    scatter.set_colours(codes, [theme.color("ok.base"), theme.color("err.base")], codes > 0)
    shot = scatter.grab().toImage()
    ground = theme.color("bg.window").rgb()
    drawn = sum(shot.pixel(x, y) != ground for x in range(0, shot.width(), 2) for y in range(0, shot.height(), 2))
    assert drawn > count / 10 if count == 10 else drawn > 5000
