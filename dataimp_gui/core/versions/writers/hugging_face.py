"""A folder that ``datasets.load_dataset`` reads: media with ``metadata.parquet``, else one Parquet file, a split.

``README.md`` names the splits and their files in its header, so that any split name works. The metadata are Parquet and
not JSON because the library guesses types from the first lines of JSON: an id such as 2020-01-01 would become a time,
and a split whose first tags or labels are empty could not be loaded beside the others. The description of the splits
differs with the content, because the library keeps what it once loaded from a folder for as long as they are the same.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

from dataimp_gui.core.engine import literal
from dataimp_gui.core.versions import names
from dataimp_gui.core.versions.outgoing import TABLE, Outgoing

LEVELS: Final = ("split",)
UNSPLIT: Final = "train"  # what the library itself calls a dataset without splits

_NOT_WORD: Final = re.compile(r"[^\w.]+|^\.+|\.+$|\.(?=\.)", re.ASCII)


def base(outgoing: Outgoing) -> str:
    return "" if outgoing.has_splits else UNSPLIT


def has_files(outgoing: Outgoing) -> bool:
    return outgoing.has_media


def write(outgoing: Outgoing) -> None:
    configured = []
    taken: set[str] = set()
    outgoing.progress.phase("Writing the tables", outgoing.count)
    for split, where, folder in _parts(outgoing):
        name = _split_name(split or ("unsplit" if outgoing.has_splits else UNSPLIT), taken)
        if outgoing.has_media:
            file_name = {"file_name": f"_file[{len(folder) + 2}:]"}
            chosen = file_name | outgoing.columns(media="file_name") | file_name
            path, pattern = f"{folder}/metadata.parquet", folder.replace("[", "[[]") + "/**"
        else:
            chosen = outgoing.columns()
            path = pattern = f"data/{name}-00000-of-00001.parquet"
            (outgoing.folder / "data").mkdir(exist_ok=True)
        outgoing.engine.run(
            f"COPY ({outgoing.select(chosen, where)}) TO {literal(str(outgoing.folder / path))} "
            "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)",
            progress=outgoing.progress,
        )
        configured.append((name, pattern, split))
    lines = ["---", "configs:", "- config_name: default", f"  description: content {_mark(outgoing)}", "  data_files:"]
    for name, pattern, _ in configured:
        lines += [f"  - split: {json.dumps(name)}", f"    path: {json.dumps(pattern, ensure_ascii=False)}"]
    lines += ["---", "", "Exported by Dataimp; `version.json` and `manifest.json` say what it is.", ""]
    (outgoing.folder / "README.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")
    outgoing.notes["split_names"] = {name: split for name, _, split in configured}


def _split_name(split: str, taken: set[str]) -> str:
    """Words and dots, all that the library allows; one that differs from another only in case gets a number."""
    plain = name = names.safe(_NOT_WORD.sub("_", split)).replace("~", "_")
    number = 2
    while name.lower() in taken:
        name, number = f"{plain}_{number}", number + 1
    taken.add(name.lower())
    return name


def _mark(outgoing: Outgoing) -> str:
    """Differs where any example does."""
    values = "id, label, split, tags, sha256, _metadata, _file"
    return f"{int(outgoing.engine.value(f'SELECT sum(md5_number_lower(({values})::VARCHAR)) FROM {TABLE}')):x}"


def _parts(outgoing: Outgoing) -> Iterator[tuple[str | None, str, str]]:
    """(split, condition for its rows, folder of its files) of each split that there is."""
    if not outgoing.has_splits:
        yield None, "true", UNSPLIT
        return
    found = outgoing.engine.rows(
        f"SELECT split, coalesce(any_value(regexp_extract(_file, '^[^/]+')), '') FROM {TABLE} "
        "GROUP BY split ORDER BY split NULLS LAST"
    )
    for split, folder in found:
        yield split, "split IS NULL" if split is None else f"split = {literal(split)}", folder
