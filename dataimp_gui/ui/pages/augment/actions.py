"""Everything that can be done on the Augment page, as rows."""

from typing import Final

from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.pages.augment.page import AugmentPage as Page

HELD_KEYS: Final = (  # what the grid and the steps do with keys and clicks by themselves
    (("O",), "Held: the originals"),
    (("W",), "Held: the variants without the step in focus"),
    (("← → ↑ ↓",), "Another variant"),
    (("Space",), "Play the variant of a sound"),
    (("Alt", "↑ ↓"), "On the grip of a step: move it"),
    (("Del",), "On the grip of a step: remove it"),
    (("Shift", "click"), "In a parameter from low to high: widen the range"),
)


def _can_open_more(page: Page) -> bool:
    return page.policies.can_open_more()


def _can_measure(page: Page) -> bool:
    return page.measuring.can_measure


def _can_say(page: Page) -> bool:
    return page.content.grid.current is not None


ACTIONS: Final[tuple[ActionSpec[Page], ...]] = (
    ActionSpec(
        "augment.seeds",
        "New seeds",
        lambda page: page.previewing.new_seeds(),
        shortcut="G",
        enabled=Page.can_edit,
        icon="refresh",
    ),
    ActionSpec(
        "augment.compare",
        "Compare policies",
        Page.toggle_compare,
        shortcut="V",
        enabled=Page.can_compare,
        icon="panel-right",
    ),
    ActionSpec(
        "augment.difference",
        "Show what differs in the variants",
        Page.toggle_difference,
        shortcut="Shift+D",
        enabled=Page.can_edit,
        icon="contrast",
    ),
    ActionSpec(
        "augment.reject",
        "Reject the variant, or take that back",
        lambda page: page.previewing.say(False),
        shortcut="X",
        enabled=_can_say,
        icon="slash",
    ),
    ActionSpec(
        "augment.keep",
        "The variant keeps its label, or take that back",
        lambda page: page.previewing.say(True),
        shortcut="K",
        enabled=_can_say,
        icon="check",
    ),
    ActionSpec(
        "augment.sweep", "A parameter from low to high", Page.sweep, shortcut="P", enabled=Page.can_edit, icon="dials"
    ),
    ActionSpec(
        "augment.add",
        "Add a step",
        lambda page: page.editor.choose_step(),
        shortcut="+",
        enabled=Page.can_edit,
        icon="plus",
    ),
    ActionSpec(
        "augment.new",
        "New policy",
        lambda page: page.policies.new(),
        shortcut="N",
        enabled=_can_open_more,
        icon="plus",
    ),
    ActionSpec(
        "augment.save",
        "Save the policy",
        lambda page: page.policies.save(),
        shortcut="S",
        enabled=lambda page: page.policies.can_save(),
        icon="bookmark",
    ),
    ActionSpec(
        "augment.write",
        "Add variants to the draft",
        Page.write,
        shortcut="Ctrl+Return",
        enabled=Page.can_write,
        icon="plus",
    ),
    ActionSpec(
        "augment.undo",
        "Undo the change of the policy",
        lambda page: page.policies.undo(),
        shortcut="U",
        enabled=Page.can_edit,
        icon="undo",
    ),
    ActionSpec(
        "augment.redo",
        "Redo the change of the policy",
        lambda page: page.policies.redo(),
        shortcut="Shift+U",
        enabled=Page.can_edit,
        icon="redo",
    ),
    ActionSpec(
        "augment.close",
        "Close the policy",
        lambda page: page.policies.close(),
        shortcut="Ctrl+Shift+W",
        enabled=Page.can_edit,
        icon="close",
    ),
    ActionSpec(
        "augment.reopen",
        "Open the closed policy again",
        lambda page: page.policies.reopen(),
        shortcut="Ctrl+Shift+T",
        enabled=lambda page: page.policies.can_reopen(),
        icon="refresh",
    ),
    ActionSpec(
        "augment.remove",
        "Remove the policy from the project",
        lambda page: page.policies.remove(),
        enabled=lambda page: page.policies.is_in_project(),
        icon="cross",
    ),
    ActionSpec(
        "augment.export",
        "Export the policy…",
        lambda page: page.policies.export(),
        enabled=Page.can_edit,
        icon="export",
    ),
    ActionSpec(
        "augment.open",
        "Open a policy file…",
        lambda page: page.policies.open_file(),
        enabled=_can_open_more,
        icon="folder",
    ),
    ActionSpec(
        "augment.measure",
        "Measure realism",
        lambda page: page.measuring.measure(),
        shortcut="Ctrl+R",
        enabled=_can_measure,
        icon="gap",
    ),
    ActionSpec(
        "augment.fit",
        "Fit the policy to the target",
        lambda page: page.fitting.fit(),
        enabled=lambda page: page.fitting.can_fit,
        icon="target",
    ),
    ActionSpec(
        "augment.try",
        "Try the policy",
        lambda page: page.measuring.try_it(),
        shortcut="Ctrl+T",
        enabled=_can_measure,
        icon="play",
    ),
    ActionSpec(
        "augment.try-other",
        "Try the policy that it is compared with",
        lambda page: page.measuring.try_other(),
        shortcut="Ctrl+Alt+T",
        enabled=lambda page: page.measuring.can_try_other(),
        icon="play",
    ),
    ActionSpec(
        "augment.follow",
        "Relabel variants like their examples",
        Page.relabel_variants,
        enabled=Page.has_variants,
        icon="pencil",
    ),
    ActionSpec(
        "augment.previous",
        "Previous examples",
        lambda page: page.previewing.turn(-1),
        shortcut="[",
        enabled=Page.can_edit,
        icon="chevron-left",
    ),
    ActionSpec(
        "augment.next",
        "Next examples",
        lambda page: page.previewing.turn(1),
        shortcut="]",
        enabled=Page.can_edit,
        icon="chevron-right",
    ),
)
