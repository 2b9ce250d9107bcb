"""The whole loop on a demo from the command line: find, relabel, commit, evaluate, gate, promote, roll back, export."""

import json
import sys

import pytest

from dataimp_gui.cli import run

NAIVE_BAYES = """
import argparse, collections, csv, math, pathlib
given = argparse.ArgumentParser()
given.add_argument("--data"), given.add_argument("--out")
given = given.parse_args()
rows = list(csv.DictReader(next(pathlib.Path(given.data).rglob("*.csv")).open(encoding="utf-8", newline="")))
said = {"ham": collections.Counter(), "spam": collections.Counter()}
for row in rows:
    if row["split"] == "train":
        said[row["label"]].update(row["text"].lower().split())
known = len(set().union(*said.values()))
total = {label: sum(words.values()) for label, words in said.items()}
with open(given.out, "w") as out:
    out.write("id,predicted\\n")
    for row in rows:
        words = row["text"].lower().split()
        score = {l: sum(math.log((said[l][w] + 1) / (total[l] + known)) for w in words) for l in said}
        out.write(f"{row['id']},{max(score, key=score.get)}\\n")
"""


@pytest.fixture
def call(capsys):
    """The exit code and the answer of a command."""

    def call(*arguments):
        code = run([*(str(argument) for argument in arguments), "--json"])
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return call


def test_the_whole_loop_on_a_demo(call, capsys, tmp_path, monkeypatch):
    code, made = call("demo", tmp_path, "--name", "messages", "--no-window")
    assert code == 0
    project = made["project"]
    assert call("commit", project, "-m", "as it came")[1]["version"] == "v1"
    assert call("promote", project, "v1")[0] == 0

    # find and relabel what is wrong among the training examples
    found = call("issues", project, "--kind", "label")[1]["issues"]
    wrong = {issue["id"]: issue["suggested"] for issue in found}
    for label in ("ham", "spam"):
        ids = ", ".join(f"'{id_}'" for id_, suggested in wrong.items() if suggested == label)
        chosen = f"id IN ({ids}) AND split = 'train'"
        assert call("relabel", project, "--where", chosen, "--to", label, "--why", "its neighbours say so")[0] == 0
    relabelled = call("commit", project, "-m", "labels that its neighbours contradict")[1]["relabelled"]
    assert relabelled > 3

    # the gate against leaks names copies of evaluation examples among the training examples: they go
    code, answer = call("evaluate", project, "--seeds", "1")
    (leak,) = (gate for gate in answer["gates"] if not gate["passed"])
    assert (code, leak["gate"], answer["passed"]) == (1, "No leak", False)
    assert call("issues", project, "--kind", "leak")[1]["issues"]
    assert call("exclude", project, "--where", "issue_leak IS NOT NULL AND split = 'train'")[0] == 0
    removed = call("commit", project, "-m", "no copies")[1]["removed"]
    assert removed >= len(leak["ids"]) > 0

    # judge the changes by both trainers, on examples that neither version trains on
    (tmp_path / "train.py").write_text(NAIVE_BAYES)
    command = f"'{sys.executable}' '{tmp_path / 'train.py'}' --data {{dataset}} --out {{predictions}}"
    for trainer in ("", command):
        answer = call("evaluate", project, "v3", "--against", "v1", "--seeds", "1", "--trainer", trainer)[1]
        assert (answer["version"], answer["against"], answer["overall"]["n"]) == ("v3", "v1", 381)
        assert answer["overall"]["after"] > 0.8
        low, high = answer["overall"]["ci"]
        assert low <= answer["overall"]["difference"] <= high

    # a gate that asks for too much stops it, unless a reason is given
    assert call("gates", project, "--overall", "0.5")[0] == 0
    code, answer = call("evaluate", project, "v3", "--seeds", "1")
    assert (code, [gate["gate"] for gate in answer["gates"] if gate["result"] == "fail"]) == (1, ["Overall"])
    assert run(["promote", project, "v3"]) == 2
    assert "v3 fails 1 gate (Overall)" in capsys.readouterr().err
    assert call("log", project)[1]["production"] == "v1"
    assert call("promote", project, "v3", "--why", "nothing gains 50 points")[0] == 0
    assert call("log", project)[1]["production"] == "v3"

    # what is in production leaves for training, and does so again after a rollback, as it was
    labels = {name: loaded(call, project, name, tmp_path, monkeypatch) for name in ("production", "v1")}
    assert len(labels["v1"]) - len(labels["production"]) == removed
    changed = {id_ for id_, label in labels["production"].items() if labels["v1"][id_] != label}
    assert 0 < len(changed) <= relabelled
    assert {id_: labels["production"][id_] for id_ in changed} == {id_: wrong[id_] for id_ in changed}
    assert call("rollback", project)[0] == 0
    assert call("log", project)[1]["production"] == "v1"
    (tmp_path / "production").rename(tmp_path / "production before")
    assert loaded(call, project, "production", tmp_path, monkeypatch) == labels["v1"]


def loaded(call, project, version, tmp_path, monkeypatch):
    """The labels of an export as the library `datasets` reads it, by id."""
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    import datasets

    place = tmp_path / version
    assert call("export", project, version, place, "--format", "hugging-face")[0] == 0
    assert call("verify", place)[0] == 0
    found = datasets.load_dataset(str(place), cache_dir=str(tmp_path / "cache"))
    return {row["id"]: row["label"] for part in found.values() for row in part}
