"""Versions judged, promoted, rolled back and restored from the command line."""

import json

import numpy as np
import pytest

import dataimp_gui
from dataimp_gui.cli import run
from dataimp_gui.core.project import Project

WORDS = {"ham": "lunch meeting tomorrow office report thanks", "spam": "winner cash prize free click offer"}


@pytest.fixture
def call(capsys):
    """Exit code, stdout and stderr of a command."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def folder(tmp_path):
    """Texts told apart by their words; v2 has half of the training examples of one class labelled as the other."""
    rng = np.random.default_rng(1)
    lines = ["id,text,label,split"]
    for number in range(300):
        label = "spam" if number % 2 else "ham"
        words = " ".join([*rng.choice(WORDS[label].split(), 5), f"n{number}"])
        lines.append(f"m{number:03},{words},{label},{'train' if number < 200 else 'test'}")
    (tmp_path / "texts.csv").write_text("\n".join(lines))
    made, _ = Project.create(tmp_path / "texts.dataimp", tmp_path / "texts.csv")
    with made:
        made.commit("as imported")
        made.relabel(made.rows("split = 'train' AND label = 'ham'")[:50], "spam")
        made.commit("spoiled")
    return tmp_path / "texts.dataimp"


def test_evaluate_prints_the_keys_of_the_contract_and_exits_1_when_a_gate_fails(call, folder):
    code, out, _ = call("evaluate", folder, "v2", "--json")
    answer = json.loads(out)
    assert code == 1
    assert {"version", "against", "overall", "slices", "gates", "passed"} <= set(answer)
    assert (answer["version"], answer["against"], answer["passed"]) == ("v2", "v1", False)
    assert answer["overall"]["ci"][1] < 0
    assert {"gate", "passed", "reason"} <= set(answer["gates"][0])
    assert [gate["gate"] for gate in answer["gates"] if not gate["passed"]] == ["Overall"]


def test_evaluate_prints_a_table_for_people(call, folder):
    code, out, _ = call("evaluate", folder, "--seeds", "1")
    assert code == 1
    assert "v2 fails: Overall." in out
    assert any(line.split()[:2] == ["Overall", "100"] for line in out.splitlines())


def test_gates_are_shown_and_set(call, folder):
    assert json.loads(call("gates", folder, "--json")[1])["overall"] == 0
    code, out, _ = call("gates", folder, "--off", "overall", "--slice", "dark", "0.03", "--balance", "10", "--json")
    assert code == 0
    assert json.loads(out) | {} == json.loads(call("gates", folder, "--json")[1])
    assert (json.loads(out)["overall"], json.loads(out)["least"], json.loads(out)["balance"]) == (
        None,
        {"dark": 0.03},
        10,
    )
    assert call("evaluate", folder, "v2", "--seeds", "1")[0] == 0
    code, _, err = call("gates", folder, "--off", "beauty")
    assert (code, 'no gate "beauty"' in err) == (2, True)


def test_promote_asks_for_a_reason_and_rollback_goes_back(call, folder):
    assert json.loads(call("promote", folder, "v1", "--json")[1])["production"] == "v1"
    code, _, err = call("promote", folder, "v2")
    assert code == 2
    assert "never evaluated" in err
    assert "Traceback" not in err
    code, out, _ = call("promote", folder, "v2", "--why", "trial")
    assert (code, out.strip()) == (0, "v2 is in production, although it was not evaluated.")
    assert json.loads(call("rollback", folder, "--json")[1])["production"] == "v1"
    assert call("rollback", folder)[0] == 2


def test_restore_is_undone_by_undo(call, folder):
    code, out, _ = call("restore", folder, "v1", "--json")
    assert (code, json.loads(out)["base"]) == (0, "v1")
    with dataimp_gui.open(folder) as project:
        assert project.diff("v1").is_empty
    assert call("undo", folder)[0] == 0
    with dataimp_gui.open(folder) as project:
        assert project.diff("v2").is_empty
    assert call("restore", folder, "v9")[0] == 2


def test_gc_tells_before_it_removes(call, folder):
    (folder / "tables" / "left.parquet").write_bytes(b"123")
    code, out, _ = call("gc", folder, "--json")
    assert (code, json.loads(out)["bytes"], json.loads(out)["removed"]) == (0, 3, False)
    assert (folder / "tables" / "left.parquet").exists()
    assert "1 tables, 3 bytes" in call("gc", folder, "--remove")[1]
    assert not (folder / "tables" / "left.parquet").exists()
    assert call("gc", folder)[1].strip() == "Everything is needed."


def test_log_tells_the_tree_the_verdicts_and_what_is_in_production(call, folder):
    call("evaluate", folder, "v2", "--seeds", "1")
    call("promote", folder, "v1")
    call("restore", folder, "v1")
    answer = json.loads(call("log", folder, "--json")[1])
    assert (answer["production"], answer["base"]) == ("v1", "v1")
    assert [(one["name"], one["parent"], one["passed"]) for one in answer["versions"]] == [
        ("v2", "v1", False),
        ("v1", "", None),
    ]
    lines = call("log", folder)[1].splitlines()
    assert lines[1].split()[:2] == ["v2", "v1"]
    assert "fail" in lines[1]
    assert "production" in lines[2]
