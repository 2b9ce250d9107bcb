"""Which embeddings there are, and how one is made, kept and found again."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

import numpy as np

from dataimp_gui import resources
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features import audio_mel, embedding_kept, image_gradients, onnx, text_terms
from dataimp_gui.core.features.embedding import Embedding, Sources
from dataimp_gui.core.features.embedding_each import EachOne, Made, content_keys, seconds
from dataimp_gui.core.features.embedding_kept import digest, load
from dataimp_gui.core.features.embedding_space import DIMS
from dataimp_gui.core.model import Codes, Modality
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

__all__ = ["EMBEDDERS", "Embedder", "Made", "default", "embed", "embedders", "estimate", "find", "folder_name", "load"]

LIMITS: Final = Limits()
ENTRY_POINTS: Final = "dataimp.features"

Embed = Callable[[Sources, Path, Limits, Progress], Made]
"""(sources, folder for what can be resumed, limits, progress) -> vectors."""


@dataclass(frozen=True, slots=True)
class Embedder:
    """One way to make vectors. ``about`` is a sentence about how; ``pace_s`` the seconds that an example takes one
    processor, for an estimate before anything was measured.

    An installed package adds one with the entry point `dataimp.features`, whose value is an Embedder.
    """

    name: str
    version: str
    modality: Modality
    title: str
    about: str
    dims: int  # at most
    pace_s: float
    embed: Embed


NETWORK: Final = Embedder(
    "efficientnet-lite0",
    "1",
    Modality.IMAGE,
    "What photos show (EfficientNet-Lite0)",
    "A network trained on ImageNet (EfficientNet-Lite0) looked at each picture at 224 pixels.",
    DIMS,
    0.011,
    EachOne(
        onnx.describe,
        (
            str(resources.path("models", "efficientnet-lite0", "efficientnet-lite0.onnx")),
            {"mean": [127.0], "std": [128.0], "output": "embedding"},
            "image",
            True,
        ),
    ),
)
GRADIENTS: Final = Embedder(
    "gradients",
    "1",
    Modality.IMAGE,
    "The edges of small pictures (oriented gradients)",
    "The directions of edges were counted over a grid of cells at 32 pixels.",
    DIMS,
    0.0003,
    EachOne(image_gradients.describe),
)
TERMS: Final = Embedder(
    "tf-idf",
    "1",
    Modality.TEXT,
    "Words and pieces of words (TF-IDF)",
    "Words and pieces of words were weighed by how rare they are, and taken together where they occur together.",
    DIMS,
    0.003,
    text_terms.embed,
)
MEL: Final = Embedder(
    "log-mel",
    "1",
    Modality.AUDIO,
    "The sound and its course (log-mel)",
    "The mel spectrum of each sound was put into statistics, and into eight stretches of time.",
    DIMS,
    0.001,
    EachOne(audio_mel.describe, fit=audio_mel.fit),
)

EMBEDDERS: Final = (NETWORK, GRADIENTS, TERMS, MEL)
"""The built-in ones, the most general of each modality first."""


def embedders(modality: Modality) -> tuple[Embedder, ...]:
    """Those for a modality: the built-in ones, then those of installed packages."""
    return tuple(embedder for embedder in (*EMBEDDERS, *installed().values()) if embedder.modality is modality)


def find(name: str) -> Embedder:
    """Raises DataimpError when there is none of that name."""
    known = {embedder.name: embedder for embedder in (*installed().values(), *EMBEDDERS)}
    if name not in known:
        raise DataimpError(f'There is no embedding "{name}".', hint=f"There are: {', '.join(sorted(known))}.")
    return known[name]


def default(
    modality: Modality,
    sources: Sources = (),
    limits: Limits = LIMITS,
    progress: Progress | None = None,
    *,
    labels: Codes | None = None,
) -> str:
    """The name of the one that suits best, "" when there is none (a table alone).

    Of pictures, some ``sources`` are looked at, and small ones are tried when there are ``labels`` (codes, -1 without):
    see `embedding_choice`. Raises Cancelled.
    """
    from dataimp_gui.core.features.embedding_choice import choose

    if modality is Modality.IMAGE and sources:
        return choose(sources, limits, progress or Progress(), labels).name
    return next((embedder.name for embedder in EMBEDDERS if embedder.modality is modality), "")


def embed(
    which: str | Embedder, sources: Sources, folder: Path, limits: Limits = LIMITS, progress: Progress | None = None
) -> Embedding:
    """Make it, or only what is missing or changed since; kept in ``folder`` (see `folder_name`).

    A run that is cancelled, or dies, goes on where it was when it is started again. Raises Cancelled; DataimpError when
    no embedding has that name, or nothing can be written.
    """
    embedder = find(which) if isinstance(which, str) else which
    progress = progress or Progress()
    manifest = embedding_kept.read_manifest(folder)
    if manifest and (manifest.name, manifest.version) == (embedder.name, embedder.version):
        keys, has_medium = content_keys(sources)
        found = load(folder) if manifest.content == digest(np.where(has_medium, keys, 0)) else None
        if found is not None and len(found.vectors) == len(sources):
            return found
    made = embedder.embed(sources, folder, limits, progress)
    progress.check()
    embedding = Embedding(embedder.name, embedder.version, made.vectors, embedder.about, made.missing)
    before = manifest.seconds_each if manifest else 0.0
    embedding_kept.save(folder, embedding, made.content, made.seconds_each or before)
    return embedding


def folder_name(name: str, version: str) -> str:
    """What to call the folder of an embedding: safe for any file system, different for different names."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", f"{name}-{version}").strip("-").lower()[:60]
    if plain == f"{name}-{version}":
        return plain
    return f"{plain}-{hashlib.sha256(f'{len(name)} {name} {version}'.encode()).hexdigest()[:8]}"


def estimate(which: str | Embedder, count: int, folder: Path | None = None) -> float:
    """Seconds that ``count`` examples will take here; as measured, where ``folder`` holds an earlier run."""
    embedder = find(which) if isinstance(which, str) else which
    manifest = embedding_kept.read_manifest(folder) if folder else None
    measured = manifest.seconds_each if manifest else 0.0
    return 1.0 + count * measured if measured else seconds(count, embedder.pace_s)


@cache
def installed() -> Mapping[str, Embedder]:
    """By name. One that cannot be imported, or is none, is as good as not installed."""
    found = {}
    for point in metadata.entry_points(group=ENTRY_POINTS):
        try:
            embedder = point.load()
        except Exception:  # whatever a package of somebody else's does
            continue
        if isinstance(embedder, Embedder):
            found[embedder.name] = embedder
    return found
