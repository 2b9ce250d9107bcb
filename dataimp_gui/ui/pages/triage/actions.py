"""Everything that can be done on the Triage page, as rows."""

from functools import partial
from typing import Final

from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.kit.number_keys import KEYS
from dataimp_gui.ui.pages.triage.page import TriagePage as Page

MENU: Final = "Examples"
HELD_KEYS: Final = (  # what the gallery and the filters do with keys and clicks by themselves
    (("← → ↑ ↓",), "Move"),
    (("Shift", "← → ↑ ↓"), "Select from here to there"),
    (("Ctrl", "click"), "Select one more; in a filter: add the value"),
    (("Alt", "click"), "In a filter: keep the value out"),
    (("Enter",), "Show the example"),
    (("Z",), "Held: the current example larger"),
)


def _relabel(key: str, page: Page) -> None:
    page.relabel_by_key(key)


def _show(key: str, page: Page, *, beside: bool = False) -> None:
    page.show_view(key, beside=beside)


VIEWS: Final = (("gallery", 1, "gallery"), ("table", 2, "table"), ("map", 3, "map"), ("confusion", 4, "matrix"))

ACTIONS: Final = (
    ActionSpec(
        "triage.labels", "Relabel…", Page.list_labels, shortcut="L", menu=MENU, enabled=Page.has_subject, icon="pencil"
    ),
    ActionSpec("triage.split", "Move to split…", Page.list_splits, menu=MENU, enabled=Page.has_subject),
    ActionSpec("triage.tag", "Tag…", Page.list_tags, shortcut="T", menu=MENU, enabled=Page.has_subject, icon="tag"),
    ActionSpec(
        "triage.flag", "Flag or unflag", Page.flag, shortcut="F", menu=MENU, enabled=Page.has_subject, icon="flag"
    ),
    ActionSpec(
        "triage.exclude",
        "Exclude or include",
        Page.exclude,
        shortcut="X",
        menu=MENU,
        enabled=Page.has_subject,
        icon="slash",
    ),
    ActionSpec(
        "triage.note", "Write a note", Page.write_note, shortcut="N", menu=MENU, enabled=Page.has_subject, icon="note"
    ),
    ActionSpec("triage.play", "Play or pause", Page.play, shortcut="P", menu=MENU, enabled=Page.has_sound, icon="play"),
    ActionSpec(
        "triage.reviewed",
        "Mark reviewed",
        Page.mark_reviewed,
        shortcut="Shift+R",
        menu=MENU,
        enabled=Page.has_subject,
        icon="eye-check",
    ),
    ActionSpec(
        "triage.similar",
        "Find similar",
        Page.find_similar,
        shortcut="M",
        menu=MENU,
        enabled=Page.has_subject,
        icon="similar",
    ),
    ActionSpec(
        "triage.accept",
        "Accept suggestion",
        Page.accept,
        shortcut="Space",
        menu=MENU,
        enabled=Page.has_suggestion,
        icon="sparkle",
        within=lambda page: page.gallery.view,
    ),
    ActionSpec(
        "triage.keep",
        "Keep as it is",
        lambda page: page.keep(),
        shortcut="K",
        menu=MENU,
        enabled=Page.has_issue,
        icon="check",
    ),
    ActionSpec("triage.review", "Review selection or all shown", Page.review_shown, shortcut="R", menu=MENU),
    ActionSpec("triage.slice", "Save as a slice…", Page.save_slice, shortcut="S", menu=MENU, icon="slices"),
    ActionSpec("triage.baseline", "Train a baseline", Page.train_baseline, enabled=Page.can_train, icon="sparkle"),
    ActionSpec("triage.find-issues", "Find issues", Page.find_issues, icon="search"),
    ActionSpec(
        "triage.copy", "Copy id", Page.copy_ids, shortcut="Ctrl+C", menu=MENU, enabled=Page.has_subject, icon="copy"
    ),
    ActionSpec("triage.folder", "Show in folder", Page.show_in_folder, menu=MENU, enabled=Page.has_file, icon="folder"),
    *(
        ActionSpec(f"triage.view.{key}", f"Show the {key}", partial(_show, key), shortcut=f"Alt+{number}", icon=icon)
        for key, number, icon in VIEWS
    ),
    *(
        ActionSpec(
            f"triage.beside.{key}",
            f"Show the {key} beside",
            partial(_show, key, beside=True),
            shortcut=f"Alt+Shift+{number}",
        )
        for key, number, _ in VIEWS
    ),
    ActionSpec("triage.previous", "Previous example", Page.previous, shortcut="["),
    ActionSpec("triage.next", "Next example", Page.next, shortcut="]"),
    ActionSpec("triage.all", "Select all", Page.select_all, shortcut="Ctrl+A"),
    ActionSpec("triage.group-all", "Select group", Page.select_group, shortcut="Ctrl+G", enabled=Page.has_groups),
    ActionSpec("triage.fold", "Fold or unfold group", Page.fold_group, shortcut="G", enabled=Page.has_groups),
    ActionSpec("triage.none", "Select nothing", Page.select_none, shortcut="Esc"),
    *(
        ActionSpec(f"triage.relabel.{key}", f"Relabel with key {key}", partial(_relabel, key), shortcut=key, fixed=True)
        for key in KEYS
    ),
)
