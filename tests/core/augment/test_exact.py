"""A variant has the same bits on every processor: here, with and without the code that libraries pick by processor."""

import hashlib
import os
import platform
import subprocess
import sys

import cv2
import numpy as np
import pytest

from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.exact import exact
from dataimp_gui.core.augment.operations import operations
from dataimp_gui.core.augment.policy import Policy, Step, missing
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality

PLAIN = {
    "OPENCV_CPU_DISABLE": "AVX2,FMA3,AVX,SSE4_1,SSE4_2",
    "OPENCV_IPP": "disabled",
    "OPENBLAS_CORETYPE": "Nehalem",
}


def prints():
    """Of every operation that needs no file, and every kind of example, what comes out as a hash."""
    random = np.random.default_rng(3)
    waves = random.integers(-9000, 9000, (8000, 2)) / 32768
    grey = random.integers(0, 256, (12, 9), np.uint8).repeat(8, axis=0).repeat(8, axis=1)
    colours = np.stack([grey, grey[::-1], grey[:, ::-1]], axis=2)
    examples = {
        Modality.IMAGE: [colours, grey, colours.astype(np.uint16) * 257, (colours // 2).astype(np.float32) / 128],
        Modality.AUDIO: [Sound(waves.astype(np.float32), 16_000)],
    }
    for modality, values in examples.items():
        for operation in operations(modality):
            for number, value in enumerate(values if not missing(Step(operation.name)) else ()):
                made = apply(Policy("one", modality, 1, (Step(operation.name),)), value, "a", 1).value
                data = made.samples if isinstance(made, Sound) else made
                digest = hashlib.sha256(np.ascontiguousarray(data).tobytes()).hexdigest()[:12]
                yield f"{operation.name} {number} {digest}"


@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="other processors have no such switches")
def test_every_operation_gives_the_same_bits_on_an_old_processor():
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    old = {**os.environ, **PLAIN, "NPY_DISABLE_CPU_FEATURES": " ".join(found)}
    code = "import sys; sys.path[:] = sys.argv[1:]; from test_exact import prints; print(*prints(), sep='\\n')"
    command = [sys.executable, "-W", "ignore", "-c", code, os.path.dirname(__file__), *sys.path]
    said = subprocess.run(command, env=old, capture_output=True, text=True, check=True, timeout=200).stdout
    here = list(prints())
    assert len(here) > 200
    assert [line for line in said.splitlines() if " " in line] == here


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_process_that_is_forked_while_another_thread_is_inside_does_not_wait_for_it():
    code = """
import os, signal, threading, cv2
from dataimp_gui.core.augment.exact import _lock, exact
with exact():
    _lock.acquire()  # as a thread would hold it at that moment
    child = os.fork()
    if not child:
        signal.alarm(20)
        with exact():
            pass
        os._exit(0 if cv2.useOptimized() else 3)
    print(os.waitpid(child, 0)[1])
    _lock.release()
"""
    said = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "0"


def test_the_switch_goes_back_when_the_last_one_is_out():
    before = cv2.useOptimized(), cv2.ipp.useIPP()
    with exact():
        with exact():
            assert not cv2.useOptimized()
        assert not cv2.useOptimized()
        assert not cv2.ipp.useIPP()
    assert (cv2.useOptimized(), cv2.ipp.useIPP()) == before
