"""Variants that become part of a dataset: of which examples, how everything else sees them, and how they go again."""

import json

import numpy as np
import pytest
import soundfile
from PIL import Image

import dataimp_gui
from dataimp_gui.core.augment.policy import Policy, Step, content_id
from dataimp_gui.core.evaluate import frozen, gates
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.model import Field, Modality
from dataimp_gui.core.versions import manifest as manifests
from dataimp_gui.core.versions import registry
from dataimp_gui.errors import Cancelled, DataimpError, FormatError, ProjectError
from dataimp_gui.progress import Progress

DIM = Policy("Dim", Modality.IMAGE, steps=(Step("dim", ranges={"gain": (0.4, 0.5)}),))
IDS = [f"{split}-{number}" for split in ("train", "test") for number in range(6)]


@pytest.fixture
def folder(tmp_path):
    """Six pictures to train on and six to be tested on, with predictions for all and a column of metadata."""
    rng = np.random.default_rng(4)
    source = tmp_path / "source"
    source.mkdir()
    lines, said = ["id,media,label,split,lamp"], ["id,predicted"]
    for id_ in IDS:
        pixels = rng.integers(60, 250, (24, 32, 3), np.uint8)
        Image.fromarray(pixels).save(source / f"{id_}.png")
        label = ("bar", "ring")[int(id_[-1]) % 2]
        lines.append(f"{id_},{id_}.png,{label},{id_.split('-')[0]},{rng.random():.3f}")
        said.append(f"{id_},bar")
    (source / "data.csv").write_text("\n".join(lines))
    (source / "run.csv").write_text("\n".join(said))
    options = ImportOptions(predictions=(source / "run.csv",))
    import_dataset(source / "data.csv", tmp_path / "lamps.dataimp", options, Progress())
    return tmp_path / "lamps.dataimp"


@pytest.fixture
def project(folder):
    with dataimp_gui.open(folder) as opened:
        yield opened


def variants(project):
    return project.rows("augmented_from is not null")


def test_variants_carry_what_is_known_of_their_example_and_say_what_they_were_made_of(project):
    project.relabel(project.rows("id = 'train-0'"), "ring")
    written = project.augment.write(DIM, "label = 'ring'", 2, why="dark shops")
    assert (written.added, written.examples, written.refused, written.skipped) == (8, 4, 3, 0)
    assert written.notes == ("3 examples of test were refused: what a model is judged on stays real.",)
    assert (written.edit.title, written.edit.why) == ('Added 8 variants of 4 examples by "Dim"', "dark shops")
    found = project.query.example(int(variants(project)[1]))
    source = project.query.example(0)
    assert found.id == f"train-0~{content_id(DIM)[:8]}-1"
    assert (found.label, found.split, found.metadata["lamp"]) == ("ring", "train", source.metadata["lamp"])
    made = ("augmented_from", "augmented_by", "augmented_draw")
    assert [found.metadata[name] for name in made] == ["train-0", content_id(DIM), 1]
    assert found.prediction is None


def test_the_file_of_a_variant_is_what_the_policy_makes_of_the_example(project):
    from dataimp_gui.core.augment.applying import apply

    project.augment.write(DIM, "id = 'train-3'", 2)
    for row, draw in zip(variants(project), (0, 1), strict=True):
        with Image.open(project.media_path(3)) as source, Image.open(project.media_path(int(row))) as made:
            wanted = apply(DIM, np.array(source), "train-3", draw, "ring").value
            assert made.format == "PNG"
            assert np.array_equal(np.array(made), wanted)
    assert project.thumbnail(int(row), 16).shape == (12, 16, 3)


def test_undo_takes_variants_out_of_every_answer_and_redo_brings_them_back_also_after_opening_again(folder):
    def seen(project):
        return {
            "size": project.size,
            "rows": len(project.rows()),
            "ordered": len(project.rows(order_by="id")),
            "where": project.query.count("split = 'train'"),
            "splits": project.info()["splits"],
            "examples": project.info()["examples"],
            "labels": project.query.facet("label"),
            "lamps": int(project.query.histogram("lamp").counts.sum()),
            "groups": len(project.query.groups("label").rows),
            "metrics": project.metrics().n,
        }

    with dataimp_gui.open(folder) as project:
        heard = []
        before = seen(project)
        project.listen(heard.append)
        project.augment.write(DIM, "", 2)
        after = seen(project)
        assert (after["size"], after["rows"], len(variants(project))) == (24, 24, 12)
        assert after["splits"] == {"train": 18, "test": 6}
        assert heard[-1].touches(Field.RUN)
        project.undo()
        assert seen(project) == before
        assert (before["size"], len(variants(project))) == (12, 0)
    with dataimp_gui.open(folder) as project:
        assert seen(project)["size"] == 12
        assert project.redo().title.startswith("Redid: Added 12 variants")
        assert seen(project) == after
    with dataimp_gui.open(folder) as project:
        assert seen(project) == after


def test_a_policy_that_is_written_again_goes_on_with_the_next_draws_and_varies_no_variant(project):
    project.augment.write(DIM, "", 1)
    again = project.augment.write(DIM, "split = 'train'", 2)
    assert again.added == 12
    assert "6 examples left out that are variants." in again.notes
    draws = project.query.values(["augmented_draw"], project.rows("augmented_from = 'train-1'"))["augmented_draw"]
    assert sorted(draws) == [0, 1, 2]
    assert len(set(project.ids(project.rows()))) == project.size == 30


def test_after_an_undo_the_same_variants_can_be_written_anew(project):
    project.augment.write(DIM, "", 1)
    first = project.ids(variants(project))
    project.undo()
    project.augment.write(DIM, "", 1)
    assert project.ids(variants(project)) == first
    assert (project.size, project.count) == (18, 24)
    assert project.row(first[0]) == 18


def test_draws_that_a_person_rejected_and_variants_that_nothing_was_done_to_are_left_out(project):
    rarely = Policy("Rarely", Modality.IMAGE, steps=(Step("dim", chance=0.5),))
    written = project.augment.write(rarely, "", 4, without=[(0, 0), (0, 1), (0, 2), (0, 3)])
    assert written.added + written.skipped == 20
    assert 0 < written.skipped < 20
    assert any("the policy left it as it was" in note for note in written.notes)
    assert not len(project.rows("augmented_from = 'train-0'"))


def test_a_file_that_cannot_be_read_is_told_and_the_rest_goes_in(project):
    project.media_path(2).write_bytes(b"no picture")
    written = project.augment.write(DIM, "", 2)
    assert (written.added, written.skipped) == (10, 2)
    assert any(note.startswith("2 variants left out: train-2: ") for note in written.notes)


@pytest.mark.parametrize("name", ["", "a\x07b"])
def test_a_policy_whose_name_says_nothing_in_the_history_is_refused(project, name):
    with pytest.raises(DataimpError, match="policy"):
        project.augment.write(Policy(name, Modality.IMAGE, steps=DIM.steps), "", 1)
    assert project.count == len(IDS)


def test_what_cannot_be_written_is_refused_and_leaves_nothing(project):
    with pytest.raises(DataimpError, match="6 examples of test were refused"):
        project.augment.write(DIM, "split = 'test'", 1)
    with pytest.raises(DataimpError, match="cannot be made"):
        project.augment.write(DIM, "", 0)
    with pytest.raises(DataimpError, match="for text"):
        project.augment.write(Policy("Shout", Modality.TEXT, steps=(Step("case"),)), "", 1)
    with pytest.raises(DataimpError, match="left it as it was"):
        project.augment.write(Policy("Nothing", Modality.IMAGE), "", 1)
    assert (project.size, project.history(), list((project.path / "objects").glob("*"))) == (12, [], [])


def test_a_cancelled_writing_leaves_nothing(project):
    progress = Progress()
    progress._report = lambda report: progress.cancel() if report.phase == "Writing examples" else None
    with pytest.raises(Cancelled):
        project.augment.write(DIM, "", 2, progress=progress)
    assert (project.count, project.history()) == (12, [])
    assert not [file for file in (project.path / "objects").rglob("*") if file.is_file()]
    assert [file.name for file in (project.path / "tables").glob("examples-*")] == ["examples-0001.parquet"]


def test_a_full_disk_is_said_and_leaves_nothing(project, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dataimp_gui.core.storage.objects.os.replace", full)
    with pytest.raises(ProjectError, match="No space left on device"):
        project.augment.write(DIM, "", 1)
    assert (project.count, project.history()) == (12, [])


def test_a_project_that_is_read_only_takes_none(folder):
    with dataimp_gui.open(folder, read_only=True) as project, pytest.raises(ProjectError, match="read-only"):
        project.augment.write(DIM, "", 1)


def test_statistics_and_another_run_cover_variants_and_edits_of_them_are_like_any(project, tmp_path):
    project.analysis.measure()
    project.augment.write(DIM, "", 1)
    assert not project.analysis.is_measured
    project.analysis.measure()
    bright = project.query.numbers("brightness")
    assert (bright[12:] < bright[:6]).all()
    rows = variants(project)
    project.tag(rows[:2], "odd")
    assert len(project.rows("'odd' in tags and augmented_draw = 0")) == 2
    lines = ["id,predicted", *(f"{id_},ring" for id_ in project.ids(project.rows()))]
    (tmp_path / "later.csv").write_text("\n".join(lines))
    assert project.add_run(tmp_path / "later.csv").covered == 18
    assert project.metrics("augmented_from is not null").n == 6


def test_a_run_finds_its_examples_though_others_went(project, tmp_path):
    project.augment.write(DIM, "split = 'train'", 1)
    project.undo()
    project.augment.write(DIM, "id = 'train-1'", 1)
    ids = project.ids(project.rows())
    (tmp_path / "named.csv").write_text("\n".join(["id,predicted", *(f"{id_},ring" for id_ in ids)]))
    summary = project.add_run(tmp_path / "named.csv")
    assert (summary.covered, summary.quarantined) == (13, 0)
    assert len(project.rows("predicted = 'ring'")) == 13
    shares = np.tile([[0.9, 0.1]], (13, 1))
    shares[-1] = [0.2, 0.8]
    np.save(tmp_path / "ordered.npy", shares)
    assert project.add_run(tmp_path / "ordered.npy").covered == 13
    assert project.ids(project.rows("predicted = 'ring'")) == [ids[-1]]
    np.save(tmp_path / "imported.npy", shares[1:])
    assert project.add_run(tmp_path / "imported.npy").covered == 12
    assert project.ids(project.rows("predicted = 'ring'")) == ["test-5"]
    np.save(tmp_path / "short.npy", shares[2:])
    with pytest.raises(FormatError, match="11 rows and the dataset 13 examples, 12 of them imported"):
        project.add_run(tmp_path / "short.npy")


def test_sounds_become_flac_of_their_whole_length(tmp_path):
    source = tmp_path / "source" / "train" / "hum"
    source.mkdir(parents=True)
    t = np.arange(8000 * 12) / 8000
    soundfile.write(source / "a.wav", np.stack([np.sin(440 * t), np.sin(220 * t)], 1) * 0.3, 8000, subtype="PCM_24")
    import_dataset(tmp_path / "source", tmp_path / "hums.dataimp", ImportOptions(), Progress())
    with dataimp_gui.open(tmp_path / "hums.dataimp") as project:
        policy = Policy("Quiet", Modality.AUDIO, steps=(Step("gain", ranges={"level": (-12, -12)}),))
        project.augment.write(policy, "", 1)
        found = soundfile.info(str(project.media_path(1)))
        assert (found.format, found.subtype, found.frames, found.channels) == ("FLAC", "PCM_24", 96_000, 2)
        assert project.query.values(["duration", "channels"], np.array([1])) == {"duration": [12.0], "channels": [2]}


def test_texts_are_kept_in_the_table(tmp_path):
    (tmp_path / "chats.csv").write_text("id,text,label\na,the bill is due,pay\nb,ÜBER ÄRGER,pay\nc,12 34,trip\n")
    import_dataset(tmp_path / "chats.csv", tmp_path / "chats.dataimp", ImportOptions(), Progress())
    with dataimp_gui.open(tmp_path / "chats.dataimp") as project:
        policy = Policy("Shout", Modality.TEXT, steps=(Step("case", choices={"kind": ("ALL CAPITALS",)}),))
        written = project.augment.write(policy, "", 1)
        assert (written.added, written.skipped) == (1, 2)
        found = project.query.example(3)
        assert (found.text, found.label, found.metadata["length"]) == ("THE BILL IS DUE", "pay", 15)
        assert found.metadata["augmented_from"] == "a"


def test_a_variant_that_lacks_a_step_or_a_word_is_none(tmp_path):
    (tmp_path / "chats.csv").write_text("id,text,label\na,the bill is due,pay\nb,!!!,pay\n")
    import_dataset(tmp_path / "chats.csv", tmp_path / "chats.dataimp", ImportOptions(), Progress())
    with dataimp_gui.open(tmp_path / "chats.dataimp") as project:
        always = {"share": (100, 100)}
        stripped = Policy("Stripped", Modality.TEXT, steps=(Step("lost_punctuation", ranges=always),))
        with pytest.raises(DataimpError, match="nothing was left of the text"):
            project.augment.write(stripped, "id = 'b'", 1)
        lacking = Policy("Lacking", Modality.TEXT, steps=(Step("case"), Step("synonyms")))
        with pytest.raises(DataimpError, match=r"Step 2, .*, has no "):
            project.augment.write(lacking, "", 1)
        assert project.count == 2


def test_columns_that_tell_places_are_empty_where_a_step_moves_what_lies_there(tmp_path):
    place = tmp_path / "source"
    place.mkdir()
    for name in "ab":
        Image.fromarray(np.full((8, 8, 3), 90, np.uint8)).save(place / f"{name}.png")
    rows = 'id,media,label,bbox,lamp,maximum\na,a.png,bar,"[1, 2, 3, 4]",3,9\nb,b.png,ring,"[0, 0, 5, 5]",4,8\n'
    (place / "data.csv").write_text(rows)
    import_dataset(place / "data.csv", tmp_path / "p.dataimp", ImportOptions(), Progress())
    with dataimp_gui.open(tmp_path / "p.dataimp") as project:
        turned = Policy("Turned", Modality.IMAGE, steps=(Step("rotate"),))
        made = project.augment.write(turned, "", 1)
        assert "Empty in the variants, because a step moves what it tells: bbox." in made.notes
        rows = project.rows("augmented_from is not null")
        assert project.query.values(["bbox", "lamp", "maximum"], rows) == {
            "bbox": [None, None],
            "lamp": [3, 4],
            "maximum": [9, 8],
        }
        made = project.augment.write(DIM, "", 1)
        assert made.notes == ()
        kept = project.query.values(["bbox"], project.rows("augmented_from is not null")[2:])["bbox"]
        assert None not in kept


def manifest(project, version):
    from dataimp_gui.core.engine import Engine, parquet

    engine = Engine()
    names = "id, origin, augmented_from, augmented_by, augmented_draw, label_by"
    found = engine.rows(f"SELECT {names} FROM {parquet(project.path / 'versions' / version / 'manifest.parquet')}")
    engine.close()
    return {row[0]: row[1:] for row in found}


def test_a_version_says_what_each_variant_was_made_of_and_counts_them(project):
    first = project.commit("as imported").version
    project.augment.write(DIM, "label = 'bar'", 2)
    assert project.diff("v1").counts["augmented"] == 6
    second = project.commit("with variants").version
    assert (second.examples, second.added, second.augmented) == (18, 6, 6)
    identity = content_id(DIM)
    found = manifest(project, "v2")
    assert found[f"train-2~{identity[:8]}-1"] == ("augmented", "train-2", identity, 1, "augmented")
    assert found["train-2"] == ("imported", None, None, None, "imported")
    document = (project.path / "versions" / "v2" / "version.json").read_text()
    assert f'"{identity}": {{' in document
    project.undo()
    assert project.diff("v2", "draft").counts["removed"] == 6
    third = project.commit("without").version
    assert (third.content, third.removed, third.augmented) == (first.content, 6, 0)
    assert len(manifest(project, "v3")) == 12


def test_the_content_id_tells_what_a_variant_was_made_of(folder, tmp_path):
    import shutil

    shutil.copytree(folder, tmp_path / "other.dataimp")
    contents = []
    for place, policy in ((folder, DIM), (tmp_path / "other.dataimp", DIM)):
        with dataimp_gui.open(place) as project:
            project.augment.write(policy, "id = 'train-1'", 1)
            contents.append(project.commit("x").version.content)
            project.relabel(variants(project), "bar")
            contents.append(project.commit("y").version.content)
    assert contents[0] == contents[2] != contents[1] == contents[3]


def test_restoring_a_version_brings_its_variants_back_and_takes_later_ones_away(project):
    first = project.commit("as imported").version
    project.augment.write(DIM, "id = 'train-1'", 1)
    project.undo()
    project.augment.write(DIM, "id = 'train-2'", 2)
    project.tag(variants(project)[:1], "odd")
    second = project.commit("with variants").version
    project.restore("v1")
    assert project.size == 12
    assert project.commit("again").version.content == first.content
    project.restore("v2")
    assert (project.size, project.rows("'odd' in tags").tolist()) == (14, [13])
    assert project.commit("and again").version.content == second.content
    project.undo()
    assert project.size == 12


def test_an_export_holds_the_files_of_variants_and_verifies(project, tmp_path):
    from dataimp_gui.core.versions.verify import verify

    project.augment.write(DIM, "id = 'train-1'", 1)
    project.undo()
    project.augment.write(DIM, "id = 'train-4'", 2)
    project.commit("with variants")
    exported = project.export("v1", tmp_path / "out", "class-folders")
    assert exported.examples == 14
    assert verify(tmp_path / "out", Progress()).ok
    files = [file for file in (tmp_path / "out").rglob("*.png") if "~" in file.name]
    assert len(files) == 2
    assert {file.parent.name for file in files} == {"bar"}
    frame = project.frame("v1")
    assert len(frame) == 14
    assert sorted(frame.augmented_from.dropna()) == ["train-4", "train-4"]
    assert project.gc().objects == 1  # of the variant that was undone for good


def test_the_gate_on_real_evaluation_data_sees_a_variant_that_was_moved_there(project):
    project.augment.write(DIM, "id = 'train-1'", 1)
    project.undo()
    project.augment.write(DIM, "id = 'train-2'", 1)
    project.commit("first")
    project.set_split(variants(project), "test")
    project.commit("second")
    read = [contents(project, name) for name in ("v1", "v2")]
    own = [gate("Real", content, frozen.freeze(*read)) for content in read]
    assert [each.result for each in own] == ["pass", "fail"]
    assert own[1].ids == (project.ids(variants(project))[0],)


def test_variants_can_be_left_out_of_an_export(project, tmp_path):
    project.augment.write(DIM, "label = 'ring'", 2)
    project.commit("first")
    whole = project.export("v1", tmp_path / "whole", "csv")
    plain = project.export("v1", tmp_path / "plain", "csv", without=["augmented"])
    assert (whole.examples, plain.examples) == (len(IDS) + 6, len(IDS))
    assert json.loads((tmp_path / "plain" / "manifest.json").read_text())["without"] == ["augmented"]
    assert "Without the augmented examples." in (tmp_path / "plain" / "DATACARD.md").read_text()
    with pytest.raises(DataimpError, match='"imported" cannot be left out'):
        project.export("v1", tmp_path / "none", "csv", without=["imported"])


def test_the_gate_on_leaks_sees_variants_of_an_example_that_became_one_to_be_judged_on(project):
    project.augment.write(DIM, "id = 'train-1'", 2)
    project.commit("first")
    project.set_split(np.array([1]), "test")
    project.commit("second")
    read = [contents(project, name) for name in ("v1", "v2")]
    assert gate("leak", read[0], frozen.freeze(read[0], read[0])).result == "pass"
    found = gate("leak", read[1], frozen.freeze(read[1], read[1]))
    assert (found.result, found.ids) == ("fail", tuple(project.ids(variants(project))))
    assert found.reason == "2 training examples are variants of an evaluation example."


def contents(project, version):
    classes = {name: code for code, name in enumerate(project.classes)}
    return frozen.read(manifests.read(project.path, registry.find(project.database, version)), classes)


def gate(word, content, judged):
    return next(each for each in gates.judge(gates.Gates(), (), content, judged) if word in each.gate)


def test_variants_are_no_issues_and_not_what_a_policy_is_measured_on(project):
    from dataimp_gui.core.model import IssueKind

    project.augment.write(DIM, "", 3)
    project.analysis.find_issues([IssueKind.DUPLICATE])
    assert project.analysis.counts() == {IssueKind.DUPLICATE: 0}
    assert not project.analysis.is_stale
    project.augment.write(DIM, "", 1)
    assert not project.analysis.is_stale
    from dataimp_gui.core.augmenting import measuring

    assert measuring.rows_of(project, "split = 'train'").tolist() == list(range(6))


def test_examples_whose_coming_was_undone_are_like_nothing(project):
    project.augment.write(DIM, "", 3)
    project.analysis.embed()
    near, _ = project.analysis.similar(np.array([0]), 3)
    assert (near >= 12).all()
    project.undo()
    near, _ = project.analysis.similar(np.array([0]), 3)
    assert (near < 12).all()
    assert len(near) == 3
    project.redo()
    assert (project.analysis.similar(np.array([0]), 3)[0] >= 12).all()
