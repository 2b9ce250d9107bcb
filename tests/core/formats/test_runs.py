import json
import os
import pickle
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.feather
import pytest

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats.runs import RunFound, read_run
from dataimp_gui.errors import Cancelled, FormatError
from dataimp_gui.progress import Progress

CLASSES = ("cat", "dog", "hen")


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine(threads=1)
    yield engine
    engine.close()


def read(path: Path, engine: Engine, classes: Sequence[str] = CLASSES) -> RunFound:
    return read_run(path, engine, classes, Progress())


def text(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def rows(engine: Engine, columns: str = "* EXCLUDE _place") -> list[tuple[object, ...]]:
    found = engine.rows(f"SELECT {columns} FROM incoming_run ORDER BY _place")
    return [tuple(round(value, 4) if isinstance(value, float) else value for value in row) for row in found]


def reasons(found: RunFound) -> dict[str, str]:
    return {row.id or row.place: row.reason for row in found.rejected}


def test_a_column_per_class_gives_the_likeliest_class_and_its_probability(tmp_path: Path, engine: Engine) -> None:
    path = text(tmp_path / "run.csv", "id,cat,dog,hen\na,0.7,0.2,0.1\n001,0.1,0.1,0.8\nNA,0.5,0.5,0\n")
    found = read(path, engine)
    assert (found.classes, found.has_ids, found.rows, found.rejected) == (CLASSES, True, 3, [])
    assert rows(engine) == [
        ("a", "cat", 0.7, 0.7, 0.2, 0.1),
        ("001", "hen", 0.8, 0.1, 0.1, 0.8),
        ("NA", "cat", 0.5, 0.5, 0.5, 0.0),
    ]


@pytest.mark.parametrize("prefix", ["p_", "prob_", "P_", "probability_", "proba."])
def test_class_columns_may_have_a_prefix_and_any_order(tmp_path: Path, engine: Engine, prefix: str) -> None:
    header = f"id,{prefix}hen,{prefix}cat,entropy,{prefix}dog"
    found = read(text(tmp_path / "run.csv", f"{header}\na,0.7,0.2,0.4,0.1\n"), engine)
    assert found.classes == CLASSES
    assert rows(engine) == [("a", "hen", 0.7, 0.2, 0.1, 0.7)]


@pytest.mark.parametrize("header", ["0,1,2", "p_0,p_1,p_2", "class_0,class_1,class_2", "prob_0,prob_1,prob_2"])
def test_numbered_columns_stand_for_the_classes_in_order(tmp_path: Path, engine: Engine, header: str) -> None:
    found = read(text(tmp_path / "run.csv", f"id,{header}\na,0.1,0.2,0.7\n"), engine)
    assert found.classes == CLASSES
    assert "order" in found.notes[0]
    assert rows(engine, "predicted, p2") == [("hen", 0.7)]


def test_numbers_that_are_class_names_are_class_names(tmp_path: Path, engine: Engine) -> None:
    found = read(text(tmp_path / "run.csv", "id,0,1,2\na,0.1,0.2,0.7\n"), engine, ("2", "1", "0"))
    assert found.classes == ("2", "1", "0")
    assert rows(engine, "predicted, p0") == [("2", 0.7)]


def test_as_many_numbered_columns_as_classes_are_needed(tmp_path: Path, engine: Engine) -> None:
    path = text(tmp_path / "run.csv", "id,0,1\na,0.5,0.5\n")
    with pytest.raises(FormatError, match="2 numbered probabilities, but the dataset has 3 classes"):
        read(path, engine)


def test_a_class_that_only_the_run_knows_keeps_its_probability(tmp_path: Path, engine: Engine) -> None:
    found = read(text(tmp_path / "run.csv", "id,p_cat,p_dog,p_hen,p_owl\na,0.1,0.1,0.1,0.7\n"), engine)
    assert found.classes == (*CLASSES, "owl")
    assert "owl" in found.notes[0]
    assert rows(engine, "predicted, confidence") == [("owl", 0.7)]


def test_probabilities_of_foreign_classes_are_refused_with_both_lists(tmp_path: Path, engine: Engine) -> None:
    path = text(tmp_path / "run.csv", "id,p_ham,p_spam\na,0.1,0.9\n")
    with pytest.raises(FormatError, match="ham, spam") as error:
        read(path, engine)
    assert "cat, dog, hen" in error.value.hint


def test_of_two_classes_one_probability_says_both(tmp_path: Path, engine: Engine) -> None:
    found = read(text(tmp_path / "run.csv", "id,p_spam\na,0.9\nb,0.2\nc,1.2\n"), engine, ("ham", "spam"))
    assert found.classes == ("ham", "spam")
    assert rows(engine) == [("a", "spam", 0.9, 0.1, 0.9), ("b", "ham", 0.8, 0.8, 0.2)]
    assert list(reasons(found)) == ["c"]


def test_an_unlabelled_dataset_takes_the_classes_of_the_run(tmp_path: Path, engine: Engine) -> None:
    found = read(text(tmp_path / "run.csv", "id,p_ham,p_spam\na,0.1,0.9\n"), engine, ())
    assert found.classes == ("ham", "spam")
    assert rows(engine, "predicted") == [("spam",)]


def test_a_given_label_counts_even_when_another_class_is_likelier(tmp_path: Path, engine: Engine) -> None:
    path = text(tmp_path / "run.csv", "id,predicted,cat,dog,hen\na,dog,0.7,0.2,0.1\nb,,0.7,0.2,0.1\n")
    assert read(path, engine).rejected == []
    assert rows(engine, "id, predicted, confidence") == [("a", "dog", 0.2), ("b", "cat", 0.7)]


def test_a_predicted_label_alone_is_a_run(tmp_path: Path, engine: Engine) -> None:
    path = text(tmp_path / "run.csv", "id,prediction,score\na,cat,0.9\nb,dog,\nc,owl,0.5\nd,,0.5\ne,cat,7\nf,hen,x\n")
    found = read(path, engine)
    assert (found.classes, found.rows) == ((), 2)
    assert rows(engine) == [("a", "cat", 0.9), ("b", "dog", None)]
    assert reasons(found) == {
        "c": 'predicted label "owl" is not one of the classes',
        "d": "no prediction",
        "e": "the confidence is 7, not a number between 0 and 1",
        "f": "the confidence is x, not a number between 0 and 1",
    }


def test_predicted_numbers_count_the_classes_when_no_class_is_called_so(tmp_path: Path, engine: Engine) -> None:
    path = text(tmp_path / "run.csv", "id,predicted\na,0\nb,2\n")
    assert "count the classes" in read(path, engine).notes[0]
    assert rows(engine, "predicted") == [("cat",), ("hen",)]
    assert len(read(path, engine, ("0", "1", "cat")).rejected) == 1


def test_an_id_and_a_label_make_a_run_too(tmp_path: Path, engine: Engine) -> None:
    read(text(tmp_path / "run.csv", "id,label\na,cat\n"), engine)
    assert rows(engine) == [("a", "cat", None)]


def test_what_is_no_probability_is_refused_with_its_place_and_what_to_do(tmp_path: Path, engine: Engine) -> None:
    lines = {
        "good": "0.7,0.2,0.1",
        "logits": "-0.3,2.5,1",
        "percent": "90,5,2",
        "large": "97,0.5,0.5",
        "huge": "300,1,2",
        "nan": "NaN,0.5,0.5",
        "endless": "inf,0,0",
        "short": "0.5,0.2,0.2",
        "nearly": "0.5,0.25,0.2495",
        "far": "0.5,0.25,0.2485",
        "word": "0.5,half,0",
        "gap": "0.5,,0.5",
        "none": ",,",
    }
    content = "id,cat,dog,hen\n" + "".join(f"{id},{values}\n" for id, values in lines.items())
    found = read(text(tmp_path / "run.csv", content + ",0.7,0.2,0.1\n"), engine)
    assert [row[0] for row in rows(engine, "id")] == ["good", "nearly"]
    refused = reasons(found)
    assert refused.pop("line 15") == "no id"
    assert refused == {
        "logits": 'the probability of "cat" is -0.3, not between 0 and 1',
        "percent": "probabilities sum to 97.0, not 1",
        "large": "probabilities sum to 98.0, not 1",
        "huge": 'the probability of "cat" is 300, not between 0 and 1',
        "nan": 'the probability of "cat" is NaN',
        "endless": 'the probability of "cat" is inf',
        "short": "probabilities sum to 0.9, not 1",
        "far": "probabilities sum to 0.9985, not 1",
        "word": 'the probability of "dog" is half, which is no number',
        "gap": 'no probability for "dog"',
        "none": "no probabilities",
    }
    hints = {row.id: row.hint for row in found.rejected}
    assert "softmax" in hints["logits"]
    assert "divide by 100" in hints["percent"]
    assert {row.place for row in found.rejected if row.id == "logits"} == {"line 3"}
    assert {row.source for row in found.rejected} == {str(tmp_path / "run.csv")}


def test_a_parquet_file_may_hold_numbers_lists_or_a_struct(tmp_path: Path, engine: Engine) -> None:
    cases = {
        "numbers": "7 AS id, 0.2::DOUBLE AS cat, 0.7::FLOAT AS dog, 0.1::DECIMAL(3,2) AS hen",
        "list": "7 AS id, [0.2, 0.7, 0.1]::FLOAT[] AS probabilities",
        "array": "7 AS id, [0.2, 0.7, 0.1]::DOUBLE[3] AS softmax",
        "struct": "7 AS id, {'hen': 0.1, 'cat': 0.2, 'dog': 0.7} AS probabilities",
    }
    for name, sql in cases.items():
        path = tmp_path / f"{name}.parquet"
        engine.run(f"COPY (SELECT {sql}) TO '{path}' (FORMAT parquet)")
        found = read(path, engine)
        assert (name, found.classes, found.rejected) == (name, CLASSES, [])
        assert rows(engine) == [("7", "dog", 0.7, 0.2, 0.7, 0.1)]


def test_lists_of_the_wrong_length_are_refused(tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "run.parquet"
    values = "('a', [0.5, 0.5]), ('b', [1.0, 0, 0, 0]), ('c', NULL), ('d', [0.1, 0.2, 0.7]), ('e', [0.5, NULL, 0.5])"
    engine.run(f"COPY (SELECT * FROM (VALUES {values}) t(id, probs)) TO '{path}' (FORMAT parquet)")
    assert reasons(read(path, engine)) == {
        "a": "2 probabilities for 3 classes",
        "b": "4 probabilities for 3 classes",
        "c": "no probabilities",
        "e": 'no probability for "dog"',
    }
    assert rows(engine, "id, predicted") == [("d", "hen")]


@pytest.mark.parametrize("written", ['"[0.2, 0.7, 0.1]"', "[0.2 0.7 0.1]", '"[0.2\n 0.7\n 0.1]"', '"(0.2, 0.7, 0.1)"'])
def test_a_csv_cell_may_hold_a_list_as_python_prints_it(tmp_path: Path, engine: Engine, written: str) -> None:
    read(text(tmp_path / "run.csv", f"id,probabilities\na,{written}\n"), engine)
    assert rows(engine) == [("a", "dog", 0.7, 0.2, 0.7, 0.1)]


def test_a_csv_with_semicolons_and_decimal_commas_is_understood(tmp_path: Path, engine: Engine) -> None:
    found = read(text(tmp_path / "run.csv", "id;cat;dog;hen\na;0,7;0,2;0,1\nb;1,0;0;0\nc;97;1;2\n"), engine)
    assert rows(engine, "id, predicted, confidence") == [("a", "cat", 0.7), ("b", "cat", 1.0)]
    assert reasons(found) == {"c": "probabilities sum to 100.0, not 1"}


def test_json_lines_may_hold_numbers_lists_or_an_object(tmp_path: Path, engine: Engine) -> None:
    lines: dict[str, list[dict[str, object]]] = {
        "numbers": [{"id": "001", "p_cat": 0.2, "p_dog": 0.7, "p_hen": 0.1}],
        "list": [{"id": "001", "probabilities": [0.2, 0.7, 0.1]}],
        "object": [{"id": "001", "probabilities": {"hen": 0.1, "cat": 0.2, "dog": 0.7}}],
    }
    for name, records in lines.items():
        path = text(tmp_path / f"{name}.jsonl", "".join(json.dumps(record) + "\n" for record in records))
        assert read(path, engine).rejected == []
        assert rows(engine) == [("001", "dog", 0.7, 0.2, 0.7, 0.1)]


def test_json_keys_may_be_anything_and_broken_lines_are_returned(tmp_path: Path, engine: Engine) -> None:
    classes = ('a "b"', "c.d", "e'f")
    good = {"id": "x", "probabilities": dict(zip(classes, (0.1, 0.2, 0.7), strict=True))}
    path = text(tmp_path / "run.jsonl", json.dumps(good) + '\n{"id": \n\n' + json.dumps({"id": "y"}) + "\n")
    found = read(path, engine, classes)
    assert found.classes == classes
    assert rows(engine, "_place, id, predicted, p2") == [(1, "x", "e'f", 0.7)]
    assert [row.place for row in found.rejected] == ["line 2", "line 4"]
    assert found.rejected[1].reason == "no probabilities"


def test_a_json_list_and_an_arrow_file_are_runs_too(tmp_path: Path, engine: Engine) -> None:
    records = [{"id": 7, "cat": 0.2, "dog": 0.7, "hen": 0.1}]
    arrow = pyarrow.table({"id": [7], "probabilities": [[0.2, 0.7, 0.1]]})
    pyarrow.feather.write_feather(arrow, str(tmp_path / "run.feather"))
    for path in (text(tmp_path / "run.json", json.dumps(records)), tmp_path / "run.feather"):
        assert read(path, engine).rejected == []
        assert rows(engine) == [("7", "dog", 0.7, 0.2, 0.7, 0.1)]


def test_a_file_name_is_no_pattern(tmp_path: Path, engine: Engine) -> None:
    for name in ("[ab]*?.parquet", "a.parquet"):
        engine.run(f"COPY (SELECT '{name}' AS id, 'cat' AS predicted) TO '{tmp_path}/{name}' (FORMAT parquet)")
    read(tmp_path / "[ab]*?.parquet", engine)
    assert rows(engine, "id") == [("[ab]*?.parquet",)]


def test_ids_are_exactly_as_written(tmp_path: Path, engine: Engine) -> None:
    ids = ["001", "1", "1.0", "null", "NA", "true", " x ", "a,b", "a\nb", "\u202eabc"]
    content = "id,predicted\n" + "".join(f'"{id}",cat\n' for id in ids)
    read(text(tmp_path / "run.csv", content), engine)
    assert [row[0] for row in rows(engine, "id")] == ids


def test_a_table_without_ids_or_predictions_is_refused(tmp_path: Path, engine: Engine) -> None:
    with pytest.raises(FormatError, match="no column of ids") as error:
        read(text(tmp_path / "a.csv", "cat,dog,hen\n0.1,0.2,0.7\n"), engine)
    assert "cat, dog, hen" in error.value.hint
    with pytest.raises(FormatError, match="has no predictions"):
        read(text(tmp_path / "b.csv", "id,width\na,3\n"), engine)


def test_class_names_may_be_anything(tmp_path: Path, engine: Engine) -> None:
    classes = ('it\'s "so"', "a.b", "a b; DROP TABLE x", "ünï", "p_p")
    header = ",".join('"' + f"p_{name}".replace('"', '""') + '"' for name in classes)
    found = read(text(tmp_path / "run.csv", f"id,{header}\na,0,0,1,0,0\nb,0,0,0,0,0\n"), engine, classes)
    assert found.classes == classes
    assert rows(engine, "predicted") == [(classes[2],)]
    assert reasons(found) == {"b": "probabilities sum to 0.0, not 1"}


def test_a_thousand_classes_are_read(tmp_path: Path, engine: Engine) -> None:
    classes = [f"n{number:08}" for number in range(1000)]
    shares = ["0"] * 1000
    shares[700] = "1"
    found = read(text(tmp_path / "run.csv", f"id,{','.join(classes)}\na,{','.join(shares)}\n"), engine, classes)
    assert (len(found.classes), rows(engine, "predicted")) == (1000, [("n00000700",)])


@pytest.mark.parametrize("kind", ["<f2", "<f4", "<f8", ">f4", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_numpy_rows_are_those_of_the_dataset(tmp_path: Path, engine: Engine, kind: str, order: str) -> None:
    array = np.array([[0.25, 0.5, 0.25], [np.nan, 0, 1], [0.5, 0.5, 0.5], [0, 0, 1]], dtype=kind, order=order)  # type: ignore[call-overload]
    np.save(tmp_path / "run.npy", array)
    found = read(tmp_path / "run.npy", engine)
    assert (found.classes, found.has_ids) == (CLASSES, False)
    assert rows(engine, "_place, id, predicted, p2") == [(1, None, "dog", 0.25), (4, None, "hen", 1.0)]
    assert reasons(found) == {
        "row 2": 'the probability of "cat" is nan',
        "row 3": "probabilities sum to 1.5, not 1",
    }


def test_numpy_class_numbers_and_names_are_predicted_labels(tmp_path: Path, engine: Engine) -> None:
    for name, array in {
        "codes": np.array([2, 0]),
        "floats": np.array([[2.0], [0.0]]),
        "names": np.array(["hen", "cat"]),
    }.items():
        np.savez(tmp_path / f"{name}.npz", predicted=array)
        read(tmp_path / f"{name}.npz", engine)
        assert rows(engine, "predicted") == [("hen",), ("cat",)]
    np.save(tmp_path / "codes.npy", np.array([2, 0, 7, -1], np.int8))
    found = read(tmp_path / "codes.npy", engine)
    assert [row.place for row in found.rejected] == ["row 1", "row 2", "row 3", "row 4"]


def test_an_npz_may_hold_probabilities_labels_and_ids(tmp_path: Path, engine: Engine) -> None:
    shares = np.array([[0.7, 0.2, 0.1], [0, 1, 0]], np.float32)
    np.savez_compressed(
        tmp_path / "run.npz", probs=shares, predicted=np.array(["dog", "dog"]), ids=np.array(["a", "b"])
    )
    assert read(tmp_path / "run.npz", engine).has_ids
    assert rows(engine, "id, predicted, confidence") == [("a", "dog", 0.2), ("b", "dog", 1.0)]
    np.savez(tmp_path / "one.npz", shares)
    assert not read(tmp_path / "one.npz", engine).has_ids
    assert rows(engine, "id, predicted") == [(None, "cat"), (None, "dog")]


def test_an_array_that_does_not_fit_the_classes_is_refused(tmp_path: Path, engine: Engine) -> None:
    for shape, words in (
        ((2, 4), "4 columns, but the dataset has 3 classes"),
        ((3, 8), "8 columns"),
        ((2, 2, 3), "shape"),
    ):
        np.save(tmp_path / "run.npy", np.zeros(shape))
        with pytest.raises(FormatError, match=words) as error:
            read(tmp_path / "run.npy", engine)
        assert ("transpose" in error.value.hint) == (shape == (3, 8))
    for array in (
        np.zeros(3, complex),
        np.zeros(3, "M8[s]"),
        np.zeros(3, [("a", "f4")]),
        np.float32(1),
        np.zeros((0, 3)),
    ):
        np.save(tmp_path / "run.npy", array)
        with pytest.raises(FormatError):
            read(tmp_path / "run.npy", engine)


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("/tmp/dataimp-was-run-by-a-pickle",)


def test_pickles_are_never_opened(tmp_path: Path, engine: Engine) -> None:
    np.save(tmp_path / "a.npy", np.array([Bomb()], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "b.npz", probs=np.array([Bomb()], dtype=object))
    (tmp_path / "c.npy").write_bytes(pickle.dumps(Bomb()))
    for name in ("a.npy", "b.npz", "c.npy"):
        with pytest.raises(FormatError, match="pickle") as error:
            read(tmp_path / name, engine)
        assert "float32" in error.value.hint
    assert not os.path.exists("/tmp/dataimp-was-run-by-a-pickle")


def test_numpy_files_that_lie_or_are_cut_short_are_refused(tmp_path: Path, engine: Engine) -> None:
    np.save(tmp_path / "good.npy", np.full((100, 3), 1 / 3))
    whole = (tmp_path / "good.npy").read_bytes()
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (%s, 3), }"

    def lying(shape: bytes) -> bytes:
        text = header % shape
        return b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text + b"\0" * 64

    cases = [b"", b"\x93NUM", whole[:6], whole[:40], whole[:-1], lying(b"9" * 30), lying(b"-1"), lying(b"[" * 5000)]
    cases += [b"\x93NUMPY\3\0" + whole[8:], b"\x93NUMPY\2\0\xff\xff\xff\xff{", b"no numpy at all", b"PK\3\4 no zip"]
    for number, data in enumerate(cases):
        path = tmp_path / f"{number}.npy"
        path.write_bytes(data)
        with pytest.raises(FormatError):
            read(path, engine)


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path, engine: Engine) -> None:
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 3), }"
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "probs.npy", b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header + b"\0" * 10_000_000
        )
    with pytest.raises(FormatError, match=r"unpacks to 11\.2 GiB"):
        read(tmp_path / "bomb.npz", engine)
    with zipfile.ZipFile(tmp_path / "many.npz", "w") as archive:
        for number in range(1100):
            archive.writestr(f"{number}.npy", b"")
    with pytest.raises(FormatError, match="1,100 arrays"):
        read(tmp_path / "many.npz", engine)


def test_broken_files_give_a_sentence(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing more PAR1")
    (tmp_path / "b.parquet").write_bytes(b"")
    (tmp_path / "c.csv").write_bytes(b"")
    (tmp_path / "d.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    (tmp_path / "e.jsonl").write_bytes(b'{"id": ')
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(FormatError, match=path.name):
            read(path, engine)
    with pytest.raises(FormatError, match="There is no file"):
        read(tmp_path / "missing.csv", engine)


def test_reading_can_be_cancelled(tmp_path: Path, engine: Engine) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        read_run(text(tmp_path / "run.csv", "id,predicted\na,cat\n"), engine, CLASSES, progress)


def test_a_second_run_takes_the_place_of_the_first(tmp_path: Path, engine: Engine) -> None:
    read(text(tmp_path / "a.csv", "id,predicted\na,cat\n"), engine)
    np.save(tmp_path / "b.npy", np.eye(3))
    read(tmp_path / "b.npy", engine)
    assert rows(engine, "predicted") == [("cat",), ("dog",), ("hen",)]
