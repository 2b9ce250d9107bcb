"""A trainer of the person's own: a command that reads an exported dataset and writes predictions."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.engine import Engine
from dataimp_gui.core.evaluate.trainer import Predicted
from dataimp_gui.core.formats.runs import INCOMING_RUN, read_run
from dataimp_gui.core.model import Rejected, Rows
from dataimp_gui.errors import DataimpError
from dataimp_gui.progress import Progress

LIMIT_S: Final = 6 * 3600.0
POLL_S: Final = 0.1
SHOWN: Final = 100  # characters of the last line of its log
_TAIL: Final = 4096
_IDS: Final = "judged_ids"
LOG: Final = "trainer.log"
_NEW_GROUP: Final = 0x200  # CREATE_NEW_PROCESS_GROUP of Windows


def command(template: str, dataset: Path, predictions: Path, seed: int) -> list[str]:
    """The words of the command; what is filled in stays one word. Raises DataimpError for a template without both."""
    for needed in ("{dataset}", "{predictions}"):
        if needed not in template:
            raise DataimpError(
                f"The trainer's command lacks {needed}.",
                hint="For example: python train.py --data {dataset} --out {predictions}",
            )
    try:
        words = shlex.split(template, posix=os.name == "posix")
    except ValueError as error:
        raise DataimpError(f"The trainer's command cannot be read: {error}.", hint="Look at its quotes.") from error
    filled = {"{dataset}": str(dataset), "{predictions}": str(predictions), "{seed}": str(seed)}
    for mark, value in filled.items():
        words = [word.replace(mark, value) for word in words]
    return words


def run(
    words: Sequence[str], folder: Path, log: Path, title: str, progress: Progress, limit_s: float = LIMIT_S
) -> None:
    """Runs without a shell, in a process group that is ended with all it started on cancel and past the time limit.

    It works in ``folder``; its output is appended to ``log``, its last line goes into the progress. Raises DataimpError
    when it cannot start, fails or takes too long; Cancelled.
    """
    progress.phase(title)
    with log.open("ab") as out:
        try:
            process: subprocess.Popen[bytes] = subprocess.Popen(
                words,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=os.name == "posix",
                creationflags=0 if os.name == "posix" else _NEW_GROUP,
            )
        except OSError as error:
            raise DataimpError(
                f"The trainer {words[0]!r} cannot be started: {error.strerror}.", hint="Give its whole path."
            ) from error
    began, said = time.monotonic(), ""
    try:
        while process.poll() is None:
            progress.check()
            if time.monotonic() - began > limit_s:
                raise DataimpError(
                    f"The trainer ran for more than {limit_s:,.0f} s and was ended.", hint=f"Its output is in {log}."
                )
            if (line := last_line(log)) != said:
                said = line
                progress.phase(f"{title}: {said[:SHOWN]}")
            with suppress(subprocess.TimeoutExpired):
                process.wait(POLL_S)
    finally:
        _end(process)
    if process.returncode:
        raise DataimpError(
            f"The trainer ended with {_ended(process.returncode)}: {last_line(log)[:SHOWN] or 'it said nothing'}.",
            hint=f"Its output is in {log}.",
        )


def read(
    file: Path, ids: npt.NDArray[np.object_], judged: Rows, classes: Sequence[str], progress: Progress
) -> Predicted:
    """The predictions for the ``judged`` ones of the examples with these ``ids``, as codes in ``classes``.

    What was left out of the file is in the notes. Raises DataimpError for no such file, for an id that comes
    twice, and where nothing in it is of use.
    """
    if not file.is_file():
        raise DataimpError("The trainer wrote no predictions.", hint=f"They were expected in {file.name}.")
    places = np.full(len(ids), -1, np.int64)
    places[judged] = np.arange(len(judged))
    with closing(Engine()) as engine:
        found = read_run(file, engine, classes, progress)
        if not found.has_ids:
            raise DataimpError(f"{file.name} has no ids.", hint="Write a column called id.")
        engine.register(_IDS, {"id": ids, "place": places})
        names = [f"p{place}" for place in range(len(found.classes))]
        said = engine.arrays(
            f"SELECT i.place, r.predicted {''.join(f', r.{name}' for name in names)} "
            f"FROM {INCOMING_RUN} r JOIN {_IDS} i ON r.id = i.id WHERE i.place >= 0"
        )
        unknown = int(engine.value(f"SELECT count(*) FROM {INCOMING_RUN} WHERE id NOT IN (SELECT id FROM {_IDS})"))
        engine.forget(_IDS)
    places = np.asarray(said["place"], np.int64)
    different, times = np.unique(places, return_counts=True)
    if len(different) < len(places):
        twice = ids[judged[different[times > 1][0]]]
        raise DataimpError(f"The trainer predicted {twice!r} more than once.", hint="Write one line for each example.")
    code = {name: place for place, name in enumerate(classes)}
    codes, confidence = np.full(len(judged), -1, np.int32), np.full(len(judged), np.nan, np.float32)
    if names:
        chances = np.stack([np.ma.filled(np.ma.asarray(said[name], np.float32), 0) for name in names], axis=1)
        own = np.array([code.get(name, -1) for name in found.classes], np.int32)
        codes[places], confidence[places] = own[chances.argmax(axis=1)], chances.max(axis=1)
    else:
        words = np.ma.filled(np.ma.asarray(said["predicted"]), "").tolist()
        codes[places] = [code.get(str(word), -1) for word in words]
    notes = _left_out(found.rejected, unknown)
    if len(judged) and not (codes >= 0).any():
        raise DataimpError(
            f"The trainer predicted none of the {len(judged):,} evaluation examples.",
            hint=notes[0] if notes else "Write their ids as the dataset has them, each with a class.",
        )
    return Predicted(codes, confidence, notes)


def _ended(code: int) -> str:
    """An exit code, or the name of the signal that it stands for."""
    try:
        return signal.Signals(-code).name if code < 0 else str(code)
    except ValueError:
        return str(code)


def _left_out(rejected: Sequence[Rejected], unknown: int) -> tuple[str, ...]:
    notes = []
    if rejected:
        notes.append(f"Predictions that cannot be used: {len(rejected):,}; the first: {rejected[0].reason}")
    if unknown:
        notes.append(f"Predictions of ids that the version does not have: {unknown:,}.")
    return tuple(notes)


def last_line(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL))
            lines = file.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    shown = [" ".join(line.split()) for line in lines]
    return next((line for line in reversed(shown) if line), "")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """It and what it started: asked first, then made to."""
    if sys.platform == "win32":
        if process.poll() is None:
            process.kill()
        process.wait()
        return
    for how, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 10.0)):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            break
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        if how == signal.SIGTERM and process.returncode is not None:
            break
    process.wait()
