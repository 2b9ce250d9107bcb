"""Which embeddings there are, which fits a dataset, and how one is made, kept and found again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features.embedding import Embedding, Floats, Sources
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Made:
    """What an embedder gives back: ``vectors`` float32 (n, d), and why rows have none, by row."""

    vectors: Floats
    missing: dict[int, str]


Embed = Callable[[Sources, Path, Limits, Progress], Made]
"""(sources, folder for what can be resumed, limits, progress) -> vectors."""


@dataclass(frozen=True, slots=True)
class Embedder:
    """One way to make vectors. ``about`` is a sentence about how; ``pace_s`` the seconds an example takes a processor.

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


EMBEDDERS: Final[tuple[Embedder, ...]] = ()
"""The built-in ones, the best of each modality first."""


def embedders(modality: Modality) -> tuple[Embedder, ...]:
    """Those for a modality, built-in and installed."""
    raise NotImplementedError


def default(
    modality: Modality, sources: Sources = (), limits: Limits = LIMITS, progress: Progress | None = None
) -> str:
    """The name of the one that suits best, "" when there is none (a table alone).

    With ``sources`` a few of them are looked at: small pictures want another one than photos.
    """
    raise NotImplementedError


def embed(
    name: str, sources: Sources, folder: Path, limits: Limits = LIMITS, progress: Progress | None = None
) -> Embedding:
    """Make it, or only what is missing or changed since; kept in ``folder`` (see `folder_name`).

    A run that is cancelled, or dies, goes on where it was when it is started again. Raises Cancelled, and DataimpError
    when no embedder has that name.
    """
    raise NotImplementedError


def load(folder: Path) -> Embedding | None:
    """What `embed` kept there; None when nothing whole is there."""
    raise NotImplementedError


def folder_name(name: str, version: str) -> str:
    """What to call the folder of an embedding: safe for any file system, different for different names."""
    raise NotImplementedError


def estimate(name: str, count: int, folder: Path | None = None) -> float:
    """Seconds that ``count`` examples will take here; measured, once a run in ``folder`` has begun."""
    raise NotImplementedError
