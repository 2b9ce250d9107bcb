"""What somebody meets who uses the window for the first time: focus, Enter and Esc, another window, a clip's folder."""

import os
import signal
import subprocess
import sys
import wave
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from dataimp_gui.core.project import Project
from dataimp_gui.ui.dialogs.commit_dialog import CommitDialog
from dataimp_gui.ui.dialogs.export_dialog import ExportDialog
from dataimp_gui.ui.dialogs.import_dialog import ImportDialog
from dataimp_gui.ui.pages.start import recent
from dataimp_gui.ui.pages.start.cards import Card
from dataimp_gui.ui.pages.start.recent import Recent

LEFT = Qt.MouseButton.LeftButton


def until(qtbot, fact):
    qtbot.waitUntil(fact, timeout=30_000)


def dialog_of(qtbot, window, kind):
    until(qtbot, lambda: any(d.isVisible() for d in window.findChildren(kind)))
    return next(d for d in window.findChildren(kind) if d.isVisible())


def focus(window):
    return window.focusWidget()


@pytest.fixture
def clips(tmp_path):
    """A table of clips whose files lie in another folder."""
    (tmp_path / "sounds").mkdir()
    for number in range(4):
        with wave.open(str(tmp_path / "sounds" / f"{number}.wav"), "wb") as clip:
            clip.setparams((1, 2, 8000, 0, "NONE", ""))
            clip.writeframes(np.full(800, 1000, np.int16).tobytes())
    (tmp_path / "lists").mkdir()
    table = tmp_path / "lists" / "clips.csv"
    table.write_text("\n".join(["file,digit", *(f"{n}.wav,{'one' if n % 2 else 'two'}" for n in range(4))]))
    return table, tmp_path / "sounds"


def test_the_first_key_reaches_what_the_page_is_about(open_window, pictures, qtbot):
    window = open_window()
    assert focus(window) is window.start.import_button
    window.open(pictures)
    until(qtbot, lambda: window.session is not None and window.session.ready)
    assert focus(window) is window.page.gallery.view
    window.close_project()
    assert focus(window) is window.start.import_button


def test_escape_from_the_filter_leads_to_the_examples(open_window, pictures, qtbot):
    window = open_window(pictures)
    field = window.top.query.field
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert focus(window) is window.page.gallery.view


def test_enter_ends_a_note_so_that_the_next_key_is_about_the_example(open_window, pictures, qtbot):
    window = open_window(pictures)
    until(qtbot, lambda: window.page.inspector.id_words() != "No example")
    note, row = window.page.inspector.note, window.session.current
    window.commands.find("triage.note").trigger()
    qtbot.keyClicks(note, "dark")
    qtbot.keyClick(note, Qt.Key.Key_Return)
    assert focus(window) is window.page.gallery.view
    state = window.session.project.state
    until(qtbot, lambda: state.word("note", int(state.notes[row])) == "dark")
    window.commands.find("triage.note").trigger()
    qtbot.keyClicks(note, "nonsense")
    qtbot.keyClick(note, Qt.Key.Key_Escape)
    assert note.text() == "dark"
    window.close()
    with Project.open(pictures) as project:
        assert project.state.word("note", int(project.state.notes[row])) == "dark"


def test_the_keyboard_goes_on_in_a_facet_where_the_mouse_was(open_window, pictures, qtbot):
    window = open_window(pictures)
    until(qtbot, lambda: "label" in window.page.filters.shown())
    facet = window.page.filters.facet("label")
    until(qtbot, lambda: len(facet.rows()) == 3 and facet.rect().contains(facet.row_rect(2)))
    qtbot.mouseClick(facet, LEFT, pos=facet.row_rect(2).center())
    until(qtbot, lambda: len(window.session.rows) == 12)
    qtbot.keyClick(facet, Qt.Key.Key_Space)
    until(qtbot, lambda: len(window.session.rows) == 36)


def test_a_project_that_is_open_elsewhere_can_be_looked_at(open_window, pictures, qtbot):
    first = open_window(pictures)
    second = open_window()
    second.open(pictures)
    until(qtbot, second.message_bar.isVisible)
    offer = next(b for b in second.message_bar.findChildren(QPushButton) if b.text() == "Open read-only")
    qtbot.mouseClick(offer, LEFT)
    until(qtbot, lambda: second.session is not None and second.session.ready)
    assert second.session.project.read_only
    assert "read-only" in second.windowTitle()
    assert not first.session.project.read_only
    assert len(second.session.rows) == 36


def test_enter_in_the_source_looks_at_it_and_opens_no_other_dialog(open_window, pictures_source, qtbot):
    window = open_window()
    window.import_source()
    dialog = dialog_of(qtbot, window, ImportDialog)
    dialog.source.setFocus()
    qtbot.keyClicks(dialog.source, str(pictures_source / "data"))
    qtbot.keyClick(dialog.source, Qt.Key.Key_Return)
    until(qtbot, dialog.start.isEnabled)
    assert not dialog.findChildren(QFileDialog)
    assert not dialog.media.isVisible()
    dialog.reject()


def test_media_that_lie_elsewhere_are_found_in_the_folder_that_was_chosen(open_window, clips, qtbot):
    table, sounds = clips
    window = open_window()
    window.import_source(table)
    dialog = dialog_of(qtbot, window, ImportDialog)
    until(qtbot, dialog.start.isEnabled)
    assert dialog.media.isVisible()
    dialog.use_media(sounds)
    qtbot.mouseClick(dialog.start, LEFT)
    until(qtbot, lambda: window.session is not None and window.session.ready)
    assert window.session.project.count == 4
    assert window.session.project.quarantine() == []


def test_the_first_commit_counts_what_will_be_in_it(open_window, pictures, qtbot):
    with Project.open(pictures) as project:
        project.exclude([3])
    window = open_window(pictures)
    window.commands.find("window.commit").trigger()
    dialog = dialog_of(qtbot, window, CommitDialog)
    assert dialog.changes.text() == "The first version: 35 examples as they stand; 1 excluded is not in it."
    dialog.reject()


def test_an_export_counts_the_version_and_says_that_later_edits_are_not_in_it(open_window, pictures, qtbot):
    with Project.open(pictures) as project:
        project.commit("first")
        project.exclude([3])
    window = open_window(pictures)
    until(qtbot, lambda: window.session.draft_name == "v2 draft")
    window.commands.find("window.export").trigger()
    dialog = dialog_of(qtbot, window, ExportDialog)
    until(qtbot, lambda: dialog.about.text().startswith("36 examples"))
    assert dialog.behind.isVisible()
    dialog.reject()


def test_tab_writes_the_column_that_was_probably_meant(open_window, pictures, qtbot):
    window = open_window(pictures)
    query = window.top.query
    assert query.field.placeholderText().endswith("label = 'bag' and error")
    query.field.setFocus()
    qtbot.keyClicks(query.field, "labl = 'coat' and not error")
    until(qtbot, lambda: "labl" in query.error_shown)
    qtbot.keyClick(query.field, Qt.Key.Key_Tab)
    assert query.text() == "label = 'coat' and not error"
    until(qtbot, lambda: window.session.shown == query.text())
    assert focus(window) is query.field
    qtbot.keyClick(query.field, Qt.Key.Key_Tab)
    assert focus(window) is not query.field


def test_the_filter_takes_another_text_size_also_while_it_is_empty(open_window, pictures):
    window = open_window(pictures)
    field = window.top.query.field
    before = field.viewport().font().pixelSize()
    window.use_settings(replace(window.settings, font_scale=150))
    assert field.viewport().font().pixelSize() == field.font().pixelSize() == round(before * 1.5)
    window.use_settings(replace(window.settings, font_scale=100))


def test_ids_are_copied_in_the_order_shown(open_window, pictures, qapp, qtbot):
    window = open_window(pictures)
    window.page.select_all()
    until(qtbot, lambda: len(window.session.selection) == 36)
    window.commands.find("triage.copy").trigger()
    until(qtbot, lambda: qapp.clipboard().text().count("\n") == 35)
    assert qapp.clipboard().text().startswith("bag/00.png\nbag/01.png\n")


def test_the_size_of_a_tile_is_in_force_at_once_and_kept_apart_for_words(open_window, pictures, tmp_path, qtbot):
    table = tmp_path / "said.csv"
    table.write_text("text,label\n" + "\n".join(f"what number {n} said,{'ab'[n % 2]}" for n in range(9)))
    window = open_window(pictures)
    window.use_settings(replace(window.settings, tile_size=160))
    assert window.page.gallery.model.words(0)
    assert window.page.gallery.view.columns == (window.page.gallery.view.viewport().width() - 16) // 168
    window.import_source(table)
    dialog = dialog_of(qtbot, window, ImportDialog)
    until(qtbot, dialog.start.isEnabled)
    qtbot.mouseClick(dialog.start, LEFT)
    until(qtbot, lambda: window.session is not None and window.session.project.count == 9)
    window.page.gallery.set_tile_width(220)
    assert (window.settings.tile_size, window.settings.text_tile_size) == (160, 220)


def test_the_keys_of_gallery_and_filters_are_shown_among_the_keys(open_window, pictures, qtbot):
    window = open_window(pictures)

    def said():
        return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]

    window.commands.show_keys()
    until(qtbot, lambda: {"Select from here to there", "Relabel"} <= set(said()))
    qtbot.keyClick(focus(window), Qt.Key.Key_Slash)  # closes the keys, and does nothing else
    assert "Relabel" not in said()
    assert focus(window) is window.page.gallery.view
    window.close_project()
    window.commands.show_keys()
    until(qtbot, lambda: "Open demo" in said())
    assert not {"Select from here to there", "Relabel"} & set(said())


def test_a_list_to_choose_from_is_as_high_as_what_it_holds(open_window, pictures, qtbot):
    window = open_window(pictures)
    window.commands.find("triage.tag").trigger()
    picker = window.page.picker
    assert picker.list.isHidden()
    before = picker.height()
    qtbot.keyClicks(picker.field, "dark")
    assert picker.list.isVisible()
    assert before < picker.height() < 120
    qtbot.keyClick(picker.field, Qt.Key.Key_Escape)


def test_recent_projects_of_one_name_say_where_they_lie_and_are_reached_before_the_demos(open_window, tmp_path, qtbot):
    for place in ("a", "b"):
        (tmp_path / place / "shop.dataimp").mkdir(parents=True)
        entry = Recent(str(tmp_path / place / "shop.dataimp"), "shop", "image", 5, 2, "", "2026-01-01T00:00:00+00:00")
        recent.remember(entry, tmp_path / "settings")
    window = open_window()
    cards = [card for card in window.start.findChildren(Card) if card.isVisible()]
    said = [card.accessibleName() for card in cards if card.text() == "shop"]
    assert sorted(said) == [f"shop, in {tmp_path / place}, 5 images, 2 labels" for place in "ab"]
    order, at = [], window.start.import_button
    for _ in range(40):
        at = at.nextInFocusChain()
        if at in cards:
            order.append(at.text())
    assert order[:3] == ["shop", "shop", "Clothing"]


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be asked to end there, only ended")
def test_told_to_end_the_window_closes_by_itself(pictures, tmp_path, qtbot):
    mine = {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path / "own"), "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "dataimp_gui", "open", str(pictures)]
    with subprocess.Popen(command, env={**os.environ, **mine}, stderr=subprocess.PIPE, text=True) as window:
        try:
            until(qtbot, lambda: any(tmp_path.rglob(recent.NAME)))  # written once the project is open
            window.send_signal(signal.SIGTERM)
            assert window.wait(20) == 0
            assert window.stderr.read() == ""
        finally:
            window.kill()
    Project.open(pictures).close()
