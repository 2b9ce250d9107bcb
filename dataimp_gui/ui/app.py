"""Where the window begins: application, theme, error hooks, first paint, then the rest."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from dataimp_gui.about import VERSION
from dataimp_gui.core.compute.heap import keep_freed_blocks
from dataimp_gui.ui import settings, theme
from dataimp_gui.ui.kit import icons
from dataimp_gui.ui.kit.collector import Collector


def application() -> QApplication:
    """The one application of the process, dressed; made at the first call."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
        app.setApplicationName("dataimp")
        app.setApplicationDisplayName("Dataimp")
        app.setApplicationVersion(VERSION)
        app.setDesktopFileName("dataimp")
        app.setWindowIcon(icons.logo(64))
    return app


def run(project: Path | None, config: Path | None = None) -> int:
    """Open the window, on ``project`` when given, and stay until it is closed. The exit code is 0."""
    keep_freed_blocks()
    collector = Collector(application())
    collector.start()
    try:
        return _run(application(), project, config or settings.config_folder())
    finally:
        collector.stop()


def _run(app: QApplication, project: Path | None, config: Path) -> int:
    chosen = settings.load(config)
    theme.apply(app, chosen.theme, chosen.font_scale)
    from dataimp_gui.ui.main_window import MainWindow
    from dataimp_gui.ui.shell.ending import Ending

    window = MainWindow(config)
    window.errors.install()

    def end() -> None:
        window.close()
        app.quit()

    ending = Ending(end)
    app.styleHints().colorSchemeChanged.connect(
        lambda _: theme.apply(app, window.settings.theme, window.settings.font_scale)
    )
    window.show()
    if project is not None:
        path = project.resolve()
        QTimer.singleShot(0, lambda: window.open(path))
    try:
        return app.exec()
    finally:
        ending.remove()
        window.errors.remove()
