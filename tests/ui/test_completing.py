"""What can stand at a place of a clause, and which plain words are searched for."""

import pytest

from dataimp_gui.core.model import ColumnInfo
from dataimp_gui.ui.clauses import held
from dataimp_gui.ui.shell.completing import offers, search

COLUMNS = (
    ColumnInfo("id", "text", "id"),
    ColumnInfo("label", "text", "state"),
    ColumnInfo("error", "flag", "state"),
    ColumnInfo("tags", "list", "state"),
    ColumnInfo("brightness", "number", "media"),
    ColumnInfo("bright side", "text"),
    ColumnInfo("text", "text"),
)
VALUES = {"label": ["Shirt", "T-shirt", "O'Hara"], "tags": ["odd", "even"]}


def _inserted(text):
    return [offer.insert for offer in offers(text, len(text), COLUMNS, VALUES.get).offers]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", "id"),
        ("la", "label"),
        ("side", '"bright side"'),
        ("label ", "= "),
        ("label =", "'Shirt'"),
        ("label = 'hir", "'Shirt'"),
        ("label in ('Shirt', 'O", "'O''Hara'"),
        ("label = 'Shirt' ", "and "),
        ("label = 'Shirt' o", "or "),
        ("error ", "= false"),
        ("error and not br", "brightness"),
        ("brightness ", "> "),
        ("'ev", "'even' in tags"),
        ("'even' ", "in tags"),
    ],
)
def test_what_fits_comes_first(text, first):
    assert _inserted(text)[0] == first


@pytest.mark.parametrize("text", ["brightness > ", "brightness > 3", "label = 'none of them"])
def test_nothing_is_offered_where_only_the_person_knows(text):
    assert _inserted(text) == []


def test_an_offer_replaces_what_was_begun():
    found = offers("label = 'Sh and more", 11, COLUMNS, VALUES.get)
    assert (found.start, found.length) == (8, 3)


def test_values_that_are_not_known_yet_are_named():
    assert offers("id = 'x", 7, COLUMNS, VALUES.get).missing == "id"


@pytest.mark.parametrize("text", ["", "label", "error and", "a > b", "it's", "brightness 3", "not sure", "0.5 0.7"])
def test_what_may_be_a_clause_is_not_searched_for(text):
    assert search(text, COLUMNS) == ""


def test_every_plain_word_must_stand_in_the_id_or_in_the_text():
    assert search("free prize", COLUMNS) == (
        "(id ilike '%free%' or text ilike '%free%') and (id ilike '%prize%' or text ilike '%prize%')"
    )
    assert search("a_b", COLUMNS[:1]) == "contains(lower(id), 'a_b')"


@pytest.mark.parametrize("columns", [COLUMNS, COLUMNS[:1]])
@pytest.mark.parametrize("word", ["free", "a_b", "50", "süß"])
def test_the_word_is_found_again_in_what_it_asks_for(word, columns):
    assert held(search(word, columns)) == word
    assert held(search(word, columns) + " and error") == ""
    assert held(f"label = '{word}'") == ""
