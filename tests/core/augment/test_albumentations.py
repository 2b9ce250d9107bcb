"""Policies in the words of albumentations, which is asked itself: what it makes of them, and what it writes."""

import json
import math
from importlib import metadata
from typing import Final

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from dataimp_gui.core.augment.albumentations import VERSION, export, from_json, snippet
from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.operations import Operation, find, operations
from dataimp_gui.core.augment.policy import Policy, Step, to_json
from dataimp_gui.core.augment.policy import from_json as policy_from_json
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError

SAME: dict[str, tuple[dict[str, float], float]] = {
    "rotate": ({"angle": 20}, 0.1),
    "off_centre": ({"x": 12.5, "y": -25}, 0.1),
    "scale": ({"factor": 1.3}, 0.1),
    "shear": ({"angle": 15}, 0.1),
    "affine": ({"angle": 20, "factor": 0.8, "x": 12.5, "y": -6.25, "shear": 7}, 0.1),
    "flip_horizontal": ({}, 0),
    "flip_vertical": ({}, 0),
    "brightness": ({"added": 0.1}, 1),
    "dim": ({"gain": 0.6}, 0.6),
    "gamma": ({"gamma": 1.3}, 0.6),
    "saturation": ({"factor": 0.5}, 0.6),
    "greyscale": ({}, 0.1),
    "invert": ({}, 0),
    "blur": ({"radius": 1.7}, 0.1),
    "median": ({"radius": 1}, 0),
    "low_resolution": ({"factor": 0.5}, 0.1),
}
"""Operation -> values, and how many levels of 255 the pictures may be apart on average."""
_PARTS: Final = ("off_centre", "scale", "shear")  # come back as what they are a part of, `affine`


@pytest.fixture(scope="module")
def library():
    """The MIT distribution alone: the AGPL one goes by the same module name."""
    names = {each.metadata["Name"].lower() for each in metadata.distributions()}
    if "albumentations" not in names or "albumentationsx" in names or metadata.version("albumentations") != VERSION:
        pytest.skip(f"albumentations {VERSION} is not here")
    assert (metadata.metadata("albumentations")["License"] or "").startswith("MIT")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_ALBUMENTATIONS_UPDATE", "1")
        import albumentations

        yield albumentations


def policy(*steps: Step, seed: int = 7) -> Policy:
    return Policy("Trial", Modality.IMAGE, seed, steps)


def at(op: str, **values: float) -> Step:
    return Step(op, ranges={name: (value, value) for name, value in values.items()})


def photo(grey: bool = False) -> np.ndarray:
    drawn = np.random.default_rng(3).integers(30, 220, (12, 16, 3)).astype(np.uint8)
    grown = cv2.resize(drawn, (128, 96), interpolation=cv2.INTER_CUBIC)
    return np.repeat(grown[:, :, :1], 3, axis=2) if grey else grown


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("op", SAME)
def test_both_make_the_same_picture(library, op):
    values, most = SAME[op]
    one, picture = policy(at(op, **values)), photo()
    ours = apply(one, picture, "x", 0).value
    theirs = library.from_dict(export(one).document)(image=picture)["image"]
    assert apart(ours, theirs) <= most
    assert apart(ours, picture) > most


@pytest.mark.parametrize("op", ["jpeg", "webp"])
def test_both_lose_the_same_in_a_grey_picture(library, op):
    one, picture = policy(at(op, quality=30)), photo(grey=True)
    theirs = library.from_dict(export(one).document)(image=picture)["image"]
    ours = apply(one, picture, "x", 0).value
    assert apart(ours, theirs) <= 0.5
    assert apart(ours, picture) > 0.5
    assert "takes red for blue" in export(one).differs[0]
    for far, said in ((30, 0), (170, 1)):  # such a turn makes a 9 of a 6
        turned = Policy("t", Modality.IMAGE, steps=(Step("rotate", ranges={"angle": (-far, far)}),))
        assert sum("turns classes" in each for each in export(turned).differs) == said


def test_both_make_noise_of_one_strength(library):
    picture = np.full((256, 256, 3), 128, np.uint8)
    for step in (at("pixel_noise", sigma=0.08), at("salt_and_pepper", share=5)):
        ours = apply(policy(step), picture, "x", 0).value.astype(float)
        theirs = library.from_dict(export(policy(step)).document)(image=picture)["image"].astype(float)
        assert theirs.std() == pytest.approx(ours.std(), rel=0.05)


def test_the_seed_goes_along_in_the_file_and_in_the_snippet(library):
    one = policy(Step("rotate"), Step("pixel_noise", 0.7), Step("dim"), seed=11)
    picture = photo()
    built: dict[str, object] = {}
    exec(snippet(one), built)  # our own text, of a policy that stands above
    loaded = [library.from_dict(export(one).document) for _ in range(2)]
    made = [[each(image=picture)["image"] for _ in range(3)] for each in (*loaded, built["transform"])]
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0], made[2])
    assert not np.array_equal(made[0][0], made[0][1])
    other = library.from_dict(export(policy(*one.steps, seed=12)).document)
    assert not np.array_equal(other(image=picture)["image"], made[0][0])


def ranges_of(operation: Operation, draw: some.DrawFn) -> dict[str, tuple[float, float]]:
    found = {}
    for each in operation.parameters:
        if each.is_number:
            low, high = math.ceil(each.low), math.floor(each.high)
            number = some.integers(low, high) if each.integer else some.floats(each.low, each.high).map(_short)
            ends = sorted(draw(some.tuples(number, number)))
            found[each.name] = (float(ends[0]), float(ends[1]))
    return found


def _short(number: float) -> float:
    return round(number, 4)


@some.composite
def policies(draw: some.DrawFn, names: tuple[str, ...]) -> Policy:
    steps = []
    for name in draw(some.lists(some.sampled_from(names), max_size=6)):
        operation = find(name)
        choices = {each.name: (draw(some.sampled_from(each.choices)),) for each in operation.parameters if each.choices}
        chance = draw(some.floats(0, 1))
        steps.append(Step(name, chance, True, ranges_of(operation, draw), choices))
    return Policy(draw(some.text(max_size=20)), Modality.IMAGE, draw(some.integers(0, 2**32 - 1)), tuple(steps))


@settings(max_examples=200, deadline=None)
@given(policies(tuple(each.name for each in operations(Modality.IMAGE))))
def test_every_policy_survives_its_json(one):
    text = to_json(one)
    assert policy_from_json(text) == one
    assert to_json(policy_from_json(text)) == text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(policies(tuple(each for each in (*SAME, "jpeg", "webp", "pixel_noise") if each not in _PARTS)))
def test_every_policy_survives_the_way_through_the_library(library, one):
    made = export(one)
    assert not made.left_out
    written = library.to_dict(library.from_dict(made.document))
    back = from_json(json.dumps(written), one.name)
    assert not back.left_out
    assert [each.op for each in back.policy.steps] == [each.op for each in one.steps]
    for ours, theirs in zip(one.steps, back.policy.steps, strict=True):
        assert theirs.chance == ours.chance
        assert theirs.choices == ours.choices
        for name, ends in ours.ranges.items():
            assert theirs.ranges[name] == pytest.approx(ends, abs=1e-6)
    assert from_json(json.dumps(made.document), one.name).policy.seed == one.seed


def test_what_has_no_counterpart_is_left_out_and_said():
    made = export(policy(Step("fog"), Step("dim", on=False), Step("blur", spare=("6",)), Step("flip_horizontal")))
    assert [each["__class_fullname__"] for each in made.document["transform"]["transforms"]] == [
        "GaussianBlur",
        "HorizontalFlip",
    ]
    assert made.left_out == ("Fog has no counterpart that does the same.",)
    assert len(made.differs) == 2
    with pytest.raises(DataimpError, match="this policy is for text"):
        export(Policy("t", Modality.TEXT))


@pytest.mark.parametrize(("chance", "left_out"), [(1.0, 0), (0.5, 1)])
def test_steps_that_are_done_all_or_none_are_not_taken_for_steps_of_their_own(chance, left_out):
    inner = {"__class_fullname__": "HorizontalFlip", "p": 1.0}
    document = {"transform": {"__class_fullname__": "Compose", "p": chance, "transforms": [inner], "seed": 3}}
    made = from_json(json.dumps(document), "Found")
    assert len(made.left_out) == left_out
    assert len(made.policy.steps) == 1 - left_out


def test_what_cannot_be_read_is_left_out_and_said():
    def transform(name: str, **arguments: object) -> dict[str, object]:
        return {"__class_fullname__": name, "p": 0.5, **arguments}

    document = {"transform": {"__class_fullname__": "Compose", "transforms": [
        transform("albumentations.augmentations.HorizontalFlip"),
        transform("RandomFog"),
        transform("GaussianBlur", blur_limit=[3, 7], sigma_limit=[0, 0]),
        transform("GaussNoise", std_range="much"),
        transform("Affine", scale=None),
        transform("RandomGamma", gamma_limit=[80, 100_000]),
        {"__class_fullname__": "InvertImg", "p": 3},
    ]}}  # fmt: skip
    made = from_json(json.dumps(document), "Found")
    assert made.policy == Policy("Found", Modality.IMAGE, 42, (Step("flip_horizontal", 0.5),))
    assert [each.split()[0].rstrip(":") for each in made.left_out] == [
        "RandomFog", "GaussianBlur", "GaussNoise", "Affine", "RandomGamma", "InvertImg",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "[]", "7", '{"transform": 1}', '{"transform": {}}', "[" * 100_000, '{"a": null}'])
def test_another_file_is_refused(text):
    with pytest.raises(DataimpError, match="not a file of albumentations"):
        from_json(text, "x")
