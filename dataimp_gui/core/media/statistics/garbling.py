"""What a word looks like that was misread or wrongly decoded.

Rules after K. Taghva, T. Nartker, A. Condit and J. Borsack, Automatic removal of garbage strings in OCR text (2001),
narrowed so that abbreviations, prices, e-mail and the spelling of short messages pass.
"""

import re
from typing import Final

LONGEST: Final = 40

_FAR: Final = 200  # characters in which an address shows that it is one; looking on would take time without bound
_ADDRESS: Final = re.compile(r"https?://|www\.|\S@\S+\.\S|\w\.[a-z]{2,}(?:/|$)", re.IGNORECASE)
_DAMAGED: Final = re.compile(r"[\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f]|\u00c3[\u0080-\u00bf]|\u00e2\u20ac")
_DIGIT_INSIDE: Final = re.compile(r"[^\W\d_]\d[^\W\d_]")
_SYMBOL_INSIDE: Final = re.compile(r"[^\W_][|~^\\<>{}\[\]=!*@#$]+[^\W_]")
_STROKE: Final = re.compile(r"[^\W\d_][|~^\\]|[|~^\\][^\W\d_]")
_FOUR_EQUAL: Final = re.compile(r"([^\W\d_])\1{3}", re.IGNORECASE)
_LATIN_WITHOUT_VOWEL: Final = re.compile(r"^(?!.*[aeiouy])[a-z]{5,}$")
_MIXED_CASE: Final = re.compile(r"[a-z][A-Z]+[a-z]*[A-Z]|[a-z][A-Z]$|^[A-Z]{2,}[a-z]{1,2}[A-Z]")
_EDGES: Final = "\"'.,;:!?()[]{}<>*_-/\u2013\u2014\u2018\u2019\u201c\u201d\u201e\u2026\u00ab\u00bb"


def is_garbled(word: str) -> bool:
    """``word`` is what stands between two blanks, not empty."""
    if word.isascii() and word.isalpha() and (word.islower() or word.istitle()) and len(word) < 5:
        return False
    if _DAMAGED.search(word):
        return True
    if _ADDRESS.search(word[:_FAR]):
        return False
    if len(word) > LONGEST and word.lower() != word.upper():  # scripts without case often have no blanks
        return True
    inner = word.strip(_EDGES)
    if not inner:
        return len(set(word)) > 3  # three marks make a face
    marks = sum(not character.isalnum() for character in inner)
    letters = len(inner) - marks
    if 0 < letters < marks and len(inner) > 3 and inner.isascii():
        return True
    return bool(
        _DIGIT_INSIDE.search(inner)
        or _SYMBOL_INSIDE.search(inner)
        or _STROKE.search(inner)
        or _FOUR_EQUAL.search(inner)
        or _LATIN_WITHOUT_VOWEL.match(inner)
        or _MIXED_CASE.search(inner)
    )
