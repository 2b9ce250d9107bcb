"""Everything that can be done in a review, as rows."""

from collections.abc import Callable
from functools import partial
from typing import Final

from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.kit.number_keys import KEYS
from dataimp_gui.ui.pages.review.page import ReviewPage as Page

HELD_KEYS: Final = (
    (("wheel",), "Closer or farther"),
    (("drag",), "Move the picture"),
    (("Ctrl", "Enter"), "Keep what was written in the guide"),
)


def _give(key: str, page: Page) -> None:
    page.give_by_key(key)


def _step(by: int, page: Page) -> None:
    page.step(by)


def _row(
    id_: str,
    text: str,
    run: Callable[[Page], object],
    key: str,
    icon: str = "",
    enabled: Callable[[Page], bool] = Page.is_deciding,
) -> ActionSpec[Page]:
    """A key that decides: held down, it still speaks of one example."""
    return ActionSpec(f"review.{id_}", text, run, shortcut=key, icon=icon, enabled=enabled, repeats=False)


ACTIONS: Final = (
    _row("accept", "Accept the suggestion", Page.accept, "Space", "check", Page.is_seeing),
    _row("keep", "Keep the label", Page.keep, "K", "minus", Page.is_seeing),
    _row("exclude", "Exclude", Page.exclude, "X", "slash"),
    _row("flag", "Flag", Page.flag, "F", "flag"),
    _row("skip", "Skip", Page.skip, "S", "chevron-right"),
    _row("labels", "Label…", Page.list_labels, "L", "pencil"),
    _row("tag", "Tag…", Page.list_tags, "T", "tag"),
    _row("note", "Write a note", Page.write_note, "N", "note"),
    ActionSpec("review.undo", "Step back and undo", Page.step_back, shortcut="U", icon="undo"),
    ActionSpec("review.previous", "Previous example", partial(_step, -1), shortcut="Left", more=("[",)),
    ActionSpec("review.next", "Next example", partial(_step, 1), shortcut="Right", more=("]",)),
    ActionSpec("review.zoom", "Closer", Page.zoom, shortcut="Z", icon="zoom-in"),
    ActionSpec("review.contrast", "Stretch the contrast", Page.toggle_contrast, shortcut="C", icon="contrast"),
    ActionSpec("review.play", "Play or stop", Page.play, shortcut="P", enabled=Page.has_sound, icon="play"),
    ActionSpec("review.blind", "Blind mode", Page.toggle_blind, shortcut="B"),
    ActionSpec("review.guide", "Edit the labelling guide", Page.edit_guide, shortcut="G", icon="pencil"),
    ActionSpec("review.leave", "Leave the review", lambda page: page.left_wanted.emit(), shortcut="Esc"),
    *(_row(f"label.{key}", f"Label with key {key}", partial(_give, key), key) for key in KEYS),
)
