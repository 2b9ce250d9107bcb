"""Metrics against figures worked out by hand, a slow reference, and what must hold for any predictions."""

import json
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataimp_gui.core.metrics import MOST_CONFUSED, measure, wilson

CLASSES = ("bag", "coat", "shirt", "boot")


def codes(*values):
    return np.array(values, dtype=np.int32)


def test_a_small_case_gives_the_figures_worked_out_by_hand():
    labels, predicted = codes(0, 0, 0, 1, 1, 2), codes(0, 0, 1, 1, 2, 2)
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.9, 0.5], dtype=np.float32)

    found = measure(labels, predicted, confidence, CLASSES)

    assert (found.n, found.errors) == (6, 2)
    assert found.accuracy == pytest.approx(4 / 6)
    assert found.error_rate == pytest.approx(2 / 6)
    assert found.accuracy_ci == pytest.approx((0.29999, 0.90323), abs=1e-5)
    assert found.labels == ("bag", "coat", "shirt")
    assert found.confusion.tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]
    assert [c.label for c in found.per_class] == ["bag", "coat", "shirt"]
    assert [c.precision for c in found.per_class] == pytest.approx([1.0, 0.5, 0.5])
    assert [c.recall for c in found.per_class] == pytest.approx([2 / 3, 0.5, 1.0])
    assert [c.f1 for c in found.per_class] == pytest.approx([0.8, 0.5, 2 / 3])
    assert found.macro_f1 == pytest.approx((0.8 + 0.5 + 2 / 3) / 3)
    # bins of 1/15: {0.5}, {0.6}, {0.7}, {0.8}, {0.9, 0.9}
    assert found.ece == pytest.approx((0.5 + 0.4 + 0.7 + 0.2 + abs(1 - 1.8)) / 6, abs=1e-6)
    assert found.cost == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [  # Newcombe, Two-sided confidence intervals for the single proportion, Statist. Med. 1998, table I
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_wilson_interval_agrees_with_published_figures(hits, n, low, high):
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-5)


def test_an_interval_of_nothing_is_none():
    assert wilson(0, 0) is None


@given(st.integers(1, 10**9), st.floats(0, 1))
def test_the_interval_holds_its_rate_and_stays_between_0_and_1(n, share):
    hits = round(share * n)
    low, high = wilson(hits, n)
    assert 0.0 <= low <= hits / n <= high <= 1.0
    mirrored = wilson(n - hits, n)
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-9)


def test_no_rows_give_no_rates_and_no_nan():
    found = measure(codes(), codes(), np.array([], dtype=np.float32), CLASSES)
    assert found.to_json() == {
        "n": 0,
        "errors": 0,
        "accuracy": None,
        "accuracy_ci": None,
        "macro_f1": None,
        "ece": None,
        "cost": None,
        "per_class": [],
        "confusion": {"labels": [], "counts": []},
    }


def test_no_classes_and_no_predictions_are_counted_not_measured():
    found = measure(codes(-1, -1), codes(-1, -1), None, ())
    assert (found.n, found.unlabelled, found.unpredicted) == (0, 2, 0)
    found = measure(codes(0, 1, -1), codes(-1, -1, -1), None, CLASSES)
    assert (found.n, found.unlabelled, found.unpredicted, found.ece) == (0, 1, 2, None)


def test_rows_without_a_label_or_a_prediction_are_left_out_and_counted():
    found = measure(codes(0, -1, 1, 1), codes(0, 1, -1, 0), None, CLASSES)
    assert (found.n, found.errors, found.unlabelled, found.unpredicted) == (2, 1, 1, 1)
    assert found.accuracy == 0.5


def test_a_class_that_is_never_predicted_has_no_precision_and_counts_as_0_in_the_macro_f1():
    found = measure(codes(0, 1), codes(0, 0), None, CLASSES)
    never = found.per_class[1]
    assert (never.label, never.precision, never.recall, never.f1) == ("coat", None, 0.0, 0.0)
    assert found.macro_f1 == pytest.approx((2 / 3 + 0) / 2)


def test_a_class_that_is_only_predicted_has_no_recall_and_takes_part_in_the_macro_f1():
    found = measure(codes(0, 0), codes(0, 3), None, CLASSES)
    assert found.labels == ("bag", "boot")
    only_said = found.per_class[1]
    assert (only_said.n, only_said.precision, only_said.recall, only_said.f1) == (0, 0.0, None, 0.0)
    assert found.macro_f1 == pytest.approx((2 / 3 + 0) / 2)


def test_costs_of_named_confusions_replace_the_usual_one():
    labels, predicted = codes(0, 0, 1, 2), codes(0, 1, 0, 1)
    costs = {"bag": {"coat": 10.0, "nobody": 3.0}, "coat": {"bag": 0.25}, "ghost": {"bag": 99.0}}
    assert measure(labels, predicted, None, CLASSES, costs).cost == pytest.approx((0 + 10 + 0.25 + 1) / 4)


def test_a_correct_prediction_can_have_a_cost_too():
    assert measure(codes(0, 0), codes(0, 1), None, CLASSES, {"bag": {"bag": 0.5}}).cost == pytest.approx(0.75)


def test_examples_without_confidence_do_not_count_in_the_calibration():
    confidence = np.array([1.0, np.nan, 1.0], dtype=np.float32)
    found = measure(codes(0, 0, 0), codes(0, 1, 1), confidence, CLASSES)
    assert found.with_confidence == 2
    assert found.ece == pytest.approx(0.5)
    nothing = np.full(3, np.nan, dtype=np.float32)
    assert measure(codes(0, 0, 0), codes(0, 1, 1), nothing, CLASSES).ece is None


def test_perfectly_calibrated_predictions_have_no_calibration_error():
    confidence = np.full(10, 0.7, dtype=np.float32)
    predicted = codes(0, 0, 0, 0, 0, 0, 0, 1, 1, 1)
    assert measure(np.zeros(10, dtype=np.int32), predicted, confidence, CLASSES).ece == pytest.approx(0, abs=1e-6)


def test_the_json_holds_plain_values_only():
    found = measure(codes(0, 1), codes(0, 0), np.array([0.5, 0.5], dtype=np.float32), CLASSES).to_json()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert list(found) == (
        ["n", "errors", "accuracy", "accuracy_ci", "macro_f1", "ece", "cost", "per_class", "confusion"]
    )
    assert list(found["per_class"][0]) == ["label", "n", "precision", "recall", "f1"]


columns = st.lists(
    st.tuples(st.integers(-1, 3), st.integers(-1, 3), st.one_of(st.none(), st.floats(0, 1, width=32))), max_size=60
)


@given(columns)
@settings(max_examples=200, deadline=None)
def test_any_predictions_are_measured_as_a_loop_would(rows):
    labels, predicted = codes(*(row[0] for row in rows)), codes(*(row[1] for row in rows))
    confidence = np.array([math.nan if row[2] is None else row[2] for row in rows], dtype=np.float32)

    found = measure(labels, predicted, confidence, CLASSES)

    counted = [(label, said, sure) for label, said, sure in rows if label >= 0 and said >= 0]
    assert found.n == len(counted)
    assert found.errors == sum(label != said for label, said, _ in counted)
    assert found.n + found.unlabelled + found.unpredicted == len(rows)
    present = sorted({code for label, said, _ in counted for code in (label, said)})
    assert found.labels == tuple(CLASSES[code] for code in present)
    f1s = []
    for code, measured in zip(present, found.per_class, strict=True):
        hits = sum(label == said == code for label, said, _ in counted)
        have = sum(label == code for label, _, _ in counted)
        get = sum(said == code for _, said, _ in counted)
        assert measured.n == have
        assert measured.recall == (hits / have if have else None)
        assert measured.precision == (hits / get if get else None)
        f1s.append(2 * hits / (have + get))
    assert found.macro_f1 == (pytest.approx(sum(f1s) / len(f1s)) if f1s else None)
    assert found.confusion.sum() == found.n
    sure = [(label == said, float(np.float32(p))) for label, said, p in counted if p is not None]
    bins = {}
    for right, p in sure:
        bins.setdefault(max(0, math.ceil(p * 15) - 1), []).append(right - p)
    expected = sum(abs(sum(gaps)) for gaps in bins.values()) / len(sure) if sure else None
    assert found.ece == (pytest.approx(expected, abs=1e-9) if sure else None)


def test_as_many_classes_as_examples_do_not_make_a_square_of_them():
    n = 50_000
    labels = np.arange(n, dtype=np.int32)
    found = measure(labels, labels[::-1].copy(), None, [str(number) for number in range(n)])
    assert len(found.per_class) == n
    assert found.confusion.shape == (MOST_CONFUSED, MOST_CONFUSED)


def test_a_million_examples_are_measured_while_nobody_notices():
    rng = np.random.default_rng(3)
    labels = rng.integers(-1, 10, 1_000_000, dtype=np.int32)
    predicted = np.where(rng.random(1_000_000) < 0.8, labels, 3).astype(np.int32)
    confidence = rng.random(1_000_000, dtype=np.float32)
    took = []
    for _ in range(3):
        start = time.perf_counter()
        found = measure(labels, predicted, confidence, [str(number) for number in range(10)])
        took.append(time.perf_counter() - start)
    assert found.n > 900_000
    assert min(took) < 1.0  # 0.05 s on two free cores
