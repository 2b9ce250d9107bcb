"""How long the main thread is away at most while the program imports, compares and exports ten thousand images."""

import os
from pathlib import Path

from made import png_folder
from table import Table, apart

COUNT = int(os.environ.get("DATAIMP_PICTURES", "10000"))
LIMIT_MS = 50.0
HERE = str(Path(__file__).resolve().parent)

WORK = f"""
import sys, time
sys.path.insert(0, {HERE!r})
from pathlib import Path
from offscreen import Heart, has_faces, until, window
from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.ui.pages.triage.study import Task
source, folder, said = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
app, window = window(folder / "config")
heart, lines, failures = Heart(), [], []

def done(name, start):
    lines.append(f"{{name}} {{heart.gap_ms}} {{heart.busy_ms}} {{time.perf_counter() - start}}")
    heart.rest()

heart.rest()
start = time.perf_counter()
project = folder / "made.dataimp"
window.opening.make(source, project, ImportOptions(), lambda: done("import", start), failures.append)
until(app, lambda: bool(lines or failures))
assert not failures, failures
start = time.perf_counter()
until(app, lambda: has_faces(window))
done("open", start)
session, page = window.session, window.page
start = time.perf_counter()
page.study.start(Task.EMBED)
until(app, lambda: page.study.standing.is_embedded)
done("embed", start)
start = time.perf_counter()
page.study.start(Task.SEARCH)
until(app, lambda: page.study.standing.is_searched)
done("search", start)
start = time.perf_counter()
versions = []
session.commit("as it was", versions.append, failures.append)
until(app, lambda: bool(versions or failures))
assert not failures, failures
done("commit", start)
from dataimp_gui.ui.dialogs.export_dialog import ExportDialog
start = time.perf_counter()
dialog, exported = ExportDialog(session, window), []
dialog.exported.connect(lambda words, dest: exported.append(dest))
dialog.open()
until(app, lambda: dialog.go.isEnabled())
dialog.folder.setText(str(folder / "exported"))
dialog.go.click()
until(app, lambda: bool(exported))
done("export", start)
assert any((folder / "exported").iterdir())
window.close()
said.write_text("\\n".join(lines))
print(0)
"""


def run(table: Table, folder: Path) -> None:
    said = folder / "said"
    apart(WORK, str(png_folder(folder / "pictures", COUNT)), str(folder), str(said))
    for line in said.read_text().splitlines():
        name, gap, busy, took = line.split()
        note = f"computing itself {float(busy):.0f} ms; {float(took):.1f} s in all"
        table.add(f"{name} {COUNT:,} images: longest absence of the main thread", float(gap), LIMIT_MS, "ms", note)
