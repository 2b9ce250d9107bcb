"""The icon of an operation: its own, or that of the family that it belongs to."""

from typing import Final

from dataimp_gui.core.augment.operations import Operation, table

OTHER: Final = "sparkle"
FAMILIES: Final = {
    "blur": "drop",
    "colour": "palette",
    "compression": "file",
    "framing": "crop",
    "geometry": "move",
    "light": "sun",
    "noise": "noise",
    "weather": "cloud",
    "bands": "band",
    "codecs": "phone",
    "files": "folder",
    "levels": "dials",
    "losses": "gap",
    "noises": "noise",
    "rooms": "room",
    "timing": "clock",
    "looks": "letters",
    "residue": "code",
    "spacing": "space",
    "typing_slips": "keyboard",
    "words": "swap",
}


def icon(operation: Operation | None) -> str:
    """One of an installed package may name an icon that ships with Dataimp."""
    if operation is None:
        return "warning"
    known = operation.icon if operation.icon in _OURS else ""
    return known or FAMILIES.get(getattr(operation.apply, "__module__", "").rpartition(".")[2], OTHER)


def icon_of(op: str) -> str:
    return icon(table().get(op))


_OURS: Final = frozenset({*FAMILIES.values(), "rotate", "perspective", "shadow", OTHER})
