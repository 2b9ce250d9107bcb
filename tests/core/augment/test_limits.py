"""What the table allows can be done: every sound and text operation at the ends of its hard limits, on odd examples."""

from itertools import product

import numpy as np
import pytest

from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.operations import operations
from dataimp_gui.core.augment.policy import Policy, Step, checked
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality

HISS = 0.3 * np.random.default_rng(2).standard_normal((16_000, 2)).clip(-3, 3)
EXAMPLES = {
    Modality.AUDIO: (Sound(HISS.astype(np.float32), 16_000), Sound(np.ones((5, 1), np.float32), 96_000)),
    Modality.TEXT: ("Hello wörld, I am not here! Please come tomorrow.", "a", ""),
}


@pytest.mark.parametrize(
    ("modality", "operation"),
    [pytest.param(modality, each, id=each.name) for modality in EXAMPLES for each in operations(modality)],
)
def test_the_ends_of_all_ranges_can_be_used(modality, operation):
    numbers = [each for each in operation.parameters if each.is_number]
    choices = {each.name: each.choices for each in operation.parameters if each.choices}
    for each in numbers:
        assert each.low <= each.default[0] <= each.default[1] <= each.high
        assert each.low > 0 or not each.log
    for ends in product(*((each.low, each.high) for each in numbers)):
        ranges = {each.name: (end, end) for each, end in zip(numbers, ends, strict=True)}
        policy = checked(Policy("ends", modality, steps=(Step(operation.name, ranges=ranges, choices=choices),)))
        for example in EXAMPLES[modality]:
            applied = apply(policy, example, "an example", 0)
            assert not applied.warnings
            if isinstance(example, Sound):
                assert len(applied.value.samples) > 0
                assert np.isfinite(applied.value.samples).all()
