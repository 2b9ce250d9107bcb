"""Import of a million rows with ten probabilities, opening it again, filters and edits on it."""

import statistics
import time
from pathlib import Path

import numpy as np
from made import csv_dataset
from table import Table, apart, median, percentile_95

import dataimp_gui

PEER = """
import sys, time, duckdb
start = time.perf_counter()
db = duckdb.connect()
for name, file in zip("ab", sys.argv[1:]):
    db.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{file}')")
print(time.perf_counter() - start)
"""

OURS = """
import sys, time
from pathlib import Path
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.progress import Progress
start = time.perf_counter()
import_dataset(sys.argv[1], Path(sys.argv[3]), ImportOptions(predictions=(Path(sys.argv[2]),)), Progress())
print(time.perf_counter() - start)
"""

OPEN = """
import sys, time
import dataimp_gui
start = time.perf_counter()
project = dataimp_gui.open(sys.argv[1])
assert len(project.rows("error and brightness < 0.5"))
print(time.perf_counter() - start)
project.close()
"""

CLAUSE = "label = 'Shirt' and brightness < 0.5"


def run(table: Table, folder: Path) -> None:
    dataset, predictions = csv_dataset(folder, 1_000_000)
    peers, ours = [], []
    for attempt in range(3):
        peers.append(apart(PEER, str(dataset), str(predictions))[0])
        ours.append(apart(OURS, str(dataset), str(predictions), str(folder / f"{attempt}.dataimp")))
    peer, mine = sorted(peers)[1], sorted(ours)[1]
    table.add(
        "import 1M rows + 10 probabilities, CSV (limit: 3 x read_csv)", mine[0], 3 * peer, "s", f"read_csv {peer:.2f} s"
    )
    table.add("  its peak memory", max(memory for _, memory in ours), 2048, "MiB")
    opened = sorted(apart(OPEN, str(folder / "0.dataimp")) for _ in range(3))[1]
    table.add("open 1M rows again, first filter included", opened[0], 2.0, "s")
    table.add("  its peak memory", opened[1], 2048, "MiB")
    with dataimp_gui.open(folder / "0.dataimp") as project:
        _filters(table, project, 30, "1M")
        _edits(table, project)


def _filters(table: Table, project: "dataimp_gui.core.project.Project", limit_ms: float, name: str) -> None:
    table.add(
        f"filter string and number, {name} rows, as an array",
        median(lambda: project.rows(CLAUSE), 9) * 1e3,
        limit_ms,
        "ms",
    )


def _edits(table: Table, project: "dataimp_gui.core.project.Project") -> None:
    rng = np.random.default_rng(1)
    rows = project.rows(CLAUSE)
    times, seen = [], []
    for number in range(200):
        row = np.array([rows[number]])
        start = time.perf_counter()
        project.relabel(row, "Coat")
        times.append(time.perf_counter() - start)
        start = time.perf_counter()
        left = len(project.rows(CLAUSE))
        seen.append(time.perf_counter() - start)
        assert left == len(rows) - number - 1, "an edit was not seen by the next filter"
    table.add("relabel one example durably, p95 of 200", percentile_95(times) * 1e3, 20, "ms")
    table.add("  the filter right after it, median", statistics.median(seen) * 1e3, 30, "ms")
    chosen = np.sort(rng.choice(project.count, 100_000, replace=False))
    start = time.perf_counter()
    info = project.relabel(chosen, "Bag")
    table.add("relabel 100,000 examples durably", time.perf_counter() - start, 1.0, "s")
    assert info is not None
    assert len(project.rows("label = 'Bag'")) > 100_000
    start = time.perf_counter()
    project.undo()
    table.add("  its undo", time.perf_counter() - start, 1.0, "s")
    start = time.perf_counter()
    project.relabel(np.arange(project.count), "Bag")
    table.add("relabel 1,000,000 examples durably (own limit)", time.perf_counter() - start, 3.0, "s")
    start = time.perf_counter()
    project.undo()
    table.add("  its undo (own limit)", time.perf_counter() - start, 3.0, "s")
    table.add("  a filter after it", median(lambda: project.rows(CLAUSE)) * 1e3, 30, "ms")
