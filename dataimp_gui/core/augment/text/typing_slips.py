"""Slips of the fingers: the key beside, a letter missed, doubled, swapped or held down, capitals gone wrong."""

from typing import Final

import numpy as np

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.text.keyboards import LAYOUTS, neighbours
from dataimp_gui.core.augment.text.pieces import characters, chosen, each_character, each_word, pick
from dataimp_gui.core.model import Modality

VOWELS: Final = "aeiouyäöüàáâèéêìíîòóôùúû"
CASES: Final = ("all lower case", "ALL CAPITALS", "Each Word Capital", "caps lock stuck", "rAndOm")


def neighbour_key(text: str, values: Values, draw: Draw) -> str:
    near = neighbours(values.text("layout"))

    def change(character: str, where: float) -> str:
        keys = near.get(character)
        return pick(keys, where) if keys else character

    return each_character(text, values.number("share"), draw, change)


def missed_letter(text: str, values: Values, draw: Draw) -> str:
    return each_character(text, values.number("share"), draw, lambda each, _: "" if each[0].isalnum() else each)


def doubled_letter(text: str, values: Values, draw: Draw) -> str:
    return each_character(text, values.number("share"), draw, lambda each, _: each * 2 if each[0].isalnum() else each)


def swapped_letters(text: str, values: Values, draw: Draw) -> str:
    """Two letters in a row in the wrong order; none moves twice."""
    seen = characters(text)
    place, meant = 0, chosen(draw, values.number("share"), len(seen))
    while place < len(seen) - 1:
        if meant[place] and seen[place][0].isalnum() and seen[place + 1][0].isalnum():
            seen[place], seen[place + 1] = seen[place + 1], seen[place]
            place += 1
        place += 1
    return "".join(seen)


def held_letters(text: str, values: Values, draw: Draw) -> str:
    """One vowel of a chosen word is drawn out."""
    times = values.whole("times")

    def change(word: str, where: float) -> str:
        seen = characters(word)
        places = [place for place, each in enumerate(seen) if each[0].lower() in VOWELS]
        if places:
            seen[pick(places, where)] *= times
        return "".join(seen)

    return each_word(text, values.number("share"), draw, change)


def case(text: str, values: Values, draw: Draw) -> str:
    kind = values.text("kind")
    if kind == CASES[3]:
        return _stuck(text, draw)
    if kind == CASES[4]:
        upper = np.asarray(draw.uniform(0, 1, len(text))) < 0.5
        return "".join(each.upper() if up else each.lower() for each, up in zip(text, upper, strict=True))
    change = {CASES[0]: str.lower, CASES[1]: str.upper, CASES[2]: _capital}[kind]
    return each_word(text, values.number("share"), draw, lambda word, _: change(word))


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _stuck(text: str, draw: Draw) -> str:
    """From somewhere on, all letters are the other way round."""
    start = int(draw.uniform(0, 1) * len(text))
    return text[:start] + text[start:].swapcase()


_SHARE: Final = Parameter("share", "Of all characters", "%", 0, 100, (1, 6))
_WORDS: Final = Parameter("share", "Of all words", "%", 0, 100, (2, 10))

OPERATIONS: Final = (
    Operation(
        "neighbour_key",
        "Key beside it",
        Modality.TEXT,
        "People who type in a hurry hit the key beside the one they meant.",
        (_SHARE, Parameter("layout", "Keyboard", choices=tuple(LAYOUTS))),
        Keeps.LABEL,
        neighbour_key,
        takes="letters and digits of the keyboard",
    ),
    Operation(
        "missed_letter",
        "Letter missed",
        Modality.TEXT,
        "Keys not pressed hard enough, and thumbs faster than the screen.",
        (_SHARE,),
        Keeps.LABEL,
        missed_letter,
    ),
    Operation(
        "doubled_letter",
        "Letter doubled",
        Modality.TEXT,
        "Keys that bounce, and fingers that press twice.",
        (_SHARE,),
        Keeps.LABEL,
        doubled_letter,
    ),
    Operation(
        "swapped_letters",
        "Letters swapped",
        Modality.TEXT,
        "Two hands that come in the wrong order: teh for the.",
        (_SHARE,),
        Keeps.LABEL,
        swapped_letters,
    ),
    Operation(
        "held_letters",
        "Letters drawn out",
        Modality.TEXT,
        "Chats and reviews where people write sooo and pleeease.",
        (_WORDS, Parameter("times", "Times", "×", 2, 20, (3, 6), integer=True)),
        Keeps.LABEL,
        held_letters,
    ),
    Operation(
        "case",
        "Capitals",
        Modality.TEXT,
        "Chats all in lower case, forms all in capitals, a caps lock that nobody noticed.",
        (Parameter("kind", "Written", choices=CASES), Parameter("share", "Of all words", "%", 0, 100, (100, 100))),
        Keeps.LABEL,
        case,
    ),
)
