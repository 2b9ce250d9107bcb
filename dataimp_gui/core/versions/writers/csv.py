"""One CSV table, with the files beside it.

A cell that a spreadsheet would take for a formula is made harmless: where a text (or a column name) matches
``^'*[=+\\-@\\t\\r]``, any number of apostrophes and then one of ``= + - @``, tab or return, one more apostrophe is put
in front. A reader takes one apostrophe away wherever a cell matches ``^'+[=+\\-@\\t\\r]``; nothing else ever looks
like that, so the texts come back exactly. Numbers, flags and times are never touched.
"""

from typing import Final

from dataimp_gui.core.engine import literal
from dataimp_gui.core.versions import content
from dataimp_gui.core.versions.outgoing import Outgoing

LEVELS: Final = ()
FILE: Final = "examples.csv"
ESCAPED: Final = {"prefix": "'", "pattern": "^'*[=+\\-@\\t\\r]", "undo": "^'+[=+\\-@\\t\\r]"}

_HEADER_TROUBLE: Final = ("=", "+", "-", "@", "\t", "\r")


def base(_outgoing: Outgoing) -> str:
    return "media"


def has_files(outgoing: Outgoing) -> bool:
    return outgoing.has_media


def write(outgoing: Outgoing) -> None:
    content.define_json_text(outgoing.engine)
    types = dict(outgoing.engine.columns(f"SELECT * FROM ({outgoing.select(outgoing.columns())}) LIMIT 0"))
    chosen = {_header(name): _cell(sql, types[name]) for name, sql in outgoing.columns().items()}
    outgoing.progress.phase("Writing the table")
    outgoing.engine.run(
        f"COPY ({outgoing.select(chosen)}) TO {literal(str(outgoing.folder / FILE))} "
        "(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')",
        progress=outgoing.progress,
    )
    outgoing.notes["table"] = FILE
    outgoing.notes["csv"] = ESCAPED


def _header(name: str) -> str:
    return "'" + name if name.lstrip("'").startswith(_HEADER_TROUBLE) else name


def _cell(sql: str, sql_type: str) -> str:
    if sql_type == "VARCHAR[]":
        sql = f"CASE WHEN len({sql}) > 0 THEN {content.json_list(sql)} END"
    elif sql_type in ("DOUBLE", "FLOAT"):
        return f"CASE WHEN isnan({sql}) THEN 'nan' ELSE ({sql})::DOUBLE::VARCHAR END"
    elif sql_type == "TIMESTAMP":
        return f"strftime({sql}, '%Y-%m-%dT%H:%M:%S.%f')"
    elif sql_type != "VARCHAR":
        return f"{sql}::VARCHAR"
    return f"CASE WHEN regexp_matches({sql}, {literal(ESCAPED['pattern'])}) THEN '''' || {sql} ELSE {sql} END"
