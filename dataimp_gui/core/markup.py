"""HTML that cannot be broken by what it shows: every text becomes harmless unless it was made here."""

import html
import unicodedata
from typing import Final

_ODD: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_VOID: Final = frozenset({"img", "meta", "rect", "line"})


class Markup(str):
    """HTML that `tag` made."""

    __slots__ = ()


def tag(name: str, /, *children: "Markup | str | int | None", **attributes: str | int | float | None) -> Markup:
    """An element. Names of attributes: ``class_`` is class, ``_`` within is a hyphen; None leaves one out."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{plain(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{told}/>")
    return Markup(f"<{name}{told}>{joined(*children)}</{name}>")


def joined(*children: "Markup | str | int | None") -> Markup:
    return Markup("".join(each if isinstance(each, Markup) else plain(_text(each)) for each in children))


def plain(text: str) -> str:
    """Escaped, with line breaks as spaces and every letter that is not shown as its code."""
    return html.escape(text if text.isprintable() else "".join(map(_shown, text)))


def _text(child: str | int | None) -> str:
    return "" if child is None else f"{child:,}" if isinstance(child, int) else child


def _shown(letter: str) -> str:
    if letter in "\n\r\t":
        return " "
    return f"\\u{ord(letter):04x}" if unicodedata.category(letter) in _ODD else letter
