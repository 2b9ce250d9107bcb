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


def test_a_policy_makes_the_same_on_every_machine_and_in_every_version():
    """Written down once: a variant that a person keeps as policy, example and draw must come back."""
    texts = {each.name: each for each in starters(Modality.TEXT)}
    message = "Could you please tell me when the shop opens tomorrow? Thanks, I did not find it."
    made = {name: apply(texts[name], message, "message-7", 0).value for name in ("Chat message", "Typed in a hurry")}
    assert made == {
        "Chat message": "cud u pls tell me when the shop opens 2moro??? thx, i did not find it...",
        "Typed in a hurry": "could you please tell me when ghe hsop opens toomrrow? thnaks, i did not find it.",
    }
    sounds = {each.name: each for each in starters(Modality.AUDIO)}
    clip = EXAMPLES[Modality.AUDIO]
    for name, expected in (
        ("Noisy room", (-0.0369368, 0.0539502, -0.0040953)),
        ("Outdoors", (-0.077251, 0.0680849, -0.0135811)),
    ):
        samples = apply(sounds[name], clip, "clip-7", 0).value.samples
        assert samples[4000:16_000:4000, 0] == pytest.approx(expected, abs=1e-5)
