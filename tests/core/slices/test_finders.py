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


def test_a_column_of_numbers_or_words_needs_no_embedding_and_no_text():
    rng = np.random.default_rng(3)
    value = rng.normal(size=2000)
    material = failing({"value": Column("value", numbers=value)}, rng.random(2000) < np.where(value > 1, 0.6, 0.1), rng)
    assert find(material, Search(), Progress())[0][0].source is Source.RULES
