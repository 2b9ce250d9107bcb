"""Painting cells leaves nothing behind that the garbage collector would free twice."""

import subprocess
import sys

PAINTED = """
import gc
from PySide6.QtCore import QSize, QStringListModel
from PySide6.QtWidgets import QApplication, QStyledItemDelegate
from dataimp_gui.ui.kit.grid_view import GridView

class Looking(QStyledItemDelegate):
    def paint(self, painter, option, index):
        painter.drawRect(option.rect)

app = QApplication([])
gc.disable()
for _ in range(20):
    view = GridView(QSize(20, 20))
    view.me = view
    view.setModel(QStringListModel([str(n) for n in range(50)], view))
    view.setItemDelegate(Looking(view))
    view.resize(200, 200)
    gc.collect(0)  # the view is older than what painting makes
    view.grab()
    del view
    gc.collect()
"""


def test_a_view_that_has_painted_can_be_collected():
    done = subprocess.run([sys.executable, "-c", PAINTED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
