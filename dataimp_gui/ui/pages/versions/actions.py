"""Everything that can be done on the Versions page, as rows."""

from typing import Final

from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.pages.versions.page import VersionsPage as Page

HELD_KEYS: Final = ((("↑ ↓",), "Another version"),)

ACTIONS: Final = (
    ActionSpec("versions.newer", "Newer version", Page.newer, shortcut="["),
    ActionSpec("versions.older", "Older version", Page.older, shortcut="]"),
)
