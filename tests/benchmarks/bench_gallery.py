"""Scrolling through a million tiles at 1920x1080, offscreen: the time of a frame while every line comes in anew."""

from pathlib import Path

from table import Table, apart

SCROLL = """
import os, sys, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
import numpy as np
from PySide6.QtWidgets import QApplication
from dataimp_gui.ui import theme
from dataimp_gui.ui.main_window import MainWindow

app = QApplication([])
theme.apply(app, "dark")
window = MainWindow(Path(sys.argv[2]))
window.resize(1920, 1080)
window.show()

def until(fact):
    end = time.monotonic() + 120
    while not fact():
        app.processEvents()
        time.sleep(0.0005)
        if time.monotonic() > end:
            raise SystemExit("it takes too long")

window.open(Path(sys.argv[1]))
until(lambda: window.session is not None and window.session.ready)
view = window.page.gallery.view
until(lambda: len(view.visible()) and window.page.gallery.model.face(0) is not None)
end = time.monotonic() + 2  # counts and columns arrive
until(lambda: time.monotonic() > end)
bar, took, busy = view.verticalScrollBar(), [], []
for number in range(400):
    start, spent = time.perf_counter(), time.thread_time()
    bar.setValue(bar.value() + (bar.maximum() // 40 if number % 20 == 19 else 120))  # by the wheel, now and then far
    app.processEvents()
    took.append(time.perf_counter() - start)
    busy.append(time.thread_time() - spent)
    rest = 1 / 60 - took[-1]
    if rest > 0:
        time.sleep(rest)
assert view.visible()[0] > 400_000, "it did not scroll"
print(float(np.sort({"wall": took, "processor": busy}[sys.argv[3]])[380] * 1000))
"""


def run(table: Table, folder: Path) -> None:
    from made import csv_dataset

    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    dataset, predictions = csv_dataset(folder, 1_000_000)
    project = folder / "million.dataimp"
    import_dataset(dataset, project, ImportOptions(predictions=(predictions,)), Progress())
    for clock, title in (("wall", "a frame"), ("processor", "the main thread's work for a frame (own limit)")):
        worst_of_95, memory = apart(SCROLL, str(project), str(folder / "config"), clock)
        limit = 16.7 if clock == "wall" else 10.0
        table.add(f"scroll through 1,000,000, p95: {title}", worst_of_95, limit, "ms", f"{memory:,.0f} MiB")
