"""No clause reads anything but the examples, hangs, or shows what the database said."""

import threading
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dataimp_gui.core.engine import EngineError
from dataimp_gui.core.query import functions
from dataimp_gui.errors import Cancelled, QueryError
from dataimp_gui.progress import Progress

REACHING = [
    "read_text('{secret}') = 'x'",
    "contains(read_text('{secret}'), 'x')",
    "id IN (SELECT content FROM read_text('{secret}'))",
    "EXISTS (SELECT 1 FROM read_csv('{secret}'))",
    "EXISTS (FROM '{secret}')",
    "id = (SELECT content FROM '{secret}')",
    "id = ANY(SELECT content FROM read_blob('{secret}'))",
    "true UNION SELECT content FROM read_text('{secret}')",
    "true UNION ALL SELECT 1 FROM read_csv('{secret}')",
    "true EXCEPT SELECT 1",
    "true; COPY (SELECT 1) TO '{target}'",
    "true; ATTACH '{target}' AS other",
    "true); COPY (SELECT 1) TO '{target}' --",
    "true) OR (true",
    "1=1 -- and label = 'x'",
    "1=1 /* and label = 'x' */",
    "/* */ 1=1",
    "'x' = $$ $$ || read_text('{secret}')",
    "label = E'\\' OR read_text(''{secret}'') = '' OR label = '",
    "COPY data TO '{target}'",
    "ATTACH '{target}'",
    "PRAGMA database_list",
    "SET enable_external_access = true",
    "INSTALL httpfs",
    "LOAD httpfs",
    "EXPORT DATABASE '{target}'",
    "getenv('HOME') = 'x'",
    "getvariable('x') IS NULL",
    "current_setting('temp_directory') = ''",
    "query('SELECT 1') IS NULL",
    "query_table('data') IS NULL",
    "json_execute_serialized_sql('x') IS NULL",
    "pg_sleep(10) IS NULL",
    "sleep_ms(10000) IS NULL",
    "nextval('x') = 1",
    "write_log('x') IS NULL",
    "repeat('x', 1000000000) = 'x'",
    "lpad('x', 1000000000, 'y') = 'x'",
    "printf('%1000000000d', 1) = 'x'",
    "len(range(1000000000)) > 1",
    "len(generate_series(1, 1000000000)) > 1",
    "list_sort(tags) = tags",
    "unnest(tags) = 'x'",
    "len(list_transform([1], lambda x: x)) = 1",
    "columns(*) IS NULL",
    "* IS NULL",
    "data.label = 'x'",
    "main.data.label = 'x'",
    "rowid = 1",
    "m0 = 'x'",
    "c0 = 'x'",
    "duckdb_settings() IS NULL",
    "main.lower(label) = 'x'",
    "system.main.lower(label) = 'x'",
    "label = ?",
    "label = $1",
    "label = $label",
    "label = 'x' ORDER BY (SELECT 1)",
    "label = 'x' LIMIT (SELECT 1)",
    "label = 'x' GROUP BY label HAVING count(*) > 1",
    "label = 'x' WINDOW w AS ()",
    "label = 'x' QUALIFY row_number() OVER () = 1",
    "label = 'x' USING SAMPLE 5",
    "row_number() OVER () = 1",
    "label::STRUCT(a INT) IS NULL",
    "label COLLATE nocase = 'bag'",
    "{{'a': 1}} IS NULL",
    "MAP {{'a': 1}} IS NULL",
    "(label, split) = ('a', 'b')",
    "label[1] = 'a'",
    "label.x = 'a'",
    "TRY(label) = 'a'",
]


@pytest.fixture
def outside(tmp_path):
    secret, target = tmp_path / "secret.csv", tmp_path / "target.csv"
    secret.write_text("content\nx\n")
    return {"secret": str(secret), "target": str(target)}


@pytest.mark.parametrize("attempt", REACHING)
def test_a_clause_that_reaches_out_is_refused(unchanged, outside, tmp_path, attempt):
    clause = attempt.format(**outside)
    if attempt.endswith("WINDOW w AS ()"):  # names a window that nothing uses: harmless, and nothing is read
        assert unchanged.rows(clause) == []
        return
    with pytest.raises(QueryError) as caught:
        unchanged.rows(clause)
    assert_for_people(caught.value, clause)
    with pytest.raises(QueryError):
        unchanged.rows("", order_by=clause)
    with pytest.raises(QueryError):
        unchanged.query.facet(clause)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv"]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM '{secret}'",
        "COPY (SELECT 1) TO '{target}'",
        "ATTACH '{target}' AS other",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '100GB'",
        "INSTALL httpfs",
        "LOAD httpfs",
    ],
)
def test_even_a_statement_that_got_through_would_find_every_door_locked(unchanged, outside, statement):
    with pytest.raises(EngineError):
        unchanged.query._store.engine.rows(statement.format(**outside))


def assert_for_people(error, clause):
    sentence = str(error)
    assert "\n" not in sentence
    assert len(sentence) < 200
    assert sentence.endswith(".")
    for theirs in ("Error:", "LINE 1", "Binder", "Parser", "Catalog", "Candidate", "json_serialize"):
        assert theirs not in sentence.replace(clause, "")
    if error.start >= 0:
        assert error.start + error.length <= len(clause)


WORDS = """
label predicted brightness tags error "p_T-shirt" 'x' 'it''s' '%' 0 -1 .5 1e308 null true ( ) [ ] , = <> < and or not in
like ilike between is case when then else end cast as int ~ ! || + - * / % :: . ; -- /* */ ' " $ ? @ E' X' select from
union interval day date timestamp '2026-01-01' row exists lambda -> limit order by collate over filter
"""
NASTY = st.sampled_from(WORDS.split())
TYPED = st.lists(NASTY, max_size=14).map(" ".join)
ANYTHING = st.text(max_size=40)


@given(st.one_of(TYPED, ANYTHING, ANYTHING.map(lambda text: f"label = '{text}'")))
@settings(max_examples=400, deadline=None)
@example("\0")
@example("label = '\0'")
@example("\ud800")
@example("label = '\ud800'")
@example("\u202elabel = 'x'")
@example("\ufefflabel = 'Bag'")
@example("🙂 = 'x'")
@example("label = 'x' and 🙂")
def test_any_text_is_a_selection_or_a_sentence(unchanged, clause):
    try:
        rows = unchanged.rows(clause)
    except QueryError as error:
        assert_for_people(error, clause)
    else:
        assert set(rows) <= set(range(6))


ARGUMENTS = {
    functions.TEXT: ("label", "camera", "'x'", "''", "NULL"),
    functions.NUMBER: (
        "brightness",
        "width",
        "-1",
        "0",
        "1e308",
        "-9223372036854775808",
        "9223372036854775807",
        "NULL",
    ),
    functions.FLAG: ("error", "flash", "NULL"),
    functions.TIME: ("taken", "DATE '9999-12-31'", "'2026-01-01'", "NULL"),
    functions.LIST: ("tags", "['x']", "[]"),
    functions.INTERVAL: ("INTERVAL 1 DAY", "INTERVAL '-1 month'"),
    functions.SAME: ("label", "'x'"),
    functions.PATTERN: ("'[a-z]+'", "'('", "'(a{1000}){1000}'"),
    functions.PART: ("'year'", "'eon'"),
}
OPERATORS = {"~~": "LIKE", "!~~": "NOT LIKE", "~~*": "ILIKE", "!~~*": "NOT ILIKE", "~~~": "GLOB"}


def called(name, given):
    if name == "position":
        return f"position({given[1]} IN {given[0]})"
    if name[0].isalpha():
        return f"{name}({', '.join(given)})"
    return f" {OPERATORS.get(name, name)} ".join(given) if len(given) == 2 else f"{name} {given[0]}"


@pytest.mark.parametrize("name", functions.FUNCTIONS)
def test_every_function_runs_on_extreme_values(unchanged, name):
    selected, refused = 0, set()
    for form in functions.FUNCTIONS[name]:
        for turn in range(8):
            given = [ARGUMENTS[kind][(turn + i) % len(ARGUMENTS[kind])] for i, kind in enumerate(form.arguments)]
            try:
                unchanged.rows(f"({called(name, given)}) IS NOT NULL")
                selected += 1
            except QueryError as error:
                refused.add(str(error))
    assert selected
    assert refused <= {f"{text} is not a regular expression." for text in ARGUMENTS[functions.PATTERN]} | {
        "'eon' is no part of a time.",
        "The clause cannot be computed for every example.",  # a time past the last one
    }


@pytest.mark.parametrize(
    "clause",
    [
        "(" * 100_000,
        "(" * 60 + "error" + ")" * 60,
        "not " * 5_000 + "error",
        "- " * 5_000 + "1 = 1",
        "+" * 5_000,
        "brightness" + " + 1" * 5_000 + " > 0",
        "label" + "::varchar" * 5_000 + " = 'x'",
        "case when error then true else " * 2_000 + "true" + " end" * 2_000,
        "error or " * 10_000 + "error",
        "label in (" + "'x'," * 20_000 + "'Bag')",
        "x" * 150_000 + " = 1",
        "label = '" + "x" * 150_000 + "'",
        "é = '" * 20_000,
        "a" + ".a" * 20_000 + " = 1",
        "label = 'x' " * 20_000,
    ],
    ids=lambda clause: clause[:20],
)
def test_a_monstrous_clause_is_answered_soon(unchanged, clause):
    start = time.monotonic()
    try:
        assert unchanged.query.count(clause) <= 6
    except QueryError as error:
        assert_for_people(error, clause)
    assert time.monotonic() - start < 20  # each takes well under a second on a free core


def test_a_question_that_takes_long_can_be_cancelled(heavy):
    progress = Progress()
    threading.Timer(0.2, progress.cancel).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        heavy.rows(SLOW, progress=progress)
    assert time.monotonic() - start < 10
    assert heavy.count("label = 'a'") == 100_000  # and the next question is answered


def test_a_question_that_needs_too_much_memory_is_a_sentence(heavy):
    with pytest.raises(QueryError, match="more memory than a question may take"):
        heavy.facet(" || ".join(["text"] * 20))


SLOW = " or ".join(f"regexp_matches(text, '(x+x+)+y{number}$')" for number in range(300))
