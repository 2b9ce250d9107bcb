"""The map of a million points, offscreen: drawing around some of them, colouring all anew, pointing at one."""

from pathlib import Path

from table import Table, apart

MAP = """
import os, sys, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.scatter import Scatter

app = QApplication([])
theme.apply(app, "dark")
rng = np.random.default_rng(0)
groups = rng.integers(0, 10, 1_000_000).astype(np.int32)
xy = (rng.standard_normal((10, 2))[groups] * 4 + rng.standard_normal((1_000_000, 2))).astype(np.float32)
xy[::1000] = np.nan
scatter = Scatter()
scatter.resize(1400, 900)
scatter.show()
assert QTest.qWaitForWindowExposed(scatter)
scatter.set_points(xy)
palette = [QColor.fromHsv(36 * each, 200, 220) for each in range(10)]
scatter.set_colours(groups, palette)
scatter.repaint()
chosen = []
scatter.lassoed.connect(lambda points, add: (chosen.append(len(points)), scatter.set_chosen(points)))
turn = np.linspace(0, 2 * np.pi, 120)

def lasso():
    at = [QPoint(round(700 + 300 * np.cos(each)), round(450 + 250 * np.sin(each) * np.cos(each / 3))) for each in turn]
    QTest.mousePress(scatter, Qt.MouseButton.LeftButton, pos=at[0])
    for each in at:
        QTest.mouseMove(scatter, each)
    start = time.perf_counter()
    QTest.mouseRelease(scatter, Qt.MouseButton.LeftButton, pos=at[-1])
    scatter.repaint()
    return time.perf_counter() - start

def colour():
    before = scatter.grab().toImage()
    codes = rng.permutation(10).astype(np.int32)[groups]
    start = time.perf_counter()
    scatter.set_colours(codes, palette)
    scatter.repaint()
    took = time.perf_counter() - start
    assert scatter.grab().toImage() != before, "the colours were not drawn"
    return took

def point():
    start = time.perf_counter()
    scatter.nearest(QPointF(*rng.uniform(100, 800, 2)))
    return time.perf_counter() - start

work = {"lasso": lasso, "colour": colour, "point": point}[sys.argv[1]]
work()
took = sorted(work() for _ in range(9))[4]
assert sys.argv[1] != "lasso" or chosen[-1] > 1000
print(took * 1e3)
"""


def run(table: Table, folder: Path) -> None:
    for what, title, limit in (
        ("lasso", "draw around some of 1,000,000 points, until they show as chosen", 200),
        ("colour", "colour 1,000,000 points anew, until it shows", 100),
        ("point", "find the point under the mouse among 1,000,000 (own limit)", 30),
    ):
        took, memory = apart(MAP, what)
        table.add(title, took, limit, "ms", f"{memory:.0f} MiB")
