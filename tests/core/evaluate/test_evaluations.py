"""Versions judged beside each other: trained, compared on frozen examples, gated, promoted, rolled back, restored."""

import csv
import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

import dataimp_gui
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.evaluate.gates import Gates, judge
from dataimp_gui.core.evaluate.judgement import Compared
from dataimp_gui.core.model import IssueKind, Modality
from dataimp_gui.core.project import Project
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress

WORDS = {"ham": "lunch meeting tomorrow office report thanks", "spam": "winner cash prize free click offer"}

FILLING = ("and", "the", "of", "to", "it", "we")


@pytest.fixture
def project(tmp_path):
    """300 texts in train and 200 in test, told apart by their words, with a little noise; one version."""
    rng = np.random.default_rng(1)
    lines = ["id,text,label,split,sender"]
    for number in range(500):
        label = "spam" if number % 2 else "ham"
        words = [
            *rng.choice(WORDS[label].split(), 5),
            *rng.choice(["and", "the", "of", "to", "it", "we"], 4),
            f"n{number}",
        ]
        lines.append(f"m{number:03},{' '.join(words)},{label},{'train' if number < 300 else 'test'},s{number % 5}")
    (tmp_path / "texts.csv").write_text("\n".join(lines))
    made, _ = Project.create(tmp_path / "texts.dataimp", tmp_path / "texts.csv", author="Mira")
    with made:
        made.commit("as imported")
        yield made


def spoil(project, message="spoiled"):
    """Half of the training examples of one class get the other label."""
    project.relabel(project.rows("split = 'train' AND label = 'ham'")[:75], "spam")
    return project.commit(message).version.name


def test_worse_labels_are_found_worse_with_an_interval_and_fail_the_gate(project):
    version = spoil(project)
    project.slices.save("from s1", "sender = 's1'")
    found = project.evaluation.run(version)
    assert (found.version, found.against, found.seeds, found.author) == ("v2", "v1", 3, "Mira")
    assert found.overall.n == 200
    assert found.overall.before > 0.95
    assert found.overall.change == pytest.approx(found.overall.after - found.overall.before)
    assert found.overall.ci[0] <= found.overall.change <= found.overall.ci[1] < 0
    lines = {(line.kind, line.name): line for line in found.slices}
    assert lines["class", "ham"].change < lines["class", "spam"].change
    assert lines["class", "ham"].n + lines["class", "spam"].n == 200
    assert lines["slice", "from s1"].n == 40
    assert lines["slice", "from s1"].where == "slice = 'from s1'"
    gates = {gate.gate: gate for gate in found.gates}
    assert gates["Overall"].result == "fail"
    assert "wanted is no drop" in gates["Overall"].reason
    assert gates["No leak"].passed
    assert not found.passed


def test_the_data_card_of_an_export_tells_figures_and_failed_gates(project, tmp_path):
    version = spoil(project)
    project.export(version, tmp_path / "before", "csv")
    assert "Gates" not in (tmp_path / "before" / "DATACARD.md").read_text()
    found = project.evaluation.run(version)
    project.export(version, tmp_path / "after", "csv")
    card = (tmp_path / "after" / "DATACARD.md").read_text()
    assert "Failed: Overall." in card
    assert f"{100 * found.overall.after:.2f} %" in card
    assert "<h2>Evaluation</h2>" in (tmp_path / "after" / "DATACARD.html").read_text()


def test_an_evaluation_is_kept_and_the_same_again(project, tmp_path):
    version = spoil(project)
    first, second = project.evaluation.run(version), project.evaluation.run(version)
    assert (first.overall, first.slices, first.gates) == (second.overall, second.slices, second.gates)
    project.close()
    with dataimp_gui.open(tmp_path / "texts.dataimp") as again:
        assert again.evaluation.kept() == [second, first]
        assert again.evaluation.kept("v1") == []


def test_equal_training_data_change_nothing(project):
    project.tag(np.arange(10), "seen")
    project.commit("tags")
    found = project.evaluation.run("v2")
    assert found.overall.change == 0
    assert found.overall.ci == (0, 0)
    assert found.passed


def test_both_versions_are_judged_by_the_newest_labels_and_it_is_said(project):
    project.relabel(project.rows("split = 'test'")[:7], "spam")
    project.commit("test labels")
    found = project.evaluation.run("v2")
    changed = 7 - np.count_nonzero(np.arange(300, 307) % 2)
    assert f"{changed} evaluation labels differ" in found.notes[0]
    assert found.overall.change == 0


def test_copies_made_examples_and_missing_labels_fail_their_gates(project):
    text = project.query.values(["text"], np.array([400]))["text"][0]
    assert text
    project.set_split(np.arange(300, 310), "train")
    project.relabel(np.array([3]), "")
    project.commit("moved")
    gates = {gate.gate: gate for gate in project.evaluation.run("v2").gates}
    assert gates["Contract"].result == "fail"
    assert gates["Contract"].ids == ("m003",)
    assert gates["Real evaluation data"].passed


def test_copies_fail_the_leak_gate_and_known_near_copies_make_it_unsure(tmp_path):
    drawn = np.random.default_rng(2).integers(97, 123, (90, 12, 6))
    lines = ["id,text,label,split"]
    for number, numbers in enumerate(drawn.tolist()):
        words = " ".join("".join(map(chr, word)) for word in numbers)
        lines.append(f"m{number},{words},{'ab'[number % 2]},{'train' if number < 60 else 'test'}")
    lines += ["near,60 seconds from now everyone will be gone home for the long holiday,a,train"]
    lines += ["also,60 seconds from now everyone will be gone home for the long holidays,a,test"]
    (tmp_path / "texts.csv").write_text("\n".join(lines))
    project, _ = Project.create(tmp_path / "texts.dataimp", tmp_path / "texts.csv")

    def leak(version):
        return next(gate for gate in project.evaluation.run(version, seeds=1).gates if gate.gate == "No leak")

    with project:
        project.commit("as imported")
        project.note(np.array([0]), "seen")
        project.set_split(np.array([1]), "val")
        project.commit("again")
        assert leak("v2").reason.endswith("near copies were not searched.")
        project.analysis.find_issues([IssueKind.LEAK])
        found = leak("v2")
        assert (found.result, found.ids, found.where) == ("unsure", ("near",), "issue_leak is not null")
        project.exclude(project.rows("id = 'near'"))
        project.commit("without it")
        assert leak("v3").result == "pass"


def test_gates_are_an_edit_a_part_of_the_version_and_checked(project):
    before = project.versions()[0].content
    project.evaluation.set_gates(Gates(overall=None, slices=None, balance=1.2, reviewed=True, leak=False))
    with pytest.raises(DataimpError, match="cannot change by 3"):
        project.evaluation.set_gates(Gates(overall=3))
    version = spoil(project)
    assert project.contract.gates["balance"] == 1.2
    gates = {gate.gate: gate for gate in project.evaluation.run(version).gates}
    assert set(gates) == {"Real evaluation data", "Contract", "Balance", "Relabels reviewed"}
    assert gates["Balance"].result == "fail"
    assert gates["Relabels reviewed"].reason == "75 relabelled examples were not reviewed."
    project.undo()
    project.undo()
    assert project.evaluation.gates() == Gates()
    assert project.versions()[-1].content == before
    with pytest.raises(DataimpError, match="cannot change"):
        project.evaluation.set_gates(Gates(least={"from s1": -2}))


@pytest.mark.parametrize(
    ("kind", "change", "ci", "p_adjusted", "result"),
    [
        ("overall", 0.01, (-0.01, 0.03), 0.4, "pass"),
        ("overall", -0.01, (-0.03, 0.01), 0.4, "unsure"),
        ("overall", -0.02, (-0.03, -0.01), 0.06, "fail"),
        ("slice", -0.02, (-0.03, -0.01), 0.06, "unsure"),
        ("slice", -0.02, (-0.03, -0.01), 0.01, "fail"),
        ("slice", None, None, None, "unsure"),
        ("calibration", 0.005, (-0.01, 0.03), None, "pass"),
        ("calibration", 0.02, (0.0, 0.03), None, "unsure"),
        ("calibration", 0.03, (0.02, 0.04), None, "fail"),
    ],
)
def test_only_a_drop_beyond_chance_fails_a_gate(kind, change, ci, p_adjusted, result):
    line = Compared("it", kind, "", 100, 0.9, 0.9, change, ci, p_adjusted, p_adjusted)
    (gate,) = judge(Gates(leak=False, own=False, contract=False, calibration=0.01), [line], None, None)
    assert (gate.result, gate.passed) == (result, result != "fail")
    assert ("adjusted p 0.06" in gate.reason) is (kind == "slice" and p_adjusted == 0.06)


def test_promoting_needs_gates_or_a_reason_and_rolling_back_goes_one_back(project):
    version = spoil(project)
    assert project.evaluation.production() == ""
    assert project.evaluation.promote("v1").failed == ()
    with pytest.raises(DataimpError, match="never evaluated"):
        project.evaluation.promote(version)
    project.evaluation.run(version)
    with pytest.raises(DataimpError, match=r"fails 1 gate \(Overall\)"):
        project.evaluation.promote(version)
    move = project.evaluation.promote(version, "a trial with customers")
    assert (move.version, move.author, move.failed) == ("v2", "Mira", ("Overall",))
    assert project.evaluation.production() == "v2"
    with pytest.raises(DataimpError, match="in production already"):
        project.evaluation.promote(version, "again")
    assert project.evaluation.rollback("customers complained").version == "v1"
    assert project.evaluation.production() == "v1"
    with pytest.raises(DataimpError, match="no earlier version"):
        project.evaluation.rollback()
    assert [each.reason for each in project.evaluation.moves()] == [
        "customers complained",
        "a trial with customers",
        "",
    ]


def test_gates_that_were_set_since_the_evaluation_ask_for_another(project):
    project.tag(np.arange(3), "odd")
    project.commit("no worse")
    assert project.evaluation.run("v2", seeds=1).passed
    project.evaluation.set_gates(Gates(overall=0.5))
    with pytest.raises(DataimpError, match="today's gates"):
        project.evaluation.promote("v2")
    assert not project.evaluation.run("v2", seeds=1).passed
    project.undo()
    assert project.evaluation.run("v2", seeds=1).passed
    assert project.evaluation.promote("v2").failed == ()


def test_restoring_is_one_edit_with_the_old_content_and_a_parent_of_its_own(project):
    project.tag(np.arange(5), "odd")
    project.note(np.arange(3), "look")
    spoil(project)
    project.exclude(np.arange(20, 30))
    project.set_split(np.arange(40, 50), "spare")
    restored = project.restore("v1")
    assert restored.title == "Restored v1"
    assert project.base == "v1"
    assert project.diff("v1").is_empty
    assert project.restore("v1") is None
    project.undo()
    assert project.base == "v2"
    assert len(project.rows("split = 'spare'")) == 10
    assert project.tags == ("odd",)
    project.redo()
    made = project.commit("back").version
    assert (made.name, made.parent, made.content) == ("v3", "v1", project.versions()[-1].content)
    assert project.base == "v3"


def test_restoring_brings_costs_and_gates_back_too(project):
    first = project.versions()[0]
    project.set_costs({"ham": {"spam": 5}})
    project.evaluation.set_gates(Gates(overall=-0.01))
    second = project.commit("costs and gates").version
    project.restore("v1")
    assert project.contract.costs == {}
    assert project.evaluation.gates() == Gates()
    assert project.commit("back").version.content == first.content
    project.restore("v2")
    assert project.evaluation.gates() == Gates(overall=-0.01)
    assert project.commit("again").version.content == second.content
    project.undo()
    assert project.contract.costs == {}
    assert project.evaluation.gates() == Gates()


def test_restoring_brings_the_saved_policies_back_too(project):
    first = project.versions()[0]
    kept = Policy("Hurry", Modality.TEXT, steps=(Step("leetspeak", 0.25),))
    project.augment.save(kept)
    second = project.commit("a policy").version
    project.augment.save(replace(kept, seed=1))
    project.augment.save(replace(kept, name="Another"))
    third = project.commit("two policies").version
    project.restore("v1")
    assert project.augment.saved() == ()
    assert project.commit("back").version.content == first.content
    project.restore("v2")
    assert project.augment.saved() == (kept,)
    assert project.commit("again").version.content == second.content
    assert project.restore("v2") is None
    project.restore("v3")
    assert project.commit("and again").version.content == third.content
    project.undo()
    assert project.augment.saved() == (kept,)


def test_restoring_a_version_with_variants_saves_no_policy_that_was_not_saved(project):
    policy = Policy("Hurry", Modality.TEXT, steps=(Step("leetspeak", 1.0),))
    project.augment.write(policy, "id in ('m000', 'm001')", 1)
    version = project.commit("variants").version
    assert project.restore("v2") is None
    project.restore("v1")
    project.commit("back")
    project.restore("v2")
    assert project.augment.saved() == ()
    assert project.commit("again").version.content == version.content


def test_a_trial_beside_the_main_line_has_its_own_parent(project):
    spoil(project)
    project.restore("v1")
    project.tag(np.arange(3), "trial")
    assert project.commit("trial").version.parent == "v1"


def test_a_table_is_judged_by_its_columns_but_for_names_and_remarks(tmp_path):
    rng = np.random.default_rng(1)
    lines = ["id,age,name,label,split"]
    for number in range(300):
        age = rng.normal(30 if number % 2 else 50, 5)
        split = "train" if number < 200 else "test"
        lines.append(f"p{number},{age:.1f},person {number},{'no' if number % 2 else 'yes'},{split}")
    (tmp_path / "people.csv").write_text("\n".join(lines))
    with Project.create(tmp_path / "p.dataimp", tmp_path / "people.csv")[0] as project:
        project.commit("as imported")
        project.relabel(project.rows("split = 'train' AND age < 30"), "yes")
        project.commit("spoiled")
        found = project.evaluation.run("v2")
    assert found.overall.before > 0.9
    assert found.overall.change < -0.1


def trainer(tmp_path, body):
    file = tmp_path / "train me.py"
    file.write_text(
        "import argparse, csv, pathlib, sys, time, os, subprocess\n"
        "given = argparse.ArgumentParser()\n"
        "for name in ('--data', '--out', '--seed'): given.add_argument(name)\n"
        "given = given.parse_args()\n" + body
    )
    return f"'{sys.executable}' '{file}' --data {{dataset}} --out {{predictions}} --seed {{seed}}"


MAJORITY = """
print('reading', flush=True)
rows = list(csv.DictReader(next(pathlib.Path(given.data).rglob('*.csv')).open()))
train = [row['label'] for row in rows if row['split'] == 'train']
said = max(sorted(set(train)), key=train.count)
with open(given.out, 'w') as out:
    out.write('id,predicted\\n' + ''.join(f"{row['id']},{said}\\n" for row in rows))
"""


def test_a_trainer_of_ones_own_reads_an_export_and_its_predictions_are_judged(project, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    version = spoil(project)
    phases = []
    found = project.evaluation.run(
        version,
        trainer=trainer(tmp_path, MAJORITY),
        seeds=1,
        progress=Progress(lambda report: phases.append(report.phase)),
    )
    assert (found.overall.before, found.overall.after) == (0.5, 0.5)
    assert {line.name: line.after for line in found.slices if line.kind == "class"} == {"ham": 0, "spam": 1}
    assert not list(tmp_path.glob("dataimp-trainer-*"))
    assert any(phase.startswith("Training on v2, seed 1") for phase in phases)


def test_a_trainer_does_not_see_the_labels_that_judge_it(project, tmp_path):
    seen = tmp_path / "seen"
    look = f"pathlib.Path({str(seen)!r}).write_text(repr(sorted({{(row['split'], row['label']) for row in rows}})))"
    project.evaluation.run(spoil(project), trainer=trainer(tmp_path, MAJORITY + look), seeds=1)
    assert seen.read_text() == "[('test', ''), ('train', 'ham'), ('train', 'spam')]"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("sys.exit('no GPU here')", r"ended with 1: no GPU here"),
        ("pass", "wrote no predictions"),
        ("open(given.out, 'w').write('what,is\\nthis,here\\n')", "has no ids|column"),
        ("open(given.out, 'w').write('id,predicted\\nm400,ham\\nm400,spam\\n')", "'m400' more than once"),
        ("open(given.out, 'w').write('id,predicted\\nnobody,ham\\n')", "predicted none of the 200"),
        ("open(given.out, 'w').write('id,predicted\\nm400,sp')", "predicted none of the 200"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "ended with SIGTERM: it said nothing"),
    ],
)
def test_a_trainer_that_fails_says_why(project, tmp_path, body, said):
    version = spoil(project)
    with pytest.raises(DataimpError, match=said):
        project.evaluation.run(version, trainer=trainer(tmp_path, body), seeds=1)
    assert project.evaluation.kept() == []


def test_the_output_of_a_trainer_that_failed_can_be_read(project, tmp_path):
    version = spoil(project)
    body = "print('epoch 1')\nsys.exit('no GPU here')"
    with pytest.raises(DataimpError) as failed:
        project.evaluation.run(version, trainer=trainer(tmp_path, body), seeds=1)
    log = Path(failed.value.hint.removeprefix("Its output is in ").removesuffix("."))
    assert log.read_text().split("\n")[:2] == ["epoch 1", "no GPU here"]


def test_predictions_that_are_too_few_unknown_or_no_class_are_counted_and_told(project, tmp_path):
    version = spoil(project)
    body = "open(given.out, 'w').write('id,predicted\\nm300,ham\\nm301,eel\\nnobody,ham\\n')"
    found = project.evaluation.run(version, trainer=trainer(tmp_path, body), seeds=1)
    assert found.overall.after == 1 / 200
    (missing,) = (gate for gate in found.gates if gate.gate == "Predictions complete")
    assert (missing.result, found.passed) == ("fail", False)
    assert missing.reason == "199 of 200 evaluation examples have no prediction and count as errors."
    notes = " ".join(found.notes)
    assert "Predictions that cannot be used: 1; the first: " in notes
    assert "Predictions of ids that the version does not have: 1." in notes


@pytest.mark.parametrize(("left_out", "result"), [(1, "unsure"), (3, "fail")])
def test_more_than_one_prediction_in_a_hundred_that_is_missing_fails(project, tmp_path, left_out, result):
    lines = f"[f\"{{row['id']}},ham\" for row in rows if row['split'] == 'test'][{left_out}:]"
    body = f"pathlib.Path(given.out).write_text('\\n'.join(['id,predicted', *{lines}]) + '\\n')"
    found = project.evaluation.run(spoil(project), trainer=trainer(tmp_path, MAJORITY + body), seeds=1)
    assert [gate.result for gate in found.gates if gate.gate == "Predictions complete"] == [result]


def test_the_version_in_production_is_found_under_that_name(project, tmp_path):
    with pytest.raises(DataimpError, match="No version is in production"):
        project.export("production", tmp_path / "none", "csv")
    spoil(project)
    project.evaluation.promote("v1")
    assert project.export("production", tmp_path / "out", "csv").version == "v1"
    assert list(project.frame("production").label).count("ham") == 250


def test_a_model_of_a_version_that_was_rolled_back_to_is_the_same_bit_for_bit(project, tmp_path):
    project.export("v1", tmp_path / "first", "csv")
    version = spoil(project)
    project.evaluation.promote("v1")
    project.evaluation.promote(version, "a trial")
    assert learned(project, tmp_path / "trial") != learned(project, tmp_path / "first")
    project.evaluation.rollback()
    assert learned(project, tmp_path / "again") == learned(project, tmp_path / "first")


def learned(project, folder):
    """The weights of a model, trained on what an export of the version in production says."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    if not folder.exists():
        project.export("production", folder, "csv")
    with next(folder.rglob("*.csv")).open() as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    counts = CountVectorizer().fit_transform([row["text"] for row in rows])
    return LogisticRegression().fit(counts, [row["label"] for row in rows]).coef_.tobytes()


def test_a_command_without_its_marks_or_program_is_refused(project):
    version = spoil(project)
    with pytest.raises(DataimpError, match=r"lacks \{dataset\}"):
        project.evaluation.run(version, trainer="python train.py")
    with pytest.raises(DataimpError, match="cannot be started"):
        project.evaluation.run(version, trainer="no-such-program {dataset} {predictions}")


@pytest.mark.skipif(os.name != "posix", reason="process groups are those of POSIX")
@pytest.mark.parametrize("how", ["cancel", "limit"])
def test_cancel_and_time_limit_end_what_the_trainer_started(project, tmp_path, how):
    version = spoil(project)
    body = (
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))\ntime.sleep(600)\n"
    )
    progress = Progress()
    if how == "cancel":
        import threading

        def stop():
            while not (tmp_path / "pid").exists():
                time.sleep(0.05)
            progress.cancel()

        threading.Thread(target=stop, daemon=True).start()
    with pytest.raises(Cancelled if how == "cancel" else DataimpError):
        project.evaluation.run(
            version,
            trainer=trainer(tmp_path, body),
            seeds=1,
            limit_s=600 if how == "cancel" else 5,
            progress=progress,
        )
    pid = int((tmp_path / "pid").read_text())
    for _ in range(100):
        if not is_alive(pid):
            break
        time.sleep(0.1)
    assert not is_alive(pid)
    assert project.evaluation.kept() == []


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().split(") ")[1][0] != "Z"
    except OSError:
        return False


def test_predictions_brought_by_hand_are_compared_when_both_are_there(project, tmp_path):
    version = spoil(project)
    ids = [f"m{number:03}" for number in range(500)]
    for name, wrong in (("v1", 10), ("v2", 60)):
        lines = ["id,predicted"]
        for number, id_ in enumerate(ids):
            right = "spam" if number % 2 else "ham"
            lines.append(f"{id_},{'ham' if right == 'spam' and number >= 500 - 2 * wrong else right}")
        (tmp_path / f"{name}.csv").write_text("\n".join(lines))
    assert project.evaluation.bring("v1", tmp_path / "v1.csv") is None
    found = project.evaluation.bring(version, tmp_path / "v2.csv")
    assert (found.overall.before, found.overall.after) == (0.95, 0.7)
    assert found.trainer == "runs"
    project.tag(np.arange(3), "more")
    project.commit("third")
    with pytest.raises(DataimpError, match="No predictions were brought for v3"):
        project.evaluation.run("v3", "v2", "runs")


def test_predictions_brought_for_none_of_the_examples_that_judge_are_refused(project, tmp_path):
    version = spoil(project)
    for name, ids in (("v1", range(300, 500)), (version, range(100))):
        (tmp_path / f"{name}.csv").write_text("\n".join(["id,predicted", *(f"m{number:03},ham" for number in ids)]))
    project.evaluation.bring("v1", tmp_path / "v1.csv")
    with pytest.raises(DataimpError, match="v2 are of none of the 200 evaluation examples"):
        project.evaluation.bring(version, tmp_path / "v2.csv")
    assert project.evaluation.kept() == []


def test_what_cannot_be_compared_is_said_in_a_sentence(project):
    with pytest.raises(DataimpError, match="no version before it"):
        project.evaluation.run("v1")
    with pytest.raises(DataimpError, match="with itself"):
        project.evaluation.run("v1", "v1")
    with pytest.raises(DataimpError, match='no version "v9"'):
        project.evaluation.run("v9")
    project.set_split(np.arange(500), "train")
    project.commit("no test set")
    with pytest.raises(DataimpError, match="hold out no examples together"):
        project.evaluation.run("v2")


def test_media_that_changed_since_a_version_are_told_of_where_the_trainer_learns_from_them(tmp_path):
    rng = np.random.default_rng(3)
    for number in range(40):
        folder = tmp_path / "in" / ("test", "train")[number % 4 > 0] / ("bar", "ring")[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (16, 16, 3), np.uint8)).save(folder / f"{number}.png")
    with Project.create(tmp_path / "p.dataimp", tmp_path / "in")[0] as project:
        project.commit("one")
        project.relabel(project.rows("split = 'train'")[:1], "ring")
        project.relabel(project.rows("split = 'train'")[1:2], "bar")
        project.commit("two")
        assert project.evaluation.run("v2", seeds=1).notes == ()
        files = sorted((tmp_path / "in" / "train").rglob("*.png"))
        files[0].write_bytes(files[1].read_bytes())
        os.utime(files[2])  # touched, but the same
        says = "The file of 1 example is no longer what {} says; the built-in trainer knows only those of today."
        assert project.evaluation.run("v2", seeds=1).notes == (says.format("v1"), says.format("v2"))
