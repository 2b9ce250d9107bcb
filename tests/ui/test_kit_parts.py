import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QToolButton, QVBoxLayout, QWidget

from dataimp_gui import resources
from dataimp_gui.progress import Report
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.jobs import Job, Jobs
from dataimp_gui.ui.kit.jobs_drawer import JobsDrawer, progress_words
from dataimp_gui.ui.kit.parts import Elided, Flow, chip, flow, icon_button, text


@pytest.fixture
def dressed(qapp):
    """The application in the dark theme, and as it was afterwards."""
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    theme.apply(qapp, "dark")
    yield qapp
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


@pytest.fixture
def box(qtbot, dressed):
    box = QWidget()
    box.resize(400, 300)
    QVBoxLayout(box)
    qtbot.addWidget(box)
    box.show()
    return box


def has(picture, colour):
    return any(
        picture.pixelColor(x, y).name() == colour.name()
        for x in range(picture.width())
        for y in range(picture.height())
    )


def test_text_from_data_is_never_markup(box):
    for label in (text("<h1>big</h1>"), Elided("<h1>big</h1>"), chip("<h1>big</h1>")):
        box.layout().addWidget(label)
        assert label.textFormat().name == "PlainText"
        assert "<h1>" in (label.accessibleName() or label.text())


def test_a_long_word_is_cut_and_whole_in_the_tool_tip(box, qtbot):
    label = Elided("an <b> word " * 40)
    box.layout().addWidget(label)
    qtbot.waitUntil(lambda: label.text().endswith("…"))
    assert "&lt;b&gt;" in label.toolTip()
    assert label.accessibleName().startswith("an <b> word")
    label.show_words("short")
    assert (label.text(), label.toolTip()) == ("short", "")


def test_a_chip_shows_its_sign_and_its_word(box, qtbot):
    plain, signed = chip("weak", "warn"), chip("weak", "warn", "warning")
    for label in (plain, signed):
        box.layout().addWidget(label)
    QApplication.processEvents()
    assert signed.text() == "weak"
    assert signed.sizeHint().width() > plain.sizeHint().width() + 10
    left = signed.grab().toImage().copy(6, 0, 12, signed.height())
    assert has(left, theme.color("warn.text"))


def test_a_larger_text_size_reaches_labels_that_are_already_there(box, dressed, qtbot):
    label, cut = text("Title", size="title", strong=True), Elided("words", size="small")
    box.layout().addWidget(label)
    box.layout().addWidget(cut)
    QApplication.processEvents()
    assert (label.font().pixelSize(), cut.font().pixelSize()) == (15, 12)
    theme.apply(dressed, "dark", 200)
    assert (label.font().pixelSize(), cut.font().pixelSize()) == (30, 24)
    assert label.font().weight() == 600
    theme.apply(dressed, "dark", 100)


def test_both_themes_can_be_switched_while_the_window_is_open(box, dressed):
    label = text("words", colour="err")
    box.layout().addWidget(label)
    for mode in ("light", "dark"):
        theme.apply(dressed, mode)
        assert dressed.palette().window().color() == theme.color("bg.window", mode)
        assert label.palette().windowText().color() == theme.color("err.text", mode)


def test_no_place_of_the_style_sheet_is_left_unfilled(dressed):
    for mode in ("dark", "light"):
        theme.apply(dressed, mode)
        filled = theme.style_sheet()
        assert not [sign for sign in "@$%" if sign in filled]


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_every_text_colour_can_be_read_on_every_ground(mode):
    def light(name):
        parts = [getattr(theme.color(name, mode), part)() for part in ("redF", "greenF", "blueF")]
        red, green, blue = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(a, b):
        high, low = sorted((light(a), light(b)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for words in ("text.primary", "text.secondary", "text.muted", "accent.text", "ok.text", "err.text", "warn.text"):
        for ground in ("bg.window", "bg.panel", "bg.raised", "bg.selected"):
            assert contrast(words, ground) >= 4.5, (words, ground)
    for kind in ("ok", "err", "warn", "accent", "synth", "aug"):
        assert contrast(f"{kind}.text", f"{kind}.tint") >= 4.5, kind


def test_every_icon_that_ships_can_be_drawn_in_any_colour(qapp):
    names = [path.stem for path in resources.path("icons").glob("*.svg") if path.stem != "dataimp"]
    assert len(names) > 40
    for name in names:
        picture = icons.icon(name, "err.base").pixmap(16, 16).toImage()
        seen = [picture.pixelColor(x, y) for x in range(16) for y in range(16)]
        inked = [colour for colour in seen if colour.alpha() > 150]
        assert inked, name
        assert all(abs(colour.red() - theme.color("err.base").red()) < 12 for colour in inked), name


def test_tags_differ_by_shape_as_well_as_by_colour():
    shapes = [theme.categorical(number)[1] for number in range(10)]
    assert len(set(shapes)) == 10


def test_children_wrap_into_as_many_lines_as_they_need(box):
    inner = QWidget()
    wrapping = flow(inner)
    assert isinstance(wrapping, Flow)
    for _ in range(6):
        child = QLabel()
        child.setFixedSize(100, 20)
        wrapping.addWidget(child)
    assert wrapping.heightForWidth(700) == 20
    assert wrapping.heightForWidth(330) == 46
    assert wrapping.heightForWidth(50) == 6 * 20 + 5 * 6
    child.hide()
    assert wrapping.heightForWidth(50) == 5 * 20 + 4 * 6  # a hidden one takes no room


def test_a_button_without_words_says_what_it_does(box):
    button = icon_button("undo", "Undo", key="Ctrl+Z")
    assert (button.accessibleName(), button.toolTip()) == ("Undo", "Undo (Ctrl+Z)")


def test_an_undecided_box_does_not_look_like_an_empty_one(box, qtbot):
    empty, undecided = QCheckBox(), QCheckBox(tristate=True)
    undecided.setCheckState(undecided.checkState().PartiallyChecked)
    for check in (empty, undecided):
        box.layout().addWidget(check)
    QApplication.processEvents()
    fill = theme.color("accent.fill")
    assert has(undecided.grab().toImage(), fill)
    assert not has(empty.grab().toImage(), fill)


def test_the_drawer_lists_the_work_and_stops_one(box, qtbot):
    jobs, gate = Jobs(ThreadPoolExecutor(2)), threading.Event()
    running = {}
    jobs.started.connect(lambda job: running.__setitem__(job, jobs))
    jobs.finished.connect(running.pop)
    for title in ("Reading thumbnails", "Committing"):
        jobs.start(lambda _: gate.wait(), lambda _: None, title=title)
    drawer = JobsDrawer(box)
    drawer.open_above(QPoint(500, 500), running)
    buttons = {button.accessibleName(): button for button in drawer.findChildren(QToolButton)}
    assert sorted(buttons) == [
        *("Pause Committing", "Pause Reading thumbnails"),
        *("Stop Committing", "Stop Reading thumbnails"),
    ]
    buttons["Stop Committing"].click()
    drawer.show_running(running)
    assert [job.title for job in running] == ["Reading thumbnails"]
    assert drawer.isVisible()
    gate.set()
    qtbot.waitUntil(lambda: not running)
    drawer.show_running(running)
    assert not drawer.isVisible()
    jobs.shutdown()


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (None, ""),
        (Report("Reading", 0, 0, 1.0), "Reading"),
        (Report("Reading", 1500, 0, 1.0), "Reading, 1,500"),
        (Report("Reading", 50, 100, 1.0), "50%"),
        (Report("Reading", 25, 100, 14.0), "25% · 42 s left"),
        (Report("Reading", 25, 100, 100.0), "25% · 5 min left"),
        (Report("Reading", 120, 100, 100.0), "100%"),
    ],
)
def test_progress_says_time_left_only_where_it_is_worth_saying(qapp, report, words):
    job = Job("", "Reading", lambda _job, _report: None)
    job.report = report
    assert progress_words(job) == words


def test_work_that_was_replaced_before_it_began_never_runs(qtbot, qapp):
    jobs, gate, ran = Jobs(ThreadPoolExecutor(1)), threading.Event(), []
    jobs.start(lambda _: gate.wait(), lambda _: None)
    for word in ("a", "ab", "abc"):
        jobs.start(lambda _, word=word: ran.append(word), lambda _: None, key="query")
    gate.set()
    qtbot.waitUntil(lambda: not jobs.running)
    assert ran == ["abc"]
    jobs.shutdown()
    assert QApplication.instance() is qapp


def test_signs_of_the_style_sheet_are_found_in_a_folder_with_blanks(box, dressed, tmp_path, monkeypatch):
    folder = tmp_path / "my resources (1)"
    shutil.copytree(resources.path("design"), folder / "design")
    monkeypatch.setattr(resources, "ROOT", folder)
    theme.apply(dressed, "dark")
    check = QCheckBox(checked=True)
    box.layout().addWidget(check)
    QApplication.processEvents()
    assert has(check.grab().toImage(), theme.color("text.onfill"))
