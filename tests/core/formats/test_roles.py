from collections.abc import Sequence
from pathlib import Path

import pytest

from dataimp_gui.core.formats.found import FoundColumn
from dataimp_gui.core.formats.roles import Guess, Sampled, guess
from dataimp_gui.core.model import Modality, Role


def roles(guessed: Guess) -> dict[str, str]:
    return {column.name: column.role.value for column in guessed.columns if column.role is not Role.METADATA}


def text(name: str, *values: str) -> Sampled:
    return Sampled(name, "text", values)


def number(name: str, values: Sequence[int] = range(20)) -> Sampled:
    return Sampled(name, "number", tuple(map(str, values)))


SENTENCES = tuple(f"the {n} quick brown foxes jump" for n in range(20))


def test_names_that_people_use_are_known(tmp_path: Path) -> None:
    columns = [
        number("UUID"), text("Message", *SENTENCES), text("Class", *"ab" * 10), text("Subset", "x", "y"),
        number("speaker_id"), number("length"),
    ]  # fmt: skip
    guessed = guess(columns, tmp_path)
    assert roles(guessed) == {
        "UUID": "id", "Message": "text", "Class": "label", "Subset": "split", "speaker_id": "group",
    }  # fmt: skip
    assert guessed.modality is Modality.TEXT
    assert all(column.why for column in guessed.columns if column.role is not Role.METADATA)


def test_values_speak_where_names_do_not(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"")
    columns = [
        text("a", "x.png", "y.png"), text("b", "train", "TEST", "val"), text("c", *["up", "down"] * 10), number("d"),
    ]  # fmt: skip
    guessed = guess(columns, tmp_path)
    assert roles(guessed) == {"a": "media", "b": "split", "c": "label"}
    assert guessed.modality is Modality.IMAGE


def test_long_texts_are_texts_and_short_codes_are_not(tmp_path: Path) -> None:
    assert roles(guess([text("a", *SENTENCES), text("b", *(f"k{n}" for n in range(20)))], tmp_path)) == {"a": "text"}


def test_names_with_endings_that_are_nowhere_are_no_media(tmp_path: Path) -> None:
    guessed = guess([text("note", "see a.png", "b.png")], tmp_path)
    assert (roles(guessed), guessed.modality) == ({}, Modality.TABLE)
    named = guess([text("file", "a.wav", "b.wav")], tmp_path)
    assert (roles(named), named.modality) == ({"file": "media"}, Modality.AUDIO)


def test_two_columns_of_few_words_are_no_label_unless_one_comes_last(tmp_path: Path) -> None:
    few = ("a", "b") * 10
    assert roles(guess([text("x", *few), text("v", *few), number("z")], tmp_path)) == {}
    assert roles(guess([text("x", *few), number("z"), text("v", *few)], tmp_path)) == {"v": "label"}


def test_who_speaks_is_the_group_and_no_label(tmp_path: Path) -> None:
    columns = [text("message", *SENTENCES), text("speaker", *["al", "bo"] * 10), number("digit", [1, 2] * 10)]
    assert roles(guess(columns, tmp_path)) == {"message": "text", "speaker": "group"}


@pytest.mark.parametrize(
    ("values", "role"), [(("u1", "u2", "u3"), "id"), (("u1", "u1", "u2"), None)], ids=["unique", "repeated"]
)
def test_a_name_that_ends_in_id_is_one_when_its_values_are_unique(
    tmp_path: Path, values: tuple[str, ...], role: str | None
) -> None:
    assert roles(guess([text("image_id", *values), number("n")], tmp_path)).get("image_id") == role


def test_only_the_first_column_of_bytes_is_the_media(tmp_path: Path) -> None:
    columns = [Sampled("image", "bytes", (), b"\x89PNG"), Sampled("mask", "bytes", (), b"\x89PNG"), number("label")]
    guessed = guess(columns, tmp_path)
    assert roles(guessed) == {"image": "media", "mask": "skip", "label": "label"}


@pytest.mark.parametrize(
    ("head", "modality"),
    [
        (b"RIFF\0\0\0\0WAVE", Modality.AUDIO), (b"RIFF\0\0\0\0WEBP", Modality.IMAGE), (b"fLaC", Modality.AUDIO),
        (b"\xff\xd8\xff", Modality.IMAGE), (b"OggS", Modality.AUDIO),
    ],
)  # fmt: skip
def test_bytes_are_heard_or_seen_by_their_beginning(tmp_path: Path, head: bytes, modality: Modality) -> None:
    assert guess([Sampled("x", "bytes", (), head)], tmp_path).modality is modality


def test_no_path_outside_the_folder_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"")
    (tmp_path / "source").mkdir()
    guessed = guess([text("note", "../secret.png", str(tmp_path / "secret.png"))], tmp_path / "source")
    assert guessed.columns == (FoundColumn("note", "text", Role.METADATA, guessed.columns[0].samples),)
