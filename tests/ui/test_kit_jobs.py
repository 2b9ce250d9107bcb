import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.ui.kit.jobs import Jobs


@pytest.fixture
def jobs(qapp):
    jobs = Jobs(ThreadPoolExecutor(2))
    yield jobs
    jobs.shutdown()


def test_answers_arrive_on_the_main_thread(jobs, qtbot):
    seen = []
    jobs.start(lambda _: threading.get_ident(), lambda worker: seen.append((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    worker, here = seen[0]
    assert here == threading.get_ident() != worker


def test_the_newest_question_of_a_key_wins(jobs, qtbot):
    answers, gate, ended = [], threading.Event(), threading.Event()

    def slow(_):
        gate.wait()
        ended.set()
        return "old"

    jobs.start(slow, answers.append, key="search")
    jobs.start(lambda _: "new", answers.append, key="search")
    qtbot.waitUntil(lambda: answers == ["new"])
    gate.set()
    qtbot.waitUntil(ended.is_set)
    jobs.start(lambda _: "after", answers.append)  # whatever the old one posted has been delivered before this
    qtbot.waitUntil(lambda: "after" in answers)
    assert answers == ["new", "after"]


def test_cancel_stops_the_work_at_its_next_step_and_says_it_has_finished(jobs, qtbot):
    stopped = threading.Event()

    def count(progress):
        try:
            for _ in progress.track(iter(int, 1), "Counting"):
                pass
        except Cancelled:
            stopped.set()
            raise

    job = jobs.start(count, lambda _: None, title="Counting")
    qtbot.waitUntil(lambda: job.report is not None and job.report.done > 10)
    with qtbot.waitSignal(jobs.finished):
        jobs.cancel(job)
    qtbot.waitUntil(stopped.is_set)
    assert jobs.running == []


def test_progress_says_how_far_and_how_long_still(jobs, qtbot):
    gate = threading.Event()

    def work(progress):
        progress.phase("Reading", total=4)
        progress.advance()
        gate.wait()
        for _ in range(3):
            progress.advance()

    job = jobs.start(work, lambda _: None)
    qtbot.waitUntil(lambda: job.report is not None)
    assert (job.report.phase, job.report.total) == ("Reading", 4)
    gate.set()
    qtbot.waitUntil(lambda: job.report.done == 4)


def test_an_error_goes_to_whoever_asked_or_is_signalled(jobs, qtbot):
    def bad(_):
        raise DataimpError("No such folder.", hint="Choose another one.")

    own = []
    jobs.start(bad, lambda _: None, failed=own.append)
    qtbot.waitUntil(lambda: bool(own))
    with qtbot.waitSignal(jobs.failed) as caught:
        jobs.start(bad, lambda _: None)
    assert caught.args[0].hint == "Choose another one."
    assert len(own) == 1


def test_whoever_shows_jobs_hears_that_a_shutdown_ended_them(qapp, qtbot):
    jobs = Jobs(ThreadPoolExecutor(1))
    ended = []
    jobs.finished.connect(ended.append)
    begun = threading.Event()

    def work(progress):
        begun.set()
        while not progress.cancelled:
            begun.wait(0.01)

    running = [jobs.start(work, lambda _: None, key="first"), jobs.start(work, lambda _: None)]
    begun.wait()
    jobs.shutdown()
    assert ended == running
    assert jobs.running == []


class Asker(QObject):
    def __init__(self, told):
        super().__init__()
        self.told = told

    def answer(self, found):
        self.told.append((found, self.objectName()))


def test_who_is_gone_is_told_nothing_but_an_error_is_said(jobs, qtbot):
    def bad(_):
        gate.wait()
        raise DataimpError("No room.")

    told, said, gate = [], [], threading.Event()
    asker = Asker(told)
    jobs.failed.connect(said.append)
    jobs.start(lambda _: gate.wait(), asker.answer)
    jobs.start(lambda _: gate.wait(), partial(asker.answer))
    jobs.start(bad, told.append, failed=asker.answer)
    delete(asker)
    gate.set()
    qtbot.waitUntil(lambda: bool(said) and not jobs.running)
    assert told == []
    assert [str(error) for error in said] == ["No room."]
