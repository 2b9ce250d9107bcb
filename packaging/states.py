"""Pictures of the window's states: every page, empty, loading, wrong, crowded; small, large and at twice the scale.

``.venv/bin/python packaging/states.py FOLDER``. For whoever changes how something looks, to see what else it changed.
"""

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from screenshots import PATIENCE_MS, edited_demo, picture, spin

from dataimp_gui.core.demos import create_demo
from dataimp_gui.core.project import Project
from dataimp_gui.ui import theme
from dataimp_gui.ui.app import application
from dataimp_gui.ui.main_window import MainWindow
from dataimp_gui.ui.pages.triage.page import TriagePage

SIZES = {"1280x800": (1280, 800), "1920x1080": (1920, 1080)}
CLASSES = 3000
LONG = "A sentence that goes on, and on, about nothing in particular. " * 400

Save = Callable[[str], None]


def crowded(folder: Path) -> Path:
    """Texts of thousands of classes, one of them very long, with names to match, and predictions that miss."""
    data, said = folder / "crowded.csv", folder / "said.csv"
    names = [f"class {n:04d}" + " with a name that takes a line of its own" * (n % 7 == 0) for n in range(CLASSES)]
    with data.open("w", newline="") as texts, said.open("w", newline="") as predictions:
        rows, run = csv.writer(texts), csv.writer(predictions)
        rows.writerow(["id", "text", "label"])
        run.writerow(["id", "predicted"])
        for n in range(2 * CLASSES):
            rows.writerow(
                [
                    f"text-{n:05d}",
                    LONG if n == 0 else f"Text {n} <b>is plain</b>, whatever it holds",
                    names[n % CLASSES],
                ]
            )
            run.writerow([f"text-{n:05d}", names[(n * 7) % CLASSES]])
    path = folder / "crowded.dataimp"
    project, _ = Project.create(path, data)
    project.add_run(said)
    project.close()
    return path


def unpredicted(folder: Path) -> Path:
    data = folder / "plain.csv"
    data.write_text(
        "id,text,label\n" + "".join(f"{n},Text number {n},{'even' if n % 2 == 0 else 'odd'}\n" for n in range(40))
    )
    path = folder / "plain.dataimp"
    project, _ = Project.create(path, data)
    project.close()
    return path


def take(folder: Path, target: Path, mode: str) -> None:
    """Everything in one theme, at the scale that the environment says."""
    app = application()
    theme.apply(app, mode)
    window = MainWindow(folder / f"settings-{mode}")
    scale = os.environ.get("QT_SCALE_FACTOR", "1")

    def saver(place: str) -> Save:
        def save(name: str) -> None:
            picture(app, window).save(str(target / f"{name}-{place}-{mode}.png"))

        return save

    def ask(clause: str) -> None:
        assert window.session is not None
        session = window.session
        session.ask(clause)
        spin(app, lambda: session.shown == clause, PATIENCE_MS)

    def wait_for(project: Path) -> TriagePage:
        spin(
            app,
            lambda: window.session is not None and window.session.project.path == project and window.session.ready,
            PATIENCE_MS,
        )
        assert isinstance(window.page, TriagePage), f"{project} did not open"
        return window.page

    sizes = SIZES if scale == "1" else {"200%": (1280, 800)}
    window.show()
    for place, size in sizes.items():
        window.resize(*size)
        saver(place)("start")
    for place, size in sizes.items():
        save = saver(place)
        window.resize(*size)
        window.open(folder / "clothing.dataimp")
        app.processEvents()
        window.grab().save(str(target / f"loading-{place}-{mode}.png"))
        page = wait_for(folder / "clothing.dataimp")
        save("triage")
        ask("label = 'Shirt' and brightness > 2")
        save("no-match")
        assert window.session is not None
        window.session.ask("labell = 'Shirt'")
        save("bad-query")
        ask("")
        for view in ("table", "confusion", "map", "gallery"):
            page.show_view(view)
            save(view)
        for name in ("messages", "voices", "crowded", "plain", "moved"):
            window.open(folder / f"{name}.dataimp")
            page = wait_for(folder / f"{name}.dataimp")
            save(name)
            if name == "crowded":
                page.show_view("confusion")
                save("crowded-confusion")
                page.show_view("gallery")
    window.close()


def prepare(folder: Path) -> None:
    edited_demo(folder)
    for name in ("messages", "voices"):
        create_demo(name, folder)
    crowded(folder)
    unpredicted(folder)
    pictures = folder / "moved-pictures" / "round"
    pictures.mkdir(parents=True)
    from PIL import Image

    for n in range(12):
        Image.new("RGB", (64, 64), (n * 20, 90, 200)).save(pictures / f"{n}.png")
    project, _ = Project.create(folder / "moved.dataimp", pictures.parent)
    project.close()
    pictures.parent.rename(folder / "elsewhere")


def main(arguments: list[str]) -> int:
    target = Path(arguments[0])
    target.mkdir(parents=True, exist_ok=True)
    if arguments[1:]:
        take(Path(arguments[1]), target, arguments[2])
        return 0
    with tempfile.TemporaryDirectory(prefix="dataimp-") as folder:
        prepare(Path(folder))
        for mode in ("dark", "light"):
            for scale in ("1", "2"):
                subprocess.run(
                    [sys.executable, __file__, str(target), folder, mode],
                    env={**os.environ, "QT_SCALE_FACTOR": scale},
                    check=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
