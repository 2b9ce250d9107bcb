"""A version as the draft again: one edit that makes every example what it was then, and that undo takes back."""

from collections.abc import Collection
from contextlib import closing
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core import edits
from dataimp_gui.core.contract import Contract
from dataimp_gui.core.edits import Assign
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.model import Codes
from dataimp_gui.core.storage.state import State
from dataimp_gui.core.versions.manifest import Committed

_WORDS: Final = {edits.LABEL: "label", edits.SPLIT: "split", edits.NOTE: "note"}
_FLAGS: Final = (edits.EXCLUDED, edits.REVIEWED)


def assignments(
    committed: Committed, state: State, contract: Contract, used: Collection[str]
) -> list[tuple[Assign, tuple[str, ...]]]:
    """What the columns of the draft get, each with the words that its vocabulary lacks; and its costs, gates and saved
    policies, where today's (``contract`` has the first two) are others. ``used`` are the texts of policies that made
    examples: they belong to a version with these, saved or not.

    Examples that were imported after the version are excluded; variants are those that it has.
    """
    with closing(Engine()) as engine:
        found = engine.arrays(
            f'SELECT "row", label, split, note, excluded, reviewed FROM {committed.relation} ORDER BY "row"'
        )
        tagged = engine.arrays(
            f'SELECT "row", unnest(tags) AS tag FROM {committed.relation} WHERE len(tags) > 0 ORDER BY 1'
        )
    rows = np.asarray(found["row"], np.int64)
    made: list[tuple[Assign, tuple[str, ...]]] = []
    for column, name in _WORDS.items():
        codes, words = _codes(found[name], state, column)
        made.append((Assign(column, rows, codes), words))
    brought = np.flatnonzero(state.brought)
    later = np.setdiff1d(np.arange(state.count), np.concatenate([rows, brought]))
    made.append((Assign(edits.PRESENT, brought, np.isin(brought, rows).astype(np.int32)), ()))
    made.append((Assign(edits.EXCLUDED, later, np.ones(len(later), np.int32)), ()))
    for column in _FLAGS:
        made.append((Assign(column, rows, np.asarray(found[column], np.int32)), ()))
    tags = np.asarray(tagged["tag"], object)
    places = np.searchsorted(rows, np.asarray(tagged["row"], np.int64))
    for tag in sorted({*state.tags, *tags.tolist()}):
        flags = np.zeros(len(rows), np.int32)
        flags[places[tags == tag]] = 1
        made.append((Assign(edits.TAG + tag, rows, flags), ()))
    return [*made, *_documents(committed.contract, contract, state), *_policies(committed, state, used)]


def _documents(then: Contract, now: Contract, state: State) -> list[tuple[Assign, tuple[str, ...]]]:
    wanted: dict[str, object] = {}
    if then.costs != now.costs:
        wanted[edits.COSTS] = then.costs
    if then.gates != now.gates:
        wanted[edits.GATES] = then.gates
    made: list[tuple[Assign, tuple[str, ...]]] = []
    for column, value in wanted.items():
        text = "" if value is msgspec.UNSET else msgspec.json.encode(value, order="sorted").decode()
        is_new = bool(text) and not state.knows(column, text)
        code = len(state.words(column)) if is_new else state.code(column, text)
        made.append((edits.assign(column, np.array([0]), code), (text,) if is_new else ()))
    return made


def _policies(committed: Committed, state: State, used: Collection[str]) -> list[tuple[Assign, tuple[str, ...]]]:
    """Those that the version has not are taken away, those that only it has get free places."""
    now = state.documents(edits.POLICY)
    then = [msgspec.json.encode(each, order="sorted").decode() for each in committed.policies.values()]
    changes = {place: "" for place, text in now.items() if text not in then}
    free = (place for place in range(edits.PLACES) if place not in now or place in changes)
    wanted = [text for text in then if text not in now.values() and text not in used]
    changes |= dict(zip(free, wanted, strict=False))
    fresh = tuple(dict.fromkeys(text for text in changes.values() if text and not state.knows(edits.POLICY, text)))
    new = {text: len(state.words(edits.POLICY)) + number for number, text in enumerate(fresh)}
    codes = [new[text] if text in new else state.code(edits.POLICY, text) for text in changes.values()]
    if not changes:
        return []
    return [(Assign(edits.POLICY, np.array(list(changes), np.int64), np.array(codes, np.int32)), fresh)]


def _codes(column: npt.NDArray[np.generic], state: State, name: str) -> tuple[Codes, tuple[str, ...]]:
    given = np.ma.asarray(column)
    texts = given.data.astype(object)
    texts[np.ma.getmaskarray(given)] = ""
    different, places = np.unique(texts.astype(str), return_inverse=True)
    fresh = tuple(word for word in different.tolist() if word and not state.knows(name, word))
    new = {word: len(state.words(name)) + place for place, word in enumerate(fresh)}
    codes = [new[word] if word in new else state.code(name, word) for word in different.tolist()]
    return np.array(codes, np.int32)[places], fresh
