"""The HTML report: what it says, and that nothing in the data can break it."""

import csv
import re
from html.parser import HTMLParser

import numpy as np
import pytest

import dataimp_gui
from dataimp_gui.cli import run
from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.core.markup import tag
from dataimp_gui.core.project import Project

EVIL = "</td><script>alert(1)</script>\"'&\u202e<img src=http://evil.example/x onerror=alert(1)>"


class Reader(HTMLParser):
    """Every element with its attributes, whether they are closed in turn, and the text without the style."""

    def __init__(self):
        super().__init__()
        self.tags, self.open, self.words, self.attributes = [], [], [], []

    def handle_starttag(self, name, attributes):
        self.tags.append(name)
        self.attributes += [(name, *each) for each in attributes]
        self.open.append(name)

    def handle_startendtag(self, name, attributes):
        self.tags.append(name)
        self.attributes += [(name, *each) for each in attributes]

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)


def read(file):
    reader = Reader()
    reader.feed(file.read_text("utf-8"))
    assert reader.open == []
    return reader


@pytest.fixture(scope="session")
def nasty_folder(tmp_path_factory):
    """Texts, class names and columns full of HTML; half of the predictions in one room are wrong."""
    folder = tmp_path_factory.mktemp("nasty")
    rng = np.random.default_rng(2)
    classes = (f"ham {EVIL}", "spam")
    with (folder / "texts.csv").open("w", newline="") as data, (folder / "run.csv").open("w", newline="") as said:
        rows, runs = csv.writer(data), csv.writer(said)
        rows.writerow(["id", "text", "label", "room", "split"])
        runs.writerow(["id", *classes])
        for number in range(900):
            label, room = int(rng.integers(2)), ("attic", f"hall {EVIL}", "cellar")[rng.integers(3)]
            wrong = rng.random() < (0.5 if room.startswith("hall") else 0.05)
            rows.writerow(
                [f"{number}{EVIL}", f"text {EVIL} {number}", classes[label], room, ("train", "test")[number % 2]]
            )
            sure = round(float(rng.uniform(0.6, 0.99)), 4)
            likely = sure if (label == 0) != wrong else round(1 - sure, 4)
            runs.writerow([f"{number}{EVIL}", likely, round(1 - likely, 4)])
    options = ImportOptions(predictions=(folder / "run.csv",))
    with Project.create(folder / "nasty.dataimp", folder / "texts.csv", options)[0] as project:
        project.slices.save(f"saved {EVIL}", "room = 'attic'", why=EVIL)
        project.slices.find()
    return folder / "nasty.dataimp"


@pytest.fixture
def report(tmp_path, capsys):
    def report(project, *arguments):
        file = tmp_path / "report.html"
        code = run(["report", str(project), "-o", str(file), *arguments])
        assert code == 0, capsys.readouterr().err
        return read(file)

    return report


def test_it_says_what_the_command_line_says(report, nasty_folder):
    words = " ".join(report(nasty_folder).words)
    with dataimp_gui.open(nasty_folder, read_only=True) as project:
        metrics, found = project.metrics(), project.slices.found
    assert f"{metrics.accuracy:.1%}" in words
    assert f"{metrics.accuracy_ci[0]:.1%} – {metrics.accuracy_ci[1]:.1%}" in words
    assert "Splits" in words
    assert "attic" in words
    assert f"{found.tried:,} candidates" in words
    assert f"{found.slices[0].error_rate:.1%}" in words
    assert "confirmed" in words


def test_nothing_of_the_data_becomes_markup_and_nothing_is_loaded(report, nasty_folder):
    reader = report(nasty_folder)
    assert "script" not in reader.tags
    assert "link" not in reader.tags
    assert not [each for each in reader.attributes if each[1].startswith("on")]
    for _, name, value in reader.attributes:
        assert name not in ("href", "srcset", "action", "style")
        assert name != "src" or value.startswith("data:image/")
    assert any("default-src 'none'" in (value or "") for _, _, value in reader.attributes)
    words = " ".join(reader.words)
    assert "<script>alert(1)</script>" in words
    assert "\u202e" not in words


def test_pictures_are_inside_the_file(report, tmp_path):
    from PIL import Image

    rng = np.random.default_rng(0)
    for number in range(12):
        file = tmp_path / "things" / ("cat" if number % 2 else "dog") / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (24, 24, 3), dtype=np.uint8)).save(file)
    (tmp_path / "things" / "cat" / "1.png").write_bytes(b"broken")
    options = ImportOptions()
    with Project.create(tmp_path / "things.dataimp", tmp_path / "things", options)[0] as project:
        ids = project.ids(np.arange(project.count))
        (tmp_path / "run.csv").write_text("\n".join(["id,predicted", *(f"{each},dog" for each in ids)]))
        project.add_run(tmp_path / "run.csv", "always dog")
    reader = report(tmp_path / "things.dataimp")
    pictures = [value for name, key, value in reader.attributes if (name, key) == ("img", "src")]
    assert pictures
    assert all(each.startswith("data:image/jpeg;base64,") for each in pictures)


def test_without_predictions_it_says_so(report, tmp_path, shirts_files):
    Project.create(tmp_path / "bare.dataimp", shirts_files[0])[0].close()
    words = " ".join(report(tmp_path / "bare.dataimp").words)
    assert "nothing can be measured" in words
    assert "Nobody searched" in words


def test_it_narrows_to_a_scope_and_leaves_slices_of_another_one_out(report, nasty_folder):
    words = " ".join(report(nasty_folder, "--where", "split = 'test'").words)
    assert "only where split = 'test'" in words
    assert "left out" in words
    assert re.search(r"in 450 with a label", words)


@pytest.mark.parametrize(("place", "sentence"), [("nowhere/report.html", "no folder"), (".", "is a folder")])
def test_a_place_where_no_file_can_be_is_a_sentence(place, sentence, tmp_path, shirts, capsys):
    assert run(["report", str(shirts), "-o", str(tmp_path / place)]) == 2
    assert sentence in capsys.readouterr().err
    assert not list(tmp_path.glob("**/*.html*"))


def test_markup_escapes_attributes_and_children():
    assert tag("td", '<b>"&', title='"><x', class_=None) == ('<td title="&quot;&gt;&lt;x">&lt;b&gt;&quot;&amp;</td>')
