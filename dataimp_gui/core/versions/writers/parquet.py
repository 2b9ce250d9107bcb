"""One Parquet table with the files beside it, or several with the files' bytes inside them."""

import shutil
from typing import Final

from dataimp_gui.core.engine import file_literal, literal
from dataimp_gui.core.versions.outgoing import TABLE, Outgoing

LEVELS: Final = ()
FILE: Final = "examples.parquet"
SHARD_BYTES: Final = 128 * 2**20

_OPTIONS: Final = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
_SHARD_OPTIONS: Final = "FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 2048"


def base(_outgoing: Outgoing) -> str:
    return "media"


def has_files(outgoing: Outgoing) -> bool:
    return outgoing.has_media


def write(outgoing: Outgoing) -> None:
    outgoing.progress.phase("Writing the table", outgoing.count)
    if outgoing.embed and outgoing.has_media:
        _write_shards(outgoing)
        return
    outgoing.engine.run(
        f"COPY ({outgoing.select(outgoing.columns())}) TO {literal(str(outgoing.folder / FILE))} ({_OPTIONS})",
        progress=outgoing.progress,
    )
    outgoing.notes["table"] = FILE


def _write_shards(outgoing: Outgoing) -> None:
    """``media`` becomes {bytes, path}, as the `datasets` library stores it; a shard holds about 128 MB of media."""
    files = [row[0] for row in outgoing.engine.rows(f"SELECT _file FROM {TABLE} ORDER BY _place")]
    shards, size = [0], 0
    for place, file in enumerate(files):
        size += (outgoing.folder / file).stat().st_size
        if size > SHARD_BYTES and place > shards[-1]:
            shards.append(place)
            size = (outgoing.folder / file).stat().st_size
    for number, start in enumerate(shards):
        end = shards[number + 1] if number + 1 < len(shards) else len(files)
        listed = ", ".join(file_literal(outgoing.folder / file) for file in files[start:end])
        prefix = len(str(outgoing.folder)) + 2
        chosen = outgoing.columns() | {"media": "{'bytes': b.content, 'path': _file}"}
        select = outgoing.select(chosen, f"_place >= {start} AND _place < {end}").replace(
            f"FROM {TABLE}", f"FROM {TABLE} JOIN (SELECT content, filename[{prefix}:] AS name "
            f"FROM read_blob([{listed}])) b ON b.name = _file", 1
        )  # fmt: skip
        target = outgoing.folder / f"examples-{number:05}-of-{len(shards):05}.parquet"
        outgoing.engine.run(f"COPY ({select}) TO {literal(str(target))} ({_SHARD_OPTIONS})", progress=outgoing.progress)
        for file in files[start:end]:
            (outgoing.folder / file).unlink()
        outgoing.progress.advance(end - start)
    shutil.rmtree(outgoing.folder / base(outgoing))
    outgoing.notes["table"] = "examples-*.parquet"
    outgoing.notes["embedded"] = True
