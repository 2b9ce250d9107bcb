import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dataimp_gui.core import formats
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.model import Rejected, Role
from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress


@dataclass
class Loaded:
    found: Found
    names: list[str]
    types: list[str]
    rows: list[tuple[Any, ...]]
    rejected: list[Rejected]

    @property
    def places(self) -> list[int]:
        return [row[0] for row in self.rows]

    def column(self, name: str) -> list[Any]:
        place = self.names.index(name)
        return [row[place] for row in self.rows]

    @property
    def bad(self) -> list[tuple[str, str]]:
        return [(row.place, row.reason) for row in self.rejected]


Load = Callable[..., Loaded]


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    temp = tmp_path / "temp"
    temp.mkdir()
    engine = Engine(temp=temp, threads=2)

    def run(content: str | bytes, name: str = "data.csv", roles: dict[str, Role] | None = None) -> Loaded:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        found = formats.inspect(path, engine).with_roles(roles or {})
        rejected = formats.load(found, engine, Objects(tmp_path / "objects"), Progress())
        columns = engine.columns("SELECT * FROM incoming")
        rows = engine.rows("SELECT * FROM incoming ORDER BY _place")
        assert not list(temp.glob("*.csv")), "copies are removed"
        return Loaded(found, [name for name, _ in columns], [kind for _, kind in columns], rows, rejected)

    yield run
    engine.close()


def test_columns_with_a_role_stay_exactly_as_written(load: Load) -> None:
    loaded = load("id,label,split\n001,NA,train\n1,null, test \n1.0, x ,NULL\nTrue,1e5,\n")
    assert loaded.column("id") == ["001", "1", "1.0", "True"]
    assert loaded.column("label") == ["NA", "null", " x ", "1e5"]
    assert loaded.column("split") == ["train", " test ", "NULL", None]


def test_metadata_is_typed_and_codes_with_leading_zeros_stay_text(load: Load) -> None:
    loaded = load(
        "id,n,x,zip,phone,ok,day,word\na,1,1.5,01234,+49,true,2024-01-05,x\nb,-2,2,99999,+1,False,2024-02-01,7\n"
    )
    types = dict(zip(loaded.names, loaded.types, strict=True))
    assert types == {
        "_place": "BIGINT", "id": "VARCHAR", "n": "BIGINT", "x": "DOUBLE", "zip": "VARCHAR", "phone": "VARCHAR",
        "ok": "BOOLEAN", "day": "TIMESTAMP", "word": "VARCHAR",
    }  # fmt: skip
    assert loaded.column("zip") == ["01234", "99999"]
    assert loaded.column("ok") == [True, False]


LATE = {
    "a code with a leading zero": ("{i}", "00501", "VARCHAR", "00501"),
    "a word": ("{i}", "unknown", "VARCHAR", "unknown"),
    "a fraction": ("{i}", "0.5", "DOUBLE", 0.5),
    "more digits than 64 bits hold": ("{i}", "99999999999999999999", "VARCHAR", "99999999999999999999"),
    "an underscore": ("{i}.5", "1_0", "VARCHAR", "1_0"),
    "a plus": ("{i}.5", "+4", "VARCHAR", "+4"),
    "a missing word": ("{i}", "NA", "BIGINT", None),
    "another time zone": ("2024-01-05", "2024-01-05T10:00:00+02:00", "VARCHAR", "2024-01-05T10:00:00+02:00"),
    "a yes": ("true", "yes", "VARCHAR", "yes"),
}


@pytest.mark.parametrize("case", LATE)
def test_a_value_far_down_that_does_not_fit_widens_its_column_and_is_not_lost(load: Load, case: str) -> None:
    usual, late, kind, value = LATE[case]
    rows = "".join(f"r{i},{usual.format(i=i)}\n" for i in range(1, 60_000))
    loaded = load(f"id,v\n{rows}last,{late}\n")
    assert len(loaded.rows) == 60_000
    assert loaded.types[loaded.names.index("v")] == kind
    assert loaded.column("v")[-1] == value
    assert not loaded.rejected
    if kind == "VARCHAR":
        assert loaded.column("v")[0] == usual.format(i=1)


@pytest.mark.parametrize(
    ("separator", "name"), [(",", "a.csv"), (";", "a.csv"), ("\t", "a.tsv"), ("|", "a.csv"), ("\t", "a.txt")]
)
def test_the_separator_is_found(load: Load, separator: str, name: str) -> None:
    lines = [["id", "n", "label"], ["a", "1.5", "cat"], ["b", "2.5", "dog"]]
    loaded = load("".join(separator.join(line) + "\n" for line in lines), name)
    assert loaded.rows == [(2, "a", 1.5, "cat"), (3, "b", 2.5, "dog")]


def test_a_semicolon_table_with_decimal_commas_is_understood(load: Load) -> None:
    loaded = load("id;width;label\na;1,5;cat\nb;-2,25;dog\nc;3;dog\n")
    assert loaded.rows == [(2, "a", 1.5, "cat"), (3, "b", -2.25, "dog"), (4, "c", 3.0, "dog")]


def test_decimal_commas_below_a_point_fall_back_to_text(load: Load) -> None:
    rows = "".join(f"r{i};{i},5\n" for i in range(1, 40_000))
    loaded = load(f"id;v\n{rows}last;1.234,5\n")
    assert loaded.column("v")[-1] == "1.234,5"
    assert loaded.column("v")[0] == "1,5"


def test_a_header_without_the_separator_of_its_lines_is_refused_and_not_read_as_one_column(load: Load) -> None:
    with pytest.raises(FormatError, match='has one column, but the lines below have 3 separated by ";"'):
        load("text\na;b;1,5\nd;e;2,5\ng;h;3,5\n")


def test_one_column_of_texts_keeps_its_commas_and_skips_blank_lines(load: Load) -> None:
    loaded = load('text\nhello, you there\n\nworld\n"quoted, too"\n')
    assert loaded.rows == [(2, "hello, you there"), (4, "world"), (5, "quoted, too")]


def test_ragged_lines_are_kept_aside_with_their_true_line(load: Load) -> None:
    loaded = load('id,text\n1,"two\nlines"\n2\n\n3,a,b\n4,"x ""y"" z"\n')
    assert loaded.rows == [(2, "1", "two\nlines"), (7, "4", 'x "y" z')]
    assert loaded.bad == [
        ("line 4", "the line has 1 value where the header has 2"),
        ("line 6", "the line has 3 values where the header has 2"),
    ]
    assert [row.id for row in loaded.rejected] == ["2", "3"]
    assert all(row.hint for row in loaded.rejected)


def test_lines_are_true_far_down_a_file_with_windows_ends(load: Load) -> None:
    lines = [f"{number},x" for number in range(50_000)]
    lines[40_000] = "alone"
    loaded = load("id,text\r\n" + "\r\n".join(lines))
    assert loaded.bad == [("line 40002", "the line has 1 value where the header has 2")]
    assert dict(zip(loaded.places, loaded.column("id"), strict=True))[40_003] == "40001"


def test_columns_may_have_any_name(load: Load) -> None:
    loaded = load('line,rowid,r,"a ""b""",_misfit_0,select,é\n1,x,3,4,5,6,7\n2\n')
    assert loaded.rows == [(2, 1, "x", 3, 4, 5, 6, 7)]
    assert load("rowid,n\n9,a\n8,b\n").rows == [(2, "9", "a"), (3, "8", "b")]


def test_a_quote_that_is_never_closed_costs_only_its_own_line(load: Load) -> None:
    lines = [f"{number},x{number}\n" for number in range(300_000)]  # more than any buffer of the parser
    lines[7] = '7,"open\n'
    loaded = load("id,text\n" + "".join(lines))
    assert loaded.bad == [("line 9", "its double quotes do not match up")]
    assert len(loaded.rows) == 299_999
    assert (10, "8", "x8") in loaded.rows


def test_text_after_a_closed_quote_is_kept_aside_and_not_cut_off(load: Load) -> None:
    loaded = load('id,text\n1,"ab"c\n2,d\n')
    assert loaded.bad == [("line 2", "its double quotes do not match up")]
    assert loaded.rows == [(3, "2", "d")]


def test_many_broken_quotes_leave_the_lines_between_them(load: Load) -> None:
    loaded = load("id,text\n" + "".join(f'{i},"a\n{i}x,b\n' for i in range(15)))
    assert set(loaded.column("id")) <= {f"{i}x" for i in range(15)}
    assert len(loaded.rows) + len(loaded.rejected) <= 30
    assert len(loaded.rows) >= 10
    assert all("quotes" in reason for _, reason in loaded.bad)


def test_mixed_line_ends_are_read_with_their_true_lines(load: Load) -> None:
    loaded = load('id,text\r\n1,a\n2,"b\nc"\r\n3\n4,d\r\n')
    assert loaded.rows == [(2, "1", "a"), (3, "2", "b\nc"), (6, "4", "d")]
    assert loaded.bad == [("line 5", "the line has 1 value where the header has 2")]


def test_lines_that_end_with_carriage_returns_alone_are_read(load: Load) -> None:
    loaded = load("id,text\r1,a\r2,b\r3\r")
    assert loaded.rows == [(2, "1", "a"), (3, "2", "b")]
    assert [row.place for row in loaded.rejected] == ["line 4"]


def test_quotes_in_plain_tab_separated_text_are_characters(load: Load) -> None:
    loaded = load('ham\t"Hi" he said\nspam\tsize 5" only\nham\t"all"\n', "sms.tsv")
    assert [row[2] for row in loaded.rows] == ['"Hi" he said', 'size 5" only', '"all"']


def test_backslash_escapes_are_understood(load: Load) -> None:
    assert load('id,text\n1,"a \\"b\\", c"\n2,d\n').rows == [(2, "1", 'a "b", c'), (3, "2", "d")]


@pytest.mark.parametrize("first", ["\ufeffid,text\n", '\ufeff"id","text"\n'])
def test_a_byte_order_mark_is_no_part_of_the_first_name(load: Load, first: str) -> None:
    assert load(first + "1,é\n").rows == [(2, "1", "é")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_other_encodings_are_found_and_told(load: Load, encoding: str) -> None:
    loaded = load("id,text\n1,café — naïve\n2,Straße\n".encode(encoding))
    assert loaded.column("text") == ["café — naïve", "Straße"]
    assert any("not UTF-8" in note for note in loaded.found.notes)


def test_a_code_page_that_shows_only_far_down_is_found(load: Load) -> None:
    plain = "".join(f"{number},plain\n" for number in range(60_000))
    loaded = load(f"id,text\n{plain}last,Müller\n".encode("cp1252"))
    assert loaded.column("text")[-1] == "Müller"


def test_single_wrong_bytes_in_utf_8_cost_their_line_only(load: Load) -> None:
    loaded = load(b"id,text\n1,caf\xc3\xa9\n2,caf\xe9\n3,x\n")
    assert loaded.column("text") == ["café", "x"]
    assert loaded.bad == [("line 3", "it holds bytes that are not UTF-8")]


def test_names_are_made_unique_and_never_empty(load: Load) -> None:
    loaded = load("a,A, a ,,_place\n1,2,3,4,5\n")
    assert loaded.names == ["_place", "a", "A_2", "a_3", "column4", "_place_2"]
    assert len(loaded.found.notes) == 3


def test_a_file_without_a_header_gets_numbered_columns(load: Load) -> None:
    loaded = load("0.5,cat\n0.7,dog\n")
    assert loaded.names == ["_place", "column1", "column2"]
    assert loaded.rows == [(1, 0.5, "cat"), (2, 0.7, "dog")]


@pytest.mark.parametrize("header", ["id,0,1,2", "name,first,second,third", ",id,a,b", "text,text_2,b,c"])
def test_a_header_is_known_as_one(load: Load, header: str) -> None:
    assert load(f"{header}\na,0.1,0.2,0.7\n").places == [2]


def test_the_separator_line_of_a_spreadsheet_is_skipped(load: Load) -> None:
    loaded = load("sep=;\nid;text\n1;a\n2\n")
    assert loaded.rows == [(3, "1", "a")]
    assert [row.place for row in loaded.rejected] == ["line 4"]


def test_a_header_alone_has_no_rows(load: Load) -> None:
    for content in ("id,label\n", "id,label"):
        loaded = load(content)
        assert loaded.rows == []
        assert [column.role for column in loaded.found.columns] == [Role.ID, Role.LABEL]


REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b"\n\r\n\n", "nothing but blank lines"),
    "spreadsheet": (b"PK\x03\x04rest", "zip or Excel file"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(100), "is no text"),
    "wide": (b",".join(b"c%d" % i for i in range(100_000)) + b"\n" + b",".join([b"1"] * 100_000), "100,000 columns"),
    "wide without a line end": (b"," * 3_000_000, "3,000,001 columns"),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused_with_a_sentence(load: Load, case: str) -> None:
    content, message = REFUSED[case]
    with pytest.raises(FormatError, match=message):
        load(content)


def test_a_line_of_more_than_two_megabytes_is_kept_aside(load: Load) -> None:
    loaded = load(f"id,text\n1,{'x' * 1_900_000}\n2,{'x' * 2_100_000}\n3,y\n")
    assert loaded.column("id") == ["1", "3"]
    assert loaded.bad == [("line 3", "the line is longer than 2 MB")]


def test_a_path_with_the_characters_of_a_pattern_is_one_file(load: Load) -> None:
    load("id,n\nwrong,1\n", "abc.csv")
    assert load("id,n\nright,1\n", "a[b]*.csv").column("id") == ["right"]


def test_a_skipped_column_is_not_loaded_and_a_given_role_keeps_the_text(load: Load) -> None:
    loaded = load("a,b,c\n01,1,x\n", roles={"a": Role.LABEL, "c": Role.SKIP})
    assert loaded.names == ["_place", "a", "b"]
    assert loaded.rows == [(2, "01", 1)]


def test_a_role_for_a_column_that_is_not_there_names_the_columns(load: Load) -> None:
    with pytest.raises(FormatError, match='no column "klass"') as caught:
        load("a,b\n1,2\n", roles={"klass": Role.LABEL})
    assert caught.value.hint == "Its columns are: a, b."


def test_prose_is_not_taken_for_a_table(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear reader,\nthis is no table.\nBye\n")
    engine = Engine(threads=1)
    try:
        with pytest.raises(FormatError, match="looks like a dataset"):
            formats.inspect(path, engine)
    finally:
        engine.close()


SPECTRUM = {  # what a CSV parser must get right, after the cases of csv-spectrum
    "commas in quotes": ('first,address\nJohn,"120 any st., Anytown"\n', [("John", "120 any st., Anytown")]),
    "empty": ('a,b,c\n1,"",""\n2,3,4\n', [("1", None, None), ("2", "3", "4")]),
    "empty crlf": ('a,b,c\r\n1,"",""\r\n2,3,4\r\n', [("1", None, None), ("2", "3", "4")]),
    "escaped quotes": ('a,b\n1,"ha ""ha"" ha"\n3,4\n', [("1", 'ha "ha" ha'), ("3", "4")]),
    "json": (
        'key,val\n1,"{""type"": ""Point"", ""at"": [1.0, 0.5]}"\n',
        [("1", '{"type": "Point", "at": [1.0, 0.5]}')],
    ),
    "newlines": ('a,b\n1,2\n"Once upon\na time",5\n', [("1", "2"), ("Once upon\na time", "5")]),
    "newlines crlf": ('a,b\r\n1,2\r\n"Once upon\r\na time",5\r\n', [("1", "2"), ("Once upon\r\na time", "5")]),
    "quotes and newlines": ('a,b\n1,"ha\n""ha""\nha"\n3,4\n', [("1", 'ha\n"ha"\nha'), ("3", "4")]),
    "utf8": ("a,b\n1,ʤ\n4,ʤʤ\n", [("1", "ʤ"), ("4", "ʤʤ")]),
}


@pytest.mark.parametrize("case", SPECTRUM)
def test_quoting_is_read_as_everybody_reads_it(load: Load, case: str, tmp_path: Path) -> None:
    content, expected = SPECTRUM[case]
    path = tmp_path / "peek.csv"
    path.write_bytes(content.encode())
    engine = Engine(threads=1)
    try:
        found = formats.inspect(path, engine)
    finally:
        engine.close()
    texts = dict(zip((column.name for column in found.columns), (Role.ID, Role.LABEL, Role.SPLIT), strict=False))
    loaded = load(content, roles=texts)
    assert [row[1:] for row in loaded.rows] == expected


def test_every_odd_text_survives_the_way_through_a_csv(load: Load, tmp_path: Path) -> None:
    odd = [
        "a\nb",
        "\u202eevil",
        "x\ry",
        "tab\there",
        'q"q',
        "'=1+1",
        "=1+1",
        "a\u2028b",
        "\U0001d4b3",
        " ",
        "\\",
        "a,b;c|d",
        "-",
    ]
    path = tmp_path / "odd.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "label"], *([f"{place}{word}", word] for place, word in enumerate(odd))])
    loaded = load(path.read_bytes())
    assert not loaded.rejected
    assert loaded.column("label") == odd
    assert json.dumps(loaded.column("id")) == json.dumps([f"{place}{word}" for place, word in enumerate(odd)])


def test_what_was_found_can_be_loaded_twice(load: Load, tmp_path: Path) -> None:
    loaded = load("id,text\n1,a\n")
    engine = Engine(threads=1)
    try:
        for _ in range(2):
            formats.load(replace(loaded.found), engine, Objects(tmp_path / "o"), Progress())
            assert engine.rows("SELECT * FROM incoming") == [(2, "1", "a")]
    finally:
        engine.close()
