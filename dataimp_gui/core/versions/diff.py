"""Which two states of the dataset a diff is about: versions by name, and the draft."""

from typing import Final

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.versions import changes, draft, manifest, registry
from dataimp_gui.core.versions.changes import LISTED, About, Changed, Diff, Tagged
from dataimp_gui.core.versions.draft import Draft
from dataimp_gui.progress import Progress

__all__ = ["DRAFT", "LISTED", "About", "Changed", "Diff", "Tagged", "diff"]

DRAFT: Final = "draft"
"""The name of the dataset as it stands now."""


def diff(
    database: Database,
    current: Draft,
    a: str,
    b: str,
    progress: Progress,
    *,
    about: About | None = None,
    limit: int = LISTED,
) -> Diff:
    """What became different from ``a`` to ``b``: names, starts of content ids, or "draft".

    Media files are not looked at: in the draft they count as they were when last committed. Raises DataimpError for an
    unknown version, ProjectError for one whose files were changed.
    """
    infos = [None if name == DRAFT else registry.find(database, name) for name in (a, b)]
    engine = Engine()
    try:
        if None in infos:
            known = registry.versions(database)
            newest = manifest.read(current.folder, known[0]) if known else None
            draft.build(engine, current)
            if newest and current.has_media:
                engine.run(
                    f"UPDATE {draft.ROWS} SET sha256 = m.sha256 FROM {newest.relation} m "
                    f'WHERE m."row" = {draft.ROWS}."row" AND m.sha256 IS DISTINCT FROM {draft.ROWS}.sha256'
                )
        relations = [manifest.read(current.folder, info).relation if info else draft.ROWS for info in infos]
        names = [info.name if info else DRAFT for info in infos]
        return changes.between(
            engine, (names[0], names[1]), relations[0], relations[1], progress, about=about, limit=limit
        )
    finally:
        engine.close()
