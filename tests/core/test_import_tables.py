import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dataimp_gui.core.importing import ImportOptions, ImportSummary, import_dataset
from dataimp_gui.core.model import Modality, Role
from dataimp_gui.core.project import Project
from dataimp_gui.errors import Cancelled, DataimpError, FormatError, ProjectError
from dataimp_gui.progress import Progress, Report

Import = Callable[..., tuple[ImportSummary, Project]]


@pytest.fixture
def imported(tmp_path: Path) -> Any:
    opened: list[Project] = []

    def run(content: str | bytes, name: str = "data.csv", **options: Any) -> tuple[ImportSummary, Project]:
        source = tmp_path / name
        source.write_bytes(content.encode() if isinstance(content, str) else content)
        target = tmp_path / f"p{len(opened)}.dataimp"
        summary = import_dataset(source, target, ImportOptions(**options))
        opened.append(Project.open(target))
        return summary, opened[-1]

    yield run
    for project in opened:
        project.close()


def left(folder: Path) -> list[str]:
    """What lies in a folder besides the sources, hidden things too."""
    return sorted(path.name for path in folder.iterdir() if path.suffix not in (".csv", ".txt", ".png"))


def bad(project: Project) -> list[tuple[str, str, str]]:
    return [(row.place, row.id, row.reason) for row in project.quarantine()]


def test_a_table_comes_in_with_its_roles_types_and_order(imported: Import) -> None:
    summary, project = imported("id,label,split,width,zip\nb,dog,train,3,012\na,cat,test,1.5,999\nc,,,NA,7\n")
    assert (summary.examples, summary.quarantined) == (3, 0)
    assert project.modality is Modality.TABLE
    assert project.classes == ("cat", "dog")
    assert project.splits == ("train", "test")
    rows = project.rows()
    assert project.ids(rows) == ["b", "a", "c"]
    assert project.query.values(["label", "split", "width", "zip"], rows) == {
        "label": ["dog", "cat", None],
        "split": ["train", "test", None],
        "width": [3.0, 1.5, None],
        "zip": ["012", "999", "7"],
    }
    assert list(project.rows("width > 2")) == [0]


def test_texts_make_a_text_project_with_hashes_and_lengths(imported: Import) -> None:
    summary, project = imported("text,label\nfree money now,spam\nsee you at noon — ok?,ham\n,ham\n")
    assert summary.modality is Modality.TEXT
    assert project.query.values(["text", "length"], project.rows())["length"] == [14, 21]
    assert project.ids(project.rows()) == ["line-000002", "line-000003"]
    assert bad(project) == [("line 4", "", "the text is empty")]


def test_of_rows_with_one_id_the_first_comes_in(imported: Import) -> None:
    summary, project = imported("id,label\n1,a\n01,a\n1,b\n1 ,a\nA,a\na,a\n1,c\n,c\n")
    assert project.ids(project.rows()) == ["1", "01", "1 ", "A", "a"]
    assert bad(project) == [
        ("line 4", "1", "duplicate id"),
        ("line 8", "1", "duplicate id"),
        ("line 9", "", "the id is empty"),
    ]
    assert "the first one is in line 2" in project.quarantine()[0].hint
    assert summary.by_reason == {"duplicate id": 2, "the id is empty": 1}


def test_a_duplicate_of_a_row_that_is_bad_itself_comes_in(imported: Import) -> None:
    _, project = imported("id,label\n1,mouse\n1,cat\n", classes=("cat", "dog"))
    assert project.ids(project.rows()) == ["1"]
    assert [row[2] for row in bad(project)] == ['the label "mouse" is not in the class list']


def test_a_closed_class_list_keeps_its_order_and_takes_unlabelled_rows(imported: Import) -> None:
    _, project = imported("id,label\n1,cat\n2,\n3,Cat\n", classes=("dog", "cat", "cat", "", "bird"))
    assert project.classes == ("dog", "cat", "bird")
    assert project.contract.closed
    assert project.ids(project.rows()) == ["1", "2"]
    assert bad(project) == [("line 4", "3", 'the label "Cat" is not in the class list')]


def test_ids_and_labels_with_odd_characters_stay_as_they_are(imported: Import) -> None:
    ids = ["a\nb", "\u202eabc", "x y", "é", "e\u0301", "'", '"', "null", "NA", "-1", "1e3", "\u200b"]
    lines = [json.dumps({"id": id_, "label": id_}, ensure_ascii=False) for id_ in ids]
    _, project = imported("\n".join(lines), "data.jsonl")
    assert project.ids(project.rows()) == ids
    assert project.query.values(["label"], project.rows())["label"] == ids
    assert [project.row(id_) for id_ in ids] == list(range(len(ids)))


def test_nul_characters_and_endless_ids_are_kept_aside(imported: Import) -> None:
    _, project = imported(b"id,label\na\x00b,x\n" + b"y" * 20_000 + b",x\nc,x\n")
    assert project.ids(project.rows()) == ["c"]
    assert [reason for _, _, reason in bad(project)] == [
        "the id holds a NUL character",
        "the id is 20000 characters long",
    ]


def test_roles_can_be_given_and_the_guess_gives_way(imported: Import) -> None:
    summary, project = imported(
        "id,key,label,verdict,when,who\n1,k1,cat,x,train,p\n2,k2,dog,y,test,q\n",
        roles={"key": Role.ID, "verdict": Role.LABEL, "when": Role.SPLIT, "who": Role.GROUP},
    )
    assert project.ids(project.rows()) == ["k1", "k2"]
    assert project.classes == ("x", "y")
    assert summary.roles["label"] == "metadata"
    assert [(column.name, column.source, column.role) for column in project.contract.columns] == [
        ("id", "key", Role.ID),
        ("label", "verdict", Role.LABEL),
        ("split", "when", Role.SPLIT),
        ("id_2", "id", Role.METADATA),
        ("label_2", "label", Role.METADATA),
        ("who", "who", Role.GROUP),
    ]
    assert [(one.source, one.name) for one in summary.renamed] == [("id", "id_2"), ("label", "label_2")]
    assert any('"label" is called "label_2"' in note for note in summary.notes)


def test_metadata_under_names_of_the_program_is_renamed(imported: Import) -> None:
    _, project = imported("id,predicted,p_cat,_x,excluded,Error,length,text\n1,a,0.5,1,2,3,4,some words here\n")
    names = {column.source: column.name for column in project.contract.columns}
    assert names["predicted"] != "predicted"
    assert names["length"] != "length"
    values = project.query.values(
        [names["p_cat"], names["_x"], names["excluded"], names["Error"], "length"], project.rows()
    )
    assert [value[0] for value in values.values()] == [0.5, 1, 2, 3, 15]


def test_numbers_that_are_not_finite_are_no_numbers(imported: Import) -> None:
    _, project = imported("id,x\na,1.5\nb,nan\nc,inf\nd,-2\n")
    assert project.query.values(["x"], project.rows())["x"] == [1.5, None, None, -2.0]


def test_a_table_without_ids_takes_its_line_numbers_and_says_so(imported: Import) -> None:
    summary, project = imported("label,x\ncat,1\ncat\ndog,2\n")
    assert project.ids(project.rows()) == ["line-000002", "line-000004"]
    assert any("no id column" in note for note in summary.notes)


def test_text_columns_can_be_taken_as_a_plain_table(imported: Import) -> None:
    summary, project = imported("id,text\n1,many words are here\n", modality=Modality.TABLE)
    assert summary.modality is Modality.TABLE
    assert summary.roles["text"] == "metadata"
    assert project.count == 1


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "only a header": ("id,label\n", {}, "holds no examples"),
    "every row is bad": ("id,label\n,a\n,b\n", {}, r"None of the 2 rows .* the id is empty \(2\)"),
    "no texts": ("id,n\n1,2\n", {"modality": Modality.TEXT}, "holds texts"),
    "no media": ("id,n\n1,2\n", {"modality": Modality.IMAGE}, "holds image files"),
    "a column that is not there": ("id,n\n1,2\n", {"roles": {"x": Role.LABEL}}, 'no column "x"'),
    "one role twice": ("id,n\n1,2\n", {"roles": {"id": Role.ID, "n": Role.ID}}, "Two columns"),
    "no media root": ("id,n\n1,2\n", {"media_root": Path("/nowhere/at/all")}, "no folder"),
    "a label with a value each": (
        "id,label\n" + "".join(f"{n},v{n}\n" for n in range(10_001)), {}, "more than 10,000 different values",
    ),
    "a split with a value each": (
        "id,split\n" + "".join(f"{n},v{n}\n" for n in range(101)), {"roles": {"split": Role.SPLIT}}, "it is no split",
    ),
    "an unknown format": ("id,n\n1,2\n", {"format": "xls"}, 'no format "xls"'),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_imported_leaves_nothing(tmp_path: Path, case: str) -> None:
    content, options, message = REFUSED[case]
    (tmp_path / "data.csv").write_text(content)
    with pytest.raises(DataimpError, match=message):
        import_dataset(tmp_path / "data.csv", tmp_path / "p.dataimp", ImportOptions(**options))
    assert left(tmp_path) == []


def test_on_bad_stop_refuses_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("id,label\n1,a\n1,b\n2\n3,c\n")
    with pytest.raises(
        DataimpError, match=r"Stopped at data\.csv, line 3: duplicate id, and 1 more row is bad"
    ) as caught:
        import_dataset(tmp_path / "data.csv", tmp_path / "p.dataimp", ImportOptions(stop_on_bad=True))
    assert caught.value.hint
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    "phase", ["Looking at", "Reading", "Checking rows", "Writing examples", "Matching", "Writing pre"]
)
def test_cancelling_leaves_nothing(tmp_path: Path, phase: str) -> None:
    (tmp_path / "data.csv").write_text("id,label\n" + "".join(f"{n},a\n" for n in range(2000)))
    (tmp_path / "run.csv").write_text("id,predicted\n" + "".join(f"{n},a\n" for n in range(2000)))

    def report(now: Report) -> None:
        if now.phase.startswith(phase):
            progress.cancel()

    progress = Progress(report)
    with pytest.raises(Cancelled):
        import_dataset(
            tmp_path / "data.csv", tmp_path / "p.dataimp", ImportOptions(predictions=(tmp_path / "run.csv",)), progress
        )
    assert left(tmp_path) == []


def test_what_stands_at_the_target_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("id,n\n1,2\n")
    (tmp_path / "there.dataimp").mkdir()
    (tmp_path / "there.dataimp" / "mine.txt").write_text("mine")
    with pytest.raises(ProjectError, match="exists already"):
        import_dataset(tmp_path / "data.csv", tmp_path / "there.dataimp")
    with pytest.raises(ProjectError, match="no folder"):
        import_dataset(tmp_path / "data.csv", tmp_path / "not" / "there.dataimp")
    assert left(tmp_path) == ["there.dataimp"]
    assert (tmp_path / "there.dataimp" / "mine.txt").read_text() == "mine"


def test_a_target_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("id,n\n1,2\n")
    target = tmp_path / "p.dataimp"

    def report(now: Report) -> None:
        if now.phase == "Writing examples" and not target.exists():
            target.mkdir()
            (target / "mine.txt").write_text("mine")

    with pytest.raises(ProjectError, match="exists already"):
        import_dataset(tmp_path / "data.csv", target, progress=Progress(report))
    assert left(tmp_path) == ["p.dataimp"]
    assert [path.name for path in target.iterdir()] == ["mine.txt"]


def test_the_source_is_not_changed_and_the_project_holds_only_what_it_needs(tmp_path: Path) -> None:
    source = tmp_path / "data.csv"
    source.write_bytes("id,label\n1,é\n".encode("cp1252"))
    before = source.read_bytes(), source.stat().st_mtime_ns
    import_dataset(source, tmp_path / "p.dataimp")
    assert (source.read_bytes(), source.stat().st_mtime_ns) == before
    assert sorted(path.name for path in (tmp_path / "p.dataimp").iterdir()) == ["project.sqlite", "tables"]
    assert (tmp_path / "p.dataimp").stat().st_mode & 0o777 == (tmp_path / "p.dataimp" / "tables").stat().st_mode & 0o777


def test_progress_names_its_phases(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("id,n\n1,2\n")
    phases: list[str] = []
    import_dataset(
        tmp_path / "data.csv", tmp_path / "p.dataimp", progress=Progress(lambda now: phases.append(now.phase))
    )
    assert list(dict.fromkeys(phases)) == [
        "Looking at data.csv",
        "Reading data.csv",
        "Checking rows",
        "Writing examples",
    ]


def test_a_source_may_be_an_address(tmp_path: Path) -> None:
    import fsspec

    with fsspec.open("memory://folder/data.csv", "w") as file:
        file.write("id,label\n001,cat\n")
    summary = import_dataset("memory://folder/data.csv", tmp_path / "p.dataimp")
    assert summary.examples == 1
    with Project.open(tmp_path / "p.dataimp") as project:
        assert project.sources[0].location == "memory://folder/data.csv"
        assert project.ids(project.rows()) == ["001"]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("memory://nothing/here.csv", "nothing at"),
        ("nosuch://a/b.csv", "nosuch:// cannot be read"),
        ("zip://a.csv::memory://b.zip", "chain"),
        ("memory://", "names no file"),
    ],
)
def test_an_address_that_cannot_be_read_is_a_clear_error(tmp_path: Path, address: str, message: str) -> None:
    with pytest.raises(DataimpError, match=message):
        import_dataset(address, tmp_path / "p.dataimp")
    assert left(tmp_path) == []


def test_a_source_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no file or folder"):
        import_dataset(tmp_path / "none.csv", tmp_path / "p.dataimp")


def test_the_summary_is_plain_json(imported: Import) -> None:
    summary, _ = imported("id,label\n1,a\n1,a\n")
    said = json.loads(json.dumps(summary.to_json()))
    assert (said["examples"], said["quarantined"], said["by_reason"]) == (1, 1, {"duplicate id": 1})
