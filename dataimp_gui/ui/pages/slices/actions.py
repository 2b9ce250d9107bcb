"""Everything that can be done on the Slices page, as rows."""

from typing import Final

from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.pages.slices.page import SlicesPage as Page

MENU: Final = "Slices"
HELD_KEYS: Final = (  # what the table does with keys and clicks by itself
    (("↑ ↓",), "Move"),
    (("Enter",), "Show the examples of the slice in Triage"),
    (("Space",), "Tick or untick the slice"),
)

ACTIONS: Final = (
    ActionSpec(
        "slices.find", "Find slices", Page.search, shortcut="Ctrl+Return", enabled=Page.can_search, icon="search"
    ),
    ActionSpec(
        "slices.review", "Review labels of the slice", Page.review, shortcut="R", enabled=Page.has_slice, icon="check"
    ),
    ActionSpec("slices.augment", "Augment for this slice", Page.augment, shortcut="A", enabled=Page.can_augment),
    ActionSpec("slices.collect", "Plan collection", Page.collect, shortcut="C", enabled=Page.can_collect),
    ActionSpec("slices.save", "Save the slice…", Page.save, shortcut="S", enabled=Page.has_unsaved, icon="bookmark"),
    ActionSpec("slices.new", "New slice…", Page.new, shortcut="N", icon="plus"),
    ActionSpec("slices.open", "Open the slice in Triage", Page.open, enabled=Page.has_slice, icon="gallery"),
    ActionSpec("slices.export", "Export the slice…", Page.export, shortcut="E", enabled=Page.has_slice, icon="export"),
    ActionSpec("slices.rename", "Change the slice…", Page.rename, shortcut="F2", enabled=Page.has_saved, icon="pencil"),
    ActionSpec("slices.remove", "Remove the slice", Page.remove, shortcut="Del", enabled=Page.has_slice, icon="close"),
    ActionSpec("slices.previous", "Previous slice", lambda page: page.step(-1), shortcut="[", enabled=Page.has_slice),
    ActionSpec("slices.next", "Next slice", lambda page: page.step(1), shortcut="]", enabled=Page.has_slice),
    ActionSpec(
        "slices.areas",
        "Show where the errors are",
        Page.show_areas,
        shortcut="V",
        enabled=Page.can_show_areas,
        icon="matrix",
    ),
    ActionSpec("slices.tick-all", "Tick all slices", Page.tick_all, shortcut="Ctrl+A", enabled=Page.has_slice),
)
