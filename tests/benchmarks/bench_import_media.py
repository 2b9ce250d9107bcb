"""Import of ten thousand small PNGs with content checks, against hashing and decoding them in two processes."""

from pathlib import Path

from made import png_folder
from table import Table, apart

PEER = """
import sys, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from hashing import check
start = time.perf_counter()
files = sorted(str(path) for path in Path(sys.argv[1]).rglob("*.png"))
with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
    shapes = list(pool.map(check, files, chunksize=64))
assert len(shapes) == 10_000
print(time.perf_counter() - start)
"""

OURS = """
import sys, time
from pathlib import Path
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.progress import Progress
start = time.perf_counter()
summary = import_dataset(sys.argv[1], Path(sys.argv[2]), ImportOptions(), Progress())
assert summary.examples == 10_000
print(time.perf_counter() - start)
"""


def run(table: Table, folder: Path) -> None:
    pictures = png_folder(folder / "pictures", 10_000)
    here = str(Path(__file__).resolve().parent)
    peers, ours = [], []
    for attempt in range(3):
        peers.append(apart(PEER, str(pictures), here)[0])
        ours.append(apart(OURS, str(pictures), str(folder / f"{attempt}.dataimp"))[0])
    peer, mine = sorted(peers)[1], sorted(ours)[1]
    table.add(
        "import 10,000 small PNGs (limit: 1.5 x hash + decode)", mine, 1.5 * peer, "s", f"hash + decode {peer:.2f} s"
    )
