"""Each policy that ships can be used as it is, and does something to what it is for."""

import numpy as np
import pytest

from dataimp_gui import resources
from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.policy import from_json, to_json
from dataimp_gui.core.augment.starters import starters
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality

WAVE = 0.3 * np.sin(np.arange(16_000) * 0.1)
ACROSS = np.linspace(20, 230, 96, dtype=np.float32)
EXAMPLES = {
    Modality.IMAGE: np.repeat((ACROSS + np.sin(np.arange(64))[:, None] * 20)[:, :, None], 3, axis=2).astype(np.uint8),
    Modality.AUDIO: Sound(WAVE[:, None].astype(np.float32), 16_000),
    Modality.TEXT: 'Dear team, could you please tell me "when" the café & the shop are open tomorrow? Thanks a lot! '
    * 3,
}


@pytest.mark.parametrize("modality", EXAMPLES)
def test_there_are_some_with_names_of_their_own(modality):
    names = [each.name for each in starters(modality)]
    assert len(set(names)) == len(names) >= 5


def test_no_file_is_left_out():
    files = list(resources.path("policies").iterdir())
    assert len(files) == sum(len(starters(modality)) for modality in EXAMPLES)


@pytest.mark.parametrize(
    ("modality", "policy"),
    [pytest.param(modality, policy, id=policy.name) for modality in EXAMPLES for policy in starters(modality)],
)
def test_each_works_and_survives_being_written(modality, policy):
    assert policy.modality is modality
    assert from_json(to_json(policy)) == policy
    example = EXAMPLES[modality]
    changed = set()
    for draw in range(30):
        applied = apply(policy, example, "an example", draw)
        assert not applied.warnings
        changed |= {did.op for did in applied.steps}
        match applied.value:
            case Sound(samples, rate):
                assert rate == example.rate
                assert len(samples) > 8000
                assert np.isfinite(samples).all()
            case str(text):
                assert text
            case picture:
                assert picture.shape == example.shape
                assert picture.dtype == example.dtype
    assert changed == {step.op for step in policy.steps}
