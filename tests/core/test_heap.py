"""Blocks that are freed and asked for again."""

import subprocess
import sys

import pytest

FAULTS = """
import resource
import numpy as np
from dataimp_gui.core.compute.heap import keep_freed_blocks

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    kept = [np.ones(3 << 20, np.uint8) for _ in range(20)]
    del kept
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults()
without = faults()
keep_freed_blocks()
faults()
print(without, faults())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it asks the C library of Linux")
def test_pictures_that_are_made_anew_do_not_wait_for_new_pages():
    said = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True).stdout
    without, kept = map(int, said.split())
    assert without > 10_000
    assert kept < without / 10
