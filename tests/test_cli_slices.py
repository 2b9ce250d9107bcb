"""Slices and costs from the command line."""

import csv
import json

import numpy as np
import pytest

import dataimp_gui
from dataimp_gui.cli import run
from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.core.project import Project

KEYS = [
    *("name", "where", "ids", "n", "errors", "error_rate", "ci", "lift", "share_of_errors", "headroom"),
    *("p_adjusted", "confirmed", "source", "reason"),
]


@pytest.fixture
def call(capsys):
    """Exit code, stdout and stderr of a command."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def ask(call):
    """The JSON that a command prints; it must succeed."""

    def ask(*arguments):
        code, out, err = call(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    return ask


@pytest.fixture(scope="session")
def doors_folder(tmp_path_factory):
    """A table of 2,000 whose run is wrong on 1 in 12, but on 7 in 10 of the red doors."""
    folder = tmp_path_factory.mktemp("doors")
    rng = np.random.default_rng(4)
    lines, said = [], []
    for number in range(2000):
        colour = ("red", "green", "blue", "white", "black")[rng.integers(5)]
        label = ("open", "shut")[rng.integers(2)]
        wrong = rng.random() < (0.7 if colour == "red" else 0.08)
        lines.append([f"{number:04d}", label, colour, round(rng.random(), 3)])
        said.append([f"{number:04d}", {"open": "shut", "shut": "open"}[label] if wrong else label])
    for name, heading, rows in (
        ("doors.csv", ["id", "label", "colour", "height"], lines),
        ("run.csv", ["id", "predicted"], said),
    ):
        with (folder / name).open("w", newline="") as file:
            csv.writer(file).writerows([heading, *rows])
    options = ImportOptions(predictions=(folder / "run.csv",))
    Project.create(folder / "doors.dataimp", folder / "doors.csv", options)[0].close()
    return folder / "doors.dataimp"


@pytest.fixture
def doors(doors_folder, tmp_path):
    import shutil

    shutil.copytree(doors_folder, tmp_path / "doors.dataimp")
    return tmp_path / "doors.dataimp"


def test_a_search_prints_what_the_contract_says_and_finds_the_weak_spot(ask, doors):
    found = ask("slices", doors, "--find", "--top", "3")["slices"]
    assert 1 <= len(found) <= 3
    assert list(found[0]) == KEYS
    assert found[0]["where"] == "colour = 'red'"
    assert found[0]["confirmed"] is True
    assert found[0]["ids"] is None
    assert found[0]["ci"][0] < found[0]["error_rate"] < found[0]["ci"][1]
    assert ask("slices", doors, "--top", "3")["slices"] == found


def test_slices_are_saved_listed_renamed_and_removed(ask, call, doors):
    assert ask("slice", "save", doors, "red ones", "--where", "colour = 'red'", "--why", "look")["count"] > 300
    assert ask("slice", "save", doors, "two", "--id", "0003", "--id", "0001")["count"] == 2
    red, two = ask("slices", doors)["slices"]
    assert (red["name"], red["source"], red["reason"]) == ("red ones", "saved", "look")
    assert (two["where"], two["ids"]) == (None, ["0001", "0003"])
    assert ask("query", doors, "slice = 'two'")["ids"] == ["0001", "0003"]
    ask("slice", "rename", doors, "two", "a pair")
    ask("slice", "remove", doors, "red ones")
    assert [each["name"] for each in ask("slices", doors)["slices"]] == ["a pair"]
    ask("undo", doors)
    assert [each["name"] for each in ask("slices", doors)["slices"]] == ["red ones", "a pair"]
    code, out, _ = call("slices", doors)
    assert code == 0
    assert "red ones" in out
    assert "errors in 2,000" in out


def test_a_scope_and_a_run_narrow_what_is_counted(ask, doors):
    ask("slice", "save", doors, "red ones", "--where", "colour = 'red'")
    whole = ask("slices", doors)["slices"][0]
    half = ask("slices", doors, "--where", "height < 0.5", "--run", "1")["slices"][0]
    assert 0 < half["n"] < whole["n"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["slice", "save", "PROJECT", "new"], "either --where or --id"),
        (["slice", "save", "PROJECT", "new", "--where", "size > 3"], "No column is called size"),
        (["slice", "save", "PROJECT", "new", "--id", "nobody"], "No example has the id"),
        (["slice", "rename", "PROJECT", "nothing", "new"], "There is no slice"),
        (["slice", "remove", "PROJECT", "nothing"], "There is no slice"),
        (["query", "PROJECT", "slice = 'nothing'"], "There is no slice nothing"),
        (["slices", "PROJECT", "--run", "nobody"], "There is no run"),
        (["cost", "PROJECT", "--label", "open"], "--label, --predicted and --cost together"),
        (["cost", "PROJECT", "--label", "open", "--predicted", "ajar", "--cost", "2"], "There is no class"),
        (["cost", "PROJECT", "--label", "open", "--predicted", "shut", "--cost", "-2"], "cannot cost"),
        (["cost", "PROJECT", "--label", "open", "--predicted", "shut", "--cost", "nan"], "cannot cost"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(call, doors, arguments, sentence):
    code, out, err = call(*(doors if each == "PROJECT" else each for each in arguments))
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_nothing_to_show_is_a_sentence(call, doors):
    assert call("slices", doors)[1] == "Nobody searched yet; give --find.\n"


def test_costs_weigh_metrics_and_slices_and_can_be_undone(ask, doors):
    ask("slice", "save", doors, "red ones", "--where", "colour = 'red'")
    before = ask("metrics", doors)["cost"]
    set_ = ask("cost", doors, "--label", "open", "--predicted", "shut", "--cost", "5", "--why", "it is cold")
    assert set_["costs"] == [{"label": "open", "predicted": "shut", "cost": 5.0}]
    assert ask("metrics", doors)["cost"] > 2 * before
    assert ask("info", doors)["contract"]["costs"] == {"open": {"shut": 5.0}}
    with dataimp_gui.open(doors) as project:
        measured = project.slices.measure()[0]
        right = project.metrics("colour = 'red'").confusion
        assert measured.loss == 5 * right[0, 1] + right[1, 0]
        assert project.history()[-1].why == "it is cold"
        project.undo()
        assert project.slices.measure()[0].loss == measured.errors
    assert ask("cost", doors)["costs"] == []
    assert ask("metrics", doors)["cost"] == before
    ask("redo", doors)
    assert ask("cost", doors, "--clear")["costs"] == []


def test_what_a_search_of_other_examples_found_is_not_mixed_in(ask, call, doors):
    ask("slice", "save", doors, "red ones", "--where", "colour = 'red'")
    ask("slices", doors, "--find")
    code, out, err = call("slices", doors, "--where", "height < 0.5", "--json")
    assert code == 0
    assert [each["source"] for each in json.loads(out)["slices"]] == ["saved"]
    assert "of other examples" in err
