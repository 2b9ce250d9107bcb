"""The commands `policy`: what a project keeps, and files of it that training code loads."""

import json

import numpy as np
import pytest
from PIL import Image

import dataimp_gui
from dataimp_gui.cli import run
from dataimp_gui.core.augment.policy import load

POLICY = {"name": "Dim", "modality": "image", "seed": 7, "steps": [{"op": "dim"}, {"op": "fog"}]}


@pytest.fixture
def lamps(tmp_path):
    for label in ("bar", "ring"):
        (tmp_path / "source" / label).mkdir(parents=True)
        Image.fromarray(np.full((8, 8, 3), 90, np.uint8)).save(tmp_path / "source" / label / f"{label}.png")
    assert run(["import", str(tmp_path / "source"), str(tmp_path / "lamps.dataimp")]) == 0
    (tmp_path / "dim.json").write_text(json.dumps(POLICY))
    return tmp_path / "lamps.dataimp"


@pytest.fixture
def call(capsys):
    def call(*arguments):
        capsys.readouterr()
        code = run([*map(str, arguments), "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else said.err

    return call


def test_a_policy_is_kept_listed_used_by_name_removed_and_brought_back(call, lamps, tmp_path):
    code, saved = call("policy", "save", lamps, tmp_path / "dim.json")
    assert (code, saved["name"], saved["left_out"]) == (0, "Dim", [])
    assert call("policy", "save", lamps, tmp_path / "dim.json")[1]["edit"] is None  # nothing differs
    ((listed,),) = call("policy", "list", lamps)[1].values()
    assert (listed["name"], listed["steps"], listed["seed"]) == ("Dim", ["dim", "fog"], 7)
    assert call("augment", lamps, "--policy", "Dim", "--write", 1)[1]["written"] == 2
    assert call("policy", "remove", lamps, "Dim")[0] == 0
    assert call("policy", "list", lamps)[1] == {"policies": []}
    assert call("undo", lamps)[0] == 0
    with dataimp_gui.open(lamps, read_only=True) as project:
        assert [each.name for each in project.augment.saved()] == ["Dim"]


def test_a_version_holds_the_policy_though_nothing_was_written(call, lamps, tmp_path):
    call("commit", lamps, "-m", "Without")
    call("policy", "save", lamps, tmp_path / "dim.json")
    call("commit", lamps, "-m", "With")
    one, other = (json.loads((lamps / "versions" / f"v{n}" / "version.json").read_text()) for n in (1, 2))
    assert one["content"] != other["content"]
    assert call("export", lamps, "v2", tmp_path / "out", "--format", "csv")[0] == 0
    (file,) = (tmp_path / "out").glob("policy-*.json")
    assert load(file) == load(tmp_path / "dim.json")


def test_a_policy_goes_to_files_that_its_own_loader_and_albumentations_read(call, lamps, tmp_path):
    call("policy", "save", lamps, tmp_path / "dim.json")
    assert call("policy", "export", lamps, "Dim", tmp_path / "again.json")[0] == 0
    assert load(tmp_path / "again.json") == load(tmp_path / "dim.json")
    code, said = call("policy", "export", lamps, "Dim", tmp_path / "dim.py")
    assert code == 0
    assert "import albumentations as A" in (tmp_path / "dim.py").read_text()
    assert said["differs"]
    call("policy", "export", lamps, "Dim", tmp_path / "theirs.json", "--to", "albumentations")
    code, saved = call("policy", "save", lamps, tmp_path / "theirs.json")
    assert (code, saved["name"]) == (0, "theirs")


def test_a_file_of_albumentations_is_done_as_far_as_it_can_be(lamps, tmp_path, capsys):
    inner = [{"__class_fullname__": name, "p": 1.0} for name in ("InvertImg", "Fog\x1b[31m")]
    theirs = {"transform": {"__class_fullname__": "Compose", "transforms": inner}}
    (tmp_path / "theirs.json").write_text(json.dumps(theirs))
    capsys.readouterr()
    assert run(["augment", str(lamps), "--policy", str(tmp_path / "theirs.json"), "--write", "1", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["written"] == 2
    assert "has no counterpart that does the same" in said.err
    assert "\x1b" not in said.err


def test_what_is_no_policy_or_is_not_there_is_said_in_a_sentence(call, lamps, tmp_path):
    (tmp_path / "odd.json").write_text("[1]")
    for arguments in (("save", tmp_path / "odd.json"), ("save", tmp_path / "none.json"), ("remove", "Dim")):
        code, said = call("policy", arguments[0], lamps, arguments[1])
        assert code == 2
        assert said.startswith("dataimp: error: ")
        assert "mistake" not in said
