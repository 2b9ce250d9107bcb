import numpy as np
import pytest
from slice_data import CAMERAS, failing, jaccard, made

from dataimp_gui.core.slices.material import Column
from dataimp_gui.core.slices.search import Search, find
from dataimp_gui.core.slices.slice import Status, status
from dataimp_gui.errors import Cancelled
from dataimp_gui.progress import Progress

ONE = (lambda c: c["c0"] == 2, 0.35)
RANGE = (lambda c: (c["n1"] > 0.5) & (c["n1"] < 0.9), 0.35)
TWO = (lambda c: (c["c2"] == 1) & (c["n3"] > 0.2), 0.45)


def search(material, **asked):
    return find(material, Search(**asked), Progress())


def test_rules_of_one_and_two_conditions_that_fail_are_found_first_and_confirmed():
    data = made(8000, planted=(ONE, RANGE, TWO))
    found, tried, notes = search(data.material)
    assert tried > 10_000
    assert notes == ()
    for planted in data.planted:
        assert max(jaccard(each.mask, planted) for each in found[:3]) > 0.75
    assert [status(each.p_adjusted) for each in found[:3]] == [Status.CONFIRMED] * 3


def test_a_rule_is_written_as_a_clause_of_exactly_its_examples():
    data = made(8000, planted=(ONE,))
    best = search(data.material)[0][0]
    assert best.where == "c0 = 'camera 2'"
    assert best.rows is None
    assert (best.mask == (data.material.columns["c0"].codes == 2)).all()


def test_errors_at_random_confirm_nothing():
    found, _, _ = search(made(4000, base=0.2).material)
    assert not [each for each in found if each.p_adjusted < 0.05]


def test_missing_is_a_value():
    data = made(6000, planted=((lambda c: c["c2"] == -1, 0.4),))
    assert search(data.material)[0][0].where == "c2 IS NULL"


@pytest.mark.parametrize(
    ("base", "sentence"),
    [(0.0, "There are no errors"), (1.1, "Every prediction is an error")],
)
def test_without_contrast_a_sentence_says_so(base, sentence):
    found, _, notes = search(made(500, base=base).material)
    assert found == ()
    assert notes[0].startswith(sentence)


def test_nothing_counted_is_said():
    material = made(500).material
    material.counted[:] = False
    assert search(material)[2][0].startswith("No example has both")


def test_columns_that_say_nothing_do_no_harm():
    rng = np.random.default_rng(1)
    n = 3000
    bad = rng.random(n) < 0.2
    columns = {
        "constant": Column("constant", numbers=np.ones(n)),
        "never": Column("never", numbers=np.full(n, np.nan)),
        "infinite": Column("infinite", numbers=np.where(rng.random(n) < 0.3, np.inf, rng.normal(size=n))),
        "infinities": Column("infinities", numbers=np.where(rng.random(n) < 0.5, np.inf, -np.inf)),
        "unique": Column("unique", codes=np.arange(n, dtype=np.int32), words=[f"id {i}" for i in range(n)]),
        "one": Column("one", codes=np.zeros(n, dtype=np.int32), words=["only"]),
        "bad": Column("bad", codes=bad.astype(np.int32), words=["false", "true"], flag=True),
    }
    found, _, _ = search(failing(columns, rng.random(n) < np.where(bad, 0.4, 0.1), rng))
    assert found[0].where == "bad"
    assert status(found[0].p_adjusted) is Status.CONFIRMED


def test_examples_of_one_group_do_not_confirm_themselves():
    """Groups fail as a whole: what looks like many errors are few, which the examples alone would not tell."""
    rng = np.random.default_rng(5)
    groups = np.repeat(np.arange(60), 50).astype(np.int32)
    shot = rng.integers(0, 8, 60).astype(np.int32)[groups]
    errors = (rng.random(60) < 0.25)[groups]
    material = failing({"shot": Column("shot", codes=shot, words=CAMERAS)}, errors, rng, groups=groups)
    assert not [each for each in search(material)[0] if each.p_adjusted < 0.01]


def test_the_same_seed_finds_the_same():
    material = made(3000, planted=(TWO,)).material
    first, second = (search(material, seed=4)[0] for _ in range(2))
    assert [(each.where, each.p) for each in first] == [(each.where, each.p) for each in second]


def test_a_search_can_be_cancelled():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        find(made(500).material, Search(), progress)


def test_bounds_lie_where_errors_begin_in_few_digits():
    data = made(20_000, planted=((lambda c: (c["n1"] >= 0.4) & (c["n1"] < 0.8), 0.5),))
    best = search(data.material)[0][0]
    assert jaccard(best.mask, data.planted[0]) > 0.95
    assert len(best.where) <= len("n1 >= 0.412 AND n1 < 0.812")


def test_near_copies_and_overlaps_of_a_slice_are_not_slices_of_their_own():
    """A copy of the column, a rule that holds most of its examples, a part of it: all would pass the test alone."""
    data = made(20_000, planted=((lambda c: c["c0"] == 2, 0.5),))
    columns = dict(data.material.columns)
    columns["same"] = Column("same", codes=columns["c0"].codes, words=CAMERAS)
    columns["pair"] = Column("pair", codes=(columns["c0"].codes // 2).astype(np.int32), words=CAMERAS)
    found = search(failing(columns, data.material.errors, np.random.default_rng(99)))[0]
    assert len([each for each in found if each.p_adjusted < 0.05]) == 1


def test_a_part_that_fails_even_more_is_a_slice_of_its_own():
    worse = (lambda c: (c["c0"] == 2) & (c["c2"] == 1), 0.9)
    data = made(30_000, planted=((lambda c: c["c0"] == 2, 0.3), worse))
    clauses = {each.where for each in search(data.material)[0] if each.p_adjusted < 0.01}
    assert "c0 = 'camera 2'" in clauses
    assert any("c2 = 'camera 1'" in clause for clause in clauses)


def test_costs_decide_what_is_worst():
    """A few errors that cost much come before many that cost little, and a slice of dear errors is one at all."""
    rng = np.random.default_rng(2)
    data = made(20_000, base=0.2)
    dear = data.material.columns["c0"].codes == 2
    loss = np.where(data.material.errors, np.where(dear, 5.0, 1.0), 0.0)
    assert not [each for each in search(data.material)[0] if each.p_adjusted < 0.01]
    material = failing(data.material.columns, data.material.errors, rng, loss=loss)
    found = search(material)[0]
    assert found[0].where == "c0 = 'camera 2'"
    assert found[0].p_adjusted < 0.01
    assert "costs" in found[0].reason


def test_a_slice_has_a_name_and_a_reason_of_what_the_test_saw():
    best = search(made(8000, planted=(RANGE,)).material)[0][0]
    assert best.name.startswith("n1 ")
    assert best.reason.startswith("Of ")
    assert "that the search did not see" in best.reason


def test_more_than_a_quarter_of_all_examples_are_no_slice():
    data = made(8000, planted=((lambda c: c["n1"] > -0.8, 0.4),))
    for each in search(data.material)[0]:
        assert np.count_nonzero(each.mask) <= 2100


@pytest.mark.parametrize("count", [1, 2, 3, 10, 50])
def test_a_handful_of_examples_is_searched_without_harm(count):
    rng = np.random.default_rng(count)
    errors = np.arange(count) % 2 == 0
    columns = {"value": Column("value", numbers=rng.random(count))}
    more = {"groups": np.zeros(count, dtype=np.int32), "loss": errors * 2.0}
    vectors = rng.normal(size=(count, 3)).astype(np.float32)
    material = failing(columns, errors, rng, vectors=vectors, texts=lambda rows: ["a word"] * len(rows), **more)
    assert search(material, conditions=3)[0] == ()


def test_costs_that_are_all_alike_confirm_nothing():
    rng = np.random.default_rng(0)
    data = made(2000)
    material = failing(data.material.columns, data.material.errors, rng, loss=np.full(2000, 3.0))
    assert not [each for each in search(material)[0] if each.p_adjusted < 0.05]


@pytest.mark.parametrize("seed", [1, 5, 12, 15])
def test_what_fails_less_than_the_rest_is_not_found(seed):
    """Of so few candidates one may fail more often in the half that is searched, and less often in all."""
    material = made(500, seed=seed, base=0.1, columns=1).material
    for each in search(material)[0]:
        assert material.errors[each.mask].mean() > material.errors[~each.mask].mean()
