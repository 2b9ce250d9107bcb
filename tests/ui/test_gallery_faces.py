"""In which order the pictures of the gallery arrive: those on the screen first, then those that scrolling will show."""

import threading

import numpy as np
import pytest
from PySide6.QtGui import QPixmap

from dataimp_gui.core import pictures
from dataimp_gui.core.project import Project
from dataimp_gui.ui.pages.triage.gallery.faces import PICTURES

COUNT = 600


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A project of 600 images."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("many")
    source = folder / "data" / "thing"
    source.mkdir(parents=True)
    Image.fromarray(np.arange(300, dtype=np.uint8).reshape(10, 10, 3)).save(source / "000.png")
    for number in range(1, COUNT):
        (source / f"{number:03d}.png").hardlink_to(source / "000.png")
    Project.create(folder / "many.dataimp", folder / "data")[0].close()
    return folder / "many.dataimp"


@pytest.fixture
def asked(monkeypatch):
    """The rows whose pictures workers were sent for, a list a time."""
    found, before = [], pictures.thumbnails

    def thumbnails(project, rows, size, progress):
        found.append((size, list(rows)))
        return before(project, rows, size, progress)

    monkeypatch.setattr(pictures, "thumbnails", thumbnails)
    return found


def until(qtbot, fact):
    qtbot.waitUntil(lambda: bool(fact()), timeout=60_000)


def on_screen(window):
    return list(map(int, window.page.gallery.view.visible()))


def all_here(window):
    model = window.page.gallery.model
    return all(isinstance(model.face(place), QPixmap) for place in on_screen(window))


def test_the_screen_comes_first_then_the_screen_below_and_no_more(open_window, many, asked, qtbot):
    window = open_window(many)
    until(qtbot, lambda: all_here(window))
    screen = len(on_screen(window))
    assert 0 < screen < COUNT // 5
    until(qtbot, lambda: sum(len(rows) for _, rows in asked) == 2 * screen)
    assert sorted(row for _, rows in asked for row in rows) == list(range(2 * screen))
    qtbot.waitUntil(lambda: not window.session.reads.running, timeout=60_000)
    before = len(asked)
    bar = window.page.gallery.view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    until(qtbot, lambda: all_here(window))
    seen = on_screen(window)
    assert seen[0] > 2 * screen
    after = [row for _, rows in asked[before:] for row in rows]
    assert set(seen) <= set(after[: len(seen) + PICTURES])  # of two workers, the later may begin first
    assert sum(len(rows) for _, rows in asked[:before]) == 2 * screen


def test_two_workers_fetch_at_once(open_window, many, monkeypatch, qtbot):
    both, before = threading.Barrier(2), pictures.thumbnails

    def thumbnails(project, rows, size, progress):
        if 0 in rows or PICTURES in rows:
            both.wait(timeout=60)
        return before(project, rows, size, progress)

    monkeypatch.setattr(pictures, "thumbnails", thumbnails)
    window = open_window(many)
    until(qtbot, lambda: all_here(window))
    assert not both.broken


def test_larger_tiles_get_larger_pictures_also_while_small_ones_are_on_their_way(open_window, many, asked, qtbot):
    window = open_window(many)
    gallery = window.page.gallery
    gallery.set_tile_width(200)
    until(qtbot, lambda: all_here(window))
    larger = {row for size, rows in asked if size == 256 for row in rows}
    assert larger.issuperset(window.session.rows[on_screen(window)].tolist())
    gallery.set_tile_width(104)
    until(qtbot, lambda: all_here(window) and not window.session.reads.running)
    last = {row: size for size, rows in asked for row in rows}
    assert {last[row] for row in on_screen(window)} == {128}


def test_what_one_failure_took_along_is_asked_for_again(open_window, many, monkeypatch, qtbot):
    failures, before = [OSError("no"), OSError("no")], pictures.thumbnails

    def thumbnails(project, rows, size, progress):
        if failures:
            raise failures.pop()
        return before(project, rows, size, progress)

    monkeypatch.setattr(pictures, "thumbnails", thumbnails)
    window = open_window(many)
    until(qtbot, lambda: not failures and all_here(window))
