"""The Augment page: a policy is made by clicks and its variants are seen; compared, undone and saved."""

import shutil

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton

from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.model import Modality

LEFT = Qt.MouseButton.LeftButton
LONG = 60_000


def go(qtbot, window):
    qtbot.mouseClick(window.rail.button("augment"), LEFT)
    page = window.page
    assert page.key == "augment"
    settled(qtbot, page)
    return page


def settled(qtbot, page):
    """Until the grid shows what the page asks for."""
    qtbot.waitUntil(lambda: page.content.grid.shown is not None and not page.previewing.is_reading, timeout=LONG)


def begin(qtbot, page, name):
    box = page.editor.starters
    box.setCurrentIndex(box.findText(name))
    box.activated.emit(box.currentIndex())
    settled(qtbot, page)


def choose(box, words):
    """An item of a list, as a click on it does; only its beginning need be given."""
    place = box.findText(words, Qt.MatchFlag.MatchStartsWith)
    assert place >= 0, [box.itemText(at) for at in range(box.count())]
    box.setCurrentIndex(place)
    box.activated.emit(place)


def pictures_of(page):
    return [[cell.picture for cell in line] for line in page.content.grid.shown.lines]


@pytest.fixture
def window(open_window, pictures):
    return open_window(pictures, size=(1440, 900))


@pytest.fixture
def page(qtbot, window):
    page = go(qtbot, window)
    begin(qtbot, page, "Camera at night")
    return page


def test_a_starter_fills_the_steps_and_the_grid_shows_originals_beside_their_variants(page):
    assert [card.op for card in page.editor.cards] == [step.op for step in page.draft.policy.steps]
    for original, *variants in pictures_of(page):
        assert len(variants) == 4
        assert all(variant != original for variant in variants)
    assert page.content.grid.heads[:2] == ("Original", "A · variant 1")
    assert not page.editor.starters.isVisible()  # it has begun


def test_a_step_is_switched_off_by_a_click_and_on_again_by_undo(page, qtbot, window):
    before = pictures_of(page)
    for card in page.editor.cards:
        qtbot.mouseClick(card.on, LEFT, pos=QPoint(8, card.on.height() // 2))
    settled(qtbot, page)
    assert not any(step.on for step in page.draft.policy.steps)
    assert all(variant == line[0] for line in pictures_of(page) for variant in line[1:])
    page.content.grid.setFocus()
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    for _ in page.editor.cards:
        qtbot.keyClick(page.content.grid, Qt.Key.Key_U)
    settled(qtbot, page)
    assert all(step.on for step in page.draft.policy.steps)
    assert pictures_of(page) == before


def test_new_seeds_are_other_variants_of_the_same_examples(page, qtbot):
    before = pictures_of(page)
    qtbot.keyClick(page.content.grid, Qt.Key.Key_G)
    settled(qtbot, page)
    after = pictures_of(page)
    assert [line[0] for line in after] == [line[0] for line in before]
    assert [line[1:] for line in after] != [line[1:] for line in before]
    assert page.content.grid.heads[1] == "A · variant 5"


def test_a_dragged_slider_changes_the_policy_in_one_undo(page, qtbot):
    card = page.editor.cards[0]
    slider, before = card.chance, page.draft.policy
    right = QPoint(slider.width() - 8, slider.height() // 2)
    qtbot.mousePress(slider, LEFT, pos=right)
    for share in (0.7, 0.5, 0.3):
        qtbot.mouseMove(slider, QPoint(round(slider.width() * share), slider.height() // 2))
        slider.mouseMoveEvent(_drag(slider, QPoint(round(slider.width() * share), slider.height() // 2)))
    qtbot.mouseRelease(slider, LEFT)
    assert page.draft.policy.steps[0].chance == pytest.approx(0.3, abs=0.08)
    qtbot.mouseClick(page.editor.undo, LEFT)
    assert page.draft.policy == before


def _drag(widget, to):
    at = QPointF(to)
    return QMouseEvent(QEvent.Type.MouseMove, at, widget.mapToGlobal(at), LEFT, LEFT, Qt.KeyboardModifier.NoModifier)


def test_the_originals_show_as_long_as_o_is_held(page, qtbot):
    grid = page.content.grid
    before = grid.grab().toImage()
    qtbot.keyPress(grid, Qt.Key.Key_O)
    assert grid.is_original
    assert grid.grab().toImage() != before
    qtbot.keyRelease(grid, Qt.Key.Key_O)
    assert grid.grab().toImage() == before


def test_steps_are_moved_and_removed_by_keys_on_their_grip(page, qtbot):
    ops = [card.op for card in page.editor.cards]
    card = page.editor.cards[0]
    card.grip.setFocus()
    qtbot.keyClick(card.grip, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [step.op for step in page.draft.policy.steps] == [ops[1], ops[0], *ops[2:]]
    assert page.editor.cards[1] is card
    qtbot.keyClick(page.editor.cards[0].grip, Qt.Key.Key_Delete)
    assert [step.op for step in page.draft.policy.steps] == [ops[0], *ops[2:]]


def test_a_step_is_dragged_below_the_last_one(page, qtbot):
    editor, ops = page.editor, [card.op for card in page.editor.cards]
    grip = editor.cards[0].grip
    below = grip.mapFromGlobal(editor.cards[-1].mapToGlobal(editor.cards[-1].rect().bottomLeft()))
    qtbot.mousePress(grip, LEFT, pos=grip.rect().center())
    grip.mouseMoveEvent(_drag(grip, below))
    assert editor.mark.isVisible()
    qtbot.mouseRelease(grip, LEFT, pos=below)
    assert editor.mark.isHidden()
    assert [card.op for card in editor.cards] == [*ops[1:], ops[0]]
    qtbot.mouseClick(editor.undo, LEFT)
    assert [card.op for card in editor.cards] == ops


def test_a_range_is_typed_beyond_what_its_slider_spans(page, qtbot):
    page.draft.add("blur")
    line = page.editor.cards[-1].inputs["radius"]
    assert line.slider.track[1] < 5
    line.figure.setFocus()
    qtbot.keyClicks(line.figure, "3,5 - 99")
    qtbot.keyClick(line.figure, Qt.Key.Key_Return)
    assert page.draft.policy.steps[-1].ranges["radius"] == (3.5, 30)  # as far as it goes
    assert line.slider.track[1] == 30
    assert line.figure.text() == "3.5 – 30 px"
    qtbot.keyClicks(line.figure, "much")
    qtbot.keyClick(line.figure, Qt.Key.Key_Return)
    assert line.figure.text() == "3.5 – 30 px"


def test_a_step_draws_from_all_choices_that_are_ticked(page, qtbot):
    page.draft.add("patches")
    line = page.editor.cards[-1].inputs["fill"]
    line.ticks["average"].trigger()
    assert page.draft.policy.steps[-1].choices["fill"] == ("black", "average")
    line.ticks["black"].trigger()
    line.ticks["average"].trigger()  # the last one stays
    assert page.draft.policy.steps[-1].choices["fill"] == ("average",)
    assert line.ticks["average"].isChecked()


def test_a_step_is_never_done_to_labels_that_were_ticked_in_its_menu(page, qtbot):
    for place in range(1, len(page.draft.policy.steps)):
        page.draft.turn(place, False)
    card = page.editor.cards[0]
    assert card.spared_line.isHidden()
    menu = card.menu()
    (never,) = [each.menu() for each in menu.actions() if each.text() == "Never do it to"]
    assert [each.text() for each in never.actions()] == ["bag", "coat", "shirt"]
    never.actions()[0].trigger()
    menu.deleteLater()
    assert page.draft.policy.steps[0].spare == ("bag",)
    assert card.spared_line.accessibleName() == "Never done to bag"
    settled(qtbot, page)
    lines = page.content.grid.shown.lines
    assert {line[0].says for line in lines if line[1].says == "unchanged"} == {"bag"}


def test_another_seed_makes_other_variants_and_the_same_seed_the_same(page, qtbot):
    before, seed = pictures_of(page), page.draft.policy.seed
    assert page.content.seed.value() == seed
    page.content.seed.setValue(seed + 1)
    settled(qtbot, page)
    assert page.draft.policy.seed == seed + 1
    assert [line[1:] for line in pictures_of(page)] != [line[1:] for line in before]
    page.content.seed.setValue(seed)
    settled(qtbot, page)
    assert pictures_of(page) == before


def test_a_card_is_folded_and_stays_so_when_it_is_moved(page, qtbot):
    card = page.editor.cards[0]
    assert card.is_open
    qtbot.mouseClick(card.fold, LEFT)
    assert not card.is_open
    page.draft.move(0, 1)
    assert page.editor.cards[1] is card
    assert not card.is_open


def test_every_operation_has_an_icon():
    from dataimp_gui import resources
    from dataimp_gui.core.augment.operations import table
    from dataimp_gui.ui.pages.augment import signs

    found = {name: signs.icon(operation) for name, operation in table().items()}
    assert all(resources.path("icons", f"{icon}.svg").is_file() for icon in found.values())
    assert signs.OTHER not in found.values()


def test_a_step_is_added_by_typing_what_it_models(page, qtbot, window):
    from dataimp_gui.ui.kit.picker import Picker

    count = len(page.draft.policy.steps)
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    qtbot.mouseClick(page.editor.add, LEFT)
    picker = window.findChild(Picker)
    qtbot.keyClicks(picker.field, "rotat")
    qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    assert len(page.draft.policy.steps) == count + 1
    assert "rotate" in page.draft.policy.steps[-1].op


def test_two_policies_stand_side_by_side(page, qtbot):
    qtbot.keyClick(page.content.grid, Qt.Key.Key_N)
    assert page.content.tabs.count() == 2
    settled(qtbot, page)
    qtbot.keyClick(page.content.grid, Qt.Key.Key_V)
    settled(qtbot, page)
    assert page.content.grid.heads[1:5] == ("A · variant 1", "B · variant 1", "A · variant 2", "B · variant 2")
    for original, a, b, *_ in pictures_of(page):
        assert (a != original, b == original) == (True, True)  # B has no steps yet


def test_real_examples_of_the_target_have_the_label_of_their_line(page, qtbot):
    match, field = page.scope.match, page.scope.typed
    choose(match, "Type a clause…")
    qtbot.keyClicks(field, "label = 'bag'")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.content.grid.shown.targets), timeout=LONG)
    assert {cell.says for cell in page.content.grid.shown.targets} == {"bag"}
    assert page.content.grid.heads[-1] == "Real target"
    field.clear()
    qtbot.keyClicks(field, "label =")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.content.grid.shown.target_said != "", timeout=LONG)
    assert page.content.grid.shown.targets == ()
    assert match.currentText() == "label ="
    assert field.isVisible()  # where it can be corrected


def test_a_saved_policy_is_in_the_project(page, qtbot, window):
    assert page.content.save.isEnabled()
    qtbot.keyClick(page.content.grid, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: page.draft.is_saved, timeout=LONG)
    assert [each.name for each in window.session.project.augment.saved()] == ["Camera at night"]
    assert not page.content.save.isEnabled()


def variant(page, line, column):
    return page.content.grid.shown.lines[line][column]


def point_at(qtbot, page, line, column):
    """With the arrow keys."""
    grid = page.content.grid
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Right)  # the first one
    for key, many in ((Qt.Key.Key_Down, line), (Qt.Key.Key_Right, column - 1)):
        for _ in range(many):
            qtbot.keyClick(grid, key)
    assert grid.current == variant(page, line, column).variant


def test_a_rejected_variant_is_told_to_the_project_and_taken_back_by_the_same_key(page, qtbot, window):
    point_at(qtbot, page, 1, 2)
    key, augment = page.content.grid.current, window.session.project.augment
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    qtbot.keyClick(page.content.grid, Qt.Key.Key_X)
    qtbot.waitUntil(
        lambda: key in page.content.grid.scores and page.content.grid.scores[key].said is False, timeout=LONG
    )
    (id_,) = window.session.project.ids(np.array([key.row]))
    assert augment.verdicts(page.draft.policy) == {(id_, key.draw): False}
    qtbot.keyClick(page.content.grid, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: page.content.grid.scores[key].said is None, timeout=LONG)
    assert augment.verdicts(page.draft.policy) == {}


def test_the_difference_is_black_where_a_policy_does_nothing(page, qtbot, window):
    for place in range(len(page.draft.policy.steps)):
        page.draft.turn(place, False)
    settled(qtbot, page)
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    qtbot.keyClick(page.content.grid, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    settled(qtbot, page)
    black = variant(page, 0, 1).picture
    assert {black.pixelColor(x, y).lightness() for x in range(black.width()) for y in range(black.height())} == {0}
    page.draft.turn(0, True)
    settled(qtbot, page)
    assert any(cell.picture != black for line in page.content.grid.shown.lines for cell in line[1:])


def test_the_variants_without_a_step_show_while_w_is_held(page, qtbot):
    before, grid = pictures_of(page), page.content.grid
    qtbot.keyPress(grid, Qt.Key.Key_W)
    settled(qtbot, page)
    assert "without" in grid.heads[1]
    page.draft.turn(0, False)
    qtbot.keyRelease(grid, Qt.Key.Key_W)
    settled(qtbot, page)
    without = pictures_of(page)
    assert without != before
    page.draft.turn(0, True)
    settled(qtbot, page)
    assert pictures_of(page) == before


def test_a_parameter_is_swept_from_low_to_high_and_a_click_takes_a_value(page, qtbot):
    page.draft.add("blur")
    settled(qtbot, page)
    place = len(page.draft.policy.steps) - 1
    qtbot.mouseClick(page.editor.cards[place].inputs["radius"].title, LEFT)
    strip, sweep = page.content.sweep.strip, page.content.sweep
    qtbot.waitUntil(sweep.isVisible, timeout=LONG)
    values = sweep.swept.values
    assert len(values) == 8
    assert list(values) == sorted(values)
    qtbot.mouseClick(strip, LEFT, pos=strip.rect_of(6).center())
    assert page.draft.policy.steps[place].ranges["radius"] == (values[6], values[6])
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(strip, LEFT, shift, pos=strip.rect_of(2).center())
    assert page.draft.policy.steps[place].ranges["radius"] == (values[2], values[6])
    qtbot.keyClick(strip, Qt.Key.Key_Escape)
    assert sweep.isHidden()


def test_a_closed_policy_is_opened_again_as_it_was(page, qtbot):
    policy = page.draft.policy
    page.policies.new()
    assert [draft.policy.name for draft in page.drafts] == ["Camera at night", "Policy 1"]
    page.content.tabs.setCurrentIndex(0)
    with qtbot.waitSignal(page.done) as told:
        page.policies.close()
    assert "not saved" in told.args[0]
    assert [draft.policy.name for draft in page.drafts] == ["Policy 1"]
    page.policies.reopen()
    assert page.draft.policy == policy


def test_what_is_not_saved_is_there_again_when_the_project_is_opened_again(page, qtbot, window):
    policy = page.draft.policy
    page.policies.new()
    page.draft.add("blur")
    policies = [draft.policy for draft in page.drafts]
    assert policies[0] == policy
    text = page.remembered()
    again = type(page)(window.session)
    qtbot.addWidget(again)
    for odd in ("", "{", '{"x": 3}', "[]"):
        again.recall(odd)
    assert [draft.policy.steps for draft in again.drafts] == [()]
    again.recall(text)
    assert [draft.policy for draft in again.drafts] == policies
    assert not any(draft.is_saved for draft in again.drafts)


def test_a_policy_that_is_removed_from_the_project_comes_back_with_undo(page, qtbot, window):
    page.policies.save()
    qtbot.waitUntil(lambda: page.draft.is_saved, timeout=LONG)
    page.policies.remove()
    qtbot.waitUntil(lambda: not page.draft.is_saved, timeout=LONG)
    assert window.session.project.augment.saved() == ()
    window.session.undo()
    qtbot.waitUntil(lambda: page.draft.is_saved, timeout=LONG)


def test_leaving_the_page_says_what_is_not_saved(page, qtbot, window):
    with qtbot.waitSignal(page.done, timeout=LONG) as told:
        qtbot.mouseClick(window.rail.button("triage"), LEFT)
    assert "Camera at night" in told.args[0]


def test_the_next_examples_are_turned_to(page, qtbot):
    first = [line[0].tip for line in page.content.grid.shown.lines]
    qtbot.mouseClick(page.content.on, LEFT)
    settled(qtbot, page)
    assert not set(first) & {line[0].tip for line in page.content.grid.shown.lines}
    qtbot.mouseClick(page.content.back, LEFT)
    settled(qtbot, page)
    assert [line[0].tip for line in page.content.grid.shown.lines] == first


def test_a_table_says_that_it_has_nothing_to_augment(open_window, qtbot, tmp_path):
    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    source = tmp_path / "rows.csv"
    source.write_text("id,label,size\n" + "".join(f"r{n},{'ab'[n % 2]},{n}\n" for n in range(30)), "utf-8")
    import_dataset(source, tmp_path / "rows.dataimp", ImportOptions(), Progress())
    window = open_window(tmp_path / "rows.dataimp")
    qtbot.mouseClick(window.rail.button("augment"), LEFT)
    assert window.page.drafts == []
    assert not window.page.policies.can_open_more()


@pytest.fixture(scope="module")
def dimmed_made(tmp_path_factory):
    """60 bright pictures to learn from, and 60 dim ones of the same two classes as a test split."""
    from PIL import Image

    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    folder = tmp_path_factory.mktemp("dimmed")
    rng = np.random.default_rng(4)
    for split, gain in (("train", 1.0), ("test", 0.3)):
        for name in ("left", "right"):
            (folder / "data" / split / name).mkdir(parents=True)
            for number in range(30):
                picture = rng.integers(60, 110, (24, 24), dtype=np.uint8)
                picture[:, slice(2, 10) if name == "left" else slice(14, 22)] = rng.integers(180, 240)
                file = folder / "data" / split / name / f"{number:02d}.png"
                Image.fromarray((picture * gain).astype(np.uint8)).save(file)
    target = folder / "dimmed.dataimp"
    import_dataset(folder / "data", target, ImportOptions(), Progress())
    return target


@pytest.fixture
def dimmed(open_window, dimmed_made, tmp_path, qtbot):
    window = open_window(shutil.copytree(dimmed_made, tmp_path / "dimmed.dataimp"), size=(1440, 900))
    page = go(qtbot, window)
    begin(qtbot, page, "Camera at night")
    return page


def test_realism_is_measured_and_said_to_be_old_after_an_edit(dimmed, qtbot):
    panel = dimmed.realism
    assert dimmed.scope.target == "split = 'test'"
    assert panel.figure.isHidden()
    qtbot.mouseClick(panel.measure, LEFT)
    assert panel.stop.isVisible()
    qtbot.waitUntil(panel.figure.isVisible, timeout=LONG)
    assert panel.figure.text().endswith("%")
    assert panel.stop.isHidden()
    assert not panel.is_stale
    assert dimmed.content.tabs.tabText(0).endswith("%")
    qtbot.mouseClick(dimmed.editor.cards[0].on, LEFT, pos=QPoint(8, 8))
    assert panel.is_stale
    assert not dimmed.content.tabs.tabText(0).endswith("%")
    qtbot.mouseClick(dimmed.editor.undo, LEFT)
    assert not panel.is_stale


def test_a_step_that_costs_realism_is_turned_off_beside_its_figure(dimmed, qtbot):
    dimmed.draft.add("invert")
    panel = dimmed.realism
    qtbot.mouseClick(panel.measure, LEFT)
    qtbot.waitUntil(panel.figure.isVisible, timeout=LONG)
    assert panel.off_buttons
    place, off = next(iter(panel.off_buttons.items()))
    card = dimmed.editor.cards[place]
    assert card.warning.isVisible()
    grid = dimmed.content.grid
    assert place in grid.costly(grid.shown.lines[0][1].variant)
    marked = grid.grab().toImage()
    qtbot.mouseClick(off, LEFT)
    assert card.warning.isHidden()  # what was measured is of before
    settled(qtbot, dimmed)
    assert not grid.costly(grid.shown.lines[0][1].variant)
    assert grid.grab().toImage() != marked
    assert not dimmed.draft.policy.steps[place].on


def test_measuring_is_stopped_by_its_button(dimmed, qtbot):
    panel = dimmed.realism
    qtbot.mouseClick(panel.measure, LEFT)
    qtbot.mouseClick(panel.stop, LEFT)
    assert panel.stop.isHidden()
    assert panel.measure.isEnabled()
    assert panel.figure.isHidden()


def test_a_policy_is_tried_on_a_simple_model(dimmed, qtbot):
    qtbot.keyClick(dimmed.content.grid, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: any("points" in said for said in dimmed.realism.trial.words), timeout=LONG)


def test_the_policy_beside_is_tried_too_and_both_are_shown_with_their_order(dimmed, qtbot):
    panel, measuring = dimmed.realism, dimmed.measuring
    assert panel.trial.try_other.isHidden()
    dark = Policy("Dark", Modality.IMAGE, steps=(Step("dim", ranges={"gain": (0.25, 0.35)}),))
    covered = Policy("Covered", Modality.IMAGE, steps=(Step("patches", ranges={"size": (60, 60), "count": (20, 20)}),))
    for each in (covered, dark):
        dimmed.policies.put(each, beside=True)
    settled(qtbot, dimmed)
    for at in (1, 2):
        dimmed.content.tabs.setCurrentIndex(at)
        qtbot.mouseClick(panel.measure, LEFT)
        qtbot.waitUntil(lambda at=at: len(measuring._alike()) == at, timeout=LONG)
    assert panel.trial.try_other.text() == "Try B"
    qtbot.waitUntil(lambda: not panel.order.isHidden(), timeout=LONG)
    assert panel.order.text().endswith("C, then B.")
    assert [mark.word for mark in panel.bar.scale.marks][-1] == "B"
    assert "B: " in panel.bar.accessibleDescription()
    for key in (
        Qt.KeyboardModifier.ControlModifier,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier,
    ):
        dimmed.content.grid.setFocus()
        qtbot.waitUntil(dimmed.window().isActiveWindow, timeout=LONG)
        qtbot.keyClick(dimmed.content.grid, Qt.Key.Key_T, key)
        qtbot.waitUntil(panel.stop.isHidden, timeout=LONG)
    heads = [said for said in panel.trial.words if said.endswith("seeds")]
    assert heads == ["C · 5 seeds", "B · 5 seeds"]


def test_a_slice_is_told_apart_from_the_rest_when_a_policy_for_it_is_tried(dimmed, qtbot):
    session = dimmed.window().session
    session.ask("label = 'left'")
    qtbot.waitUntil(lambda: session.shown == "label = 'left'", timeout=LONG)
    qtbot.mouseClick(dimmed.realism.trial.try_it, LEFT)
    qtbot.waitUntil(lambda: "In the slice" in dimmed.realism.trial.words, timeout=LONG)
    assert "60 examples learned" in dimmed.realism.trial.words  # the right ones, too
    assert "The rest" in dimmed.realism.trial.words


def test_a_project_without_a_target_says_what_to_do(page):
    assert not page.realism.measure.isEnabled()


def test_a_policy_goes_to_a_file_and_comes_back_beside_the_one_that_is_open(page, qtbot, tmp_path):
    file = tmp_path / "night.json"
    with qtbot.waitSignal(page.done, timeout=LONG):
        page.policies.export_to(file)
    with qtbot.waitSignal(page.done, timeout=LONG):
        page.policies.open_from(file)
    assert [draft.policy for draft in page.drafts] == [page.drafts[0].policy] * 2
    with qtbot.waitSignal(page.done, timeout=LONG):
        page.policies.export_to(tmp_path / "night.py")
    assert "A.Compose" in (tmp_path / "night.py").read_text("utf-8")


def test_a_policy_file_that_is_dropped_opens_beside_the_others(page, window, qtbot, tmp_path):
    file = tmp_path / "night.json"
    with qtbot.waitSignal(page.done, timeout=LONG):
        page.policies.export_to(file)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    copy, keys = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(page.done, timeout=LONG):
        window.dropEvent(QDropEvent(QPointF(300, 300), copy, data, LEFT, keys))
    assert [draft.policy for draft in page.drafts] == [page.drafts[0].policy] * 2


def test_a_file_that_is_no_policy_is_refused(page, window, qtbot, tmp_path):
    file = tmp_path / "wrong.json"
    file.write_text("{}", "utf-8")
    with qtbot.waitSignal(window.session.reads.failed, timeout=LONG):
        page.policies.open_from(file)
    assert len(page.drafts) == 1


def test_a_variant_of_a_sound_is_heard_on_a_click(open_window, qtbot, tmp_path, monkeypatch):
    import soundfile
    from miniaudio import Backend

    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress
    from dataimp_gui.ui.kit.player import Player
    from dataimp_gui.ui.pages.augment import page as module

    monkeypatch.setattr(module, "Player", lambda: Player([Backend.NULL]))
    rng = np.random.default_rng(1)
    for name in ("no", "yes"):
        (tmp_path / "clips" / name).mkdir(parents=True)
        for number in range(3):
            samples = rng.normal(0, 0.1, 8000).astype(np.float32)
            soundfile.write(tmp_path / "clips" / name / f"{number}.wav", samples, 8000)
    import_dataset(tmp_path / "clips", tmp_path / "clips.dataimp", ImportOptions(), Progress())
    page = go(qtbot, open_window(tmp_path / "clips.dataimp", size=(1440, 900)))
    begin(qtbot, page, page.editor.starters.itemText(1))
    page.draft.add("background")
    assert page.editor.cards[-1].warning.text() == "Choose a folder: until then nothing is done."
    last = len(page.draft.policy.steps) - 1
    page.draft.use_choice(last, "folder", (str(tmp_path / "gone"),))
    qtbot.waitUntil(lambda: "There is no file or folder" in page.editor.cards[-1].warning.text(), timeout=LONG)
    page.draft.turn(last, False)
    qtbot.waitUntil(page.editor.cards[-1].warning.isHidden, timeout=LONG)
    settled(qtbot, page)
    heard = []
    page.player.moved.connect(lambda share: heard.append(share) if share >= 0 else None)
    grid = page.content.grid
    qtbot.mouseClick(grid, LEFT, pos=QPoint(grid.width() // 4, 80))
    qtbot.waitUntil(lambda: bool(heard), timeout=LONG)


def test_a_slice_is_handed_over_by_its_key(open_window, pictures, qtbot):
    from dataimp_gui.core.slices.slice import Slice

    window = open_window(pictures, size=(1440, 900))
    window.paging.turn_to("slices")
    window.page.augment_wanted.emit(Slice("Bags", "label = 'bag'"))
    page = window.page
    assert page.key == "augment"
    qtbot.waitUntil(
        lambda: (
            page.content.grid.shown is not None and {line[0].says for line in page.content.grid.shown.lines} == {"bag"}
        ),
        timeout=LONG,
    )


def test_variants_are_added_to_the_draft_without_those_rejected_and_shown_in_triage(dimmed, qtbot):
    window, output, policy = dimmed.window(), dimmed.output, dimmed.draft.policy
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    session, count = window.session, window.session.project.count
    row = int(session.project.rows("split = 'train' and label = 'left'")[0])
    session.edit(lambda project: project.augment.give_verdict(policy, row, 1, False))
    session.ask("label = 'left'")
    output.each.setValue(2)
    qtbot.waitUntil(lambda: output.many.text() == "30 × 2 − 1 rejected = 59", timeout=LONG)
    assert "30 examples of test were refused" in output.said.text()
    assert "evaluation splits" in output.untouched.text()
    assert dimmed.content.write.text() == "Add 59 to draft"
    qtbot.keyClick(dimmed.content.grid, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.page.key == "triage" and len(session.rows) == 59, timeout=LONG)
    assert session.project.count == count + 59
    session.undo()
    qtbot.waitUntil(lambda: len(session.project.rows()) == count, timeout=LONG)
    qtbot.mouseClick(window.rail.button("augment"), LEFT)
    qtbot.waitUntil(lambda: session.shown == "label = 'left'", timeout=LONG)  # not the variants


def test_under_the_floor_of_labels_adding_asks_and_keeps_the_reason(dimmed, qtbot):
    window, session = dimmed.window(), dimmed.window().session
    to_the_right = Step("off_centre", ranges={"x": (50, 50), "y": (0, 0)}, choices={"edge": ("black",)})
    dimmed.policies.put(Policy("Left is right", Modality.IMAGE, steps=(to_the_right,)), beside=True)
    qtbot.mouseClick(dimmed.realism.measure, LEFT)
    qtbot.waitUntil(lambda: dimmed.measuring.doubt != "" and dimmed.output.count == 240, timeout=LONG)
    qtbot.mouseClick(dimmed.content.write, LEFT)
    dialog = dimmed.into_draft.dialog
    assert "of the labels can still be told" in dialog.said.text()
    assert dialog.go.text() == "Add 240 variants all the same"
    qtbot.waitUntil(dialog.isActiveWindow, timeout=LONG)
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)  # the careful answer is the nearest
    assert not dimmed.into_draft.is_busy
    qtbot.mouseClick(dimmed.content.write, LEFT)
    dialog = dimmed.into_draft.dialog
    qtbot.keyClicks(dialog.why, "they come turned")
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: window.page.key == "triage" and len(session.rows) == 240, timeout=LONG)
    assert session.project.history()[-1].why == "they come turned"


def test_scrolling_past_a_field_changes_nothing(dimmed, qtbot):
    output, scope, session = dimmed.output, dimmed.scope, dimmed.window().session
    dimmed.content.grid.setFocus()
    before = (output.each.value(), scope.match.currentText(), session.query)
    for part in (output.each, scope.match, scope.for_):
        at = QPointF(part.rect().center())
        still = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(part, QWheelEvent(at, part.mapToGlobal(at), QPoint(), QPoint(0, -120), *still))
    assert (output.each.value(), scope.match.currentText(), session.query) == before


def test_without_a_step_nothing_is_counted_and_that_is_said(dimmed, qtbot):
    output = dimmed.output
    qtbot.waitUntil(lambda: output.count == 240, timeout=LONG)
    assert output.cost.isVisible()
    dimmed.policies.new()
    assert (output.many.text(), output.cost.isVisible()) == ("Add a step first", False)
    assert dimmed.content.write.text() == "Add to draft"
    assert not dimmed.content.write.isEnabled()
    dimmed.policies.close()
    qtbot.waitUntil(lambda: output.count == 240, timeout=LONG)


def test_where_there_is_nothing_to_vary_nothing_can_be_added(dimmed, qtbot):
    session = dimmed.window().session
    session.ask("split = 'test'")
    qtbot.waitUntil(lambda: "There is no example to vary." in dimmed.output.said.text(), timeout=LONG)
    assert not dimmed.content.write.isEnabled()
    session.ask("label = 'nothing such'")
    qtbot.waitUntil(lambda: "No examples match" in dimmed.content.grid.accessibleDescription(), timeout=LONG)
    session.ask("split = 'train'")
    qtbot.waitUntil(lambda: dimmed.output.count == 240, timeout=LONG)
    assert dimmed.content.write.isEnabled()
    assert dimmed.output.cost.text().endswith("KB")
    assert dimmed.output.said.isHidden()


def test_what_a_policy_is_for_and_matches_is_chosen_from_splits_slices_and_tags(dimmed, qtbot):
    session, scope = dimmed.window().session, dimmed.scope
    session.edit_slices(lambda slices: slices.save("Lefts", "label = 'left'"))
    session.edit(lambda project: project.tag(np.arange(5), "odd"))
    qtbot.waitUntil(lambda: scope.for_.findText("tagged odd · 5") >= 0, timeout=LONG)
    assert scope.match.currentText() == "test split · 60"
    choose(scope.for_, "Lefts · 60")
    qtbot.waitUntil(lambda: session.shown == "slice = 'Lefts'", timeout=LONG)
    assert scope.for_.currentText() == "Lefts · 60"
    session.ask("label = 'left' and split = 'train'")  # typed in the query bar
    qtbot.waitUntil(lambda: scope.for_.currentText() == "label = 'left' and split = 'train'", timeout=LONG)
    choose(scope.match, "tagged odd")
    settled(qtbot, dimmed)
    qtbot.waitUntil(lambda: dimmed.content.grid.shown.asked.target == "'odd' in tags", timeout=LONG)
    choose(scope.match, "nothing")
    assert not dimmed.realism.measure.isEnabled()
    choose(scope.for_, "all examples")
    qtbot.waitUntil(lambda: session.shown == "", timeout=LONG)


@pytest.fixture
def dim(dimmed, qtbot):
    """A policy that makes pictures a little dim only, where the target is much dimmer."""
    dimmed.policies.put(Policy("Dim", Modality.IMAGE, steps=(Step("dim", ranges={"gain": (0.8, 1.0)}),)), beside=True)
    settled(qtbot, dimmed)
    return dimmed


def test_what_is_fitted_to_the_target_stands_beside_the_policy_it_came_from(dim, qtbot):
    qtbot.mouseClick(dim.fitting.go, LEFT)
    assert dim.fitting.stop.isVisible()
    assert not dim.fitting.go.isEnabled()
    qtbot.waitUntil(lambda: not dim.fitting.is_busy, timeout=LONG)
    assert len(dim.fitting.curve.values) > 3
    before, after = (draft.policy.steps[0].ranges["gain"] for draft in dim.drafts[-2:])
    assert before == (0.8, 1.0)
    assert after[0] < 0.5
    assert dim.draft.policy.name == "Dim, fitted"
    assert dim.content.compare.isChecked()
    assert dim.fitting.stop.isHidden()


def test_fitting_is_stopped_by_its_button(dim, qtbot):
    count = len(dim.drafts)
    qtbot.mouseClick(dim.fitting.go, LEFT)
    qtbot.mouseClick(dim.fitting.stop, LEFT)
    assert not dim.fitting.is_busy
    assert dim.fitting.go.isEnabled()
    assert len(dim.drafts) == count


def test_noise_on_a_grey_picture_has_no_colour_in_the_grid(dimmed, qtbot):
    dimmed.policies.put(Policy("Noise", Modality.IMAGE, steps=(Step("pixel_noise"),)), beside=True)
    settled(qtbot, dimmed)
    original, noisy = (variant(dimmed, 0, column).picture for column in (0, 1))
    assert noisy != original
    colours = [noisy.pixelColor(x, y) for x in range(noisy.width()) for y in range(noisy.height())]
    assert all(colour.red() == colour.green() == colour.blue() for colour in colours)


def test_variants_that_a_model_gives_another_label_are_marked_and_counted(dimmed, qtbot):
    to_the_right = Step("off_centre", ranges={"x": (50, 50), "y": (0, 0)}, choices={"edge": ("black",)})
    dimmed.policies.put(Policy("Left is right", Modality.IMAGE, steps=(to_the_right,)), beside=True)
    grid = dimmed.content.grid
    qtbot.waitUntil(lambda: any(score.is_lost for score in grid.scores.values()), timeout=LONG)
    lost = sum(score.is_lost for score in grid.scores.values())
    assert f"{lost} of {len(grid.scores)} may lose their label" in dimmed.content.warning.accessibleName()
    plain = grid.grab().toImage()
    grid.show_scores({})
    assert grid.grab().toImage() != plain
    dimmed.policies.put(
        Policy("Nothing much", Modality.IMAGE, steps=(Step("dim", ranges={"gain": (1, 1)}),)), beside=True
    )
    settled(qtbot, dimmed)
    qtbot.waitUntil(lambda: bool(grid.scores), timeout=LONG)
    assert not any(score.is_lost for score in grid.scores.values())
    assert dimmed.content.warning.accessibleName() == ""


def test_a_policy_goes_to_albumentations_and_back(page, qtbot, tmp_path):
    page.policies.put(Policy("Two", Modality.IMAGE, steps=(Step("rotate", 0.5), Step("jpeg"))), beside=True)
    policy = page.draft.policy
    with qtbot.waitSignal(page.done, timeout=LONG):
        page.policies.export_to(tmp_path / "two.json", "albumentations")
    assert "transform" in (tmp_path / "two.json").read_text("utf-8")
    with qtbot.waitSignal(page.done, timeout=LONG):
        page.policies.open_from(tmp_path / "two.json")
    assert [(step.op, step.chance) for step in page.draft.policy.steps] == [
        (step.op, step.chance) for step in policy.steps
    ]


def test_variants_that_keep_the_label_their_example_had_are_told_and_taken_along_by_a_click(dimmed, qtbot):
    window = dimmed.window()
    session = window.session
    qtbot.waitUntil(lambda: dimmed.output.count == 240, timeout=LONG)
    qtbot.mouseClick(dimmed.content.write, LEFT)
    qtbot.waitUntil(lambda: window.page.key == "triage" and len(session.rows) == 240, timeout=LONG)
    row = session.project.rows("split = 'train' and label = 'left' and augmented_from is null")[:1]
    session.edit_rows(row, lambda project, rows: project.relabel(rows, "right"))
    qtbot.waitUntil(lambda: "Its 4 variants have another label" in window.toast.words, timeout=LONG)
    qtbot.mouseClick(window.toast.findChildren(QPushButton)[-1], LEFT)
    left = session.project.augment.behind
    qtbot.waitUntil(lambda: len(left(row)) == 0, timeout=LONG)
    session.undo()
    qtbot.waitUntil(lambda: len(left(row)) == 4, timeout=LONG)
    window.commands.find("augment.follow").trigger()
    qtbot.waitUntil(lambda: len(left(row)) == 0, timeout=LONG)
