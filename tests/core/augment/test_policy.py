"""Policies: what they say, what is refused, and that the same policy makes the same variants."""

import json
import subprocess
import sys

import numpy as np
import pytest

from dataimp_gui import load_policy
from dataimp_gui.core.augment import operations as table
from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.policy import Policy, Step, checked, content_id, from_json, load, missing, save, to_json
from dataimp_gui.core.augment.values import Sound
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError


def _append(text: str, values: Values, draw: Draw) -> str:
    return f"{text}|{values.number('size'):.6f}|{draw.uniform(0, 1):.6f}"


def _fails(_text: str, _values: Values, _draw: Draw) -> str:
    raise ZeroDivisionError("nothing there")


SIZE = Parameter("size", "Size", "px", 0, 10, (1, 2))
APPEND = Operation("test_append", "Append", Modality.TEXT, "None.", (SIZE,), Keeps.LABEL, _append)
OTHER = Operation("test_other", "Other", Modality.TEXT, "None.", (SIZE,), Keeps.LABEL, _append)
MIRROR = Operation(
    "test_mirror", "Mirror", Modality.TEXT, "None.", (), Keeps.SOME_CLASSES, lambda text, *_: text[::-1],
    spoils=lambda label, _: label == "6",
)  # fmt: skip
FAILS = Operation("test_fails", "Fails", Modality.TEXT, "None.", (), Keeps.LABEL, _fails)


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {**table.table(), **{each.name: each for each in (APPEND, OTHER, MIRROR, FAILS)}}
    monkeypatch.setattr(table, "table", lambda: known)


def policy(*steps: Step, seed: int = 42) -> Policy:
    return Policy("Trial", Modality.TEXT, seed, steps)


def test_a_variant_depends_on_seed_example_and_draw_alone():
    one = policy(Step("test_append"))
    made = apply(one, "a", "id 1", 0).value
    assert apply(one, "a", "id 1", 0).value == made
    assert apply(one, "a", "id 2", 0).value != made
    assert apply(one, "a", "id 1", 1).value != made
    assert apply(policy(Step("test_append"), seed=43), "a", "id 1", 0).value != made


def test_another_process_makes_the_same():
    code = (
        "from dataimp_gui.core.augment.draws import Draw; d = Draw('noise', 42, 'blur', 0, 'é', 3);"
        "print(d.uniform(0, 1), d.normal(3).tolist(), d.integer(0, 99), d.choice(7))"
    )
    here = Draw("noise", 42, "blur", 0, "é", 3)
    said = f"{here.uniform(0, 1)} {here.normal(3).tolist()} {here.integer(0, 99)} {here.choice(7)}"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == said
    )


def test_a_step_that_is_off_or_moved_leaves_the_draws_of_the_others():
    alone = apply(policy(Step("test_append")), "", "x", 0).value
    assert apply(policy(Step("test_other", on=False), Step("test_append")), "", "x", 0).value == alone
    assert apply(policy(Step("test_other"), Step("test_append")), "", "x", 0).value.endswith(alone)
    twice = apply(policy(Step("test_append"), Step("test_append")), "", "x", 0).value
    first, second = twice[: len(alone)], twice[len(alone) :]
    assert first == alone
    assert second != alone


def test_a_chance_is_met_and_a_range_is_drawn_from_evenly():
    one = policy(Step("test_append", chance=0.3, ranges={"size": (4, 6)}))
    done = [apply(one, "", str(number), 0).steps for number in range(4_000)]
    assert np.mean([len(each) for each in done]) == pytest.approx(0.3, abs=0.03)
    sizes = [dict(each[0].values)["size"] for each in done if each]
    assert 4 <= min(sizes) < 4.05
    assert 5.95 < max(sizes) <= 6
    assert np.mean(sizes) == pytest.approx(5, abs=0.06)


def test_whole_numbers_are_drawn_evenly_with_both_ends():
    parameter = Parameter("n", "N", "", 0, 10, (2, 4), integer=True)
    drawn = [parameter.at(share, 2, 4) for share in np.linspace(0, 1, 3_001)]
    assert np.bincount(np.array(drawn, int))[2:].tolist() == pytest.approx([1_000] * 3, abs=2)


def test_a_label_that_would_be_spoiled_keeps_its_example():
    one = policy(Step("test_mirror"))
    assert apply(one, "ab", "x", 0, "8").value == "ba"
    assert apply(one, "ab", "x", 0, "6").value == "ab"
    assert apply(policy(Step("test_mirror", spare=("8",))), "ab", "x", 0, "8").value == "ab"


def test_a_step_that_fails_is_left_out_and_named():
    made = apply(policy(Step("test_fails"), Step("test_mirror"), Step("nothing_such")), "ab", "x", 0)
    assert made.value == "ba"
    assert [each.op for each in made.steps] == ["test_mirror"]
    assert made.warnings[0] == "Fails could not be done: nothing there"
    assert 'no operation "nothing_such"' in made.warnings[1]


@pytest.mark.parametrize(
    "given",
    [
        np.zeros((4, 6, 3), np.uint8),
        np.zeros((4, 6), np.float32),
        Sound(np.zeros((8, 2), np.float32), 8000),
        "some words",
    ],
    ids=["picture", "floats", "sound", "text"],
)
@pytest.mark.parametrize("wrong", ["nothing", "depth", "channels", "numbers", "size"])
def test_what_a_package_gives_back_wrongly_is_left_out_and_named(given, wrong, monkeypatch):
    def give(value, _values, _draw):
        if wrong == "nothing" or isinstance(value, str):
            return None
        values = value.samples if isinstance(value, Sound) else value
        made = {
            "depth": lambda: values.astype(np.float64),
            "channels": lambda: np.dstack([values] * 5),
            "numbers": lambda: np.full_like(values, np.nan) if values.dtype.kind == "f" else values.astype(np.int8),
            "size": lambda: values[:0],
        }[wrong]()
        return Sound(made, value.rate) if isinstance(value, Sound) else made

    kind = {np.ndarray: Modality.IMAGE, Sound: Modality.AUDIO, str: Modality.TEXT}[type(given)]
    mine = Operation("mine", "Mine", kind, "None.", (), Keeps.LABEL, give)
    known = {**table.table(), "mine": mine}
    monkeypatch.setattr(table, "table", lambda: known)
    made = apply(Policy("Trial", kind, steps=(Step("mine"),)), given, "x", 0)
    assert made.value is given
    assert made.warnings[0].startswith("Mine could not be done: what came out")


def test_a_policy_survives_its_file(tmp_path):
    one = policy(Step("test_append", 0.25, False, {"size": (0.1, 0.30000000000000004)}, {}, ("6",)), seed=2**40)
    save(one, tmp_path / "p.json")
    assert load(tmp_path / "p.json") == one
    assert to_json(from_json(to_json(one))) == to_json(one)
    assert content_id(one) != content_id(policy(seed=1))


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step("test_append", ranges={"size": (2, 1)}), "goes backwards"),
        (Step("test_append", ranges={"size": (-1, 1)}), "beyond 0 to 10 px"),
        (Step("test_append", ranges={"size": (float("nan"), 1)}), "no range"),
        (Step("test_append", ranges={"wide": (1, 2)}), 'no number called "wide"'),
        (Step("test_append", chance=1.5), "no probability"),
        (Step("test_append", choices={"size": ("a",)}), 'no choice called "size"'),
        (Step("gone"), 'no operation "gone"'),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(step, said):
    with pytest.raises(DataimpError, match="Step 1: ") as error:
        checked(policy(step))
    assert said in str(error.value)


def test_an_operation_of_another_modality_is_refused():
    with pytest.raises(DataimpError, match='"Append" is for text, the policy for image'):
        checked(Policy("P", Modality.IMAGE, steps=(Step("test_append"),)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a policy"),
        ('{"format": 2, "more": 1}', "newer Dataimp"),
        ('{"name": "a", "modality": "smell"}', "smell"),
        ('{"name": "a", "more": ' + "[" * 100_000, "nested too deeply"),
        ('{"name": "a", "modality": "text", "steps": [{"op": "a", "odds": 1}]}', "odds"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(tmp_path, text, said):
    (tmp_path / "p.json").write_text(text)
    with pytest.raises(DataimpError, match=said):
        load(tmp_path / "p.json")


def test_training_code_loads_it(tmp_path):
    one = policy(Step("test_append"))
    (tmp_path / "p.json").write_text(json.dumps(json.loads(to_json(one))))
    assert load_policy(tmp_path / "p.json")("a", "x", 3) == apply(one, "a", "x", 3).value


@pytest.mark.parametrize(
    "value",
    [
        np.zeros((4, 4), np.float64),
        np.zeros((3, 224, 224), np.uint8),
        np.zeros((0, 4), np.uint8),
        np.full((4, 4), 255, np.float32),
        np.full((4, 4), np.nan, np.float32),
        "a",
        3,
    ],
)
def test_training_code_is_told_what_a_policy_does_not_take(value, tmp_path):
    save(Policy("Soft", Modality.IMAGE, steps=(Step("blur"),)), tmp_path / "p.json")
    with pytest.raises(DataimpError, match=r"for image, which|no picture that|outside of 0 to 1"):
        load_policy(tmp_path / "p.json")(value, "x", 0)


def test_training_code_is_warned_of_steps_that_cannot_be_done(tmp_path):
    save(policy(Step("test_fails")), tmp_path / "p.json")
    augment = load_policy(tmp_path / "p.json")
    with pytest.warns(UserWarning, match="Fails could not be done: nothing there"):
        assert augment("a", "x", 0) == "a"
    save(policy(Step("synonyms")), tmp_path / "p.json")
    with pytest.warns(UserWarning, match='"Synonyms of yours" does nothing: no file was given'):
        load_policy(tmp_path / "p.json")


class Point:
    """An entry point of an installed package."""

    name = "theirs"

    def __init__(self, given):
        self.given = given

    def load(self):
        if isinstance(self.given, Exception):
            raise self.given
        return self.given


def test_installed_operations_join_the_table_and_a_broken_package_breaks_nothing(monkeypatch):
    points = [Point((APPEND, MIRROR)), Point(ImportError("gone")), Point("no operation")]
    monkeypatch.undo()
    monkeypatch.setattr(table.metadata, "entry_points", lambda group: points if group == "dataimp.transforms" else [])
    table.table.cache_clear()
    try:
        assert table.find("test_append") is APPEND
        assert MIRROR in table.operations(Modality.TEXT)
        assert len(table.operations(Modality.IMAGE)) >= 30
        with pytest.raises(DataimpError, match="no operation") as told:
            table.find("test_gone")
        assert told.value.hint == '"theirs" of an installed package could not be loaded: gone.'
    finally:
        table.table.cache_clear()


@pytest.mark.parametrize(
    ("op", "modality", "wanted"), [("background", "audio", "folder"), ("synonyms", "text", "file")]
)
def test_a_step_without_the_file_that_it_needs_is_not_done(op, modality, wanted):
    given = Policy("Bare", Modality(modality), steps=(Step(op),))
    value = Sound(np.ones((8, 1), np.float32), 8000) if modality == "audio" else "some words"
    assert missing(given.steps[0]) == wanted
    assert apply(given, value, "one", 0).steps == ()
    full = Step(op, choices={"folder" if modality == "audio" else "list": ("/there",)})
    assert missing(full) == ""
