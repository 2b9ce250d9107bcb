"""Nearest neighbours are those that comparing every pair in float64 gives, whatever the input looks like."""

import numpy as np
import numpy.typing as npt
import pytest

from dataimp_gui.core.features import approximate, exact
from dataimp_gui.core.features import neighbours as module
from dataimp_gui.core.features.neighbours import neighbours, similar
from dataimp_gui.errors import Cancelled
from dataimp_gui.progress import Progress, Report

Floats = npt.NDArray[np.float32]


def clustered(count: int, dims: int, seed: int = 0) -> Floats:
    """Vectors in the order of their clusters, as a dataset that is sorted by class gives them."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((20, dims))
    return (centres[np.sort(rng.integers(0, 20, count))] + rng.standard_normal((count, dims))).astype(np.float32)


def cosines(vectors: npt.NDArray[np.floating], others: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    one, other = vectors.astype(np.float64), others.astype(np.float64)
    one /= np.linalg.norm(one, axis=1, keepdims=True)
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    return np.asarray(one @ other.T, np.float64)


@pytest.mark.parametrize(("count", "dims", "k"), [(4200, 16, 10), (2000, 3, 1), (300, 50, 40), (1100, 8, 100)])
def test_neighbours_are_those_of_comparing_every_pair(count: int, dims: int, k: int) -> None:
    vectors = clustered(count, dims)
    truth = cosines(vectors, vectors)
    np.fill_diagonal(truth, -2)
    nearest = np.argsort(-truth, axis=1)[:, :k]
    found = neighbours(vectors, k)
    assert found.rows.dtype == np.int64
    assert found.similarity.dtype == np.float32
    np.testing.assert_allclose(found.similarity, np.take_along_axis(truth, nearest, axis=1), atol=3e-6)
    np.testing.assert_allclose(np.take_along_axis(truth, found.rows, axis=1), found.similarity, atol=1e-6)
    assert (np.diff(found.similarity, axis=1) <= 0).all()
    assert all(len(set(line)) == k for line in found.rows.tolist())


def test_the_length_of_a_vector_and_its_type_change_nothing() -> None:
    vectors = clustered(500, 12)
    once = neighbours(vectors, 5)
    lengths = np.random.default_rng(1).uniform(1e-3, 1e3, (500, 1))
    scaled = neighbours(vectors.astype(np.float64) * lengths, 5)
    half = neighbours(vectors.astype(np.float16), 5)
    np.testing.assert_array_equal(once.rows, scaled.rows)
    np.testing.assert_allclose(half.similarity, once.similarity, atol=2e-3)


def test_fewer_examples_than_neighbours_leave_the_rest_empty() -> None:
    found = neighbours(np.eye(3, 4, dtype=np.float32) + 0.1, 5)
    assert (found.rows[:, :2] >= 0).all()
    assert (found.rows[:, 2:] == -1).all()
    assert np.isnan(found.similarity[:, 2:]).all()


@pytest.mark.parametrize("count", [0, 1])
def test_one_example_or_none_has_no_neighbours(count: int) -> None:
    found = neighbours(np.ones((count, 4), np.float32), 3)
    assert found.rows.shape == found.similarity.shape == (count, 3)
    assert (found.rows == -1).all()
    assert np.isnan(found.similarity).all()


def test_rows_without_a_direction_have_no_neighbours_and_are_nobodys() -> None:
    vectors = clustered(200, 6)
    vectors[3], vectors[50, 2], vectors[120] = np.nan, np.inf, 0
    found = neighbours(vectors, 4)
    for row in (3, 50, 120):
        assert (found.rows[row] == -1).all()
        assert not (found.rows == row).any()
    whole = np.setdiff1d(np.arange(200), [3, 50, 120])
    np.testing.assert_array_equal(found.rows[whole], whole[neighbours(vectors[whole], 4).rows])


def test_vectors_without_columns_or_all_missing_give_nothing() -> None:
    assert (neighbours(np.zeros((4, 0), np.float32), 2).rows == -1).all()
    assert (neighbours(np.full((4, 3), np.nan, np.float32), 2).rows == -1).all()


@pytest.mark.parametrize("count", [30, 4200])
def test_equal_vectors_find_each_other_in_the_order_of_rows_and_never_themselves(count: int) -> None:
    found = neighbours(np.full((count, 7), 0.3, np.float32), 3)
    np.testing.assert_array_equal(found.rows[[0, 1, 2, 3, -1]], [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [0, 1, 2]])
    np.testing.assert_allclose(found.similarity, 1, atol=1e-6)


def test_a_duplicate_is_the_nearest_and_the_example_itself_is_left_out() -> None:
    vectors = clustered(5000, 16)
    vectors[4800] = vectors[17]
    found = neighbours(vectors, 2)
    assert found.rows[17, 0] == 4800
    assert found.rows[4800, 0] == 17
    assert not (found.rows == np.arange(5000)[:, None]).any()


def test_other_vectors_can_ask_and_find_also_their_equals() -> None:
    vectors = clustered(3000, 10)
    asked = np.concatenate([vectors[[5, 900]], clustered(3, 10, seed=7), np.full((1, 10), np.nan, np.float32)])
    found = neighbours(vectors, 4, query=asked)
    np.testing.assert_array_equal(found.rows[:2, 0], [5, 900])
    np.testing.assert_array_equal(found.rows[:5], np.argsort(-cosines(asked[:5], vectors), axis=1)[:, :4])
    assert (found.rows[5] == -1).all()


def test_cancel_stops_between_blocks() -> None:
    progress = Progress(lambda report: progress.cancel() if report.done else None)
    with pytest.raises(Cancelled):
        neighbours(clustered(10_000, 4), 3, progress)


def test_progress_counts_the_examples() -> None:
    reports: list[Report] = []
    neighbours(clustered(3000, 4), 3, Progress(reports.append))
    assert (reports[-1].done, reports[-1].total) == (3000, 3000)


def test_beyond_the_limit_nearly_all_true_neighbours_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = clustered(10_000, 16)
    vectors[7] = np.nan
    truth = neighbours(vectors, 10)
    monkeypatch.setattr(module, "EXACT_UP_TO", 1000)
    phases: list[str] = []
    found = neighbours(vectors, 10, Progress(lambda report: phases.append(report.phase)))
    assert any("Dividing" in phase for phase in phases)
    known = truth.rows[:, 0] >= 0
    recall = np.mean(found.similarity[known] >= truth.similarity[known, -1:] - 1e-6)
    assert recall >= 0.95
    assert not (found.rows == np.arange(10_000)[:, None]).any()
    assert (found.rows[7] == -1).all()
    np.testing.assert_array_equal(found.rows, neighbours(vectors, 10).rows)  # the same every time


def test_the_approximate_search_copes_with_masses_of_equals_and_with_queries_from_outside() -> None:
    vectors = clustered(4000, 8)
    vectors[1000:3000] = vectors[0]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    own = np.arange(4000)
    found = approximate.nearest(vectors, vectors, 5, Progress(), own=own)
    assert not (found == own[:, None]).any()
    assert np.isin(found[1000:3000], np.r_[0, 1000:3000]).all()
    asked = vectors[[10, 700, 3900]]
    np.testing.assert_array_equal(
        np.sort(approximate.nearest(vectors, asked, 1, Progress())),
        np.sort(exact.nearest(vectors, asked, 1, Progress())),
    )


def unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_similar_gives_the_nearest_to_one_example_without_itself() -> None:
    vectors = unit(clustered(2000, 9))
    vectors[4] = np.nan
    rows, similarity = similar(vectors, np.array([11]), 6)
    truth = vectors.astype(np.float64) @ vectors[11]
    truth[[4, 11]] = -2
    np.testing.assert_array_equal(rows, np.argsort(-truth)[:6])
    np.testing.assert_allclose(similarity, np.sort(truth)[::-1][:6], atol=1e-6)


def test_similar_to_several_is_the_mean_of_their_cosines() -> None:
    vectors = unit(clustered(500, 9))
    asked = np.array([3, 40, 77])
    rows, similarity = similar(vectors, asked, 1000)
    assert len(rows) == 497
    assert not np.isin(asked, rows).any()
    np.testing.assert_allclose(similarity, (vectors[rows] @ vectors[asked].T).mean(axis=1), atol=1e-6)


def test_similar_to_examples_without_a_vector_is_nothing() -> None:
    vectors = unit(clustered(10, 3))
    vectors[2] = np.nan
    for rows in (np.array([2]), np.zeros(0, np.int64)):
        found, similarity = similar(vectors, rows, 3)
        assert len(found) == len(similarity) == 0
    found, _ = similar(vectors, np.array([2, 5]), 3)
    assert len(found) == 3


def test_similar_puts_equals_in_the_order_of_rows() -> None:
    vectors = np.full((50, 4), 0.5, np.float32)
    assert similar(vectors, np.array([1]), 3)[0].tolist() == [0, 2, 3]
