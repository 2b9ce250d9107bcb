import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats import label_studio
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.model import Modality, Rejected, Role
from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.errors import Cancelled, FormatError
from dataimp_gui.progress import Progress, Report

PNG = cv2.imencode(".png", np.full((4, 4, 3), 90, np.uint8))[1].tobytes()
OLD, NEW = "2024-01-01T10:00:00.000000Z", "2024-03-01T10:00:00.000000Z"


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine(threads=1)
    yield engine
    engine.close()


def choice(*names: str, control: str = "label", kind: str = "choices", **more: object) -> dict[str, object]:
    result = {"type": kind, "from_name": control, "to_name": "image", "value": {kind: list(names)}}
    return {"id": 1, "result": [result], "was_cancelled": False, "created_at": OLD, "updated_at": OLD, **more}


def task(id: int, *annotations: object, **data: object) -> dict[str, object]:
    return {"id": id, "data": data, "annotations": list(annotations), "predictions": []}


def write(path: Path, tasks: object) -> Path:
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def found_in(path: Path, engine: Engine) -> Found:
    found = label_studio.inspect(path, engine)
    assert found is not None
    return found


def load(path: Path, engine: Engine, progress: Progress | None = None) -> list[Rejected]:
    found = found_in(path, engine)
    return label_studio.load(found, engine, Objects(path.parent / "objects"), progress or Progress())


def rows(engine: Engine, columns: str = "*") -> list[tuple[object, ...]]:
    return engine.rows(f"SELECT {columns} FROM incoming ORDER BY _place")


def test_the_one_choice_of_a_task_is_its_label(tmp_path: Path, engine: Engine) -> None:
    tasks = [
        task(7, choice("cat"), image="images/a.png", width=640),
        task(9, choice("dog"), image="images/b.png", width=32),
    ]
    path = write(tmp_path / "export.json", tasks)
    assert load(path, engine) == []
    assert rows(engine) == [(1, "7", "images/a.png", 640, "cat"), (2, "9", "images/b.png", 32, "dog")]
    found = found_in(path, engine)
    assert (found.modality, found.rows, found.place) == (Modality.IMAGE, 2, "task")
    assert [(column.name, column.role) for column in found.columns] == [
        ("id", Role.ID),
        ("image", Role.MEDIA),
        ("width", Role.METADATA),
        ("label", Role.LABEL),
    ]


def test_the_newest_annotation_that_was_not_skipped_counts(tmp_path: Path, engine: Engine) -> None:
    tasks = [
        task(1, choice("old"), choice("new", updated_at=NEW), choice("older"), text="a"),
        task(2, choice("kept"), choice("skipped", updated_at=NEW, was_cancelled=True), text="b"),
        task(3, choice("skipped", was_cancelled=True), text="c"),
        task(4, text="d"),
        task(5, choice(), text="e"),
    ]
    assert load(write(tmp_path / "export.json", tasks), engine) == []
    assert rows(engine, "id, label") == [("1", "new"), ("2", "kept"), ("3", None), ("4", None), ("5", None)]


def test_an_annotation_that_is_not_one_choice_is_kept_aside_with_the_reason(tmp_path: Path, engine: Engine) -> None:
    box = {"type": "rectanglelabels", "from_name": "box", "value": {"x": 1, "rectanglelabels": ["cat"]}}
    tasks = [
        task(1, choice("cat"), text="a"),
        task(2, choice("cat", "dog"), text="b"),
        task(3, {"result": [box]}, text="c"),
        {"data": {"text": "d"}, "id": 4, "annotations": "none"},
        ["no task"],
        task(6, {"result": [box, *choice("dog")["result"]]}, text="f"),  # type: ignore[misc]
    ]
    path = write(tmp_path / "export.json", tasks)
    refused = {row.place: (row.id, row.reason) for row in load(path, engine)}
    assert rows(engine, "id, label") == [("1", "cat"), ("6", "dog")]
    assert refused["task 2"] == ("2", "the annotation has 2 choices (cat, dog), not one")
    assert refused["task 3"] == ("3", "it is annotated with rectanglelabels, not with one choice")
    assert refused["task 4"][1].startswith("this is no task: ")
    assert refused["task 5"][1].startswith("this is no task: ")


def test_completions_of_old_exports_are_annotations(tmp_path: Path, engine: Engine) -> None:
    old = {"id": 1, "data": {"text": "a"}, "completions": [choice("ham", created_at=1700000000)]}
    assert load(write(tmp_path / "export.json", [old]), engine) == []
    assert rows(engine, "label") == [("ham",)]


def test_other_controls_become_columns(tmp_path: Path, engine: Engine) -> None:
    both = choice("cat")
    both["result"] += [  # type: ignore[operator]
        {"type": "choices", "from_name": "quality", "value": {"choices": ["blurred"]}},
        {"type": "rating", "from_name": "stars", "value": {"rating": 4}},
        {"type": "textarea", "from_name": "remark", "value": {"text": ["two", "lines"]}},
    ]
    load(write(tmp_path / "export.json", [task(1, both, text="a"), task(2, choice("dog"), text="b")]), engine)
    assert rows(engine, "label, quality, stars, remark") == [
        ("cat", "blurred", "4", "two, lines"),
        ("dog", None, None, None),
    ]


def test_the_short_form_is_read_too(tmp_path: Path, engine: Engine) -> None:
    more = {"annotator": 1, "annotation_id": 5, "created_at": OLD, "updated_at": OLD, "lead_time": 3.2}
    tasks = [
        {"text": "Good film", "id": 11, "sentiment": "Positive", **more},
        {"text": "Both", "id": 12, "sentiment": {"choices": ["Positive", "Negative"]}, **more},
        {"text": "Boxes", "id": 13, "box": [{"x": 1}], **more},
        {"text": "Bad film", "id": 14, "sentiment": "Negative", **more},
    ]
    refused = load(write(tmp_path / "min.json", tasks), engine)
    assert rows(engine) == [(1, "11", "Good film", "Positive"), (4, "14", "Bad film", "Negative")]
    assert [row.place for row in refused] == ["task 2", "task 3"]


@pytest.mark.parametrize(
    ("value", "file", "expected"),
    [
        ("/data/upload/3/ab12-cat%201.png", "upload/3/ab12-cat%201.png", "upload/3/ab12-cat%201.png"),
        ("/data/upload/3/ab12-cat.png", "ab12-cat.png", "ab12-cat.png"),
        ("/data/upload/3/ab12-cat.png", "images/ab12-cat.png", "ab12-cat.png"),
        ("/data/upload/ab12-cat.png", "elsewhere", "upload/ab12-cat.png"),
        ("/data/local-files/?d=pets/cat%201.png", "pets/cat 1.png", "pets/cat 1.png"),
        ("pets/cat.png", "pets/cat.png", "pets/cat.png"),
        ("https://example.org/cat.png", "elsewhere", "https://example.org/cat.png"),
    ],
)
def test_media_are_found_beside_the_export(
    tmp_path: Path, engine: Engine, value: str, file: str, expected: str
) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_bytes(PNG)
    path = write(tmp_path / "export.json", [task(1, choice("cat"), image=value)])
    load(path, engine)
    assert rows(engine, "image") == [(expected,)]
    found = found_in(path, engine)
    media = found.column(Role.MEDIA)
    assert media is not None
    assert media.name == "image"
    if file != "elsewhere":
        assert found.media_root is not None
        assert (found.media_root / expected).is_file()


def test_values_stay_as_they_are_written(tmp_path: Path, engine: Engine) -> None:
    raw = '[{"id": "007", "data": {"Text": "a\\u0000b", "code": "001", "n": 1.50,'
    raw += ' "text": "x", "id": 5, "list": [1, {"a": 2}], "none": null}, "annotations": []}]'
    (tmp_path / "export.json").write_text(raw, encoding="utf-8")
    load(tmp_path / "export.json", engine)
    assert rows(engine, "id, Text, code, text_2, id_2, list") == [
        ("007", "a\0b", "001", "x", 5, '[1, {"a": 2}]'),
    ]


def test_a_byte_order_mark_and_wide_encodings_are_read(tmp_path: Path, engine: Engine) -> None:
    for number, written in enumerate(("utf-8-sig", "utf-16", "utf-16-le")):
        path = tmp_path / f"{number}.json"
        path.write_bytes(json.dumps([task(1, choice("naïve"), text="é")], ensure_ascii=False).encode(written))
        load(path, engine)
        assert rows(engine, "label") == [("naïve",)]


def test_other_json_is_not_mine(tmp_path: Path, engine: Engine) -> None:
    for number, other in enumerate(([], {}, [1, 2], [{"id": 1, "label": "cat"}], {"data": {}}, "text", [[]])):
        assert label_studio.inspect(write(tmp_path / f"{number}.json", other), engine) is None
    (tmp_path / "empty.json").write_bytes(b"")
    assert label_studio.inspect(tmp_path / "empty.json", engine) is None
    assert label_studio.inspect(tmp_path, engine) is None


@pytest.mark.parametrize(
    "broken",
    [
        b"[" * 100_000,
        b'[{"":' * 50_000,
        b'[{"id": 1, "data": {"text": "a"}}',
        b'[{"id": 1, "data": {"text": "a"}},]',
        b'[{"id": 1, "data": {"text": NaN}}]',
        b"[1] trailing",
    ],
)
def test_broken_json_is_a_sentence_and_never_a_crash(tmp_path: Path, engine: Engine, broken: bytes) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(broken)
    with pytest.raises(FormatError, match=r"broken\.json is no valid JSON"):
        label_studio.inspect(path, engine)


def test_a_task_whose_bytes_are_no_text_costs_only_itself(tmp_path: Path, engine: Engine) -> None:
    good = json.dumps(task(1, choice("cat"), text="a"))
    half = '{"id": 3, "data": {"text": "\\ud800\\u0041"}}'
    bytes_ = b'{"id": 4, "data": {"text": "\xff"}}'
    path = tmp_path / "export.json"
    path.write_bytes(b"[" + ",\n".join([good, half]).encode() + b"]")
    with pytest.raises(FormatError):  # not valid JSON in the strict sense, and the parser says where
        found_in(path, engine)
    path.write_bytes(b"[" + good.encode() + b" " * 70_000 + b"," + bytes_ + b"]")
    reasons = {row.place: row.reason for row in load(path, engine)}
    assert list(reasons) == ["task 2"]
    assert rows(engine, "id") == [("1",)]


def test_loading_can_be_cancelled(tmp_path: Path, engine: Engine) -> None:
    path = write(tmp_path / "export.json", [task(number, choice("cat"), text="a") for number in range(50)])

    def stop(report: Report) -> None:
        progress.cancel()

    progress = Progress(stop)
    with pytest.raises(Cancelled):
        load(path, engine, progress)
