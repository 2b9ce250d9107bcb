"""What a text file says: its characters, found from its bytes, and how long it is."""

import codecs
import re
from typing import Final

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media.files import LIMITS, MediaError, looks_like


def decode(data: bytes, limits: Limits = LIMITS) -> str:
    """The text without its byte order mark: UTF-8, UTF-16 or UTF-32 by mark, else the encoding that fits best.

    Raises MediaError for what is no text, and for more characters than the limit.
    """
    if len(data) > 4 * limits.max_characters + 4:
        raise _too_long(limits)
    text = _unmarked(data)
    if len(text) > limits.max_characters:
        raise _too_long(limits)
    return text


def code_page(data: bytes) -> str:
    """The likeliest of the common code pages, by the first of ``data``, as Python calls it; "" when none fits.

    Western texts have accents one at a time; charset-normalizer would take a few of them for any code page.
    """
    if _is_western(data[:_ENOUGH_BYTES]):
        return "cp1252"
    from charset_normalizer import from_bytes

    for head in _beginnings(data):
        best = from_bytes(head, cp_isolation=_CODE_PAGES, threshold=0.4).best()
        if best is not None:
            return best.encoding
    return ""


def _beginnings(data: bytes) -> list[bytes]:
    """The first of ``data``, cut where a character ends: half a character at its end would rule its code page out."""
    head = data[:_ENOUGH_BYTES]
    if len(head) == len(data):
        return [head]
    end = max(map(head.rfind, (b"\n", b" ", b","))) + 1  # no page has these inside a character
    return [head[:end]] if end else [head[: len(head) - cut] for cut in range(4)]


def measure(text: str) -> tuple[int, int]:
    """Characters, and words as whitespace parts them."""
    return len(text), len(text.split())


_MARKS: Final = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CODE_PAGES: Final = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
]
_BEYOND_ASCII: Final = re.compile(r"[\x80-\uffff]+")
_WESTERN_MARKS: Final = frozenset(
    "\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026\u2022\u2122\xa0€£¥§©®°«»·²³½¼¾ºª¡¿±\xd7÷µ¢"
)
_ENOUGH_BYTES: Final = 65536


def _unmarked(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                place = error.start + len(mark)
                raise MediaError(
                    f"It begins like {encoding.upper()} text but is not ({error.reason} at byte {place:,}).",
                    hint="Save it as UTF-8.",
                ) from error
    if b"\0" in data or sum(byte < 32 and byte not in b"\t\n\f\r\x1b" for byte in data[:4096]) > 80:
        raise MediaError(f"It is no text: it looks like {looks_like(data)}.", hint="Save it as UTF-8 text.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data)


def _guessed(data: bytes) -> str:
    try:
        if encoding := code_page(data):
            return data.decode(encoding)
    except UnicodeDecodeError:
        pass  # what comes later is of no code page that the beginning could be of
    raise MediaError(f"It is no text: it looks like {looks_like(data)}.", hint="Save it as UTF-8 text.")


def _is_western(data: bytes) -> bool:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    runs = _BEYOND_ASCII.findall(text)
    return all(len(run) <= 3 and all(mark.isalpha() or mark in _WESTERN_MARKS for mark in run) for run in runs)


def _too_long(limits: Limits) -> MediaError:
    return MediaError(
        f"The text has more than {limits.max_characters:,} characters, which is the limit.",
        hint="Cut it into examples, or raise the limit in the contract.",
    )
