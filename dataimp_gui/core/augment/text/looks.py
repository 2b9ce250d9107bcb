"""Characters taken for others: scanners, look-alike letters, numbers for letters, accents lost."""

import re
import unicodedata
from typing import Final

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.text.pieces import each_character, each_match, pick
from dataimp_gui.core.model import Modality

SCANNED: Final = {
    "rn": ("m",), "m": ("rn",), "cl": ("d",), "d": ("cl",), "vv": ("w",), "w": ("vv",), "li": ("h",), "ri": ("n",),
    "l": ("1", "I", "|"), "1": ("l", "I"), "I": ("l", "1"), "i": ("l", "í"), "t": ("f",), "f": ("t",),
    "O": ("0", "Q"), "0": ("O", "o"), "o": ("0", "c"), "Q": ("O",), "c": ("e", "o"), "e": ("c", "o"), "a": ("o", "s"),
    "S": ("5", "8"), "5": ("S",), "s": ("8",), "B": ("8", "3"), "8": ("B", "3"), "3": ("8",), "Z": ("2",), "2": ("Z",),
    "z": ("2",), "G": ("6", "C"), "6": ("G", "b"), "b": ("6", "h"), "g": ("9", "q"), "9": ("g",), "q": ("g",),
    "h": ("b", "n"), "n": ("h", "u"), "u": ("n", "ii"), "y": ("v",), "v": ("y",), "T": ("7",), "7": ("T", "1"),
    "D": ("O", "0"), "E": ("F",), "F": ("P",), "P": ("F",), "U": ("V",), "V": ("U",), "C": ("G",), "K": ("X",),
    ".": (",",), ",": (".",), ":": (";",), ";": (":",), "-": ("~",), "'": ("`",), "!": ("l",), "ä": ("a",), "ö": ("o",),
    "ü": ("u", "ii"), "ß": ("B",), "é": ("e", "6"), "è": ("e",), "ç": ("c",), "ñ": ("n",),
}  # fmt: skip
ALIKE: Final = {
    "a": "аɑ", "c": "сϲ", "d": "ԁ", "e": "еҽ", "g": "ɡ", "h": "һ", "i": "іɩ", "j": "јϳ", "k": "к", "l": "ӏⅼ",
    "n": "ո", "o": "оο", "p": "рρ", "q": "ԛ", "s": "ѕ", "u": "սυ", "v": "ѵν", "w": "ԝ", "x": "хⅹ", "y": "уү",
    "A": "АΑ", "B": "ВΒ", "C": "СϹ", "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "J": "Ј", "K": "КΚ", "M": "МΜ", "N": "Ν",
    "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "ҮΥ", "Z": "Ζ",
}  # fmt: skip
LEET: Final = {
    "a": "4@", "b": "8", "e": "3", "g": "9", "i": "1!", "l": "1", "o": "0", "s": "5$", "t": "7+", "z": "2",
}  # fmt: skip
PLAIN: Final = {
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ð": "d", "þ": "th", "ı": "i",
}  # fmt: skip
UMLAUTS: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}

_SCANNED: Final = re.compile("|".join(re.escape(each) for each in sorted(SCANNED, key=len, reverse=True)))


def scanned(text: str, values: Values, draw: Draw) -> str:
    """Of the characters that scanners mistake, the ``share`` is."""
    share = values.number("share")
    return each_match(text, _SCANNED, share, draw, lambda found, where: pick(SCANNED[found], where))


def homoglyphs(text: str, values: Values, draw: Draw) -> str:
    """Cyrillic, Greek and Armenian letters that look the same."""
    return _swapped(text, values, draw, ALIKE)


def leetspeak(text: str, values: Values, draw: Draw) -> str:
    return _swapped(text, values, draw, LEET | {key.upper(): options for key, options in LEET.items()})


def _swapped(text: str, values: Values, draw: Draw, table: dict[str, str]) -> str:
    share = values.number("share")
    return each_character(text, share, draw, lambda each, where: pick(table[each], where) if each in table else each)


def accents_lost(text: str, values: Values, draw: Draw) -> str:
    """Latin letters lose their marks; other scripts, where marks are vowels, stay."""
    umlauts = UMLAUTS if values.text("umlauts") == "ae, oe, ue" else {}

    def change(character: str, _where: float) -> str:
        whole = unicodedata.normalize("NFC", character)
        if whole in umlauts or whole in PLAIN:
            return (umlauts | PLAIN)[whole]
        base = unicodedata.normalize("NFD", character)[0]
        return base if base.isascii() and base.isalpha() else character

    return each_character(text, values.number("share"), draw, change)


_SHARE: Final = Parameter("share", "Of all characters", "%", 0, 100, (2, 12))

OPERATIONS: Final = (
    Operation(
        "scanned",
        "Scanner mistakes",
        Modality.TEXT,
        "Text recognition (OCR) that reads rn as m, l as 1 and O as 0.",
        (Parameter("share", "Of the characters often mistaken", "%", 0, 100, (1, 8)),),
        Keeps.LABEL,
        scanned,
        takes="Latin letters, digits and marks",
    ),
    Operation(
        "homoglyphs",
        "Look-alike letters",
        Modality.TEXT,
        "Spam and abuse that hide words from filters with letters of other alphabets.",
        (_SHARE,),
        Keeps.LABEL,
        homoglyphs,
        takes="Latin letters",
    ),
    Operation(
        "leetspeak",
        "Numbers for letters",
        Modality.TEXT,
        "Nicknames, games and spam: fr33 for free.",
        (_SHARE,),
        Keeps.LABEL,
        leetspeak,
        takes="Latin letters",
    ),
    Operation(
        "accents_lost",
        "Accents lost",
        Modality.TEXT,
        "Keyboards without accents, and old systems that took them away.",
        (
            Parameter("share", "Of all characters", "%", 0, 100, (60, 100)),
            Parameter("umlauts", "ä, ö, ü become", choices=("a, o, u", "ae, oe, ue")),
        ),
        Keeps.LABEL,
        accents_lost,
        takes="Latin letters with marks",
    ),
)
