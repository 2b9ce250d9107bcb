"""Text taken apart so that nothing a reader sees as one is torn: characters as seen, words and what is between."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.augment.draws import Draw

Option = TypeVar("Option")

WORDS: Final = re.compile(r"\w+(?:['’\u200c\u200d]\w+)*")

_JOINER: Final = "\u200d"
_CHOICES: Final = range(0xFE00, 0xFE10)  # variation selectors
_SKINS: Final = range(0x1F3FB, 0x1F400)
_TAGS: Final = range(0xE0020, 0xE0080)
_FLAGS: Final = range(0x1F1E6, 0x1F200)  # two of them make one flag
_JAMO: Final = range(0x1160, 0x1200)  # vowels and finals of a Hangul syllable written in parts


def characters(text: str) -> list[str]:
    """What a reader takes for one character each: letters with their marks, joined emoji, flags, line ends.

    >>> characters("e\u0301a")
    ['e\u0301', 'a']
    """
    if text.isascii() and "\r" not in text:
        return list(text)
    made: list[str] = []
    for each in text:
        if made and _goes_on(made[-1], each):
            made[-1] += each
        else:
            made.append(each)
    return made


def _goes_on(before: str, each: str) -> bool:
    code = ord(each)
    if code < 0x300:
        return before == "\r" and each == "\n"
    if before[-1] == _JOINER or each == _JOINER or code in _CHOICES or code in _SKINS or code in _TAGS:
        return True
    if code in _FLAGS:
        return len(before) == 1 and ord(before) in _FLAGS
    return code in _JAMO or _is_mark(each)


def _is_mark(each: str) -> bool:
    """It belongs to the letter before, as an accent or a vowel sign."""
    return unicodedata.category(each) in ("Mn", "Mc") and ord(each) not in _CHOICES


def tokens(text: str) -> list[str]:
    """Words and what stands between them, in turn; the even ones are no words (the first may be empty)."""
    whole = text if text.isascii() else "".join("a" if _is_mark(each) else each for each in text)
    made, end = [], 0
    for match in WORDS.finditer(whole):
        made += [text[end : match.start()], text[match.start() : match.end()]]
        end = match.end()
    return [*made, text[end:]]


def chosen(draw: Draw, share: float, count: int) -> npt.NDArray[np.bool_]:
    """Which of ``count`` are meant when each is with a chance of ``share`` percent."""
    return np.asarray(draw.uniform(0, 1, count)) < share / 100


def each_character(text: str, share: float, draw: Draw, change: Callable[[str, float], str]) -> str:
    """Every chosen character replaced by ``change(character, a number from 0 to 1 to pick with)``."""
    seen = characters(text)
    picks = draw.uniform(0, 1, len(seen))
    meant = np.flatnonzero(chosen(draw, share, len(seen)))
    for place in meant.tolist():
        seen[place] = change(seen[place], float(picks[place]))
    return "".join(seen)


def each_word(text: str, share: float, draw: Draw, change: Callable[[str, float], str]) -> str:
    """As `each_character`, for words; what stands between them stays."""
    parts = tokens(text)
    count = len(parts) // 2
    picks = draw.uniform(0, 1, count)
    for number in np.flatnonzero(chosen(draw, share, count)).tolist():
        parts[2 * number + 1] = change(parts[2 * number + 1], float(picks[number]))
    return "".join(parts)


def each_match(
    text: str, pattern: re.Pattern[str], share: float, draw: Draw, change: Callable[[str, float], str]
) -> str:
    """As `each_character`, for what the pattern finds."""
    found = list(pattern.finditer(text))
    picks = draw.uniform(0, 1, len(found))
    made, end = [], 0
    for number in np.flatnonzero(chosen(draw, share, len(found))).tolist():
        match = found[number]
        made += [text[end : match.start()], change(match.group(), float(picks[number]))]
        end = match.end()
    return "".join([*made, text[end:]])


def pick(options: Sequence[Option], where: float) -> Option:
    """One of the options by a number from 0 up to 1."""
    return options[min(int(where * len(options)), len(options) - 1)]


def cased(new: str, like: str) -> str:
    """``new`` in capitals where ``like`` is, or with a capital first."""
    if len(like) > 1 and like.isupper():
        return new.upper()
    return new[:1].upper() + new[1:] if like[:1].isupper() else new
