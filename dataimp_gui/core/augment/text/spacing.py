"""What stands between the words: spaces, punctuation, line ends, characters that nobody sees."""

import re
from typing import Final

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.text.pieces import characters, chosen, each_match, each_word
from dataimp_gui.core.model import Modality

UNSEEN: Final = {"zero-width space": "\u200b", "soft hyphen": "\u00ad", "byte order mark": "\ufeff"}

_GAPS: Final = re.compile(r"(?<=\S)[ \t]+(?=\S)")
_MARKS: Final = re.compile(r"""[.,;:!?'"’“”„«»()\[\]…–—¿¡。、！？，]""")
_ENDS: Final = re.compile(r"[!?.…]")
_STRAIGHT: Final = str.maketrans({**dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’‚", "'"), "…": "...", "–": "-"})


def lost_spaces(text: str, values: Values, draw: Draw) -> str:
    return each_match(text, _GAPS, values.number("share"), draw, lambda _found, _where: "")


def extra_spaces(text: str, values: Values, draw: Draw) -> str:
    """Some spaces become two or three."""
    change = values.number("share")
    return each_match(text, _GAPS, change, draw, lambda found, where: found + (" " if where < 0.7 else "  "))


def split_words(text: str, values: Values, draw: Draw) -> str:
    def change(word: str, where: float) -> str:
        seen = characters(word)
        if len(seen) < 2:
            return word
        place = 1 + int(where * (len(seen) - 1))
        return "".join([*seen[:place], " ", *seen[place:]])

    return each_word(text, values.number("share"), draw, change)


def lost_punctuation(text: str, values: Values, draw: Draw) -> str:
    return each_match(text, _MARKS, values.number("share"), draw, lambda _found, _where: "")


def repeated_punctuation(text: str, values: Values, draw: Draw) -> str:
    times = values.whole("times")
    return each_match(text, _ENDS, values.number("share"), draw, lambda found, _: found * times)


def typographic(text: str, values: Values, _draw: Draw) -> str:
    """Straight quotes and hyphens as a word processor sets them, or the other way round."""
    if values.text("to") == "straight":
        return text.translate(_STRAIGHT)
    text = re.sub(r'(?<!\w)"(?=\S)', "“", text).replace('"', "”")
    text = re.sub(r"(?<!\w)'(?=\S)", "‘", text).replace("'", "’")
    return text.replace(" - ", " – ").replace("--", "—").replace("...", "…")


def line_breaks(text: str, values: Values, _draw: Draw) -> str:
    """Lines of at most ``width`` characters as far as words allow; a longer word keeps a line of its own."""
    width = values.whole("width")
    return "\n".join(_wrapped(line, width) for line in text.split("\n"))


def _wrapped(line: str, width: int) -> str:
    made, length = "", 0
    for part in re.findall(r"\s*\S+|\s+$", line):
        if length and length + len(part) > width:
            made += "\n" + part.lstrip()
            length = len(part.lstrip())
        else:
            made += part
            length += len(part)
    return made


def unseen(text: str, values: Values, draw: Draw) -> str:
    """Put between characters, never inside of one."""
    mark, seen = UNSEEN[values.text("character")], characters(text)
    meant = chosen(draw, values.number("share"), len(seen))
    return "".join(each + mark if hidden else each for each, hidden in zip(seen, meant, strict=True))


def _share(what: str, low: float, high: float) -> Parameter:
    return Parameter("share", what, "%", 0, 100, (low, high))


OPERATIONS: Final = (
    Operation(
        "lost_spaces",
        "Spaces lost",
        Modality.TEXT,
        "Hurried typing, and text copied out of tables and PDF files.",
        (_share("Of all spaces", 2, 10),),
        Keeps.LABEL,
        lost_spaces,
    ),
    Operation(
        "extra_spaces",
        "Spaces doubled",
        Modality.TEXT,
        "Justified text copied out of PDF files, and thumbs that press twice.",
        (_share("Of all spaces", 3, 20),),
        Keeps.LABEL,
        extra_spaces,
    ),
    Operation(
        "split_words",
        "Words split",
        Modality.TEXT,
        "Scanned text, and words that were divided at the end of a line.",
        (_share("Of all words", 1, 8),),
        Keeps.LABEL,
        split_words,
    ),
    Operation(
        "lost_punctuation",
        "Punctuation lost",
        Modality.TEXT,
        "Chats, speech recognition and search boxes.",
        (_share("Of all marks", 30, 100),),
        Keeps.LABEL,
        lost_punctuation,
    ),
    Operation(
        "repeated_punctuation",
        "Punctuation repeated",
        Modality.TEXT,
        "Excited messages!!! and sentences that trail off....",
        (_share("Of all sentence ends", 30, 100), Parameter("times", "Times", "×", 2, 20, (2, 4), integer=True)),
        Keeps.LABEL,
        repeated_punctuation,
    ),
    Operation(
        "typographic",
        "Quotes and dashes",
        Modality.TEXT,
        "Word processors that curl quotes, and plain-text systems that straighten them.",
        (Parameter("to", "Become", choices=("curled", "straight")),),
        Keeps.LABEL,
        typographic,
    ),
    Operation(
        "line_breaks",
        "Line breaks",
        Modality.TEXT,
        "E-mail and PDF files that break lines at a fixed width.",
        (Parameter("width", "Characters a line", "characters", 10, 500, (40, 80), integer=True),),
        Keeps.LABEL,
        line_breaks,
    ),
    Operation(
        "unseen",
        "Unseen characters",
        Modality.TEXT,
        "Text copied from web pages, and spam that cuts words apart for filters only.",
        (_share("Of all characters", 1, 8), Parameter("character", "Character", choices=tuple(UNSEEN))),
        Keeps.LABEL,
        unseen,
    ),
)
