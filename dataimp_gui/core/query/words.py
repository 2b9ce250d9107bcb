"""How a clause is cut into words, what must not stand in it, and which known word is nearest to an unknown one."""

import difflib
import re
from collections.abc import Iterable
from typing import Final

from dataimp_gui.errors import QueryError

MOST_CHARACTERS: Final = 200_000
MOST_BRACKETS: Final = 64  # the parser's time grows with the square of open brackets and of signs in a row
MOST_SIGNS: Final = 16

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)|(?P<comment>--|/\*)|(?P<text>'(?:[^']|'')*')|(?P<name>"(?:[^"]|"")*")"""
    r"""|(?P<word>\w+)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<sign>[-+~@!])|(?P<other>.)""",
    re.DOTALL,
)
_PLAIN: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_LONGEST_SHOWN: Final = 60


def check(clause: str) -> None:
    """Refuse, with its place, what the parser should not even see. Raises QueryError."""
    if len(clause) > MOST_CHARACTERS:
        raise QueryError(f"The clause is longer than {MOST_CHARACTERS:,} characters.")
    try:
        clause.encode()
    except UnicodeEncodeError as error:
        raise QueryError("The clause has a broken character.", start=error.start, length=1) from None
    opened: list[re.Match[str]] = []
    signs, before = 0, ""
    for token in _TOKEN.finditer(clause):
        kind, text = token.lastgroup, token.group()
        if sentence := _refusal(kind, text, before):
            raise QueryError(sentence, start=token.start(), length=len(text))
        signs = signs + 1 if kind == "sign" else signs if kind == "space" else 0
        if signs > MOST_SIGNS:
            raise QueryError("There are too many signs in a row.", start=token.start(), length=1)
        if kind == "open":
            opened.append(token)
            if len(opened) > MOST_BRACKETS:
                raise QueryError(f"Brackets are nested more than {MOST_BRACKETS} deep.", start=token.start(), length=1)
        if kind == "close" and (not opened or opened.pop().group() != _PAIRS[text]):
            raise QueryError(f"Nothing is open that this {text} could close.", start=token.start(), length=1)
        before = text if kind == "word" else ""
    if opened:
        bracket = opened[-1]
        raise QueryError(f"This {bracket.group()} is never closed.", start=bracket.start(), length=1)


def _refusal(kind: str | None, text: str, before: str) -> str:
    if kind == "comment":
        return f"A clause has no comments; take {text} away."
    if kind == "text" and before.lower() == "e":
        return "Text with backslashes (E'…') is not understood; write the characters themselves."
    if kind == "other" and text in "'\"":
        return f"This {text} is never closed."
    if kind == "other" and text in ";$?\0":
        return f"A clause cannot have {shown(text)} outside quotes."
    return ""


def written(name: str) -> str:
    """A column name as a person writes it in a clause: bare where that works, else in double quotes."""
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def shown(text: str) -> str:
    """A piece of a clause inside a sentence: one line, not long, nothing that turns the sentence around."""
    flat = "".join(letter if letter.isprintable() else "·" for letter in text)
    return flat if len(flat) <= _LONGEST_SHOWN else flat[: _LONGEST_SHOWN - 1] + "…"


def nearest(word: str, known: Iterable[str], closeness: float = 0.6) -> str:
    """The known word that ``word`` was probably meant to be, or an empty string."""
    names = list(known)
    longer = [name for name in names if len(word) >= 3 and name.startswith(word)]
    if longer:
        return min(longer, key=len)
    near = {name.lower(): name for name in names if abs(len(name) - len(word)) <= max(3, len(word) // 2)}
    close = difflib.get_close_matches(word.lower(), near, n=1, cutoff=closeness)
    return near[close[0]] if close else ""
