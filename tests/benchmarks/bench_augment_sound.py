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
rate, times = int(sys.argv[2]), {}
sound = clip(rate)
everything = policies(sys.argv[3])
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
order = sorted(policies(sys.argv[3]).items(), reverse=sys.argv[2] == "backwards")
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
from dataimp_gui.core.augment.values import Sound
sound = clip(16_000)
samples = np.ascontiguousarray(sound.samples[:, 0])
def apart(theirs, ours):
    theirs = theirs(samples, 16_000)
    return float(np.abs(theirs - ours[:, 0]).max() / np.abs(theirs).max())
def level(filtered):
    spectrum = np.abs(np.fft.rfft(filtered))
    bands = [spectrum[start : start + 2000].sum() for start in range(1000, 70_000, 2000)]
    return 20 * np.log10(np.array(bands))
def bands_apart(theirs, ours):
    return float(np.abs(level(theirs(hiss, 16_000)) - level(ours[:, 0])).max())
def below(made):
    return float(20 * np.log10(np.std(samples) / np.std(made - samples)))
def height(made):
    return float(np.abs(np.fft.rfft(made * np.hanning(len(made)))).argmax() / len(made) * 16_000)
hiss = (0.1 * np.random.default_rng(1).standard_normal(160_000)).astype(np.float32)
noisy = Sound(hiss[:, None], 16_000)
tone = (0.3 * np.sin(np.arange(160_000) * 2 * np.pi * 440 / 16_000)).astype(np.float32)
pure = Sound(tone[:, None], 16_000)
print(json.dumps({
    "gain, share of the peak": (apart(peer.Gain(-7, -7, p=1), one("gain", sound, level=-7)), 0.001),
    "polarity, share of the peak": (apart(peer.PolarityInversion(p=1), one("polarity", sound)), 0.001),
    "peak_level, share of the peak": (apart(peer.Normalize(p=1), one("peak_level", sound, level=0)), 0.001),
    "time_shift, share of the peak": (apart(
        peer.Shift(0.1, 0.1, "seconds", rollover=False, fade_duration=0, p=1), one("time_shift", sound, time=100)
    ), 0.001),
    "equaliser, dB in any band": (
        bands_apart(
            peer.PeakingFilter(1000, 1000, 9, 9, 1.4, 1.4, p=1),
            one("equaliser", noisy, centre=1000, width=1, height=9),
        ),
        1.5,
    ),
    "noise, dB": (abs(
        below(peer.AddGaussianSNR(12, 12, p=1)(samples, 16_000)) - below(one("noise", sound, snr=12)[:, 0])
    ), 0.1),
    "pitch, Hz of 523.25": (abs(
        height(peer.PitchShift(3, 3, p=1)(tone, 16_000)) - height(one("pitch", pure, semitones=3)[:, 0])
    ), 2.0),  # theirs is 1.35 too high, ours within 0.1
    "tempo, frames": (abs(
        len(peer.TimeStretch(1.25, 1.25, leave_length_unchanged=False, p=1)(tone, 16_000))
        - len(one("tempo", pure, factor=1.25))
    ), 160),
}))
"""


def run(table: Table, folder: Path) -> None:
    recordings(folder)
    for rate in RATES:
        times = _told(TIMED, str(rate), str(folder))
        first = {name: taken[0] for name, taken in times.items()}
        late = {name: float(np.quantile(taken[1:], 0.95)) for name, taken in times.items()}
        for what, figures in (("first", first), ("95th percentile", late)):
            slowest = sorted(figures, key=figures.__getitem__, reverse=True)[:5]
            note = ", ".join(f"{name} {1000 * figures[name]:.0f}" for name in slowest)
            name = f"sound: slowest step of {len(figures)}, {SECONDS} s at {rate / 1000:g} kHz, {what}"
            table.add(name, 1000 * figures[slowest[0]], 200, "ms", note)
    there, back = _told(FROZEN, "forwards", str(folder)), _told(FROZEN, "backwards", str(folder))
    changed = [name for name, digest in there.items() if back[name] != digest]
    table.add(
        f"sound: of {len(there)} steps changed in another process and order", len(changed), 0.5, "", ", ".join(changed)
    )
    if find_spec("audiomentations"):
        times = _told(PEER, "16000")
        print("audiomentations, first time in ms:", {name: round(1000 * taken[0]) for name, taken in times.items()})
        for name, (distance, limit) in _told(ALIKE).items():
            table.add(f"sound: apart from audiomentations: {name}", distance, limit, "")
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


def recordings(folder: Path) -> None:
    """A minute of a café (well, of noise) in stereo, and the impulse response of a hall."""
    import soundfile

    rng = np.random.default_rng(7)
    soundfile.write(folder / "place.flac", 0.05 * rng.standard_normal((60 * 48_000, 2)), 48_000)
    hall = rng.standard_normal(2 * 48_000) * np.exp(-np.arange(2 * 48_000) / 9600)
    soundfile.write(folder / "hall.wav", hall / np.abs(hall).max(), 48_000)


def policies(folder: str):
    """A policy of each operation alone, over all that it can draw; recordings are from the folder."""
    from dataimp_gui.core.augment.operations import operations
    from dataimp_gui.core.augment.policy import Policy, Step
    from dataimp_gui.core.model import Modality

    made = {}
    for each in operations(Modality.AUDIO):
        choices = {parameter.name: parameter.choices for parameter in each.parameters if parameter.choices}
        choices |= {"folder": (f"{folder}/place.flac",)} if each.name == "background" else {}
        choices |= {"responses": (f"{folder}/hall.wav",)} if each.name == "measured_room" else {}
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
