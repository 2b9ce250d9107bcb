from pathlib import Path

import pytest

from dataimp_gui.core.formats import encoding
from dataimp_gui.errors import Cancelled, FormatError
from dataimp_gui.progress import Progress

TEXTS = {
    "cp1252": "id,text\n1,café crème à 5 €\n2,“naïve” — Straße\n",
    "cp1250": "id,text\n1,Zażółć gęślą jaźń\n2,święto\n",
    "cp1251": "id,text\n1,Привет, как дела сегодня\n",
    "shift_jis": "id,text\n1,こんにちは世界、元気ですか\n",
    "utf-16": "id,text\n1,é\n",
    "utf-16-le": "id,text\n1,abc\n",
    "utf-16-be": "id,text\n1,abc\n",
    "utf-32": "id,text\n1,é\n",
    "utf-8": "id,text\n1,こんにちは\n",
    "utf-8-sig": "id,text\n1,é\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_encoding_of_a_text_is_found_and_rewritten(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXTS[name].encode(name))
    assert encoding.guess(path.read_bytes()) == name
    with encoding.as_utf8(path, name, Progress(), folder=tmp_path) as copy:
        assert copy.read_text("utf-8-sig") == TEXTS[name]
    assert [left.name for left in tmp_path.iterdir()] == ["a.csv"]


def test_a_character_cut_off_at_the_end_of_the_sample_is_still_utf_8() -> None:
    data = "id,text\n1,世界".encode()
    for end in range(len(data) - 5, len(data) + 1):
        assert encoding.guess(data[:end]) == "utf-8"


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(256)) * 4, bytes(1000), b"\x80\x04\x95\x10\0\0\0\0\0\0\0"]
)
def test_binary_data_is_no_text(data: bytes) -> None:
    assert encoding.guess(data) == ""


def test_a_text_that_leaves_its_encoding_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,text\n".encode("utf-16") + b"\x00\xd8")
    with pytest.raises(FormatError, match="neither UTF-8 nor utf-16"), encoding.as_utf8(path, "utf-16", Progress()):
        pass


def test_rewriting_can_be_cancelled_and_leaves_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id\n1\n".encode("utf-16"))
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled), encoding.as_utf8(path, "utf-16", progress, folder=tmp_path):
        pass
    assert [left.name for left in tmp_path.iterdir()] == ["a.csv"]
