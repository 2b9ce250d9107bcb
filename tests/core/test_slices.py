"""The slices of a project: saved, undone, asked for in clauses, combined, measured and found."""

import numpy as np
import pytest

import dataimp_gui
from dataimp_gui.core.model import Field
from dataimp_gui.errors import DataimpError, ProjectError, QueryError


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


@pytest.fixture
def project(shirts):
    with dataimp_gui.open(shirts) as opened:
        yield opened


# saving


def test_a_saved_rule_is_asked_anew_whenever_the_slice_is(project):
    project.slices.save("coats", "label = 'Coat'", why="to look at")
    before = project.slices.rows("coats")
    project.relabel(rows(0), "Coat")
    assert project.slices.rows("coats").tolist() == sorted([0, *before.tolist()])
    assert [(each.name, each.where, each.why) for each in project.slices.saved()] == [
        ("coats", "label = 'Coat'", "to look at")
    ]


def test_fixed_rows_stay_also_after_opening_again(project, shirts):
    project.slices.save("odd ones", rows=rows(7, 3, 3, 59))
    project.close()
    with dataimp_gui.open(shirts) as again:
        assert again.slices.rows("odd ones").tolist() == [3, 7, 59]
        assert again.rows("slice = 'odd ones'").tolist() == [3, 7, 59]


def test_saving_renaming_and_removing_are_edits_with_who_and_why_that_are_undone_and_redone(project, shirts):
    project.slices.save("a", "label = 'Coat'", why="the worst")
    project.slices.rename("a", "b")
    project.slices.remove("b")
    assert project.slices.saved() == ()
    project.close()
    with dataimp_gui.open(shirts) as again:
        assert again.undo().title == 'Undid: Removed the slice "b"'
        assert [each.name for each in again.slices.saved()] == ["b"]
        again.undo()
        assert [each.name for each in again.slices.saved()] == ["a"]
        again.undo()
        assert again.slices.saved() == ()
        again.redo()
        assert [each.name for each in again.slices.saved()] == ["a"]
        first = again.history()[0]
        assert (first.title, first.author, first.why) == ('Saved the slice "a"', "mira", "the worst")


def test_an_edit_of_a_slice_is_no_part_of_the_history_of_an_example(project):
    project.slices.save("a", "label = 'Coat'")
    assert project.history("000") == []


def test_listeners_are_told_of_slices(project):
    told = []
    project.listen(told.append)
    project.slices.save("a", "label = 'Coat'")
    project.undo()
    assert [change.fields for change in told] == [Field.SLICE, Field.SLICE]


@pytest.mark.parametrize(
    ("name", "where", "sentence"),
    [
        ("taken", "true", "There is a slice"),
        ("  ", "true", "needs at least one visible character"),
        ("new", "colour = 'red'", "No column is called colour"),
        ("new", "slice = 'new'", "There is no slice new"),
        ("new", "", "has no examples"),
    ],
)
def test_what_cannot_be_saved_is_said_and_leaves_nothing(project, name, where, sentence):
    project.slices.save("taken", "true")
    with pytest.raises(DataimpError, match=sentence):
        project.slices.save(name, where)
    assert len(project.slices.saved()) == 1


def test_of_a_project_that_is_read_only_slices_are_asked_but_not_saved(project, shirts):
    project.slices.save("a", "label = 'Coat'")
    with dataimp_gui.open(shirts, read_only=True) as reader:
        assert len(reader.slices.rows("a")) == 20
        with pytest.raises(ProjectError, match="read-only"):
            reader.slices.remove("a")


def test_slices_are_combined_as_rules_where_they_are_rules_and_as_rows_where_not(project):
    slices = project.slices
    slices.save("coats", "label = 'Coat'")
    slices.save("bright", "brightness > 0.5")
    slices.save("fixed", rows=rows(1, 2, 4))
    coats, bright = set(slices.rows("coats").tolist()), set(slices.rows("bright").tolist())
    assert set(slices.rows(slices.combine(["coats", "bright"], "merge", "either")).tolist()) == coats | bright
    assert set(slices.rows(slices.combine(["coats", "bright"], "intersect", "both")).tolist()) == coats & bright
    assert set(slices.rows(slices.combine(["coats", "bright"], "subtract", "dark coats")).tolist()) == coats - bright
    assert slices.slice("either").where
    assert slices.combine(["fixed", "coats"], "subtract", "others").rows.tolist() == sorted({1, 2, 4} - coats)
    with pytest.raises(DataimpError, match="two slices"):
        slices.combine(["coats"], "merge", "alone")


# in a clause


def test_a_clause_names_slices(project):
    project.slices.save("coats", "label = 'Coat'")
    project.slices.save("it's", rows=rows(0, 1))
    coats = set(project.rows("label = 'Coat'").tolist())
    assert set(project.rows("slice = 'coats'").tolist()) == coats
    assert set(project.rows("SLICE <> 'coats'").tolist()) == set(range(60)) - coats
    assert set(project.rows("slice in ('coats', 'it''s')").tolist()) == coats | {0, 1}
    assert set(project.rows("slice not in ('coats', 'it''s') and brightness >= 0").tolist()) == set(
        range(60)
    ) - coats - {0, 1}
    assert project.metrics("slice = 'coats'").n == 20
    assert dict(project.query.facet("label", "slice = 'coats'")) == {"Coat": 20}


def test_a_clause_follows_what_becomes_of_a_slice(project):
    project.slices.save("a", "label = 'Coat'")
    assert project.query.count("slice = 'a'") == 20
    project.slices.change("a", rows=rows(5))
    assert project.rows("slice = 'a'").tolist() == [5]
    project.slices.change("a", rows=rows(6, 7))
    assert project.rows("slice = 'a'").tolist() == [6, 7]
    project.slices.rename("a", "b")
    assert project.rows("slice = 'b'").tolist() == [6, 7]
    with pytest.raises(QueryError, match="no slice a"):
        project.rows("slice = 'a'")


def test_an_unknown_slice_is_told_with_the_nearest_and_its_place(project):
    project.slices.save("dark coats", "label = 'Coat'")
    with pytest.raises(QueryError, match="nearest is dark coats") as caught:
        project.rows("brightness > 0 and slice = 'drak coats'")
    assert caught.value.instead == "'dark coats'"
    assert caught.value.start == len("brightness > 0 and slice = ")
    with pytest.raises(QueryError, match="named in quotes"):
        project.rows("slice = 3")


def test_a_slice_whose_column_went_away_is_a_sentence_and_the_rest_works(project):
    project.query.add_column("sharpness", np.linspace(0, 1, 60))
    project.slices.save("sharp", "sharpness > 0.5")
    project.slices.save("coats", "label = 'Coat'")
    path = project.path
    project.close()
    with dataimp_gui.open(path) as again:
        with pytest.raises(QueryError, match="No column is called sharpness"):
            again.slices.rows("sharp")
        with pytest.raises(QueryError, match="The slice sharp cannot be asked for"):
            again.rows("slice = 'sharp'")
        assert again.query.count("slice = 'coats'") == 20


def test_slices_are_made_of_slices_but_not_of_themselves(project):
    project.slices.save("a", "label = 'Coat'")
    project.slices.save("b", "slice = 'a' and brightness > 0.5")
    assert project.query.count("slice = 'b'") == project.query.count("label = 'Coat' and brightness > 0.5")
    project.slices.change("a", "slice <> 'b'")
    with pytest.raises(QueryError, match="slice a is made of itself"):
        project.rows("slice = 'a'")
    assert project.query.count("label = 'Coat'") == 20


def test_a_rule_without_an_answer_leaves_an_example_out_on_both_sides(project):
    project.query.add_column("score", np.where(np.arange(60) < 50, 1.0, np.nan))
    project.slices.save("scored", "score > 0")
    assert project.query.count("slice = 'scored'") == 50
    assert project.query.count("slice <> 'scored'") == 10
