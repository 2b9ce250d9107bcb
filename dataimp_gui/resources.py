"""Where the files that ship with Dataimp lie: inside the wheel, or beside the package in a checkout."""

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
_INSTALLED: Final = _PACKAGE / "resources"

ROOT: Final = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "resources"


def path(*parts: str) -> Path:
    """The path of a shipped file or folder, e.g. ``path("demo", "clothing")``."""
    return ROOT.joinpath(*parts)
