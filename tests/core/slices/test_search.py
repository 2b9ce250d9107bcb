import numpy as np
import pytest
from slice_data import failing, jaccard, made

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
        "unique": Column("unique", codes=np.arange(n, dtype=np.int32), words=[f"id {i}" for i in range(n)]),
        "one": Column("one", codes=np.zeros(n, dtype=np.int32), words=["only"]),
        "bad": Column("bad", codes=bad.astype(np.int32), words=["false", "true"], flag=True),
    }
    found, _, _ = search(failing(columns, rng.random(n) < np.where(bad, 0.4, 0.1), rng))
    assert found[0].where == "bad"
    assert status(found[0].p_adjusted) is Status.CONFIRMED


def test_the_same_seed_finds_the_same():
    material = made(3000, planted=(TWO,)).material
    first, second = (search(material, seed=4)[0] for _ in range(2))
    assert [(each.where, each.p) for each in first] == [(each.where, each.p) for each in second]


def test_a_search_can_be_cancelled():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        find(made(500).material, Search(), progress)
