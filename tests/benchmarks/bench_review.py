"""From a key press in review to the next example on the screen, the decision on the disk in between: 1,000 of them."""

from pathlib import Path

from made import png_folder
from table import Table, apart

DECISIONS = 1_000
LIMIT_MS = 50.0

REVIEW = """
import os, sys, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from dataimp_gui.ui import theme
from dataimp_gui.ui.main_window import MainWindow
from dataimp_gui.ui.session import Queue

project, config, decisions = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
app = QApplication([])
theme.apply(app, "dark")
window = MainWindow(config)
window.resize(1920, 1080)
window.show()
window.activateWindow()

def until(fact):
    end = time.monotonic() + 120
    while not fact():
        app.processEvents()
        time.sleep(0.0005)
        if time.monotonic() > end:
            raise SystemExit("it takes too long")

window.open(project)
until(lambda: window.session is not None and window.session.ready and window.isActiveWindow())
rng = np.random.default_rng(1)
unasked = window.session.project.rows("coalesce(split, '') <> 'test'")  # a change of a test label is asked about
rows = rng.permutation(unasked)[: decisions + 50]
window.session.review_wanted.emit(Queue("Benchmark", rows))
until(lambda: window.reviewing.page is not None and window.reviewing.page.walk.can_decide)
page = window.reviewing.page
walk, stage = page.walk, page.viewing.stage

class Painted(QObject):
    row = -1  # of the example that the stage has painted last
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint and walk.frame is not None and stage.image is walk.frame.picture:
            self.row = walk.row
        return False

painted = Painted()
stage.installEventFilter(painted)
keys = [Qt.Key.Key_K, *(getattr(Qt.Key, f"Key_{digit}") for digit in range(10)), Qt.Key.Key_X, Qt.Key.Key_F]
took = []
for number in range(decisions):
    until(lambda: walk.can_decide)
    before, key = walk.row, keys[rng.integers(len(keys))]
    start = time.perf_counter()
    QTest.keyClick(window, key)
    until(lambda: walk.row != before and painted.row == walk.row)
    took.append(time.perf_counter() - start)
    end = time.monotonic() + 0.05  # nobody presses more than twenty keys a second
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.001)
review = walk.review
assert len(window.session.project.reviews.decisions(review)) == decisions
window.close()
from dataimp_gui.core.project import Project
with Project.open(project) as again:
    assert len(again.reviews.decisions(review)) == decisions
took = np.sort(took) * 1000
print("median", round(float(np.median(took)), 1), "worst", round(float(took[-1]), 1), file=sys.stderr)
print(float(took[int(len(took) * 0.95)]))
"""


def run(table: Table, folder: Path) -> None:
    from dataimp_gui.core.demos import create_demo
    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    demo = create_demo("clothing", folder / "demo").project
    pictures = png_folder(folder / "pictures", 100_000)
    large = folder / "large.dataimp"
    import_dataset(pictures, large, ImportOptions(), Progress())
    for name, project in (("the demo, 4,000 images", demo), ("100,000 images", large)):
        worst_of_95, memory = apart(REVIEW, str(project), str(folder / "config"), str(DECISIONS))
        table.add(f"review, key to next example, p95: {name}", worst_of_95, LIMIT_MS, "ms", f"{memory:,.0f} MiB")
