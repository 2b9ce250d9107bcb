"""From the command line to the window on the screen, with the demo; disk and byte code are warm."""

import time
from pathlib import Path

from table import Table, apart

START = """
import os, sys, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
began, demo, config, wanted = float(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
os.environ["XDG_CONFIG_HOME"] = config
from PySide6.QtCore import QEvent, QObject, QTimer
from dataimp_gui.ui import app as program

class Watch(QObject):
    painted = full = 0.0
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint and not self.painted and watched.isWidgetType():
            self.window = watched.window()
            self.painted = time.time()
            QTimer.singleShot(0, self.look)
        return False
    def look(self):
        page = self.window.page
        gallery = page.gallery if page is not None and self.window.session.ready else None
        places = gallery.view.visible() if gallery is not None else ()
        if len(places) and all(gallery.model.face(int(place)) is not None for place in places):
            self.full = time.time()
            self.window.close()
        elif time.time() - began < 60:
            QTimer.singleShot(5, self.look)
        else:
            self.window.close()

watch = Watch()
application = program.application()
application.installEventFilter(watch)
from dataimp_gui.cli import run
run(["open", demo])
assert watch.painted and watch.full, "no examples came"
print((watch.painted if wanted == "window" else watch.full) - began)
"""


def run(table: Table, folder: Path) -> None:
    from dataimp_gui.core.demos import create_demo

    demo = create_demo("clothing", folder / "demo").project
    for wanted, title, limit in (
        ("window", "the window is visible after the start, with the demo", 1.5),
        ("examples", "  all examples on its screen have their pictures (own limit)", 3.0),
    ):
        config = folder / wanted
        took = [apart(START, str(time.time()), str(demo), str(config), wanted) for _ in range(4)]
        table.add(title, sorted(took[1:])[1][0], limit, "s", f"{took[-1][1]:,.0f} MiB")
