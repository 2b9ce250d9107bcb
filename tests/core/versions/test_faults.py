"""A thousand faults of the disk, each put there by itself and taken away again: none may pass unseen."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.project import Project
from dataimp_gui.core.versions import sums, writers
from dataimp_gui.core.versions.verify import verify
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

SEED = 20
KINDS = ("flipped", "cut", "grown", "swapped", "missing")


@dataclass
class Fault:
    """What was done to which file; `mend` puts everything back."""

    words: str
    before: dict[Path, bytes] = field(default_factory=dict)
    extra: Path | None = None

    def mend(self) -> None:
        for path, data in self.before.items():
            path.write_bytes(data)
        if self.extra is not None:
            self.extra.unlink()


def injected(rng: np.random.Generator, files: list[Path], kinds: tuple[str, ...]) -> Fault:
    """One fault in one of the files: one bit, a shorter end, a longer end, the bytes of another file, or no file."""
    kind = str(rng.choice(kinds))
    path = files[int(rng.integers(len(files)))]
    if kind == "extra":
        added = path.with_name(f"extra-{rng.integers(1 << 30)}")
        added.write_bytes(rng.bytes(int(rng.integers(20))))
        return Fault(f"extra {added}", extra=added)
    data = path.read_bytes()
    fault = Fault(f"{kind} {path}", {path: data})
    match kind:
        case "flipped":
            at = int(rng.integers(len(data)))
            path.write_bytes(data[:at] + bytes([data[at] ^ 1 << int(rng.integers(8))]) + data[at + 1 :])
        case "cut":
            path.write_bytes(data[: int(rng.integers(len(data)))])
        case "grown":
            path.write_bytes(data + rng.bytes(1 + int(rng.integers(8))))
        case "swapped":
            others = [other for other in files if other.name != path.name or other.parent != path.parent]
            others = [other for other in others if other.read_bytes() != data]
            other = others[int(rng.integers(len(others)))]
            fault.before[other] = other.read_bytes()
            other.write_bytes(data)
            path.write_bytes(fault.before[other])
        case "missing":
            path.unlink()
    return fault


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A project that owns its twelve media and has two versions."""
    folder, rng = tmp_path_factory.mktemp("faults"), np.random.default_rng(SEED)
    for number in range(12):
        place = folder / "data" / ("cat", "dog")[number % 2] / f"{number}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (6, 6, 3), dtype=np.uint8)).save(place)
    options = ImportOptions(copy_media=True)
    import_dataset(folder / "data", folder / "p.dataimp", options, Progress())
    with Project.open(folder / "p.dataimp") as project:
        project.commit("as it came")
        project.relabel(project.rows("label = 'cat'")[:2], "dog")
        project.commit("two were dogs")
        yield project


def files_in(folder: Path, pattern: str = "*") -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if path.is_file())


def test_every_fault_of_an_object_is_found_before_its_bytes_leave_the_project(kept, tmp_path):
    rng, unseen = np.random.default_rng(SEED + 1), []
    objects = files_in(kept.path / "objects")
    assert len(objects) == 12
    for number in range(60):
        fault = injected(rng, objects, KINDS)
        dest = tmp_path / str(number)
        for use in (lambda: kept.export("v2", dest, "csv"), lambda: kept.frame("v2")):  # noqa: B023
            try:
                use()
            except DataimpError:
                assert not dest.exists()
            else:
                unseen.append(fault.words)
        fault.mend()
    assert not unseen
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in objects)
    assert kept.export("v2", tmp_path / "mended", "csv").examples == 12


def test_every_fault_of_a_version_is_found_before_it_is_compared(kept):
    rng, unseen = np.random.default_rng(SEED + 2), []
    files = [path for version in ("v1", "v2") for path in files_in(kept.path / "versions" / version)]
    assert len(files) == 4
    for _ in range(240):
        fault = injected(rng, files, KINDS)
        try:
            kept.diff("v1", "v2")
        except DataimpError:
            pass
        else:
            unseen.append(fault.words)
        fault.mend()
    assert not unseen
    assert kept.diff("v1", "v2").counts["relabelled"] == 2


@pytest.mark.parametrize("format_", writers.names())
def test_every_fault_of_an_export_is_found_and_named(kept, tmp_path, format_):
    rng, unseen = np.random.default_rng(SEED + 3), []
    dest = tmp_path / "out"
    kept.export("v2", dest, format_)
    files = files_in(dest)
    for _ in range(100):
        fault = injected(rng, files, (*KINDS, "extra"))
        try:
            found = verify(dest, Progress())
        except DataimpError:
            pass  # no sums at all
        else:
            touched = [*fault.before, *filter(None, [fault.extra])]
            told = {str(path.relative_to(dest)) for path in touched} - {
                sums.SUMS,
                sums.MANIFEST,
            }  # they speak of others
            if found.ok or not told <= {bad.file for bad in found.bad}:
                unseen.append(fault.words)
        fault.mend()
    assert not unseen
    assert verify(dest, Progress()).ok
