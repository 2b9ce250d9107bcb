"""The realism panel: curves, angles, what steps add, and verdicts of a person."""

import shutil

import pytest
from PySide6.QtCore import Qt

from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.model import Modality
from dataimp_gui.core.project import Project
from dataimp_gui.ui.pages.augment.spot_check import SpotCheck

LEFT = Qt.MouseButton.LeftButton
LONG = 60_000
POLICY = Policy(
    "Dim and inverted", Modality.IMAGE, steps=(Step("dim", 1.0, ranges={"gain": (0.3, 0.5)}), Step("invert", 0.3))
)


@pytest.fixture(scope="session")
def shifted_made(tmp_path_factory):
    """60 bright pictures to learn from and 40 dim ones that a model will face, of two classes."""
    import numpy as np
    from PIL import Image

    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    folder = tmp_path_factory.mktemp("shifted")
    rng = np.random.default_rng(5)
    for split, count, gain in (("train", 30, 1.0), ("test", 20, 0.4)):
        for code, name in enumerate(("bars", "dots")):
            (folder / "data" / split / name).mkdir(parents=True)
            for number in range(count):
                pixels = rng.integers(120, 200, (24, 24)).astype(np.float32)
                pixels[
                    (slice(None), slice(None, None, 4)) if code else (slice(None, None, 6), slice(None, None, 6))
                ] = 250
                Image.fromarray((pixels * gain).astype(np.uint8)).save(folder / "data" / split / name / f"{number}.png")
    target = folder / "shifted.dataimp"
    assert import_dataset(folder / "data", target, ImportOptions(), Progress()).quarantined == 0
    with Project.open(target) as project:
        project.augment.save(POLICY)
    return target


@pytest.fixture
def measured(open_window, shifted_made, tmp_path, qtbot):
    window = open_window(shutil.copytree(shifted_made, tmp_path / "shifted.dataimp"), size=(1440, 900))
    qtbot.mouseClick(window.rail.button("augment"), LEFT)
    page = window.page
    qtbot.waitUntil(page.realism.measure.isEnabled, timeout=LONG)
    qtbot.mouseClick(page.realism.measure, LEFT)
    qtbot.waitUntil(page.realism.figure.isVisible, timeout=LONG)
    return page


def test_what_was_measured_is_drawn_and_told_to_a_screen_reader(measured):
    panel = measured.realism
    assert panel.bar.scale.value > 0
    assert "of the gap closed, 95 % interval" in panel.bar.accessibleDescription()
    assert "Brightness" in [chart.title for chart in panel.charts.charts]
    assert "Brightness" in panel.charts.accessibleDescription()
    assert all(chart.lines.shape == (3, len(chart.x)) for chart in panel.charts.charts)
    assert (len(panel.charts.charts), panel.all_charts.text()) == (4, "Show 6")
    panel.all_charts.click()
    assert (len(panel.charts.charts), panel.all_charts.text()) == (6, "Show 4")
    assert {line.title for line in panel.steps.bars.lines} == {"Dim", "Negative"}
    assert "floor is 95%" in panel.kept_bar.accessibleDescription()


def test_the_step_that_the_target_does_not_show_costs_and_can_be_turned_off(measured, qtbot):
    panel = measured.realism
    invert = next(line for line in panel.steps.bars.lines if line.title == "Negative")
    assert invert.value < 0
    assert invert.is_bad
    qtbot.mouseClick(panel.off_buttons[1], LEFT)
    assert [step.on for step in measured.draft.policy.steps] == [True, False]
    assert panel.is_stale


def test_verdicts_are_given_by_one_key_each_taken_back_and_counted(measured, qtbot):
    panel, session = measured.realism, measured.window().session
    qtbot.mouseClick(panel.check, LEFT)
    dialog = measured.window().findChild(SpotCheck)
    qtbot.waitUntil(dialog.keeps.isEnabled, timeout=LONG)
    assert "1 of" in dialog.place.text()
    assert not dialog.original.pixmap().isNull()
    qtbot.keyClick(dialog, Qt.Key.Key_K)
    qtbot.keyClick(dialog, Qt.Key.Key_L)
    qtbot.keyClick(dialog, Qt.Key.Key_U)
    qtbot.keyClick(dialog, Qt.Key.Key_L)
    verdicts = session.project.augment.verdicts
    qtbot.waitUntil(lambda: sorted(verdicts(POLICY).values()) == [False, True], timeout=LONG)
    dialog.close()
    assert panel.stop.isVisible()  # it is measured again, with the verdicts
    qtbot.waitUntil(panel.stop.isHidden, timeout=LONG)
    assert not panel.is_stale
    session.project.undo()
    assert list(verdicts(POLICY).values()) == [True]
