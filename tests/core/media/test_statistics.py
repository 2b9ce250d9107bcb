"""Statistics of many media at once: in order, in workers, with a reason for each that fails, and documented."""

import re
import runpy
from pathlib import Path

import cv2
import numpy as np
import pytest

from dataimp_gui.core.compute import Workers
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media.statistics import STATISTICS, batch, measure, measure_all
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import Cancelled
from dataimp_gui.progress import Progress

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs" / "statistics.md"


@pytest.fixture(scope="module")
def pool():
    with Workers(2) as workers:
        yield workers


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """120 pictures of three sizes; their red is their number."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    paths = []
    for number in range(120):
        side = (24, 40, 64)[number % 3]
        pixels = rng.integers(0, 256, (side, side, 3)).astype(np.uint8)
        pixels[:, :, 2] = number  # OpenCV's order: blue, green, red
        paths.append(folder / f"{number:03d}.png")
        cv2.imwrite(str(paths[-1]), pixels)
    return paths


def assert_same(found, expected):
    for name, column in expected.items():
        if isinstance(column, list):
            assert found[name] == column
        else:
            np.testing.assert_allclose(found[name], column, rtol=2e-5, atol=1e-5, err_msg=name)


def test_many_are_measured_as_one_is_in_their_order(pool, pictures):
    found = measure_all(pictures, Modality.IMAGE, pool=pool)
    singly = [measure(path, Modality.IMAGE) for path in pictures]
    assert_same(found.columns, {name: np.array([one[name] for one in singly]) for name in found.columns})
    assert found.failed == {}
    assert found.has_signature.all()
    assert found.signatures.tolist() == [one["signature"] for one in singly]


def test_what_cannot_be_measured_has_a_reason_and_costs_only_itself(pool, pictures, tmp_path):
    broken, text, huge = tmp_path / "broken.png", tmp_path / "text.png", tmp_path / "huge.png"
    broken.write_bytes(pictures[0].read_bytes()[:200])
    text.write_text("hello")
    cv2.imwrite(str(huge), np.zeros((300, 300), np.uint8))
    sources = [
        pictures[0],
        broken,
        None,
        text,
        tmp_path / "missing.png",
        str(pictures[1]),
        huge,
        pictures[2].read_bytes(),
    ]
    found = measure_all(sources, Modality.IMAGE, Limits(max_pixels=10_000), pool=pool)
    assert sorted(found.failed) == [1, 3, 4, 6]
    assert "ends early" in found.failed[1]
    assert "plain text" in found.failed[3]
    assert "missing" in found.failed[4]
    assert "the limit is 10,000" in found.failed[6]
    good = measure_all(pictures[:3], Modality.IMAGE, pool=pool)
    for name, column in found.columns.items():
        assert np.isnan(column[[1, 2, 3, 4, 6]]).all()
        np.testing.assert_array_equal(column[[0, 5, 7]], good.columns[name])
    assert found.has_signature.tolist() == [True, False, False, False, False, True, False, True]


def test_what_a_batch_has_no_time_for_is_measured_in_the_next_round(monkeypatch, pool, pictures):
    expected = measure_all(pictures, Modality.IMAGE, pool=pool)
    monkeypatch.setattr(batch, "BATCH_S", -1.0)
    answer = batch.measure([batch.item(path, Modality.IMAGE) for path in pictures[:5]], Modality.IMAGE, Limits())
    assert answer[0] == 1  # one is always done
    slow = Impatient(pool)
    found = measure_all(pictures, Modality.IMAGE, pool=slow)
    assert slow.rounds == 2
    assert_same(found.columns, expected.columns)


class Impatient:
    """A pool whose workers give up after the first medium of a batch."""

    def __init__(self, pool):
        self.pool, self.rounds = pool, 0

    def stream(self, function, items, **options):
        self.rounds += 1
        yield from self.pool.stream(function, [item[:1] for item in items], **options)


def test_a_crash_costs_only_the_medium_that_caused_it(pool, pictures):
    found = measure_all(pictures[:40], Modality.IMAGE, pool=Crashing(pool, os_path=pictures[7]))
    assert list(found.failed) == [7]
    assert "crashed" in found.failed[7]
    assert np.flatnonzero(np.isnan(found.columns["width"])).tolist() == [7]


class Crashing:
    """A pool in which everything that is asked together with one file is lost."""

    def __init__(self, pool, os_path):
        self.pool, self.name = pool, str(os_path).encode()

    def stream(self, function, items, **options):
        from dataimp_gui.core.compute import Failure

        for place, answer in self.pool.stream(function, items, **options):
            lost = any(content == self.name for _, content in items[place])
            yield place, Failure("It crashed the process that read it.", kind="crash") if lost else answer


def test_nothing_at_all_and_tables_give_empty_columns(pool):
    for modality in Modality:
        found = measure_all([], modality, pool=pool)
        assert list(found.columns) == [one.name for one in STATISTICS[modality]]
        assert all(len(column) == 0 for column in found.columns.values())
    table = measure_all([None, None], Modality.TABLE, pool=pool)
    assert (table.columns, table.failed, table.has_signature.tolist()) == ({}, {}, [False, False])


def test_few_texts_and_many_give_the_same(pool):
    texts = [f"This is message number {number}, sent on a rainy Tuesday." for number in range(1000)] + ["", None, "ok"]
    many = measure_all(texts, Modality.TEXT, pool=pool)
    few = measure_all(texts[-100:], Modality.TEXT)
    assert_same({name: column[-100:] for name, column in many.columns.items()}, few.columns)
    assert many.columns["language"][0] == "en"
    assert many.columns["length"][-3] == 0
    assert np.isnan(many.columns["length"][-2])
    assert many.failed == {}


def test_progress_counts_media_and_a_cancel_is_heard(pool, pictures):
    reports = []
    measure_all(pictures, Modality.IMAGE, progress=Progress(reports.append), pool=pool)
    assert (reports[-1].done, reports[-1].total) == (120, 120)
    progress = Progress(lambda report: progress.cancel() if report.done else None)
    with pytest.raises(Cancelled):
        measure_all(pictures * 20, Modality.IMAGE, progress=progress, pool=pool)
    assert measure_all(pictures[:2], Modality.IMAGE, pool=pool).failed == {}  # the pool is as good as before


def test_every_statistic_says_what_it_is_and_names_are_columns():
    for statistics in STATISTICS.values():
        names = [one.name for one in statistics]
        assert len(set(names)) == len(names)
        for one in statistics:
            assert re.fullmatch("[a-z][a-z_]*", one.name)
            assert one.kind in ("number", "text")
            assert one.title
            assert one.about.endswith(".")


def test_the_page_of_the_documentation_is_that_of_the_table():
    page = runpy.run_path(str(ROOT / "packaging" / "statistics_page.py"))["page"]()
    assert DOCS.read_text(encoding="utf-8") == page, "write it anew: .venv/bin/python packaging/statistics_page.py"
