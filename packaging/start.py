"""Dataimp from a checkout: makes the environment and the demo project, and opens the window on it.

``python3 packaging/start.py``. Without a display, or with ``--headless``, it does the same work by commands instead and
writes pictures of the window. Whatever it makes lies in ``out`` in this checkout.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from environment import ROOT, has_display, prepare, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OUT = ROOT / "out"
DEMOS = ("clothing", "messages", "voices")


class Dataimp:
    """The command line of Dataimp in ``.venv``; shows each command and its answer, and ends when one fails."""

    def __init__(self, python: Path) -> None:
        self.python = python
        self.environ = {**os.environ, "PYTHONUTF8": "1"}

    def __call__(self, *arguments: str | Path) -> None:
        shown = " ".join(f'"{word}"' if set(word) & set(" '>") else word for word in map(self.short, arguments))
        say(f"\n$ dataimp {shown}")
        self.run("-m", "dataimp_gui", *arguments)

    def run(self, *arguments: str | Path) -> None:
        command = [str(self.python), *map(str, arguments)]
        code = subprocess.run(command, cwd=ROOT, env=self.environ, check=False).returncode
        if code:
            say(f"\nThis step failed (exit code {code}).")
            raise SystemExit(code)

    @staticmethod
    def short(word: str | Path) -> str:
        text = str(word)
        return text.removeprefix(f"{ROOT}{os.sep}")


def demo_window(dataimp: Dataimp, name: str) -> None:
    say(f"\nOpening the window on the demo in {OUT / 'demo'}. Close it to come back.")
    dataimp("demo", OUT / "demo", "--name", name)


def work_offscreen(dataimp: Dataimp) -> None:
    """Import, find errors, relabel, undo, commit, export, verify, always from the start; pictures of the window."""
    folder = OUT / "headless"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in DEMOS:
        dataimp("demo", folder, "--name", name, "--no-window")
    project = folder / "clothing.dataimp"
    wrong = "id = 'train-13103'"  # labelled T-shirt, and a bag to anyone who looks

    dataimp("info", project)
    dataimp("metrics", project)
    dataimp("query", project, "error and confidence > 0.97")
    dataimp("relabel", project, "--where", wrong, "--to", "Bag", "--why", "It is a bag.")
    dataimp("undo", project)
    dataimp("redo", project)
    dataimp("tag", project, "--where", "error and confidence > 0.9", "--to", "likely wrong label")
    dataimp("metrics", project, "--where", "split = 'test'")
    dataimp("history", project)
    dataimp("commit", project, "-m", "Relabel a bag")
    dataimp("export", project, "v1", folder / "clothing-v1", "--format", "class-folders")
    dataimp("verify", folder / "clothing-v1")
    say("\nTaking pictures of the window")
    dataimp.run(ROOT / "packaging" / "screenshots.py", OUT / "screenshots", project)

    say("\nDone. What was made lies here:")
    say(f"  projects     {folder}{os.sep}*.dataimp")
    say(f"  export       {folder / 'clothing-v1'}")
    say(f"  screenshots  {OUT / 'screenshots'}")
    say("With a display, this command opens the window instead.")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Install Dataimp into .venv and open its window on a demo project.")
    parser.add_argument("--headless", action="store_true", help="work by commands and write pictures instead")
    parser.add_argument("--demo", choices=DEMOS, default=DEMOS[0], help="which demo the window opens")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    dataimp = Dataimp(prepare())
    if options.headless or not has_display():
        if not options.headless:
            say("No display answers here, so the same work is done without a window.")
        work_offscreen(dataimp)
        say(f"It took {time.perf_counter() - start:.0f} s.")
    else:
        demo_window(dataimp, options.demo)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
