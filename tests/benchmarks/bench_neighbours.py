"""Nearest neighbours of 50,000 and of a million vectors of 128 numbers, what is like an example, and the map."""

import importlib.util
from pathlib import Path

import numpy as np
from table import Table, apart

TELL = """
import sys, time
from pathlib import Path
import numpy as np
from dataimp_gui.progress import Progress
"""

OURS = (
    TELL
    + """
from dataimp_gui.core.features.neighbours import neighbours
vectors = np.load(sys.argv[1])
start = time.perf_counter()
found = neighbours(vectors, int(sys.argv[2]), Progress())
took = time.perf_counter() - start
np.save(sys.argv[3], found.similarity)
print(took)
"""
)

SKLEARN = """
import sys, time
import numpy as np
from sklearn.neighbors import NearestNeighbors
vectors = np.load(sys.argv[1])
start = time.perf_counter()
k = int(sys.argv[2])
distances = NearestNeighbors(metric="cosine", algorithm="brute", n_jobs=-1).fit(vectors).kneighbors(n_neighbors=k)[0]
took = time.perf_counter() - start
np.save(sys.argv[3], 1 - distances)
print(took)
"""

FAISS = """
import sys, time
import faiss
import numpy as np
vectors = np.load(sys.argv[1])
start = time.perf_counter()
index = faiss.IndexIVFFlat(faiss.IndexFlatIP(128), 128, 2000, faiss.METRIC_INNER_PRODUCT)
index.cp.niter, index.cp.spherical, index.nprobe = 8, True, 8
index.train(vectors[np.random.default_rng(0).choice(len(vectors), 80_000, replace=False)])
index.add(vectors)
built = time.perf_counter() - start
start = time.perf_counter()
similarity = index.search(vectors[:20_000], int(sys.argv[2]) + 1)[0][:, 1:]
np.save(sys.argv[3], similarity)
print(built + (time.perf_counter() - start) * len(vectors) / 20_000)
"""

SIMILAR = (
    TELL
    + """
from dataimp_gui.core.features.neighbours import similar
vectors = np.load(sys.argv[1])
times = []
for number in range(9):
    rows = np.arange(number, number + int(sys.argv[2]))
    start = time.perf_counter()
    similar(vectors, rows, 24)
    times.append(time.perf_counter() - start)
print(sorted(times)[4] * 1e3)
"""
)

MAP = (
    TELL
    + """
from dataimp_gui.core.features.projection import project
vectors = np.load(sys.argv[1])
start = time.perf_counter()
steps = []
layout = project(vectors, Progress(), lambda _: steps.append(time.perf_counter() - start))
assert np.isfinite(layout).all()
print(time.perf_counter() - start)
"""
)


def vectors_like_embeddings(count: int, dims: int = 128) -> np.ndarray:
    """Unit vectors of 300 overlapping groups that vary in 24 directions, bent, with a little noise in all."""
    rng = np.random.default_rng(0)
    centres, mix = rng.standard_normal((300, 24), np.float32), rng.standard_normal((24, dims), np.float32) / 5
    made = np.empty((count, dims), np.float32)
    for start in range(0, count, 50_000):
        size = min(50_000, count - start)
        inner = centres[rng.integers(0, 300, size)] + 0.7 * rng.standard_normal((size, 24), np.float32)
        part = np.tanh(inner @ mix) + 0.05 * rng.standard_normal((size, dims), np.float32)
        made[start : start + size] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return made


def run(table: Table, folder: Path) -> None:
    files = {}
    for count, dims in ((4_000, 1280), (50_000, 128), (1_000_000, 128)):
        files[count] = str(folder / f"{count}.npy")
        np.save(files[count], vectors_like_embeddings(count, dims))
    ours, peer = str(folder / "ours.npy"), str(folder / "peer.npy")
    _exact(table, files[50_000], ours, peer)
    _approximate(table, files[1_000_000], ours, peer)
    for several in (1, 5):
        took, _ = apart(SIMILAR, files[1_000_000], str(several))
        table.add(f"most like {several} of 1,000,000 x 128, 24 of them", took, 150, "ms")
    for count, limit in ((4_000, 60), (50_000, 300), (1_000_000, 600)):
        took, memory = apart(MAP, files[count])
        table.add(f"map of {count:,} examples, 750 steps (own limit)", took, limit, "s")
        table.add("  its peak memory", memory, 4096, "MiB")


def _exact(table: Table, vectors: str, ours: str, peer: str) -> None:
    took, memory = apart(OURS, vectors, "10", ours)
    theirs, their_memory = apart(SKLEARN, vectors, "10", peer)
    worst = float(np.abs(np.load(ours) - np.load(peer)).max())
    table.add("exact 10 nearest of 50,000 x 128", took, 20, "s", f"scikit-learn {theirs:.1f} s, {their_memory:.0f} MiB")
    table.add("  its peak memory", memory, 600, "MiB")
    table.add("  time, against scikit-learn", took, theirs, "s")
    table.add("  largest difference of a cosine to scikit-learn, millionths", worst * 1e6, 5, "ppm")


def _approximate(table: Table, file: str, ours: str, peer: str) -> None:
    took, memory = apart(OURS, file, "10", ours)
    vectors = np.load(file)
    asked = np.arange(1000)
    products = vectors[asked] @ vectors.T
    products[asked, asked] = -np.inf
    tenth = np.partition(products, -10, axis=1)[:, -10, None] - 1e-6
    missed = 1 - float(np.mean(np.load(ours)[asked] >= tenth))
    note = ""
    if importlib.util.find_spec("faiss"):
        theirs, their_memory = apart(FAISS, file, "10", peer)
        recall = float(np.mean(np.load(peer)[asked] >= tenth))
        note = f"inverted file of faiss {theirs:.0f} s, {their_memory:.0f} MiB, recall {recall:.3f}"
    table.add("10 nearest of 1,000,000 x 128 (own limit)", took, 300, "s", note)
    table.add("  its peak memory", memory, 4096, "MiB")
    table.add("  neighbours missed", 100 * missed, 5, "%")
