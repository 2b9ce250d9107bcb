"""Words dropped, swapped, said twice, put in other words; the end cut off."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from dataimp_gui.core.augment.draws import Draw
from dataimp_gui.core.augment.operations import Keeps, Operation, Parameter, Values
from dataimp_gui.core.augment.text.lists import FILLERS, MISHEARD, MISSPELT, SHORT, TURNING
from dataimp_gui.core.augment.text.pieces import cased, characters, chosen, each_word, pick, tokens
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError

MOST_BYTES: Final = 20_000_000

_MISHEARD: Final = {word: tuple(each for each in group if each != word) for group in MISHEARD for word in group}


def word_drop(text: str, values: Values, draw: Draw) -> str:
    """Words that turn a sentence around (not, never) stay, and so does the last word there is."""
    parts = tokens(text)
    meant = chosen(draw, values.number("share"), len(parts) // 2)
    kept = len(meant)
    for number, drops in enumerate(meant):
        if drops and kept > 1 and parts[2 * number + 1].lower().replace("’", "'") not in TURNING:
            parts[2 * number + 1] = ""
            parts[2 * number + 2] = parts[2 * number + 2].removeprefix(" ")
            kept -= 1
    return "".join(parts)


def word_swap(text: str, values: Values, draw: Draw) -> str:
    """Two words in a row change places; none moves twice."""
    parts = tokens(text)
    place, meant = 1, chosen(draw, values.number("share"), len(parts) // 2)
    while place + 2 < len(parts):
        if meant[place // 2]:
            parts[place], parts[place + 2] = parts[place + 2], parts[place]
            place += 2
        place += 2
    return "".join(parts)


def word_twice(text: str, values: Values, draw: Draw) -> str:
    return each_word(text, values.number("share"), draw, lambda word, _: f"{word} {word}")


def fillers(text: str, values: Values, draw: Draw) -> str:
    return each_word(text, values.number("share"), draw, lambda word, where: f"{word} {pick(FILLERS, where)}")


def abbreviation(text: str, values: Values, draw: Draw) -> str:
    return _replaced(text, values, draw, SHORT)


def misspelling(text: str, values: Values, draw: Draw) -> str:
    return _replaced(text, values, draw, MISSPELT)


def misheard(text: str, values: Values, draw: Draw) -> str:
    return _replaced(text, values, draw, _MISHEARD)


def synonyms(text: str, values: Values, draw: Draw) -> str:
    if not values.text("list"):
        return text
    path = Path(values.text("list"))
    if not path.is_file():
        raise DataimpError(f"There is no file {path}.", hint="Choose the list of synonyms again.")
    return _replaced(text, values, draw, _listed(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=8)
def _listed(path: Path, _changed: int) -> Mapping[str, Sequence[str]]:
    """Each line names words that mean the same, with commas between them; ``#`` begins a remark."""
    found: dict[str, list[str]] = {}
    with path.open("rb") as file:
        lines = file.read(MOST_BYTES).decode("utf-8-sig", errors="replace").splitlines()
    for line in lines:
        words = [each.strip() for each in line.partition("#")[0].split(",") if each.strip()]
        for word in words:
            others = found.setdefault(word.lower(), [])
            others += [each for each in words if each != word and each not in others]
    return found


def _replaced(text: str, values: Values, draw: Draw, table: Mapping[str, Sequence[str]]) -> str:
    """Of the words that the table knows, a share becomes another, in the case of the first."""

    def change(word: str, where: float) -> str:
        options = table.get(word.lower().replace("’", "'"))
        return cased(pick(options, where), word) if options else word

    return each_word(text, values.number("share"), draw, change)


def cut_off(text: str, values: Values, _draw: Draw) -> str:
    """The last ``share`` percent of the characters go, back to a whole word where asked; one character stays."""
    seen = characters(text)
    keep = max(1, len(seen) - round(len(seen) * values.number("share") / 100))
    if keep >= len(seen):
        return text
    made, ending = "".join(seen[:keep]), values.text("ending")
    if ending != "inside a word" and seen[keep][0].isalnum() and len(made.split()) > 1:
        made = made.rsplit(maxsplit=1)[0]
    return made + "…" if ending == "after a word, with …" else made


def _share(what: str, low: float, high: float) -> Parameter:
    return Parameter("share", what, "%", 0, 100, (low, high))


OPERATIONS: Final = (
    Operation(
        "word_drop",
        "Words dropped",
        Modality.TEXT,
        "Notes and chats that leave words out; not and never stay, other words may matter too.",
        (_share("Of all words", 2, 12),),
        Keeps.MAY_DESTROY,
        word_drop,
    ),
    Operation(
        "word_swap",
        "Words swapped",
        Modality.TEXT,
        "Sentences changed while they were written, and people who write in a second language.",
        (_share("Of all words", 2, 10),),
        Keeps.MAY_DESTROY,
        word_swap,
    ),
    Operation(
        "word_twice",
        "Words twice",
        Modality.TEXT,
        "Words written again after a pause, and stutters in transcripts.",
        (_share("Of all words", 1, 6),),
        Keeps.LABEL,
        word_twice,
    ),
    Operation(
        "fillers",
        "Filler words",
        Modality.TEXT,
        "Transcripts of speech: um, you know, well.",
        (_share("Of all words", 2, 10),),
        Keeps.LABEL,
        fillers,
        takes="English",
    ),
    Operation(
        "abbreviation",
        "Shortened words",
        Modality.TEXT,
        "Text messages and notes: pls, tmrw, appt.",
        (_share("Of the words with a short form", 40, 100),),
        Keeps.LABEL,
        abbreviation,
        takes="English",
    ),
    Operation(
        "misspelling",
        "Common misspellings",
        Modality.TEXT,
        "People who write as it sounds: definately, seperate, recieve.",
        (_share("Of the words often misspelt", 40, 100),),
        Keeps.LABEL,
        misspelling,
        takes="English",
    ),
    Operation(
        "misheard",
        "Misheard words",
        Modality.TEXT,
        "Speech recognition that writes another word of the same sound: their for there.",
        (_share("Of the words that sound like another", 20, 80),),
        Keeps.LABEL,
        misheard,
        takes="English",
    ),
    Operation(
        "synonyms",
        "Synonyms of yours",
        Modality.TEXT,
        "The words that your customers use for what you call otherwise, from a list of yours.",
        (_share("Of the words in the list", 20, 80), Parameter("list", "List of synonyms", text="file")),
        Keeps.LABEL,
        synonyms,
    ),
    Operation(
        "cut_off",
        "Cut off",
        Modality.TEXT,
        "Messages cut at a limit of characters, and previews.",
        (
            _share("Of all characters", 5, 40),
            Parameter("ending", "Ends", choices=("inside a word", "after a word", "after a word, with …")),
        ),
        Keeps.MAY_DESTROY,
        cut_off,
    ),
)
