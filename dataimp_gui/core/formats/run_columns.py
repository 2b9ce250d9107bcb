"""Which columns of a table of predictions are the id, the probabilities, the predicted label and the confidence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dataimp_gui.errors import FormatError


@dataclass(frozen=True, slots=True)
class Value:
    """A column as SQL, the SQL type of it, and a few of its values as written."""

    sql: str
    type: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunColumns:
    """SQL by part of a prediction, "" for parts that are not there.

    ``probabilities`` has one expression for each of ``classes``, unless ``listed`` is a list of them all in that order.
    """

    id: str = ""
    predicted: str = ""
    confidence: str = ""
    classes: tuple[str, ...] = ()
    probabilities: tuple[str, ...] = ()
    listed: str = ""
    notes: tuple[str, ...] = ()


def find(file: str, columns: Mapping[str, Value], classes: Sequence[str]) -> RunColumns:
    """Match columns (by name) to their parts. ``classes`` are those of the dataset, in order; none when unlabelled.

    Raises FormatError when there is no id or no prediction, or when the probabilities cannot be matched to classes.
    """
    names = {name.strip().lower(): name for name in reversed(list(columns))}

    def first(wanted: str, taken: Sequence[str] = ()) -> str:
        return next((names[word] for word in wanted.split() if word in names and names[word] not in taken), "")

    predicted = first(_PREDICTED)
    by_class, notes = _by_class(file, {name: columns[name] for name in columns if name != predicted}, classes)
    used = [*by_class.values(), predicted]
    lists = [] if by_class else [name for name in columns if name not in used and _is_list(name, columns[name])]
    listed = next((name for name in lists if name.lower() in _LISTS.split()), lists[0] if lists else "")
    used.append(listed)
    confidence = first(_CONFIDENCE, used)
    used.append(confidence)
    id = first(_IDS, used)
    if not predicted and not by_class and not listed:
        predicted = first(_LAST_RESORT, [id])
    if not id:
        raise FormatError(f"{file} has no column of ids.", hint=f'Name it "id". Its columns are: {_some(columns)}.')
    if not predicted and not by_class and not listed:
        raise FormatError(
            f"{file} has no predictions.",
            hint='Add a column per class, a column "probabilities" with a list, or a column "predicted". '
            f"Its columns are: {_some(columns)}.",
        )
    found = RunColumns(
        id=columns[id].sql,
        predicted=columns[predicted].sql if predicted else "",
        confidence=columns[confidence].sql if confidence else "",
        classes=tuple(by_class),
        probabilities=tuple(columns[name].sql for name in by_class.values()),
        notes=notes,
    )
    if listed:
        if not classes:
            raise FormatError(
                f"{file} lists probabilities without class names, and the dataset has no classes yet.",
                hint="Give a column per class, or the classes with --classes.",
            )
        return replace(found, classes=tuple(classes), listed=_as_list(columns[listed]))
    if len(by_class) == 1 and len(classes) == 2:
        return _of_two(found, classes)
    return found


def _by_class(
    file: str, columns: Mapping[str, Value], classes: Sequence[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """(column name by class in the order of ``classes``, notes)."""
    groups: dict[str, dict[str, str]] = {"": {name: name for name in columns}}
    for name in columns:
        if match := _PREFIXED.fullmatch(name):
            groups.setdefault(match[1].lower(), {})[match[2].strip()] = name
    group: dict[str, str] = {}
    prefix = ""
    for candidate, members in groups.items():
        if len(_matching(members, classes)) > len(_matching(group, classes)):
            group, prefix = members, candidate
    matched = _matching(group, classes)
    if matched:
        others = {name: column for name, column in group.items() if prefix and column not in matched.values()}
        missing = [name for name in classes if name not in matched]
        notes = []
        if others:
            notes.append(f"The run knows {len(others)} classes that the dataset does not have: {_some(others)}.")
        if missing and len(classes) != 2:
            notes.append(f"The run has no probabilities for {len(missing)} classes: {_some(missing)}.")
        return matched | others, tuple(notes)
    for members in groups.values():
        numbered = {int(name): column for name, column in members.items() if _is_index(name)}
        if len(numbered) > 1 and sorted(numbered) == list(range(len(numbered))) and classes:
            if len(numbered) != len(classes):
                raise FormatError(
                    f"{file} has {len(numbered)} numbered probabilities, but the dataset has {len(classes)} classes.",
                    hint="Name the columns by class.",
                )
            note = f"The numbered probabilities were taken in the order of the classes: {_some(classes)}."
            return {name: numbered[place] for place, name in enumerate(classes)}, (note,)
    named = next((members for key, members in groups.items() if key in _SURE_PREFIXES and len(members) > 1), None)
    if named and classes:
        raise FormatError(
            f"None of the classes that {file} has probabilities for ({_some(named)}) is a class of the dataset.",
            hint=f"The classes of the dataset are: {_some(classes)}.",
        )
    return named or {}, ()


def _matching(members: Mapping[str, str], classes: Sequence[str]) -> dict[str, str]:
    """Class -> column; letter case and spaces around count only when they must."""
    loose = {name.strip().casefold(): column for name, column in members.items()}
    folded = [name.strip().casefold() for name in classes]
    matched = {}
    for name, fold in zip(classes, folded, strict=True):
        column = members.get(name) or (loose.get(fold) if folded.count(fold) == 1 else None)
        if column is not None:
            matched[name] = column
    return matched


def _of_two(found: RunColumns, classes: Sequence[str]) -> RunColumns:
    """With two classes, the probability of one says that of the other."""
    (known,) = found.classes
    share = found.probabilities[0]
    both = {name: share if name == known else f"(1 - TRY_CAST({share} AS FLOAT))" for name in classes}
    note = f'The run has probabilities for "{known}" only; the other class has the rest.'
    return replace(found, classes=tuple(both), probabilities=tuple(both.values()), notes=(*found.notes, note))


def _is_list(name: str, value: Value) -> bool:
    if value.type.endswith("]"):
        return bool(_NUMBERS.fullmatch(value.type.split("[")[0]))
    written = [sample.strip() for sample in value.samples if sample.strip()]
    is_named = name.strip().lower() in _LISTS.split()
    return is_named and value.type in ("VARCHAR", "JSON") and bool(written) and all(s[0] in "[(" for s in written)


def _as_list(value: Value) -> str:
    if value.type.endswith("]"):
        return f"{value.sql}::VARCHAR[]"
    bare = f"trim({value.sql}::VARCHAR, E'[]() \\t\\r\\n')"
    return f"string_split_regex({bare}, '(\\s*[,;]\\s*|\\s+)')"


def _is_index(name: str) -> bool:
    return name.isascii() and name.isdigit() and str(int(name)) == name


def _some(names: Sequence[str] | Mapping[str, object], most: int = 8) -> str:
    rest = len(names) - most
    return ", ".join(list(names)[:most]) + (f" and {rest} more" if rest > 0 else "")


_IDS: Final = (
    "id example_id sample_id image_id item_id row_id uid uuid guid key name file_name filename file path image"
)
_PREDICTED: Final = "predicted predicted_label prediction pred pred_label predicted_class pred_class y_pred yhat"
_LAST_RESORT: Final = "label class target category"
_CONFIDENCE: Final = "confidence conf score probability prob max_prob max_probability certainty"
_LISTS: Final = "probabilities probs probas proba class_probabilities scores softmax y_prob y_proba pred_probs p prob"
_SURE_PREFIXES: Final = frozenset(("p", "prob", "probs", "proba", "probability", "probabilities"))
_PREFIXED: Final = re.compile(
    r"(p|probs?|probas?|probability|probabilities|pred_probs?|class|class_probabilities|softmax|scores?)[_.: ](.+)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERS: Final = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|REAL|DECIMAL\(.*\)|VARCHAR|JSON")
