"""Which versions there are, how they hang together and what stands on them. Read on a worker."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dataimp_gui.core.evaluate.gates import Gates
from dataimp_gui.core.evaluate.moves import Move
from dataimp_gui.core.model import VersionInfo
from dataimp_gui.core.project import Project
from dataimp_gui.ui.pages.versions.judged import Judged, judge
from dataimp_gui.ui.pages.versions.lanes import lanes

DRAFT: Final = "draft"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history. ``info`` is None for the examples as they stand now, whose ``name`` is "draft"."""

    name: str
    title: str
    parent: str
    info: VersionInfo | None
    lane: int = 0
    judged: Judged | None = None  # by its newest evaluation
    is_production: bool = False
    obstacles: tuple[str, ...] = ()  # what promoting it takes a reason for

    @property
    def is_draft(self) -> bool:
        return self.info is None


@dataclass(frozen=True, slots=True)
class Standing:
    """``entries``: newest first, the draft before all of them when something was edited since."""

    entries: tuple[Entry, ...] = ()
    production: str = ""
    former: str = ""  # what a rollback would bring back
    moves: tuple[Move, ...] = ()  # of the name `production`, newest first
    gates: Gates = field(default_factory=Gates)  # as they are set now

    def find(self, name: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.name == name), None)


def read(project: Project, *, is_draft: bool | None) -> Standing:
    """``is_draft``: whether something was edited since the newest version; None where that is not known yet."""
    versions = project.versions()
    if is_draft is None and versions:
        edited = project.history()
        is_draft = bool(edited) and edited[-1].at > versions[0].at
    number = max((int(version.name[1:]) for version in versions), default=0) + 1
    drafts = [(DRAFT, project.base)] if is_draft or not versions else []
    tree = [*drafts, *((version.name, version.parent) for version in versions)]
    lane = lanes(tree)
    evaluation = project.evaluation
    judged: dict[str, Judged] = {}
    for found in reversed(evaluation.kept()):  # the newest last
        judged[found.version] = judge(found)
    moves = tuple(evaluation.moves())
    production, former = evaluation.production(), evaluation.before()
    made = [Entry(DRAFT, f"v{number}", parent, None, lane[DRAFT]) for _, parent in drafts]
    made += [
        Entry(
            each.name,
            each.name,
            each.parent,
            each,
            lane[each.name],
            judged.get(each.name),
            each.name == production,
            evaluation.obstacles(each),
        )
        for each in versions
    ]
    return Standing(tuple(made), production, former, moves, evaluation.gates())


def day(at: str) -> str:
    """ "now", the time of today, else the day."""
    moment, now = datetime.fromisoformat(at).astimezone(), datetime.now().astimezone()
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    return f"{moment.day} {moment:%b}" if moment.year == now.year else f"{moment:%Y-%m-%d}"
