"""Saved slices on the tiles of the gallery: a mark each, the one that the list among the filters has."""

import numpy as np

LONG_MS = 60_000


def names(window, row):
    model = window.page.gallery.model
    return tuple(name for _, name in model.facts(model.place(row)).slices)


def test_tiles_bear_the_marks_of_the_slices_they_are_in(open_window, pictures, qtbot):
    window = open_window(pictures)
    session, project = window.session, window.session.project
    inside, outside = int(project.rows("error")[0]), int(project.rows("correct")[0])
    view = window.page.gallery.view
    qtbot.waitUntil(lambda: session.rows is not None and len(session.rows) == project.count, timeout=LONG_MS)
    plain = view.grab().toImage()
    project.slices.save("Wrong ones", "error")
    qtbot.waitUntil(lambda: names(window, inside) == ("Wrong ones",), timeout=LONG_MS)
    assert names(window, outside) == ()
    assert "in the slice Wrong ones" in window.page.gallery.model.words(window.page.gallery.model.place(inside))
    qtbot.waitUntil(lambda: view.grab().toImage() != plain, timeout=LONG_MS)
    project.relabel(np.array([inside]), project.state.word("label", int(session.predictions.codes[inside])))
    qtbot.waitUntil(lambda: names(window, inside) == (), timeout=LONG_MS)  # the rule is asked again
    project.slices.remove("Wrong ones")
    assert project.slices.saved() == ()
