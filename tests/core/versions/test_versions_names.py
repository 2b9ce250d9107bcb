import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataimp_gui.core.versions.names import Taken, safe, sniffed_suffix, split_suffix


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cat", "cat"),
        ("", "_"),
        (".", "_"),
        ("..", "__"),
        ("a/b", "a_b"),
        ("a\\b", "a_b"),
        ("/etc/passwd", "_etc_passwd"),
        ("../up", "___up"),
        (".hidden", "_hidden"),
        ("ends.", "ends_"),
        (" spaces ", "_spaces_"),
        ("what? *now*", "what_ _now_"),
        ("a\nb\tc\x00", "a_b_c_"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1", "_com1"),
        ("console", "console"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("cat 😀", "cat 😀"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("ねこ", "ねこ"),
        ("e\u0301", "é"),
    ],
)
def test_a_name_is_safe_on_every_system(text: str, name: str) -> None:
    assert safe(text) == name


def test_a_long_name_is_cut_at_a_character_and_stays_different() -> None:
    one, other = safe("é" * 200), safe("é" * 201)
    assert len(one.encode()) <= 120
    assert one != other
    assert one[:-9] == "é" * 55
    assert one[-9] == "~"


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_gives_one_component_that_windows_takes_too(text: str) -> None:
    name = safe(text)
    assert 0 < len(name.encode()) <= 121
    assert name not in (".", "..")
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(letter) == "Cc" for letter in name)
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert safe(text) == name


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(st.sampled_from("aAäÄ./~2 ?"), max_size=4), max_size=30))
def test_no_two_files_of_a_folder_share_a_name_in_any_case(texts: list[str]) -> None:
    taken = Taken()
    names = [taken.stem("f", text) for text in texts]
    assert len({unicodedata.normalize("NFC", name.casefold()) for name in names}) == len(texts)


def test_clashes_are_numbered_in_their_order() -> None:
    taken = Taken()
    assert [taken.stem("", text) for text in ("a/b", "a_b", "A_B", "a_b~2")] == ["a_b", "a_b~2", "A_B~3", "a_b~2~2"]


def test_a_folder_keeps_its_name_and_no_file_gets_it() -> None:
    taken = Taken()
    assert taken.folder("media", "Cat") == taken.folder("media", "Cat") == "media/Cat"
    assert taken.folder("media", "cat") == "media/cat~2"
    assert taken.stem("media", "CAT") == "CAT~3"
    assert taken.folder("media/Cat", "cat") == "media/Cat/cat"


def test_a_suffix_is_what_media_have_and_else_comes_from_the_content() -> None:
    assert split_suffix("a.b.JPG") == ("a.b", ".JPG")
    assert split_suffix("v1.2") == ("v1.2", "")
    assert split_suffix(".png") == (".png", "")
    assert sniffed_suffix(b"\x89PNG\r\n\x1a\n....") == ".png"
    assert sniffed_suffix(b"RIFF\0\0\0\0WAVEfmt ") == ".wav"
    assert sniffed_suffix(b"RIFF\0\0\0\0WEBPVP8 ") == ".webp"
    assert sniffed_suffix(b"") == ".bin"


def test_the_names_can_really_be_made(tmp_path: Path) -> None:
    texts = ["", "..", "a/b", "CON", "x" * 500, "😀" * 100, "tab\t", "e\u0301", "\u202ex", "-rf", "~", "$HOME", "%n"]
    for text in texts:
        (tmp_path / safe(text)).mkdir()
    assert len(os.listdir(tmp_path)) == len(texts)
