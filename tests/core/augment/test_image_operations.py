"""Operations on pictures: whatever the depth and the channels, and each does what it says."""

import subprocess
import sys
from itertools import product

import cv2
import numpy as np
import pytest

from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.operations import Keeps, operations
from dataimp_gui.core.augment.policy import Policy, Step, checked
from dataimp_gui.core.model import Modality

ALL = operations(Modality.IMAGE)
SHAPES = ((40, 30), (40, 30, 1), (40, 30, 2), (40, 30, 3), (40, 30, 4), (1, 1), (1, 1, 3), (1, 7, 3), (2, 2, 4))


def policy(op: str, **ranges: float) -> Policy:
    return checked(Policy("Trial", Modality.IMAGE, 1, (Step(op, ranges={k: (v, v) for k, v in ranges.items()}),)))


def made(picture: np.ndarray, op: str, draw: int = 0, label: str = "", **ranges: float) -> np.ndarray:
    applied = apply(policy(op, **ranges), picture, "x", draw, label)
    assert not applied.warnings
    return applied.value


def photo(shape: tuple[int, ...] = (64, 64, 3), kind: type = np.uint8) -> np.ndarray:
    """Soft blotches with one sharp square."""
    drawn = np.random.default_rng(3).random((8, 8, shape[2] if len(shape) > 2 else 1)).astype(np.float32)
    grown = cv2.resize(drawn, shape[1::-1], interpolation=cv2.INTER_CUBIC).reshape(shape).clip(0.1, 0.9)
    grown[shape[0] // 3 : shape[0] // 2, shape[1] // 3 : shape[1] // 2] = 0.05
    white = np.iinfo(kind).max if np.issubdtype(kind, np.integer) else 1
    return (grown * white).astype(kind)


def test_there_are_at_least_thirty_with_a_title_and_a_noise_of_their_own():
    assert len(ALL) >= 30
    assert len({each.title for each in ALL}) == len(ALL)
    assert all(each.noise.endswith(".") for each in ALL)
    names = [each.name for modality in Modality for each in operations(modality)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("operation", ALL, ids=lambda each: each.name)
def test_depth_channels_and_size_survive_and_the_given_picture_is_left_alone(operation):
    for shape, kind in product(SHAPES, (np.uint8, np.uint16, np.float32)):
        given = photo(shape, kind)
        kept = given.copy()
        for draw in range(2):
            value = made(given, operation.name, draw)
            assert (value.shape, value.dtype) == (given.shape, given.dtype)
            assert np.isfinite(value).all()
        assert np.array_equal(given, kept)


@pytest.mark.parametrize("operation", [each for each in ALL if each.keeps is Keeps.LABEL], ids=lambda each: each.name)
def test_alpha_stays_where_nothing_moves(operation):
    given = photo((40, 30, 4))
    assert np.array_equal(made(given, operation.name)[:, :, 3], given[:, :, 3])


@pytest.mark.parametrize("operation", ALL, ids=lambda each: each.name)
def test_every_default_is_within_its_limits_and_every_operation_does_something(operation):
    given = photo()
    step = Step(operation.name, ranges={each.name: each.default for each in operation.parameters if each.is_number})
    checked(Policy("Trial", Modality.IMAGE, 1, (step,)))
    assert any(not np.array_equal(made(given, operation.name, draw), given) for draw in range(4))


@pytest.mark.parametrize("operation", ALL, ids=lambda each: each.name)
def test_depths_agree(operation):
    """What an operation does to 8 bits it does to 16 bits and to floats."""
    given = photo()
    eight = made(given, operation.name).astype(float) / 255
    wide = made(given.astype(np.uint16) * 257, operation.name).astype(float) / 65535
    real = made((given / 255).astype(np.float32), operation.name)
    assert np.abs(eight - wide).mean() < 0.01
    assert np.abs(eight - real).mean() < 0.01


def test_another_process_makes_the_same_pictures():
    code = (
        "import hashlib, numpy as np\n"
        "from dataimp_gui.core.augment.applying import apply\n"
        "from dataimp_gui.core.augment.operations import operations\n"
        "from dataimp_gui.core.augment.policy import Policy, Step\n"
        "from dataimp_gui.core.model import Modality\n"
        "given = (np.arange(48 * 48 * 3) % 251).astype(np.uint8).reshape(48, 48, 3)\n"
        "sums = hashlib.sha256()\n"
        "for each in operations(Modality.IMAGE):\n"
        "    sums.update(apply(Policy('p', Modality.IMAGE, 7, (Step(each.name),)), given, 'é', 5).value.tobytes())\n"
        "print(sums.hexdigest())"
    )
    said = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in "ab"
    ]
    assert len(said[0].strip()) == 64
    assert said[0] == said[1]


def test_light_does_what_its_numbers_say():
    given = photo()
    assert made(given, "dim", gain=0.5).mean() == pytest.approx(given.mean() / 2, rel=0.01)
    assert made(given, "brightness", added=0.1).mean() == pytest.approx(given.mean() + 25.5, abs=3)
    assert made(given, "exposure", stops=-1).mean() == pytest.approx(given.mean() * 2 ** (-1 / 2.2), rel=0.01)
    assert made(given, "contrast", factor=0.5).std() == pytest.approx(given.std() / 2, rel=0.02)
    assert np.array_equal(made(given, "gamma", gamma=1), given)


def test_pixel_noise_has_its_sigma():
    grey = np.full((128, 128, 3), 128, np.uint8)
    assert made(grey, "pixel_noise", sigma=0.05).std() == pytest.approx(0.05 * 255, rel=0.03)


def test_blur_agrees_with_opencv_and_takes_detail_away():
    given = photo()
    assert np.array_equal(
        made(given, "blur", radius=2), cv2.GaussianBlur(given, (15, 15), 2, borderType=cv2.BORDER_REFLECT)
    )
    detail = [cv2.Laplacian(made(given, "blur", radius=radius), cv2.CV_64F).var() for radius in (0, 1, 2, 4)]
    assert detail == sorted(detail, reverse=True)


def test_geometry_moves_what_it_says():
    given = np.zeros((60, 80), np.uint8)
    given[30, 20] = 255
    step = Step("off_centre", ranges={"x": (25, 25), "y": (0, 0)}, choices={"edge": ("black",)})
    moved = apply(Policy("p", Modality.IMAGE, 1, (step,)), given, "x", 0).value
    assert np.unravel_index(moved.argmax(), moved.shape) == (30, 40)
    step = Step("rotate", ranges={"angle": (90, 90)}, choices={"edge": ("black",)})
    square = np.zeros((61, 61), np.uint8)
    square[30, 50] = 255
    turned = apply(Policy("p", Modality.IMAGE, 1, (step,)), square, "x", 0).value
    assert np.unravel_index(turned.argmax(), turned.shape) == (10, 30)  # counter-clockwise


def test_jpeg_loses_more_at_lower_quality():
    given = photo()
    lost = [np.abs(made(given, "jpeg", quality=quality).astype(int) - given).mean() for quality in (90, 50, 10)]
    assert lost == sorted(lost)
    assert lost[-1] > 1


@pytest.mark.parametrize(
    ("op", "label", "is_done"),
    [
        ("flip_horizontal", "6", False),
        ("flip_horizontal", "8", True),
        ("flip_horizontal", "left arrow", False),
        ("flip_horizontal", "shirt", True),
        ("flip_horizontal", "seven", False),
        ("flip_horizontal", "digit 7", False),
        ("flip_horizontal", "01_digit_7", False),
        ("flip_horizontal", "Letter b", False),
        ("flip_horizontal", "digit7", False),
        ("flip_horizontal", "digit 8", True),
        ("flip_horizontal", "letter box", True),
        ("flip_horizontal", "love letter", True),
        ("flip_horizontal", "", True),
        ("flip_vertical", "M", False),
        ("flip_vertical", "B", True),
        ("flip_vertical", "thumbs_up", False),
        ("quarter_turn", "N", False),
        ("quarter_turn", "pizza", True),
    ],
)
def test_a_flip_is_left_out_where_it_would_make_another_label(op, label, is_done):
    given = photo()
    assert np.array_equal(made(given, op, label=label), given) is not is_done


@pytest.mark.parametrize("op", ["rotate", "affine"])
@pytest.mark.parametrize(
    ("angle", "label", "is_done"),
    [(180, "6", False), (-90, "letter N", False), (20, "6", True), (180, "shirt", True), (180, "0", True)],
)
def test_a_turn_that_makes_another_character_is_left_out(op, angle, label, is_done):
    given = photo()
    whole = Policy("Turned", Modality.IMAGE, 1, (Step(op, ranges={"angle": (angle, angle)}),))
    assert bool(apply(whole, given, "x", 0, label).steps) is is_done


def test_grey_pictures_pass_through_colour_operations_unchanged():
    given = photo((40, 30))
    for operation in ALL:
        if operation.takes == "colour":
            assert np.array_equal(made(given, operation.name), given), operation.name
