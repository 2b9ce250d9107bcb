"""The command `augment`: its keys, what it says to a person, and what it refuses."""

import json
import shutil

import numpy as np
import pytest

import dataimp_gui
from dataimp_gui.cli import run
from dataimp_gui.core.augment.policy import load
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.progress import Progress


@pytest.fixture(scope="module")
def chats(tmp_path_factory):
    """Texts to train on in lower case, texts to be tested on that shout."""
    folder = tmp_path_factory.mktemp("chats")
    rng = np.random.default_rng(8)
    words = {"pay": ["bill", "invoice", "money", "account"], "trip": ["train", "hotel", "beach", "ticket"]}
    lines = ["id,text,label,split"]
    for number in range(120):
        label, split = ("pay", "trip")[number % 2], ("train", "test")[number // 60]
        text = " ".join(rng.choice(words[label], 8))
        lines.append(f"{number:03d},{text.upper() if split == 'test' else text},{label},{split}")
    (folder / "chats.csv").write_text("\n".join(lines))
    import_dataset(folder / "chats.csv", folder / "chats.dataimp", ImportOptions(), Progress())
    return folder / "chats.dataimp"


@pytest.fixture
def call(capsys):
    def call(*arguments):
        code = run([str(each) for each in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def shouting(tmp_path):
    file = tmp_path / "shouting.json"
    steps = [{"op": "case", "choices": {"kind": ["ALL CAPITALS"]}}]
    file.write_text(json.dumps({"name": "Shouting", "modality": "text", "seed": 1, "steps": steps}))
    return file


def test_the_keys_are_those_that_scripts_rely_on(call, chats, shouting):
    code, out, err = call("augment", chats, "--policy", shouting, "--measure", "--json")
    assert code == 0, err
    answer = json.loads(out)
    assert {"realism", "label_preserved", "steps", "written"} <= set(answer)
    assert {"gap_before", "gap_after", "closed", "ci"} <= set(answer["realism"])
    assert {"op", "closed", "label_preserved", "verdict"} <= set(answer["steps"][0])
    assert answer["realism"]["closed"] > 0.8
    assert answer["steps"][0]["verdict"] == "helps"
    assert answer["label_preserved"] == 1
    assert answer["written"] == 0


def test_a_script_gets_all_that_was_measured(call, chats, tmp_path):
    file = tmp_path / "two.json"
    steps = [{"op": "case", "choices": {"kind": ["ALL CAPITALS"]}}, {"op": "cut_off", "ranges": {"share": [10, 10]}}]
    file.write_text(json.dumps({"name": "Two", "modality": "text", "steps": steps}))
    code, out, err = call("augment", chats, "--policy", file, "--json")
    assert code == 0, err
    answer = json.loads(out)
    angles = {each["name"]: each for each in answer["realism"]["angles"]}
    assert list(angles) == ["statistics", "texture", "embedding", "classifier", "coverage"]
    assert angles["texture"]["ci"][0] <= angles["texture"]["closed"] <= angles["texture"]["ci"][1]
    assert answer["realism"]["nothing_to_close"] is False
    assert set(answer["label_preserved_by_class"]) == {"pay", "trip"}
    low, high = answer["label_preserved_ci"]
    assert low <= answer["label_preserved"] <= high
    capitals, cut = answer["steps"]
    assert capitals["added_ci"][0] > 0.2
    assert cut["added"] < capitals["added"]
    assert "length" in {each["name"] for each in answer["statistics"]}
    assert {each["label"] for each in answer["to_check"]} <= {"pay", "trip"}
    code, out, _ = call("augment", chats, "--policy", file)
    assert answer["summary"] in out
    assert "Labels kept: " in out


def test_a_trial_tells_what_a_model_gains_on_the_target(call, chats, shouting):
    code, out, _ = call("augment", chats, "--policy", shouting, "--try", "--slice", "label = 'trip'", "--json")
    assert code == 0
    tried = json.loads(out)["tried"]
    assert list(tried) == ["overall", "slice", "rest"]
    assert list(tried["overall"]) == ["n", "without", "with", "difference", "ci"]
    code, out, _ = call("augment", chats, "--policy", shouting, "--try", "--slice", "split = 'train'")
    assert code == 0
    assert "accuracy on" in out
    assert "The slice holds all of the target or nothing of it: split = 'train'" in out


def test_a_person_reads_what_was_found(call, chats, shouting):
    code, out, _ = call("augment", chats, "--policy", shouting)
    assert code == 0
    assert out.startswith("Closes ")
    assert "60 examples beside 60 of the target" in out
    assert "Classifier: A classifier tells originals from the target in 100% of cases" in out
    assert "helps" in out


def test_a_policy_for_another_modality_or_none_at_all_is_refused_in_a_sentence(call, chats, tmp_path):
    other = tmp_path / "blur.json"
    other.write_text('{"name": "b", "modality": "image", "steps": [{"op": "blur"}]}')
    code, out, err = call("augment", chats, "--policy", other)
    assert (code, out) == (2, "")
    assert "The policy is for image, the project holds text." in err
    code, _, err = call("augment", chats, "--policy", tmp_path / "nothing.json")
    assert code == 2
    assert "cannot be read" in err


def test_a_target_that_cannot_be_understood_is_refused(call, chats, shouting):
    code, _, err = call("augment", chats, "--policy", shouting, "--target", "splitt = 'test'")
    assert code == 2
    assert "splitt" in err


def test_writing_adds_variants_of_training_examples_and_can_be_undone(call, chats, shouting, tmp_path):
    import shutil

    shutil.copytree(chats, tmp_path / "chats.dataimp")
    project = tmp_path / "chats.dataimp"
    where = "label = 'pay'"
    code, out, err = call(
        "augment", project, "--policy", shouting, "-w", where, "--write", 1, "--reason", "people shout", "--json"
    )
    assert code == 0, err
    answer = json.loads(out)
    assert list(answer)[:4] == ["realism", "label_preserved", "steps", "written"]
    assert (answer["written"], answer["refused"], answer["skipped"]) == (30, 30, 0)
    assert json.loads(call("query", project, "augmented_draw = 0", "--json")[1])["count"] == 30
    assert json.loads(call("info", project, "--json")[1])["examples"] == 150
    assert "people shout" in call("history", project)[1]
    assert json.loads(call("commit", project, "-m", "louder", "--json")[1])["augmented"] == 30
    assert call("undo", project)[0] == 0
    assert json.loads(call("info", project, "--json")[1])["examples"] == 120
    code, out, _ = call("augment", project, "--policy", shouting, "--write", 2)
    assert (code, out.splitlines()[0]) == (0, 'Added 120 variants of 60 examples by "Shouting".')


def test_writing_says_what_it_cannot_do(call, chats, shouting):
    code, _, err = call("augment", chats, "--policy", shouting, "-w", "split = 'test'", "--write", 1)
    assert (code, "60 examples of test were refused" in err) == (2, True)
    assert call("augment", chats, "--policy", shouting, "--write", 1, "--measure")[0] == 2
    assert call("augment", chats, "--policy", shouting, "--why", "x")[0] == 2
    code, _, err = call("augment", chats, "--policy", shouting, "--slice", "label = 'pay'")
    assert (code, "give it with --try" in err) == (2, True)
    code, _, err = call("augment", chats, "--policy", shouting, "--fit", "--save", chats / "none" / "fitted.json")
    assert (code, "there is no folder" in err) == (2, True)
    code, _, err = call("query", chats, "augmented_from is not null")
    assert (code, "Add variants of examples first" in err) == (2, True)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"steps": [{"op": "case", "ranges": {"share": [90, 10]}}]}, "goes backwards"),
        ({"steps": [{"op": "case", "ranges": {"share": [-1e9, 1e9]}}]}, "is beyond"),
        ({"steps": [{"op": "case", "choices": {"kind": ["pink"]}}]}, '"pink" is no choice for'),
        ({"steps": [{"op": "case", "chance": 7}]}, "no probability"),
        ({"steps": [{"op": "blur"}]}, "is for image, the policy for text"),
        ({"steps": [{"op": "none such"}]}, "no operation"),
        ({"steps": [{"op": "case"}], "format": 99}, "newer Dataimp"),
    ],
)
def test_a_policy_that_cannot_be_done_is_refused_in_a_sentence(call, chats, tmp_path, document, said):
    file = tmp_path / "odd.json"
    file.write_text(json.dumps({"name": "Odd", "modality": "text", **document}))
    code, _, err = call("augment", chats, "--policy", file)
    assert (code, err.count("\n")) == (2, 1)
    assert said in err


def test_a_target_that_is_too_small_or_missing_is_told(call, chats, shouting, tmp_path):
    code, _, err = call("augment", chats, "--policy", shouting, "--target", "split = 'test' and id < '065'")
    assert code == 2
    assert "The target has 5 examples that can be read; it takes 20" in err
    (tmp_path / "bare.csv").write_text("id,text,label\n" + "".join(f"{n},some words {n},a\n" for n in range(30)))
    import_dataset(tmp_path / "bare.csv", tmp_path / "bare.dataimp", ImportOptions(), Progress())
    code, _, err = call("augment", tmp_path / "bare.dataimp", "--policy", shouting)
    assert code == 2
    assert "There is no target set. Say with a WHERE clause" in err


def test_relabelling_says_that_variants_stay_behind_or_takes_them_along(call, chats, shouting, tmp_path):
    own = shutil.copytree(chats, tmp_path / "own.dataimp")
    assert call("augment", own, "--policy", shouting, "--write", 2)[0] == 0
    code, out, err = call("relabel", own, "--where", "id = '002'", "--to", "trip", "--json")
    assert (code, json.loads(out)["changed"]) == (0, 1)
    assert "2 variants of them have another label" in err
    _, out, err = call("relabel", own, "--where", "id = '002'", "--to", "trip", "--variants", "--json")
    assert (json.loads(out)["changed"], err) == (2, "")
    _, _, err = call("relabel", own, "--where", "id = '102'", "--to", "trip", "--json")
    assert err == ""


def test_a_policy_that_is_saved_in_the_project_is_used_by_its_name(call, chats, shouting, tmp_path):
    import dataimp_gui
    from dataimp_gui.core.augment.policy import load

    own = shutil.copytree(chats, tmp_path / "own.dataimp")
    with dataimp_gui.open(own) as project:
        project.augment.save(load(shouting))
    code, out, err = call("augment", own, "--policy", "Shouting", "--write", 1, "--json")
    assert (code, json.loads(out)["written"]) == (0, 60), err
    code, _, err = call("augment", own, "--policy", "Whispering")
    assert code == 2
    assert 'no policy "Whispering"' in err


def test_a_promise_is_a_number_to_order_policies_by(call, chats, shouting):
    code, out, err = call("augment", chats, "--policy", shouting, "--promise", "--json")
    assert code == 0, err
    with dataimp_gui.open(chats, read_only=True) as project:
        assert json.loads(out)["promise"] == pytest.approx(project.augment.promise(load(shouting)).value)
    code, out, err = call("augment", chats, "--policy", shouting, "--promise")
    assert code == 0, err
    assert "try the one with most first" in out


def test_a_policy_that_ships_is_known_by_its_name(call, chats):
    code, out, err = call("augment", chats, "--policy", "Typed in a hurry", "--json")
    assert code == 0, err
    assert len(json.loads(out)["steps"]) > 1
    code, _, err = call("augment", chats, "--policy", "Typed slowly")
    assert code == 2
    assert 'no policy "Typed slowly"' in err
    assert '"Typed in a hurry"' in err
