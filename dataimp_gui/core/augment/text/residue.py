"""What machines and mail leave in a text: broken encodings, web markup, greetings and signatures, emoji."""

import html
import re
from typing import Final

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.text.lists import EMOJI, FIRST_LINES, LAST_LINES
from dataimp_gui.core.augment.text.pieces import each_character, each_match, pick
from dataimp_gui.core.model import Modality

DAMAGES: Final = ("UTF-8 read as Windows-1252", "read so twice", "question marks", "replacement characters")
BREAKS: Final = ("<br>", "<br />", "</p><p>", "&nbsp;")

_WINDOWS: Final = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]
_SPACES: Final = re.compile(r"(?<=\S)\s+(?=\S)")
_SENTENCES: Final = re.compile(r"[.!?…]+(?=\s|$)|\Z")


def broken_encoding(text: str, values: Values, draw: Draw) -> str:
    """Of what is not ASCII, a share is damaged."""
    kind = values.text("damage")

    def change(character: str, _where: float) -> str:
        if character.isascii():
            return character
        if kind == DAMAGES[2]:
            return "?"
        if kind == DAMAGES[3]:
            return "\ufffd"
        made = _misread(character)
        return _misread(made) if kind == DAMAGES[1] else made

    return each_character(text, values.number("share"), draw, change)


def _misread(text: str) -> str:
    return "".join(_WINDOWS[byte] for byte in text.encode("utf-8", "surrogatepass"))


def web_escapes(text: str, _values: Values, _draw: Draw) -> str:
    return html.escape(text).replace("&#x27;", "&#39;")


def web_markup(text: str, values: Values, draw: Draw) -> str:
    return each_match(text, _SPACES, values.number("share"), draw, lambda _, where: pick(BREAKS, where))


def mail_frame(text: str, values: Values, draw: Draw) -> str:
    """A line before, a line after, or both; text that is empty stays so."""
    if not text.strip():
        return text
    first, last = pick(FIRST_LINES, draw.uniform(0, 1)), pick(LAST_LINES, draw.uniform(0, 1))
    where = values.text("where")
    return (first if where != "after" else "") + text + (last if where != "before" else "")


def emoji(text: str, values: Values, draw: Draw) -> str:
    """Put after sentences; happy and thankful ones too, so that a text about feelings may change."""

    def change(found: str, where: float) -> str:
        return f"{found} {pick(EMOJI, where)}"

    return each_match(text, _SENTENCES, values.number("share"), draw, change) if text.strip() else text


OPERATIONS: Final = (
    Operation(
        "broken_encoding",
        "Broken encoding",
        Modality.TEXT,
        "Files and databases opened with the wrong encoding: Ã© for é.",
        (
            Parameter("share", "Of what is not plain ASCII", "%", 0, 100, (80, 100)),
            Parameter("damage", "Damage", choices=DAMAGES),
        ),
        Keeps.LABEL,
        broken_encoding,
        takes="text beyond plain ASCII; other text stays as it is",
    ),
    Operation(
        "web_escapes",
        "Web escapes",
        Modality.TEXT,
        "Text taken from web pages with its escapes left in: &amp; for &.",
        (),
        Keeps.LABEL,
        web_escapes,
    ),
    Operation(
        "web_markup",
        "Web markup",
        Modality.TEXT,
        "Text taken from web pages and editors with tags left in.",
        (Parameter("share", "Of all spaces", "%", 0, 100, (2, 10)),),
        Keeps.LABEL,
        web_markup,
    ),
    Operation(
        "mail_frame",
        "Greeting and signature",
        Modality.TEXT,
        "Messages that arrive by mail, with a greeting, a signature, or words that the phone adds.",
        (Parameter("where", "Put", choices=("before and after", "before", "after")),),
        Keeps.LABEL,
        mail_frame,
        takes="English",
    ),
    Operation(
        "emoji",
        "Emoji",
        Modality.TEXT,
        "Chats and reviews with emoji; they may change what a text feels like.",
        (Parameter("share", "Of all sentences", "%", 0, 100, (20, 60)),),
        Keeps.MAY_DESTROY,
        emoji,
    ),
)
