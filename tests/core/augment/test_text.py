"""Text operations change what they say, about as much as they say, and tear nothing that a reader sees as one."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataimp_gui.core.augment.applying import apply
from dataimp_gui.core.augment.operations import Keeps, operations
from dataimp_gui.core.augment.policy import Policy, Step
from dataimp_gui.core.augment.text.pieces import characters, tokens
from dataimp_gui.core.model import Modality

OPERATIONS = {each.name: each for each in operations(Modality.TEXT)}
LONG = (
    "The parcel was delivered on Monday, but nobody was at home. I called your service twice and did not get an "
    "answer; please tell me what to do. Is it possible to collect it from the shop near the station? Thank you! "
) * 20
ODD = {
    "empty": "",
    "a space": " ",
    "line ends": "\r\n\n",
    "one letter": "a",
    "family": "👩‍👩‍👧 👍🏽 ☀️",
    "flags": "🇩🇪🇫🇷🇩",
    "marks alone": "\u0301\u0301",
    "marks": "e\u0301u\u0308 n\u0303o",
    "Hebrew": "שָׁלוֹם עולם",
    "Arabic": "مرحبا بالعالم",
    "Hindi": "नमस्ते दुनिया, क्षेत्र",
    "Thai": "สวัสดีชาวโลก",
    "Chinese": "你好，世界。",
    "half a surrogate": "a\ud800b",
    "control": "\x00\x07\ufeff\u202eabc",
}


def did(op, text, draw=0, **settings):
    """The text after one step that draws from all there is, but for what is set."""
    ranges = {key: (float(value), float(value)) for key, value in settings.items() if not isinstance(value, str)}
    choices = {each.name: each.choices for each in OPERATIONS[op].parameters if each.choices}
    choices |= {key: (value,) for key, value in settings.items() if isinstance(value, str)}
    step = Step(op=op, ranges=ranges, choices=choices)
    applied = apply(Policy(name="one", modality=Modality.TEXT, steps=(step,)), text, "message", draw)
    assert not applied.warnings
    return applied.value


def errors(before, after):
    """Characters to change, add or take away (Levenshtein), as a share of the characters before."""
    row = list(range(len(after) + 1))
    for number, each in enumerate(before, start=1):
        corner, row[0] = row[0], number
        for place, other in enumerate(after, start=1):
            corner, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, corner + (each != other))
    return row[-1] / len(before)


def test_there_are_at_least_fifteen_each_explained():
    assert len(OPERATIONS) >= 15
    for each in OPERATIONS.values():
        assert each.noise.endswith(".")
        assert each.title[0].isupper()


@pytest.mark.parametrize("op", OPERATIONS)
def test_odd_text_survives(op):
    for text in ODD.values():
        for draw in range(5):
            made = did(op, text, draw)
            assert isinstance(made, str)
            if not text:
                assert made == ""


@pytest.mark.parametrize("op", OPERATIONS)
def test_nothing_that_is_seen_as_one_is_torn(op):
    """Joined emoji and letters with marks come out whole or not at all, unless the step breaks encodings or accents."""
    if op in ("broken_encoding", "accents_lost", "web_escapes"):
        return
    for text in ("👩‍👩‍👧👍🏽🇩🇪" * 8, "नमस्ते दुनिया क्षेत्र " * 4):
        seen = set(characters(text))
        for draw in range(5):
            most = {each.name: 100.0 for each in OPERATIONS[op].parameters if each.name == "share"}
            made = did(op, text, draw, **most)
            torn = [each for each in characters(made) if each not in seen and set(each) & set("\u200d🏽🇩🇪")]
            assert not torn
            assert not any(unicodedata.category(each[0]) in ("Mn", "Mc") for each in characters(made))


@pytest.mark.parametrize("op", OPERATIONS)
def test_the_same_draw_is_the_same_text_and_another_one_is_not(op):
    text = 'Größe: "please" & café… ' + LONG[:600]
    assert did(op, text, 4) == did(op, text, 4)
    if op not in ("web_escapes", "typographic", "synonyms"):
        assert len({did(op, text, draw) for draw in range(8)}) > 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.sampled_from(sorted(OPERATIONS)), st.integers(0, 99))
def test_any_text_comes_out_as_text(text, op, draw):
    made = did(op, text, draw)
    if not any(0xD800 <= ord(each) < 0xE000 for each in text):
        made.encode()


@pytest.mark.parametrize("op", ["neighbour_key", "missed_letter", "doubled_letter", "unseen"])
def test_as_many_characters_change_as_the_share_says(op):
    text = "abcdefghijklmnopqrstuvwxyz" * 30
    for share in (2, 10):
        assert errors(text, did(op, text, share=share)) == pytest.approx(share / 100, abs=0.02)


@pytest.mark.parametrize(
    "op", [name for name, each in OPERATIONS.items() if any(p.name == "share" for p in each.parameters)]
)
def test_a_share_of_nothing_changes_nothing(op):
    extra = {"kind": "all lower case"} if op == "case" else {}
    assert did(op, LONG, share=0, **extra) == LONG


@pytest.mark.parametrize(
    ("layout", "key", "near"), [("QWERTY", "z", "asx"), ("QWERTZ", "z", "tuhg"), ("AZERTY", "q", "azsw")]
)
def test_slips_hit_the_keys_of_the_layout(layout, key, near):
    made = did("neighbour_key", key * 500, share=100, layout=layout)
    assert set(made) <= set(near) | set("67")
    assert set(made) >= set(near[:3])
    assert did("neighbour_key", key.upper() * 50, share=100, layout=layout).upper() == did(
        "neighbour_key", key.upper() * 50, share=100, layout=layout
    )


def test_none_moves_twice():
    assert did("swapped_letters", "abcd", share=100) == "badc"
    assert did("word_swap", "one two three four", share=100) == "two one four three"


def test_what_is_seen_as_one_is_one():
    seen = ["👩‍👩‍👧", "👍🏽", "☀️", "🇩🇪", "🇫🇷", "e\u0301", "n\u0303\u0323", "के", "각", "a"]
    made = did("unseen", "".join(seen), share=100, character="zero-width space")
    assert made == "".join(each + "\u200b" for each in seen)


def test_swapped_letters_stay_the_same_letters():
    made = did("swapped_letters", LONG, share=20)
    assert made != LONG
    assert sorted(made) == sorted(LONG)


def test_capitals_go_as_asked():
    text = "Dear Ms. Ünal, THANKS."
    assert did("case", text, kind="all lower case") == text.lower()
    assert did("case", text, kind="ALL CAPITALS") == text.upper()
    assert did("case", "one two", kind="Each Word Capital") == "One Two"


def test_a_scanner_mistakes_what_looks_alike():
    assert did("scanned", "rn", share=100) == "m"
    assert did("scanned", "O", share=100) in ("0", "Q")


def test_look_alikes_look_alike_but_are_none():
    made = did("homoglyphs", LONG, share=100)
    assert len(made) == len(LONG)
    assert not set("aceo") & set(made)


def test_accents_go_and_other_scripts_stay():
    text = "Größe, café, naïve, Łódź, नमस्ते, עִברית"
    assert did("accents_lost", text, share=100, umlauts="a, o, u") == "Grosse, cafe, naive, Lodz, नमस्ते, עִברית"
    assert did("accents_lost", "Größe", share=100, umlauts="ae, oe, ue") == "Groesse"


def test_spaces_are_lost_doubled_or_put_into_words():
    assert did("lost_spaces", "one two  three", share=100) == "onetwothree"
    assert did("extra_spaces", "one two", share=100) in ("one  two", "one   two")
    assert sorted(did("split_words", "parcel", share=100).replace(" ", "")) == sorted("parcel")
    assert " " in did("split_words", "parcel", share=100)


def test_punctuation_is_lost_or_repeated():
    assert did("lost_punctuation", "No, really?! (yes)", share=100) == "No really yes"
    assert did("repeated_punctuation", "Really? Yes.", share=100, times=3) == "Really??? Yes..."
    assert did("typographic", '"It\'s" - so...', to="curled") == "“It’s” – so…"
    assert did("typographic", "“It’s” – so…", to="straight") == '"It\'s" - so...'


def test_lines_are_as_long_as_asked_and_words_stay_whole():
    made = did("line_breaks", LONG, width=40)
    assert max(map(len, made.split("\n"))) <= 40 + 1
    assert made.split() == LONG.split()


def test_words_that_turn_a_sentence_around_are_not_dropped():
    made = did("word_drop", "I do not like it, never again, without doubt", share=100)
    assert [each for each in ("not", "never", "without") if each in made] == ["not", "never", "without"]
    assert "like" not in made
    assert did("word_drop", "word", share=100) == "word"


def test_as_many_words_go_as_the_share_says():
    text = LONG * 5
    left = len(tokens(did("word_drop", text, share=20)))
    assert left / len(tokens(text)) == pytest.approx(0.8, abs=0.03)


def test_swapped_words_are_the_same_words():
    made = did("word_swap", LONG, share=30)
    assert made != LONG
    assert sorted(tokens(made)[1::2]) == sorted(tokens(LONG)[1::2])


def test_words_are_shortened_misspelt_and_misheard_in_the_case_they_had():
    assert did("abbreviation", "Please call TOMORROW", share=100) in [
        f"{one} call {two}" for one in ("Pls", "Plz") for two in ("TMRW", "2MORO")
    ]
    assert did("misspelling", "Separate", share=100) == "Seperate"
    assert did("misheard", "you knew", share=100) == "you new"


def test_synonyms_come_from_the_list(tmp_path):
    (tmp_path / "words.txt").write_text("parcel, package # what we send\nhome, house\n", encoding="utf-8")
    listed = str(tmp_path / "words.txt")
    assert did("synonyms", "My Parcel is at home", share=100, list=listed) == "My Package is at house"


def test_a_missing_list_is_named_and_the_text_stays(tmp_path):
    step = Step(op="synonyms", choices={"list": (str(tmp_path / "gone.txt"),)})
    applied = apply(Policy(name="one", modality=Modality.TEXT, steps=(step,)), "a text", "message", 0)
    assert applied.value == "a text"
    assert "gone.txt" in applied.warnings[0]


def test_text_is_cut_where_asked():
    assert did("cut_off", "one two three four", share=40, ending="inside a word") == "one two thr"
    assert did("cut_off", "one two three four", share=40, ending="after a word") == "one two"
    assert did("cut_off", "one two three four", share=40, ending="after a word, with …") == "one two…"


def test_encodings_break_as_they_do():
    assert did("broken_encoding", "café", share=100, damage="UTF-8 read as Windows-1252") == "cafÃ©"
    assert did("broken_encoding", "café", share=100, damage="read so twice") == "cafÃƒÂ©"
    assert did("broken_encoding", "café", share=100, damage="question marks") == "caf?"
    assert did("broken_encoding", "plain", share=100) == "plain"


def test_mail_and_web_leave_their_traces():
    assert did("web_escapes", "A & B < C") == "A &amp; B &lt; C"
    assert did("mail_frame", "Hello", where="after").startswith("Hello\n")
    assert did("mail_frame", "Hello", where="before").endswith("Hello")
    assert did("web_markup", "a b", share=100) != "a b"
    assert len(did("emoji", "One. Two.", share=100)) > len("One. Two.")


def test_what_may_change_the_meaning_says_so():
    for op in ("word_drop", "word_swap", "cut_off", "emoji"):
        assert OPERATIONS[op].keeps is Keeps.MAY_DESTROY
