"""Names of files and folders that mean the same on every system, and are never one name twice."""

import hashlib
import re
import unicodedata
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ +,=@()-]*(?<! )(?:\.[A-Za-z0-9_+-]+)*")
_BAD: Final = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]'
)
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE)
_MAX_BYTES: Final = 120
_IMAGES: Final = "jpg jpeg jpe jfif png bmp gif tif tiff webp ppm pgm pbm pnm avif jp2 ico tga"
_SOUNDS: Final = "wav flac ogg oga opus mp3 aif aiff aifc au snd caf w64 rf64"
_SUFFIXES: Final = frozenset((*_IMAGES.split(), *_SOUNDS.split(), "txt", "md"))
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tif"),
    (b"MM\0*", "tif"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"caff", "caf"),
    (b".snd", "au"),
)


def safe(text: str) -> str:
    """``text`` as a file or folder name for Linux, macOS and Windows: the same text always gives the same name.

    Characters that some system forbids, and those that are invisible or turn the direction of writing, become ``_``;
    so do dots and spaces at the ends. Names that Windows keeps for devices get a ``_`` in front. What is longer than
    120 bytes is cut and ends in ``~`` and eight digits of its hash. Emoji and letters of any script stay.
    """
    name = text
    if not _PLAIN.fullmatch(text):
        name = _BAD.sub("_", unicodedata.normalize("NFC", text))
        stripped = name.strip(" .")
        lead, tail = len(name) - len(name.lstrip(" .")), len(name) - len(name.rstrip(" ."))
        name = "_" * lead + stripped + "_" * tail if stripped else "_" * max(1, len(name))
    if _RESERVED.fullmatch(name):
        name = "_" + name
    encoded = name.encode()
    if len(encoded) > _MAX_BYTES:
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        name = f"{encoded[: _MAX_BYTES - 9].decode(errors='ignore').rstrip(' .')}~{digest}"
    return name


def split_suffix(name: str) -> tuple[str, str]:
    """(stem, suffix with its dot) when the suffix is one that media have, else (name, "")."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem and suffix.lower() in _SUFFIXES else (name, "")


def sniffed_suffix(head: bytes) -> str:
    """The suffix (with its dot) that the first bytes of a file speak of; ".bin" when nothing is known."""
    if head[:4] in (b"RIFF", b"RF64"):
        return {b"WAVE": ".wav", b"WEBP": ".webp"}.get(head[8:12], ".bin")
    if head[:4] == b"FORM":
        return ".aif"
    return next((f".{suffix}" for signature, suffix in _SIGNATURES if head.startswith(signature)), ".bin")


class Taken:
    """The names given so far in each folder. Two that differ only in case, or only in their suffix, are a clash."""

    def __init__(self) -> None:
        self._keys: dict[str, set[str]] = {}
        self._folders: dict[str, str] = {}

    def stem(self, folder: str, text: str) -> str:
        """The safe stem for a file in ``folder``: that of ``text``, or with ``~2``, ``~3`` … behind it when taken."""
        return self._free(folder, safe(text))

    def folder(self, parent: str, text: str) -> str:
        """The safe path of a folder in ``parent`` ("" for the top): the same one whenever asked for the same text."""
        asked = f"{parent}/{text}"
        found = self._folders.get(asked)
        if found is None:
            name = self._free(parent, safe(text))
            found = self._folders[asked] = f"{parent}/{name}" if parent else name
        return found

    def _free(self, folder: str, name: str) -> str:
        keys = self._keys.setdefault(folder, set())
        candidate, number = name, 2
        while (key := _key(candidate)) in keys:
            candidate, number = f"{name}~{number}", number + 1
        keys.add(key)
        return candidate


def _key(name: str) -> str:
    stem = split_suffix(name)[0]
    return stem.lower() if stem.isascii() else unicodedata.normalize("NFC", stem.casefold())
