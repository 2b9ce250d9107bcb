"""The inspector: pictures looked into, sounds played, texts searched and explained, what each run says."""

import csv
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton

from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.project import Project
from dataimp_gui.progress import Progress

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def until(qtbot, fact):
    """Patient, because the machine may have much else to do."""
    qtbot.waitUntil(fact, timeout=60_000)


def show(qtbot, window, row):
    window.session.select(np.array([row], dtype=np.int64), row)
    wanted = window.session.project.query.example(row).id
    until(qtbot, lambda: window.page.inspector.id_words() == wanted)
    return window.page.inspector.medium


def wheel(widget, at, notches):
    place = QPointF(at)
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_the_wheel_looks_closer_at_the_place_under_it_until_lines_part_the_pixels(open_window, pictures, qtbot):
    window = open_window(pictures)
    medium = show(qtbot, window, 4)
    stage = medium.stage
    until(qtbot, lambda: stage.image is not None)
    fitted = stage.zoom
    plain = stage.grab().toImage()
    corner = stage.rect().center() + QPoint(20, 20)
    wheel(stage, corner, 8)
    assert stage.zoom > 4 * fitted
    close = stage.grab().toImage()
    row = [close.pixel(x, stage.height() // 2) for x in range(40, stage.width() - 80)]
    changes = np.flatnonzero(np.diff(np.array(row, dtype=np.int64)))
    assert len(np.unique(np.diff(changes))) <= 4  # a line, an even pixel, a line: nothing is smoothed
    wheel(stage, corner, -20)
    assert stage.zoom == pytest.approx(fitted)
    assert stage.grab().toImage() == plain


def test_how_pictures_are_shown_is_remembered(open_window, pictures, qtbot):
    window = open_window(pictures)
    medium = show(qtbot, window, 0)
    assert not medium.tones.isVisible()
    for tool in (medium.contrast, medium.counts):
        qtbot.mouseClick(tool, LEFT)
    until(qtbot, lambda: medium.tones.words().startswith("Values of red, green and blue from 0 to 25"))
    assert medium.tones.isVisible()
    window.close()
    again = open_window(pictures)
    medium = again.page.inspector.medium
    assert medium.ways == {"exact": False, "contrast": True, "histogram": True}


@pytest.fixture
def tones(tmp_path, monkeypatch):
    """A project of three clips of a second, and a player that is heard by nobody."""
    import soundfile
    from miniaudio import Backend

    from dataimp_gui.ui.kit.player import Player
    from dataimp_gui.ui.pages.triage.inspector import sound_view

    times = np.arange(16000) / 8000
    for name, hertz in (("low", 300), ("mid", 900), ("high", 3000)):
        (tmp_path / "data" / name).mkdir(parents=True)
        soundfile.write(tmp_path / "data" / name / "tone.wav", 0.5 * np.sin(2 * np.pi * hertz * times), 8000)
    import_dataset(tmp_path / "data", tmp_path / "tones.dataimp", ImportOptions(), Progress())
    monkeypatch.setattr(sound_view, "Player", lambda: Player([Backend.NULL]))
    return tmp_path / "tones.dataimp"


def test_a_sound_is_played_sought_through_and_repeated_in_part(open_window, tones, qtbot):
    window = open_window(tones)
    medium = show(qtbot, window, 0)
    strip = medium.strip
    assert strip.time == "0.00 / 2.00 s · 8 kHz"
    y, width = strip.height() // 2, strip.width()
    qtbot.mouseClick(strip, LEFT, pos=QPoint(width // 2, y))
    assert strip.place == pytest.approx(0.5, abs=0.01)
    assert not medium.is_playing
    qtbot.mousePress(strip, LEFT, pos=QPoint(width // 4, y))
    qtbot.mouseMove(strip, QPoint(width // 4 + 20, y))
    qtbot.mouseRelease(strip, LEFT, pos=QPoint(width // 4 + 20, y))
    first, last = strip.span
    assert "repeats 0.5" in strip.time
    heard = []
    medium.hearing.player.moved.connect(lambda share: heard.append(share) if share >= 0 else None)
    qtbot.mouseClick(medium.play, LEFT)
    until(qtbot, lambda: sum(b < a for a, b in pairwise(heard)) >= 2)  # it began anew, twice
    assert medium.is_playing
    assert all(first - 0.01 <= share <= last + 0.01 for share in heard)
    assert medium.play.accessibleName() == "Pause"
    until(qtbot, window.isActiveWindow)
    strip.setFocus()
    qtbot.keyClick(strip, KEY.Key_Escape)
    assert strip.span is None
    until(qtbot, lambda: not medium.is_playing)  # no longer repeated, it comes to its end
    qtbot.keyClick(strip, KEY.Key_Home)
    assert strip.place == 0
    qtbot.keyClick(strip, KEY.Key_Return)
    until(qtbot, lambda: medium.is_playing)
    window.page.gallery.view.setFocus()
    qtbot.keyClick(window.page.gallery.view, KEY.Key_P)
    until(qtbot, lambda: medium.play.accessibleName() == "Play")
    qtbot.keyClick(window.page.gallery.view, KEY.Key_P)
    until(qtbot, lambda: medium.is_playing)
    show(qtbot, window, 1)
    until(qtbot, lambda: not medium.is_playing)  # the next one is silent until it is asked for


def test_with_play_on_select_the_next_sound_begins_by_itself(open_window, tones, qtbot):
    window = open_window(tones)
    medium = show(qtbot, window, 0)
    qtbot.mouseClick(medium.on_select, LEFT, pos=QPoint(8, medium.on_select.height() // 2))
    assert not medium.is_playing
    show(qtbot, window, 1)
    until(qtbot, lambda: medium.is_playing)
    assert medium.ways == {"play": True}


def test_a_sound_that_is_gone_says_so_and_cannot_be_played(open_window, tones, qtbot):
    for file in tones.parent.glob("data/*/tone.wav"):
        file.unlink()
    window = open_window(tones)
    medium = show(qtbot, window, 0)
    until(qtbot, lambda: window.page.inspector.missing_words() != "")
    assert medium.strip.accessibleDescription() == window.page.inspector.missing_words()
    assert not medium.play.isEnabled()


REASONS = ("prize", "lunch")


@pytest.fixture
def messages(tmp_path):
    """200 texts and two runs: one goes by a word, the other always says ham."""
    rng = np.random.default_rng(0)
    with (tmp_path / "texts.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "text", "label"])
        for n in range(200):
            idle = " ".join(rng.choice(["the", "of", "and", "to", "we", "you", "it", "on"], 6))
            rows.writerow([f"t{n:03d}", f"😀 the {REASONS[n % 2]} {idle}", ("spam", "ham")[n % 2]])
    said = {"words": [("spam", "ham")[n % 2] for n in range(200)], "usual": ["ham"] * 200}
    for run, labels in said.items():
        lines = [f"t{n:03d},{label},0.75" for n, label in enumerate(labels)]
        (tmp_path / f"{run}.csv").write_text("id,predicted,confidence\n" + "\n".join(lines) + "\n")
    options = ImportOptions(predictions=(tmp_path / "usual.csv", tmp_path / "words.csv"))
    import_dataset(tmp_path / "texts.csv", tmp_path / "texts.dataimp", options, Progress())
    return tmp_path / "texts.dataimp"


def test_words_are_found_in_the_text_and_walked_through(open_window, messages, qtbot):
    window = open_window(messages)
    medium = show(qtbot, window, 0)
    until(qtbot, window.isActiveWindow)
    medium.field.setFocus()
    qtbot.keyClicks(medium.field, "THE")
    whole = medium.reading.toPlainText()
    amount = whole.lower().count("the")
    assert medium.count.text() == f"1 of {amount}"
    assert medium.reading.textCursor().selectedText() == "the"
    qtbot.keyClick(medium.field, KEY.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert medium.count.text() == f"{amount} of {amount}"
    qtbot.keyClick(medium.field, KEY.Key_Return)
    assert medium.count.text() == f"1 of {amount}"
    qtbot.keyClicks(medium.field, "(x")
    assert medium.count.text() == "none"
    qtbot.keyClick(medium.field, KEY.Key_Escape)
    assert medium.field.text() == ""
    assert not medium.reading.textCursor().hasSelection()


def test_the_words_that_speak_for_the_prediction_are_coloured_and_said_to_be_of_an_imitation(
    open_window, messages, qtbot
):
    window = open_window(messages)
    window.session.use_run("words")
    until(qtbot, lambda: window.session.project.run.name == "words")
    medium = show(qtbot, window, 0)
    qtbot.mouseClick(medium.speaking, LEFT)
    until(qtbot, lambda: medium.spoken() != [])
    assert max(medium.spoken(), key=lambda each: each[1])[0] == "prize"
    assert "Underlined blue speaks for spam" in medium.legend.text()
    assert "agrees with the run on 100.0%" in medium.legend.text()
    show(qtbot, window, 1)
    until(qtbot, lambda: "lunch" in dict(medium.spoken()))
    assert "speaks for ham" in medium.legend.text()
    window.session.use_run("usual")
    until(qtbot, lambda: "too few predictions" in medium.legend.text())  # it always says the same
    assert medium.spoken() == []


def test_what_every_run_says_stands_beneath_the_labels(open_window, messages, qtbot):
    window = open_window(messages)
    show(qtbot, window, 0)
    runs = window.page.inspector.runs
    until(qtbot, runs.isVisible)
    assert sorted(runs.words()) == [("usual", "ham", "0.75"), ("words", "spam", "0.75")]


def test_older_edits_are_shown_on_demand(open_window, messages, qtbot):
    with Project.open(messages) as project:
        for number in range(25):
            project.note(np.array([0]), f"note {number}", why=f"because {number}")
    window = open_window(messages)
    show(qtbot, window, 0)
    history = window.page.inspector.history
    until(qtbot, lambda: "Note “note 5”" in history.words())
    assert "because 24" in history.words()
    assert "Note “note 4”" not in history.words()
    older = next(each for each in history.findChildren(QPushButton) if each.text() == "Show 5 older edits")
    qtbot.mouseClick(older, LEFT)
    until(qtbot, lambda: "Note “note 4”" in history.words())
    assert history.words()[-1] == "Imported as spam"


def test_many_fields_can_be_filtered_and_a_text_that_is_too_long_says_how_much_is_shown(open_window, tmp_path, qtbot):
    names = [f"field {n:02d}" for n in range(80)]
    with (tmp_path / "wide.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "text", "label", *names])
        rows.writerow(["long", "word " * 25_000, "a", *range(80)])
        rows.writerow(["short", "word", "b", *range(80, 160)])
    import_dataset(tmp_path / "wide.csv", tmp_path / "wide.dataimp", ImportOptions(), Progress())
    window = open_window(tmp_path / "wide.dataimp")
    medium = show(qtbot, window, 0)
    assert medium.cut.text() == "Only the first 100,000 of 125,000 characters are shown."
    assert medium.cut.isVisible()
    fields = window.page.inspector.fields
    until(qtbot, lambda: len(fields.names()) == 60)
    fields.filter.setFocus()
    qtbot.keyClicks(fields.filter, "D 07")
    assert fields.names() == ["field 07"]
    show(qtbot, window, 1)
    assert not medium.cut.isVisible()
    until(qtbot, lambda: fields.names() == ["field 07"])  # the same field of the next one
    fields.filter.setText("87")
    assert fields.names() == ["field 07"]  # by its value
