"""Commands that open the window; the only ones that need Qt."""

import os
import sys
from pathlib import Path
from typing import Final

import click

from dataimp_gui.cli.output import emit, example, json_option, progress
from dataimp_gui.errors import DataimpError

_DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")  # Qt aborts the process when it finds none


def show(project: Path | None) -> int:
    """Open the window and stay until it is closed."""
    if sys.platform.startswith("linux") and not any(map(os.environ.get, _DISPLAYS)):
        raise DataimpError(
            "There is no display to open the window on.",
            hint="The other commands work without one; see: dataimp --help",
        )
    try:
        from dataimp_gui.ui.app import run
    except ImportError as error:
        raise DataimpError(
            f"The window cannot open: {error}.", hint="Install the system libraries that Qt needs; see the README."
        ) from error
    return run(project)


@click.command("open", epilog=example("dataimp open photos.dataimp"))
@click.argument("project", required=False, type=click.Path(path_type=Path))
def open_(project: Path | None) -> int:
    """Open the window, on a project when one is given."""
    if project is not None and not project.exists():
        raise DataimpError(f"There is no project at {project}.", hint="Make one with: dataimp import SOURCE PROJECT")
    return show(project)


@click.command(epilog=example("dataimp demo ~/demo --no-window"))
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--name", default="", help="Which demo: clothing (if none is given), messages or voices.")
@click.option("--no-window", is_flag=True, help="Only make the project.")
@json_option
def demo(folder: Path | None, name: str, no_window: bool, as_json: bool) -> int:
    """Make the demo project from the data that ships with Dataimp, and open it."""
    from dataimp_gui.core.demos import create_demo

    made = create_demo(name, folder, progress())
    told = "Imported" if made.fresh else "Already there:"
    emit(
        as_json,
        {"project": str(made.project), "name": made.demo.name, "examples": made.examples, "created": made.fresh},
        lambda: [f"{told} {made.demo.title}, {made.examples:,} examples, in {made.project}"],
    )
    return 0 if no_window else show(made.project)


COMMANDS: Final = {"open": open_, "demo": demo}
