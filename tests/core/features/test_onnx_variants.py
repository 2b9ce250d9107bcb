"""A person's own model looks at variants, too, when a policy is measured."""

import numpy as np
import pytest
from onnx_models import mean_colour
from PIL import Image

import dataimp_gui
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.model import Modality
from dataimp_gui.progress import Progress

DIM = Policy("Dim", Modality.IMAGE, steps=(Step("dim", ranges={"gain": (0.4, 0.5)}),))


@pytest.fixture
def project(tmp_path):
    """30 bright pictures to train on and 30 dim ones to be tested on."""
    rng = np.random.default_rng(4)
    for split, light in (("train", 1.0), ("test", 0.45)):
        for number in range(30):
            folder = tmp_path / "data" / split / "ab"[number % 2]
            folder.mkdir(parents=True, exist_ok=True)
            pixels = rng.integers(90, 240, (16, 16, 3)) * light
            Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number}.png")
    import_dataset(tmp_path / "data", tmp_path / "p.dataimp", ImportOptions(), Progress())
    with dataimp_gui.open(tmp_path / "p.dataimp") as opened:
        yield opened


def of_embedding(project):
    found = project.augment.measure(DIM, steps=False)
    return next(each for each in found.angles if each.name == "embedding")


def test_it_looks_at_variants_as_long_as_its_file_is_there(project, tmp_path):
    file = tmp_path / "colours.onnx"
    file.write_bytes(mean_colour())
    (tmp_path / "colours.json").write_text('{"size": [8, 8], "mean": [0], "std": [255]}')
    project.analysis.embed_with(file)
    seen = of_embedding(project)
    assert seen.title == "Embedding (colours)"
    assert seen.closed > 0.5
    file.unlink()
    assert of_embedding(project).title == "Embedding (built-in)"


def test_vectors_that_were_brought_say_nothing_of_variants(project, tmp_path):
    np.save(tmp_path / "brought.npy", np.random.default_rng(1).normal(size=(60, 4)).astype(np.float32))
    project.analysis.add_embedding(tmp_path / "brought.npy")
    assert of_embedding(project).title == "Embedding (built-in)"
