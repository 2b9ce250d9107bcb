import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from dataimp_gui.ui.kit.actions import ActionSpec, clashes
from dataimp_gui.ui.kit.keys_overlay import KeysOverlay, listing
from dataimp_gui.ui.kit.palette import CommandPalette, match

RAN = []
SPECS = (
    ActionSpec("edit.relabel", "Relabel as…", lambda _: RAN.append("relabel"), shortcut="L"),
    ActionSpec("edit.exclude", "Exclude", lambda _: RAN.append("exclude"), shortcut="X"),
    ActionSpec("edit.never", "Never", lambda _: RAN.append("never"), enabled=lambda _: False),
)


@pytest.fixture
def window(qtbot):
    RAN.clear()
    window = QWidget()
    window.resize(900, 600)
    window.field = QLineEdit(window)
    qtbot.addWidget(window)
    for spec in SPECS:
        window.addAction(spec.build(window))
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.mark.parametrize(
    ("typed", "best"), [("rel", "Relabel"), ("ex", "Exclude"), ("lab", "Relabel"), ("ecl", "Exclude"), ("", "Relabel")]
)
def test_the_palette_finds_by_letters_in_order(typed, best):
    names = ["Relabel", "Exclude"]
    found = sorted((score, place) for place, name in enumerate(names) if (score := match(typed, name)) is not None)
    assert names[found[0][1]] == best
    assert match("zz", "Relabel") is None


def test_the_palette_runs_what_was_chosen_from_the_keyboard(window, qtbot):
    palette = CommandPalette(window)
    palette.open_with(window.actions())
    qtbot.keyClicks(palette.field, "excl")
    assert palette.found.count() == 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert RAN == ["exclude"]
    assert not palette.isVisible()


def test_the_palette_says_when_no_command_matches(window, qtbot):
    palette = CommandPalette(window)
    palette.open_with(window.actions())
    says = next(label for label in palette.findChildren(QLabel) if label.text() == "No command matches")
    assert not says.isVisible()
    qtbot.keyClicks(palette.field, "qqq")
    assert says.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert RAN == []
    palette.field.clear()
    assert not says.isVisible()
    palette.close()


def test_an_action_that_is_not_enabled_does_not_run(window):
    window.actions()[2].trigger()
    assert RAN == []


def test_a_letter_is_text_while_a_field_has_the_focus(window, qtbot):
    window.activateWindow()
    window.field.setFocus()
    qtbot.keyClicks(window.field, "x")
    assert (window.field.text(), RAN) == ("x", [])
    window.setFocus()
    window.field.clearFocus()
    qtbot.keyClicks(window, "x")
    assert RAN == ["exclude"]


def test_two_actions_with_one_key_are_named():
    twice = ActionSpec("other", "Other", lambda _: None, shortcut="x")
    assert clashes((*SPECS, twice)) == {"X": ["edit.exclude", "other"]}
    assert clashes(SPECS) == {}


def test_the_overlay_shows_every_key_and_any_key_closes_it(window, qtbot):
    overlay = KeysOverlay(window)
    overlay.open_with(window.actions())
    assert overlay.isVisible()
    qtbot.keyClick(overlay, Qt.Key.Key_Space)
    assert not overlay.isVisible()


def test_keys_of_a_row_share_a_line_in_the_overlay(window):
    digits = [ActionSpec(f"label.{n}", f"Relabel as number {n}", lambda _: None, shortcut=str(n)) for n in (1, 2, 3, 0)]
    built = [spec.build(window) for spec in (*SPECS, *digits)]
    assert listing(built) == [
        (("L",), "Relabel as"),
        (("X",), "Exclude"),
        (("1", "…", "0"), "Relabel as number"),
    ]


def test_the_palette_says_where_a_command_stands_and_fits_its_rows(window, qtbot):
    palette = CommandPalette(window)
    palette.open_with([ActionSpec("a", "Export…", lambda _: None, menu="Versions", icon="export").build(window)])
    face = palette.found.itemWidget(palette.found.item(0))
    assert [label.text() for label in face.findChildren(QLabel)] == ["Export…", "Versions"]
    one = palette.height()
    palette.open_with(window.actions()[:2])
    assert palette.height() > one
    palette.hide()
