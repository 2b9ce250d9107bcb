"""Sources that contradict most labels know less than whoever labelled: they are left out, and it is said."""

import numpy as np

from dataimp_gui.core.issues import label
from dataimp_gui.core.issues.findings import Evidence
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

CLASSES = ("English", "French", "Italian", "Russian")
COUNT = 400


def evidence(**known):
    rng = np.random.default_rng(0)
    labels = (np.arange(COUNT) % 4).astype(np.int32)
    speakers = rng.normal(size=(4, 16))  # each speaker speaks one language, and sounds like nobody else
    vectors = speakers[labels] + 0.3 * rng.normal(size=(COUNT, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    kind = {"labels": labels, "classes": CLASSES, "embedding": vectors.astype(np.float32)} | known
    nobody = np.zeros(COUNT, np.bool_)
    return Evidence(modality=Modality.AUDIO, excluded=nobody, splits=np.full(COUNT, -1, np.int32), **kind)


def honest(labels, flipped):
    """Probabilities of a model that knows the class, and was right to miss the flipped labels."""
    true = labels.copy()
    true[flipped] = (true[flipped] + 1) % 4
    found = np.full((COUNT, 4), 0.02, np.float32)
    found[np.arange(COUNT), true] = 0.94
    return found


def test_groups_that_say_the_class_make_no_label_wrong():
    labels = (np.arange(COUNT) % 4).astype(np.int32)
    found = label.detect(evidence(groups=labels), Progress())
    assert len(found) == 0
    assert any("know too little" in warning for warning in found.warnings)


def test_an_honest_run_is_neither_suspected_nor_outvoted_by_them():
    labels = (np.arange(COUNT) % 4).astype(np.int32)
    flipped = np.arange(7, COUNT, 29)
    found = label.detect(evidence(groups=labels, probabilities=honest(labels, flipped), run_name="mel"), Progress())
    assert set(found.rows.tolist()) == set(flipped.tolist())
    assert not any("in-sample" in warning for warning in found.warnings)


def test_a_run_of_mixed_up_classes_makes_no_label_wrong():
    labels = (np.arange(COUNT) % 4).astype(np.int32)
    mixed = np.roll(honest(labels, np.empty(0, int)), 1, axis=1)
    found = label.detect(evidence(embedding=None, probabilities=mixed), Progress())
    assert len(found) == 0
    assert any("know too little" in warning for warning in found.warnings)
