"""Everything that can be done on the Versions page, as rows."""

from typing import Final

from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.pages.versions.page import VersionsPage as Page

HELD_KEYS: Final = ((("↑ ↓",), "Another version"),)

ACTIONS: Final = (
    ActionSpec(
        "versions.promote", "Promote the version…", Page.promote, shortcut="P", enabled=Page.can_promote, icon="flag"
    ),
    ActionSpec(
        "versions.evaluate",
        "Evaluate the version…",
        Page.evaluate,
        shortcut="E",
        enabled=Page.can_evaluate,
        icon="play",
    ),
    ActionSpec(
        "versions.restore", "Restore the version…", Page.restore, shortcut="R", enabled=Page.has_version, icon="clock"
    ),
    ActionSpec("versions.gates", "Edit gates…", Page.edit_gates, shortcut="G", icon="pencil"),
    ActionSpec("versions.back", "Roll production back…", Page.roll_back, enabled=Page.can_roll_back, icon="undo"),
    ActionSpec("versions.newer", "Newer version", Page.newer, shortcut="["),
    ActionSpec("versions.older", "Older version", Page.older, shortcut="]"),
)
