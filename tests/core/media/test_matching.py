"""Two pictures of one view are told from two of unlike things, point by point."""

import cv2
import numpy as np
import pytest

from dataimp_gui.core.media import matching


def photo(seed, height=180, width=240):
    generator = np.random.default_rng(seed)
    shown = np.full((height, width, 3), 128, np.uint8)
    for _ in range(120):
        place = (int(generator.integers(0, width)), int(generator.integers(0, height)))
        axes = (int(generator.integers(3, 20)), int(generator.integers(3, 20)))
        colour = [int(value) for value in generator.integers(0, 256, 3)]
        cv2.ellipse(shown, place, axes, float(generator.integers(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)
    return shown


@pytest.mark.parametrize("part", [0.95, 0.9, 0.8])
def test_a_crop_is_found_in_its_picture(part):
    for seed in range(5):
        shown = photo(seed)
        cut = shown[round(180 * (1 - part)) :, : round(240 * part)]
        assert matching.share(shown, np.ascontiguousarray(cut)) > 0.4


def test_a_turned_picture_is_found():
    shown = photo(1)
    turned = cv2.warpAffine(shown, cv2.getRotationMatrix2D((120, 90), 8, 1.0), (240, 180))
    assert matching.share(shown, turned) > 0.3


def test_unlike_pictures_share_nothing():
    assert all(matching.share(photo(seed), photo(seed + 50)) < 0.1 for seed in range(10))


def test_pictures_without_points_or_of_few_pixels_tell_nothing():
    assert matching.share(photo(1), np.full((180, 240, 3), 99, np.uint8)) is None
    assert matching.share(photo(1, 28, 28), photo(1, 28, 28)) is None


def test_what_cannot_be_read_tells_nothing(tmp_path):
    file = tmp_path / "one.png"
    cv2.imwrite(str(file), photo(1))
    assert matching.compare([str(file), str(file)], {}) > 0.9
    assert matching.compare([str(file), str(tmp_path / "none.png")], {}) is None
    assert matching.compare([str(file), b"no picture"], {}) is None
