"""How a version becomes a folder that other programs read: whole or absent, and always the same bytes."""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from dataimp_gui.core.engine import DiskError, Engine, disk_reason, is_disk_full
from dataimp_gui.core.model import Rows
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.storage.objects import sync_files
from dataimp_gui.core.storage.parts import part
from dataimp_gui.core.versions import card, choosing, excluded, manifest, names, outgoing, registry, sums, transfer
from dataimp_gui.core.versions.draft import Draft
from dataimp_gui.core.versions.outgoing import TABLE, Chosen, Outgoing
from dataimp_gui.core.versions.sums import File
from dataimp_gui.core.versions.transfer import Named, Transferred
from dataimp_gui.core.versions.writers import Writer, formats, writer
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

__all__ = ["Chosen", "Exported", "export"]

VERSION: Final = "version.json"
_ABSENT: Final = "Check the free space and the rights there; nothing was left behind."
_WAITS: Final = "Make room there and export to the same place again: it goes on from here."


@dataclass(frozen=True, slots=True)
class Exported:
    """``linked`` of the files are hard links; ``note`` tells people what went otherwise than asked, or is empty."""

    dest: Path
    version: str
    content: str
    format: str
    examples: int
    files: int
    bytes: int
    linked: int
    note: str

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "dest": str(self.dest)}


def export(
    database: Database,
    current: Draft,
    version: str,
    dest: Path,
    format_: str,
    *,
    link: bool = False,
    embed: bool = False,
    only: Chosen | None = None,
    splits: Sequence[str] = (),
    since: str = "",
    without: Sequence[str] = (),
    list_excluded: bool = False,
    unlabelled: Rows | None = None,
    beside: card.Beside | None = None,
    progress: Progress,
) -> Exported:
    """Write a version (name or start of its content id) into the new or empty folder ``dest``, or a part of it:
    ``only`` some rows, some ``splits``, what the version ``since`` lacks or has otherwise, ``without`` what was made.

    Excluded examples are left out, and with ``list_excluded`` named with their reasons; so are the labels of the rows
    ``unlabelled``. ``link`` makes hard links where the file system can; ``embed`` puts media inside Parquet. Every file
    is compared with the version while it is brought. Raises DataimpError with ``dest`` untouched; Cancelled as well,
    and media that were copied until then, or until the disk was full, wait in a hidden folder beside it for the next
    try.
    """
    write = writer(format_)
    if embed and not (asked := formats()[format_]).embeds:
        raise DataimpError(f"{asked.title}: media cannot be put inside its tables.", hint="They can in Parquet.")
    info = registry.find(database, version)
    committed = manifest.read(current.folder, info)
    before = manifest.read(current.folder, registry.find(database, since)) if since else None
    dest = Path(os.path.abspath(dest))
    _check_dest(dest, current.folder)
    only, notes = choosing.choose(committed, before, splits, only, without)
    beside = beside or card.Beside()
    left_out = excluded.read(committed, beside.reasons)
    if list_excluded:
        notes["excluded"] = left_out.listed()
    waits = False
    try:
        with part(dest, resumes=True) as place, closing(Engine(temp=place.temp)) as engine:
            folder = place.folder
            leaving = outgoing.load(engine, committed, current.tables, folder, embed, progress, only)
            leaving.notes.update(notes)
            if unlabelled is not None:
                outgoing.hide_labels(leaving, unlabelled)
            place.is_worth = waits = leaving.has_media and not link  # what was copied is not copied again
            brought, named = _bring_files(write, leaving, current, info.name, place.earlier, link=link)
            write.write(leaving)
            _write_policies(leaving, committed.policies)
            is_packed = bool(leaving.notes.get("embedded"))  # the writer put some into its tables, and took them away
            files = [file for file in brought.files if not is_packed or (folder / file.path).exists()]
            files += [_described(folder, path) for path in _others(folder, {file.path for file in brought.files})]
            files.sort(key=lambda file: file.path.encode())
            judged = registry.evaluation(database, info.name)
            sections = card.sections(leaving, info, format_, left_out, judged, beside)
            about = _write_about(leaving, named, files, committed, format_, sections)
            progress.phase("Waiting for the disk")
            sync_files([folder / path for path in (*(file.path for file in (*files, *about)), sums.SUMS)], folder)
            progress.check()
            place.finish()
    except (OSError, *DiskError) as error:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else disk_reason(error)
        raise DataimpError(
            f"{info.name} could not be exported to {dest}: {reason}.",
            hint=_WAITS if waits and is_disk_full(error) else _ABSENT,
        ) from error
    note = ""
    if link and brought.linked < len(brought.files):
        note = f"{len(brought.files) - brought.linked:,} files were copied because they cannot be linked there."
    size = sum(file.size for file in [*files, *about])
    return Exported(
        dest, info.name, info.content, format_, leaving.count, len(files) + len(about), size, brought.linked, note
    )


def _check_dest(dest: Path, project: Path) -> None:
    if dest.resolve().is_relative_to(project.resolve()):
        raise DataimpError(f"{dest} lies inside the project.", hint="Choose a folder outside it.")
    if dest.is_symlink() or (dest.exists() and not dest.is_dir()):
        raise DataimpError(f"{dest} is there already and is no folder.", hint="Choose another name.")
    if dest.is_dir() and any(dest.iterdir()):
        raise DataimpError(f"The folder {dest} is not empty.", hint="Choose a new or an empty folder.")


def _bring_files(
    write: Writer, leaving: Outgoing, current: Draft, version: str, earlier: Sequence[Path], *, link: bool
) -> tuple[Transferred, Named]:
    if not write.has_files(leaving):
        return Transferred((), 0), Named((), (), {})
    named = transfer.name(leaving, write.LEVELS, write.base(leaving))
    if leaving.has_media:
        is_linked = link and not leaving.embed
        brought = transfer.transfer(leaving, named, current.locations, version, link=is_linked, earlier=earlier)
    else:
        brought = transfer.write_texts(leaving, named)
    outgoing.name_files(leaving, [file.path for file in brought.files])
    return brought, named


def _write_policies(leaving: Outgoing, policies: Mapping[str, Any]) -> None:
    """Each as a file that training code can load."""
    if not policies:
        return
    taken, files = names.Taken(), {}
    for identity, document in sorted(policies.items()):
        file = taken.stem("", f"policy-{document['name']}") + ".json"
        text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)
        (leaving.folder / file).write_text(text + "\n", encoding="utf-8", newline="\n")
        files[file] = identity
    leaving.notes["policies"] = files


def _others(part: Path, known: set[str]) -> list[str]:
    """What the writer made, beside the files of the examples."""
    found = []
    for folder, _, files in os.walk(part):
        inside = os.path.relpath(folder, part).replace(os.sep, "/")
        found += [file if inside == "." else f"{inside}/{file}" for file in files]
    return [path for path in found if path not in known]


def _described(part: Path, path: str) -> File:
    return File(path, (part / path).stat().st_size, manifest.sha256_of(part / path))


def _write_about(
    leaving: Outgoing,
    named: Named,
    files: Sequence[File],
    committed: manifest.Committed,
    format_: str,
    sections: Sequence[card.Section],
) -> list[File]:
    """The files that say what the others are. Only ``version.json`` and the data card tell of when, where and by whom,
    so that equal content gives an equal ``manifest.json``.
    """
    counts = {
        level: {
            value or "": count
            for value, count in leaving.engine.rows(
                f"SELECT {level}, count(*) FROM {TABLE} GROUP BY 1 ORDER BY 1 NULLS FIRST"
            )
        }
        for level in ("label", "split")
    }
    sums.write_manifest(
        leaving.folder,
        {
            "dataimp_export": sums.FORMAT,
            "content": committed.info.content,
            "format": format_,
            "modality": str(leaving.modality),
            "examples": leaving.count,
            "labels": counts["label"],
            "splits": counts["split"],
            **leaving.notes,
            "folders": named.folders,
        },
        files,
    )
    (leaving.folder / VERSION).write_text(
        json.dumps(_version(committed), ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )
    card.write(leaving.folder, sections)
    about = [_described(leaving.folder, path) for path in (sums.MANIFEST, VERSION, card.MARKDOWN, card.HTML)]
    sums.write_sums(leaving.folder, [*files, *about])
    return about


def _version(committed: manifest.Committed) -> dict[str, Any]:
    """What differs from one project to another, though their content is the same."""
    told = asdict(committed.info)
    return {key: told[key] for key in ("name", "content", "parent", "message", "author", "at", "examples")}
