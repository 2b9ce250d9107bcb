"""A map keeps together what is alike, shows itself on the way, and takes in new examples without moving the others."""

import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pytest

from dataimp_gui.core.features import projection
from dataimp_gui.core.features.projection import pca, place, project
from dataimp_gui.errors import Cancelled
from dataimp_gui.progress import Progress

Floats = npt.NDArray[np.float32]


def groups(count: int, dims: int = 16, seed: int = 0) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Vectors of length 1 in five groups, and the group of each."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 5, count)
    vectors = 3 * np.random.default_rng(99).standard_normal((5, dims))[group] + rng.standard_normal((count, dims))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), group


def share_beside_its_group(layout: Floats, group: npt.NDArray[np.int64]) -> float:
    """How many of the examples have one of their own group as the nearest on the map."""
    apart = np.linalg.norm(layout[:, None] - layout[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    return float(np.mean(group[apart.argmin(axis=1)] == group))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "PHASES", (("first", 50, 12.0), ("second", 100, 1.0)))


def test_pca_is_that_of_the_singular_value_decomposition() -> None:
    rng = np.random.default_rng(0)
    vectors = (rng.standard_normal((700, 40)) * np.geomspace(3, 0.1, 40) + 5).astype(np.float32)
    centred = vectors - vectors.mean(axis=0)
    axes = np.linalg.svd(centred.astype(np.float64), full_matrices=False)[2][:2]
    axes *= np.sign(axes[[0, 1], np.abs(axes).argmax(axis=1)])[:, None]
    np.testing.assert_allclose(pca(vectors), centred @ axes.T, atol=2e-3)


def test_pca_leaves_out_rows_that_are_not_finite() -> None:
    vectors = groups(100)[0]
    vectors[[4, 50]] = np.nan
    flat = pca(vectors)
    assert np.flatnonzero(np.isnan(flat).any(axis=1)).tolist() == [4, 50]
    np.testing.assert_allclose(np.delete(flat, [4, 50], axis=0), pca(np.delete(vectors, [4, 50], axis=0)), atol=1e-5)


@pytest.mark.parametrize("shape", [(0, 5), (1, 5), (3, 1), (20, 1)])
def test_pca_of_little_is_finite(shape: tuple[int, int]) -> None:
    flat = pca(np.ones(shape, np.float32))
    assert flat.shape == (shape[0], 2)
    np.testing.assert_allclose(flat, 0, atol=1e-6)


def test_vectors_without_columns_have_no_place() -> None:
    assert np.isnan(project(np.zeros((12, 0), np.float32), Progress())).all()


@pytest.mark.usefixtures("quick")
def test_the_map_shows_principal_components_first_and_then_moves_step_by_step() -> None:
    vectors, group = groups(300)
    steps: list[Floats] = []
    layout = project(vectors, Progress(), steps.append)
    np.testing.assert_array_equal(steps[0], pca(vectors))
    assert len(steps) == 1 + 150 / projection.STEP
    np.testing.assert_array_equal(steps[-1], layout)
    assert len({step.tobytes() for step in steps}) == len(steps)
    assert layout.dtype == np.float32
    assert share_beside_its_group(layout, group) > 0.99


@pytest.mark.usefixtures("quick")
def test_the_same_vectors_give_the_same_map() -> None:
    vectors = groups(200)[0]
    np.testing.assert_array_equal(project(vectors, Progress()), project(vectors, Progress()))


@pytest.mark.usefixtures("quick")
def test_examples_without_a_vector_have_no_place() -> None:
    vectors = groups(120)[0]
    vectors[7], vectors[9] = np.nan, 0
    steps: list[Floats] = []
    layout = project(vectors, Progress(), steps.append)
    for each in (*steps, layout):
        assert np.flatnonzero(np.isnan(each).any(axis=1)).tolist() == [7, 9]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("count", [0, 1, 2, 9, 11, 40])
def test_constant_and_few_vectors_have_a_map(count: int) -> None:
    layout = project(np.full((count, 4), 0.5, np.float32), Progress())
    assert layout.shape == (count, 2)
    assert np.isfinite(layout).all()


def test_cancel_stops_between_iterations() -> None:
    progress = Progress()
    steps: list[Floats] = []

    def look(layout: Floats) -> None:
        steps.append(layout)
        if len(steps) == 3:
            progress.cancel()

    with pytest.raises(Cancelled):
        project(groups(200)[0], progress, look)
    assert len(steps) == 3


@pytest.mark.usefixtures("quick")
def test_of_many_examples_a_sample_is_laid_out_and_the_others_are_placed_among_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(projection, "FITTED", 200)
    vectors, group = groups(900)
    steps: list[Floats] = []
    layout = project(vectors, Progress(), steps.append)
    assert all(np.isfinite(step).all() for step in steps)
    assert share_beside_its_group(layout, group) > 0.98


@pytest.mark.usefixtures("quick")
def test_new_examples_are_placed_near_their_like_and_the_others_stay() -> None:
    vectors, group = groups(400)
    layout = project(vectors[:300], Progress())
    wider = np.concatenate([layout, np.full((100, 2), np.nan, np.float32)])
    vectors[310] = np.nan
    vectors[311] = vectors[5]
    placed = place(wider, vectors, Progress())
    np.testing.assert_array_equal(placed[:300], layout)
    assert np.isnan(placed[310]).all()
    kept = np.delete(np.arange(400), 310)
    assert share_beside_its_group(placed[kept], group[kept]) > 0.98
    extent = np.ptp(layout, axis=0).max()
    assert np.linalg.norm(placed[311] - layout[5]) < 0.05 * extent
    assert np.isnan(wider[300:]).all()  # the given layout is not written to


def test_nothing_is_placed_where_nothing_lies_yet() -> None:
    assert np.isnan(place(np.full((5, 2), np.nan, np.float32), groups(5)[0], Progress())).all()


def test_a_map_is_imported_only_when_it_is_laid_out() -> None:
    code = (
        "import sys, dataimp_gui.core.features.projection; print({'openTSNE', 'sklearn', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
