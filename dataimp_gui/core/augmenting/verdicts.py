"""What people said of variants, whether the label can still be told: a document for each policy, changed by edits."""

import msgspec
from msgspec.structs import replace

from dataimp_gui.core import edits
from dataimp_gui.core.augment.policy import Policy, content_id
from dataimp_gui.core.editing import Editing
from dataimp_gui.core.model import EditInfo
from dataimp_gui.core.storage.state import State
from dataimp_gui.errors import DataimpError

Verdicts = dict[tuple[str, int], bool]
"""By id of the original and draw: whether the variant keeps its label."""


class Document(msgspec.Struct, frozen=True):
    """``policy`` is its content id without its name; each of ``said`` is (id, draw, keeps)."""

    policy: str
    said: tuple[tuple[str, int, bool], ...] = ()


def read(state: State, policy: Policy) -> Verdicts:
    """Those on variants of just this policy: one that was changed makes others."""
    _, document = _find(state, _known_as(policy))
    return {(id_, draw): keeps for id_, draw, keeps in document.said}


def put(editing: Editing, state: State, policy: Policy, id_: str, draw: int, keeps: bool | None) -> EditInfo | None:
    """None takes back what was said."""
    with editing.turn:
        place, document = _find(state, _known_as(policy))
        if place < 0:
            raise DataimpError(f"A project keeps verdicts on at most {edits.PLACES:,} policies.")
        said = {(each, number): kept for each, number, kept in document.said}
        said.pop((id_, draw), None)
        if keeps is not None:
            said[(id_, draw)] = keeps
        lines = tuple((each, number, kept) for (each, number), kept in sorted(said.items()))
        text = msgspec.json.encode(replace(document, said=lines)).decode() if lines else ""
        words = {True: "keeps its label", False: "lost its label", None: "is not judged any more"}[keeps]
        return editing.set_document(edits.VERDICT, place, text, f"Said that variant {draw + 1} of {id_} {words}")


def _find(state: State, known_as: str) -> tuple[int, Document]:
    """Its place, or the first free one, or -1."""
    documents = state.documents(edits.VERDICT)
    for place, text in documents.items():
        if known_as in text:
            return place, msgspec.json.decode(text, type=Document)
    free = next((place for place in range(edits.PLACES) if place not in documents), -1)
    return free, Document(known_as)


def _known_as(policy: Policy) -> str:
    return content_id(replace(policy, name=""))
