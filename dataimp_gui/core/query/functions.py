"""What a WHERE clause may compute: every function and operator, what it takes, what it gives, and the SQL for it.

A function that is not in the table does not exist for a clause: nothing can read a file, wait, or grow without bound.
Undefined results (a logarithm of nothing, a division by zero) are missing, never NaN, which SQL would order above all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

TEXT: Final = "text"
NUMBER: Final = "number"
FLAG: Final = "flag"
TIME: Final = "time"
LIST: Final = "list"
INTERVAL: Final = "interval"
NULL: Final = "null"

SAME: Final = "same"  # of any type, but all such arguments of one
PATTERN: Final = "pattern"  # a regular expression in quotes
PART: Final = "part"  # the name of a part of a time, in quotes

_PARTS: Final = "year month day hour minute second quarter week dayofweek isodow dayofyear isoyear decade century epoch"
DATE_PARTS: Final = frozenset(_PARTS.split())


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call a function. ``sql`` has a place {0}, {1} … for each argument, or {all} when ``many``."""

    arguments: tuple[str, ...]
    result: str
    sql: str
    many: bool = False


_ROWS: Final = """
lower            | text                | text     | lower({0})
upper            | text                | text     | upper({0})
strip_accents    | text                | text     | strip_accents({0})
md5              | text                | text     | md5({0})
trim             | text                | text     | trim({0})
trim             | text text           | text     | trim({0}, {1})
ltrim            | text                | text     | ltrim({0})
rtrim            | text                | text     | rtrim({0})
length len       | text                | number   | length({0})
length len array_length | list         | number   | len({0})
contains         | text text           | flag     | contains({0}, {1})
starts_with prefix ^@ | text text      | flag     | starts_with({0}, {1})
ends_with suffix | text text           | flag     | suffix({0}, {1})
position strpos instr | text text      | number   | strpos({0}, {1})
substring substr | text number         | text     | substring({0}, TRY_CAST({1} AS INTEGER))
substring substr | text number number  | text     | substring({0}, TRY_CAST({1} AS INTEGER), TRY_CAST({2} AS INTEGER))
left             | text number         | text     | left({0}, TRY_CAST({1} AS INTEGER))
right            | text number         | text     | right({0}, TRY_CAST({1} AS INTEGER))
|| concat        | text text           | text     | ({0} || {1})
~~               | text text           | flag     | ({0} LIKE {1})
!~~              | text text           | flag     | ({0} NOT LIKE {1})
~~*              | text text           | flag     | ({0} ILIKE {1})
!~~*             | text text           | flag     | ({0} NOT ILIKE {1})
~~~              | text text           | flag     | ({0} GLOB {1})
regexp_matches   | text pattern        | flag     | regexp_matches({0}, {1})
regexp_full_match | text pattern       | flag     | regexp_full_match({0}, {1})
regexp_extract   | text pattern        | text     | regexp_extract({0}, {1})
contains list_contains list_has array_contains array_has | list text | flag | list_contains({0}, {1})
list_has_any array_has_any && | list list | flag  | list_has_any({0}, {1})
list_has_all array_has_all | list list | flag     | list_has_all({0}, {1})
+                | number              | number   | {0}
-                | number              | number   | (-CAST({0} AS DOUBLE))
+                | number number       | number   | nullif(CAST({0} AS DOUBLE) + {1}, 'NaN')
-                | number number       | number   | nullif(CAST({0} AS DOUBLE) - {1}, 'NaN')
*                | number number       | number   | nullif(CAST({0} AS DOUBLE) * {1}, 'NaN')
/                | number number       | number   | nullif(CAST({0} AS DOUBLE) / nullif({1}, 0), 'NaN')
//               | number number       | number   | nullif(floor(CAST({0} AS DOUBLE) / nullif({1}, 0)), 'NaN')
% mod            | number number       | number   | nullif(CAST({0} AS DOUBLE) % CAST(nullif({1}, 0) AS DOUBLE), 'NaN')
** ^ pow power   | number number       | number   | nullif(pow(CAST({0} AS DOUBLE), {1}), 'NaN')
@ abs            | number              | number   | abs(CAST({0} AS DOUBLE))
round            | number              | number   | round(CAST({0} AS DOUBLE))
round            | number number       | number   | round(CAST({0} AS DOUBLE), TRY_CAST({1} AS INTEGER))
floor            | number              | number   | floor(CAST({0} AS DOUBLE))
ceil ceiling     | number              | number   | ceil(CAST({0} AS DOUBLE))
trunc            | number              | number   | trunc(CAST({0} AS DOUBLE))
sign             | number              | number   | sign(CAST({0} AS DOUBLE))
sqrt             | number              | number   | nullif(sqrt(CAST({0} AS DOUBLE)), 'NaN')
exp              | number              | number   | exp(CAST({0} AS DOUBLE))
ln               | number              | number   | nullif(nullif(ln(CAST({0} AS DOUBLE)), 'NaN'), '-inf')
log log10        | number              | number   | nullif(nullif(log10(CAST({0} AS DOUBLE)), 'NaN'), '-inf')
log2             | number              | number   | nullif(nullif(log2(CAST({0} AS DOUBLE)), 'NaN'), '-inf')
isfinite         | number              | flag     | isfinite(CAST({0} AS DOUBLE))
isinf            | number              | flag     | isinf(CAST({0} AS DOUBLE))
least            | same*               | same     | least({all})
greatest         | same*               | same     | greatest({all})
nullif           | same same           | same     | nullif({0}, {1})
if               | flag same same      | same     | if({0}, {1}, {2})
-                | time time           | interval | ({0} - {1})
-                | time interval       | time     | ({0} - {1})
+                | time interval       | time     | ({0} + {1})
+                | interval time       | time     | ({1} + {0})
year             | time                | number   | year({0})
month            | time                | number   | month({0})
day dayofmonth   | time                | number   | day({0})
hour             | time                | number   | hour({0})
minute           | time                | number   | minute({0})
second           | time                | number   | second({0})
quarter          | time                | number   | quarter({0})
week             | time                | number   | week({0})
dayofweek weekday | time               | number   | dayofweek({0})
isodow           | time                | number   | isodow({0})
dayofyear        | time                | number   | dayofyear({0})
dayname          | time                | text     | dayname({0})
monthname        | time                | text     | monthname({0})
epoch            | time                | number   | epoch({0})
date_part datepart | part time         | number   | date_part({0}, {1})
date_trunc datetrunc | part time       | time     | CAST(date_trunc({0}, {1}) AS TIMESTAMP)
to_years         | number              | interval | to_years(TRY_CAST({0} AS INTEGER))
to_months        | number              | interval | to_months(TRY_CAST({0} AS INTEGER))
to_weeks         | number              | interval | to_weeks(TRY_CAST({0} AS INTEGER))
to_days          | number              | interval | to_days(TRY_CAST({0} AS INTEGER))
to_hours         | number              | interval | to_hours(TRY_CAST({0} AS INTEGER))
to_minutes       | number              | interval | to_minutes(TRY_CAST({0} AS INTEGER))
to_seconds       | number              | interval | to_seconds(TRY_CAST({0} AS INTEGER))
"""


def _forms() -> dict[str, tuple[Form, ...]]:
    found: dict[str, tuple[Form, ...]] = {}
    for line in _ROWS.strip().splitlines():
        head, sql = line.rsplit(" | ", 1)  # the operator || stands in the first cell
        names, arguments, result = (cell.strip() for cell in head.rsplit(" | ", 2))
        many = arguments.endswith("*")
        form = Form(tuple(arguments.rstrip("*").split()), result.strip(), sql.strip(), many)
        for name in names.split():
            found[name] = (*found.get(name, ()), form)
    return found


FUNCTIONS: Final = _forms()
"""Name, in lower case, to the ways it can be called."""

_MANY: Final = (
    "any_value approx_count_distinct arg_max arg_min avg count count_if count_star first histogram last list max mean "
    "median min mode product quantile stddev string_agg sum variance row_number rank lag lead"
)
AGGREGATES: Final = frozenset(_MANY.split())
"""Known, but about many examples at once: a sentence of their own."""

COMPARISONS: Final = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
    "COMPARE_DISTINCT_FROM": "IS DISTINCT FROM",
    "COMPARE_NOT_DISTINCT_FROM": "IS NOT DISTINCT FROM",
}

CASTS: Final = {
    **dict.fromkeys(("varchar", "text", "string", "char"), (TEXT, "TRY_CAST({0} AS VARCHAR)")),
    **dict.fromkeys(
        ("double", "float", "real", "decimal", "numeric", "float4", "float8"), (NUMBER, "TRY_CAST({0} AS DOUBLE)")
    ),
    **dict.fromkeys(
        ("integer", "int", "bigint", "smallint", "tinyint", "hugeint", "int4", "int8", "long"),
        (NUMBER, "TRY_CAST({0} AS BIGINT)"),
    ),
    **dict.fromkeys(("boolean", "bool", "logical"), (FLAG, "TRY_CAST({0} AS BOOLEAN)")),
    **dict.fromkeys(("timestamp", "datetime"), (TIME, "TRY_CAST({0} AS TIMESTAMP)")),
    "date": (TIME, "CAST(TRY_CAST({0} AS DATE) AS TIMESTAMP)"),
    "interval": (INTERVAL, "TRY_CAST({0} AS INTERVAL)"),
}
"""Type name, in lower case, to what it is here and the SQL: a value that cannot be cast is missing."""

CASTABLE: Final = frozenset(
    {(TEXT, kind) for kind in (TEXT, NUMBER, FLAG, TIME, INTERVAL)}
    | {(kind, TEXT) for kind in (NUMBER, FLAG, TIME, INTERVAL)}
    | {(NUMBER, NUMBER), (NUMBER, FLAG), (FLAG, NUMBER), (FLAG, FLAG), (TIME, TIME), (INTERVAL, INTERVAL)}
)


def names() -> Iterator[str]:
    """Functions that have a name to type, not an operator."""
    return (name for name in FUNCTIONS if name[0].isalpha())
