"""How a source that lies elsewhere is copied here before it is read."""

from pathlib import Path

from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress


def is_url(source: str) -> bool:
    return "://" in source and not source.startswith("file://")


def fetch(url: str, folder: Path, progress: Progress) -> Path:
    """Copy a file or a folder from wherever fsspec reaches into ``folder``. Raises DataimpError."""
    import fsspec

    if "::" in url:
        raise DataimpError(f"{url} is a chain of addresses.", hint="Unpack the archive first.")
    progress.phase(f"Fetching {url}")
    name = url.rstrip("/").rsplit("/", 1)[-1]
    if not name or name.endswith(":") or name in (".", "..") or "\\" in name:
        raise DataimpError(f"{url} names no file or folder.")
    target = folder / name
    try:
        system, path = fsspec.core.url_to_fs(url)
        progress.check()
        if not system.exists(path):
            raise DataimpError(f"There is nothing at {url}.", hint="Check the address.")
        folder.mkdir(parents=True, exist_ok=True)
        system.get(path, str(target), recursive=system.isdir(path))
    except (ImportError, ValueError) as error:
        protocol = url.split("://", 1)[0]
        raise DataimpError(
            f"Addresses that begin with {protocol}:// cannot be read here: {error}.",
            hint=f"Install the fsspec driver for {protocol}, or download the data first.",
        ) from error
    except OSError as error:
        raise DataimpError(
            f"{url} could not be fetched: {error}.", hint="Check the address and your access."
        ) from error
    progress.check()
    return target
