"""Signatures of alike media differ in few bits, those of unlike ones in many, and what shows nothing has none."""

import cv2
import numpy as np
import pytest

from dataimp_gui.core.media import signature


def photo(seed):
    generator = np.random.default_rng(seed)
    small = generator.integers(0, 256, (7, 9, 3)).astype(np.uint8)
    return cv2.resize(small, (320, 240), interpolation=cv2.INTER_CUBIC)


def speech(seed, rate=8000, seconds=1.2):
    """Twenty tones from low to high that swell by themselves: float32 (frames, 1)."""
    generator = np.random.default_rng(seed)
    at = np.arange(int(rate * seconds)) / rate
    sound = np.zeros_like(at)
    for pitch in np.geomspace(160, 3300, 20):
        swell = np.interp(at, np.linspace(0, seconds, 12), np.exp(generator.normal(0, 1.2, 12)))
        sound += swell * np.sin(2 * np.pi * pitch * at + generator.uniform(0, 6))
    return (0.1 * sound / np.abs(sound).max()).astype(np.float32)[:, None]


def bits(one, other):
    return (one ^ other).bit_count()


CHANGES = {
    "half the size": lambda shown: cv2.resize(shown, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
    "another aspect": lambda shown: cv2.resize(shown, (300, 300), interpolation=cv2.INTER_AREA),
    "strongly compressed": lambda shown: cv2.imdecode(
        cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, 20])[1], cv2.IMREAD_COLOR
    ),
    "darker": lambda shown: (shown * 0.6).astype(np.uint8),
    "grey": lambda shown: np.repeat(cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_picture_keeps_its_signature(change):
    for seed in range(20):
        one, other = signature.picture(photo(seed)), signature.picture(CHANGES[change](photo(seed)))
        assert bits(one, other) <= 5


def test_unlike_pictures_have_unlike_signatures():
    signatures = [signature.picture(photo(seed)) for seed in range(40)]
    apart = [bits(one, other) for at, one in enumerate(signatures) for other in signatures[:at]]
    assert min(apart) > 12
    assert 28 < np.mean(apart) < 36


def test_a_flat_picture_has_no_signature():
    flat = np.full((50, 60, 3), 120, np.uint8)
    assert signature.picture(flat) is None
    flat[25, 30] = 125
    assert signature.picture(flat) is None


def test_a_picture_of_one_pixel_has_no_signature():
    assert signature.picture(np.zeros((1, 1, 3), np.uint8)) is None


def test_a_signature_is_an_unsigned_number_of_64_bits():
    found = [signature.picture(photo(seed)) for seed in range(60)]
    assert all(0 <= each < 2**64 for each in found)
    assert max(found) >= 2**63


@pytest.mark.parametrize(
    "change",
    [
        lambda sound: 0.2 * sound,
        lambda sound: np.concatenate([np.zeros((3000, 1), np.float32), sound, np.zeros((2000, 1), np.float32)]),
        lambda sound: np.repeat(sound, 2, axis=1),
        lambda sound: sound + np.random.default_rng(9).normal(0, 0.001, sound.shape).astype(np.float32),
    ],
    ids=["quieter", "silence around it", "stereo", "some noise"],
)
def test_a_sound_keeps_its_signature(change):
    for seed in range(10):
        one, other = signature.sound(speech(seed), 8000), signature.sound(change(speech(seed)), 8000)
        assert bits(one, other) <= 9


def test_a_sound_keeps_its_signature_at_another_rate():
    from scipy.signal import resample_poly

    for seed in range(10):
        faster = resample_poly(speech(seed), 2, 1, axis=0).astype(np.float32)
        assert bits(signature.sound(speech(seed), 8000), signature.sound(faster, 16000)) <= 9


def test_unlike_sounds_have_unlike_signatures():
    signatures = [signature.sound(speech(seed), 8000) for seed in range(30)]
    apart = [bits(one, other) for at, one in enumerate(signatures) for other in signatures[:at]]
    assert min(apart) > 10
    assert 26 < np.mean(apart) < 38


@pytest.mark.parametrize("frames", [0, 1, 100])
def test_silence_and_a_click_have_no_signature(frames):
    assert signature.sound(np.zeros((8000, 1), np.float32), 8000) is None
    assert signature.sound(np.ones((frames, 1), np.float32), 8000) is None
