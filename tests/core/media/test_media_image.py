import contextlib
import io
import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media import headers, image
from dataimp_gui.core.media.files import LIMITS, MediaError

GREY = image.BACKGROUND


def photo(width=60, height=40):
    """A smooth colour picture, different at every edge: (height, width, 3)."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 // width, y * 255 // height, (x + y) * 255 // (width + height)], axis=2).astype(np.uint8)


def encoded(picture, form, **options):
    file = io.BytesIO()
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(file, form, **options)
    return file.getvalue()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width, height):
    """A PNG header of any size with a few bytes behind it."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", ["PNG", "BMP", "TIFF", "WEBP", "PPM"])
def test_a_lossless_picture_comes_back_as_it_was(form):
    options = {"lossless": True} if form == "WEBP" else {}
    assert np.array_equal(image.decode(encoded(photo(), form, **options)), photo())


@pytest.mark.parametrize("form", ["JPEG", "AVIF", "GIF"])
def test_a_lossy_picture_comes_back_nearly_as_it_was(form):
    pixels = image.decode(encoded(photo(), form, quality=95))
    assert pixels.shape == (40, 60, 3)
    assert np.abs(pixels.astype(int) - photo()).mean() < 8


@pytest.mark.parametrize("mode", ["1", "L", "P"])
@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_grey_palette_and_two_tone_pictures_become_rgb(mode, form):
    made = Image.fromarray(photo()).convert(mode)
    assert np.array_equal(image.decode(encoded(made, form)), np.asarray(made.convert("RGB")))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_opencv_and_pillow_agree_bit_for_bit_where_both_can_read(form):
    data = encoded(photo(), form)
    assert headers.header(data, LIMITS).plain
    assert np.array_equal(image.decode(data), np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_exif_says(form, orientation):
    upright = photo()
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright),
        7: upright[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(upright, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 95} if form == "JPEG" else {"lossless": True} if form == "WEBP" else {}
    data = encoded(np.ascontiguousarray(stored), form, exif=exif, **options)
    pixels = image.decode(data)
    assert pixels.shape == upright.shape
    assert np.abs(pixels.astype(int) - upright).max() < 12
    assert image.thumbnail(data, 30).shape == (20, 30, 3)


def test_a_broken_exif_block_leaves_the_picture_as_it_is():
    data = encoded(photo(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff broken")
    assert image.decode(data).shape == (40, 60, 3)


def test_transparency_lies_on_mid_grey():
    alpha = np.dstack([photo(), np.where(np.arange(60) < 30, 0, 255)[None, :].repeat(40, 0).astype(np.uint8)])
    pixels = image.decode(encoded(alpha, "PNG"))
    assert (pixels[:, :30] == GREY).all()
    assert np.array_equal(pixels[:, 30:], photo()[:, 30:])


def test_a_transparent_palette_entry_and_a_transparent_colour_lie_on_mid_grey():
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.putpixel((0, 0), 1)
    pixels = image.decode(encoded(palette, "PNG", transparency=0))
    assert pixels[0, 0].tolist() == [0, 0, 255]
    assert pixels[1, 1].tolist() == [GREY] * 3
    colour = Image.new("RGB", (4, 4), (255, 0, 0))
    assert (image.decode(encoded(colour, "PNG", transparency=(255, 0, 0))) == GREY).all()


def test_grey_with_alpha_lies_on_mid_grey():
    pixels = image.decode(encoded(Image.new("LA", (3, 3), (255, 0)), "PNG"))
    assert (pixels == GREY).all()


def test_a_16_bit_png_uses_its_full_range():
    values = np.array([[0, 257, 32768, 65535]], np.uint16)
    assert image.decode(encoded(values, "PNG"))[0, :, 0].tolist() == [0, 1, 128, 255]


@pytest.mark.parametrize(("top", "expected"), [(255, 255), (1023, 255), (4095, 255), (2048, 128), (65535, 255)])
def test_a_16_bit_tiff_is_scaled_by_the_bits_it_uses(top, expected):
    values = np.array([[0, top // 2, top]], np.uint16)
    assert image.decode(encoded(values, "TIFF"))[0, 2].tolist() == [expected] * 3


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 100.0, 255.0], [0, 100, 255]),
        ([-1000.0, 0.0, 1000.0], [0, 128, 255]),
        ([float("nan"), 0.5, float("inf")], [0, 128, 0]),
        ([7000.0, 7000.0, 7000.0], [0, 0, 0]),
    ],
)
def test_a_float_tiff_is_scaled_by_its_range(values, expected):
    assert image.decode(encoded(np.array([values], np.float32), "TIFF"))[0, :, 0].tolist() == expected


def test_a_32_bit_tiff_with_negative_values_goes_from_its_minimum_to_its_maximum():
    values = np.array([[-500, 0, 500]], np.int32)
    assert image.decode(encoded(values, "TIFF"))[0, :, 1].tolist() == [0, 128, 255]


def test_a_tiff_where_white_is_zero_is_not_shown_as_its_negative():
    values = np.array([[0, 32768, 65535]], np.uint16)
    data = bytearray(encoded(values, "TIFF"))
    entry = data.index(struct.pack("<HHI", 262, 3, 1))
    data[entry + 8 : entry + 10] = struct.pack("<H", 0)
    assert image.decode(bytes(data))[0, :, 0].tolist() == [255, 127, 0]


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_cmyk_becomes_rgb_with_and_without_a_profile(form):
    ink = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    red = image.decode(encoded(ink, form))[8, 8]
    assert red[0] > 200
    assert max(red[1:]) < 60
    broken = image.decode(encoded(ink, form, icc_profile=b"no profile at all"))[8, 8]
    assert np.abs(broken.astype(int) - red).max() < 4


def test_lab_becomes_rgb():
    white = ImageCms.profileToProfile(
        Image.new("RGB", (4, 4), "white"),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert image.decode(encoded(white, "TIFF")).min() > 250


def test_of_several_pages_or_frames_the_first_is_shown():
    first, second = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (5, 5), "blue")
    for form in ("TIFF", "GIF", "WEBP"):
        options = {"lossless": True} if form == "WEBP" else {}
        pixels = image.decode(encoded(first, form, save_all=True, append_images=[second.resize((8, 8))], **options))
        assert pixels[4, 4].tolist() == [255, 0, 0], form


def test_the_name_of_a_file_does_not_matter_but_its_content_does(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(encoded(photo(), "PNG"))
    assert np.array_equal(image.decode(tmp_path / "photo.jpg"), photo())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "PPM"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_cut_short_is_never_shown_in_part(form, share):
    data = encoded(np.random.default_rng(1).integers(0, 255, (90, 120, 3), dtype=np.uint8), form)
    with pytest.raises(MediaError) as caught:
        image.decode(data[: int(len(data) * share)])
    assert "\n" not in str(caught.value)
    if form in ("PNG", "JPEG", "BMP"):
        assert str(caught.value) == f"The file ends early: the {form} data is cut short."
        assert caught.value.hint


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_file_that_lacks_only_its_end_mark_ends_early(form):
    data = encoded(photo(), form)
    for missing in (1, 2, 12):
        with pytest.raises(MediaError, match="ends early"):
            image.decode(data[:-missing])
    assert image.decode(data + b"trailing bytes").shape == (40, 60, 3)


def test_a_flipped_bit_in_a_png_is_found():
    data = bytearray(encoded(photo(), "PNG"))
    data[len(data) // 2] ^= 0x10
    with pytest.raises(MediaError, match="PNG data is damaged"):
        image.decode(bytes(data))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\0" * 500, "nothing but zero bytes"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<?xml version='1.0'?><svg/>", "an SVG drawing"),
        (b"<!DOCTYPE html><title>404</title>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS pointer"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript document"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"\0\0\0\x18ftypheic", "a HEIC photo"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a WAV sound"),
        (b'{"label": 1}', "a JSON document"),
        (b"a,b\n1,2\n", "plain text"),
        (bytes(range(1, 200)), "unknown binary data"),
        (b"PK\x03\x04", "a ZIP archive"),
    ],
)
def test_what_is_no_image_is_refused_with_what_it_looks_like(data, words):
    with pytest.raises(MediaError, match=words):
        image.decode(data)


@pytest.mark.parametrize("data", [png_claiming(100_000, 100_000), png_claiming(2**31, 1)])
def test_a_bomb_is_refused_before_it_is_decoded(data):
    with pytest.raises(MediaError, match=r"pixels, the limit is 100,000,000"):
        image.decode(data)


def test_a_bomb_in_a_format_that_pillow_reads_is_refused_too():
    bmp = bytearray(encoded(photo(), "BMP"))
    bmp[18:26] = struct.pack("<ii", 50_000, 50_000)
    with pytest.raises(MediaError, match="pixels"):
        image.decode(bytes(bmp))


def test_the_limits_are_those_of_the_contract():
    data = encoded(photo(), "TIFF")
    with pytest.raises(MediaError, match=r"60 x 40 pixels, the limit is 2,000"):
        image.decode(data, Limits(max_pixels=2000))
    with pytest.raises(MediaError, match="bytes, the limit is 100"):
        image.decode(data, Limits(max_bytes=100))


def odd_tiff():
    """A readable TIFF that Pillow warns about: one of its tags has an entry too many."""
    data = bytearray(encoded(photo(), "TIFF"))
    entry = data.index(struct.pack("<HHI", 284, 3, 1))
    data[entry : entry + 12] = struct.pack("<HHIHH", 284, 3, 2, 1, 1)
    return bytes(data)


def test_a_warning_of_pillow_never_leaks():
    with pytest.warns(UserWarning, match="too many entries"), Image.open(io.BytesIO(odd_tiff())) as opened:
        opened.load()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with ThreadPoolExecutor(4) as threads:
            shapes = list(threads.map(lambda _: image.decode(odd_tiff()).shape, range(100)))
        with pytest.raises(UserWarning, match="ours"):
            warnings.warn("ours", stacklevel=1)
    assert shapes == [(40, 60, 3)] * 100


def test_nothing_is_logged_about_damaged_files(caplog):
    data = bytearray(encoded(photo(), "TIFF"))
    entry = data.index(struct.pack("<HHI", 277, 3, 1))
    data[entry + 8] = 111
    with pytest.raises(MediaError, match="TIFF"):
        image.decode(bytes(data))
    assert not caplog.records


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM"])
def test_random_damage_gives_pixels_or_a_reason(form):
    rng = np.random.default_rng(3)
    whole = encoded(photo(), form)
    for _ in range(60):
        data = bytearray(whole)
        for place in rng.integers(0, len(data), 4):
            data[place] = rng.integers(0, 256)
        with contextlib.suppress(MediaError):
            pixels = image.decode(bytes(data), Limits(max_pixels=10_000_000))
            assert pixels.dtype == np.uint8
            assert pixels.shape[2] == 3


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize(("width", "height"), [(800, 600), (601, 799), (3000, 40), (105, 104)])
def test_a_thumbnail_has_its_longer_side_at_the_size(form, width, height):
    thumbnail = image.thumbnail(encoded(photo(width, height), form), 104)
    expected = photo(width, height)
    assert max(thumbnail.shape[:2]) == 104
    assert abs(min(thumbnail.shape[:2]) - min(width, height) * 104 / max(width, height)) <= 1
    reference = cv2.resize(expected, thumbnail.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(thumbnail.astype(int) - reference).mean() < 3


def test_a_small_image_is_not_made_larger():
    assert np.array_equal(image.thumbnail(encoded(photo(28, 28), "PNG"), 104), photo(28, 28))


def test_a_thumbnail_of_a_damaged_file_is_refused_like_the_file():
    with pytest.raises(MediaError, match="ends early"):
        image.thumbnail(encoded(photo(900, 900), "JPEG")[:-500], 64)
