import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dataimp_gui.core import formats
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.model import Modality, Rejected, Role
from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

Load = Callable[..., tuple[Found, list[dict[str, Any]], list[Rejected]]]


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    engine = Engine(temp=tmp_path, threads=1)

    def run(
        content: str | bytes, name: str = "data.jsonl", roles: dict[str, Role] | None = None
    ) -> tuple[Found, list[dict[str, Any]], list[Rejected]]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        found = formats.inspect(path, engine).with_roles(roles or {})
        assert found.format == "jsonlines"
        rejected = formats.load(found, engine, Objects(tmp_path / "objects"), Progress())
        names = [column for column, _ in engine.columns("SELECT * FROM incoming")]
        rows = engine.rows("SELECT * FROM incoming ORDER BY _place")
        return found, [dict(zip(names, row, strict=True)) for row in rows], rejected

    yield run
    engine.close()


def test_each_object_is_a_row_and_what_json_says_decides_the_types(load: Load) -> None:
    found, rows, rejected = load(
        '{"id": "001", "text": "a b c", "n": 1, "x": 0.5, "ok": true, '
        '"code": "7", "at": "2024-01-05", "v": [1, {"k": 2}]}\n'
        '{"id": "1", "text": "d e f", "n": null, "x": 2, "ok": false, "code": "8", "at": "2024-02-05"}\n'
    )
    assert not rejected
    assert [column.role for column in found.columns[:2]] == [Role.ID, Role.TEXT]
    assert found.modality is Modality.TEXT
    first, second = rows
    assert (first["id"], second["id"]) == ("001", "1")
    assert (first["n"], second["n"]) == (1, None)
    assert (first["x"], second["x"]) == (0.5, 2.0)
    assert first["ok"] is True
    assert first["code"] == "7", "a number in quotes is text"
    assert first["at"].year == 2024
    assert json.loads(first["v"]) == [1, {"k": 2}]
    assert second["v"] is None


def test_numbers_as_ids_and_labels_are_their_text(load: Load) -> None:
    _, rows, _ = load('{"id": 7, "label": 0}\n{"id": 12345678901234567890123, "label": true}\n')
    assert [(row["id"], row["label"]) for row in rows] == [("7", "0"), ("12345678901234567890123", "true")]


def test_broken_lines_are_kept_aside_with_their_true_line(load: Load) -> None:
    _, rows, rejected = load('{"id": "a"}\r\n\r\n{"id": \r\nnull\r\n[1]\r\n{"id": "b"}{"id": "c"}\r\n{"id": "d"}\r\n')
    assert [(row["_place"], row["id"]) for row in rows] == [(1, "a"), (7, "d")]
    assert [(row.place, row.reason) for row in rejected] == [
        ("line 3", "the line is no JSON"),
        ("line 4", "the line is no object"),
        ("line 5", "the line is no object"),
        ("line 6", "the line is no JSON"),
    ]


def test_a_first_line_that_is_broken_does_not_hide_the_others(load: Load) -> None:
    _, rows, rejected = load('{"id": \n{"id": "b"}\n')
    assert [row["id"] for row in rows] == ["b"]
    assert [row.place for row in rejected] == ["line 1"]


def test_keys_that_come_late_are_found(load: Load) -> None:
    lines = [json.dumps({"id": str(number), "pad": "x" * 200}) for number in range(8_000)]
    lines.append(json.dumps({"id": "last", "late": 5}))
    found, rows, _ = load("\n".join(lines))
    assert [column.name for column in found.columns] == ["id", "pad", "late"]
    assert rows[-1]["late"] == "5" or rows[-1]["late"] == 5


def test_keys_that_differ_in_letter_case_only_are_told(load: Load) -> None:
    found, rows, _ = load('{"id": "a", "Label": "x", "label": "y"}\n')
    assert [column.name for column in found.columns] == ["id", "Label"]
    assert 'The key "label" was left out' in found.notes[0]
    assert rows[0]["Label"] == "x"


def test_odd_keys_and_texts_come_through(load: Load) -> None:
    row = {"id": "\u202ea\nb", 'q"uote': "x", "sp ace": "y", "it's": "\u0000z", "ключ": "é"}
    found, rows, _ = load(json.dumps(row) + "\n", roles={"sp ace": Role.LABEL})
    assert {key: value for key, value in rows[0].items() if key != "_place"} == row
    assert found.column(Role.LABEL) is not None


def test_a_list_of_objects_is_read_as_rows(load: Load) -> None:
    found, rows, rejected = load('[\n{"id": "a", "n": 1},\n {"id": "b", "n": 2},\n 5]\n', "data.json")
    assert found.place == "row"
    assert [(row["_place"], row["id"], row["n"]) for row in rows] == [(1, "a", 1), (2, "b", 2)]
    assert [(row.place, row.reason) for row in rejected] == [("row 3", "the row is no object")]


def test_json_lines_may_be_called_json(load: Load) -> None:
    _, rows, _ = load('{"id": "a"}\n{"id": "b"}\n', "data.json")
    assert [row["id"] for row in rows] == ["a", "b"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_read(load: Load, encoding: str) -> None:
    _, rows, _ = load('{"id": "a", "text": "café crème"}\n'.encode(encoding))
    assert rows[0]["text"] == "café crème"


def test_a_single_wrong_byte_costs_its_line(load: Load) -> None:
    _, rows, rejected = load(b'{"id": "a\xc3\xa9"}\n{"id": "b\xe9"}\n{"id": "c"}\n')
    assert [(row["_place"], row["id"]) for row in rows] == [(1, "aé"), (3, "c")]
    assert [row.place for row in rejected] == ["line 2"]


def test_a_line_beyond_the_limit_is_kept_aside(load: Load) -> None:
    long = json.dumps({"id": "long", "text": "x" * (17 * 2**20)})
    _, rows, rejected = load(f'{{"id": "a"}}\n{long}\n{{"id": "b"}}\n')
    assert [(row["_place"], row["id"]) for row in rows] == [(1, "a"), (3, "b")]
    assert [(row.place, row.reason) for row in rejected] == [("line 2", "the line is longer than 16 MB")]


REFUSED = {
    "empty": (b"", "data.jsonl", "is empty"),
    "binary": (b"\x80\x04\x95" + bytes(range(256)) * 4, "data.jsonl", "is no text"),
    "a torn list": (b'[{"id": 1}, {"id": 2', "data.json", "JSON"),
    "no objects": (b"1\n2\n", "data.jsonl", "holds no objects"),
    "a bomb of brackets": (b"[" * 200_000, "data.json", "JSON"),
    "too many keys": (
        json.dumps({f"k{number}": number for number in range(10_001)}).encode(), "data.jsonl", "different keys",
    ),
}  # fmt: skip


@pytest.mark.timeout(30)
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_dataset_is_refused_with_a_sentence(load: Load, case: str) -> None:
    content, name, message = REFUSED[case]
    with pytest.raises(FormatError, match=message):
        load(content, name)


def test_one_object_is_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{\n  "a": 1\n}\n')
    engine = Engine(threads=1)
    try:
        with pytest.raises(FormatError):
            formats.inspect(tmp_path / "config.json", engine)
    finally:
        engine.close()
