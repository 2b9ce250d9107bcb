"""Review by hand: one key an example, on the disk before the next one shows."""

import shutil

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from dataimp_gui.core.model import IssueKind
from dataimp_gui.core.project import Project
from dataimp_gui.ui.kit.actions import clashes
from dataimp_gui.ui.kit.stage import Stage
from dataimp_gui.ui.pages.review.actions import ACTIONS
from dataimp_gui.ui.pages.review.pace import Pace, left_words
from dataimp_gui.ui.session import Queue
from dataimp_gui.ui.settings import Settings
from dataimp_gui.ui.window_actions import ACTIONS as WINDOW_ACTIONS

KEY = Qt.Key
ROWS = np.array([3, 14, 25, 7, 30])


def until(qtbot, fact):
    """Patient, because the machine may have much else to do."""
    qtbot.waitUntil(fact, timeout=20_000)


def review(qtbot, window, rows=ROWS, title="Odd ones", kind=None):
    until(qtbot, lambda: window.session.predictions is not None or not window.session.project.runs)
    window.session.review_wanted.emit(Queue(title, np.asarray(rows), kind))
    until(qtbot, lambda: window.reviewing.page is not None)
    page = window.reviewing.page
    until(qtbot, lambda: page.walk.is_done or page.walk.frame is not None)
    return page


@pytest.fixture
def window(open_window, pictures):
    return open_window(pictures)


@pytest.fixture
def page(window, qtbot):
    return review(qtbot, window)


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Once the keyboard is the window's again: a list that was open may not have given it back yet."""
    until(qtbot, lambda: window.isActiveWindow() and QApplication.activePopupWidget() is None)
    until(qtbot, lambda: (QApplication.focusWidget() or window).window() is window)
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


def decide(qtbot, window, key):
    """Press a key and wait for its decision, which moves on."""
    walk = window.reviewing.page.walk
    until(qtbot, lambda: walk.can_decide)
    before = len(walk.decided)
    press(qtbot, window, key)
    until(qtbot, lambda: len(walk.decided) == before + 1 and (walk.is_done or walk.can_decide))


def label_of(project, row):
    return project.state.word("label", int(project.state.labels[row]))


def test_no_two_keys_of_a_review_clash():
    rows = [*ACTIONS, *WINDOW_ACTIONS]
    assert clashes(rows) == {}
    assert len({row.id for row in rows}) == len(rows)


def test_a_number_key_relabels_marks_reviewed_and_moves_on(window, page, qtbot):
    project = window.session.project
    assert (page.walk.row, page.bar.words()) == (3, "1 / 5")
    assert page.viewing.header_words()[0] == "bag/03.png"
    decide(qtbot, window, KEY.Key_3)
    assert (label_of(project, 3), bool(project.state.reviewed[3])) == ("shirt", True)
    assert (page.walk.row, page.bar.words()) == (14, "2 / 5")
    assert page.viewing.header_words()[0] == "coat/02.png"
    assert "Relabelled otherwise 1" in page.deciding.tally.words()
    assert window.status.selection.text() == "1 done, 4 to go"
    assert window.status.last.text() == "Relabelled to shirt"


def test_every_kind_of_decision_has_a_key_and_is_counted(window, page, qtbot):
    state = window.session.project.state
    for key in (KEY.Key_K, KEY.Key_X, KEY.Key_F, KEY.Key_S, KEY.Key_1):
        decide(qtbot, window, key)
    assert state.reviewed[3]
    assert state.excluded[14]
    assert state.tags["flagged"][25]
    assert not state.reviewed[25]
    assert not state.reviewed[7]
    assert label_of(window.session.project, 30) == "bag"
    assert page.walk.is_done
    assert page.deciding.tally.words().startswith("Accepted 0, Relabelled otherwise 1, Kept 1, Excluded 1, Flagged 1")


def test_giving_the_label_that_it_has_keeps_it(window, page, qtbot):
    decide(qtbot, window, KEY.Key_1)
    assert page.walk.decided[3].verb == "keep"
    assert label_of(window.session.project, 3) == "bag"


def test_undo_steps_back_and_takes_the_whole_decision_back(window, page, qtbot):
    state = window.session.project.state
    decide(qtbot, window, KEY.Key_3)
    decide(qtbot, window, KEY.Key_S)
    decide(qtbot, window, KEY.Key_X)
    assert page.walk.row == 7
    for row in (25, 14, 3):
        press(qtbot, window, KEY.Key_U)
        until(qtbot, lambda row=row: page.walk.row == row and page.walk.can_decide)
    assert not (state.excluded[25])
    assert not state.reviewed[25]
    assert not state.reviewed[3]
    assert label_of(window.session.project, 3) == "bag"
    assert (page.walk.decided, page.walk.left) == ({}, 5)
    assert sum(page.walk.tally.values()) == 0
    assert window.session.project.undo_title == ""


def test_ctrl_z_and_redo_work_on_the_queue_too(window, page, qtbot):
    decide(qtbot, window, KEY.Key_3)
    press(qtbot, window, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: page.walk.row == 3 and page.walk.can_decide)
    assert label_of(window.session.project, 3) == "bag"
    press(qtbot, window, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, lambda: 3 in page.walk.decided and page.walk.row == 14)
    assert label_of(window.session.project, 3) == "shirt"
    assert window.session.project.state.reviewed[3]


def test_arrows_look_without_deciding(window, page, qtbot):
    press(qtbot, window, KEY.Key_Right)
    press(qtbot, window, KEY.Key_Right)
    assert (page.walk.row, page.walk.decided) == (25, {})
    press(qtbot, window, KEY.Key_Left)
    assert page.walk.row == 14
    until(qtbot, lambda: page.walk.can_decide)
    decide(qtbot, window, KEY.Key_K)
    assert page.walk.row == 25  # what was passed by arrows comes at the end
    for _ in range(3):
        decide(qtbot, window, KEY.Key_K)
    assert page.walk.row == 3
    decide(qtbot, window, KEY.Key_K)
    assert page.walk.is_done


def test_a_click_in_the_queue_goes_there_and_a_click_on_a_label_decides(window, page, qtbot):
    strip, choices = page.viewing.strip, page.deciding.choices
    until(qtbot, lambda: len(strip.cells) == 5)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.cell_rect(2).center())
    assert page.walk.row == 25
    until(qtbot, lambda: page.walk.can_decide)
    names = [choice.name for choice in choices.choices]
    at = choices.row_rect(names.index("coat")).center()
    qtbot.mouseClick(choices, Qt.MouseButton.LeftButton, pos=at)
    until(qtbot, lambda: 25 in page.walk.decided)
    assert label_of(window.session.project, 25) == "coat"
    assert [cell.words for cell in strip.cells][2] == "coat"
    assert strip.cells[2].sign == "pencil"


def test_keys_of_triage_rest_during_a_review_and_are_back_after_it(window, page, qtbot):
    press(qtbot, window, KEY.Key_Escape)
    until(qtbot, lambda: window.reviewing.page is None)
    triage = window.page
    assert triage.isVisible()
    triage.gallery.choose(np.array([0]), 0)
    until(qtbot, lambda: window.session.current == int(window.session.rows[0]))
    row, state = window.session.current, window.session.project.state
    triage.gallery.view.setFocus()
    press(qtbot, window, KEY.Key_X)
    until(qtbot, lambda: state.codes("excluded")[row] == 1)


def test_panels_hear_of_all_decisions_when_the_review_is_left(window, page, qtbot):
    heard = []
    window.session.changed.connect(heard.append)
    decide(qtbot, window, KEY.Key_3)
    decide(qtbot, window, KEY.Key_X)
    assert heard == []
    press(qtbot, window, KEY.Key_Escape)
    until(qtbot, lambda: len(heard) == 1)
    assert heard[0].rows.tolist() == [3, 14]


def test_the_queue_goes_on_where_it_was_left_also_after_a_restart(window, page, open_window, pictures, qtbot):
    decide(qtbot, window, KEY.Key_3)
    decide(qtbot, window, KEY.Key_S)
    press(qtbot, window, KEY.Key_Escape)
    until(qtbot, lambda: window.reviewing.page is None)
    assert "3 of “Odd ones” left" in window.toast.words
    window.reviewing.resume()
    until(qtbot, lambda: window.reviewing.page is not None)
    assert window.reviewing.page.walk.row == 25
    window.close()
    with Project.open(pictures) as project:
        assert label_of(project, 3) == "shirt"
    again = open_window(pictures)
    until(qtbot, lambda: "left unfinished" in again.toast.words)
    again.commands.find("window.resume").trigger()
    until(qtbot, lambda: again.reviewing.page is not None)
    walk = again.reviewing.page.walk
    until(qtbot, lambda: walk.can_decide)
    assert (walk.row, walk.left) == (25, 3)
    press(qtbot, again, KEY.Key_U)
    until(qtbot, lambda: walk.row == 14 and walk.can_decide)
    press(qtbot, again, KEY.Key_U)
    until(qtbot, lambda: walk.row == 3 and walk.can_decide)
    assert label_of(again.session.project, 3) == "bag"


def test_a_decision_is_on_the_disk_before_the_next_example_shows(window, page, pictures, qtbot):
    seen = []

    def look():
        with Project.open(pictures, read_only=True) as other:
            seen.append((label_of(other, 3), len(other.reviews.decisions(page.walk.review))))

    page.walk.moved.connect(look)
    decide(qtbot, window, KEY.Key_3)
    assert seen == [("shirt", 1)]


def test_a_key_that_comes_before_the_next_example_is_shown_decides_nothing(window, page, qtbot):
    until(qtbot, window.isActiveWindow)
    for _ in range(3):
        qtbot.keyClick(window, KEY.Key_X)
    until(qtbot, lambda: page.walk.row == 14)
    assert list(page.walk.decided) == [3]
    assert not window.session.project.state.excluded[14]


def test_blind_mode_shows_nothing_that_sways_and_reports_agreement(window, page, qtbot):
    until(qtbot, lambda: any("given" in words for words in page.viewing.header_words()))
    press(qtbot, window, KEY.Key_B)
    assert page.bar.blind.isChecked()
    for key in (KEY.Key_1, KEY.Key_1, KEY.Key_3, KEY.Key_1, KEY.Key_2):
        assert page.viewing.header_words() == ["id hidden"]  # it may be a path that names the class
        choices = page.deciding.choices.choices
        assert [choice.name for choice in choices] == ["bag", "coat", "shirt"]
        assert all(choice.probability is None and not choice.sign for choice in choices)
        assert page.suggestion.words().startswith("Hidden")
        assert page.suggestion.titles() == []
        press(qtbot, window, KEY.Key_K)  # there is nothing shown to keep, nor to accept
        press(qtbot, window, KEY.Key_Space)
        decide(qtbot, window, key)
    until(qtbot, lambda: "Blind, you agreed" in page.finish.words())
    assert (
        "the given label on 3 of 5 (60.0\u00a0%" in page.finish.words()
    )  # bag, shirt, bag of bag, coat, shirt, bag, shirt


def test_the_end_tells_the_tally_and_offers_the_way_back_and_what_was_skipped(window, page, qtbot):
    for key in (KEY.Key_K, KEY.Key_S, KEY.Key_K, KEY.Key_F, KEY.Key_K):
        decide(qtbot, window, key)
    until(qtbot, lambda: page.finish.words().startswith("Odd ones"))
    assert "Kept 3\nFlagged 1\nSkipped 1" in page.finish.words()
    window.grab()
    offers = {button.text(): button for button in page.finish.buttons()}
    assert list(offers) == ["Back to Triage", "Review 2 skipped or flagged"]
    qtbot.mouseClick(offers["Review 2 skipped or flagged"], Qt.MouseButton.LeftButton)
    until(qtbot, lambda: window.reviewing.page not in (None, page) and window.reviewing.page.walk.frame is not None)
    assert window.reviewing.page.walk.rows.tolist() == [14, 7]


def test_a_second_reviewer_is_compared_and_settles(window, page, qtbot):
    window.use_settings(Settings(author="ada"))
    for key in (KEY.Key_K, KEY.Key_K, KEY.Key_K, KEY.Key_K, KEY.Key_K):
        decide(qtbot, window, key)
    window.use_settings(Settings(author="ben"))
    press(qtbot, window, KEY.Key_Escape)
    until(qtbot, lambda: window.reviewing.page is None)
    window.commands.find("window.second").trigger()
    until(qtbot, lambda: window.reviewing.page is not None)
    second = window.reviewing.page
    assert (second.walk.row, second.walk.left) == (3, 5)
    assert second.bar.blind.isChecked()
    assert second.walk.blind
    for key in (KEY.Key_1, KEY.Key_1, KEY.Key_3, KEY.Key_1, KEY.Key_3):
        decide(qtbot, window, key)
    until(qtbot, lambda: "ada and ben agree on 4 of 5" in second.finish.words())
    assert "Cohen's kappa 0.67" in second.finish.words()
    settle = next(button for button in second.finish.buttons() if button.text() == "Settle 1")
    window.grab()
    qtbot.mouseClick(settle, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: window.reviewing.page not in (None, second) and window.reviewing.page.walk.frame is not None)
    third = window.reviewing.page
    assert third.walk.rows.tolist() == [14]
    assert list(third.walk.frame.opinions) == [("ada", "coat"), ("ben", "bag")]
    decide(qtbot, window, KEY.Key_2)
    assert window.session.project.reviews.disagreements(second.walk.review).tolist() == []


def test_tags_and_notes_stay_on_the_example_and_are_undone_in_their_turn(window, page, qtbot):
    project = window.session.project
    press(qtbot, window, KEY.Key_T)
    until(qtbot, lambda: page.picker is not None and page.picker.field.hasFocus())
    qtbot.keyClicks(page.picker.field, "dark")
    qtbot.keyClick(page.picker.field, KEY.Key_Return)
    until(qtbot, lambda: "dark" in project.state.tags and bool(project.state.tags["dark"][3]))
    page.deciding.note.setFocus()  # the list may not have given the keyboard back yet, so no key opens the note
    qtbot.keyClicks(page.deciding.note, "x3 s?")
    qtbot.keyClick(page.deciding.note, KEY.Key_Return)
    until(qtbot, lambda: project.state.word("note", int(project.state.notes[3])) == "x3 s?")
    assert (page.walk.row, page.walk.decided) == (3, {})
    decide(qtbot, window, KEY.Key_X)
    for _ in range(3):
        until(qtbot, lambda: page.walk.can_step_back)
        press(qtbot, window, KEY.Key_U)
        until(qtbot, lambda: page.walk.row == 3 and page.walk.can_decide)
    assert project.undo_title == ""
    assert not project.state.excluded[3]
    assert page.deciding.note.text() == ""


def test_a_new_class_is_made_from_the_list_of_labels(window, page, qtbot):
    press(qtbot, window, KEY.Key_L)
    until(qtbot, lambda: page.picker is not None and page.picker.field.hasFocus())
    qtbot.keyClicks(page.picker.field, "cape")
    qtbot.keyClick(page.picker.field, KEY.Key_Return)
    until(qtbot, lambda: label_of(window.session.project, 3) == "cape")
    until(qtbot, lambda: [c.name for c in page.deciding.choices.choices] == ["bag", "coat", "shirt", "cape"])
    decide(qtbot, window, KEY.Key_4)
    assert label_of(window.session.project, 14) == "cape"


def test_the_labelling_guide_is_written_in_place_and_kept(window, page, pictures, open_window, qtbot):
    press(qtbot, window, KEY.Key_G)
    guide = page.suggestion.guide
    until(qtbot, guide.field.hasFocus)
    qtbot.keyClicks(guide.field, "Coat: opens in front. X is no key here.")
    qtbot.keyClick(guide.field, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: window.session.project.guide() == "Coat: opens in front. X is no key here.")
    assert guide.shown.text().startswith("Coat: opens")
    press(qtbot, window, KEY.Key_G)
    until(qtbot, guide.field.hasFocus)
    guide.field.selectAll()
    qtbot.keyClicks(guide.field, "nonsense")
    qtbot.keyClick(guide.field, KEY.Key_Escape)
    assert guide.field.isHidden()
    assert (window.reviewing.page, page.walk.decided) == (page, {})
    assert window.session.project.guide().startswith("Coat")


def test_a_picture_that_cannot_be_read_is_told_and_left_out(open_window, pictures_source, tmp_path, qtbot):
    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    data = shutil.copytree(pictures_source / "data", tmp_path / "data")
    import_dataset(data, tmp_path / "own.dataimp", ImportOptions(), Progress())
    (data / "bag" / "00.png").write_bytes(b"no picture")
    (data / "bag" / "02.png").unlink()
    window = open_window(tmp_path / "own.dataimp")
    page = review(qtbot, window, [0, 1, 2, 3])
    until(qtbot, lambda: page.walk.row == 1)
    assert "bag/00.png cannot be shown" in window.toast.words
    decide(qtbot, window, KEY.Key_K)
    assert page.walk.row == 3
    assert "bag/02.png cannot be shown" in window.toast.words
    press(qtbot, window, KEY.Key_Left)
    assert (page.walk.row, page.viewing.stage.image) == (2, None)
    assert page.walk.frame.missing
    assert page.viewing.strip.cells[2].broken
    press(qtbot, window, KEY.Key_Right)
    decide(qtbot, window, KEY.Key_K)
    until(qtbot, lambda: "Could not be read 2" in page.finish.words())
    assert "bag/02.png: " in page.finish.words()
    show = next(found for found in page.finish.buttons() if found.text() == "Show 2 that could not be read")
    qtbot.mouseClick(show, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: window.reviewing.page is None and window.session.shown != "")
    assert window.session.rows.tolist() == [0, 2]


def test_the_next_examples_are_read_before_they_are_needed(window, qtbot):
    page = review(qtbot, window, np.arange(36))
    until(qtbot, lambda: all(page.walk.frame_at(place) is not None for place in range(21)))
    decide(qtbot, window, KEY.Key_K)
    until(qtbot, lambda: page.walk.frame_at(21) is not None)


def test_a_read_only_project_says_that_it_cannot_be_reviewed(pictures, open_window, qtbot):
    window = open_window()
    window.opening.open(pictures, read_only=True)
    until(qtbot, lambda: window.session is not None and window.session.ready)
    window.session.review_wanted.emit(Queue("Odd ones", ROWS))
    until(qtbot, lambda: "read-only" in window.message_bar.words)
    assert window.reviewing.page is None


def test_closing_the_project_during_a_review_leaves_nothing(window, page, pictures, qtbot):
    press(qtbot, window, KEY.Key_3)
    window.close_project()
    assert (window.reviewing.page, window.session) == (None, None)
    with Project.open(pictures) as project:
        assert label_of(project, 3) == "shirt"


# parts


@pytest.fixture
def stage(qtbot):
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    stage.show()
    image = QImage(10, 10, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.darkGray)
    image.setPixelColor(5, 5, Qt.GlobalColor.white)
    stage.show_image(image, (10, 10))
    return stage


def test_a_picture_is_fitted_then_pixel_by_pixel_then_closer(stage):
    fitted = stage.zoom
    assert 20 < fitted <= 30
    assert stage.scale_words() == f"10 × 10 · shown {round(fitted * stage.devicePixelRatioF())}×"
    stage.set_exact(True)
    assert stage.zoom * stage.devicePixelRatioF() == pytest.approx(1)
    stage.set_exact(False)
    for wanted in (2, 4, 1):
        stage.step_zoom()
        assert stage.zoom == pytest.approx(fitted * wanted)


def test_the_wheel_zooms_around_the_pointer(stage):
    place, notch = QPointF(200, 150), QPoint(0, 120)
    none = Qt.MouseButton.NoButton
    before = stage.zoom
    for _ in range(3):
        event = QWheelEvent(
            place, place, QPoint(), notch, none, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False
        )
        stage.wheelEvent(event)
    assert stage.zoom == pytest.approx(before * 1.25**3)
    assert stage.grab().toImage().pixelColor(205, 155) != stage.grab().toImage().pixelColor(60, 40)


def test_one_to_one_keeps_pixels_hard_and_contrast_spreads_them(stage):
    stage.set_exact(True)
    colours = {stage.grab().toImage().pixelColor(x, 150).name() for x in range(190, 212)}
    assert "#808080" in colours
    stage.set_stretched(True)
    assert "#808080" not in {stage.grab().toImage().pixelColor(x, 148).name() for x in range(190, 212)}


def test_more_pixels_are_asked_for_only_when_they_would_be_seen(qtbot):
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    asked = []
    stage.detail_wanted.connect(lambda: asked.append(1))
    small = QImage(800, 600, QImage.Format.Format_RGB888)
    stage.show_image(small, (4000, 3000))
    assert asked == []
    stage.set_exact(True)
    assert asked == [1]
    stage.step_zoom()
    assert asked == [1]


def test_pace_and_time_left_come_after_three_decisions_and_leave_pauses_out():
    now = [0.0]
    pace = Pace(lambda: now[0])
    for took in (2.0, 2.0, 500.0):
        now[0] += took
        pace.note()
    assert pace.words(100) == ""
    now[0] += 2.0
    pace.note()
    assert pace.words(100) == "2.0 s each · 3 min left"
    assert pace.words(1) == "2.0 s each"
    assert [left_words(s) for s in (2.9, 3, 14, 56, 600, 7200)] == ["", "5 s", "15 s", "1 min", "10 min", "2.0 h"]


def test_a_sound_is_drawn_in_time_and_pitch_and_played_by_its_key(open_window, tmp_path, qtbot, monkeypatch):
    import soundfile
    from miniaudio import Backend

    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress
    from dataimp_gui.ui.kit.player import Player
    from dataimp_gui.ui.pages.review import page as pages

    times = np.arange(8000) / 8000
    for number, hertz in enumerate((300, 3000)):
        folder = tmp_path / "data" / ("low", "high")[number]
        folder.mkdir(parents=True)
        soundfile.write(folder / "tone.wav", 0.5 * np.sin(2 * np.pi * hertz * times), 8000)
    import_dataset(tmp_path / "data", tmp_path / "tones.dataimp", ImportOptions(), Progress())
    monkeypatch.setattr(pages, "Player", lambda: Player([Backend.NULL]))
    window = open_window(tmp_path / "tones.dataimp")
    page = review(qtbot, window, [0, 1])
    until(qtbot, lambda: page.walk.frame_at(1) is not None)
    below = []
    for place in (0, 1):
        picture = page.walk.frame_at(place).picture
        heights = range(picture.height() // 3 + 20, picture.height())
        light = [picture.pixelColor(picture.width() // 2, y).lightness() for y in heights]
        below.append(heights[int(np.argmax(light))])
    low_first = page.walk.frame.id.startswith("low")
    assert (below[0] > below[1]) == low_first  # a high tone stands higher
    strip = page.viewing.sound
    assert strip.time == "0.00 / 1.00 s · 8 kHz"
    press(qtbot, window, KEY.Key_P)
    until(qtbot, lambda: strip.place > 0)
    assert page.viewing.play.accessibleName() == "Pause"
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() * 3 // 4, 30))
    assert strip.place >= 0.7
    press(qtbot, window, KEY.Key_P)  # and stands where it was paused
    assert not page.hearing.is_playing
    assert strip.place >= 0.7
    decide(qtbot, window, KEY.Key_K)
    assert strip.place == 0  # the next one is silent until it is asked for
    assert not page.hearing.is_playing


def test_more_labels_than_keys_are_found_by_typing_and_take_the_key_of_the_one_used_longest_ago(
    open_window, tmp_path, qtbot
):
    import csv

    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    with (tmp_path / "many.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "text", "label"])
        rows.writerows([f"e{n:03d}", f"The text number {n}\nin two lines", f"kind {n:03d}"] for n in range(100))
    import_dataset(tmp_path / "many.csv", tmp_path / "many.dataimp", ImportOptions(), Progress())
    window = open_window(tmp_path / "many.dataimp")
    page = review(qtbot, window, [5, 50, 60])
    assert page.viewing.reading.toPlainText() == "The text number 5\nin two lines"
    assert len(page.deciding.choices.choices) == 10
    press(qtbot, window, KEY.Key_L)
    until(qtbot, lambda: page.picker is not None and page.picker.field.hasFocus())
    qtbot.keyClicks(page.picker.field, "077")
    qtbot.keyClick(page.picker.field, KEY.Key_Return)
    until(qtbot, lambda: label_of(window.session.project, 5) == "kind 077" and page.walk.can_decide)
    choices = {choice.name: choice for choice in page.deciding.choices.choices}
    assert choices["kind 077"].key
    assert choices["kind 050"].sign == "given"
    assert not choices["kind 050"].key
    decide(qtbot, window, getattr(KEY, f"Key_{choices['kind 077'].key}"))
    assert label_of(window.session.project, 50) == "kind 077"


@pytest.fixture(scope="session")
def words_made(tmp_path_factory):
    """80 texts about fruit or tools, two of them labelled wrongly, and the issues found in them."""
    import csv

    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    folder = tmp_path_factory.mktemp("words")
    rng = np.random.default_rng(3)
    said = {
        "fruit": ["apple", "pear", "plum", "cherry", "peach", "grape", "melon", "lemon"],
        "tool": ["hammer", "saw", "drill", "wrench", "pliers", "chisel", "file", "vise"],
    }
    with (folder / "texts.csv").open("w", newline="") as texts, (folder / "runs.csv").open("w", newline="") as runs:
        data, run = csv.writer(texts), csv.writer(runs)
        data.writerow(["id", "text", "label"])
        run.writerow(["id", *said])
        for number in range(80):
            true, other = ("fruit", "tool") if number % 2 == 0 else ("tool", "fruit")
            data.writerow(
                [f"e{number:02d}", " ".join(rng.choice(said[true], 5)), other if number in (10, 21) else true]
            )
            run.writerow([f"e{number:02d}", *((0.97, 0.03) if true == "fruit" else (0.03, 0.97))])
    target = folder / "words.dataimp"
    import_dataset(folder / "texts.csv", target, ImportOptions(predictions=(folder / "runs.csv",)), Progress())
    with Project.open(target) as project:
        project.analysis.find_issues([IssueKind.LABEL])
        assert set(project.analysis.issue_rows(IssueKind.LABEL)) == {10, 21}
    return target


@pytest.fixture
def words_page(open_window, words_made, tmp_path, qtbot):
    window = open_window(shutil.copytree(words_made, tmp_path / "words.dataimp"))
    page = review(qtbot, window, [10, 21, 4], "Likely wrong", IssueKind.LABEL)
    return window, page


def test_a_suggestion_comes_with_reasons_and_similar_examples_and_space_accepts_it(words_page, qtbot):
    window, page = words_page
    assert page.suggestion.words() == "tool fruit chance the given label is wrong"
    until(qtbot, lambda: page.suggestion.titles() != [])
    assert page.suggestion.titles() == ["fruit, most similar, none confirmed", "tool, most similar, none confirmed"]
    assert [choice.sign for choice in page.deciding.choices.choices] == ["suggested", "given"]
    assert page.viewing.strip.cells[1].words.endswith("%")
    decide(qtbot, window, KEY.Key_Space)
    project = window.session.project
    assert label_of(project, 10) == "fruit"
    assert (page.walk.decided[10].verb, page.walk.row) == ("accept", 21)
    until(
        qtbot,
        lambda: page.suggestion.titles() == ["tool, most similar, none confirmed", "Confirmed fruit, most similar"],
    )
    assert project.analysis.counts() == {IssueKind.LABEL: 1}
    decide(qtbot, window, KEY.Key_K)
    assert project.analysis.counts() == {IssueKind.LABEL: 0}
    assert page.suggestion.words().startswith("No suggestion Nothing was found wrong")
    press(qtbot, window, KEY.Key_Space)  # there is nothing to accept
    assert len(page.walk.decided) == 2
    for left in (1, 2):
        press(qtbot, window, KEY.Key_U)
        until(qtbot, lambda left=left: project.analysis.counts() == {IssueKind.LABEL: left} and page.walk.can_decide)
    assert page.suggestion.words() == "tool fruit chance the given label is wrong"


def test_blind_mode_hides_the_suggestion_and_its_examples(words_page, qtbot):
    window, page = words_page
    until(qtbot, lambda: page.suggestion.titles() != [])
    press(qtbot, window, KEY.Key_B)
    assert page.suggestion.words().startswith("Hidden")
    assert page.suggestion.titles() == []
    assert [cell.words for cell in page.viewing.strip.cells] == ["Now", "", ""]
    assert {choice.sign for choice in page.deciding.choices.choices} == {""}
    decide(qtbot, window, KEY.Key_1)
    assert (page.walk.decided[10].verb, page.walk.decided[10].blind) == ("accept", True)
    press(qtbot, window, KEY.Key_B)
    assert page.suggestion.words().startswith("fruit tool")
