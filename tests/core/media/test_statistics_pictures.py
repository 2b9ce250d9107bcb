"""What is known of made pictures must come out: noise that was added, blur, borders, quality, colours."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from dataimp_gui.core.media import signature
from dataimp_gui.core.media.files import MediaError
from dataimp_gui.core.media.statistics import STATISTICS, measure
from dataimp_gui.core.model import Modality

NAMES = [one.name for one in STATISTICS[Modality.IMAGE]]


def encoded(pixels, form="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(file, form, **options)
    return file.getvalue()


def measured(pixels, form="PNG", **options):
    return measure(encoded(pixels, form, **options), Modality.IMAGE)


def scene(height=96, width=128, seed=0):
    """Shapes with sharp edges on soft light, as photographs have; between 40 and 215, so that nothing clips."""
    rng = np.random.default_rng(seed)
    yy, xx = np.mgrid[0:height, 0:width]
    light = 110 + 30 * np.sin(xx / 40 + seed) + 20 * np.cos(yy / 30)
    picture = np.repeat(light[:, :, None], 3, axis=2)
    for _ in range(12):
        x, y, radius = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(6, 22)
        inside = (xx - x) ** 2 + (yy - y) ** 2 < radius**2
        picture[inside] = rng.uniform(60, 200, 3)
    return np.rint(picture)


def noisy(pixels, sigma, seed=1):
    return np.clip(np.rint(pixels + np.random.default_rng(seed).normal(0, sigma, pixels.shape)), 0, 255)


def test_every_statistic_of_the_table_is_measured_and_no_other():
    assert list(measured(scene(), "JPEG", quality=80)) == [*NAMES, "signature"]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sigma", [2, 5, 10, 20])
def test_noise_that_was_added_is_estimated(sigma, seed):
    assert measured(noisy(scene(seed=seed), sigma))["noise"] == pytest.approx(sigma, rel=0.1, abs=0.3)


def test_edges_and_slopes_are_not_taken_for_noise():
    assert measured(scene())["noise"] < 1
    assert measured(np.repeat(np.tile(np.arange(0, 240, 2), (50, 1))[:, :, None], 3, axis=2))["noise"] == 0


def test_black_and_white_around_a_noisy_picture_do_not_hide_its_noise():
    framed = np.zeros((200, 200, 3))
    framed[:, 100:] = 255
    framed[60:140, 60:140] = noisy(np.full((80, 80, 3), 128), 10)
    assert measured(framed)["noise"] == pytest.approx(10, rel=0.1)
    assert np.isnan(measured(np.where(framed > 128, 255, 0))["noise"])


@pytest.mark.parametrize("seed", range(4))
def test_each_step_of_blur_lowers_sharpness(seed):
    sharp = scene(seed=seed)
    steps = [sharp, *(cv2.GaussianBlur(sharp, (0, 0), sigma) for sigma in (0.5, 1, 2, 4))]
    values = [measured(step)["sharpness"] for step in steps]
    assert values == sorted(values, reverse=True)
    assert values[0] > 2 * values[2] > 8 * values[4]


def test_neither_noise_nor_contrast_passes_for_sharpness():
    sharp, soft = scene(), cv2.GaussianBlur(scene(), (0, 0), 2)
    plain = measured(soft)["sharpness"]
    assert measured(noisy(soft, 5))["sharpness"] < plain + 0.1 < measured(sharp)["sharpness"]
    weak = measured(128 + (sharp - 128) * 0.5)
    assert weak["sharpness"] == pytest.approx(measured(sharp)["sharpness"], rel=0.05)
    assert weak["contrast"] == pytest.approx(measured(sharp)["contrast"] / 2, rel=0.02)


def test_blur_that_shows_at_the_size_of_a_screen_counts_in_a_large_photo():
    large = cv2.resize(scene(), (1536, 1152), interpolation=cv2.INTER_NEAREST)
    found = [measured(cv2.GaussianBlur(large, (0, 0), s) if s else large, "JPEG")["sharpness"] for s in (0, 0.5, 5, 12)]
    assert found == sorted(found, reverse=True)
    assert found[1] > 0.7 * found[0]  # a sixth of a pixel of what is measured
    assert found[3] < found[0] / 8


def test_tones_are_those_of_the_definition():
    half = np.zeros((40, 60, 3))
    half[:, 30:] = 255
    found = measured(half)
    assert found["brightness"] == pytest.approx(0.5)
    assert found["contrast"] == pytest.approx(0.5)
    assert found["entropy"] == pytest.approx(1.0)
    levels = measured(np.repeat(np.arange(256).reshape(16, 16)[:, :, None], 3, axis=2))
    assert levels["entropy"] == pytest.approx(8.0)
    assert levels["brightness"] == pytest.approx(0.5)
    assert measured(np.full((9, 9, 3), (255, 0, 0)))["brightness"] == pytest.approx(0.299, abs=0.002)


def test_colours_are_those_of_the_definition():
    pixels = np.random.default_rng(3).integers(0, 256, (64, 64, 3))
    red, green, blue = np.moveaxis(pixels.astype(float), 2, 0)
    rg, yb = red - green, (red + green) / 2 - blue
    expected = np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean())
    found = measured(pixels)
    assert found["colourfulness"] == pytest.approx(expected, rel=1e-4)
    largest = pixels.max(axis=2)
    saturation = np.where(largest > 0, (largest - pixels.min(axis=2)) / np.maximum(largest, 1), 0).mean()
    assert found["saturation"] == pytest.approx(saturation, rel=1e-4)
    assert measured(np.full((9, 9, 3), (200, 0, 0)))["saturation"] == 1.0
    assert measured(np.full((9, 9, 3), (200, 0, 0)))["colourfulness"] == pytest.approx(0.3 * np.hypot(200, 100))


def test_a_grey_file_a_palette_and_transparency_are_measured_as_they_are_shown():
    grey = np.rint(scene()[:, :, 1])
    found = measure(encoded(grey), Modality.IMAGE)
    assert (found["saturation"], found["colourfulness"]) == (0, 0)
    assert found["contrast"] == measured(np.repeat(grey[:, :, None], 3, axis=2))["contrast"]
    clear = measured(np.dstack([scene(), np.zeros(scene().shape[:2])]))
    assert clear["brightness"] == pytest.approx(128 / 255)
    assert clear["contrast"] == 0


def test_the_share_of_a_plain_border_is_found_on_any_side():
    framed = np.full((112, 192, 3), 7.0)
    framed[16:96, 48:] = noisy(np.full((80, 144, 3), 128), 20)
    expected = 1 - 80 * 144 / (112 * 192)
    assert measured(framed)["border"] == pytest.approx(expected, abs=0.02)
    assert measured(framed, "JPEG", quality=75, subsampling=0)["border"] == pytest.approx(expected, abs=0.02)
    assert measured(noisy(scene(), 5))["border"] == 0
    assert measured(np.full((30, 30, 3), 90))["border"] == 1


@pytest.mark.parametrize("quality", [1, 10, 35, 50, 75, 90, 95, 100])
def test_the_quality_of_a_jpeg_is_read_from_its_tables(quality):
    assert measured(scene(), "JPEG", quality=quality)["jpeg_quality"] == quality


def test_other_tables_are_named_by_the_nearest_quality_and_other_formats_have_none():
    table = Image.open(io.BytesIO(encoded(scene(), "JPEG", quality=60))).quantization[0]
    own = encoded(scene(), "JPEG", qtables=[[step + (place % 2) for place, step in enumerate(table)]] * 2)
    assert 57 <= measure(own, Modality.IMAGE)["jpeg_quality"] <= 61
    assert np.isnan(measured(scene(), "PNG")["jpeg_quality"])
    assert np.isnan(measured(scene(), "WEBP")["jpeg_quality"])


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 9), (2, 2), (9, 2), (3, 3)])
def test_the_smallest_pictures_are_measured_as_far_as_they_can_be(height, width):
    found = measured(np.full((height, width, 3), 120))
    assert (found["width"], found["height"], found["aspect"]) == (width, height, pytest.approx(width / height))
    assert found["brightness"] == pytest.approx(120 / 255)
    assert (found["contrast"], found["entropy"], found["colourfulness"], found["border"]) == (0, 0, 0, 1)
    assert np.isnan(found["sharpness"]) == (min(height, width) < 3)
    assert np.isnan(found["noise"])
    assert found["signature"] is None


def test_a_large_file_keeps_its_true_size_also_when_it_is_turned():
    pixels = cv2.resize(scene(), (2400, 1800))
    found = measured(pixels, "JPEG")
    assert (found["width"], found["height"]) == (2400, 1800)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter
    turned = measured(pixels, "JPEG", exif=exif)
    assert (turned["width"], turned["height"]) == (1800, 2400)
    assert turned["aspect"] == pytest.approx(0.75)
    assert (measured(pixels)["width"], measured(pixels)["height"]) == (2400, 1800)


def test_size_and_format_change_the_tones_little():
    small, large = measured(scene()), measured(cv2.resize(scene(), (1280, 960)), "JPEG", quality=95)
    for name, tolerance in (("brightness", 0.01), ("contrast", 0.01), ("saturation", 0.02), ("colourfulness", 1.5)):
        assert large[name] == pytest.approx(small[name], abs=tolerance)


def test_the_signature_is_that_of_the_same_pixels():
    assert measured(scene())["signature"] == signature.picture(scene().astype(np.uint8))


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "empty"), (b"hello", "plain text"), (encoded(scene())[:900], "early")]
)
def test_what_is_no_picture_is_refused_with_a_reason(data, words):
    with pytest.raises(MediaError, match=words):
        measure(data, Modality.IMAGE)
