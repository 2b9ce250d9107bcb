"""The demos that ship with Dataimp: real data, each imported into a project at the first wish."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from dataimp_gui import resources
from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.core.model import Modality, Role
from dataimp_gui.core.project import Project
from dataimp_gui.errors import DataimpError, ProjectError
from dataimp_gui.progress import Progress


class DemoRun(msgspec.Struct, frozen=True):
    file: str
    name: str
    version: str = ""


class Demo(msgspec.Struct, frozen=True):
    """One entry of ``resources/demo/index.json``; files are relative to that folder, ``roles`` by column name."""

    name: str
    title: str
    about: str
    modality: Modality
    source: str
    examples: int
    roles: dict[str, Role] = {}
    copy_media: bool = False
    predictions: tuple[DemoRun, ...] = ()
    licence: str = ""
    attribution: str = ""


class _Index(msgspec.Struct):
    format: int
    demos: tuple[Demo, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """``fresh`` is False when the project was there already and only its count was looked up."""

    demo: Demo
    project: Path
    examples: int
    fresh: bool


def demos() -> tuple[Demo, ...]:
    """In the order in which they are offered."""
    return msgspec.json.decode(resources.path("demo", "index.json").read_bytes(), type=_Index).demos


def default_folder() -> Path:
    """Where demo projects go when nobody says: a folder that a person finds again."""
    return Path.home() / "Dataimp"


def create_demo(name: str = "", folder: Path | None = None, progress: Progress | None = None) -> Made:
    """Import a demo (the first one without a name) into ``folder / NAME.dataimp``, or leave the one that is there.

    A ``folder`` that itself ends in .dataimp is the project. Raises DataimpError for an unknown name.
    """
    known = demos()
    demo = next((demo for demo in known if name in ("", demo.name)), None)
    if demo is None:
        listed = ", ".join(demo.name for demo in known)
        raise DataimpError(f'There is no demo "{name}".', hint=f"The demos are: {listed}.")
    folder = folder or default_folder()
    target = folder if folder.suffix == ".dataimp" else folder / f"{demo.name}.dataimp"
    if (target / "project.sqlite").is_file():
        try:
            there = Project.open(target, read_only=True)
        except ProjectError:
            there = Project.open(target)  # one that an older Dataimp made is brought up to date
        with there as project:
            return Made(demo, target, project.size, fresh=False)
    target.parent.mkdir(parents=True, exist_ok=True)
    progress = progress or Progress()
    options = ImportOptions(modality=demo.modality, roles=demo.roles, copy_media=demo.copy_media)
    project, _ = Project.create(target, resources.path("demo", demo.source), options, progress)
    with project:
        project.database.put("licence", ". ".join(filter(None, (demo.licence, demo.attribution))))
        for run in demo.predictions:
            project.add_run(resources.path("demo", run.file), run.name, run.version, progress)
        return Made(demo, target, project.size, fresh=True)
