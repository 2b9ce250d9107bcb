"""How many examples of each label a version holds."""

from contextlib import closing
from pathlib import Path

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.storage.database import Database
from dataimp_gui.core.versions import manifest, registry


def labels(database: Database, folder: Path, version: str) -> dict[str, int]:
    """Of the examples that are not excluded, by label, "" for none. ``folder`` is that of the project.

    Raises DataimpError for an unknown version, ProjectError for one whose files were changed.
    """
    committed = manifest.read(folder, registry.find(database, version))
    with closing(Engine()) as engine:
        found = engine.rows(
            f"SELECT coalesce(label, ''), count(*) FROM {committed.relation} WHERE NOT excluded GROUP BY 1"
        )
    return {label: int(count) for label, count in found}
