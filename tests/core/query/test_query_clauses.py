"""What a WHERE clause selects, and the sentence that a wrong one gets."""

import numpy as np
import pytest

from dataimp_gui.errors import QueryError

CLAUSES = [
    ("", [0, 1, 2, 3, 4, 5]),
    ("  \n ", [0, 1, 2, 3, 4, 5]),
    ("true", [0, 1, 2, 3, 4, 5]),
    ("false", []),
    ("label = 'Bag'", [0, 1]),
    ("LABEL = 'Bag'", [0, 1]),
    ("\"label\" = 'Bag'", [0, 1]),
    ("label == 'Bag'", [0, 1]),
    ("label != 'Bag'", [2, 3, 5]),
    ("label IN ('Bag', 'coat')", [0, 1, 2, 3]),
    ("label NOT IN ('Bag', 'coat')", [5]),
    ("label IS NULL", [4]),
    ("label IS NOT NULL AND split IS NULL", [5]),
    ("label IS DISTINCT FROM 'Bag'", [2, 3, 4, 5]),
    ("label LIKE 'T%'", [5]),
    ("label ILIKE 't-%' OR label NOT LIKE '%a%'", [5]),
    ("label LIKE 'T!-%' ESCAPE '!'", [5]),
    ("camera = 'O''Brien''s'", [5]),
    ("id = 'it''s'", [4]),
    ("id = '001'", [0]),
    ("id = '1'", [1]),
    ("id = 'línea\nnueva'", [5]),
    ("id IN ('NA', 'null')", [2, 3]),
    ("error", [1, 5]),
    ("not error", [0, 2]),
    ("correct", [0, 2]),
    ("error IS NULL", [3, 4]),
    ("error = true", [1, 5]),
    ("error is true", [1, 5]),
    ("error is not true", [0, 2, 3, 4]),
    ("error = 'true'", [1, 5]),
    ("brightness BETWEEN 0.1 AND 0.2", [1, 2]),
    ("brightness NOT BETWEEN 0.1 AND 0.2", [0, 4]),
    ("brightness > 0.1", [1, 2, 4]),  # NaN is no number, so it is not larger than one
    ("brightness IS NULL", [3, 5]),
    ("brightness > '0.1'", [1, 2, 4]),
    ("brightness * 100 >= 15", [1, 2, 4]),
    ("brightness > 1e-1", [1, 2, 4]),
    ("-brightness < -.15", [2, 4]),
    ("1 / (width - 644) > 0", [5]),  # by zero: missing
    ("ln(width - 644) IS NULL", [0, 1, 2, 3, 4]),
    ("width = 645", [5]),
    ("width IS NULL", [0, 1, 2, 3]),  # the first file has no such column
    ("flash", [0, 3, 5]),
    ("not flash", [1, 4]),
    ("flash and camera = 'phone' or id = '1'", [0, 1]),
    ("flash and (camera = 'phone' or id = '1')", [0]),
    ("taken > '2026-01-15'", [2, 5]),
    ("taken = '2026-01-02 09:30'", [1]),
    ("taken >= DATE '2026-02-01'", [2, 5]),
    ("taken < TIMESTAMP '2026-01-01 00:00:00'", [4]),
    ("year(taken) = 2025 or hour(taken) = 12", [4, 5]),
    ("date_part('month', taken) = 2", [2]),
    ("extract(month from taken) = 3", [5]),
    ("taken - TIMESTAMP '2026-01-01' > INTERVAL 40 DAYS", [5]),
    ("taken + INTERVAL '1 day' < '2026-01-02'", [4]),
    ("confidence >= 0.9", [0]),
    ("confidence = 0.9", [0]),
    ("p_Bag > 0.6", [0, 5]),
    ('"p_T-shirt" >= 0.2', [4, 5]),
    ("p_coat - p_Bag > 0.2", [1, 2]),
    ("'blurred' IN tags", []),
    ("'nobody put this' IN tags", []),
    ("len(tags) = 0", [0, 1, 2, 3, 4, 5]),
    ("edited", []),
    ("excluded or reviewed", []),
    ("length(id) = 2", [2]),
    ("lower(label) = 'bag' and upper(split) = 'TRAIN'", [0, 1]),
    ("md5(label) = 'd3ab3d5184fe9b1b4428e4ffb797bdca'", [0, 1]),
    ("contains(label, 'shirt')", [5]),
    ("'shirt' in label", [5]),
    ("starts_with(camera, 'ph') and ends_with(camera, 'ne')", [0, 2, 4]),
    ("regexp_matches(id, '^[0-9]+$')", [0, 1]),
    ("id ~ '[0-9]+'", [0, 1]),
    ("coalesce(camera, 'none') = 'none'", [3]),
    ("coalesce(brightness, 0) < 0.1", [0, 3, 5]),
    ("CASE WHEN flash THEN 'lit' ELSE 'dark' END = 'lit'", [0, 3, 5]),
    ("if(flash, label, split) = 'Bag'", [0]),
    ("greatest(brightness, p_Bag) > 0.85", [0, 4]),
    ("round(brightness, 1) = 0.9", [4]),
    ("label || '/' || split = 'Bag/train'", [0, 1]),
    ("label = predicted", [0, 2]),
    ("label > predicted", [5]),
    ("cast(id as integer) = 1", [0, 1]),
    ("id::int = 1", [0, 1]),
    ("try_cast(width as varchar) = '644'", [4]),
    ("label = '-- no comment; /* either */ $1 ?'", []),
    ("label = '((((((('", []),
]


@pytest.mark.parametrize(("clause", "rows"), CLAUSES)
def test_a_clause_selects(unchanged, clause, rows):
    assert unchanged.rows(clause) == rows
    assert unchanged.query.count(clause) == len(rows)


WRONG = [
    # clause, the sentence, what is underlined
    ("brightnes < 0.5", "No column is called brightnes; the nearest is brightness.", "brightnes"),
    ("brightness < 0.5 and lable = 'Bag'", "No column is called lable; the nearest is label.", "lable"),
    ("label = 'é' and lable = 'Bag'", "No column is called lable; the nearest is label.", "lable"),
    ("p_T > 1", 'No column is called p_T; the nearest is "p_T-shirt".', "p_T"),
    ("zzzz = 1", "No column is called zzzz.", "zzzz"),
    ("label = Bag", "No column is called Bag; as text it is written 'Bag'.", "Bag"),
    ('label = "coat"', "No column is called coat; as text it is written 'coat'.", '"coat"'),
    ("label in ('Bag', coat)", "No column is called coat; as text it is written 'coat'.", "coat"),
    ("t.label = 'Bag'", "No column is called t.label; the nearest is label.", "t.label"),
    ("flor(brightness) = 1", "A clause has no function flor; the nearest is floor.", "flor(brightness)"),
    ("brightness = 'dark'", "brightness is a number; 'dark' is not.", "'dark'"),
    ("'dark' = brightness", "brightness is a number; 'dark' is not.", "'dark'"),
    ("brightness in (1, 'dark')", "brightness is a number; 'dark' is not.", "'dark'"),
    ("brightness between 0 and 'dark'", "brightness is a number; 'dark' is not.", "'dark'"),
    ("label = 3", "label is text; write '3' in quotes.", "3"),
    ("label = brightness", "label is text and brightness is a number.", "brightness"),
    ("error = 1", "error is true or false; 1 is not.", "1"),
    ("error = 'perhaps'", "error is true or false; 'perhaps' is not.", "'perhaps'"),
    ("taken > 'yesterday'", "taken is a time; 'yesterday' is not.", "'yesterday'"),
    ("tags = 'blurred'", "tags is a list; 'blurred' is not.", "'blurred'"),
    ("label", "label is text, not a condition.", "label"),
    ("error and brightness", "brightness is a number, not a condition.", "brightness"),
    ("not label", "label is text, not a condition.", "label"),
    ("lower(brightness) = 'x'", "brightness is a number, where text is needed.", "brightness"),
    ("round(label) = 1", "label is text, where a number is needed.", "label"),
    ("round(1, 2, 3) = 1", "round takes 1 or 2 values, not 3.", "round(1, 2, 3)"),
    ("regexp_matches(label, '[')", "'[' is not a regular expression.", "'['"),
    ("regexp_matches(label, predicted)", "A pattern is text in quotes.", "predicted"),
    ("date_part('eon', taken) = 1", "'eon' is no part of a time.", "'eon'"),
    ("label like 'a!' escape '!'", "The pattern ends with its escape character !.", "'a!'"),
    ("label like 'a' escape 'xy'", "ESCAPE takes one character in quotes.", "'xy'"),
    ("label = NULL", "Nothing equals NULL; write label IS NULL.", "label = NULL"),
    ("label <> NULL", "Nothing equals NULL; write label IS NOT NULL.", "label <> NULL"),
    ("brightness > 1e999", "1e999 is too large for a number.", "1e999"),
    ("label = 'Bag' and", "Something is missing after and.", "and"),
    ("label =", "Something is missing after =.", "="),
    ("label 'Bag'", "Something is missing between label and 'Bag'.", "label 'Bag'"),
    ("label = 'Bag' error", "The clause cannot be read at error.", "error"),
    ("label = 'Bag", "This ' is never closed.", "'"),
    ('label = "Bag', 'This " is never closed.', '"'),
    ("(label = 'Bag'", "This ( is never closed.", "("),
    ("label = 'Bag')", "Nothing is open that this ) could close.", ")"),
    ("count(*) > 1", "A clause looks at one example at a time; count looks at many.", "count(*)"),
    ("max(brightness) = brightness", "A clause looks at one example at a time; max looks at many.", "max(brightness)"),
]


@pytest.mark.parametrize(("clause", "sentence", "underlined"), WRONG)
def test_a_wrong_clause_gets_one_sentence_and_its_place(unchanged, clause, sentence, underlined):
    with pytest.raises(QueryError) as caught:
        unchanged.rows(clause)
    error = caught.value
    assert str(error) == sentence
    assert clause[error.start : error.start + error.length] == underlined


def test_a_name_that_differs_in_capitals_only_is_found_unless_two_do(examples):
    examples.query.use_run(examples.run, ("A", "a", "b"))
    assert examples.rows("p_A > 0.6") == [0, 5]  # exactly p_A, although p_a is there
    assert examples.rows("p_a >= 0.2") == [4, 5]
    assert examples.rows("P_B > 0.5") == [1, 2]
    with pytest.raises(QueryError, match="P_A could be p_A or p_a; write it exactly"):
        examples.rows("P_A > 0.5")


def test_a_column_can_have_any_name(examples):
    names = ["select", "with space", 'with "quotes"', "a.b", "{0}", "größe", "c0", "data", "1st", "it's; -- x"]
    for number, name in enumerate(names):
        examples.query.add_column(name, np.arange(6) == number % 6)
    for number, name in enumerate(names):
        written = '"' + name.replace('"', '""') + '"'
        assert examples.rows(written) == [number % 6]
    assert examples.rows('größe and c0 = "c0"') == [5]


def test_order_is_by_a_column_or_an_expression_with_the_missing_last(unchanged):
    assert unchanged.rows("", order_by="brightness") == [0, 1, 2, 4, 3, 5]
    assert unchanged.rows("", order_by="brightness", descending=True) == [4, 2, 1, 0, 3, 5]
    assert unchanged.rows("label is not null", order_by="label") == [0, 1, 5, 2, 3]
    assert unchanged.rows("", order_by="p_Bag - p_coat", descending=True)[:2] == [0, 5]
    assert unchanged.rows("", order_by="1") == [0, 1, 2, 3, 4, 5]
    with pytest.raises(QueryError, match="No column is called brightnes"):
        unchanged.rows("", order_by="brightnes")


def test_every_column_that_a_clause_can_name_is_listed_with_its_type(unchanged):
    listed = {info.name: (info.type, info.kind) for info in unchanged.query.columns()}
    assert listed["id"] == ("text", "id")
    assert listed["label"] == ("text", "state")
    assert listed["tags"] == ("list", "state")
    assert listed["error"] == ("flag", "prediction")
    assert listed["p_T-shirt"] == ("number", "prediction")
    assert listed["brightness"] == ("number", "metadata")
    assert listed["width"] == ("number", "media")
    assert listed["flash"] == ("flag", "metadata")
    assert listed["taken"] == ("time", "metadata")
    assert not {"sha256", "mtime_ns", "_place"} & set(listed)
