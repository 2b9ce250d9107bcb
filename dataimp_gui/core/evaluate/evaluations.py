"""The part of a project that judges its versions: evaluations, gates, and which version is in production."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
import numpy.typing as npt

from dataimp_gui.core import edits
from dataimp_gui.core.evaluate import external, frozen, gates, present
from dataimp_gui.core.evaluate.compare import Compared as Difference
from dataimp_gui.core.evaluate.compare import Judged, compare, compare_calibration, compare_costs
from dataimp_gui.core.evaluate.frozen import Content, Frozen
from dataimp_gui.core.evaluate.gates import Gates
from dataimp_gui.core.evaluate.judgement import Compared, Evaluation, GateResult
from dataimp_gui.core.evaluate.moves import TODAY, UNJUDGED, Move
from dataimp_gui.core.evaluate.predicting import RUNS, Predicting
from dataimp_gui.core.evaluate.trainer import Predicted
from dataimp_gui.core.model import Change, EditInfo, Field, IssueKind, Mask, Modality, Rows, VersionInfo
from dataimp_gui.core.slices.measures import losses
from dataimp_gui.core.versions import manifest, registry
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

SEEDS: Final = 3
MOST_SEEDS: Final = 20


class Evaluations:
    """Any thread may ask. An evaluation is kept durably when `run` returns; nothing is ever taken away."""

    def __init__(self, project: "Project") -> None:
        self._project = project

    # gates

    def gates(self) -> Gates:
        """As a person set them, else the usual ones."""
        return gates.from_json(self._project.state.documents(edits.GATES).get(0, ""))

    def set_gates(self, wanted: Gates, *, why: str = "") -> EditInfo | None:
        """An edit like any other. Raises DataimpError for limits that are none."""
        text = gates.to_json(wanted)
        return self._project.writable().set_document(edits.GATES, 0, text, "Set the gates", why=why)

    # evaluations

    def run(
        self,
        version: str,
        against: str = "",
        trainer: str = "",
        *,
        seeds: int = SEEDS,
        limit_s: float = external.LIMIT_S,
        progress: Progress | None = None,
    ) -> Evaluation:
        """Train on ``version`` and on ``against``, judge both on the same held-out examples, and keep the result.

        ``against`` is the parent unless it is said. ``trainer`` is empty for the built-in one, `RUNS`, or a command
        such as ``python train.py --data {dataset} --out {predictions}``. Raises DataimpError where there is nothing to
        compare, Cancelled.
        """
        project, progress = self._project, progress or Progress()
        project.writable()
        if not 1 <= seeds <= MOST_SEEDS:
            raise DataimpError(f"{seeds} seeds cannot be tried.", hint=f"Between 1 and {MOST_SEEDS} can.")
        info = registry.find(project.database, version)
        other = registry.find(project.database, against or info.parent or _none_before(info.name))
        if other.name == info.name:
            raise DataimpError(f"{info.name} cannot be compared with itself.", hint="Choose another version.")
        progress.phase("Reading the versions")
        codes = {name: code for code, name in enumerate(project.classes)}
        after = frozen.read(manifest.read(project.path, info), codes)
        before = frozen.read(manifest.read(project.path, other), codes)
        judged = frozen.freeze(before, after)
        classes = tuple(codes)
        count = 1 if trainer == RUNS else seeds
        with Predicting(project, trainer, judged, classes, limit_s, progress) as predict:
            said = [[predict(content, seed) for seed in range(count)] for content in (before, after)]
        has_media = project.modality in (Modality.IMAGE, Modality.AUDIO)
        changed = () if trainer or not has_media else self._changed((before, after), progress)
        progress.phase("Comparing")
        lines = self._compared(said, judged, classes)
        with project.editing.turn:
            wanted, edit = self.gates(), project.editing.journal.last
        evaluation = Evaluation(
            info.name,
            other.name,
            datetime.now(UTC).isoformat(timespec="milliseconds"),
            project.author,
            trainer,
            count,
            lines[0],
            lines[1:],
            (*gates.judge(wanted, lines, after, judged, self._near()), *_unanswered(said, judged)),
            (*judged.notes, *dict.fromkeys(note for of in said for each in of for note in each.notes), *changed),
            edit,
            "" if trainer or project.analysis.embedding is None else project.analysis.embedding.name,
        )
        project.database.execute(
            "INSERT INTO evaluation (version, against, at, author, document) VALUES (?, ?, ?, ?, ?)",
            (info.name, other.name, evaluation.at, evaluation.author, msgspec.json.encode(evaluation).decode()),
        )
        self._tell()
        return evaluation

    def bring(
        self, version: str, file: Path | str, against: str = "", progress: Progress | None = None
    ) -> Evaluation | None:
        """Add the predictions of a model that was trained on ``version``, and compare them with those that were
        brought for ``against``; None while there are none for that one."""
        project = self._project
        info = registry.find(project.database, version)
        other = against or info.parent
        project.add_run(file, version=info.name, progress=progress)
        if not any(run.version == other for run in project.runs):
            return None
        return self.run(info.name, other, RUNS, progress=progress)

    def kept(self, version: str = "") -> list[Evaluation]:
        """Newest first; of one version when it is named."""
        found = self._project.database.rows("SELECT version, document FROM evaluation ORDER BY number DESC")
        return [msgspec.json.decode(text, type=Evaluation) for name, text in found if not version or name == version]

    # production

    def production(self) -> str:
        """The name of the version that is in production; empty when none is."""
        return registry.production(self._project.database)

    def moves(self) -> list[Move]:
        """Newest first."""
        found = self._project.database.rows(
            "SELECT version, kind, at, author, reason, failed FROM move ORDER BY number DESC"
        )
        return [
            Move(version, kind, at, author, reason, tuple(filter(None, failed.split("\n"))))
            for version, kind, at, author, reason, failed in found
        ]

    def promote(self, version: str, reason: str = "") -> Move:
        """Raises DataimpError when it is there already, and, without a ``reason``, when its newest evaluation failed a
        gate or is older than the gates, or when it was never evaluated beside an earlier one."""
        info = registry.find(self._project.database, version)
        if info.name == self.production():
            raise DataimpError(f"{info.name} is in production already.")
        failed = self.obstacles(info)
        if failed and not reason.strip():
            said = f"fails {len(failed)} gate{'' if len(failed) == 1 else 's'} ({', '.join(failed[:4])})"
            raise DataimpError(
                f"{info.name} {'was never evaluated' if failed == (UNJUDGED,) else said}.",
                hint="Give a reason to promote it all the same.",
            )
        return self._move(info.name, "promote", reason, failed)

    def obstacles(self, version: VersionInfo) -> tuple[str, ...]:
        """What `promote` wants a reason for: the gates that its newest evaluation failed, that there is none, or that
        gates were set since. A first version has nothing to be compared with."""
        kept = self.kept(version.name)
        if not kept:
            return (UNJUDGED,) if version.parent else ()
        is_old = self._project.editing.journal.has_since(edits.GATES, kept[0].edit)
        return (*kept[0].failed, TODAY) if is_old else kept[0].failed

    def rollback(self, reason: str = "") -> Move:
        """Back to what was in production before. Raises DataimpError when nothing was."""
        before = self.before()
        if not before:
            raise DataimpError("There is no earlier version to roll back to.", hint="Promote one instead.")
        return self._move(before, "rollback", reason, ())

    def before(self) -> str:
        """What a rollback goes to: a stack on which each promotion stands and from which each rollback takes one."""
        stack: list[str] = []
        for move in reversed(self.moves()):
            if move.kind == "rollback" and stack:
                stack.pop()
            else:
                stack.append(move.version)
        return stack[-2] if len(stack) > 1 else ""

    def _move(self, version: str, kind: str, reason: str, failed: tuple[str, ...]) -> Move:
        project = self._project
        project.writable()
        edits.checked("reason", reason, edits.MOST_OF_NOTE)
        move = Move(version, kind, datetime.now(UTC).isoformat(timespec="milliseconds"), project.author, reason, failed)
        project.database.execute(
            "INSERT INTO move (version, kind, at, author, reason, failed) VALUES (?, ?, ?, ?, ?, ?)",
            (move.version, move.kind, move.at, move.author, move.reason, "\n".join(move.failed)),
        )
        self._tell()
        return move

    def _near(self) -> Rows | None:
        """Examples with an open issue of their split; None where nobody looked."""
        analysis = self._project.analysis
        return np.sort(analysis.issue_rows(IssueKind.LEAK)) if analysis.is_searched else None

    def _changed(self, contents: Sequence[Content], progress: Progress) -> tuple[str, ...]:
        project = self._project
        told = (present.notes(each.committed, project.locations, project.count, progress) for each in contents)
        return tuple(note for notes in told for note in notes)

    def _tell(self) -> None:
        self._project.tell(Change(Field.VERSION, np.empty(0, dtype=np.int64)))

    # figures

    def _compared(self, said: list[list[Predicted]], judged: Frozen, classes: tuple[str, ...]) -> tuple[Compared, ...]:
        before, after = ([each.codes for each in of] for of in said)
        right = [np.stack([codes == judged.labels for codes in of]) for of in (before, after)]
        subsets = self._subsets(judged, classes)
        found = compare(right[0], right[1], [(name, mask) for name, _, _, mask in subsets])
        lines = [_line(each, kind, where) for each, (_, kind, where, _) in zip(found, subsets, strict=True)]
        costs = self._project.contract.costs
        if costs:
            paid = [np.stack([losses(judged.labels, codes, classes, costs) for codes in of]) for of in (before, after)]
            lines.append(_line(compare_costs(paid[0], paid[1], "Cost"), "cost", ""))
        if all(_has_confidence(each) for of in said for each in of):
            off = [[Judged(each.codes == judged.labels, _confidence(each)) for each in of] for of in said]
            lines.append(_line(compare_calibration(off[0], off[1], "Calibration error"), "calibration", ""))
        return tuple(lines)

    def _subsets(self, judged: Frozen, classes: tuple[str, ...]) -> list[tuple[str, str, str, Mask]]:
        """(name, kind, clause, mask over the evaluation rows): all, then each class, then each saved slice."""
        project = self._project
        found = [("Overall", "overall", "", np.ones(len(judged.rows), np.bool_))]
        for code in np.unique(judged.labels).tolist():
            name = classes[code]
            found.append((name, "class", f"label = '{name.replace(chr(39), chr(39) * 2)}'", judged.labels == code))
        for each in project.slices.saved():
            try:
                rows = project.slices.rows(each)
            except DataimpError:  # its column went away; the Slices page says so
                continue
            where = f"slice = '{each.name.replace(chr(39), chr(39) * 2)}'"
            found.append((each.name, "slice", where, np.isin(judged.rows, rows)))
        return found


def _line(found: Difference, kind: str, where: str) -> Compared:
    return Compared(
        found.name,
        kind,
        where,
        found.n,
        found.before,
        found.after,
        found.difference,
        found.ci,
        found.p,
        found.p_adjusted,
    )


def _has_confidence(said: Predicted) -> bool:
    predicted = said.codes >= 0
    return bool(predicted.any()) and not np.isnan(said.confidence[predicted]).any()


def _confidence(said: Predicted) -> npt.NDArray[np.float64]:
    return np.where(said.codes >= 0, said.confidence.astype(np.float64), np.nan)


def _unanswered(said: list[list[Predicted]], judged: Frozen) -> tuple[GateResult, ...]:
    missing = max(int(np.count_nonzero(each.codes < 0)) for of in said for each in of)
    return gates.unanswered(missing, len(judged.rows))


def _none_before(name: str) -> str:
    raise DataimpError(f"{name} has no version before it.", hint="Say which one to compare it with: --against.")
