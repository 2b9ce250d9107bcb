"""Which version is in production, and which one the draft starts from: asked for, then done on the lane of writes."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from dataimp_gui.core.evaluate.judgement import FAIL
from dataimp_gui.core.evaluate.moves import TODAY, UNJUDGED
from dataimp_gui.core.project import Project
from dataimp_gui.ui.pages.versions.asking import Asking
from dataimp_gui.ui.pages.versions.following import Following
from dataimp_gui.ui.pages.versions.standing import Entry
from dataimp_gui.ui.session import Session

MOST_SAID: Final = 4  # failing gates that are named before a promotion
GETS: Final = "Training code that loads “production” gets {now} from here on{not_before}."
FORCED: Final = "Why it goes ahead all the same, kept with the move"
REASON: Final = "Reason, kept with the move"
UNDONE: Final = "Nothing is lost: it is one edit, which undo takes back, and every version stays."


class Moving(QObject):
    done = Signal(str)  # what was done, in a few words

    def __init__(self, session: Session, following: Following, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._following, self._over = session, following, parent

    def promote(self, entry: Entry) -> None:
        """A reason is needed where a gate fails, and where none was asked though there is something to compare with."""
        name, before = entry.name, self._following.standing.production
        said = [GETS.format(now=name, not_before=f", no longer {before}" if before else "")]
        failed = [gate for gate in entry.judged.gates if gate.result == FAIL] if entry.judged else []
        if UNJUDGED in entry.obstacles:
            said.append(f"{name} was not evaluated, so nothing is known of its gates.")
        if TODAY in entry.obstacles:
            said.append("The gates were changed since it was evaluated. Evaluate it again, or say why not.")
        said += [f"{gate.title}: {gate.reason}" for gate in failed[:MOST_SAID]]
        must = bool(entry.obstacles)
        dialog = Asking(
            f"Promote {name}", said, f"Promote {name}", self._over, reason=FORCED if must else REASON, must=must
        )
        dialog.agreed.connect(
            lambda why: self._move(lambda project: project.evaluation.promote(name, why), f"{name} is in production")
        )
        dialog.open()

    def roll_back(self) -> None:
        now, former = self._following.standing.production, self._following.standing.former
        said = [GETS.format(now=former, not_before=f", no longer {now}")]
        dialog = Asking(f"Roll back to {former}", said, f"Roll back to {former}", self._over, reason=REASON)
        words = f"{former} is in production again"
        dialog.agreed.connect(lambda why: self._move(lambda project: project.evaluation.rollback(why), words))
        dialog.open()

    def restore(self, name: str) -> None:
        """Make the draft equal to a version, in one edit."""
        said = [
            f"The examples become what they were in {name}: labels, splits, tags, exclusions, costs and gates.",
            UNDONE,
        ]
        if self._session.is_draft and self._session.version is not None:
            said.insert(1, f"What was edited since {self._session.version.name} is taken back with it.")
        dialog = Asking(f"Restore {name}", said, f"Restore {name}", self._over)
        dialog.agreed.connect(lambda _: self._session.edit(lambda project: project.restore(name)))
        dialog.open()

    def _move(self, work: Callable[[Project], object], words: str) -> None:
        session = self._session

        def then(_: object) -> None:
            self._following.read()
            self.done.emit(words)

        session.writes.start(lambda _: work(session.project), then)
