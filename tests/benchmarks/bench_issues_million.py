"""Label issues of a million rows with ten probabilities each: search, first answer, and what a decision costs after."""

from pathlib import Path

import duckdb
import numpy as np
from table import Table, apart

from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.progress import Progress

COUNT, CLASSES, FLIPPED = 1_000_000, 10, 0.05

SEARCH = """
import sys, time, dataimp_gui
with dataimp_gui.open(sys.argv[1]) as project:
    start = time.perf_counter()
    project.analysis.find_issues()
    took = time.perf_counter() - start
print(took)
"""
DECIDE = """
import statistics, sys, time, dataimp_gui
from dataimp_gui.core.model import IssueKind
with dataimp_gui.open(sys.argv[1]) as project:
    project.query
    rows, times = project.analysis.issue_rows(IssueKind.LABEL), []
    for row in rows[:61] if len(rows) else range(61):
        start = time.perf_counter()
        project.relabel([row], project.classes[(project.state.labels[row] + 1) % len(project.classes)])
        times.append(time.perf_counter() - start)
print(statistics.median(times[1:]))
"""


def run(table: Table, folder: Path) -> None:
    rng = np.random.default_rng(0)
    true = rng.integers(0, CLASSES, COUNT)
    given = np.where(rng.random(COUNT) < FLIPPED, (true + rng.integers(1, CLASSES, COUNT)) % CLASSES, true)
    likely = rng.dirichlet(np.full(CLASSES, 0.3), COUNT).astype(np.float32) * 0.4
    likely[np.arange(COUNT), true] += 0.6
    columns = {f"p{place}": likely[:, place] for place in range(CLASSES)}
    with duckdb.connect() as db:
        db.register("made", {"n": np.arange(COUNT), "given": given.astype(np.int32), **columns})
        named = ", ".join(f"p{place} AS class{place}" for place in range(CLASSES))
        db.execute(
            f"COPY (SELECT n::VARCHAR AS id, 'class' || given AS label FROM made) TO '{folder / 'data.parquet'}'"
        )
        db.execute(f"COPY (SELECT n::VARCHAR AS id, {named} FROM made) TO '{folder / 'run.parquet'}'")
    project = folder / "million.dataimp"
    options = ImportOptions(predictions=(folder / "run.parquet",))
    import_dataset(folder / "data.parquet", project, options, Progress())
    alone, _ = apart(DECIDE, str(project))
    took, memory = apart(SEARCH, str(project))
    table.add("label issues of 1M rows with 10 probabilities, end to end", took, 30, "s")
    table.add("the same, peak memory", memory, 2048, "MiB")
    took, _ = apart(DECIDE, str(project))
    table.add(
        "relabel one of 1M rows while issues follow", took * 1e3, 20, "ms", f"{alone * 1e3:.1f} ms before a search"
    )
