"""Wrong labels are found, explained and ranked, with whatever evidence there is."""

import numpy as np
import pytest

from dataimp_gui.core.features.neighbours import Neighbours
from dataimp_gui.core.issues.findings import Evidence, Findings
from dataimp_gui.core.issues.label import LISTED, detect
from dataimp_gui.core.issues.label_scores import scores
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import Cancelled
from dataimp_gui.progress import Progress

CLASSES = ("Coat", "Shirt", "Bag")


def made(count=600, wrong=30, seed=0, spread=0.25, classes=3):
    """Blobs on a sphere, some with a wrong label: vectors, labels, the true labels."""
    generator = np.random.default_rng(seed)
    true = np.arange(count) % classes
    centres = np.eye(max(classes, 8), dtype=np.float32)[:classes]
    vectors = centres[true] + generator.normal(0, spread, (count, centres.shape[1]))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = true.copy()
    flipped = generator.choice(count, wrong, replace=False)
    labels[flipped] = (true[flipped] + generator.integers(1, classes, wrong)) % classes
    return vectors.astype(np.float32), labels.astype(np.int32), true


def predicted(true, classes=3, seed=1, sharpness=3.0):
    """Probabilities of a model that knows the true class rather well, and nothing of the labels."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 1, (len(true), classes))
    logits[np.arange(len(true)), true] += sharpness
    raised = np.exp(logits)
    return (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)


def evidence(labels, classes=CLASSES, **more):
    n = len(labels)
    given = {"excluded": np.zeros(n, bool), "splits": np.full(n, -1, np.int32), **more}
    return Evidence(modality=Modality.IMAGE, labels=np.asarray(labels, np.int32), classes=classes, **given)


def found(*args, **more) -> Findings:
    return detect(evidence(*args, **more), Progress())


def recall_and_precision(findings, labels, true):
    wrong = set(np.flatnonzero(labels != true).tolist())
    hits = wrong & set(findings.rows.tolist())
    return len(hits) / len(wrong), len(hits) / max(len(findings), 1)


def test_finds_the_wrong_labels_from_an_embedding_alone_and_suggests_the_true_ones():
    vectors, labels, true = made()
    findings = found(labels, embedding=vectors)
    recall, precision = recall_and_precision(findings, labels, true)
    assert recall >= 0.9
    assert precision >= 0.8
    hits = (labels != true)[findings.rows]
    assert (findings.suggested == true[findings.rows])[hits].mean() > 0.95
    assert findings.fix == "relabel"
    assert findings.warnings == ()


def test_finds_them_from_predictions_alone():
    _, labels, true = made(count=2000, wrong=100)
    findings = found(labels, probabilities=predicted(true, sharpness=6))
    recall, precision = recall_and_precision(findings, labels, true)
    assert recall >= 0.8
    assert precision >= 0.8
    assert (findings.suggested == true[findings.rows])[(labels != true)[findings.rows]].mean() > 0.9


def test_both_together_rank_better_than_either():
    vectors, labels, true = made(count=1500, wrong=75, spread=0.5)
    probabilities = predicted(true)

    def ranked(**known):
        """The share of the wrong labels among as many that look worst."""
        worst = np.argsort(-scores(evidence(labels, **known), Progress()).score)[:75]
        return (labels != true)[worst].mean()

    both = ranked(embedding=vectors, probabilities=probabilities)
    assert both > ranked(embedding=vectors) + 0.02
    assert both > ranked(probabilities=probabilities) + 0.02


def test_severity_is_the_chance_that_the_label_is_wrong():
    vectors, labels, true = made(count=4000, wrong=200, spread=0.45)
    judged = scores(evidence(labels, embedding=vectors, probabilities=predicted(true)), Progress())
    wrong = labels != true
    assert judged.severity.sum() == pytest.approx(200, rel=0.25)
    apart = 0.0
    for low in np.arange(10) / 10:
        there = (judged.severity >= low) & (judged.severity < low + 0.1 + (low == 0.9))
        if there.any():
            apart += there.mean() * abs(float(judged.severity[there].mean()) - wrong[there].mean())
    assert apart < 0.015  # the expected calibration error; of a constant 0.05 it would be 0, so:
    sure = judged.severity >= 0.8
    assert sure.sum() > 100
    assert wrong[sure].mean() == pytest.approx(judged.severity[sure].mean(), abs=0.08)


def test_a_useless_run_does_no_harm():
    vectors, labels, true = made()
    noise = np.random.default_rng(3).dirichlet(np.ones(3), len(labels)).astype(np.float32)
    recall, precision = recall_and_precision(found(labels, embedding=vectors, probabilities=noise), labels, true)
    assert recall >= 0.9
    assert precision >= 0.8


def test_where_hardly_a_label_is_wrong_the_better_run_is_asked_alone():
    vectors, labels, true = made(count=4000, wrong=0, spread=0.7)
    probabilities = predicted(true, sharpness=8)
    both, alone = (
        scores(evidence(labels, probabilities=probabilities, embedding=known), Progress()) for known in (vectors, None)
    )
    assert np.array_equal(both.score, alone.score)
    vectors, labels, true = made(count=4000, wrong=200, spread=0.7)
    both, alone = (
        scores(evidence(labels, probabilities=probabilities, embedding=known), Progress()) for known in (vectors, None)
    )
    assert not np.array_equal(both.score, alone.score)


def test_says_why_in_one_sentence_of_facts():
    vectors, labels, true = made()
    probabilities = predicted(true)
    findings = found(labels, embedding=vectors, probabilities=probabilities)
    row, reason = findings.rows[0], findings.reasons[0]
    nearest = np.argsort(-(vectors @ vectors[row]), kind="stable")[1:11]
    better = CLASSES[findings.suggested[0]]
    assert (
        f"{(labels[nearest] == findings.suggested[0]).sum()} of its 10 nearest neighbours are {better}; the model"
        in reason
    )
    assert (
        f"{CLASSES[labels[row]]} {round(float(probabilities[row, labels[row]]) * 100)}%" in reason
        or "less than" in reason
    )
    assert reason.endswith(".")
    assert reason[0].isupper() or reason[0].isdigit()
    alone = found(labels, embedding=vectors)
    assert "a cross-validated model gives" in alone.reasons[0]


def test_lists_the_worst_first_and_an_example_once():
    vectors, labels, _ = made()
    findings = found(labels, embedding=vectors)
    assert len(findings) > 10
    assert (np.diff(findings.score) <= 0).all()
    assert len(set(findings.rows.tolist())) == len(findings) == len(findings.reasons)
    assert ((findings.severity >= LISTED) & (findings.severity <= 1)).all()
    assert ((findings.score > 0) & (findings.score <= 1)).all()
    assert (findings.suggested != labels[findings.rows]).all()


def test_says_the_same_when_asked_again():
    vectors, labels, true = made()
    one, two = (found(labels, embedding=vectors, probabilities=predicted(true)) for _ in range(2))
    assert one.rows.tolist() == two.rows.tolist()
    assert one.severity.tolist() == two.severity.tolist()
    assert one.reasons == two.reasons


def test_says_nothing_of_excluded_and_unlabelled_examples_and_does_not_learn_from_them():
    vectors, labels, true = made()
    wrong = np.flatnonzero(labels != true)
    excluded = np.zeros(len(labels), bool)
    excluded[wrong[:10]] = True
    labels[wrong[10:15]] = -1
    findings = found(labels, embedding=vectors, excluded=excluded)
    assert not set(wrong[:15]) & set(findings.rows)
    assert set(wrong[15:]) & set(findings.rows)

    excluded = np.arange(len(labels)) % 2 == 1
    spoiled = labels.copy()
    spoiled[excluded] = 0
    before, after = (found(each, embedding=vectors, excluded=excluded) for each in (labels, spoiled))
    assert before.rows.tolist() == after.rows.tolist()
    assert before.severity.tolist() == after.severity.tolist()


def test_a_group_cannot_vouch_for_itself():
    # each example is there four times, under one group, with one label: a copy must not confirm the label of another
    vectors, labels, true = made(count=300, wrong=20)
    vectors, labels, true = (np.repeat(each, 4, axis=0) for each in (vectors, labels, true))
    groups = (np.arange(len(labels)) // 4).astype(np.int32)
    recall, _ = recall_and_precision(found(labels, embedding=vectors, groups=groups), labels, true)
    assert recall >= 0.8
    blind, _ = recall_and_precision(found(labels, embedding=vectors), labels, true)
    assert recall > blind


def test_examples_without_a_prediction_or_without_a_vector_are_judged_by_what_there_is():
    vectors, labels, true = made(count=1200, wrong=60)
    probabilities = predicted(true, sharpness=6)
    probabilities[:400] = np.nan
    vectors[400:800] = np.nan
    probabilities[1100:], vectors[1100:] = np.nan, np.nan
    findings = found(labels, embedding=vectors, probabilities=probabilities)
    wrong = labels != true
    for start in (0, 400, 800):
        part = np.flatnonzero(wrong[start : min(start + 400, 1100)]) + start
        assert np.isin(part, findings.rows).mean() >= 0.6
    assert not (findings.rows >= 1100).any()


def test_a_run_is_not_asked_about_classes_that_it_does_not_know():
    vectors, labels, true = made()
    probabilities = predicted(true)
    probabilities[:, 2] = 0
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    findings = found(labels, embedding=vectors, probabilities=probabilities)
    right = (labels == 2) & (true == 2)
    assert not right[findings.rows].any()
    assert (labels != true)[findings.rows].sum() >= 20
    only = found(labels, probabilities=probabilities)
    assert not (labels[only.rows] == 2).any()


def test_probabilities_of_a_model_that_learned_the_labels_are_told_and_left_out():
    vectors, labels, true = made(count=1000, wrong=60)
    learned = predicted(labels, sharpness=9)
    findings = found(labels, embedding=vectors, probabilities=learned, run_name="resnet")
    assert len(findings.warnings) == 1
    assert findings.warnings[0].startswith("The probabilities of resnet look in-sample")
    recall, precision = recall_and_precision(findings, labels, true)
    assert recall >= 0.75
    assert precision >= 0.8
    assert "the model gives" not in findings.reasons[0]


def test_probabilities_of_a_model_that_did_not_see_them_are_not_suspected():
    for wrong in (0, 10, 60):
        vectors, labels, true = made(count=1000, wrong=wrong)
        for sharpness in (3, 6, 9):
            probabilities = predicted(true, sharpness=sharpness)
            assert found(labels, embedding=vectors, probabilities=probabilities).warnings == ()
            assert found(labels, probabilities=probabilities).warnings == ()


def test_a_flawless_model_that_doubts_itself_is_suspected_without_an_embedding_too():
    _, labels, _ = made(count=1000, wrong=60)
    sure = np.full((1000, 3), 0.1, np.float32)
    sure[np.arange(1000), labels] = 0.8
    findings = found(labels, probabilities=sure)
    assert (
        "they miss the label of 0 of 1,000 examples, where their own confidence admits 200 errors"
        in findings.warnings[0]
    )


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 12])
def test_copes_with_very_few_examples(count):
    vectors, labels, true = made(count=count, wrong=0)
    probabilities = predicted(true, sharpness=4)
    for known in ({"embedding": vectors}, {"probabilities": probabilities}, {}):
        assert len(found(labels, **known)) == 0
    assert len(found(labels, embedding=vectors, probabilities=probabilities)) == 0


def test_copes_with_one_class():
    vectors, labels, _ = made(wrong=0)
    labels[:] = 0
    assert len(found(labels, classes=("Coat",), embedding=vectors, probabilities=np.ones((600, 1), np.float32))) == 0
    assert len(found(labels, embedding=vectors)) == 0


def test_copes_with_a_class_of_one_example():
    vectors, labels, _ = made(wrong=0, classes=2)
    labels[5] = 2
    vectors[5] = np.eye(8, dtype=np.float32)[7]  # like no other
    assert 5 not in found(labels, embedding=vectors).rows


@pytest.mark.parametrize("spoil", ["constant", "nan", "zero"])
def test_copes_with_an_embedding_that_says_nothing(spoil):
    _, labels, true = made(count=900, wrong=45)
    vectors = np.full((900, 4), {"constant": 0.5, "nan": np.nan, "zero": 0}[spoil], np.float32)
    assert len(found(labels, embedding=vectors)) == 0
    findings = found(labels, embedding=vectors, probabilities=predicted(true, sharpness=6))
    assert recall_and_precision(findings, labels, true)[0] >= 0.7


def test_copes_with_a_thousand_classes():
    generator = np.random.default_rng(0)
    true = np.repeat(np.arange(1000), 4)
    centres = generator.normal(size=(1000, 32))
    vectors = centres[true] + generator.normal(0, 0.35, (4000, 32))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    labels = true.astype(np.int32)
    flipped = generator.choice(4000, 100, replace=False)
    labels[flipped] = generator.integers(0, 1000, 100)
    names = tuple(f"c{code}" for code in range(1000))
    worst = np.argsort(-np.nan_to_num(scores(evidence(labels, names, embedding=vectors), Progress()).score))[:100]
    assert (labels != true)[worst].mean() >= 0.8


def test_uses_the_neighbours_that_are_there():
    _, labels, true = made(count=300, wrong=15)
    others = np.array([np.setdiff1d(np.flatnonzero(true == each), [row])[:10] for row, each in enumerate(true)])
    near = Neighbours(others, np.full(others.shape, 0.9, np.float32))
    recall, _ = recall_and_precision(found(labels, neighbours=near), labels, true)
    assert recall >= 0.6


def test_can_be_cancelled():
    vectors, labels, _ = made()
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        detect(evidence(labels, embedding=vectors), progress)
