"""From a slider that moves to the variants of its policy on the screen, in the window."""

from pathlib import Path

from made import png_folder
from table import Table, apart

LIMITS = {224: 150.0, 1024: 400.0}
MOVES = 30

SLIDE = """
import sys, time
from pathlib import Path
import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from offscreen import Heart, is_answered, until, window
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.model import Modality

project, moves = Path(sys.argv[1]), int(sys.argv[3])
app, made = window(Path(sys.argv[2]))
made.resize(1440, 900)
made.open(project)
until(app, lambda: is_answered(made))
made.paging.turn_to("augment")
page = made.page
grid = page.content.grid
steps = tuple(map(Step, ("affine", "brightness", "blur", "jpeg", "flip_horizontal")))
page.draft.put(Policy("Five steps", Modality.IMAGE, steps=steps))

class Painted(QObject):
    policy = None  # whose variants the grid has painted last
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint and grid.shown is not None:
            self.policy = grid.shown.asked.policies[0]
        return False

painted = Painted()
grid.installEventFilter(painted)
until(app, lambda: painted.policy == page.draft.policy and bool(grid.scores))
heart, took, away = Heart(), [], []
slider = page.editor.cards[1].sliders["added"]
for number in range(moves):
    heart.rest()
    before, start = page.draft.policy, time.perf_counter()
    QTest.keyClick(slider, Qt.Key.Key_Left if number % 2 else Qt.Key.Key_Right)
    assert page.draft.policy != before
    until(app, lambda: painted.policy == page.draft.policy)
    took.append(time.perf_counter() - start)
    away.append(heart.busy_ms)
lines = len(grid.shown.lines)
assert len(grid.shown.lines[0]) == 5 and lines >= 4
made.close()
print(lines, round(max(away), 1), file=sys.stderr)
print(float(np.median(took)) * 1000)
"""


def run(table: Table, folder: Path) -> None:
    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    here = str(Path(__file__).resolve().parent)
    code = f"import sys; sys.path.insert(0, {here!r})\n{SLIDE}"
    for side, limit in LIMITS.items():
        project = folder / f"{side}.dataimp"
        import_dataset(png_folder(folder / str(side), 60, side), project, ImportOptions(), Progress())
        took, _ = apart(code, str(project), str(folder / "config"), str(MOVES))
        table.add(f"augment: from a slider to 4 x 4 variants on the screen, {side} px, median", took, limit, "ms")
