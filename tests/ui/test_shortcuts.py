"""Keys that a person changes: found, given, taken from another action, reset; told wherever keys are shown."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QTreeWidgetItemIterator

from dataimp_gui.ui import settings
from dataimp_gui.ui.dialogs.keys_dialog import KeysDialog
from dataimp_gui.ui.dialogs.settings_dialog import SettingsDialog
from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.kit.keymap import Keymap, Table
from dataimp_gui.ui.kit.keys_overlay import KeysOverlay
from dataimp_gui.ui.window_actions import key_tables

LEFT = Qt.MouseButton.LeftButton
WAIT = 60_000


def spec(id_, *keys, **more):
    return ActionSpec(id_, id_, lambda _: None, shortcut=keys[0] if keys else "", more=keys[1:], **more)


FIND, QUIT = spec("find", "/", "Ctrl+F"), spec("quit", "Ctrl+Q")
TAG, CUT, PLAY = spec("tag", "T"), spec("cut", "X"), spec("play", "X")
MAP = Keymap((Table("Everywhere", (FIND, QUIT), everywhere=True), Table("A", (TAG, CUT)), Table("B", (PLAY,))))


def test_a_key_is_taken_where_both_actions_would_work():
    assert MAP.holder(TAG, "X") is CUT
    assert MAP.holder(TAG, "ctrl+f") is FIND
    assert MAP.holder(QUIT, "X") is CUT
    assert MAP.holder(PLAY, "T") is None  # another place
    assert MAP.holder(CUT, "X") is None


def test_a_key_that_is_given_to_one_is_taken_from_the_other():
    given = MAP.give(TAG, ("Ctrl+F",))
    assert (given.keys(TAG), given.keys(FIND)) == (("Ctrl+F",), ("/",))
    assert set(given.changed) == {"tag", "find"}
    back = given.reset(FIND)
    assert (back.keys(TAG), back.keys(FIND)) == ((), ("/", "Ctrl+F"))
    assert back.reset(TAG).changed == {}


def test_no_key_means_two_things_anywhere():
    tables = key_tables()
    keymap = Keymap(tables)
    twice = [
        (one.id, key, other.id)
        for table in tables
        for one in table.specs
        for key in one.shortcuts
        if (other := keymap.holder(one, key)) is not None
    ]
    assert not [pair for pair in twice if "window.demo" not in (pair[0], pair[2])]  # that one needs no project open


@pytest.fixture
def window(open_window, pictures):
    return open_window(pictures, size=(1440, 900))


@pytest.fixture
def dialog(window, qtbot):
    """The dialog of keys as the settings open it."""
    window.commands.find("window.settings").trigger()
    asked = window.findChild(SettingsDialog)
    qtbot.mouseClick(asked.controls["keys"], LEFT)
    opened = asked.findChild(KeysDialog)
    qtbot.waitUntil(opened.isVisible, timeout=WAIT)
    yield opened
    if window.isVisible():
        close_dialogs(qtbot, window)


def close_dialogs(qtbot, window):
    for open_ in reversed(window.findChildren(QDialog)):
        open_.accept()
    qtbot.waitUntil(lambda: not window.findChildren(QDialog), timeout=WAIT)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)


def press(qtbot, dialog, id_, key, modifier=Qt.KeyboardModifier.NoModifier):
    dialog.choose(id_)
    qtbot.keyClick(dialog.field, key, modifier)


def tips(window):
    return [button.toolTip() for button in window.findChildren(QAbstractButton)]


def shown_keys(window):
    """What the overlay of all keys says."""
    window.commands.show_keys()
    overlay = window.findChild(KeysOverlay)
    words = [label.text() for label in overlay.findChildren(QLabel)]
    overlay.hide()
    return words


def test_a_new_key_works_and_is_shown_everywhere_also_after_a_restart(
    window, dialog, open_window, pictures, tmp_path, qtbot
):
    assert "Tag… (T)" in tips(window)
    press(qtbot, dialog, "triage.tag", Qt.Key.Key_Y)
    close_dialogs(qtbot, window)
    assert "Tag… (Y)" in tips(window)
    assert "Tag… (T)" not in tips(window)
    assert "Y" in shown_keys(window)
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_T)
    assert window.page.picker is None
    qtbot.keyClick(window, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: window.page.picker is not None, timeout=WAIT)
    qtbot.keyClick(window.page.picker.field, Qt.Key.Key_Escape)
    assert settings.load(tmp_path / "settings").keys == {"triage.tag": ("Y",)}
    window.close()
    again = open_window(pictures)
    assert again.commands.find("triage.tag").shortcuts() == [QKeySequence("Y")]


def test_a_taken_key_is_named_and_taken_over_only_after_a_second_click(window, dialog, qtbot):
    press(qtbot, dialog, "triage.tag", Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert "Saved views" in dialog.note.text()
    assert window.commands.find("triage.tag").shortcut() == QKeySequence("T")
    qtbot.mouseClick(dialog.take, LEFT)
    assert window.commands.find("triage.tag").shortcut() == QKeySequence("Ctrl+D")
    assert window.commands.find("window.views").shortcuts() == []
    assert dialog.take.isHidden()


def test_the_key_of_a_label_cannot_be_taken(dialog, qtbot):
    press(qtbot, dialog, "triage.tag", Qt.Key.Key_3)
    assert "cannot be changed" in dialog.note.text()
    assert dialog.take.isHidden()


def test_keys_are_removed_and_reset_one_by_one_and_all_at_once(window, dialog, qtbot):
    keys = window.commands.find("triage.tag").shortcuts
    dialog.choose("triage.tag")
    qtbot.mouseClick(dialog.none, LEFT)
    assert keys() == []
    qtbot.mouseClick(dialog.one, LEFT)
    assert keys() == [QKeySequence("T")]
    assert not dialog.all.isEnabled()
    press(qtbot, dialog, "triage.tag", Qt.Key.Key_Y)
    press(qtbot, dialog, "triage.flag", Qt.Key.Key_J)
    qtbot.mouseClick(dialog.all, LEFT)
    assert keys() == [QKeySequence("T")]
    assert window.commands.find("triage.flag").shortcut() == QKeySequence("F")


def test_an_action_is_found_by_its_words_and_by_its_key(dialog, qtbot):
    def listed():
        lines = QTreeWidgetItemIterator(dialog.list, QTreeWidgetItemIterator.IteratorFlag.NotHidden)
        found = []
        while (item := lines.value()) is not None:
            found.append(item.text(0))
            lines += 1
        return found

    qtbot.keyClicks(dialog.search, "quit")
    assert listed() == ["Everywhere", "Quit"]
    dialog.search.clear()
    qtbot.keyClicks(dialog.search, "ctrl+k")
    assert listed() == ["Everywhere", "Commands"]
    assert dialog.spec.id == "window.commands"


def test_what_is_damaged_in_the_file_of_keys_counts_as_not_changed(tmp_path):
    (tmp_path / settings.NAME).write_text('{"keys": {"a": ["X"], "b": "Y", "c": [3]}, "tile_size": 96}')
    found = settings.load(tmp_path)
    assert (found.keys, found.tile_size) == ({"a": ("X",)}, 96)
    settings.save(found, tmp_path)
    assert settings.load(tmp_path) == found
