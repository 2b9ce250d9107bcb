"""What Dataimp needs to run from a checkout: a virtual environment and system libraries; standard library only."""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "dataimp-stamp.json"
WINDOWS = os.name == "nt"
NEEDED_PYTHON = (3, 11)

# Shared library, then its package for apt-get, dnf, zypper and pacman. The wheels bring everything else.
QT_LIBRARIES = (
    ("libEGL.so.1", "libegl1", "libglvnd-egl", "libEGL1", "libglvnd"),
    ("libGL.so.1", "libgl1", "libglvnd-glx", "libGL1", "libglvnd"),
    ("libX11.so.6", "libx11-6", "libX11", "libX11-6", "libx11"),
    ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon0", "libxkbcommon"),
    ("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "libdbus-1-3", "dbus"),
    ("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig", "fontconfig"),
    ("libfreetype.so.6", "libfreetype6", "freetype", "libfreetype6", "freetype2"),
    ("libglib-2.0.so.0", "libglib2.0-0", "glib2", "libglib-2_0-0", "glib2"),
    ("libgthread-2.0.so.0", "libglib2.0-0", "glib2", "libgthread-2_0-0", "glib2"),
    ("libzstd.so.1", "libzstd1", "libzstd", "libzstd1", "zstd"),
)
X11_LIBRARIES = (
    ("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "libX11-xcb1", "libx11"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    ("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "libxcb-cursor0", "xcb-util-cursor"),
    ("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "libxcb-icccm4", "xcb-util-wm"),
    ("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "libxcb-image0", "xcb-util-image"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "libxcb-keysyms1", "xcb-util-keysyms"),
    ("libxcb-randr.so.0", "libxcb-randr0", "libxcb", "libxcb-randr0", "libxcb"),
    (
        "libxcb-render-util.so.0",
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "libxcb-render-util0",
        "xcb-util-renderutil",
    ),
    ("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb-shape0", "libxcb"),
    ("libxcb-shm.so.0", "libxcb-shm0", "libxcb", "libxcb-shm0", "libxcb"),
    ("libxcb-sync.so.1", "libxcb-sync1", "libxcb", "libxcb-sync1", "libxcb"),
    ("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb", "libxcb-xfixes0", "libxcb"),
    ("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb-xkb1", "libxcb"),
)
WAYLAND_LIBRARIES = (
    ("libwayland-client.so.0", "libwayland-client0", "libwayland-client", "libwayland-client0", "wayland"),
    ("libwayland-cursor.so.0", "libwayland-cursor0", "libwayland-cursor", "libwayland-cursor0", "wayland"),
)
FONT_PACKAGE = ("", "fonts-dejavu-core", "dejavu-sans-fonts", "dejavu-fonts", "ttf-dejavu")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")

# The program to look for, the column of its packages above, and the command that installs them.
INSTALLERS = (
    ("apt-get", 1, "apt-get install -y --no-install-recommends"),
    ("dnf", 2, "dnf install -y"),
    ("zypper", 3, "zypper install -y"),
    ("pacman", 4, "pacman -S --needed"),
)


def say(text: str = "") -> None:
    print(text, flush=True)


def stop(text: str) -> None:
    """End with code 2 and a sentence that says what to do."""
    print(f"\n{text}", file=sys.stderr, flush=True)
    raise SystemExit(2)


def has_display() -> bool:
    """Whether a window can open: always on macOS and Windows, elsewhere where an X11 or Wayland display answers."""
    if WINDOWS or sys.platform == "darwin":
        return True
    wayland = os.environ.get("WAYLAND_DISPLAY")
    if wayland and Path(os.environ.get("XDG_RUNTIME_DIR", "/run"), wayland).exists():
        return True
    display = os.environ.get("DISPLAY", "")
    local = re.match(r"(?:unix)?:(\d+)", display)
    if not local:
        return bool(display)  # on another machine
    socket_path = f"/tmp/.X11-unix/X{local[1]}"
    return answers(socket_path) or answers("\0" + socket_path)


def answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(address)
        except OSError:
            return False
    return True


def prepare(*extras: str) -> Path:
    """The Python of ``.venv`` with Dataimp and these extras in it, made or completed where something is missing."""
    if sys.version_info < NEEDED_PYTHON:
        stop(f"Dataimp needs Python 3.11 or newer; this is {platform.python_version()} ({sys.executable}).")
    if sys.platform.startswith("linux"):
        install_system_packages(testing="test" in extras)
    wanted = {
        "project": installed_parts(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "folder": str(ROOT),
    }
    python = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
    stamp = read_stamp()
    same = python.exists() and all(stamp.get(key) == value for key, value in wanted.items())
    present = set(stamp.get("extras", ())) if same else set()
    if same and set(extras) <= present:
        return python
    make_venv(python)
    STAMP.unlink(missing_ok=True)  # an interrupted installation must not look like a whole one
    present |= set(extras)
    install(python, present)
    STAMP.write_text(json.dumps({**wanted, "extras": sorted(present)}, indent=2), encoding="utf-8")
    return python


def installed_parts() -> str:
    """A hash of what pyproject.toml says about installing; settings of other tools do not count."""
    import tomllib  # since Python 3.11

    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    parts = [found.get("build-system"), found.get("project"), found.get("tool", {}).get("hatch")]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def read_stamp() -> dict[str, Any]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def make_venv(python: Path) -> None:
    """Make ``.venv``, or keep the one that is there if it runs the same Python and has pip."""
    probe = "import pip, platform; print(platform.python_version())"
    if python.exists():
        found = subprocess.run([str(python), "-c", probe], capture_output=True, text=True, check=False)
        if found.returncode == 0 and found.stdout.strip() == platform.python_version():
            return
        say(f"Making {VENV} again: it is not of Python {platform.python_version()}, or is broken.")
        shutil.rmtree(VENV)
    if lacks_venv_module():
        stop(f'This Python ({sys.executable}) lacks the module "venv". Install it, or use the Python of python.org.')
    say(f"Making {VENV}")
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        stop("The virtual environment could not be made; the lines above say why.")


def lacks_venv_module() -> bool:
    """Debian and Ubuntu split ``venv`` off their Python."""
    return not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def install(python: Path, extras: set[str]) -> None:
    target = "." + (f"[{','.join(sorted(extras))}]" if extras else "")
    say(f"Installing Dataimp into {VENV} (about 300 MB to fetch the first time, a few minutes)")
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--editable", target]
    if not sys.stdout.isatty():
        command[4:4] = ["--quiet", "--quiet", "--progress-bar", "off"]  # errors only
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        stop(
            "Dataimp's libraries could not be installed; the lines above say why. Check the network and run this again."
        )


def install_system_packages(*, testing: bool) -> None:
    """Install what Python and Qt miss on this Linux as root with apt-get; otherwise end with the exact command.

    ``testing`` also brings Xvfb, for the test in a real window, where it can be had without asking anybody.
    """
    rows: list[tuple[str, ...]] = list(QT_LIBRARIES)
    if os.environ.get("DISPLAY") or os.geteuid() == 0:
        rows += X11_LIBRARIES
    if os.environ.get("WAYLAND_DISPLAY"):
        rows += WAYLAND_LIBRARIES
    missing = [row for row in rows if not loads(row[0])]
    if not has_font():
        missing.append(FONT_PACKAGE)
    if not VENV.exists() and lacks_venv_module() and shutil.which("apt-get"):
        missing.append(("venv", f"python{sys.version_info.major}.{sys.version_info.minor}-venv"))
    if testing and os.geteuid() == 0 and shutil.which("apt-get") and not shutil.which("Xvfb"):
        missing.append(("Xvfb", "xvfb"))
    if not missing:
        return
    for installer in INSTALLERS:
        if shutil.which(installer[0]):
            install_packages(sorted({row[installer[1]] for row in missing}), installer)
            importlib.invalidate_caches()
            still = [row[0] for row in missing if row[0].startswith("lib") and not loads(row[0])]
            if still:
                stop(f"These libraries are still missing after the installation: {', '.join(still)}.")
            return
    names = ", ".join(row[0] or "a font" for row in missing)
    stop(f"Qt needs these and they are not installed: {names}. Install them with your system's package manager.")


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(path.suffix.lower() in {".ttf", ".otf", ".ttc"} for folder in folders for path in folder.rglob("*"))


def install_packages(packages: list[str], installer: tuple[str, int, str]) -> None:
    """Install system packages as root with apt-get; end with the command to type for anyone else."""
    program, _, start = installer
    root = os.geteuid() == 0
    command = f"{start} {' '.join(packages)}"
    if program != "apt-get" or not root:
        sudo = "" if root else "sudo "
        stop(f"Some system packages are missing. Install them with\n\n    {sudo}{command}\n\nand run this again.")
    say(f"Installing system packages: {command}")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-q"], command.split()):
        done = subprocess.run(
            step, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode and step[1] == "install":
            stop(f"{done.stdout}\nSystem packages could not be installed. The command was\n\n    {command}")
