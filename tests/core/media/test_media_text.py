import pytest

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.formats.encoding import guess as encoding_of_table
from dataimp_gui.core.media import text
from dataimp_gui.core.media.files import MediaError

WORDS = "Grüße, ça va? Привет 你好"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_with_and_without_a_mark(encoding):
    assert text.decode(WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Съешь же ещё этих мягких французских булок, да выпей чаю. Привет, как дела?" * 3, "cp1251"),
        ("Les élèves français préfèrent déjà étudier à l'école l'été dernier, où ça?" * 3, "cp1252"),
    ],
)
def test_an_older_encoding_is_found_by_its_letters(words, encoding):
    assert text.decode(words.encode(encoding)) == words


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。", "shift_jis"),
        ("吾輩は猫である。名前は,まだ無い。\n", "shift_jis"),
        ("学而时习之不亦说乎有朋自远方来不亦乐乎人不知而不愠不亦君子乎", "gb18030"),
        ("모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.", "euc_kr"),
    ],
)
@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_a_character_on_the_edge_of_what_is_looked_at_does_not_hide_the_encoding(words, encoding, before):
    data = (before + words * 3000).encode(encoding)
    assert text.decode(data) == before + words * 3000
    assert encoding_of_table(data[:262_144]) == text.code_page(data)


def test_line_ends_and_control_characters_stay_as_they_are():
    assert text.decode(b"a\r\nb\tc\n") == "a\r\nb\tc\n"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"MZ\0\1\2", b"\0" * 9, bytes(range(1, 32)) * 9])
def test_bytes_that_are_no_text_are_refused(data):
    with pytest.raises(MediaError, match="It is no text"):
        text.decode(data)


def test_a_mark_that_does_not_keep_its_word_is_said_with_its_place():
    with pytest.raises(MediaError, match=r"begins like UTF-8 text but is not .* at byte 5"):
        text.decode(b"\xef\xbb\xbfab\xffc")


def test_more_characters_than_the_limit_are_refused():
    assert text.decode(b"12345", Limits(max_characters=5)) == "12345"
    for data in (b"123456", b"1" * 1000):
        with pytest.raises(MediaError, match="more than 5 characters"):
            text.decode(data, Limits(max_characters=5))


def test_length_counts_characters_and_words_are_parted_by_whitespace():
    assert text.measure("née  ça\n") == (8, 2)
