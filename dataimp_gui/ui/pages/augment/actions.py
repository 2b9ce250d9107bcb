"""Everything that can be done on the Augment page, as rows."""

from typing import Final

from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.pages.augment.page import AugmentPage as Page

HELD_KEYS: Final = ((("O",), "Hold for the originals"),)

ACTIONS: Final[tuple[ActionSpec[Page], ...]] = (
    ActionSpec("augment.seeds", "New seeds", Page.new_seeds, shortcut="G", enabled=Page.can_edit, icon="refresh"),
    ActionSpec("augment.compare", "Compare policies", Page.toggle_compare, shortcut="V", enabled=Page.can_compare),
    ActionSpec("augment.add", "Add a step", Page.add_step, shortcut="+", enabled=Page.can_edit, icon="plus"),
    ActionSpec("augment.new", "New policy", Page.new, shortcut="N", enabled=Page.can_open_more, icon="plus"),
    ActionSpec("augment.save", "Save the policy", Page.save, shortcut="S", enabled=Page.can_save, icon="bookmark"),
    ActionSpec("augment.undo", "Undo the change of the policy", Page.undo, shortcut="U", enabled=Page.can_edit),
    ActionSpec("augment.redo", "Redo the change of the policy", Page.redo, shortcut="Shift+U", enabled=Page.can_edit),
    ActionSpec("augment.export", "Export the policy…", Page.export, enabled=Page.can_edit, icon="export"),
    ActionSpec("augment.open", "Open a policy file…", Page.open_file, enabled=Page.can_open_more, icon="folder"),
    ActionSpec(
        "augment.measure",
        "Measure realism",
        lambda page: page.measuring.measure(),
        shortcut="Ctrl+R",
        enabled=lambda page: page.measuring.can_measure,
    ),
    ActionSpec(
        "augment.try",
        "Try the policy",
        lambda page: page.measuring.try_it(),
        shortcut="Ctrl+T",
        enabled=lambda page: page.measuring.can_measure,
    ),
    ActionSpec(
        "augment.previous", "Previous examples", lambda page: page.turn(-1), shortcut="[", enabled=Page.can_edit
    ),
    ActionSpec("augment.next", "Next examples", lambda page: page.turn(1), shortcut="]", enabled=Page.can_edit),
)
