"""The content id: SHA-256 over what a version says, in one canonical text that anybody can write again.

The text is UTF-8, lines ending in ``\\n``. The first line is the object

    {"contract": …, "format": 1, "policies": {id: …}, "recipes": {}}

with the saved policies by their own content ids, and each example follows as one array, in the byte order of their ids:

    [id, sha256, metadata, label, split, tags, excluded, origin]

* sha256    of the media file or, for a text, of its UTF-8 bytes; null for a row of a table; lower-case hex
* metadata  SHA-256 of `{"column": value, …}`, its metadata columns in the order of the contract, without a line end;
            null when the contract has none. Numbers are the shortest decimals that read back (a float has a point or an
            exponent); not-a-number and the infinities are the texts "nan", "inf" and "-inf"; times are texts such as
            "2020-01-31T10:00:00.000000"
* tags      sorted by bytes
* origin    where the example came from: "imported", or ["augmented", id of what it was made of, id of the policy, draw]

JSON is written as Python's ``json.dumps(…, ensure_ascii=False, separators=(",", ":"))`` does, the first line with
``sort_keys=True``. Who committed, when, with which message, from which folder, and who gave a label is no content.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from dataimp_gui.core.contract import PROVENANCE, Contract
from dataimp_gui.core.engine import Engine, literal, quoted
from dataimp_gui.progress import Progress

CANONICAL_FORMAT: Final = 1

_LINES_A_FETCH: Final = 20_000
_SHORT: Final = {8: "b", 9: "t", 10: "n", 12: "f", 13: "r"}


def define_json_text(engine: Engine) -> None:
    """Make the SQL macro ``json_text(text)``: canonical JSON of a text, ``null`` for NULL."""
    escaped = "replace(replace(s, '\\', '\\\\'), '\"', '\\\"')"
    for code in range(32):
        escaped = f"replace({escaped}, chr({code}), '\\{_SHORT.get(code, f'u{code:04x}')}')"
    engine.run(
        "CREATE OR REPLACE MACRO json_text(s) AS CASE WHEN s IS NULL THEN 'null' "
        f"WHEN regexp_matches(s, '[\\x00-\\x1f\"\\\\]') THEN '\"' || {escaped} || '\"' ELSE '\"' || s || '\"' END"
    )


def json_value(value: str, sql_type: str) -> str:
    """SQL for the canonical JSON of a metadata value, given as SQL and its type."""
    match sql_type.partition("(")[0]:
        case "BOOLEAN" | "TINYINT" | "SMALLINT" | "INTEGER" | "BIGINT" | "HUGEINT" | "UBIGINT" | "DECIMAL":
            return f"coalesce(({value})::VARCHAR, 'null')"
        case "DOUBLE" | "FLOAT":
            return (
                f"CASE WHEN {value} IS NULL THEN 'null' WHEN isnan({value}) THEN '\"nan\"' "
                f"WHEN isinf({value}) THEN '\"' || ({value})::VARCHAR || '\"' ELSE ({value})::DOUBLE::VARCHAR END"
            )
        case "TIMESTAMP":
            return f"json_text(strftime({value}, '%Y-%m-%dT%H:%M:%S.%f'))"
        case _:
            return f"json_text(({value})::VARCHAR)"


def json_list(texts: str) -> str:
    """SQL for the JSON of a list of texts."""
    return f"'[' || array_to_string(list_transform({texts}, lambda item: json_text(item)), ',') || ']'"


def metadata_hash(columns: Mapping[str, str], of: str = "") -> str:
    """SQL for the hash of the metadata columns (name to SQL type, in the order of the contract); needs `json_text`.

    ``of`` is the alias of their relation with its dot, where others have columns, too.
    """
    if not columns:
        return "NULL::VARCHAR"
    return f"sha256({json_object({name: json_value(of + quoted(name), kind) for name, kind in columns.items()})})"


def json_object(values: Mapping[str, str]) -> str:
    """SQL for the JSON of an object, from the SQL of the JSON of its values; none of them may be NULL."""
    parts = [
        f"{literal((',' if place else '{') + msgspec.json.encode(name).decode() + ':')}, {value}"
        for place, (name, value) in enumerate(values.items())
    ]  # one call, because a chain of || as long as some tables are wide is too deep for the engine
    return f"concat({', '.join(parts)}, '}}')" if parts else "'{}'"


def content_id(
    engine: Engine, contract: Contract, policies: Mapping[str, str], relation: str, progress: Progress
) -> str:
    """The content id (hex) of ``relation``: SQL for rows with the columns of a manifest, in any order."""
    digest = hashlib.sha256(head(contract, policies).encode())
    for lines in canonical_lines(engine, relation, progress):
        digest.update(lines.encode())
    return digest.hexdigest()


def head(contract: Contract, policies: Mapping[str, str]) -> str:
    """The first line of the canonical text; ``policies`` maps content ids to canonical texts."""
    listed = ",".join(f'"{identity}":{text}' for identity, text in sorted(policies.items()))
    return f'{{"contract":{contract.to_json()},"format":{CANONICAL_FORMAT},"policies":{{{listed}}},"recipes":{{}}}}\n'


def canonical_lines(engine: Engine, relation: str, progress: Progress) -> Iterable[str]:
    """The lines of the examples, many in one text."""
    define_json_text(engine)
    texts = (f"json_text({column})" for column in ("id", "sha256", "metadata", "label", "split"))
    made = " || ',' || ".join(("json_text(origin)", *(f"json_text({name}::VARCHAR)" for name in PROVENANCE[:2])))
    origin = (
        f"CASE WHEN {PROVENANCE[0]} IS NULL THEN json_text(origin) "
        f"ELSE '[' || {made} || ',' || {PROVENANCE[2]} || ']' END"
    )
    line = " || ',' || ".join((*texts, json_list("tags"), "excluded::VARCHAR", origin))
    count = engine.value(f"SELECT count(*) FROM {relation}")
    progress.phase("Hashing the version", count)
    for batch in engine.batches(f"SELECT '[' || {line} || ']' FROM {relation} ORDER BY id", size=_LINES_A_FETCH):
        yield "\n".join([row[0] for row in batch]) + "\n"
        progress.advance(len(batch))
