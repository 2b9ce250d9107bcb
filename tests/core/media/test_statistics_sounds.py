"""What is known of made sounds must come out: their loudness by the book, added noise, clipped tops, silence."""

import io

import numpy as np
import pytest
import soundfile

from dataimp_gui.core.media import signature
from dataimp_gui.core.media.files import MediaError
from dataimp_gui.core.media.statistics import STATISTICS, measure
from dataimp_gui.core.model import Modality


def encoded(samples, rate, **options):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=options.pop("format", "WAV"), **options)
    return file.getvalue()


def measured(samples, rate, **options):
    return measure(encoded(samples, rate, **options), Modality.AUDIO)


def sine(seconds, rate, dbfs=0.0, hertz=1000.0, channels=1):
    one = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return np.repeat(one[:, None], channels, axis=1)


def speech(seconds=4.0, rate=16_000, seed=0):
    """Voiced bursts with pauses of nothing between them."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(130 * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * t + rng.uniform(0, 6)))) / rate
    voice = sum(np.sin(k * phase) / k for k in range(1, 20))
    return 0.1 * voice * np.clip(np.sin(2 * np.pi * 1.3 * t + rng.uniform(0, 6)), 0, 1)


def with_noise(samples, snr_db, seed=1):
    noise = np.random.default_rng(seed).normal(0, 1, len(samples))
    return samples + noise * np.sqrt(np.mean(samples**2) / np.mean(noise**2)) * 10 ** (-snr_db / 20)


def test_every_statistic_of_the_table_is_measured_and_no_other():
    found = measured(speech(), 16_000)
    assert list(found) == [*(one.name for one in STATISTICS[Modality.AUDIO]), "signature"]
    assert (found["duration"], found["sample_rate"], found["channels"]) == (4.0, 16_000, 1)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_a_stereo_sine_of_1_khz_at_minus_23_dbfs_has_minus_23_lufs_at_any_rate(rate):
    """Case 1 of EBU Tech 3341, to its tolerance of 0.1 LU."""
    found = measured(sine(5, rate, -23, channels=2), rate)
    assert found["loudness"] == pytest.approx(-23, abs=0.1)
    assert found["peak"] == pytest.approx(-23, abs=0.05)


@pytest.mark.parametrize(
    ("levels", "channels", "lufs"),
    [
        ([(-36, 10), (-23, 20), (-36, 10)], 2, -23.0),  # case 3, its middle shortened: the relative gate
        ([(-72, 10), (-36, 10), (-23, 20), (-36, 10), (-72, 10)], 2, -23.0),  # case 4: the absolute gate too
        ([(-26, 20), (-20, 20.1), (-26, 20)], 2, -23.0),  # case 5
        ([(-20, 5)], 1, -23.0),  # one channel has half the power of two
    ],
)
def test_the_gates_are_those_of_the_standard(levels, channels, lufs):
    samples = np.concatenate([sine(seconds, 16_000, dbfs, channels=channels) for dbfs, seconds in levels])
    assert measured(samples, 16_000, subtype="FLOAT")["loudness"] == pytest.approx(lufs, abs=0.1)


def test_surround_channels_weigh_as_the_standard_says():
    quiet = np.zeros(48_000)
    front = measured(np.stack([sine(1, 48_000, -20)[:, 0], *[quiet] * 5], axis=1), 48_000)["loudness"]
    bass = measured(np.stack([*[quiet] * 3, sine(1, 48_000, -20)[:, 0], *[quiet] * 2], axis=1), 48_000)["loudness"]
    side = measured(np.stack([*[quiet] * 4, sine(1, 48_000, -20)[:, 0], quiet], axis=1), 48_000)["loudness"]
    assert side - front == pytest.approx(1.5, abs=0.02)
    assert np.isnan(bass)


def test_low_tones_are_less_loud_than_high_ones():
    low, middle, high = (measured(sine(2, 48_000, -20, hertz), 48_000)["loudness"] for hertz in (40, 1000, 5000))
    assert low < middle - 3 < high - 5


@pytest.mark.parametrize("snr", [0.5, 5, 10, 20, 30])
@pytest.mark.parametrize("seed", range(3))
def test_noise_that_was_added_to_speech_is_estimated(snr, seed):
    found = measured(with_noise(speech(seed=seed), snr, seed), 16_000, subtype="FLOAT")
    assert found["snr"] == pytest.approx(snr, abs=1)


def test_where_nothing_changes_no_noise_can_be_told():
    assert np.isnan(measured(sine(2, 16_000, -20), 16_000)["snr"])
    assert np.isnan(measured(np.random.default_rng(0).normal(0, 0.1, 32_000), 16_000)["snr"])
    assert measured(speech(), 16_000, subtype="FLOAT")["snr"] == 100


def test_flat_tops_are_clipping_and_a_loud_sine_is_not():
    loud = np.clip(2 * sine(1, 8_000, hertz=200)[:, 0], -1, 1)
    assert measured(loud, 8_000)["clipping"] == pytest.approx(2 / 3, abs=0.03)  # where |sin| is above a half
    assert measured(loud, 8_000, subtype="PCM_U8")["clipping"] == pytest.approx(2 / 3, abs=0.03)
    assert measured(sine(1, 8_000, hertz=200), 8_000)["clipping"] == 0
    one_side = np.stack([loud, np.zeros(8_000)], axis=1)
    assert measured(one_side, 8_000)["clipping"] == pytest.approx(1 / 3, abs=0.02)


def test_the_share_of_silence_is_found():
    samples = np.concatenate([sine(1, 8_000, -20), np.zeros((3 * 8_000, 1))])
    assert measured(samples, 8_000)["silence"] == pytest.approx(0.75, abs=0.01)
    assert measured(sine(1, 8_000, -20), 8_000)["silence"] == 0
    assert measured(sine(1, 8_000, -70), 8_000, subtype="FLOAT")["silence"] == 1


def test_bandwidth_tells_a_sound_that_was_once_sampled_at_a_lower_rate():
    from scipy import signal

    noise = np.random.default_rng(2).normal(0, 0.1, 16_000)
    assert measured(noise, 8_000)["bandwidth"] == pytest.approx(4_000, abs=50)
    assert 3_900 < measured(signal.resample_poly(noise, 4, 1), 32_000)["bandwidth"] < 5_500  # half the rate is 16 kHz


def test_silence_has_no_level_but_a_length():
    found = measured(np.zeros(8_000), 8_000)
    assert (found["duration"], found["silence"], found["clipping"], found["signature"]) == (1.0, 1.0, 0.0, None)
    assert all(np.isnan(found[name]) for name in ("loudness", "peak", "snr", "bandwidth"))


@pytest.mark.parametrize("count", [1, 2, 5, 100])
def test_the_shortest_clips_are_measured_as_far_as_they_can_be(count):
    found = measured(np.full(count, 0.5), 8_000)
    assert found["duration"] == pytest.approx(count / 8_000)
    assert found["peak"] == pytest.approx(-6.02, abs=0.01)
    assert found["silence"] == 0
    assert np.isfinite(found["loudness"])
    assert np.isnan(found["snr"])
    assert found["signature"] is None


def test_a_rate_below_the_filters_leaves_the_loudness_open():
    found = measured(sine(2, 2_000, -20, 300), 2_000)
    assert np.isnan(found["loudness"])
    assert found["peak"] == pytest.approx(-20, abs=0.05)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "FLOAT"])
def test_the_encoding_changes_nothing_that_can_be_heard(subtype):
    found = measured(speech(), 16_000, subtype=subtype)
    plain = measured(speech(), 16_000, subtype="FLOAT")
    assert found["loudness"] == pytest.approx(plain["loudness"], abs=0.1)
    assert found["peak"] == pytest.approx(plain["peak"], abs=0.2)


def test_a_sound_of_many_blocks_is_one_sound():
    """Loudness, power and spectrum run on across the blocks in which a file is read."""
    minute = np.tile(speech(), 20)
    whole, part = measured(minute, 16_000), measured(speech(), 16_000)
    for name, tolerance in (("loudness", 0.4), ("silence", 0.01), ("bandwidth", 200), ("peak", 0.01)):
        assert whole[name] == pytest.approx(part[name], abs=tolerance)


def test_the_signature_is_that_of_the_same_samples():
    samples = speech().astype(np.float32)
    found = measured(samples, 16_000, subtype="FLOAT")["signature"]
    assert found == signature.sound(samples[:, None], 16_000)


def test_samples_that_are_no_numbers_are_refused():
    broken = speech()
    broken[100] = np.nan
    with pytest.raises(MediaError, match="no numbers"):
        measured(broken, 16_000, subtype="FLOAT")
