"""What in the incoming rows breaks the contract, found in SQL, with reasons that a person can act on."""

from collections.abc import Sequence
from typing import Final

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.engine import Engine, literal, quoted
from dataimp_gui.core.formats.found import INCOMING, PLACE, Found
from dataimp_gui.core.model import Modality, Role
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

BAD: Final = "bad"
"""Table (_place BIGINT, reason VARCHAR, hint VARCHAR): one row for each place that does not come in."""

MAX_CLASSES: Final = 10_000
MAX_SPLITS: Final = 100
_MOST_CHARACTERS: Final = 10_000  # of an id, a path, a label or a split

_NUL: Final = "chr(0)"


def start(engine: Engine) -> None:
    engine.run(f"CREATE OR REPLACE TABLE {BAD} (_place BIGINT, reason VARCHAR, hint VARCHAR)")


def add(engine: Engine, places: Sequence[int], reasons: Sequence[str], hints: Sequence[str]) -> None:
    if places:
        engine.run(
            f"INSERT INTO {BAD} SELECT unnest($1::BIGINT[]), unnest($2::VARCHAR[]), unnest($3::VARCHAR[])",
            [list(places), list(reasons), list(hints)],
        )


def good(engine: Engine) -> str:
    """SQL: the row of the incoming rows i is not among the bad ones found so far."""
    if not engine.value(f"SELECT 1 FROM {BAD} LIMIT 1"):
        return "true"
    return f"i.{PLACE} NOT IN (SELECT {PLACE} FROM {BAD})"


def check_rows(engine: Engine, found: Found, classes: Sequence[str] | None, limits: Limits, progress: Progress) -> None:
    """Everything that a row says by itself: its id, text, media and label are there and can be used."""
    tests: list[tuple[str, str, str]] = []  # (SQL that is true for a bad row, reason SQL, hint)
    for column in found.columns:
        name = quoted(column.name)
        if column.role in (Role.ID, Role.MEDIA, Role.LABEL, Role.SPLIT):
            what = column.role.value
            tests.append(
                (
                    f"contains({name}, {_NUL})",
                    literal(f"the {what} holds a NUL character"),
                    "Export the file again as UTF-8; NUL characters come from a damaged or UTF-16 file.",
                )
            )
            tests.append(
                (
                    f"length({name}) > {_MOST_CHARACTERS}",
                    f"'the {what} is ' || length({name}) || ' characters long'",
                    "Look for a missing separator or double quote near this line.",
                )
            )
    for role, hint in (
        (Role.ID, "Give every example an id, or import without an id column."),
        (Role.MEDIA, "Name the file in this row, or remove the row."),
        (Role.TEXT, "Remove the row, or fill in its text."),
    ):
        if there := found.column(role):
            what = "path of the media" if role is Role.MEDIA else role.value
            name = quoted(there.name)
            tests.append((f"{name} IS NULL OR {name} = ''", literal(f"the {what} is empty"), hint))
    if found.modality is Modality.TEXT and (text := found.column(Role.TEXT)):
        name = quoted(text.name)
        tests.append(
            (
                f"length({name}) > {limits.max_characters}",
                f"'the text is over the limit: ' || length({name}) || ' characters'",
                f"Split it; the limit is {limits.max_characters:,} characters.",
            )
        )
    if classes is not None and (label := found.column(Role.LABEL)):
        engine.run("CREATE OR REPLACE TABLE known AS SELECT unnest($1::VARCHAR[]) AS word", [list(classes)])
        name = quoted(label.name)
        tests.append(
            (
                f"{name} != '' AND {name} NOT IN (SELECT word FROM known)",
                f"'the label ' || {_shown(name)} || ' is not in the class list'",
                "Add it to the class list, or correct the label.",
            )
        )
    if not tests:
        return
    number = " ".join(f"WHEN {test} THEN {place}" for place, (test, _, _) in enumerate(tests))
    reason = " ".join(f"WHEN {place} THEN {reason}" for place, (_, reason, _) in enumerate(tests))
    hint = " ".join(f"WHEN {place} THEN {literal(hint)}" for place, (_, _, hint) in enumerate(tests))
    engine.run(
        f"INSERT INTO {BAD} SELECT {PLACE}, CASE number {reason} END, CASE number {hint} END FROM "
        f"(SELECT *, CASE {number} END AS number FROM {INCOMING}) WHERE number IS NOT NULL",
        progress=progress,
    )


def check_ids(engine: Engine, name: str, place: str, progress: Progress) -> None:
    """Of rows with one id that are good otherwise, the first stays. ``place`` is the word for places."""
    value, is_good = f"i.{quoted(name)}", good(engine)
    if not engine.value(
        f"SELECT count(*) - count(DISTINCT {value}) FROM {INCOMING} i WHERE {is_good}", progress=progress
    ):
        return
    first = f"'the first one is in {place} ' || min({PLACE})" if place else "'the first one came in'"
    engine.run(
        f"INSERT INTO {BAD} SELECT i.{PLACE}, 'duplicate id', "
        "'Give every example an id of its own; ' || twice.first || '.' "
        f"FROM {INCOMING} i JOIN (SELECT {value} AS id, min({PLACE}) AS place, {first} AS first FROM {INCOMING} i "
        f"WHERE {is_good} GROUP BY 1 HAVING count(*) > 1) twice "
        f"ON {value} = twice.id AND i.{PLACE} != twice.place WHERE {is_good} ORDER BY 1",
        progress=progress,
    )


def words(engine: Engine, name: str) -> list[str]:
    """The different values of a column in the good rows, without the empty one; numbers in their order, else by text.

    Raises DataimpError when they are too many to be classes.
    """
    value = f"i.{quoted(name)}"
    found = engine.rows(
        f"SELECT DISTINCT {value} FROM {INCOMING} i WHERE {value} != '' AND {good(engine)} LIMIT {MAX_CLASSES + 1}"
    )
    if len(found) > MAX_CLASSES:
        raise DataimpError(
            f'The column "{name}" has more than {MAX_CLASSES:,} different values, so it is no label.',
            hint="Say which column is the label with --label.",
        )
    return sorted((str(row[0]) for row in found), key=_by_number)


def check_splits(splits: Sequence[str], name: str) -> None:
    """Raises DataimpError when there are too many to be splits."""
    if len(splits) > MAX_SPLITS:
        raise DataimpError(
            f'The column "{name}" has {len(splits):,} different values, so it is no split.',
            hint="Say which column is the split with --split.",
        )


def _by_number(word: str) -> tuple[bool, int, str]:
    is_number = word.isascii() and word.isdigit() and len(word) < 19
    return not is_number, int(word) if is_number else 0, word


def _shown(name: str) -> str:
    """SQL: a value in quotes, cut short."""
    return f"'\"' || left({name}, 60) || '\"'"
