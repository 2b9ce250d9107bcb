"""Sound operations: first and slow times on ten seconds; none changes when asked again; audiomentations beside them."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from table import Table

SECONDS = 10
RATES = (16_000, 44_100)
TIMED = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from bench_augment_sound import clip, policies
from dataimp_gui.core.augment.applying import apply
rate, times, made = int(sys.argv[2]), {}, {}
sound = clip(rate)
everything = policies()
for name, policy in everything.items():
    times[name] = []
    for draw in range(20):
        start = time.perf_counter()
        apply(policy, sound, "clip", draw)
        times[name].append(time.perf_counter() - start)
print(json.dumps(times))
"""
FROZEN = """
import hashlib, json, sys
sys.path.insert(0, sys.argv[1])
from bench_augment_sound import clip, policies
from dataimp_gui.core.augment.applying import apply
sound = clip(16_000, 2)
order = sorted(policies().items(), reverse=sys.argv[2] == "backwards")
def digest(policy):
    made = (apply(policy, sound, "clip", draw).value.samples.tobytes() for draw in range(10))
    return hashlib.sha256(b"".join(made)).hexdigest()
print(json.dumps({name: digest(policy) for name, policy in order}))
"""
PEER = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
start = time.perf_counter()
import audiomentations as peer
import numpy as np
from bench_augment_sound import clip
rate = int(sys.argv[2])
samples = np.ascontiguousarray(clip(rate).samples[:, 0])
times = {"(import)": [time.perf_counter() - start]}
names = "Gain AddGaussianSNR PitchShift TimeStretch Resample Shift LowPassFilter HighPassFilter PeakingFilter " \
    "ClippingDistortion BitCrush PolarityInversion TimeMask Normalize AddColorNoise"
for each in (getattr(peer, name)(p=1) for name in names.split()):
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        each(samples, rate)
        taken.append(time.perf_counter() - start)
    times[type(each).__name__] = taken
print(json.dumps(times))
"""
ALIKE = """
import json, sys, warnings
warnings.simplefilter("ignore")
sys.path.insert(0, sys.argv[1])
import audiomentations as peer
import numpy as np
from bench_augment_sound import clip, one
sound = clip(16_000)
samples = np.ascontiguousarray(sound.samples[:, 0])
def apart(theirs, ours):
    theirs = theirs(samples, 16_000)
    count = min(len(theirs), len(ours))
    return float(np.abs(theirs[:count] - ours[:count, 0]).max() / np.abs(theirs).max())
print(json.dumps({
    "gain": apart(peer.Gain(-7, -7, p=1), one("gain", sound, level=-7)),
    "polarity": apart(peer.PolarityInversion(p=1), one("polarity", sound)),
    "peak_level": apart(peer.Normalize(p=1), one("peak_level", sound, level=0)),
    "time_shift": apart(
        peer.Shift(0.1, 0.1, "seconds", rollover=False, fade_duration=0, p=1), one("time_shift", sound, time=100)
    ),
}))
"""


def run(table: Table, folder: Path) -> None:
    for rate in RATES:
        times = _told(TIMED, str(rate))
        first = {name: taken[0] for name, taken in times.items()}
        late = {name: float(np.quantile(taken[1:], 0.95)) for name, taken in times.items()}
        for what, figures in (("first", first), ("95th percentile", late)):
            slowest = sorted(figures, key=figures.__getitem__, reverse=True)[:5]
            note = ", ".join(f"{name} {1000 * figures[name]:.0f}" for name in slowest)
            name = f"sound: slowest step of {len(figures)}, {SECONDS} s at {rate / 1000:g} kHz, {what}"
            table.add(name, 1000 * figures[slowest[0]], 200, "ms", note)
    there, back = _told(FROZEN, "forwards"), _told(FROZEN, "backwards")
    changed = [name for name, digest in there.items() if back[name] != digest]
    table.add(
        f"sound: of {len(there)} steps changed in another process and order", len(changed), 0.5, "", ", ".join(changed)
    )
    if find_spec("audiomentations"):
        times = _told(PEER, "16000")
        print("audiomentations, first time in ms:", {name: round(1000 * taken[0]) for name, taken in times.items()})
        for name, distance in _told(ALIKE).items():
            table.add(f"sound: {name} apart from audiomentations, share of the peak", distance, 0.01, "")
    else:
        print("audiomentations is not installed: the comparison with it is left out")


def clip(rate: int, seconds: int = SECONDS):
    """Syllables of a voice with its overtones over faint noise, one channel."""
    from dataimp_gui.core.augment.values import Sound

    rng = np.random.default_rng(6)
    time = np.arange(seconds * rate) / rate
    pitch = 2 * np.pi * np.cumsum(140 + 30 * np.sin(2 * np.pi * 0.7 * time)) / rate
    voice = sum(np.sin(number * pitch) / number for number in range(1, 12)) * np.clip(
        np.sin(2 * np.pi * 3 * time), 0, 1
    )
    samples = 0.12 * voice + 0.003 * rng.standard_normal(len(time))
    return Sound(samples[:, None].astype(np.float32), rate)


def policies():
    """A policy of each operation alone, over all that it can draw."""
    from dataimp_gui.core.augment.operations import operations
    from dataimp_gui.core.augment.policy import Policy, Step
    from dataimp_gui.core.model import Modality

    made = {}
    for each in operations(Modality.AUDIO):
        choices = {parameter.name: parameter.choices for parameter in each.parameters if parameter.choices}
        made[each.name] = Policy(each.name, Modality.AUDIO, steps=(Step(each.name, choices=choices),))
    return made


def one(op: str, sound, **settings: float):
    from dataimp_gui.core.augment.applying import apply
    from dataimp_gui.core.augment.policy import Policy, Step
    from dataimp_gui.core.model import Modality

    step = Step(op, ranges={name: (value, value) for name, value in settings.items()})
    return apply(Policy(op, Modality.AUDIO, steps=(step,)), sound, "clip", 0).value.samples


def _told(code: str, *arguments: str) -> dict:
    """What Python code in a process of its own prints."""
    command = [sys.executable, "-c", code, str(Path(__file__).parent), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)
