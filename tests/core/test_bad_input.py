"""Data that a person did not mean to give: through the command line, what comes in is right and the rest is told."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataimp_gui.cli import run


@pytest.fixture
def call(capfd):
    """Run a command with --json; (exit code, the answer, stderr), after a look at the form of both streams."""

    def call(*arguments):
        code = run([*map(str, arguments), "--json"])
        out, err = capfd.readouterr()
        if code == 2:
            assert out == ""
            assert err.startswith("dataimp: error: ")
            assert err.count("\n") == 1
            assert "made a mistake" not in err
            return code, None, err
        assert err == ""
        return code, json.loads(out), err

    return call


@pytest.fixture
def imported(call, tmp_path):
    """Import a file that holds ``data``; (answer, {id: [values of the columns]}, quarantined rows, project)."""
    made = iter(range(1000))

    def imported(name, data, *options, columns=("label",)):
        source = tmp_path / name
        source.write_bytes(data if isinstance(data, bytes) else data.encode())
        project = tmp_path / f"{next(made)}.dataimp"
        code, answer, err = call("import", source, project, *options)
        assert code == 0, err
        table = pq.read_table(project / "tables" / "examples-0001.parquet", columns=["id", *columns]).to_pydict()
        found = dict(zip(table.pop("id"), map(list, zip(*table.values(), strict=True)), strict=True))
        left_out = call("quarantine", project)[1]["rows"]
        assert (len(found), len(left_out)) == (answer["examples"], answer["quarantined"])
        return answer, found, left_out, project

    return imported


@pytest.mark.parametrize(
    ("ends", "inside"), [("\r\n", "\n"), ("\n", "\r\n"), ("\n", "\r"), ("\r\n", "\r\n"), ("\n", "\n\n")]
)
def test_rows_below_a_header_with_line_breaks_are_not_lost(imported, ends, inside):
    data = ends.join(['id,label,"the' + inside + 'size"', "1,a,5", "2,b,6", ""])
    assert imported("breaks.csv", data)[1] == {"1": ["a"], "2": ["b"]}


def test_one_long_value_does_not_hide_the_label_column(imported):
    data = "id,label\n" + "".join(f"{number},{'ab'[number % 2]}\n" for number in range(9)) + f"9,{'x' * 300}\n"
    answer, found, _, _ = imported("long.csv", data)
    assert answer["roles"] == {"id": "id", "label": "label"}
    assert found["9"] == ["x" * 300]


def test_a_table_of_many_columns_comes_in_and_goes_out(imported, call, tmp_path):
    wide = 1500
    header = ",".join(["id", "label", *(f"c{number}" for number in range(wide))])
    rows = "".join(f"{row},a,{','.join([str(row)] * wide)}\n" for row in range(3))
    _, found, _, project = imported("wide.csv", f"{header}\n{rows}", columns=("c7", f"c{wide - 1}"))
    assert found["2"] == [2, 2]
    assert call("commit", project, "-m", "wide")[0] == 0
    assert call("export", project, "v1", tmp_path / "out", "--format", "jsonl")[0] == 0


@pytest.mark.parametrize("late", [0, 5000])
def test_long_codes_are_not_rounded_to_numbers(imported, late):
    codes = ["0.5"] * late + ["12345678901234567890", "9007199254740993", "1.5"]
    data = "id,label,code\n" + "".join(f"{row},a,{code}\n" for row, code in enumerate(codes))
    found = imported("codes.csv", data, columns=("code",))[1]
    assert [value for (value,) in found.values()] == codes


@pytest.mark.parametrize("name", ["wide.csv", "wide.jsonl"])
def test_a_hundred_thousand_columns_are_refused(call, tmp_path, name):
    names = [f"c{number}" for number in range(100_000)]
    source = tmp_path / name
    row = json.dumps(dict.fromkeys(names, 1)) if name.endswith("l") else ",".join("1" * 100_000)
    source.write_text(("" if name.endswith("l") else ",".join(names) + "\n") + row + "\n")
    code, _, err = call("import", source, tmp_path / "p.dataimp")
    assert (code, "4,000" in err) == (2, True)
    assert os.listdir(tmp_path) == [name]


def test_a_header_of_megabytes_is_refused(call, tmp_path):
    (tmp_path / "h.csv").write_text(f"id,label,{'h' * 2_000_000}\n1,a,b\n")
    assert "name of 2,000,000 characters" in call("import", tmp_path / "h.csv", tmp_path / "p.dataimp")[2]


def test_columns_called_like_those_of_the_program_keep_their_values(imported, call, tmp_path):
    names = ["place", "file", "file_name", "image", "metadata_hash", "label_code", "file_row_number", "_row", "rowid"]
    data = ",".join(["id", "label", *names]) + "\n" + "".join(f"{row},a{',v' * len(names)}{row}\n" for row in (1, 2))
    _, _, _, project = imported("names.csv", data)
    assert call("commit", project, "-m", "names")[0] == 0
    for format_ in ("csv", "parquet", "hugging-face", "label-studio"):
        assert call("export", project, "v1", tmp_path / format_, "--format", format_)[0] == 0
        again = tmp_path / f"{format_}.dataimp"
        code, answer, err = call("import", tmp_path / format_, again)
        assert (code, err, answer["examples"]) == (0, "", 2)
        assert call("query", again, "place = 'v' and file = 'v' and file_row_number = 'v'")[1]["count"] == 2


@pytest.mark.parametrize("name", ["twice.jsonl", "twice.json"])
def test_an_object_that_says_a_key_twice_is_kept_aside(imported, name):
    rows = ['{"id": "1", "label": "a"}', '{"id": "2", "label": "a", "label": "b"}', '{"id": "3", "label": "b"}']
    data = "[" + ",\n".join(rows) + "]" if name.endswith("json") else "\n".join([*rows, "   ", ""])
    _, found, left_out, _ = imported(name, data)
    assert found == {"1": ["a"], "3": ["b"]}
    assert [row["reason"].split(" ", 2)[2] for row in left_out] == ["names a key twice"]


@pytest.mark.parametrize(
    "data", ['{"id":{"0":1,"1":2},"label":{"0":"a","1":"b"}}', '{"data":[{"id":1}]}', '{\n"id": 1\n}']
)
def test_a_lone_json_object_is_not_taken_for_an_example(call, tmp_path, data):
    (tmp_path / "one.json").write_text(data)
    assert "one JSON object, not a list" in call("import", tmp_path / "one.json", tmp_path / "p.dataimp")[2]


def test_media_values_that_look_like_objects_of_the_project_are_just_bad_paths(imported):
    data = (
        "id,path\n1,sha256:../../../etc/passwd\n2,sha256:" + "0" * 64 + "\n3,good.txt\n4,/etc/passwd\n5,file:///x.txt\n"
    )
    with pytest.raises(AssertionError, match="None of the 5 rows"):
        imported("paths.csv", data, "--media", "path", "--modality", "text")


def test_a_file_named_like_an_object_does_not_stop_a_folder(call, tmp_path):
    for name in ("a/one.txt", "a/two.txt", "sha256:x/three.txt"):
        (tmp_path / "texts" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "texts" / name).write_text(f"text of {name}")
    assert call("import", tmp_path / "texts", tmp_path / "p.dataimp")[1]["examples"] == 3


def test_a_parquet_table_with_a_column_of_row_numbers_keeps_its_rows_apart(call, tmp_path):
    table = pa.table({"id": ["b", "a", "a"], "file_row_number": [9, 8, 7], "label": ["x", "y", "z"]})
    pq.write_table(table, tmp_path / "t.parquet")
    assert call("import", tmp_path / "t.parquet", tmp_path / "p.dataimp")[1]["examples"] == 2
    (row,) = call("quarantine", tmp_path / "p.dataimp")[1]["rows"]
    assert (row["place"], row["id"], row["reason"]) == ("row 3", "a", "duplicate id")


def npz(**arrays):
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


@pytest.fixture
def add_run(call, shirts, tmp_path):
    def add_run(name, data):
        (tmp_path / name).write_bytes(data)
        return call("add-run", shirts, tmp_path / name)

    return add_run


def test_the_class_names_in_an_npz_are_honoured(add_run, call, shirts):
    shares = np.tile([0.2, 0.3, 0.5], (60, 1))
    assert add_run("r.npz", npz(probs=shares, classes=np.array(["Shirt", "Coat", "Bag"])))[1]["covered"] == 60
    assert call("query", shirts, "predicted = 'Bag' and p_Shirt < 0.25")[1]["count"] == 60
    assert "each class once" in add_run("s.npz", npz(probs=shares, classes=np.array(["Bag", "Bag", "Coat"])))[2]


def test_an_npz_that_unpacks_to_far_too_many_rows_is_refused_before_it_is_looked_at(add_run):
    started = time.monotonic()
    assert "3,000,000 rows" in add_run("bomb.npz", npz(probs=np.zeros((3_000_000, 3), np.float32)))[2]
    assert time.monotonic() - started < 5
    zeros = io.BytesIO()
    with zipfile.ZipFile(zeros, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../probs.npy", b"\0" * 50_000_000)
    assert "cannot be read" in add_run("zeros.npz", zeros.getvalue())[2]


@pytest.mark.parametrize(
    ("row", "says"),
    [("2.5,-1.2,0.3", "apply softmax"), ("20,30,50", "divide by 100"), ("0.9,0.8,0.7", "normalised")],
)
def test_a_run_of_which_no_row_is_good_says_why(add_run, row, says):
    data = "id,Bag,Coat,Shirt\n" + "".join(f"{number:03d},{row}\n" for number in range(60))
    assert says in add_run("r.csv", data.encode())[2]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["info", ""], "it is empty"),
        (["import", "", "p.dataimp"], "it is empty"),
        (["import", "d.csv", ""], "it is empty"),
        (["relabel", "SHIRTS", "--where", " ", "--to", "Bag"], "The clause is empty"),
        (["exclude", "SHIRTS", "--where", ""], "The clause is empty"),
        (["relabel", "SHIRTS", "--where", "true", "--to", "a\0b", "--new-class"], "character"),
        (["import", "d.csv", "p.dataimp", "--id", "id", "--label", "id"], "given as id and as label"),
        (["import", "d.csv", "p.dataimp", "--classes", "fifo"], "no file fifo with the classes"),
        (["import", "d.csv", "p.dataimp", "--predictions", "fifo"], "There is no file"),
        (["import", "fifo", "p.dataimp"], "fifo"),
    ],
)
def test_what_a_script_gets_wrong_changes_nothing(call, shirts, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.csv").write_text("id,label\n1,a\n")
    os.mkfifo(tmp_path / "fifo")
    before = sorted(os.listdir(tmp_path))
    assert says in call(*(shirts if argument == "SHIRTS" else argument for argument in arguments))[2]
    assert sorted(os.listdir(tmp_path)) == before
    assert call("history", shirts)[1] == {"edits": []}


def test_a_hundred_thousand_bad_lines_are_told_in_seconds(imported, call):
    started = time.monotonic()
    data = "id,label,x\n1,a,1\n" + "b,2\n" * 100_000 + "3,c,1\n"
    _, found, left_out, _ = imported("bad.csv", data)
    assert (sorted(found), left_out[-1]["place"]) == (["1", "3"], "line 100002")
    assert time.monotonic() - started < 20


BIG = 400_000


def start(*arguments, **options):
    command = [sys.executable, "-m", "dataimp_gui", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


@pytest.fixture
def big(tmp_path):
    source = tmp_path / "big.csv"
    source.write_text("id,label,x\n" + "".join(f"{number},a,{number / 7}\n" for number in range(BIG)))
    (tmp_path / "out").mkdir()
    return source


def stop_within(process, folder, number):
    while not list(folder.iterdir()):
        assert process.poll() is None
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    return process.returncode, err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_import_that_is_told_to_stop_leaves_nothing(big, tmp_path, number):
    code, err = stop_within(start("import", big, tmp_path / "out" / "p.dataimp"), tmp_path / "out", number)
    assert (code, err.strip()) == (130, "dataimp: interrupted; what was finished before is kept")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_a_killed_import_leaves_is_cleared_by_the_next_one(big, tmp_path, call):
    target = tmp_path / "out" / "p.dataimp"
    stop_within(start("import", big, target), target.parent, signal.SIGKILL)
    (left,) = target.parent.iterdir()
    small = tmp_path / "small.csv"
    small.write_text("id,label\n1,a\n")
    os.utime(left, (1, 1))
    assert call("import", small, target)[1]["examples"] == 1
    assert os.listdir(target.parent) == ["p.dataimp"]


def test_a_disk_that_is_full_is_said_so_and_nothing_is_left(big, tmp_path):
    import resource

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    process = start("import", big, tmp_path / "out" / "p.dataimp", preexec_fn=limit)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "examples-0001.parquet could not be written: File too large" in err
    assert list((tmp_path / "out").iterdir()) == []
