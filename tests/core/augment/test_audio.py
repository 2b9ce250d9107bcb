"""Sound operations do what their parameters say, measured: levels, bands, lengths; and odd sounds survive them."""

from importlib import import_module
from pkgutil import iter_modules

import numpy as np
import pytest
import soundfile

from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.loading import load_policy
from dataimp_gui.core.augment.operations import Keeps, operations
from dataimp_gui.core.augment.policy import Policy, Step, save
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality

OPERATIONS = {each.name: each for each in operations(Modality.AUDIO)}
CHANGE_LENGTH = {"speed", "tempo", "silence", "cut"}
RATE = 16_000


def did(op, sound, draw=0, **settings):
    """The sound after one step that draws from all there is, but for what is set."""
    ranges = {key: (float(value), float(value)) for key, value in settings.items() if not isinstance(value, str)}
    choices = {each.name: each.choices for each in OPERATIONS[op].parameters if each.choices}
    choices |= {key: (value,) for key, value in settings.items() if isinstance(value, str)}
    step = Step(op=op, ranges=ranges, choices=choices)
    applied = apply(Policy(name="one", modality=Modality.AUDIO, steps=(step,)), sound, "clip", draw)
    assert not applied.warnings
    return applied.value


def tone(hertz=440.0, seconds=1.0, rate=RATE, channels=1, height=0.3):
    wave = height * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return Sound(np.repeat(wave[:, None], channels, axis=1).astype(np.float32), rate)


def hiss(seconds=1.0, rate=RATE, channels=1, height=0.1, seed=0):
    shape = (round(seconds * rate), channels)
    return Sound((height * np.random.default_rng(seed).standard_normal(shape)).astype(np.float32), rate)


def decibels(part, whole):
    return 10 * np.log10(np.mean(np.square(part, dtype=float)) / np.mean(np.square(whole, dtype=float)))


def band(sound, low, high):
    """Energy between two frequencies, in decibels."""
    power = np.abs(np.fft.rfft(sound.samples[:, 0])) ** 2
    frequencies = np.fft.rfftfreq(len(sound.samples), 1 / sound.rate)
    return 10 * np.log10(power[(frequencies >= low) & (frequencies < high)].sum() + 1e-12)


def pitch(sound):
    wave = sound.samples[:, 0] * np.hanning(len(sound.samples))
    return np.abs(np.fft.rfft(wave)).argmax() * sound.rate / len(wave)


@pytest.mark.parametrize("kind", ["int16", "int32", "uint8", "float64"])
def test_training_code_may_hold_samples_as_it_likes(kind, tmp_path):
    save(
        Policy(name="louder", modality=Modality.AUDIO, steps=(Step("gain", ranges={"level": (-6, -6)}),)),
        tmp_path / "p",
    )
    augment = load_policy(tmp_path / "p")
    wave = tone(height=0.5).samples[:, 0]
    full = {"int16": 32768, "int32": 2.0**31, "uint8": 128, "float64": 1}[kind]
    held = (wave * full + 128 * (kind == "uint8")).astype(kind)
    made = augment((held, RATE), "clip", 0)
    assert made.rate == RATE
    assert made.samples.dtype == np.float32
    assert np.abs(made.samples[:, 0] - wave * 10 ** (-6 / 20)).max() < 1 / 100
    assert augment((held[:0], RATE), "clip", 0).samples.shape == (0, 1)


def test_there_are_at_least_fifteen_each_explained():
    assert len(OPERATIONS) >= 15
    for each in OPERATIONS.values():
        assert each.noise.endswith(".")
        assert each.title[0].isupper()


def test_no_two_operations_share_a_name():
    """The table would keep the last of them and say nothing."""
    names = []
    for modality in ("image", "audio", "text"):
        package = import_module(f"dataimp_gui.core.augment.{modality}")
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            names += [each.name for each in getattr(import_module(module.name), "OPERATIONS", ())]
    assert len(set(names)) == len(names)


def test_channels_of_a_class_that_names_a_side_are_not_swapped():
    sound = hiss(channels=2)
    policy = Policy(name="one", modality=Modality.AUDIO, steps=(Step(op="swapped_channels"),))
    assert np.array_equal(apply(policy, sound, "clip", 0, "turn_left").value.samples, sound.samples)
    assert not np.array_equal(apply(policy, sound, "clip", 0, "theft").value.samples, sound.samples)


@pytest.mark.parametrize("op", ["pitch", "speed"])
def test_the_pitch_stays_where_the_class_names_one(op):
    policy = Policy(name="one", modality=Modality.AUDIO, steps=(Step(op=op),))
    for label in ("A4", "note_C#3", "Female", "child voice"):
        assert not apply(policy, tone(), "clip", 0, label).steps
    for label in ("seven", "a 4", "humane", "B", ""):
        assert apply(policy, tone(), "clip", 0, label).steps


@pytest.mark.parametrize("op", OPERATIONS)
@pytest.mark.parametrize(
    "sound",
    [
        tone(),
        hiss(rate=44_100, channels=2, seconds=0.5),
        hiss(rate=96_000, seconds=0.3),
        hiss(rate=8000, seconds=0.05, channels=3),
        tone(seconds=1 / RATE),
        tone(height=0.0),
        Sound((np.round(tone().samples * 127) / 127).astype(np.float32), RATE),
        Sound(np.zeros((0, 1), np.float32), RATE),
    ],
    ids=["mono", "stereo", "96 kHz", "short, three channels", "one sample", "silence", "8 bit", "nothing"],
)
def test_rate_channels_depth_and_length_survive(op, sound):
    before = sound.samples.copy()
    for draw in range(3):
        made = did(op, sound, draw)
        assert made.rate == sound.rate
        assert made.samples.dtype == np.float32
        assert made.samples.shape[1] == sound.samples.shape[1]
        assert np.isfinite(made.samples).all()
        assert np.abs(made.samples).max(initial=0) <= max(1, np.abs(before).max(initial=0))
        if op not in CHANGE_LENGTH:
            assert len(made.samples) == len(sound.samples)
        assert len(made.samples) > 0 or not len(before)
    assert np.array_equal(before, sound.samples)


@pytest.mark.parametrize("op", OPERATIONS)
def test_the_same_draw_is_the_same_sound_and_another_one_is_not(op):
    sound = hiss(channels=2, seconds=0.4)
    first = did(op, sound, 1).samples
    assert np.array_equal(first, did(op, sound, 1).samples)
    fixed = {"polarity", "one_microphone", "swapped_channels"}
    if op not in fixed | {"background", "measured_room"}:
        assert any(not np.array_equal(first, did(op, sound, draw).samples) for draw in range(2, 12))


def test_operations_that_move_time_say_so():
    for op in CHANGE_LENGTH:
        assert OPERATIONS[op].keeps in (Keeps.MOVES, Keeps.MAY_DESTROY)


@pytest.mark.parametrize("level", [-20, -6, 3])
def test_gain_changes_the_level_by_what_it_says(level):
    assert decibels(did("gain", tone(), level=level).samples, tone().samples) == pytest.approx(level, abs=0.01)


def test_gain_stops_at_full_scale():
    assert np.abs(did("gain", tone(), level=30).samples).max() == 1


def test_the_peak_is_where_it_was_asked_for():
    assert np.abs(did("peak_level", hiss(), level=-6).samples).max() == pytest.approx(10 ** (-6 / 20), rel=1e-3)


@pytest.mark.parametrize("op", ["noise", "hum", "wind"])
@pytest.mark.parametrize("snr", [0, 10, 30])
def test_noise_lies_as_far_below_the_sound_as_it_says(op, snr):
    sound = tone(channels=2, height=0.1)
    noise = did(op, sound, snr=snr).samples - sound.samples
    assert decibels(sound.samples, noise) == pytest.approx(snr, abs=0.1)


def test_colours_of_noise_fall_as_their_names_say():
    sound = tone(seconds=4, height=0.1)
    slopes = {}
    for colour in ("white", "pink", "brown", "blue", "violet"):
        noise = Sound(did("noise", sound, snr=0, colour=colour).samples - sound.samples, RATE)
        slopes[colour] = (band(noise, 1000, 2000) - band(noise, 125, 250)) / 3  # an octave; each holds twice the width
    for colour, slope in (("white", 3), ("pink", 0), ("brown", -3), ("blue", 6), ("violet", 9)):
        assert slopes[colour] == pytest.approx(slope, abs=0.7)


def test_hum_sounds_at_the_mains_frequency():
    sound = hiss(seconds=2, height=0.01)
    made = did("hum", sound, snr=0, mains="60 Hz")
    assert pitch(Sound(made.samples - sound.samples, RATE)) == pytest.approx(60, abs=1)


def test_clicks_are_as_many_and_as_high_as_they_say():
    sound = tone(50, seconds=10, height=0.2)
    clicks = np.abs(did("clicks", sound, rate=3, level=0).samples - sound.samples)[:, 0]
    assert clicks.max() == pytest.approx(0.2, abs=0.03)
    starts = np.flatnonzero((clicks[1:] > 1e-6) & (clicks[:-1] <= 1e-6))
    assert len(starts) == pytest.approx(30, abs=4)


def test_background_comes_from_the_folder_at_its_level_and_rate(tmp_path):
    soundfile.write(tmp_path / "fan.wav", tone(3000, rate=44_100, channels=2, seconds=0.3).samples, 44_100)
    sound = tone(200)
    noise = did("background", sound, folder=str(tmp_path), snr=12).samples - sound.samples
    assert decibels(sound.samples, noise) == pytest.approx(12, abs=0.1)
    assert pitch(Sound(noise, RATE)) == pytest.approx(3000, rel=0.01)


def test_a_missing_or_empty_folder_is_named_and_the_sound_stays(tmp_path):
    for folder, reason in ((tmp_path / "gone", "no file or folder"), (tmp_path, "no sound in")):
        step = Step(op="background", choices={"folder": (str(folder),)})
        applied = apply(Policy(name="one", modality=Modality.AUDIO, steps=(step,)), tone(), "clip", 0)
        assert np.array_equal(applied.value.samples, tone().samples)
        assert reason in applied.warnings[0]


@pytest.mark.parametrize(("op", "where"), [("background", "folder"), ("measured_room", "responses")])
def test_a_recording_that_is_none_is_named_and_the_sound_stays(op, where, tmp_path):
    (tmp_path / "broken.wav").write_bytes(b"RIFF no sound at all")
    step = Step(op=op, choices={where: (str(tmp_path),)})
    applied = apply(Policy(name="one", modality=Modality.AUDIO, steps=(step,)), tone(), "clip", 0)
    assert np.array_equal(applied.value.samples, tone().samples)
    assert "broken.wav" in applied.warnings[0]


def test_backgrounds_are_drawn_from_all_recordings_of_a_folder_and_below(tmp_path):
    (tmp_path / "cafe").mkdir()
    for place, hertz in (("street.wav", 1000), ("cafe/morning.wav", 2000), ("cafe/noon.flac", 3000)):
        soundfile.write(tmp_path / place, tone(hertz, seconds=2).samples, RATE)
    (tmp_path / "notes.txt").write_text("no sound")
    sound = tone(200)
    heard = set()
    for draw in range(20):
        noise = did("background", sound, draw, folder=str(tmp_path), snr=0).samples - sound.samples
        heard.add(round(pitch(Sound(noise, RATE)), -2))
    assert heard == {1000, 2000, 3000}


def test_a_room_rings_on_as_long_as_it_says():
    clap = np.zeros((RATE, 1), np.float32)
    clap[100] = 0.9
    for seconds in (0.2, 0.6):
        tail = did("room", Sound(clap, RATE), reverberation=seconds, direct=0).samples[:, 0]
        falling = np.cumsum(tail[::-1].astype(float) ** 2)[::-1]
        level = 10 * np.log10(falling / falling[101] + 1e-12)  # Schroeder's backward integral, after the direct sound
        start, end = np.argmax(level < -10), np.argmax(level < -30)
        assert 3 * (end - start) / RATE == pytest.approx(seconds, rel=0.3)


def test_a_room_is_as_far_below_the_direct_sound_as_it_says():
    clap = np.zeros((2 * RATE, 1), np.float32)
    clap[100] = 0.9
    for direct in (0, 12):
        made = did("room", Sound(clap, RATE), reverberation=0.4, direct=direct).samples[:, 0].astype(float)
        assert 10 * np.log10(made[100] ** 2 / np.square(made[101:]).sum()) == pytest.approx(direct, abs=0.2)


def test_a_measured_room_repeats_what_was_recorded_there(tmp_path):
    response = np.zeros(4000, np.float32)
    response[50], response[50 + 1600] = 0.5, 0.25
    soundfile.write(tmp_path / "hall.wav", response, RATE, subtype="FLOAT")
    clap = np.zeros((RATE, 1), np.float32)
    clap[100] = 0.5
    made = did("measured_room", Sound(clap, RATE), responses=str(tmp_path / "hall.wav")).samples[:, 0]
    assert set(np.flatnonzero(np.abs(made) > 0.05)) == {100, 1700}
    assert made[1700] / made[100] == pytest.approx(0.5, rel=0.01)


def test_an_echo_comes_later_and_quieter():
    clap = np.zeros((RATE, 1), np.float32)
    clap[100] = 0.5
    made = did("echo", Sound(clap, RATE), delay=250, level=6).samples[:, 0]
    assert made[100 + RATE // 4] / made[100] == pytest.approx(0.501, abs=0.01)


def test_a_telephone_carries_speech_but_no_bass_and_no_treble():
    sound = hiss(seconds=2)
    for op in ("telephone_band", "phone_call"):
        made = did(op, sound, **({"line": "narrow (300–3,400 Hz)"} if op == "telephone_band" else {}))
        loss = [band(made, *edges) - band(sound, *edges) for edges in ((500, 3000), (20, 150), (4200, 7900))]
        assert abs(loss[0]) < 1.5
        assert max(loss[1:]) < -25


def test_muffled_and_thin_cut_at_their_frequency():
    sound = hiss(seconds=4)
    near = {"low": (950, 1050), "pass": (150, 250)}
    muffled = did("muffled", sound, cut=1000)
    assert band(muffled, *near["low"]) - band(sound, *near["low"]) == pytest.approx(-3, abs=0.5)
    assert band(muffled, *near["pass"]) - band(sound, *near["pass"]) == pytest.approx(0, abs=0.3)
    assert band(muffled, 3900, 4100) - band(sound, 3900, 4100) == pytest.approx(-24, abs=1.5)
    thin = did("thin", sound, cut=1000)
    assert band(thin, *near["low"]) - band(sound, *near["low"]) == pytest.approx(-3, abs=0.5)
    assert band(thin, *near["pass"]) - band(sound, *near["pass"]) < -30


def test_an_equaliser_lifts_its_range_alone():
    sound = hiss(seconds=4)
    made = did("equaliser", sound, centre=1000, width=1, height=9)
    assert band(made, 980, 1020) - band(sound, 980, 1020) == pytest.approx(9, abs=0.7)
    half = 1000 * 2**0.5  # half an octave away, half of the decibels
    assert band(made, half - 15, half + 15) - band(sound, half - 15, half + 15) == pytest.approx(4.5, abs=0.7)
    assert band(made, 4000, 8000) - band(sound, 4000, 8000) == pytest.approx(0, abs=0.3)


def test_clipping_cuts_the_share_it_says():
    made = np.abs(did("clipping", hiss(), share=10).samples)
    assert np.mean(made >= made.max() * 0.9999) == pytest.approx(0.1, abs=0.01)


def test_compression_brings_quiet_parts_nearer_to_loud_ones():
    loud, quiet = tone(height=0.8), tone(height=0.02)
    sound = Sound(np.concatenate([loud.samples, quiet.samples]), RATE)
    made = did("compression", sound, threshold=-30, ratio=4, attack=2, release=50).samples
    before = decibels(sound.samples[:RATE], sound.samples[RATE + 4000 :])
    after = decibels(made[2000:RATE], made[RATE + 4000 :])
    assert before - after == pytest.approx((30 - 1.9) * 0.75, abs=1.5)


def test_few_bits_leave_few_heights():
    assert len(np.unique(did("bit_depth", tone(height=0.99), bits=4).samples)) <= 16


@pytest.mark.parametrize("op", ["lossy", "adpcm", "phone_call"])
def test_coders_do_not_move_the_sound_in_time(op):
    rng = np.random.default_rng(3)
    spoken = np.convolve(rng.standard_normal(RATE) * (np.arange(RATE) % 4000 < 1500), np.hanning(21), "same")
    sound = Sound((0.2 * spoken / np.abs(spoken).max())[:, None].astype(np.float32), RATE)
    for draw in range(4):
        made = did(op, sound, draw).samples[:, 0]
        likeness = np.fft.irfft(np.fft.rfft(made, 2 * RATE) * np.conj(np.fft.rfft(sound.samples[:, 0], 2 * RATE)))
        assert abs((likeness.argmax() + RATE) % (2 * RATE) - RATE) <= 2


def test_a_low_rate_keeps_nothing_above_half_of_it():
    sound = hiss(seconds=2)
    made = did("low_rate", sound, rate=6000)
    assert band(made, 3200, 8000) - band(sound, 3200, 8000) < -40
    assert band(made, 100, 2500) - band(sound, 100, 2500) == pytest.approx(0, abs=0.2)


def test_speed_moves_length_and_pitch():
    made = did("speed", tone(440), factor=1.25)
    assert len(made.samples) == pytest.approx(RATE / 1.25, abs=2)
    assert pitch(made) == pytest.approx(550, rel=0.01)


def test_tempo_moves_the_length_alone():
    for factor in (0.8, 1.25):
        made = did("tempo", tone(440, seconds=2), factor=factor)
        assert len(made.samples) == pytest.approx(2 * RATE / factor, abs=2)
        assert pitch(made) == pytest.approx(440, rel=0.01)


def test_pitch_moves_the_pitch_alone():
    for semitones in (-3, 4):
        made = did("pitch", tone(440, seconds=2, channels=2), semitones=semitones)
        assert pitch(made) == pytest.approx(440 * 2 ** (semitones / 12), rel=0.01)
        assert decibels(made.samples, tone(440).samples) == pytest.approx(0, abs=0.3)


def test_a_shift_moves_and_fills_with_silence():
    sound = hiss()
    later = did("time_shift", sound, time=100).samples
    assert not later[:1600].any()
    assert np.array_equal(later[1600:], sound.samples[:-1600])
    earlier = did("time_shift", sound, time=-100).samples
    assert np.array_equal(earlier[:-1600], sound.samples[1600:])
    assert not did("time_shift", sound, time=5000).samples.any()


def test_silence_is_put_around_and_the_ends_are_cut():
    sound = hiss()
    made = did("silence", sound, before=100, after=50).samples
    assert np.array_equal(made[1600:-800], sound.samples)
    assert np.array_equal(did("cut", sound, start=10, end=5).samples, sound.samples[1600:-800])


def test_flutter_swings_around_the_pitch():
    made = did("flutter", tone(1000, seconds=2), depth=2, rate=4).samples[:, 0]
    turns = np.flatnonzero(np.diff(np.signbit(made)))
    periods = np.convolve(np.diff(turns), np.ones(20) / 20, "valid") * 2
    assert RATE / periods.min() == pytest.approx(1020, abs=6)
    assert RATE / periods.max() == pytest.approx(980, abs=6)


def test_drop_outs_lose_the_share_of_packets_they_say():
    made = did("dropouts", hiss(seconds=10), share=20, length=20, filled="silence").samples
    lost = np.mean(~made.reshape(-1, 320).any(axis=1))
    assert lost == pytest.approx(0.2, abs=0.05)


def test_a_gap_is_as_long_as_it_says():
    assert np.mean(did("gap", hiss(), share=10).samples == 0) == pytest.approx(0.1, abs=0.01)


def test_channels_are_swapped_joined_or_lost():
    sound = hiss(channels=2)
    assert np.array_equal(did("swapped_channels", sound).samples, sound.samples[:, ::-1])
    joined = did("one_microphone", sound).samples
    assert np.array_equal(joined[:, 0], joined[:, 1])
    assert sorted(did("dead_channel", sound).samples.any(axis=0)) == [False, True]
    assert np.array_equal(did("dead_channel", tone()).samples, tone().samples)
    assert np.array_equal(did("polarity", sound).samples, -sound.samples)
