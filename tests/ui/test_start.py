"""The start page: recent projects, demos, and the ways in."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from dataimp_gui.ui.pages.start import recent
from dataimp_gui.ui.pages.start.cards import Card
from dataimp_gui.ui.pages.start.recent import Recent
from dataimp_gui.ui.shell import glancing

LONG_MS = 60_000


def cards(window):
    return {card.text(): card for card in window.start.findChildren(Card) if card.isVisible()}


def test_an_opened_project_is_offered_the_next_time(open_window, pictures, qtbot):
    open_window(pictures).close()
    window = open_window()
    card = cards(window)["pictures"]
    assert card.accessibleName() == "pictures, 36 images, 3 labels"
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session is not None and window.session.ready, timeout=LONG_MS)


def test_a_card_tells_how_well_the_model_does_and_how_the_examples_look(
    open_window, pictures, qtbot, tmp_path, monkeypatch
):
    monkeypatch.setattr(glancing, "FIRST_MS", 0)
    window = open_window(pictures)
    settings = tmp_path / "settings"
    qtbot.waitUntil(lambda: recent.load(settings)[0].accuracy is not None, timeout=LONG_MS)
    window.close()
    face = QImage(str(recent.face(str(pictures.resolve()), settings)))
    assert (face.width(), face.height()) == (112, 112)
    corners = {face.pixel(x, y) for x in (10, 100) for y in (10, 100)}
    assert len(corners) == 4  # of four examples
    card = cards(open_window())["pictures"]
    assert card.accessibleName() == "pictures, 36 images, 3 labels, accuracy 75.0%"
    recent.forget(str(pictures.resolve()), settings)
    assert not list(settings.rglob("*.png"))


def test_a_card_names_the_version_and_what_its_gates_said(open_window, tmp_path):
    place = tmp_path / "a.dataimp"
    place.mkdir()
    known = Recent(str(place), "a", "text", 5, 2, "v3 draft", "2026-01-01T00:00:00+00:00", 0.876, "test", 2)
    recent.remember(known, tmp_path / "settings")
    said = "a, v3 draft, 5 texts, 2 labels, test accuracy 87.6%, 2 gates fail"
    assert cards(open_window())["a"].accessibleName() == said


def test_a_project_that_is_asked_for_twice_opens_once(open_window, pictures, qtbot):
    window = open_window()
    for _ in range(3):
        window.open(pictures)
    qtbot.waitUntil(lambda: window.session is not None and window.session.ready, timeout=LONG_MS)
    assert not window.session.project.read_only
    window.open(pictures)  # it is open here
    assert not window.opening.busy
    assert not window.message_bar.isVisible()


def test_a_project_that_is_gone_can_be_forgotten(open_window, tmp_path, qtbot):
    gone = Recent(str(tmp_path / "gone.dataimp"), "gone", "image", 5, 2, "", "2026-01-01T00:00:00+00:00")
    recent.remember(gone, tmp_path / "settings")
    window = open_window()
    qtbot.mouseClick(cards(window)["gone"], Qt.MouseButton.LeftButton)
    assert "gone" not in cards(window)
    assert recent.load(tmp_path / "settings") == []


def test_recent_projects_are_newest_first_without_doubles_and_survive_damage(tmp_path):
    for name in "abca":
        recent.remember(Recent(f"/{name}", name, "text", 1, 1, "", ""), tmp_path)
    assert [entry.name for entry in recent.load(tmp_path)] == ["a", "c", "b"]
    (tmp_path / recent.NAME).write_text('[{"path": 3}, 7]')
    assert recent.load(tmp_path) == []
    (tmp_path / recent.NAME).write_text("[")
    assert recent.load(tmp_path) == []


def test_one_key_opens_the_demo_with_its_errors(open_window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: window.session is not None and window.session.ready, timeout=LONG_MS)
    assert window.session.project.runs
    assert (tmp_path / "Dataimp").is_dir()
    window.session.ask("error")
    qtbot.waitUntil(lambda: window.session.shown == "error", timeout=LONG_MS)
    assert len(window.session.rows) > 50


@pytest.mark.parametrize("title", ["Clothing", "Messages", "Voices"])
def test_the_demos_are_listed(open_window, title):
    assert title in cards(open_window())
