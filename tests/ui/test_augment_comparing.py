"""What differs between an original and its variant, as the Augment page shows it."""

import numpy as np

from dataimp_gui.ui.kit import pixels
from dataimp_gui.ui.pages.augment import comparing


def shown(words, marks):
    """The marked parts of a text, by UTF-16 units as they are painted."""
    wide = words.encode("utf-16-le")
    return [(wide[2 * start : 2 * (start + length)].decode("utf-16-le"), came) for start, length, came in marks]


def test_what_came_into_a_text_is_marked_and_what_went_on_demand():
    words, marks = comparing.texts("a fine day", "a fine dayy!", keeps_gone=False)
    assert words == "a fine dayy!"
    assert shown(words, marks) == [("y!", True)]
    words, marks = comparing.texts("a fine day", "a day", keeps_gone=True)
    assert words == "a fine day"
    assert [part for part, came in shown(words, marks) if not came] == [" fine"]


def test_marks_stand_where_they_should_behind_letters_of_two_units():
    words, marks = comparing.texts("😀 fine", "😀 fne", keeps_gone=True)
    assert shown(words, marks) == [("i", False)]


def test_a_long_text_begins_before_what_differs():
    words, marks = comparing.texts("x" * 2000 + "end", "x" * 2000 + "End", keeps_gone=False)
    assert words.startswith("…")
    assert len(words) < 100
    assert shown(words, marks) == [("E", True)]


def test_equal_texts_have_no_marks():
    assert comparing.texts("same", "same", keeps_gone=True) == ("same", ())
    assert comparing.texts("", "", keeps_gone=True) == ("", ())


def test_brighter_pixels_are_orange_and_darker_ones_blue():
    before = np.full((4, 4, 3), 100, np.uint8)
    after = before.copy()
    after[0, 0], after[3, 3] = 200, 20
    found = comparing.pictures(pixels.image(before), pixels.image(after))
    brighter, darker = found.pixelColor(0, 0), found.pixelColor(3, 3)
    assert brighter.red() > brighter.blue()
    assert darker.blue() > darker.red()
    assert found.pixelColor(1, 1).lightness() == 0
