import numpy as np
import pytest
from slice_data import CLASSES, failing, jaccard, made

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.slices.material import Column, Material
from dataimp_gui.core.slices.search import Search, find
from dataimp_gui.core.slices.slice import Source
from dataimp_gui.progress import Progress


def only(material, source, **asked):
    return find(material, Search(finders=(source,), **asked), Progress())[0]


def said(codes, names):
    return [None if code < 0 else names[code] for code in codes.tolist()]


def texts_of(words):
    return lambda rows: [words[row] for row in rows.tolist()]


def test_three_conditions_are_found_when_asked_for():
    three = (lambda c: (c["c0"] == 2) & (c["n1"] > 0) & (c["c4"] == 1), 0.8)
    data = made(40_000, planted=(three,))
    best = find(data.material, Search(conditions=3), Progress())[0][0]
    assert jaccard(best.mask, data.planted[0]) > 0.8
    assert best.p_adjusted < 0.01


def test_classes_taken_for_each_other_are_found():
    rng = np.random.default_rng(1)
    n = 4000
    labels = rng.integers(0, 5, n).astype(np.int32)
    predicted = np.where(rng.random(n) < 0.05, rng.integers(0, 5, n), labels).astype(np.int32)
    confused = (labels == 2) & (rng.random(n) < 0.4)
    predicted[confused] = 4
    errors = labels != predicted
    material = Material({}, labels, predicted, CLASSES, errors, np.ones(n, dtype=bool))
    found = only(material, Source.CONFUSION)
    assert [each.name for each in found if each.p_adjusted < 0.01] == ["coat or shirt"]
    assert found[0].where == "label IN ('coat', 'shirt') AND predicted IN ('coat', 'shirt')"
    assert found[0].mask.tolist() == (np.isin(labels, (2, 4)) & np.isin(predicted, (2, 4))).tolist()


@pytest.mark.parametrize("word", ["refund", "gift card", "größe", "it's"])
def test_words_that_go_with_errors_are_found_and_written_as_a_clause(word):
    rng = np.random.default_rng(2)
    n = 4000
    has = rng.random(n) < 0.08
    filler = rng.choice(["one", "two", "three", "Refunds", "card", "is"], (n, 4))
    shout = np.where(has, f"{word.upper()}, ", "")
    texts = [f"{' '.join(row[:3])} {loud}{row[3]}" for row, loud in zip(filler, shout, strict=True)]
    material = failing({}, rng.random(n) < np.where(has, 0.5, 0.1), rng, texts=texts_of(texts))
    best = only(material, Source.WORDS)[0]
    assert jaccard(best.mask, has) > 0.9
    engine = Engine()
    selected = engine.rows(f"SELECT ({best.where}) FROM (SELECT unnest($1) AS text)", [texts])
    assert [row[0] for row in selected] == best.mask.tolist()
    engine.close()


def test_words_need_texts():
    assert only(made(500).material, Source.WORDS) == ()


def test_a_table_needs_no_embedding_and_no_text():
    rng = np.random.default_rng(3)
    value = rng.normal(size=2000)
    material = failing({"value": Column("value", numbers=value)}, rng.random(2000) < np.where(value > 1, 0.6, 0.1), rng)
    assert find(material, Search(), Progress())[0][0].source is Source.RULES


def blobs(n, seed, dims=40):
    """Vectors in twelve blobs; those of the last one, 8 % of all, fail."""
    rng = np.random.default_rng(seed)
    group = rng.choice(12, n, p=[0.92 / 11] * 11 + [0.08])
    vectors = (rng.normal(size=(12, dims)) * 1.5)[group] + rng.normal(size=(n, dims))
    return vectors.astype(np.float32), group == 11, rng


@pytest.mark.parametrize("seed", range(6))
def test_examples_that_are_alike_and_fail_are_found_without_any_column(seed):
    vectors, bad, rng = blobs(5000, seed)
    vectors[::50] = np.nan
    best = only(failing({}, rng.random(5000) < np.where(bad, 0.4, 0.08), rng, vectors=vectors), Source.CLUSTERS)[0]
    bad[::50] = False
    assert jaccard(best.mask, bad) > 0.8
    assert best.where == ""
    assert best.rows.tolist() == np.flatnonzero(best.mask).tolist()
    assert best.p_adjusted < 0.01


def test_a_cluster_says_which_condition_describes_it():
    vectors, bad, rng = blobs(5000, 7)
    night = bad ^ (rng.random(5000) < 0.01)
    column = Column("night", codes=night.astype(np.int32), words=["false", "true"], flag=True)
    errors = rng.random(5000) < np.where(bad, 0.5, 0.08)
    best = only(failing({"night": column}, errors, rng, vectors=vectors), Source.CLUSTERS)[0]
    assert best.name == "Alike: night"


def test_clusters_confirm_nothing_where_errors_fall_at_random():
    vectors, _, rng = blobs(5000, 4)
    found = only(failing({}, rng.random(5000) < 0.15, rng, vectors=vectors), Source.CLUSTERS)
    assert not [each for each in found if each.p_adjusted < 0.05]


def test_a_tree_finds_what_takes_three_conditions_without_being_asked_for_them():
    three = (lambda c: (c["c0"] == 2) & (c["n1"] > 0) & (c["n3"] < 0.5), 0.9)
    data = made(40_000, planted=(three,))
    best = only(data.material, Source.TREE)[0]
    assert jaccard(best.mask, data.planted[0]) > 0.8
    assert best.p_adjusted < 0.01


@pytest.mark.parametrize("source", [Source.RULES, Source.TREE, Source.CONFUSION])
def test_a_clause_selects_exactly_the_examples_of_the_slice(source):
    """Also where values are missing, words hold quotes and columns have names that need some."""
    rng = np.random.default_rng(8)
    n = 6000
    words = ["it's", 'say "x"', "plain"]
    codes = rng.integers(-1, 3, n).astype(np.int32)
    flags = rng.integers(-1, 2, n).astype(np.int32)
    numbers = rng.normal(size=n).astype(np.float32).astype(np.float64)
    numbers[::9] = np.nan
    columns = {
        'a "b"': Column('a "b"', codes=codes, words=words),
        "at night": Column("at night", codes=flags, words=["false", "true"], flag=True),
        "value": Column("value", numbers=numbers),
    }
    chance = 0.1 + 0.3 * (codes == 0) + 0.3 * (numbers > 1) + 0.2 * (flags == 0)
    material = failing(columns, rng.random(n) < chance, rng)
    found = only(material, source, conditions=3)
    values = [
        said(codes, words),
        said(flags, [False, True]),
        [None if np.isnan(v) else float(v) for v in numbers],
        said(material.labels, CLASSES),
        said(material.predicted, CLASSES),
    ]
    engine = Engine()
    engine.run(
        'CREATE TABLE data ("a ""b""" VARCHAR, "at night" BOOLEAN, value FLOAT, label VARCHAR, predicted VARCHAR)'
    )
    engine.run("INSERT INTO data SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5)", values)
    for each in found:
        selected = [row[0] is True for row in engine.rows(f"SELECT {each.where} FROM data")]
        assert selected == each.mask.tolist(), each.where
    engine.close()
    assert found or source is Source.CONFUSION
