"""Pictures and sounds come back from what is made of them as they were: depth, alpha, channels, which way is up."""

import io

import numpy as np
import pytest
import soundfile
from PIL import Image

from dataimp_gui.core.media import image, lossless
from dataimp_gui.core.media.files import MediaError

RNG = np.random.default_rng(3)
GREY = RNG.integers(0, 256, (7, 9), np.uint8)
RGB = RNG.integers(0, 256, (7, 9, 3), np.uint8)


def saved(picture, format_, **options):
    file = io.BytesIO()
    picture.save(file, format_, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (lambda: saved(Image.fromarray(GREY), "PNG"), GREY),
        (lambda: saved(Image.fromarray(RGB), "PNG"), RGB),
        (lambda: saved(Image.fromarray(RGB), "BMP"), RGB),
        (lambda: saved(Image.fromarray(RGB), "WEBP", lossless=True), RGB),
        (lambda: saved(Image.fromarray(np.dstack([RGB, GREY]), "RGBA"), "PNG"), np.dstack([RGB, GREY])),
        (lambda: saved(Image.fromarray(np.dstack([GREY, GREY]), "LA"), "PNG"), np.dstack([GREY, GREY])),
        (lambda: saved(Image.fromarray(GREY.astype(np.uint16) * 200), "PNG"), GREY.astype(np.uint16) * 200),
        (lambda: saved(Image.fromarray(GREY.astype(np.uint16) * 200), "TIFF"), GREY.astype(np.uint16) * 200),
        (lambda: lossless.picture_bytes(RGB.astype(np.uint16) * 200), RGB.astype(np.uint16) * 200),
        (lambda: saved(Image.fromarray(GREY > 99), "PNG"), ((GREY > 99) * 255).astype(np.uint8)),
        (lambda: saved(Image.fromarray(GREY / np.float32(255)), "TIFF"), GREY / np.float32(255)),
    ],
)
def test_a_picture_keeps_depth_and_channels_and_survives_being_written(made, wanted):
    found = lossless.picture(made())
    assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
    assert np.array_equal(found, wanted)
    again = lossless.picture(lossless.picture_bytes(found))
    assert again.dtype == wanted.dtype
    assert np.array_equal(again, wanted)


def test_a_palette_becomes_its_colours_with_its_transparency():
    drawn = Image.fromarray(RGB).quantize(16)
    assert np.array_equal(lossless.picture(saved(drawn, "PNG")), np.array(drawn.convert("RGB")))
    assert lossless.picture(saved(drawn, "PNG", transparency=3)).shape == (7, 9, 4)


def test_what_has_no_channels_of_its_own_is_what_is_shown():
    cmyk = saved(Image.fromarray(RGB).convert("CMYK"), "JPEG", quality=95)
    assert np.array_equal(lossless.picture(cmyk), image.decode(cmyk))
    wide = saved(Image.fromarray(GREY.astype(np.float32) * 1000), "TIFF")
    assert np.array_equal(lossless.picture(wide), image.decode(wide))
    assert lossless.picture(saved(Image.fromarray(RGB), "JPEG")).shape == (7, 9, 3)
    assert lossless.picture(saved(Image.fromarray(GREY), "JPEG")).shape == (7, 9)


def test_a_photograph_is_turned_as_it_says():
    exif = Image.Exif()
    exif[0x0112] = 6
    for picture in (RGB, GREY):
        data = saved(Image.fromarray(picture), "JPEG", exif=exif.tobytes())
        assert lossless.picture(data).shape[:2] == (9, 7)


def test_what_is_damaged_is_said():
    whole = saved(Image.fromarray(GREY), "PNG")
    for data in (b"no picture", whole[:40], b""):
        with pytest.raises(MediaError):
            lossless.picture(data)
    with pytest.raises(MediaError):
        lossless.sound(b"no sound")


@pytest.mark.parametrize(("subtype", "bits"), [("PCM_16", 16), ("PCM_24", 24), ("FLOAT", 24), ("PCM_U8", 16)])
def test_a_sound_keeps_channels_rate_and_what_its_bits_hold(subtype, bits):
    samples = (RNG.integers(-100, 100, (500, 2)) / 128).astype(np.float32)
    file = io.BytesIO()
    soundfile.write(file, samples, 44_100, format="WAV", subtype=subtype)
    found, rate, held = lossless.sound(file.getvalue())
    assert (rate, held, found.shape) == (44_100, bits, (500, 2))
    again, rate, _ = lossless.sound(lossless.sound_bytes(found, rate, held))
    assert rate == 44_100
    assert np.abs(again - samples).max() < 2.0 ** (1 - bits)


def test_a_sound_of_many_channels_is_kept_as_floats():
    samples = RNG.uniform(-1, 1, (50, 12)).astype(np.float32)
    found, _, _ = lossless.sound(lossless.sound_bytes(samples, 8000))
    assert np.array_equal(found, samples)
