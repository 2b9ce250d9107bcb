"""Where keys lie: the neighbours of each letter on QWERTY, QWERTZ and AZERTY."""

from functools import cache
from typing import Final

LAYOUTS: Final = {
    "QWERTY": ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"),
    "QWERTZ": ("1234567890ß´", "qwertzuiopü+", "asdfghjklöä#", "yxcvbnm,.-"),
    "AZERTY": ("&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù*", "wxcvbn,;:!"),
}
OFFSETS: Final = (0.0, 0.5, 0.75, 1.25)  # how far each row stands to the right, in keys
NEAR: Final = 1.3  # keys


@cache
def neighbours(layout: str) -> dict[str, str]:
    """The letters and digits around each letter and digit; capitals beside capitals."""
    places = {
        key: (column + OFFSETS[row], row) for row, keys in enumerate(LAYOUTS[layout]) for column, key in enumerate(keys)
    }
    near = {
        key: "".join(
            other
            for other, (u, v) in places.items()
            if other != key and other.isalnum() and (x - u) ** 2 + (y - v) ** 2 <= NEAR**2
        )
        for key, (x, y) in places.items()
        if key.isalnum()
    }
    return near | {key.upper(): keys.upper() for key, keys in near.items() if len(key.upper()) == 1 and key.isalpha()}
