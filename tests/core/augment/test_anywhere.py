"""Every operation makes the same of the same on any number of threads, in another process, and asked for again."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from dataimp_gui.core.augment import applying
from dataimp_gui.core.augment.operations import operations
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

MODALITIES = (Modality.IMAGE, Modality.AUDIO, Modality.TEXT)
TEXT = "Dear Sir or Madam, the 3 invoices of May 2020 are not paid. Could you please look at it today? Thank you, Anna"


def examples(modality):
    rng = np.random.default_rng(6)
    made = []
    for number in range(4):
        match modality:
            case Modality.IMAGE:
                value = rng.integers(0, 256, (40, 56, 3), dtype=np.uint8)
            case Modality.AUDIO:
                value = Sound(rng.normal(0, 0.1, (6000, 1)).astype(np.float32), 8000)
            case _:
                value = f"{TEXT} {number}"
        made.append((value, f"example {number}", "label"))
    return made


def digest(modality):
    """Over the variants of every operation."""
    found = hashlib.sha256()
    for operation in operations(modality):
        policy = Policy(operation.name, modality, steps=(Step(operation.name),))
        for line in applying.variants(policy, examples(modality), (0, 5), Progress()):
            for applied in line:
                found.update(repr(applied.steps).encode())
                match applied.value:
                    case Sound(samples, rate):
                        found.update(samples.tobytes() + str(rate).encode())
                    case str(text):
                        found.update(text.encode("utf-8", "surrogatepass"))
                    case picture:
                        found.update(str(picture.shape).encode() + np.ascontiguousarray(picture).tobytes())
    return found.hexdigest()


@pytest.mark.parametrize("modality", MODALITIES)
def test_one_two_or_many_threads_and_another_process_agree(modality, monkeypatch):
    found = set()
    for threads in (1, 2, 5):
        monkeypatch.setattr(applying, "_THREADS", threads)
        found.add(digest(modality))
    asked = f"t.digest(t.Modality({modality.value!r}))"
    child = f"import sys; sys.path[:0] = {sys.path!r}; import test_anywhere as t; print({asked})"
    done = subprocess.run([sys.executable, "-c", child], check=True, capture_output=True, text=True)
    found.add(done.stdout.strip())
    assert len(found) == 1


def test_normal_numbers_are_normal():
    from scipy import stats

    from dataimp_gui.core.augment.draws import Draw

    drawn = Draw("test").normal((300, 700)).astype(np.float64)
    assert drawn.shape == (300, 700)
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.std() - 1) < 0.01
    assert stats.kstest(drawn.ravel()[:20_000], "norm").pvalue > 0.001
    assert abs(stats.kurtosis(drawn, axis=None)) < 0.06
    assert 3.5 < np.abs(drawn).max() < 4.5
    assert Draw("test").normal(0).shape == (0,)
