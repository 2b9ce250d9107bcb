"""Issues, statistics, embeddings and similar examples from the command line, and every kind of poor data there."""

import csv
import json
import shutil
import wave

import numpy as np
import pytest

from dataimp_gui.cli import run

TWIN, SOURCE, BLACK = "across/twin.png", "down/d03.png", "down/black.png"
KEYS = ["kind", "id", "score", "severity", "label", "suggested", "others", "reason"]


@pytest.fixture
def call(capsys):
    """Exit code, stdout and stderr of a command."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def ask(call):
    """The JSON that a command prints; it must succeed."""

    def ask(*arguments):
        code, out, err = call(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    return ask


def write(file, heading, lines):
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([heading, *lines])
    return file


def picture(file, array):
    from PIL import Image

    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(array, dtype=np.uint8)).save(file)


def stripes(rng, across, size=32):
    """A noisy picture of stripes, across or down."""
    wave_ = 127 + 90 * np.sin(np.arange(size) / 2 + rng.uniform(0, 3))
    plain = np.tile(wave_, (size, 1))
    return np.clip((plain if across else plain.T) + rng.normal(0, 12, (size, size)), 0, 255)


@pytest.fixture(scope="session")
def pictures_files(tmp_path_factory):
    """Folders of stripes across and down: one picture is in both, one is in the wrong one, one is black."""
    folder = tmp_path_factory.mktemp("pictures") / "data"
    rng = np.random.default_rng(4)
    for number in range(40):
        picture(folder / "across" / f"a{number:02d}.png", stripes(rng, True))
        picture(folder / "down" / f"d{number:02d}.png", stripes(rng, False))
    shutil.copy(folder / "down" / "d03.png", folder / "across" / "twin.png")
    picture(folder / "across" / "wrong.png", stripes(rng, False))
    picture(folder / "down" / "black.png", np.zeros((32, 32)))
    return folder


@pytest.fixture(scope="session")
def pictures_project(pictures_files, tmp_path_factory):
    project = tmp_path_factory.mktemp("project") / "pictures.dataimp"
    assert run(["import", str(pictures_files), str(project)]) == 0
    assert run(["issues", str(project)]) == 0
    return project


@pytest.fixture
def pictures(pictures_project, tmp_path, capsys):
    """The project of `pictures_files`, searched without any predictions; its folder."""
    shutil.copytree(pictures_project, tmp_path / "pictures.dataimp")
    capsys.readouterr()
    return tmp_path / "pictures.dataimp"


def test_issues_are_printed_with_the_keys_of_the_contract_worst_first(ask, pictures):
    answer = ask("issues", pictures)
    assert list(answer) == ["issues"]
    issues = answer["issues"]
    assert all(list(issue) == KEYS for issue in issues)
    assert [issue["severity"] for issue in issues] == sorted((i["severity"] for i in issues), reverse=True)
    assert all(0 <= issue["score"] <= 1 and issue["reason"].endswith(".") for issue in issues)
    assert ask("issues", pictures, "--top", 2)["issues"] == issues[:2]
    duplicates = ask("issues", pictures, "--kind", "duplicate")["issues"]
    assert {frozenset((issue["id"], *issue["others"])) for issue in duplicates} == {frozenset((TWIN, SOURCE))}
    assert {issue["id"] for issue in ask("issues", pictures, "--kind", "conflict")["issues"]} & {TWIN, SOURCE}
    assert BLACK in {issue["id"] for issue in ask("issues", pictures, "--kind", "media")["issues"]}


def test_people_read_a_table_with_the_others_named(call, pictures):
    code, out, _ = call("issues", pictures, "--kind", "duplicate")
    assert code == 0
    heading, line, end = out.splitlines()
    assert heading.split() == ["kind", "id", "severity", "label", "suggested", "reason"]
    assert line.startswith("duplicate")
    assert line.endswith((f"({SOURCE})", f"({TWIN})"))
    assert end == "open: duplicate 1"
    call("exclude", pictures, "--where", f"id = '{TWIN}'")
    assert call("issues", pictures, "--kind", "duplicate")[1] == "No duplicate issues are open.\n"


def test_what_is_kept_is_not_printed_again_unless_it_is_taken_back(ask, pictures):
    where = ("--where", f"id in ('{BLACK}', '{TWIN}', '{SOURCE}')")
    before = ask("issues", pictures)["issues"]
    assert {BLACK, TWIN} <= {issue["id"] for issue in before}
    assert ask("keep", pictures, *where, "--why", "They are fine.")["changed"] == 3
    after = {issue["id"] for issue in ask("issues", pictures)["issues"]}
    assert not {BLACK, TWIN, SOURCE} & after
    assert not {BLACK, TWIN, SOURCE} & {issue["id"] for issue in ask("issues", pictures, "--again")["issues"]}
    assert ask("keep", pictures, *where)["changed"] == 0
    assert ask("keep", pictures, *where, "--kind", "media", "--take-back")["changed"] == 3
    assert BLACK in {issue["id"] for issue in ask("issues", pictures, "--kind", "media")["issues"]}


def test_a_clause_can_name_issues_and_statistics(ask, call, pictures):
    assert ask("query", pictures, "issue_media is not null and brightness < 0.01")["ids"] == [BLACK]
    code, _, err = call("query", pictures, "loudness > 3")
    assert (code, "No column is called loudness" in err) == (2, True)


def test_measuring_prints_each_statistic_with_its_range(ask, call, pictures):
    answer = ask("measure", pictures)
    found = {each["name"]: each for each in answer["statistics"]}
    assert answer["failed"] == 0
    assert (found["width"]["min"], found["width"]["max"], found["width"]["unit"]) == (32, 32, "px")
    assert found["brightness"]["min"] == 0
    assert 0.3 < found["brightness"]["mean"] < 0.6
    assert call("measure", pictures)[1].splitlines()[0].split() == ["statistic", "min", "mean", "max", "unit"]


def test_only_what_changed_is_measured_again(ask, pictures, pictures_files, tmp_path):
    moved = tmp_path / "moved"
    shutil.copytree(pictures_files, moved)
    project = tmp_path / "own.dataimp"
    ask("import", moved, project)
    ask("measure", project)
    picture(moved / "down" / "d00.png", np.full((32, 32), 255))
    (moved / "down" / "d01.png").unlink()
    assert ask("measure", project)["failed"] == 1
    assert ask("query", project, "brightness = 1")["ids"] == ["down/d00.png"]
    assert ask("query", project, "brightness is null")["ids"] == ["down/d01.png"]


def test_similar_examples_come_nearest_first(ask, call, pictures):
    found = ask("similar", pictures, TWIN, "--top", 5)["similar"]
    assert found[0] == {"id": SOURCE, "similarity": pytest.approx(1, abs=1e-4), "label": "down"}
    assert [each["label"] for each in found] == ["down"] * 5
    assert len(ask("similar", pictures, TWIN, "--top", 1000)["similar"]) == 82
    assert "No example has the id" in call("similar", pictures, "nobody")[2]


def test_vectors_of_a_file_are_used_and_found_again_without_the_cache(ask, call, pictures, tmp_path):
    ids = ask("query", pictures, "true")["ids"]
    vectors = np.random.default_rng(0).normal(size=(len(ids), 7)).astype(np.float32)
    vectors[9] = vectors[4]
    np.save(tmp_path / "mine.npy", vectors)
    answer = ask("embed", pictures, "--file", tmp_path / "mine.npy")
    assert (answer["name"], answer["vectors"], answer["dimensions"], answer["without"]) == ("mine", len(ids), 7, 0)
    assert ask("similar", pictures, ids[4], "--top", 1)["similar"][0]["id"] == ids[9]
    shutil.rmtree(pictures / "cache")
    assert "no embedding" in call("similar", pictures, ids[4])[2]
    assert ask("embed", pictures)["name"] == "mine"
    assert ask("similar", pictures, ids[4], "--top", 1)["similar"][0]["id"] == ids[9]
    assert {"mine"} < {each["name"] for each in ask("embed", pictures, "--list")["embedders"]}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--file", "FILE", "--column", "width"], "Give one of"),
        (["--options", "FILE"], "--onnx"),
        (["--file", "FILE"], "which is not read"),
        (["--onnx", "FILE"], "no ONNX model"),
        (["--name", "nonsense"], 'no embedding "nonsense"'),
        (["--column", "nonsense"], "No column is called nonsense"),
        (["--file", "nowhere.npy"], "does not exist"),
    ],
)
def test_what_is_no_embedding_is_one_sentence(call, pictures, tmp_path, arguments, sentence):
    file = tmp_path / "file.npy"
    file.write_bytes(b"\x93NUMPY but not really")
    code, out, err = call("embed", pictures, *[str(file) if word == "FILE" else word for word in arguments])
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert sentence in err


# poor data: whatever is there, the search ends, with findings or without


def imported(call, folder, name, heading, lines, *options):
    source = write(folder / f"{name}.csv", heading, lines)
    project = folder / f"{name}.dataimp"
    code, _, err = call("import", source, project, *options)
    assert code == 0, err
    return project


def test_a_table_of_one_example_has_no_issues(call, ask, tmp_path):
    project = imported(call, tmp_path, "one", ["id", "label", "size_cm"], [["a", "Bag", 3.0]])
    assert ask("issues", project) == {"issues": []}
    assert ask("similar", project, "a") == {"similar": []}


def test_fewer_examples_than_neighbours_are_searched_all_the_same(call, ask, tmp_path):
    lines = [["a", "Bag", 1.0], ["b", "Bag", 1.1], ["c", "Coat", 9.0], ["d", "Coat", 9.1]]
    project = imported(call, tmp_path, "few", ["id", "label", "size_cm"], lines)
    ask("issues", project)
    assert [each["id"] for each in ask("similar", project, "a")["similar"]] == ["b", "c", "d"]


def test_one_class_has_no_wrong_labels(call, ask, tmp_path):
    lines = [[f"{n}", "Bag", n % 7] for n in range(60)]
    project = imported(call, tmp_path, "alike", ["id", "label", "size_cm"], lines)
    assert ask("issues", project, "--kind", "label") == {"issues": []}


def test_a_table_without_columns_labels_or_predictions_has_nothing_to_go_by(call, ask, tmp_path):
    project = imported(call, tmp_path, "bare", ["id", "label"], [[f"{n}", "Bag" if n % 2 else ""] for n in range(20)])
    assert ask("issues", project) == {"issues": []}
    code, _, err = call("embed", project)
    assert (code, "can be made a vector" in err) == (2, True)


def test_equal_values_everywhere_are_equal_vectors_and_no_reason_to_doubt_labels(call, ask, tmp_path):
    lines = [[f"{n}", "Bag" if n % 2 else "Coat", 4.0, 5.0] for n in range(60)]
    project = imported(call, tmp_path, "constant", ["id", "label", "size_cm", "depth_cm"], lines)
    assert ask("issues", project, "--kind", "label") == {"issues": []}
    assert ask("issues", project, "--kind", "outlier") == {"issues": []}
    assert len(ask("issues", project, "--kind", "duplicate")["issues"]) == 59


def test_vectors_that_are_not_numbers_are_nobodys_neighbours(call, ask, tmp_path):
    lines = [[f"{n:02d}", "Bag" if n < 30 else "Coat"] for n in range(60)]
    project = imported(call, tmp_path, "odd", ["id", "label"], lines)
    vectors = np.random.default_rng(1).normal(size=(60, 4))
    vectors[7], vectors[8], vectors[9] = np.nan, 0, np.inf
    np.save(tmp_path / "v.npy", vectors)
    assert ask("embed", project, "--file", tmp_path / "v.npy")["without"] == 3
    ask("issues", project)
    assert ask("similar", project, "07") == {"similar": []}
    assert not {"07", "08", "09"} & {each["id"] for each in ask("similar", project, "00", "--top", 60)["similar"]}
    np.save(tmp_path / "none.npy", np.full((60, 4), np.nan))
    assert "no vector that can be used" in call("embed", project, "--file", tmp_path / "none.npy")[2]


def test_a_class_with_one_example_and_a_thousand_classes_are_searched(call, ask, tmp_path):
    rng = np.random.default_rng(2)
    lines = [[f"{n}", f"class {n % 1000}", float(n % 1000), round(rng.random(), 3)] for n in range(3000)]
    lines.append(["single", "alone", 500.0, 0.5])
    project = imported(call, tmp_path, "thousand", ["id", "label", "size_cm", "depth_cm"], lines)
    code, out, err = call("issues", project, "--kind", "label")
    assert (code, out) == (0, "No label issues are open.\n")
    assert "know too little of these classes" in err


def test_predictions_without_probabilities_are_no_evidence(call, ask, tmp_path):
    lines = [[f"{n}", "Bag" if n % 2 else "Coat", float(n % 2), n / 90] for n in range(90)]
    said = write(tmp_path / "run.csv", ["id", "predicted"], [[f"{n}", "Coat"] for n in range(80)])
    heading = ["id", "label", "size_cm", "depth_cm"]
    project = imported(call, tmp_path, "words", heading, lines, "--predictions", said)
    assert ask("issues", project, "--kind", "label") == {"issues": []}


def test_texts_that_are_empty_or_equal_are_told(call, ask, tmp_path):
    animals, tools = ("cat dog horse mouse cow", "hammer saw drill nail screw")
    rng = np.random.default_rng(3)
    lines = [
        [
            f"t{n:02d}",
            ("animal", "tool")[n % 2],
            " ".join(rng.permutation((animals, tools)[n % 2].split())[:4]) + f" {n}",
        ]
        for n in range(60)
    ]
    lines[10][2], lines[12][2] = lines[8][2], " "
    project = imported(call, tmp_path, "texts", ["id", "label", "text"], lines, "--modality", "text")
    found = ask("issues", project)["issues"]
    pairs = {frozenset((i["id"], *i["others"])) for i in found if i["kind"] == "duplicate"}
    assert frozenset(("t08", "t10")) in pairs
    assert ask("query", project, "length > 5 and words >= 5")["count"] > 50


def test_a_sound_that_is_silent_is_told(call, ask, tmp_path):
    rng = np.random.default_rng(3)
    for number in range(12):
        samples = 8000 * np.sin(np.arange(8000) * (0.05, 0.4)[number % 2] * rng.uniform(0.9, 1.1))
        file = tmp_path / "sounds" / ("low", "high")[number % 2] / f"s{number:02d}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(file), "wb") as out:
            out.setparams((1, 2, 8000, 0, "NONE", ""))
            out.writeframes((samples if number != 6 else 0 * samples).astype("<i2").tobytes())
    project = tmp_path / "sounds.dataimp"
    ask("import", tmp_path / "sounds", project)
    assert "low/s06.wav" in {issue["id"] for issue in ask("issues", project, "--kind", "media")["issues"]}
    assert ask("query", project, "duration = 1 and peak > -20")["count"] == 11


def test_a_project_that_is_open_elsewhere_is_searched_without_being_touched(call, ask, pictures):
    import dataimp_gui

    shutil.rmtree(pictures / "cache")
    with dataimp_gui.open(pictures):
        assert ask("issues", pictures, "--kind", "duplicate")["issues"]
        assert "What is found now is not kept." in call("issues", pictures, "--kind", "duplicate")[2]
        assert "open" in call("keep", pictures, "--where", "true")[2]
    assert not (pictures / "cache" / "issues").exists()
