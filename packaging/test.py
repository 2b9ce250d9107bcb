"""The whole check: format, lint, types, import contracts, tests.

``python3 packaging/test.py [arguments for pytest]``
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from environment import ROOT, prepare, say

if TYPE_CHECKING:
    from pathlib import Path


def checks(python: Path, arguments: list[str]) -> tuple[tuple[str, list[str]], ...]:
    """Titles and commands, quickest first; the tests come last, so that their closing line is near the end."""
    run = [str(python), "-m"]
    lint_imports = python.with_name("lint-imports" + python.suffix)
    return (
        ("Format", [*run, "ruff", "format", "--check", "."]),
        ("Lint", [*run, "ruff", "check", "."]),
        ("Import contracts", [str(lint_imports)]),
        ("Types", [*run, "mypy"]),
        ("Tests", [*run, "pytest", *arguments]),
    )


def main(arguments: list[str]) -> int:
    python = prepare("test")
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    results = []
    for title, command in checks(python, arguments):
        say(f"\n===== {title} " + "=" * (72 - len(title)))
        start = time.perf_counter()
        code = subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode
        results.append((title, code, time.perf_counter() - start))
    say("\n===== Summary " + "=" * 65)
    for title, code, seconds in results:
        say(f"{title:<20} {'ok' if code == 0 else f'FAILED (exit {code})':<18} {seconds:6.1f} s")
    return int(any(code for _, code, _ in results))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
