"""What is known of texts must come out: shares, addresses, language, repetition, and letters that were misread."""

import random
import time

import numpy as np
import pytest

from dataimp_gui.core.media.statistics import STATISTICS, measure
from dataimp_gui.core.media.statistics.garbling import is_garbled
from dataimp_gui.core.model import Modality

PROSE = (
    "The committee met on Tuesday to discuss the annual report. After a long debate, members agreed that the budget "
    "for next year should grow by three percent, provided that the library opens on Saturdays again. Mr. McDonald "
    "asked whether the e-mail of 12 May (see www.example.org/minutes) had been answered; nobody knew."
)


def measured(text):
    return measure(text, Modality.TEXT)


def test_every_statistic_of_the_table_is_measured_and_no_other():
    assert list(measured(PROSE)) == [*(one.name for one in STATISTICS[Modality.TEXT]), "signature"]


def test_shares_are_those_of_the_definition():
    found = measured("Ab 12!  cd")
    assert (found["length"], found["words"]) == (10, 3)
    assert found["digits"] == pytest.approx(2 / 7)
    assert found["upper_case"] == pytest.approx(1 / 4)
    assert found["punctuation"] == pytest.approx(1 / 7)
    assert found["non_ascii"] == 0


def test_letters_marks_and_digits_of_every_script_count():
    found = measured("Größe 数字 ٣٤ “ja” 😀")
    assert found["digits"] == pytest.approx(2 / 14)
    assert found["punctuation"] == pytest.approx(3 / 14)
    assert found["non_ascii"] == pytest.approx(9 / 14)
    assert found["upper_case"] == pytest.approx(1 / 7)


@pytest.mark.parametrize("text", ["", " ", "\n\t \u3000"])
def test_an_empty_text_has_a_length_and_no_shares(text):
    found = measured(text)
    assert (found["length"], found["words"], found["urls"], found["language"]) == (len(text), 0, 0, "")
    assert all(
        np.isnan(found[name])
        for name in ("digits", "upper_case", "punctuation", "non_ascii", "repetition", "ocr_noise")
    )


def test_a_text_without_letters_has_no_case_and_no_language():
    found = measured("12 + 7 = 19 😀😀")
    assert np.isnan(found["upper_case"])
    assert found["language"] == ""


def test_half_a_character_of_utf_16_does_no_harm():
    assert measured("broken \ud800 here")["length"] == 13


def test_addresses_are_counted():
    assert measured("see https://a.example/x?y=1 and WWW.example.com, not wwww or http:")["urls"] == 2
    assert measured(PROSE)["urls"] == 1


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Free entry in a weekly competition, text WIN to this number now."),
        ("de", "Die Sitzung wurde auf den kommenden Donnerstag verschoben."),
        ("fr", "Le train de nuit est parti avec vingt minutes de retard."),
        ("es", "Mañana por la tarde iremos todos juntos a la playa."),
        ("pl", "Zamówienie zostało wysłane wczoraj wieczorem."),
        ("ru", "Завтра утром мы поедем на дачу."),
        ("ja", "明日の会議は三時に始まります。"),
        ("zh", "明天下午我们一起去图书馆。"),
        ("ar", "سوف نسافر غدا إلى المدينة القديمة"),
    ],
)
def test_languages_are_named(code, text):
    assert measured(text)["language"] == code
    assert measured(f"{text} https://a.example/der-die-das-und-nicht")["language"] == code


@pytest.mark.parametrize("text", ["ok", "a", "haha", "Nokia", "12:30", "lol c u", "xx-77/b", "https://example.com/der"])
def test_a_text_too_short_to_tell_has_no_language(text):
    assert measured(text)["language"] == ""


def test_repetition_is_that_of_words_or_of_characters():
    assert measured(PROSE)["repetition"] == 0
    assert measured("buy now cheap " * 20)["repetition"] > 0.9
    assert measured("noooooooooo!!!!!!!!")["repetition"] > 0.9
    assert measured("so long, and thanks so much")["repetition"] == 0


SUBSTITUTES = {"o": "0", "l": "1", "i": "!", "e": "3", "a": "@", "s": "5", "t": "~", "n": "|", "h": "#", "r": "^"}


def misread(text, share, seed):
    rng = random.Random(seed)
    return "".join(SUBSTITUTES.get(one, one) if rng.random() < share else one for one in text)


@pytest.mark.parametrize("seed", range(3))
def test_the_more_letters_are_misread_the_more_noise_is_found(seed):
    values = [measured(misread(PROSE * 3, share, seed))["ocr_noise"] for share in (0, 0.05, 0.15, 0.4)]
    assert values[0] == 0
    assert values == sorted(values)
    assert values[1] > 0.05
    assert values[3] > 0.4


@pytest.mark.parametrize(
    "word",
    [
        "c0de",
        "w|th",
        "th~e",
        "bcdfgh",
        "TheREoF",
        "aaaah",
        "x\ufffdy",
        "cafÃ©",
        "donâ€™t",
        "#@!%&x",
        "q" * 41,
        "i\x92m",
    ],
)
def test_words_that_were_misread_or_wrongly_decoded_are_known(word):
    assert is_garbled(word)


@pytest.mark.parametrize(
    "word",
    [
        *("e-mail", "don't", "£1,000.50", "U.S.A.", "gr8", "2moro", "3D", "10am", "McDonald", "rhythm", "NATO", "..."),
        *(":-)", "😀😀", "https://a.example/x_y?z=1|2", "me@example.org", "Straße", "naïve", "and/or", "COVID-19"),
        *(
            "“quoted”",
            "(sic)",
            "12:30:00",
            "50%",
            "C++",
            "日本語の長い文は空白を含まないので長さだけでは何も言えない" * 2,
        ),
    ],
)
def test_words_that_people_write_pass(word):
    assert not is_garbled(word)


@pytest.mark.parametrize("part", ["@", "a", "!", "a!", "www.", "x@y", "[a", "aA", "a\u0301", "c0 "])
def test_a_text_made_to_take_long_does_not(part):
    start = time.monotonic()
    measured(part * (300_000 // len(part)))
    assert time.monotonic() - start < 20  # a tenth of a second when nothing else runs; minutes if it grew by squares


def test_a_file_is_read_in_its_encoding(tmp_path):
    path = tmp_path / "note.txt"
    path.write_bytes("Grüße aus der schönen Stadt".encode("cp1252"))
    found = measure(path, Modality.TEXT)
    assert (found["length"], found["words"], found["language"]) == (27, 5, "de")
