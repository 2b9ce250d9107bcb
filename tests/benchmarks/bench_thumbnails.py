"""Pictures in the window at 1920x1080: the first of a large folder, those nobody has seen yet, and while scrolling."""

import os
import shutil
from pathlib import Path

import numpy as np
from made import CLASSES
from table import Table, apart

PICTURES = int(os.environ.get("DATAIMP_PICTURES", "100000"))
DIFFERENT = 200  # pictures of a camera's size; the others are hard links to them
FRAME_MS, FIRST_S, STALL_MS, SHARE = 16.7, 2.0, 100.0, 0.8
SHOWN = 0.5  # of OpenCV's rate, where painting takes its time on the same cores
HERE = str(Path(__file__).resolve().parent)

OPEN = f"""
import sys, time
sys.path.insert(0, {HERE!r})
from pathlib import Path
import numpy as np
from offscreen import Heart, has_faces, is_answered, until, window
project, config, wanted = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
app, window = window(config)
heart = Heart()
"""

SCROLL = (
    OPEN
    + """
window.open(project)
until(app, lambda: has_faces(window))
view = window.page.gallery.view
bar = view.verticalScrollBar()
rng = np.random.default_rng(0)
wheel = [120] * 300 + [-120] * 100
pages = [view.viewport().height()] * 200
steps = {"wheel": wheel, "pages": pages, "jumps": [0] * 200}[wanted]
bar.setValue(bar.maximum() // 3)
until(app, lambda: has_faces(window))
heart.rest()
took, used = [], []
for step in steps:
    start, cpu = time.perf_counter(), time.thread_time()
    bar.setValue(bar.value() + step if step else int(rng.integers(bar.maximum())))
    app.processEvents()
    took.append(time.perf_counter() - start)
    used.append(time.thread_time() - cpu)
    while time.perf_counter() - start < 1 / 60:
        app.processEvents()
        time.sleep(0.0005)
p95 = lambda values: float(np.quantile(values, 0.95)) * 1e3
Path(sys.argv[4]).write_text(f"CPU {p95(used):.1f} ms, worst frame {max(took) * 1e3:.0f} ms")
window.close()
print(p95(took))
"""
)

FIRST = (
    OPEN
    + """
heart.rest()
start, cpu = time.perf_counter(), time.process_time()
window.open(project)
until(app, lambda: has_faces(window))
first, used = time.perf_counter() - start, time.process_time() - cpu
assert window.session.project.count == int(sys.argv[5])
end = time.monotonic() + 2
until(app, lambda: time.monotonic() > end)  # what comes after it counts as a stall too
Path(sys.argv[4]).write_text(f"CPU {used:.2f} s" if wanted == "first" else f"computing itself {heart.busy_ms:.0f} ms")
window.close()
print(first if wanted == "first" else heart.gap_ms)
"""
)

COLD = (
    OPEN
    + """
window.open(project)
until(app, lambda: has_faces(window))
gallery = window.page.gallery
bar, seen = gallery.view.verticalScrollBar(), set(map(int, gallery.view.visible()))
count, took = 0, 0.0
while bar.value() < bar.maximum():
    start = time.perf_counter()
    bar.setValue(bar.value() + bar.pageStep())
    until(app, lambda: has_faces(window))
    took += time.perf_counter() - start
    shown = set(map(int, gallery.view.visible())) - seen
    count, seen = count + len(shown), seen | shown
assert count > 300
Path(sys.argv[4]).write_text(f"{count / took:,.0f} a second")
window.close()
print(took / count * 1000)
"""
)

WORKERS = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
import dataimp_gui
from dataimp_gui.core import pictures
from dataimp_gui.progress import Progress
project = dataimp_gui.open(sys.argv[1])
assert not (project.path / "cache" / "thumbnails").exists(), "some are kept already"

def fetch(start):
    return pictures.thumbnails(project, range(start, min(start + 8, project.count)), 128, Progress())

fetch(0)  # loads what the first of all needs
with ThreadPoolExecutor(2) as pool:
    start = time.perf_counter()
    found = [pixels for batch in pool.map(fetch, range(8, project.count, 8)) for pixels in batch.values()]
    took = time.perf_counter() - start
assert len(found) == project.count - 8 and all(pixels.shape == (96, 128, 3) for pixels in found)
project.close()
print(took / len(found) * 1000)
"""

PEER = f"""
import sys, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
sys.path.insert(0, {HERE!r})
from decoding import reduced
files = sorted(str(path) for path in Path(sys.argv[1]).rglob("*.jpg"))
with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
    list(pool.map(reduced, files[:40], chunksize=4))
    start = time.perf_counter()
    shapes = list(pool.map(reduced, files, chunksize=8))
    took = time.perf_counter() - start
assert len(shapes) == len(files)
print(took / len(files) * 1000)
"""


def run(table: Table, folder: Path) -> None:
    note = folder / "note"
    large = _imported(jpeg_folder(folder / "small", PICTURES, 1000, (96, 72)), folder / "large.dataimp")
    for wanted, title, limit, unit in (
        ("first", f"first thumbnails of {PICTURES:,} images, after opening", FIRST_S, "s"),
        ("stall", "  the longest that the main thread was away meanwhile", STALL_MS, "ms"),
    ):
        took, memory = apart(FIRST, str(large), str(folder / "config"), wanted, str(note), str(PICTURES))
        table.add(title, took, limit, unit, f"{note.read_text()}, {memory:,.0f} MiB")
    cold(table, folder, note)
    for wanted in ("wheel", "pages", "jumps"):
        took, memory = apart(SCROLL, str(large), str(folder / "config"), wanted, str(note))
        title = f"scroll through {PICTURES:,} images, frame time p95: {wanted}"
        table.add(title, took, FRAME_MS, "ms", f"{note.read_text()}, {memory:,.0f} MiB")


def cold(table: Table, folder: Path, note: Path) -> None:
    """Thumbnails that nobody has seen before, against decoding the same files at reduced scale in two processes."""
    pictures = jpeg_folder(folder / "camera", 5 * DIFFERENT, DIFFERENT, (1600, 1200))
    project = _imported(pictures, folder / "camera.dataimp")
    peer, _ = apart(PEER, str(pictures))
    made, memory = apart(WORKERS, str(project))
    said = f"{1000 / made:,.0f} a second; OpenCV {1000 / peer:,.0f} a second; {memory:,.0f} MiB"
    table.add(f"1,000 cold thumbnails, made and kept (limit: OpenCV's time / {SHARE})", made, peer / SHARE, "s", said)
    shutil.rmtree(project / "cache" / "thumbnails")
    took, memory = apart(COLD, str(project), str(folder / "config"), "cold", str(note))
    said = f"{note.read_text()}; OpenCV {1000 / peer:,.0f} a second; {memory:,.0f} MiB"
    title = f"  paged through in the window, until each is on the screen (limit: OpenCV's time / {SHOWN})"
    table.add(title, took, peer / SHOWN, "s", said)


def jpeg_folder(folder: Path, count: int, different: int, size: tuple[int, int]) -> Path:
    """Ten class folders of JPEGs, ``size`` wide and high; beyond ``different`` they are hard links."""
    import cv2

    rng = np.random.default_rng(5)
    width, height = size
    for name in CLASSES:
        (folder / name).mkdir(parents=True)
    made: list[Path] = []
    for number in range(count):
        path = folder / CLASSES[number % 10] / f"{number:06d}.jpg"
        if number < different:
            coarse = rng.integers(0, 256, (height // 12, width // 12, 3), dtype=np.uint8)
            cv2.imwrite(str(path), cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC))
            made.append(path)
        else:
            path.hardlink_to(made[number % different])
    return folder


def _imported(source: Path, project: Path) -> Path:
    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    import_dataset(source, project, ImportOptions(), Progress())
    return project
