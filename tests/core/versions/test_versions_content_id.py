"""The content id can be computed again from its description, in plain Python."""

import hashlib
import json
import math
import random
import struct
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from version_places import Make

from dataimp_gui.core.contract import Contract
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.versions.content import define_json_text, json_value

COLUMNS = {"brightness": "number", "count": "whole", "checked": "flag", "taken": "time", 'odd "name" ß': "text"}


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def canonical(value: Any) -> Any:
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case datetime():
            return value.isoformat(timespec="microseconds")
        case _:
            return value


def recomputed(contract: Contract, rows: list[dict[str, Any]], columns: list[str]) -> str:
    head = {"contract": json.loads(contract.to_json()), "format": 1, "policies": {}, "recipes": {}}
    lines = [json.dumps(head, ensure_ascii=False, separators=(",", ":"), sort_keys=True)]
    for row in sorted(rows, key=lambda row: row["id"].encode()):
        metadata = {column: canonical(row.get(column)) for column in columns}
        hashed = hashlib.sha256(dumps(metadata).encode()).hexdigest() if columns else None
        data = row["bytes"] if "bytes" in row else row["text"].encode() if "text" in row else None
        sha256 = None if data is None else hashlib.sha256(data).hexdigest()
        line = [
            row["id"], sha256, hashed, row.get("label"), row.get("split"), sorted(row.get("tags", [])),
            row.get("excluded", False), "imported",
        ]  # fmt: skip
        lines.append(dumps(line))
    return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()


def rows_with_everything() -> list[dict[str, Any]]:
    return [
        {
            "id": "b\n\u202e\\\"\x01", "label": 'c"at', "split": "train", "bytes": b"1", "brightness": 1e16,
            "count": -7, "checked": True, "taken": datetime(2020, 1, 31, 10, 0, 0, 5),
            'odd "name" ß': "tab\t\x1f é 😀 \\u000b",
        },
        {"id": "B", "label": "dog", "bytes": b"2", "brightness": math.nan, "count": 2**60, "checked": False},
        {"id": "a", "label": "dog", "split": "test", "bytes": b"3", "brightness": -math.inf},
        {"id": "é", "bytes": b"", "brightness": 5e-324},
        {"id": "😀", "bytes": b"5", "brightness": 0.1},
        {"id": "\uffff", "bytes": b"6", "brightness": -0.0},
    ]  # fmt: skip


def test_anybody_can_compute_it_again(make: Make) -> None:
    rows = rows_with_everything()
    for number, row in enumerate(rows):
        row["media"] = f"{number}.bin"
    place = make(rows, metadata=COLUMNS)
    assert place.commit().version.content == recomputed(place.contract, rows, list(COLUMNS))
    place.relabel("a", "wolf 😀")
    place.move("B", "val")
    place.flag("é", "excluded")
    for tag in ("z", "é", "a b", "Z"):
        place.flag("a", f"tag:{tag}")
        place.flag("B", f"tag:{tag}")
    rows[2] |= {"label": "wolf 😀", "tags": ["z", "é", "a b", "Z"]}
    rows[1] |= {"split": "val", "tags": ["z", "é", "a b", "Z"]}
    rows[3]["excluded"] = True
    assert place.commit().version.content == recomputed(place.contract, rows, list(COLUMNS))


def test_texts_and_tables_too(make: Make) -> None:
    texts = [{"id": "1", "text": "héllo\n"}, {"id": "0", "text": ""}]
    place = make(texts, "text", "t")
    assert place.commit().version.content == recomputed(place.contract, texts, [])
    table = [{"id": "1", "label": "x", "age": 3.5}, {"id": "2", "label": "y", "age": None}]
    place = make(table, "table", "b", {"age": "number"})
    assert place.commit().version.content == recomputed(place.contract, table, ["age"])


def test_equal_content_is_equal_whoever_committed_where_when_and_in_which_order(make: Make, tmp_path: Path) -> None:
    rows = [{"id": f"{n}", "label": "xy"[n % 2], "bytes": b"%d" % n, "k": float(n)} for n in range(20)]
    one = make(rows, name="one", metadata={"k": "number"})
    moved = [row | {"media": f"elsewhere/{row['id']}.png"} for row in rows]
    random.Random(0).shuffle(moved)
    other = make(moved, name="other", metadata={"k": "number"}, root=tmp_path / "deep" / "media")
    for place in (one, other):
        place.flag("3", "tag:b")
        place.flag("3", "tag:a")
    other.editing.set_word("note", other.rows("4"), "a note is no content")
    assert one.commit("a", "ada").version.content == other.commit("b", "grace").version.content
    other.flag("4", "tag:a")
    assert other.commit().version.content != one.diff("v1", "v1").a


def test_each_field_is_content(make: Make) -> None:
    def content(**changes: Any) -> str:
        row = {"id": "a", "label": "x", "split": "s", "bytes": b"1", "k": 1.0} | changes
        number = len(seen)
        place = make([row, {"id": "b", "label": "y"}], name=f"p{number}", metadata={"k": "number"})
        return place.commit().version.content

    seen: list[str] = []
    for changes in ({}, {"id": "c"}, {"label": "y"}, {"label": None}, {"split": None}, {"bytes": b"2"}, {"k": 2.0}):
        seen.append(content(**changes))
    assert len(set(seen)) == len(seen)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine()
    define_json_text(engine)
    yield engine
    engine.close()


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=("Cs",))), max_size=20))
def test_texts_are_written_as_json_dumps_does(engine: Engine, texts: list[str]) -> None:
    found = engine.rows("SELECT json_text(t) FROM (SELECT unnest($1::VARCHAR[]) AS t)", [texts])
    assert [row[0] for row in found] == [dumps(text) for text in texts]


def test_numbers_are_written_as_json_dumps_does(engine: Engine) -> None:
    draw = random.Random(1)
    numbers = [struct.unpack("<d", draw.randbytes(8))[0] for _ in range(5000)]
    numbers += [0.1, 1e15, 1e16, 1e22, 1e-4, 1e-5, -0.0, 100.0, 123456789.123, math.nan, math.inf, -math.inf]
    engine.run("CREATE TABLE t AS SELECT unnest($1::DOUBLE[]) AS x", [numbers])
    found = engine.rows(f"SELECT {json_value('x', 'DOUBLE')} FROM t")
    assert [row[0] for row in found] == [dumps(canonical(number)) for number in numbers]
