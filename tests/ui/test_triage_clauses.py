"""What facets and brushes write into a clause, and what they read out of one that was typed by hand."""

import pytest

from dataimp_gui.core.engine import Engine
from dataimp_gui.ui.clauses import ISSUES, OUTCOME, TAGS, Where, name


def test_a_click_writes_a_condition_and_a_second_click_takes_it_away() -> None:
    where = Where.parse("").choose("label", {"Shirt"})
    assert str(where) == "label = 'Shirt'"
    assert str(where.pick("label", "Shirt", add=False, refuse=False)) == ""
    both = where.pick("label", "Coat", add=True, refuse=False)
    assert both.chosen("label") == {"Shirt", "Coat"}
    assert (
        str(both.pick("label", "Coat", add=False, refuse=True)) == "label = 'Shirt' and label is distinct from 'Coat'"
    )


def test_conditions_stay_in_place_when_another_value_is_chosen() -> None:
    where = Where.parse("label = 'Shirt' and error and brightness < 0.2")
    assert str(where.choose("label", {"Shirt", "Coat"})) == "label in ('Coat', 'Shirt') and error and brightness < 0.2"


@pytest.mark.parametrize(
    ("text", "column", "chosen"),
    [
        ("label='Shirt'", "label", {"Shirt"}),
        ("LABEL IN ('a','b')", "LABEL", {"a", "b"}),
        ("label is null", "label", {None}),
        ("(label = 'O''Neil' or label is null)", "label", {"O'Neil", None}),
        ("error", OUTCOME, {"error"}),
        ("'a and b' in tags", TAGS, {"a and b"}),
        ("list_has_any(tags, ['a', 'b'])", TAGS, {"a", "b"}),
        ("\"my column\" = 'x'", "my column", {"x"}),
    ],
)
def test_a_hand_typed_condition_is_understood(text: str, column: str, chosen: set[str | None]) -> None:
    assert Where.parse(f"confidence > 0.5 and {text}").chosen(column) == chosen


@pytest.mark.parametrize("value", [None, "it's", "a and b", "x') or ('1'='1", "ø → 漢", '"'])
@pytest.mark.parametrize("column", ["label", "my column", "order"])
def test_every_written_condition_is_read_back_and_runs(column: str, value: str | None) -> None:
    where = Where.parse("").choose(column, {value, "other"}, refused={"none of them"})
    again = Where.parse(str(where))
    assert again.chosen(column) == {value, "other"}
    assert again.refused(column) == {"none of them"}
    engine = Engine()
    engine.run(f"CREATE TABLE t ({name(column)} VARCHAR)")
    engine.run("INSERT INTO t VALUES (?), ('other'), ('none of them'), ('elsewhere')", [value])
    assert engine.value(f"SELECT count(*) FROM t WHERE {where}") == 2
    engine.close()


def test_an_or_at_the_top_is_kept_together() -> None:
    where = Where.parse("label = 'a' or label = 'b'").choose(OUTCOME, {"error"})
    assert str(where) == "(label = 'a' or label = 'b') and error"


def test_between_and_case_do_not_split_a_condition() -> None:
    text = (
        "confidence between 0.1 and 0.5 and case when error and correct then true else false end and 'x and y' = label"
    )
    where = Where.parse(text)
    assert len(where.conditions) == 3
    assert where.between("confidence") == (0.1, 0.5)
    assert where.narrow("confidence", 0.14159265, 0.58888).between("confidence") == (0.141, 0.589)
    assert str(where.narrow("confidence", -1.5, 0.25)).startswith("confidence between -1.5 and 0.25 and case")


def test_without_leaves_only_the_other_filters() -> None:
    assert str(Where.parse("label = 'a' and error and label <> 'b'").without("label")) == "error and label <> 'b'"


def test_half_typed_text_never_breaks_the_reader() -> None:
    for text in (
        "label = '",
        "and",
        "((",
        "between and",
        "label in ('a'",
        "not",
        "'x' in",
        "a and",
        '"',
        "1e",
        ". and .",
    ):
        assert isinstance(str(Where.parse(text)), str)


def test_kinds_of_issues_are_values_of_one_question() -> None:
    where = Where.parse("error").pick(ISSUES, "label", add=False, refuse=False)
    assert str(where) == "error and issue_label is not null"
    both = where.pick(ISSUES, "leak", add=True, refuse=False).pick(ISSUES, "media", add=False, refuse=True)
    assert str(both) == "error and (issue_label is not null or issue_leak is not null) and issue_media is null"
    again = Where.parse(str(both))
    assert again.chosen(ISSUES) == {"label", "leak"}
    assert again.refused(ISSUES) == {"media"}
    assert str(again.without(ISSUES)) == "error"


def test_other_conditions_on_scores_are_left_alone() -> None:
    where = Where.parse("issue_label > 0.5 and (issue_label is not null or error) and issue_number is not null")
    assert where.chosen(ISSUES) == where.refused(ISSUES) == set()
    assert where.refused("issue_number") == {None}
