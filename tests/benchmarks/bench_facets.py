"""The filters at a million rows: counts and histograms of twenty columns, as the panel asks for them after a filter."""

import os
from pathlib import Path

from table import Table, apart

COUNT = int(os.environ.get("DATAIMP_ROWS", "1000000"))
LIMIT_MS = 150.0
WORDS = {"camera": 7, "station": 40, "city": 150, "weather": 5, "season": 4, "lens": 12, "author": 60, "licence": 3}
NUMBERS = ("brightness", "contrast", "sharpness", "width", "height", "bytes", "altitude", "wind", "rain", "age")
CLAUSES = {
    "a filter on none of them": "batch < 15%d",
    "filters on two of them": "camera = 'camera %d' and brightness < 0.5",
}

FACETS = """
import sys, time
import dataimp_gui
from dataimp_gui.progress import Progress
from dataimp_gui.ui.clauses import Where
from dataimp_gui.ui.pages.triage.counts import Asked, count

project = dataimp_gui.open(sys.argv[1])
asked = Asked(tuple(sys.argv[3].split(",")), tuple(sys.argv[4].split(",")))
assert len(asked.values) + len(asked.spreads) == 20
start = time.perf_counter()
count(project, Where.parse("batch < 10"), asked, Progress())  # what the panel showed before
first = time.perf_counter() - start
took, cpu = [], []
for number in range(7):
    where = Where.parse(sys.argv[2] % number)
    start, used = time.perf_counter(), time.process_time()
    found = count(project, where, asked, Progress())
    took.append(time.perf_counter() - start)
    cpu.append(time.process_time() - used)
left = project.query.count(str(where.without("camera")))
assert 0 < left < project.count
assert sum(amount for _, amount in found.values["camera"]) == left
spread = found.spreads["contrast"]
assert spread.everything.sum() == project.count
assert spread.shown.sum() == project.query.count(str(where))
project.close()
print({"wall": sorted(took)[3], "cpu": sorted(cpu)[3], "first": first}[sys.argv[5]] * 1e3)
"""


def run(table: Table, folder: Path) -> None:
    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    project = folder / "wide.dataimp"
    import_dataset(wide_table(folder), project, ImportOptions(), Progress())
    for what, clause in CLAUSES.items():
        asked = (str(project), clause, ",".join(("label", "split", *WORDS)), ",".join(NUMBERS))
        took, _ = apart(FACETS, *asked, "wall")
        used, memory = apart(FACETS, *asked, "cpu")
        first, _ = apart(FACETS, *asked, "first")
        note = f"once after opening {first:,.0f} ms; CPU {used:.0f} ms, {memory:,.0f} MiB"
        table.add(f"counts and histograms, 20 columns, {COUNT:,} rows, {what}", took, LIMIT_MS, "ms", note)


def wide_table(folder: Path) -> Path:
    """Ten columns of words, ten of numbers, and the day of each row to filter by."""
    import duckdb

    source = folder / "wide.parquet"
    words = ", ".join(
        f"'{name} ' || hash(n * 31 + {place}) % {many} AS {name}" for place, (name, many) in enumerate(WORDS.items())
    )
    numbers = ", ".join(
        f"round(hash(n * 17 + {place}) % 100000 / 100000.0, 4)::FLOAT AS {name}" for place, name in enumerate(NUMBERS)
    )
    duckdb.sql(f"""COPY (SELECT 'item-' || n AS id,
        ['Coat', 'Shirt', 'Bag', 'Dress'][(hash(n) % 4)::INTEGER + 1] AS label,
        CASE WHEN n % 10 < 8 THEN 'train' ELSE 'test' END AS split, {words}, {numbers}, n % 365 AS batch
        FROM range({COUNT}) t(n)) TO '{source}'""")
    return source
