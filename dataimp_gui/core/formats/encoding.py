"""In which encoding a text file is written, and how to read it as UTF-8."""

import codecs
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dataimp_gui.core.media.text import code_page
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_OTHERWISE: Final = "cp1252"
_CHUNK: Final = 4 * 2**20
_MOST_BYTES: Final = 2**28


def guess(head: bytes) -> str:
    """The Python name of the encoding of a file that begins with ``head``; "utf-8" and "utf-8-sig" need no rewriting.

    A byte order mark decides, then whether it is UTF-8, then NUL bytes at every other place, then the likeliest of the
    common code pages. "" when it is no text.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        return _wide(head)
    if is_utf8(head) or _is_damaged_utf8(head):
        return "utf-8"
    if sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in head[:4096]) > len(head[:4096]) // 50:
        return ""
    return code_page(head) or _OTHERWISE


def guess_further(path: Path, start: int) -> str:
    """The encoding of a file whose first ``start`` bytes are UTF-8, by the rest of it, up to `_MOST_BYTES`.

    Only where the beginning is plain ASCII can the rest be of a code page; else single wrong bytes are damage.
    """
    with path.open("rb") as file:
        if not file.read(start).isascii():
            return "utf-8"
        decoder = codecs.getincrementaldecoder("utf-8")()
        while (chunk := file.read(_CHUNK)) and file.tell() < _MOST_BYTES:
            if chunk.isascii():
                continue
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                seen = chunk[max(0, error.start - 2000) :]
                return "utf-8" if b"\0" in seen else code_page(seen) or _OTHERWISE
    return "utf-8"


def is_utf8(head: bytes) -> bool:
    """Whether it is valid UTF-8, but for a character that is cut off at its end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def decode(head: bytes, encoding: str) -> str:
    """The beginning of a file as text; a character that is cut off at the end is left out, a wrong one replaced."""
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)


@contextmanager
def as_utf8(path: Path, encoding: str, progress: Progress, *, folder: Path | None = None) -> Iterator[Path]:
    """The file itself when it is UTF-8, else a rewritten copy in ``folder`` that is gone after the block.

    Raises FormatError when the file is not what ``encoding`` says.
    """
    if encoding in ("utf-8", "utf-8-sig"):
        yield path
        return
    descriptor, name = tempfile.mkstemp(prefix="utf8-", suffix=path.suffix, dir=folder)
    try:
        decoder, line = codecs.getincrementaldecoder(encoding)(), 1
        with path.open("rb") as source, os.fdopen(descriptor, "wb") as target:
            while chunk := source.read(_CHUNK):
                progress.check()
                target.write(decoder.decode(chunk).encode())
                line += chunk.count(b"\n")
            target.write(decoder.decode(b"", final=True).encode())
        yield Path(name)
    except UnicodeError as error:
        if isinstance(error, UnicodeDecodeError):
            line += error.object[: error.start].count(b"\n")
        raise FormatError(
            f"{path.name} is neither UTF-8 nor {encoding} throughout: not from line {line:,} on.",
            hint="Save it as UTF-8 and import it again, or choose another encoding.",
        ) from error
    finally:
        os.unlink(name)


def _is_damaged_utf8(head: bytes) -> bool:
    """More characters beyond ASCII are right than wrong: the lines with the wrong ones are to blame, not the whole."""
    text = head.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    return sum(not character.isascii() for character in text) - wrong >= wrong


def _wide(head: bytes) -> str:
    """UTF-16 without a mark has NUL at every other place of Latin text."""
    pairs = len(head) // 2
    if pairs and head[1::2].count(0) > 0.4 * pairs and head[0::2].count(0) < 0.1 * pairs:
        return "utf-16-le"
    if pairs and head[0::2].count(0) > 0.4 * pairs and head[1::2].count(0) < 0.1 * pairs:
        return "utf-16-be"
    return "utf-8" if is_utf8(head) and head.count(0) <= max(3, len(head) // 50) else ""
