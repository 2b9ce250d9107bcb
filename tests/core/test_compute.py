import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from dataimp_gui.core.compute import Failure, Workers, available, map_chunks
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress


def square(number, factor=1):
    return number * number * factor


def misbehave(number, folder=""):
    match number:
        case 3:
            os.kill(os.getpid(), signal.SIGSEGV)
        case 5:
            threading.Event().wait()
        case 7:
            return len(bytearray(8 * 2**30))
        case 9:
            os._exit(4)
        case 11:
            raise DataimpError("It is blue.", hint="Paint it.")
        case 13:
            raise KeyError("secret")
        case 15:
            return object()
    return number


def leave_pid_and_hang(number, folder):
    (Path(folder) / str(os.getpid())).touch()
    threading.Event().wait()


def process_of(number):
    return os.getpid()


def doubled(array):
    return array * 2


def chatty(number):
    os.write(1, b"a library prints to standard output\n")
    return number


def environment_of_worker(_number):
    return [sys.modules["__main__"].__dict__.get("WAS_RUN", False), len(sys.stdin.read())]


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        threading.Event().wait(0.02)


def test_results_come_in_the_order_of_the_items():
    assert map_chunks(square, range(1000), arguments=[3]) == [number * number * 3 for number in range(1000)]


def test_nothing_to_do_starts_no_process():
    assert map_chunks(square, []) == []


def test_each_kind_of_misbehaviour_costs_only_its_item():
    results = map_chunks(misbehave, range(200), timeout_s=1.0)
    failed = {number: result.kind for number, result in enumerate(results) if isinstance(result, Failure)}
    assert failed == {3: "crash", 5: "timeout", 7: "memory", 9: "crash", 11: "refused", 13: "bug", 15: "bug"}
    assert all(result == number for number, result in enumerate(results) if number not in failed)
    assert results[3].reason == "It crashed the process that read it (SIGSEGV)."
    assert results[5].reason == "Reading it took longer than 1 seconds and was stopped."
    assert results[9].reason == "It crashed the process that read it (exit code 4)."
    assert (results[11].reason, results[11].hint) == ("It is blue.", "Paint it.")
    assert "KeyError" in results[13].reason


def test_a_process_killed_from_outside_is_replaced():
    with Workers(1) as pool:
        (pid,) = pool.map(process_of, [0])
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # dead, but not yet noticed
        (second,) = pool.map(process_of, [0])
        assert second != pid


def test_a_warm_pool_keeps_its_processes_between_calls():
    with Workers(2) as pool:
        first = set(pool.map(process_of, range(100)))
        assert set(pool.map(process_of, range(100))) <= first
        assert len(first) <= 2
    assert not any(is_running(pid) for pid in first)


def test_arrays_travel_in_both_directions():
    (result,) = map_chunks(doubled, [np.arange(6, dtype=np.int16).reshape(2, 3)])
    assert result.dtype == np.int16
    assert result.tolist() == [[0, 2, 4], [6, 8, 10]]


def test_what_a_library_prints_does_not_get_among_the_answers():
    assert map_chunks(chatty, range(10)) == list(range(10))


def test_trusted_work_of_few_items_stays_in_this_process():
    assert map_chunks(process_of, range(3), trusted=True) == [os.getpid()] * 3
    results = map_chunks(misbehave, [10, 11, 12], trusted=True)
    assert results == [10, Failure("It is blue.", "Paint it."), 12]


def test_a_function_that_a_worker_cannot_import_is_refused_at_once():
    with pytest.raises(TypeError, match="cannot import"):
        map_chunks(lambda number: number, range(3))


def test_cancel_stops_a_hanging_worker_at_once(tmp_path):
    progress = Progress()
    caught = []

    def run():
        try:
            map_chunks(leave_pid_and_hang, range(4), arguments=[str(tmp_path)], workers=2, progress=progress)
        except Cancelled:
            caught.append(time.monotonic())

    thread = threading.Thread(target=run)
    thread.start()
    wait_for(lambda: len(list(tmp_path.iterdir())) == 2)
    asked = time.monotonic()
    progress.cancel()
    thread.join(10)
    assert caught
    assert caught[0] - asked < 2
    assert not any(is_running(int(path.name)) for path in tmp_path.iterdir())


def test_progress_counts_every_item_also_the_failed():
    reports = []
    map_chunks(misbehave, range(20), timeout_s=1.0, title="Trying", progress=Progress(reports.append))
    assert (reports[-1].phase, reports[-1].done, reports[-1].total) == ("Trying", 20, 20)


SCRIPT = """
WAS_RUN = True
from dataimp_gui.core.compute import map_chunks
import sys; sys.path.insert(0, {here!r})
import test_compute
print(map_chunks(test_compute.environment_of_worker, [1]))
"""


@pytest.mark.parametrize("way", ["command", "script", "stdin"])
def test_a_script_needs_no_guard_because_workers_do_not_run_it(way, tmp_path):
    script = SCRIPT.format(here=str(Path(__file__).parent))
    (tmp_path / "script.py").write_text(script)
    arguments, text = {
        "command": (["-c", script], None),
        "script": (["script.py"], None),
        "stdin": (["-"], script),
    }[way]
    done = subprocess.run(
        [sys.executable, *arguments], input=text, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False
    )
    assert done.stderr == ""
    assert done.stdout == "[[False, 0]]\n"


def test_a_module_in_the_current_folder_is_not_imported_by_a_worker(tmp_path):
    (tmp_path / "struct.py").write_text("open('was_imported', 'w').close()")
    (tmp_path / "msgspec.py").write_text("open('was_imported', 'w').close()")
    code = "from dataimp_gui.core.compute import map_chunks; import math; print(map_chunks(math.sqrt, [4.0, 9.0]))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("[2.0, 3.0]\n", "")
    assert not (tmp_path / "was_imported").exists()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_a_parent_that_is_interrupted_or_killed(ending, tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import test_compute; from dataimp_gui.core.compute import map_chunks\n"
        f"map_chunks(test_compute.leave_pid_and_hang, range(2), arguments=[{str(tmp_path)!r}], workers=2, timeout_s=0.5"
        f" if {ending == signal.SIGKILL} else 60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)
    wait_for(lambda: len(list(tmp_path.iterdir())) >= 2)
    parent.send_signal(ending)
    _, said = parent.communicate(timeout=20)
    assert (b"KeyboardInterrupt" in said) == (ending == signal.SIGINT)
    wait_for(lambda: not any(is_running(int(path.name)) for path in tmp_path.iterdir()))


def test_the_number_of_processors_is_known():
    assert 1 <= available() <= (os.cpu_count() or 1)
