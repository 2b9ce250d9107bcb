"""Policies in a project: saved, undone, previewed and measured against its test split."""

import numpy as np
import pytest
from PIL import Image

import dataimp_gui
from dataimp_gui.core.augment import operations
from dataimp_gui.core.augment.operations import Keeps, Operation
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.augmenting import keeping, seeing
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.model import Field, Modality
from dataimp_gui.errors import Cancelled, DataimpError, ProjectError
from dataimp_gui.progress import Progress


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """80 bright pictures to train on, 80 dim ones to be tested on; circles and bars."""
    root = tmp_path_factory.mktemp("lamps")
    rng = np.random.default_rng(4)
    for split, light in (("train", 1.0), ("test", 0.45)):
        for number in range(80):
            label = ("bar", "ring")[number % 2]
            y, x = np.indices((32, 32)) - rng.integers(13, 19, (2, 1, 1))
            far = np.hypot(x, y)
            shape = (np.abs(x) < 4) if label == "bar" else (far > 6) & (far < 11)
            levels = (np.where(shape, 220, rng.integers(90, 120)) + rng.normal(0, 3, (32, 32))) * light
            place = root / "source" / split / label
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8)).convert("RGB").save(place / f"{number}.png")
    import_dataset(root / "source", root / "lamps.dataimp", ImportOptions(), Progress())
    return root / "lamps.dataimp"


@pytest.fixture
def project(folder):
    with dataimp_gui.open(folder) as opened:
        yield opened


def policy(*steps, name="made"):
    return Policy(name, Modality.IMAGE, steps=steps)


DIM = Step("dim", ranges={"gain": (0.4, 0.5)})
NOISE = Step("pixel_noise")
COVERED = Step("patches", ranges={"size": (80, 80), "count": (20, 20)})


def test_saving_and_removing_are_edits_that_are_undone_also_after_opening_again(folder):
    with dataimp_gui.open(folder) as project:
        heard = []
        project.listen(heard.append)
        project.augment.save(policy(DIM))
        project.augment.save(policy(DIM, NOISE))
        assert [len(each.steps) for each in project.augment.saved()] == [2]
        project.augment.remove("made")
        assert project.augment.saved() == ()
        assert all(change.touches(Field.POLICY) and not len(change.rows) for change in heard)
    with dataimp_gui.open(folder) as again:
        assert again.undo().title == 'Undid: Removed the policy "made"'
        again.undo()
        assert again.augment.policy("made") == policy(DIM)
        again.undo()
        assert again.augment.saved() == ()
        with pytest.raises(DataimpError, match='There is no policy "made"'):
            again.augment.policy("made")


def test_a_policy_that_cannot_be_done_is_not_saved(project):
    with pytest.raises(DataimpError, match="goes backwards"):
        project.augment.save(policy(Step("dim", ranges={"gain": (0.9, 0.4)})))
    assert project.augment.saved() == ()


def test_nothing_is_saved_in_a_project_that_is_open_read_only(folder):
    with dataimp_gui.open(folder, read_only=True) as project, pytest.raises(ProjectError):
        project.augment.save(policy(DIM))


def test_a_preview_is_the_same_each_time_and_another_for_each_draw(project):
    loaded = project.augment.load(np.arange(3))
    first = project.augment.preview(policy(NOISE), loaded, draws=(0, 1))
    again = project.augment.preview(policy(NOISE), loaded, draws=(0, 1))
    assert [len(each) for each in first] == [2, 2, 2]
    assert all((a.value == b.value).all() for a, b in zip(first[0], again[0], strict=True))
    assert (first[0][0].value != first[0][1].value).any()
    assert loaded.values[0].shape == (32, 32)  # as its file has it: noise does not colour it


def test_a_policy_that_makes_the_light_of_the_test_split_closes_the_gap(project):
    found = project.augment.measure(policy(DIM))
    assert (found.n, found.n_target) == (80, 80)
    assert found.target == "split = 'test'"
    assert found.realism.overall.share > 0.8
    assert found.coverage[1] > found.coverage[0]
    assert [each.verdict for each in found.steps] == ["helps"]
    assert found.summary.startswith("Closes ")


def test_examples_of_the_target_are_not_varied(project):
    with pytest.raises(DataimpError, match="All examples to vary are of the target"):
        project.augment.measure(policy(DIM), "label = 'bar'", "label = 'bar'")


def test_no_step_helps_where_there_is_nothing_to_close(project):
    bright = Step("exposure", ranges={"stops": (1, 1)})
    dark = Step("exposure", ranges={"stops": (-1, -1)})
    some = ", ".join(repr(id_) for id_ in project.ids(project.rows("split = 'train'"))[::3])
    found = project.augment.measure(policy(bright, dark), target=f"id in ({some})")
    assert found.realism.is_closed_already
    assert "helps" not in [each.verdict for each in found.steps]


def test_steps_that_could_not_be_done_are_told_with_what_was_measured(project, monkeypatch):
    def fail(*_):
        raise ValueError("nothing there")

    broken = Operation("broken", "Broken", Modality.IMAGE, "None.", (), Keeps.LABEL, fail)
    known = {**operations.table(), "broken": broken}
    monkeypatch.setattr(operations, "table", lambda: known)
    found = project.augment.measure(policy(DIM, Step("broken")), steps=False)
    assert found.summary.startswith("Broken could not be done: nothing there (80 of 80). Closes ")


def test_pixel_noise_is_not_seen_in_the_target(project):
    found = project.augment.measure(policy(DIM, NOISE))
    assert [each.verdict for each in found.steps] == ["helps", "not seen in target"]


def test_where_training_looks_like_testing_there_is_nothing_to_close(project):
    some = ", ".join(repr(id_) for id_ in project.ids(project.rows("split = 'train'"))[::3])
    found = project.augment.measure(policy(DIM), target=f"id in ({some})", steps=False)
    assert found.realism.is_closed_already
    assert found.to_json()["realism"]["closed"] is None
    assert "nothing to close" in found.summary
    assert "further away" in found.summary


def test_a_target_of_five_is_too_few(project):
    with pytest.raises(DataimpError, match="The target has 5 examples that can be read"):
        project.augment.measure(policy(DIM), target=f"id in ({', '.join(repr(i) for i in project.ids(np.arange(5)))})")


def test_a_policy_for_sounds_is_refused(project):
    with pytest.raises(DataimpError, match="The policy is for audio, the project holds image"):
        project.augment.measure(Policy("loud", Modality.AUDIO))


def test_without_a_test_split_the_target_must_be_named(shirts):
    with dataimp_gui.open(shirts) as project:
        project.set_split(project.rows("split != 'train'"), "train")
        with pytest.raises(DataimpError, match="There is no target set"):
            _ = project.augment.target


def test_a_table_has_nothing_to_augment(shirts):
    with dataimp_gui.open(shirts) as project, pytest.raises(DataimpError, match="nothing to augment"):
        project.augment.load(np.arange(3))


def test_measuring_stops_when_it_is_cancelled(project):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        project.augment.measure(policy(DIM), progress=progress)


def test_what_was_measured_has_its_angles_and_the_curves_of_what_differs(project):
    found = project.augment.measure(policy(DIM), steps=False)
    assert next(each for each in found.angles if each.name == "texture").closed > 0.5
    assert found.densities[0].statistic in {each.name for each in found.statistics}


def test_models_that_agree_about_all_of_the_target_promise_one_half_of_two_classes_and_none_without_labels(project):
    assert project.augment.promise(policy(DIM)).value == pytest.approx(0.5, abs=0.02)
    assert project.augment.promise(policy(DIM), where="label = 'ring'").value == pytest.approx(0.5, abs=0.02)
    none = project.augment.promise(policy(DIM), where="id = 'none'")
    assert (none.value, none.reason) == (None, "Too few examples have a label to learn from.")


def test_where_the_project_has_a_network_in_use_it_looks_at_the_variants_too(folder, monkeypatch):
    monkeypatch.setattr(seeing, "MOST", 25)
    with dataimp_gui.open(folder) as project:
        project.analysis.embed("efficientnet-lite0")
        found = project.augment.measure(policy(DIM), steps=False)
        project.analysis.embed("gradients")
        plain = project.augment.measure(policy(DIM), steps=False)
    said = next(each for each in found.angles if each.name == "embedding")
    assert said.title == "Embedding (efficientnet-lite0)"
    assert said.closed > 0.3
    assert next(each for each in plain.angles if each.name == "embedding").title == "Embedding (built-in)"


def test_a_variant_that_shows_nothing_has_lost_its_label_and_a_dim_one_has_not(project):
    rows = project.rows("split = 'train'")[3::7]
    dim = project.augment.kept(policy(DIM), rows, draws=(0, 3))
    assert dim.score.shape == dim.is_lost.shape == (11, 2)
    assert (dim.rows == rows).all()
    assert not dim.is_lost.any()
    hidden = project.augment.kept(policy(COVERED), rows)
    assert hidden.is_lost.mean() > 0.3
    assert hidden.score.mean() < dim.score.mean()
    assert (dim.original > 0.5).all()


def test_the_model_learns_again_when_a_label_changes(project):
    augment = project.augment
    rows = project.rows("split = 'train'")
    before = augment.kept(policy(DIM), rows[:6])
    project.relabel(rows[6:40], "ring")
    after = augment.kept(policy(DIM), rows[:6])
    project.undo()
    assert (before.score != after.score).any()
    assert np.array_equal(augment.kept(policy(DIM), rows[:6]).score, before.score)


def test_a_model_that_only_guesses_marks_no_variant_as_lost(project):
    rows = project.rows("split = 'train'")
    order = np.random.default_rng(1).permutation(rows)
    project.relabel(order[:40], "ring")
    project.relabel(order[40:], "bar")
    found = project.augment.kept(policy(COVERED), rows[:8])
    project.undo()
    project.undo()
    assert np.isnan(found.score).all()
    assert not found.is_lost.any()


def test_what_is_to_be_looked_at_is_what_the_model_is_least_sure_of_in_each_class(project):
    found = project.augment.measure(policy(DIM), steps=False).to_check
    assert [each.score for each in found] == sorted(each.score for each in found)
    assert {each.label for each in found} == {"bar", "ring"}
    assert list(project.ids(np.array([each.row for each in found]))) == [each.id for each in found]


def test_a_verdict_is_an_edit_that_counts_and_is_undone(folder):
    with dataimp_gui.open(folder) as project:
        augment, given = project.augment, policy(DIM)
        first = augment.measure(given, steps=False)
        check = first.to_check[0]
        edit = augment.give_verdict(given, check.row, check.draw, False)
        assert edit.title == f"Said that variant 1 of {check.id} lost its label"
        assert augment.verdicts(given) == {(check.id, 0): False}
        assert augment.verdicts(policy(DIM, name="another name")) == {(check.id, 0): False}
        assert augment.verdicts(policy(DIM, NOISE)) == {}
        told = augment.measure(given, steps=False)
        assert told.kept.share < first.kept.share
        assert check not in told.to_check
        kept = augment.kept(given, np.array([check.row]))
        assert kept.is_lost.all()
        assert kept.said.tolist() == [[0]]
    with dataimp_gui.open(folder) as again:
        assert again.augment.verdicts(given) == {(check.id, 0): False}
        again.augment.give_verdict(given, check.row, 0, None)
        assert again.augment.verdicts(given) == {}
        again.undo()
        again.undo()
        assert again.augment.verdicts(given) == {}
        assert again.augment.measure(given, steps=False).kept == first.kept


def test_variants_that_look_like_the_target_make_a_model_better_on_it_than_none(project):
    found = project.augment.try_it(policy(DIM), slice_="label = 'ring'", seeds=3)
    assert (found.learned, found.overall.n) == (80, 80)
    assert found.overall.difference == pytest.approx(found.overall.with_variants - found.overall.without)
    assert found.overall.interval[0] <= found.overall.difference <= found.overall.interval[1]
    assert (found.slice_.n, found.rest.n) == (40, 40)
    nothing = project.augment.try_it(policy(), seeds=3)
    assert nothing.overall.difference == 0
    assert nothing.slice_ is None


def test_variants_of_a_part_are_tried_beside_all_that_there_is_to_learn_from(project):
    found = project.augment.try_it(policy(DIM), where="label = 'ring'", slice_="label = 'ring'", seeds=3)
    assert found.learned == 80  # not the rings alone, which would leave nothing to tell them from
    assert found.slice_.n == 40


def test_what_writing_comes_to_is_known_before_and_leaves_nothing_behind(project):
    before = set(project.path.rglob("*"))
    given = policy(DIM)
    row = int(project.rows("split = 'train'")[0])
    project.augment.give_verdict(given, row, 1, False)
    found = project.augment.estimate(given, "split = 'train' or split = 'test'")
    assert (len(found.chosen.rows), found.chosen.refused) == (80, 80)
    assert (found.count(1), found.count(4)) == (80, 80 * 4 - 1)
    assert found.seconds > 0
    assert found.size > 20
    assert {file.name for file in set(project.path.rglob("*")) - before} <= {"project.sqlite-wal", "project.sqlite-shm"}


def test_without_labels_nothing_can_be_tried(project):
    with pytest.raises(DataimpError, match="0 examples to learn from"):
        project.augment.try_it(policy(DIM), where="label = 'none such'")


def test_the_model_that_is_asked_about_labels_is_learned_once(project, monkeypatch):
    learned = []
    plain = keeping.Judge
    monkeypatch.setattr(keeping, "Judge", lambda *given: learned.append(1) or plain(*given))
    for _ in range(3):
        project.augment.kept(policy(DIM), np.arange(4))
    assert len(learned) == 1
