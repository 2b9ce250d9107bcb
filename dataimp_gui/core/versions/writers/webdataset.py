"""Tar shards for training at scale, as the `webdataset` library streams them: one example after the other.

Each split has its shards, ``train-000000.tar`` and so on. An example is ``PLACE.SUFFIX`` (the media file, or ``txt``),
``PLACE.cls`` (the number of its label in the ``classes`` of manifest.json; absent without a label) and ``PLACE.json``
with all else. PLACE is its position among the ids in order: keys may not hold dots, ids may.
"""

import io
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Self

from dataimp_gui.core.engine import literal
from dataimp_gui.core.model import Modality
from dataimp_gui.core.versions import names
from dataimp_gui.core.versions.outgoing import TABLE, Outgoing

LEVELS: Final = ()
SHARD_BYTES: Final = 256 * 2**20
WITHOUT_SPLIT: Final = "examples"

Parts = list[tuple[str, bytes]]
"""Suffix and content of what belongs to one example."""


def base(_outgoing: Outgoing) -> str:
    return "media"


def has_files(outgoing: Outgoing) -> bool:
    return outgoing.has_media


def write(outgoing: Outgoing) -> None:
    outgoing.progress.phase("Writing shards", outgoing.count)
    classes = [
        row[0] for row in outgoing.engine.rows(f"SELECT DISTINCT label FROM {TABLE} WHERE label != '' ORDER BY 1")
    ]
    splits = [row[0] for row in outgoing.engine.rows(f"SELECT DISTINCT coalesce(split, '') FROM {TABLE} ORDER BY 1")]
    taken = names.Taken()
    told: dict[str, str] = {}
    for split in splits:
        with _Shards(outgoing.folder, taken.folder("", split or WITHOUT_SPLIT)) as shards:
            for key, parts in _examples(outgoing, split, classes):
                shards.add(key, parts)
        told |= dict.fromkeys(shards.made, split)
    if outgoing.has_media:
        shutil.rmtree(outgoing.folder / base(outgoing))
    outgoing.notes.update(classes=classes, shards=told, embedded=True)


def _examples(outgoing: Outgoing, split: str, classes: Sequence[str]) -> Iterator[tuple[str, Parts]]:
    numbers = {label: number for number, label in enumerate(classes)}
    chosen = outgoing.columns()
    file, text = chosen.pop("media", "NULL"), chosen.pop("text", "NULL")
    select = f"SELECT _place, label, {file}, {text}, {outgoing.json_object(chosen)} FROM {TABLE}"
    for batch in outgoing.engine.batches(f"{select} WHERE coalesce(split, '') = {literal(split)} ORDER BY _place"):
        for place, label, path, words, about in batch:
            parts: Parts = []
            if path is not None:
                parts.append((Path(path).suffix.lower().lstrip("."), (outgoing.folder / path).read_bytes()))
            if outgoing.modality is Modality.TEXT:
                parts.append(("txt", (words or "").encode()))
            if label:
                parts.append(("cls", str(numbers[label]).encode()))
            yield f"{place:08}", [*parts, ("json", about.encode())]
        outgoing.progress.advance(len(batch))


class _Shards:
    """Tar files of about SHARD_BYTES, named in ``made``; equal content gives equal bytes."""

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder, self._stem = folder, stem
        self._open: tarfile.TarFile | None = None
        self._size = 0
        self.made: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._open is not None:
            self._open.close()

    def add(self, key: str, parts: Parts) -> None:
        size = sum(len(data) for _, data in parts)
        if self._open is None or self._size + size > SHARD_BYTES:
            self.__exit__()
            self.made.append(f"{self._stem}-{len(self.made):06}.tar")
            self._open = tarfile.open(self._folder / self.made[-1], "w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115
            self._size = 0
        self._size += size
        for suffix, data in parts:
            member = tarfile.TarInfo(f"{key}.{suffix}")
            member.size, member.mode = len(data), 0o644
            self._open.addfile(member, io.BytesIO(data))
