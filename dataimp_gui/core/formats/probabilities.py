"""What makes a row of predictions sound: an id, and probabilities that are finite, in [0, 1] and sum to 1."""

from collections.abc import Callable, Sequence
from typing import Final

from dataimp_gui.core.engine import Engine, literal
from dataimp_gui.core.formats.found import PLACE
from dataimp_gui.core.formats.run_columns import RunColumns
from dataimp_gui.progress import Progress

TOLERANCE: Final = 1e-3
"""How far a sum of probabilities may be from 1."""

INCOMING_RUN: Final = "incoming_run"
"""The view of the sound rows: `_place` BIGINT, id VARCHAR (NULL in row order), predicted VARCHAR, confidence FLOAT,
then p0, p1, ... FLOAT for the classes in order."""

_ONE: Final = 1.000001  # rounding in 32 bits may pass 1
_ROWS: Final = "incoming_run_rows"
_UNSOUND: Final = "incoming_run_unsound"
_KNOWN: Final = "incoming_run_known"

Refusal = tuple[int, str, str, str]
"""(place, id or "", reason, hint)"""


class RunRows:
    """The table behind the views: a row for each of the source in its order, also the bad ones; rowid counts from 0."""

    table = _ROWS

    def __init__(self, columns: RunColumns, engine: Engine, progress: Progress, *, rejects: str = "") -> None:
        """``rejects`` is the table where the engine puts what it fails to parse while it reads the source."""
        self._columns = columns
        self._engine = engine
        self._progress = progress
        self._rejects = rejects

    def fill(self, source: Callable[[], str]) -> None:
        """Make the table from the relation whose SQL ``source`` gives; in one pass when all rows are sound.

        Asked for numbers alone, the engine casts inside its CSV parser. That is a third faster, but values that are no
        numbers then break the line instead of coming as NULL; so what is wrong takes a second pass, for the words.
        (One column cast to two types there is fatal to DuckDB 2.0: cast to FLOAT only.)
        """
        self._fill(source(), as_written=False)
        if self._any(f"{_ROWS} WHERE bad") or (
            self._rejects and self._any(f"{self._rejects} WHERE error_type = 'CAST'")
        ):
            self._fill(source(), as_written=True)

    def _any(self, where: str) -> bool:
        return bool(self._engine.value(f"SELECT true FROM {where} LIMIT 1"))

    def _fill(self, relation: str, *, as_written: bool) -> None:
        columns = self._columns
        shares = self._shares
        inner = [f"{columns.id or 'NULL'}::VARCHAR AS id"]
        if columns.confidence:
            inner += [
                f"{columns.confidence}::VARCHAR AS sure_written",
                f"TRY_CAST({columns.confidence} AS FLOAT) AS sure",
            ]
        if columns.predicted:
            given = f"{columns.predicted}::VARCHAR"
            inner.append(f"CASE WHEN trim({given}) <> '' THEN {given} END AS given")
        if columns.listed:
            relation = f"(SELECT *, {columns.listed} AS written FROM {relation})"
            values, written = [f"written[{number + 1}]" for number in range(len(shares))], "written"
            inner.append(written)
        else:
            values = list(columns.probabilities)
            written = f"[{', '.join(f'w{number}' for number in range(len(shares)))}]::VARCHAR[]"
            inner += [f"({value})::VARCHAR AS w{number}" for number, value in enumerate(values) if as_written]
        inner += [f"TRY_CAST({value} AS FLOAT) AS {share}" for value, share in zip(values, shares, strict=True)]
        confidence, bad = _verdict(columns, shares)
        outer = ["id", f"({confidence})::FLOAT AS confidence", "bad"]
        if columns.predicted:
            outer.append("given")
        if as_written:
            outer.append(f"CASE WHEN bad THEN {written} END AS written")
            outer.append(f"CASE WHEN bad THEN {'sure_written' if columns.confidence else 'NULL'} END AS sure_written")
        top = f", {_of_all('greatest', shares)} AS top" if shares else ""
        self._engine.run(f"DROP TABLE IF EXISTS {_ROWS}")
        self._engine.run(
            f"CREATE TABLE {_ROWS} AS SELECT {', '.join([*outer, *shares])} FROM (SELECT *, ({bad}) AS bad FROM "
            f"(SELECT *{top} FROM (SELECT {', '.join(inner)} FROM {relation})))",
            None,
            self._progress,
        )

    def show(self, place: str, *, where: str = "", beside: str = "") -> None:
        """Make the views. ``place`` is SQL over the table as r, ``beside`` a relation that is joined by position."""
        columns, shares = self._columns, self._shares
        relation = f"{_ROWS} r" + (f" POSITIONAL JOIN {beside}" if beside else "")
        also = f" AND ({where})" if where else ""
        predicted = "given" if columns.predicted else "NULL::VARCHAR"
        if shares:
            likeliest = _case(
                _of_all("greatest", shares) if columns.predicted else "confidence", shares, _names(columns)
            )
            predicted = f"coalesce(given, {likeliest})" if columns.predicted else likeliest
        start = f"AS SELECT ({place})::BIGINT AS {PLACE}, id"
        sound = f"{start}, {', '.join([f'{predicted} AS predicted', 'confidence', *shares])}"
        self._engine.run(f"CREATE OR REPLACE VIEW {INCOMING_RUN} {sound} FROM {relation} WHERE NOT bad{also}")
        self._engine.run(f"CREATE OR REPLACE VIEW {_UNSOUND} {start}, r.* EXCLUDE (id) FROM {relation} WHERE bad{also}")

    def unsound(self) -> list[Refusal]:
        """The bad rows with their reasons, in the order of the source."""
        if not self._any(f"{_ROWS} WHERE bad"):
            return []
        has_shares = bool(self._columns.classes)
        no_id = "id IS NULL OR id = ''" if self._columns.id else "false"
        tests = ", ".join(f"{_first(test)} AS {name}" for name, test in _WRONG)
        found = self._engine.rows(
            f"""
            WITH parsed AS (
                SELECT *, $names::VARCHAR[] AS names,
                    list_transform(written, lambda x: TRY_CAST(x AS DOUBLE)) AS shares FROM {_UNSOUND}
            ),
            facts AS (SELECT *, list_sum(shares) AS total, {tests} FROM parsed)
            SELECT {PLACE}, coalesce(id, ''),
                CASE WHEN {no_id} THEN 'no id' {_REASONS if has_shares else _LABEL_REASONS} END,
                CASE WHEN {no_id} THEN 'Give the id of the example.' {_HINTS if has_shares else _LABEL_HINTS} END
            FROM facts ORDER BY {PLACE}
            """,
            {"names": list(self._columns.classes)},
            self._progress,
        )
        return [(place, id, reason, hint) for place, id, reason, hint in found]

    def given_labels(self, most: int) -> set[str]:
        """Up to ``most`` different labels that sound rows give themselves."""
        sql = f"SELECT DISTINCT given FROM {_ROWS} WHERE NOT bad AND given IS NOT NULL LIMIT $most"
        return {str(row[0]) for row in self._engine.rows(sql, {"most": most})}

    def name_labels(self, names: Sequence[str]) -> None:
        """Turn given labels that are positions in ``names``, from 0, into the names."""
        sql = f"UPDATE {_ROWS} SET given = ($names::VARCHAR[])[given::BIGINT + 1] WHERE NOT bad"
        self._engine.run(sql, {"names": list(names)}, self._progress)

    def refuse_unknown(self, known: Sequence[str]) -> list[Refusal]:
        """Take the rows that give a label which is not among ``known`` out of the sound ones, and return them."""
        sql = f"CREATE OR REPLACE TABLE {_KNOWN} AS SELECT unnest($known::VARCHAR[]) AS label"
        self._engine.run(sql, {"known": list(known)})
        wrong = f"IN (SELECT label FROM {_KNOWN})"
        sql = f"SELECT {PLACE}, coalesce(id, ''), predicted FROM {INCOMING_RUN} WHERE predicted NOT {wrong} ORDER BY 1"
        found = self._engine.rows(sql, None, self._progress)
        self._engine.run(f"UPDATE {_ROWS} SET bad = true WHERE NOT bad AND given NOT {wrong}", None, self._progress)
        self._engine.run(f"DROP TABLE {_KNOWN}")
        hint = "Give this class to the dataset first, or correct the name in the file; letter case counts."
        return [
            (place, id, f'predicted label "{label[:80]}" is not one of the classes', hint) for place, id, label in found
        ]

    @property
    def _shares(self) -> list[str]:
        return [f"p{number}" for number in range(len(self._columns.classes))]


def _verdict(columns: RunColumns, shares: Sequence[str]) -> tuple[str, str]:
    """(confidence, whether the row is bad) as SQL over the inner columns."""
    no_id = "(id IS NULL OR id = '')" if columns.id else "false"
    if not shares:
        is_sure = "coalesce(sure BETWEEN 0 AND 1, sure_written IS NULL OR sure_written = '')"
        is_wrong = f" OR NOT {is_sure}" if columns.confidence else ""
        return "sure" if columns.confidence else "NULL", f"given IS NULL OR {no_id}{is_wrong}"
    none_below = _joined([f"{share} >= 0" for share in shares], "AND")  # a third faster than least()
    is_sound = f"top <= {_ONE} AND abs({_joined(shares, '+')} - 1) <= {TOLERANCE} AND {none_below}"
    bad = f"NOT coalesce({is_sound}, false) OR {no_id}"
    if columns.listed:
        bad += f" OR len(written) IS DISTINCT FROM {len(shares)}"
    if not columns.predicted:
        return "top", bad
    of_given = f"coalesce({_case('given', _names(columns), shares)}, {'sure' if columns.confidence else 'NULL'})"
    return f"CASE WHEN given IS NULL THEN top ELSE {of_given} END", bad


def _names(columns: RunColumns) -> list[str]:
    return [literal(name) for name in columns.classes]


def _of_all(function: str, shares: Sequence[str]) -> str:
    return f"{function}({', '.join(shares)})" if len(shares) > 1 else shares[0]


def _joined(parts: Sequence[str], operator: str) -> str:
    """Balanced, because the engine limits how deep an expression may be."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return f"({_joined(parts[:half], operator)} {operator} {_joined(parts[half:], operator)})"


def _case(value: str, keys: Sequence[str], results: Sequence[str]) -> str:
    return (
        f"CASE {value} {' '.join(f'WHEN {key} THEN {result}' for key, result in zip(keys, results, strict=True))} END"
    )


def _first(test: str) -> str:
    """The position (from 1) of the first share for which ``test`` holds, 0 when there is none."""
    return f"coalesce(list_position(list_transform(shares, lambda x: coalesce({test}, false)), true), 0)"


def _of(position: str) -> str:
    return f"'the probability of \"' || names[{position}] || '\" is ' || written[{position}][:40]"


_WRONG: Final = (("missing", "x IS NULL"), ("endless", "NOT isfinite(x)"), ("below", "x < 0"), ("above", f"x > {_ONE}"))
_IS_PERCENT: Final = "above > 0 AND total BETWEEN 50 AND 101"
_REASONS: Final = f"""
    WHEN coalesce(len(list_filter(written, lambda x: x IS NOT NULL AND x <> '')), 0) = 0 THEN 'no probabilities'
    WHEN len(written) <> len(names) THEN len(written) || ' probabilities for ' || len(names) || ' classes'
    WHEN missing > 0 AND coalesce(written[missing], '') = '' THEN 'no probability for "' || names[missing] || '"'
    WHEN missing > 0 THEN {_of("missing")} || ', which is no number'
    WHEN endless > 0 THEN {_of("endless")}
    WHEN below > 0 THEN {_of("below")} || ', not between 0 and 1'
    WHEN {_IS_PERCENT} THEN 'probabilities sum to ' || round(total, 2) || ', not 1'
    WHEN above > 0 THEN {_of("above")} || ', not between 0 and 1'
    ELSE 'probabilities sum to ' || round(total, 4) || ', not 1'
"""
_HINTS: Final = f"""
    WHEN missing > 0 OR len(written) IS DISTINCT FROM len(names) THEN 'Give a number for every class.'
    WHEN endless > 0 THEN 'Look for an overflow or a division by zero in the model.'
    WHEN below > 0 THEN 'If these look like logits, apply softmax first.'
    WHEN {_IS_PERCENT} THEN 'These look like percentages: divide by 100.'
    WHEN above > 0 THEN 'If these look like logits, apply softmax first; if like percentages, divide by 100.'
    ELSE 'Give the probabilities of all classes, normalised.'
"""
_LABEL_REASONS: Final = """
    WHEN given IS NULL THEN 'no prediction'
    ELSE 'the confidence is ' || sure_written[:40] || ', not a number between 0 and 1'
"""
_LABEL_HINTS: Final = """
    WHEN given IS NULL THEN 'Give a predicted label, or leave the row out.'
    ELSE 'Give the probability of the predicted label, or leave it empty.'
"""
