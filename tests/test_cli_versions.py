"""Commands on versions of pictures: what they tell of changed media, and how an export holds them."""

import json

import numpy as np
import pytest
from PIL import Image

from dataimp_gui.cli import run
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.progress import Progress


@pytest.fixture
def pets(tmp_path):
    """Six pictures in two class folders, of which v1 holds all."""
    rng = np.random.default_rng(1)
    for number in range(6):
        place = tmp_path / "in" / ("cat", "dog")[number % 2] / f"{number}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (6, 6, 3), dtype=np.uint8)).save(place)
    import_dataset(tmp_path / "in", tmp_path / "pets.dataimp", ImportOptions(), Progress())
    assert run(["commit", str(tmp_path / "pets.dataimp"), "-m", "as it came"]) == 0
    return tmp_path / "pets.dataimp"


@pytest.fixture
def call(capsys):
    def call(*arguments):
        capsys.readouterr()
        code = run([str(each) for each in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_a_commit_names_the_examples_whose_files_changed(call, pets):
    pictures = pets.parent / "in"
    (pictures / "cat" / "0.png").write_bytes((pictures / "dog" / "1.png").read_bytes())
    said = call("commit", pets, "-m", "one was retouched")[1]
    assert "Since the last hash the file of cat/0.png has changed; v2 has what is there now." in said
    for number in (0, 2, 4):
        (pictures / "cat" / f"{number}.png").write_bytes((pictures / "dog" / "3.png").read_bytes())
    (pictures / "dog" / "5.png").write_bytes((pictures / "dog" / "3.png").read_bytes())
    said = call("commit", pets, "-m", "many were")[1]
    assert "the files of cat/0.png, cat/2.png, cat/4.png and 1 more have changed" in said


def test_a_commit_of_nothing_but_splits_does_not_say_that_nothing_changed(call, pets):
    assert call("set-split", pets, "--where", "label = 'cat'", "--to", "test")[0] == 0
    assert call("commit", pets, "-m", "a test split")[1].endswith("splits or tags changed.\n")


def test_media_are_put_inside_parquet_and_no_other_format(call, pets, tmp_path):
    assert call("export", pets, "v1", tmp_path / "out", "--format", "parquet", "--embed")[0] == 0
    assert not (tmp_path / "out" / "media").exists()
    assert call("verify", tmp_path / "out")[0] == 0
    code, _, err = call("export", pets, "v1", tmp_path / "no", "--format", "csv", "--embed")
    assert (code, err) == (2, "dataimp: error: CSV: media cannot be put inside its tables. They can in Parquet.\n")
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("command", [["export", "PETS", "v1", "", "--format", "csv"], ["verify", ""]])
def test_an_empty_folder_name_is_not_the_current_folder(call, pets, command):
    code, _, err = call(*(pets if word == "PETS" else word for word in command))
    assert code == 2
    assert "DEST" in err
    assert "empty" in err


def test_gates_are_told_in_words(call, pets):
    said = call("gates", pets, "--slice", "dim", "0.03", "--classes", "-0.02", "--balance", "10", "--off", "overall")[1]
    told = dict(line.split("  ", 1) for line in said.splitlines()[1:])
    assert {name: words.strip() for name, words in told.items()} == {
        "overall": "off", "slices": "no drop", "slice dim": "+3.0", "classes": "drop of at most 2.0", "cost": "off",
        "calibration": "off",
        "balance": "at most 10 times the smallest class", "leak": "on", "own": "on", "contract": "on",
        "reviewed": "off",
    }  # fmt: skip
    assert json.loads(call("gates", pets, "--json")[1])["least"] == {"dim": 0.03}
