"""Who edits here is asked once, after the first edit, and signs what comes after."""

import pytest
from PySide6.QtCore import Qt

from dataimp_gui.ui import settings

LEFT = Qt.MouseButton.LeftButton
WAIT = 60_000


@pytest.fixture
def window(open_window, pictures):
    return open_window(pictures)


def tag(qtbot, window, word):
    window.page.select_all()
    qtbot.waitUntil(lambda: len(window.session.selection) == 36, timeout=WAIT)
    window.page.tag(word)
    qtbot.waitUntil(lambda: word in window.session.project.tags, timeout=WAIT)


def asked(qtbot, window):
    tag(qtbot, window, "one")
    qtbot.waitUntil(window.name_card.isVisible, timeout=WAIT)
    return window.name_card


def test_the_name_is_asked_after_the_first_edit_and_signs_what_comes_after(
    window, open_window, pictures, qtbot, tmp_path
):
    assert window.name_card.isHidden()
    card = asked(qtbot, window)
    assert not card.field.hasFocus()
    assert card.field.text() == window.settings.signature
    card.field.clear()
    assert not card.use.isEnabled()
    qtbot.keyClicks(card.field, "Ada")
    qtbot.keyClick(card.field, Qt.Key.Key_Return)
    assert card.isHidden()
    tag(qtbot, window, "two")
    assert window.session.project.history()[-1].author == "Ada"
    assert settings.load(tmp_path / "settings").author == "Ada"
    window.close()
    again = open_window(pictures)
    tag(qtbot, again, "three")
    assert again.session.project.history()[-1].author == "Ada"
    assert again.name_card.isHidden()


def test_who_does_not_answer_is_not_asked_again(window, open_window, pictures, qtbot):
    card = asked(qtbot, window)
    qtbot.mouseClick(card.close_button, LEFT)
    tag(qtbot, window, "two")
    assert card.isHidden()
    window.close()
    again = open_window(pictures)
    tag(qtbot, again, "three")
    assert again.name_card.isHidden()


def test_esc_leaves_the_card_and_keeps_the_selection(window, qtbot):
    card = asked(qtbot, window)
    card.field.setFocus()
    qtbot.keyClick(card.field, Qt.Key.Key_Escape)
    assert card.isHidden()
    assert len(window.session.selection) == 36


def test_whoever_gave_a_name_before_is_not_asked(open_window, pictures, qtbot, tmp_path):
    settings.save(settings.Settings(author="Ada"), tmp_path / "settings")
    window = open_window(pictures)
    tag(qtbot, window, "one")
    assert window.name_card.isHidden()
