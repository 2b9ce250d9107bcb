"""A source checked before it is imported: the same counts as the import, and nothing written."""

from pathlib import Path

import pytest

from dataimp_gui.core.formats import Writing
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.importing.rehearsal import rehearse
from dataimp_gui.core.model import Role
from dataimp_gui.core.project import Project
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress

ROLES = {"id": Role.ID, "kind": Role.LABEL, "part": Role.SPLIT, "shop": Role.GROUP, "remark": Role.METADATA}
LINES = """id,kind,part,shop,remark
a,Shirt,train,north,fine
b,shirt ,test,north,
c,coat,train,south,
,coat,train,south,no id
a,coat,test,east,twice
d,bag,train,west,ok
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "shop.csv"
    file.write_text(LINES, encoding="utf-8")
    return file


def test_counts_and_reasons_are_those_of_the_import(table: Path, tmp_path: Path) -> None:
    options = ImportOptions(roles=ROLES)
    trial = rehearse(table, options)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shop.csv"]
    summary = import_dataset(table, tmp_path / "shop.dataimp", options)
    assert (trial.rows, trial.by_reason) == (summary.examples, summary.by_reason)
    assert trial.rows == 4
    assert trial.by_reason == {"the id is empty": 1, "duplicate id": 1}
    assert [row.place for row in trial.rejected] == ["line 5", "line 6"]


def test_each_column_is_judged_by_the_rows_that_come_in(table: Path) -> None:
    judged = {one.column: one for one in rehearse(table, ImportOptions(roles=ROLES)).columns}
    assert [(one.column, one.level, one.short) for one in judged.values()] == [
        ("id", "pass", "unique"),
        ("kind", "warn", "4 spellings, 3 labels"),
        ("part", "pass", "2 splits"),
        ("shop", "warn", "1 in several splits"),
        ("remark", "warn", "2 empty"),
    ]
    assert '"Shirt" and "shirt' in judged["kind"].said
    skipped = rehearse(table, ImportOptions(roles=ROLES | {"remark": Role.SKIP})).columns[-1]
    assert (skipped.level, skipped.short) == ("skip", "skipped")


def test_the_first_rows_alone_can_be_checked(table: Path) -> None:
    trial = rehearse(table, ImportOptions(roles=ROLES), most=4)
    assert (trial.rows, trial.looked_at, trial.by_reason) == (3, 4, {"the id is empty": 1})


def test_a_closed_list_of_labels_may_meet_a_column_of_very_many_words(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("id,kind\n" + "\n".join(f"{n},k{n}" for n in range(10_050)), encoding="utf-8")
    trial = rehearse(file, ImportOptions(roles={"id": Role.ID, "kind": Role.LABEL}, classes=("k1", "k2")))
    assert trial.rows == 2


def test_a_source_without_a_good_row_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "lost.csv"
    file.write_text("image,label\na.png,x\nb.png,y\n", encoding="utf-8")
    trial = rehearse(file, ImportOptions(roles={"image": Role.MEDIA}, workers=1))
    assert (trial.rows, trial.by_reason) == (0, {"the media file is missing": 2})


def test_it_can_be_cancelled_and_refuses_what_is_no_source(table: Path, tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        rehearse(table, None, progress)
    with pytest.raises(DataimpError):
        rehearse(tmp_path / "nowhere.csv")


def test_a_split_that_is_none_is_refused_as_the_import_would(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("text,part\n" + "\n".join(f"words {n},p{n}" for n in range(200)), encoding="utf-8")
    with pytest.raises(DataimpError, match="it is no split"):
        rehearse(file, ImportOptions(roles={"part": Role.SPLIT}))


def test_an_encoding_and_a_separator_can_be_said_where_the_guess_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "odd.list"
    file.write_bytes("id!kind\n1!été\n2!hiver\n".encode("cp850"))
    options = ImportOptions(writing=Writing("cp850", "!"), roles={"id": Role.ID, "kind": Role.LABEL})
    summary = import_dataset(file, tmp_path / "odd.dataimp", options)
    assert summary.examples == 2
    with Project.open(tmp_path / "odd.dataimp") as project:
        assert project.classes == ("hiver", "été")


def test_an_encoding_that_is_wrong_says_from_which_line_on(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(b"id,kind\n1,bag\n2,\x81\n")
    with pytest.raises(DataimpError, match="not from line 3 on"):
        rehearse(file, ImportOptions(writing=Writing("cp1252")))
