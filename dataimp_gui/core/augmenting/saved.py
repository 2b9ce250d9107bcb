"""The policies of a project: documents of it, each change of which is an edit that can be undone."""

from dataimp_gui.core import edits
from dataimp_gui.core.augment.policy import Policy, from_json, to_json
from dataimp_gui.core.editing import Editing
from dataimp_gui.core.model import EditInfo
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import DataimpError


def read(state: State) -> dict[int, Policy]:
    """By place, in the order in which they were first saved; one that cannot be read is left out."""
    found = {}
    for place, text in sorted(state.documents(edits.POLICY).items()):
        try:
            found[place] = from_json(text)
        except DataimpError:  # the rest of the project still opens
            continue
    return found


def put(editing: Editing, state: State, policy: Policy, title: str) -> EditInfo | None:
    """In the place of the one of its name, or as a new one. None when it is there already, equal."""
    edits.name("policy", policy.name)
    with editing.turn:
        taken = state.documents(edits.POLICY)
        place = _place(state, policy.name)
        if place is None:
            place = next((each for each in range(edits.PLACES) if each not in taken), None)
        if place is None:
            raise DataimpError(f"A project keeps at most {edits.PLACES:,} policies.", hint="Remove one first.")
        return editing.set_document(edits.POLICY, place, to_json(policy), title or f'Saved the policy "{policy.name}"')


def remove(editing: Editing, state: State, name: str) -> EditInfo | None:
    with editing.turn:
        place = _place(state, name)
        if place is None:
            raise DataimpError(f'There is no policy "{name}".')
        return editing.set_document(edits.POLICY, place, "", f'Removed the policy "{name}"')


def _place(state: State, name: str) -> int | None:
    return next((place for place, each in read(state).items() if each.name == name), None)
