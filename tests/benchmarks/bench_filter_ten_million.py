"""A filter over ten million rows."""

from pathlib import Path

import duckdb
from table import Table, median

import dataimp_gui
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.progress import Progress

COUNT = 10_000_000
CLAUSE = "label = 'Shirt' and brightness < 0.5"


def run(table: Table, folder: Path) -> None:
    source = folder / "ten-million.parquet"
    duckdb.sql(f"""COPY (SELECT 'item-' || n AS id,
        ['Coat', 'Shirt', 'Bag', 'Dress'][(hash(n) % 4)::INTEGER + 1] AS label,
        (hash(n * 7) % 100000 / 100000.0)::FLOAT AS brightness FROM range({COUNT}) t(n)) TO '{source}'""")
    import_dataset(source, folder / "ten.dataimp", ImportOptions(), Progress())
    peer = duckdb.connect()
    peer.execute(f"CREATE TABLE t AS SELECT * FROM '{source}'")
    counted = median(lambda: peer.execute(f"SELECT count(*) FROM t WHERE {CLAUSE}").fetchall())
    as_array = median(lambda: peer.execute(f"SELECT rowid FROM t WHERE {CLAUSE}").fetchnumpy())
    peer.close()
    with dataimp_gui.open(folder / "ten.dataimp") as project:
        found = len(project.rows(CLAUSE))
        took = median(lambda: project.rows(CLAUSE))
    note = f"{found:,} rows; DuckDB itself: count {counted * 1e3:.0f} ms, rowids {as_array * 1e3:.0f} ms"
    table.add("filter string and number, 10M rows, as an array", took * 1e3, 250, "ms", note)
