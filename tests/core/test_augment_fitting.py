"""Ranges of a policy are found from examples of the target."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image

from dataimp_gui.core.augment.policy import Policy, Step, load, save
from dataimp_gui.core.model import Modality
from dataimp_gui.core.project import Project
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress

POLICY = Policy("Soft and dim", Modality.IMAGE, steps=(Step("blur", 0.5), Step("dim", 0.5)))


def scene(rng, kind):
    """A shape of one of two kinds on a textured ground, 32 px."""
    pixels = rng.integers(60, 110, (32, 32)).astype(np.uint8)
    x, y = (int(each) for each in rng.integers(10, 22, 2))
    if kind:
        cv2.circle(pixels, (x, y), 7, 220, 2)
    else:
        cv2.rectangle(pixels, (x - 7, y - 5), (x + 7, y + 5), 220, 2)
    return pixels


@pytest.fixture(scope="module")
def shifted(tmp_path_factory):
    """80 sharp pictures, and 80 blurred with a radius of 1.2 to 1.8 that a model will face."""
    folder, rng = tmp_path_factory.mktemp("fitting"), np.random.default_rng(4)
    for split in ("train", "test"):
        for number in range(80):
            pixels = scene(rng, number % 2)
            if split == "test":
                pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(1.2, 1.8))
            place = folder / "data" / split / ("ring" if number % 2 else "box")
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(place / f"{number}.png")
    project, _ = Project.create(folder / "fitting.dataimp", folder / "data")
    with project:
        yield project


def test_a_planted_shift_is_found_and_what_the_target_never_shows_goes_off(shifted):
    seen = []
    found = shifted.augment.fit(POLICY, on_trial=lambda curve: seen.append(len(curve)))
    blur, dim = found.policy.steps
    low, high = blur.ranges["radius"]
    assert low < 1.8
    assert high > 1.2
    assert blur.chance == 1
    assert not dim.on
    assert found.is_better
    assert found.after.share > 0.7 > found.before.share
    assert seen == list(range(1, len(found.curve) + 1))
    assert list(found.curve) == sorted(found.curve)
    assert "examples that the search did not see" in found.said
    assert shifted.augment.fit(POLICY) == found


def test_where_there_is_no_gap_nothing_is_fitted(shifted):
    some = " or ".join(f"id like '%{number}.png'" for number in (0, 1, 4, 5))
    with pytest.raises(DataimpError, match="nothing to fit"):
        shifted.augment.fit(POLICY, f"split = 'train' and not ({some})", f"split = 'train' and ({some})")
    with pytest.raises(DataimpError, match="no step that is on"):
        shifted.augment.fit(Policy("Nothing", Modality.IMAGE))


def test_fitting_stops_when_it_is_told_to(shifted):
    progress = Progress()
    with pytest.raises(Cancelled):
        shifted.augment.fit(POLICY, progress=progress, on_trial=lambda _: progress.cancel())


def test_a_fitted_policy_is_saved_from_the_command_line(shifted, tmp_path, capsys):
    from dataimp_gui.cli import run

    save(POLICY, tmp_path / "given.json")
    given = ["--policy", str(tmp_path / "given.json"), "--fit", "--save", str(tmp_path / "fitted.json"), "--json"]
    assert run(["augment", str(shifted.path), *given]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["fitted"]["better"]
    assert answer["realism"]["closed"] > 0.7
    assert not load(tmp_path / "fitted.json").steps[1].on
