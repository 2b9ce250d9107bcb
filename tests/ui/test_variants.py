"""Variants in the window: they come while it is open, are measured and compared, and go with an undo."""

import pytest

from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.model import Modality
from dataimp_gui.core.project import Project

LONG = 60_000
DIM = Policy("Dim", Modality.IMAGE, steps=(Step("dim", ranges={"gain": (0.4, 0.5)}),))


@pytest.fixture
def window(open_window, pictures):
    with Project.open(pictures) as project:
        project.analysis.embed()
        project.slices.save("coats", "label = 'coat'")
    return open_window(pictures, measure_most=1000)


@pytest.fixture
def write(window, qtbot):
    def write(where, each):
        written = []
        window.session.write(lambda project: project.augment.write(DIM, where, each), written.append, written.append)
        qtbot.waitUntil(lambda: bool(written), timeout=LONG)
        return written[0]

    return write


def test_variants_join_the_gallery_and_its_counts_and_undo_takes_them_out(window, write, qtbot):
    session, page = window.session, window.page
    model = page.gallery.model
    assert write("label = 'coat'", 2).added == 24
    qtbot.waitUntil(lambda: len(session.rows) == 60, timeout=LONG)
    assert window.top.count_words() == "60 / 60"
    facts = model.facts(59)
    assert (facts.label, facts.predicted, facts.confidence) == ("coat", "", None)
    qtbot.waitUntil(lambda: model.facts(59).slices == ((0, "coats"),), timeout=LONG)
    session.select(session.rows[59:], int(session.rows[59]))
    qtbot.waitUntil(lambda: "augmented_from" in page.inspector.fields.names(), timeout=LONG)
    session.undo()
    qtbot.waitUntil(lambda: window.top.count_words() == "36 / 36", timeout=LONG)
    session.redo()
    qtbot.waitUntil(lambda: window.top.count_words() == "60 / 60", timeout=LONG)


def test_examples_that_come_are_measured_and_compared_of_their_own_accord(window, write, qtbot):
    analysis = window.session.project.analysis
    qtbot.waitUntil(lambda: analysis.is_measured, timeout=LONG)
    write("label = 'bag'", 1)
    project = window.session.project
    qtbot.waitUntil(lambda: project.analysis.is_measured and project.analysis.embeds_all, timeout=LONG)
    qtbot.waitUntil(lambda: window.page.study.running is None, timeout=LONG)
    assert project.analysis.embedding.has_vector[36:].all()
    bright = project.query.numbers("brightness")
    assert (bright[36:] < bright[:12]).all()
